// Package report is the closet of room correction with what readers report of errors:
// from the passage that they mark to the page that is right.
//
// A report is a voice of a remark of kind report: who marks the same passage, or one that
// overlaps it, is another voice of the same remark, with words of their own. It is
// stored before it is answered, and its answer names a page that nobody can guess, where
// the reader sees what became of it. Nothing is kept of who sent it but, if they leave
// one, an address for one letter: it is deleted with that.
//
// At the desk each is decided with one key: applied to what readers see now, where its
// passage is there (room anchor), else declared stale with the reason; or refused, with
// a reason that the reader is told.
//
// How much somebody may send is held in memory alone (limit.go), by a part of their
// address under a key that nobody knows.
//
// Tables: none (those of room correction)
//
// Routes: /-/reports …, /desk/reports …; `dateline routes` lists them.
//
// Jobs: plans of kind report.settled (Teller), Forget.
//
// Permissions: report.answer, article.publish
package report
