// Package audit keeps who did what and when. An entry is written in the
// transaction of the deed; it stores ids and the names of people as they were
// then, so it can be read after a person or a thing is gone. Entries are never
// changed or taken back: the tables themselves refuse it.
//
// Tables: audit
package audit
