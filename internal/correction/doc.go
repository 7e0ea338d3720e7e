// Package correction is what is said of a text once it is there.
//
// To readers: corrections, clarifications, updates and notes of the editors. One
// belongs to an article, and so to one edition; it names the revisions before and
// after the change and, where the change is in one place, the passage. They stand
// under the article, on E/corrections and in its feeds. What the words were before is
// shown only where the newsroom says so: it may have been what must not be read.
//
// To colleagues: remarks on a passage of a text that is worked on, which are comments,
// other words for it, and readers' reports of errors. A remark keeps the passage as it
// stood in the version that it was made on, and is applied where that is now (room
// anchor), or is stale: never elsewhere. It is applied once, whoever wants it at the
// same time. Who says it, and why, stands apart from it: several may want the same
// words in the same place, and are one remark. A row of remark_voice can be deleted
// without the remark.
//
// What readers report is in closet report.
//
// Tables: correction, remark, remark_voice, report
//
// Routes: /desk/articles/{id}/told …, /desk/articles/{id}/remarks …
//
// Permissions: article.read, article.publish, translation.write.
package correction
