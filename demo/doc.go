// Package demo is the text of an invented newsroom, The Tasozen Lamp, in
// English, Russian and Kazakh: what `dateline demo` fills an empty folder with.
//
// It owns content only: no code reads or interprets it here. It promises that
// every article and page stands in all three languages, that every key a file
// mentions exists, that the drawings carry no script and load nothing, and that
// no date is absolute, so that the demo is as fresh in two years as today.
// README.md describes the format; demo_test.go holds the promises.
package demo
