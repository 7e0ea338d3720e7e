// Package job keeps what must happen outside because something was published:
// letters, pings, deliveries. An event is a row of the outbox, written in the
// transaction that causes it, so that there is never an article without its
// event nor an event without its article. Rows are seen and retried at the
// desk (room channel).
//
// A Runner carries them out, once they are due, on as many nodes as there are. A
// Plan answers an event with further ones, in one transaction with the event's
// end: exactly once. An Errand leaves the house: it is tried again, after longer
// and longer pauses, until it succeeds, says that it never will (Never) or has
// been tried for two days; who it goes to may see it twice where a node dies between
// the deed and the note of it, so errands are such that twice does no harm.
//
// Tables: outbox
// Jobs: Runner.Run, for as long as the site is served
package job
