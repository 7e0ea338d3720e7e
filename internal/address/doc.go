// Package address knows what stands at which address: every path an edition
// has, those it had before, and the addresses of the systems before Dateline.
//
// It promises:
//   - a path belongs to one thing; a second one that wants it gets "-2";
//   - what was once an address stays one: a renamed thing's old path leads to
//     its present one (301), however often it was renamed, because the path
//     keeps the thing's id and not its next address;
//   - an old system's address is looked up by host and path with query, since
//     two old sites may both own "/?p=123"; on an unknown host the site that
//     came first wins;
//   - the hosts of older systems are known, without asking the database.
//
// Paths are stored without the edition's prefix, without a slash at either
// end, unescaped: "2022/02/14/slug", "section/town", "about/team".
//
// Tables: address, redirect, old_host
package address
