// Package comment keeps what readers say under articles, the house rules that they
// agree to, and what is decided by them.
//
// Threads are kept whole: an answer whose parent is hidden moves up to the nearest one
// that is shown, and a removed comment leaves its place with the rule that it broke.
// They are read in pages, so that an article with three thousand of them is as light as
// one with fifty. Imported comments stand in the same threads and under the same
// moderation.
//
// Forum takes what readers write: what a machine is sure breaks a rule is refused while
// it is written (room conduct), what it suspects, what comes from a newcomer, and what
// the newsroom wants to see first waits. A text is plain, and shown as text everywhere.
//
// A decision keeps its statement of reasons, and one that restricts somebody cannot be
// stored without a ground: the tables refuse it. It is made on the version of a comment
// that its moderator saw, so of two moderators one decides. Somebody else than who
// decided first decides an appeal. Sanctions end. What was decided is public, without
// names and without what was removed.
//
// A reader with an account who wants it is told of answers by letter: at most one an
// hour, of what can be seen then (Telling).
//
// E-mail addresses are stored only where somebody asked for it, and never read by
// anything public. Of network addresses nothing is stored: limits live in memory.
//
// Tables: comment, comment_past, comment_setting, house_rules, comment_decision, comment_appeal, comment_notice, comment_answer, comment_told
//
// Routes: /-/comments …, /desk/comments …; readers' pages are made by room site
//
// Jobs: Telling.Runner writes letters about answers
//
// Events: comment.answers
//
// Permissions: comment.moderate, settings.write
package comment
