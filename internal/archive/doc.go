// Package archive is the calendar of past days: which days of a month have
// articles, which months of a year, what stood on a day, and where the next
// day, month or year with articles is.
//
// It promises that each answer costs the same whether ten articles were ever
// published or a million: days are found by skipping through an index, never
// by counting articles.
//
// Days are integers yyyymmdd, frozen at first publication in the publication's
// zone. An article that the clock has not yet published has no day here.
//
// Tables: none; reads the views listing_day_public and listing_public
package archive
