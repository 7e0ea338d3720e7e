// Package views counts reads without counting readers, and tells what is read
// now.
//
// A number is what an import brought (base) plus what was counted here, kept
// per article and, for "most read", per article and hour. An hour is a whole
// number: hours since 1970 UTC (Hour).
//
// From where readers came is kept as a kind of site for each hour and edition, and the
// name of a site only once several people came from it within an hour; what is read
// now is kept in spans of five minutes. None of it is of a reader. Both are stored up
// to a second after the reads themselves, and a kill loses that second of them.
//
// Tables: view_total, view_hour, view_source, view_host, view_slot
//
// Routes: POST and GET /-/views/{id}; /desk/numbers, with panels on Today and an article's page.
//
// Permissions: numbers.read, to which whoever may read an article adds article.read.
package views
