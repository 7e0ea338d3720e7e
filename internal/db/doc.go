// Package db is the door to the database: SQLite in the data folder or
// PostgreSQL, behind one set of SQL texts with $1 placeholders.
//
// It promises:
//   - reads run in parallel on a pool, and for somebody at the desk (AtDesk) on
//     one that readers cannot use up; SQLite's single writer is shared out by
//     class (what people do at the desk before view counts, these before jobs
//     and imports);
//   - a transaction that changes what readers see names what it changed
//     (Tx.Changed). The names are written in the same transaction, handed to
//     this process's listeners before the writer gets its answer, and reach
//     other processes within 500 ms (an import's within two seconds, so that it
//     does not have pages made anew many times a second): through SQLite's
//     data_version or PostgreSQL's NOTIFY, never by asking for ids above the last one seen,
//     because on PostgreSQL a transaction with a lower id may commit later;
//   - times are integer milliseconds UTC, text compares by its bytes on both
//     engines, and violated constraints are told by the driver's code, never by
//     an English sentence.
//
// Migrations are one numbered, forward-only list in migrations/. What the two
// engines spell differently stands in them as $ID, $TEXT, $BYTES, $CLUSTERED; what
// they say differently in a pair of files, N_x.sqlite.sql and N_x.postgres.sql.
//
// Tables: change, pulse
package db
