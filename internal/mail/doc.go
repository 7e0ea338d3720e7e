// Package mail writes letters and hands them to the operator's mail server. It is
// the only room that speaks SMTP.
//
// Whoever wants somebody to get a letter puts it into the transaction that causes
// it (Post.Send), in words of the reader's language; links are paths of the site, and
// their host is the configured one, never a request's. The letter is sent by an
// errand (job): tried again after longer and longer pauses, ended by an answer that is
// final (5xx), by its own Until, or after two days. Its Message-ID and date are
// those of its row, so that a letter that had to be sent twice because a node died
// between is one letter to whoever has it twice.
//
// Where no server is set up nothing is sent: letters lie in the outbox, which the
// desk shows (room letterbox).
//
// It promises:
//   - what is written into a letter cannot become a header, an address or markup;
//   - a letter has no picture, no counting link, nothing that tells who read it;
//   - once a letter is sent its address and its words leave the tables; what is not
//     sent leaves them after KeptFor; an error never names the address.
//
// Tables: letter
//
// Jobs: Post.Run, for as long as the site is served; Post.Forget
//
// Events: mail.letter
package mail
