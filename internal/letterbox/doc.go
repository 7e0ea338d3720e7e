// Package letterbox shows at the desk what letters go out (mail): what waits, what was
// sent and what the mail server would not take; and, where none is set up, the
// letters themselves, since nobody gets them.
//
// Tables: none (those of mail)
//
// Routes: /desk/outbox …
//
// Permissions: settings.write (administrators)
package letterbox
