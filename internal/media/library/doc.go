// Package library is the closet of room media with its pages at the desk: all pictures
// of the newsroom, found by what is said of them; sending pictures in; a page for each,
// where somebody says what is on it, whose it is and until when it may be shown, sets
// the point that every cut keeps, and sees where it is used and what looks like it.
//
// A picture that is sent in by a script and looks like one that is here is not kept
// until whoever sends it has seen that one and wants both. Sent by a form it is kept,
// and its page shows what it looks like.
//
// Scripts: assets/desk/library.js (sending, the focal point), assets/desk/picker.js
// (the library on the page of an article).
//
// Tables: none
//
// Routes: /desk/media …; `dateline routes` lists them.
//
// Jobs: Look, which looks at pictures that nobody has looked at yet.
//
// Permissions: media.write
package library
