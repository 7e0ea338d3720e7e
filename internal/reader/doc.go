// Package reader is the accounts of readers: who wants to discuss under a name that is
// theirs, and to hear of answers. There are no passwords: one signs in by a link that
// comes by mail, or by a passkey.
//
// It promises:
//   - whoever asks for a link hears the same, whether the address is known or not; an
//     account comes to be when its link is used, never before;
//   - a link works once, for a quarter of an hour, and only by its button: what looks
//     at links in letters uses none up;
//   - of every token the tables have the SHA-256 alone; a session is read from its
//     table with every request, so that it is dead on every node once it was ended;
//   - nobody has a cookie who has not signed in; no page but those of the account looks
//     at one, and of what readers send a comment alone
//     (Asks);
//   - tries are bounded for a network and for an address, in memory alone;
//   - what is known of a reader is said in one place (Holding), can be had as a file, and
//     is gone within minutes of their wish: rooms that keep something of readers declare
//     it there, and a test finds what nobody declares.
//
// Tables: reader, reader_link, reader_session, reader_passkey, reader_spent
//
// Routes: E/account …, /-/account/ …
//
// Jobs: Service.Run deletes accounts
//
// Events: reader.delete
package reader
