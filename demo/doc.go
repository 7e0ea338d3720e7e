// Package demo is the text of an invented newsroom, The Tasozen Lamp, in
// English, Russian and Kazakh: what `dateline demo` fills an empty folder with.
//
// It owns content only: no code reads or interprets it here. It promises that
// every page and nearly every article stands in all three languages, whole in
// each, that every state that a reader can meet is there, that every key a file
// mentions exists, that the drawings carry no script and load nothing, and that
// no date is absolute, so that the demo is as fresh in two years as today.
// README.md describes the format; the tests beside it hold the promises.
package demo
