// Package job keeps what must happen outside because something was published:
// letters, pings, deliveries. An event is a row of the outbox, written in the
// transaction that causes it, so that there is never an article without its
// event nor an event without its article. Rows are seen and retried at the
// desk.
//
// Running them comes with the first room that listens.
//
// Tables: outbox
// Jobs: none yet
package job
