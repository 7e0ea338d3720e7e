// Package correction is what is said of a text once it is there.
//
// To readers: corrections, clarifications, updates and notes of the editors. One
// belongs to an article, and so to one edition; it names the revisions before and
// after the change and, where the change is in one place, the passage. They stand
// under the article, on E/corrections and in its feeds. What the words were before is
// shown only where the newsroom says so: it may have been what must not be read.
//
// Tables: correction
//
// Routes: /desk/articles/{id}/told …
//
// Permissions: article.read, article.publish.
package correction
