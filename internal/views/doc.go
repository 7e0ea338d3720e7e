// Package views counts reads without counting readers, and tells what is read
// now.
//
// A number is what an import brought (base) plus what was counted here, kept
// per article and, for "most read", per article and hour. An hour is a whole
// number: hours since 1970 UTC (Hour).
//
// Tables: view_total, view_hour
package views
