// Package e2e looks at the demo newsroom as readers do: with Chromium, with the Nu
// HTML checker, with Lighthouse, by following links. Its tests carry the build tag
// e2e; `make test` runs them with what they need.
//
// Two newsrooms are looked at: the program's own demo, whose days end today, and one
// in this process whose clock stands still (frozen), so that its pictures can be kept
// and compared. States are the kinds of pages and articles that a reader may meet.
//
// Both stand on SQLite. The second is laid on PostgreSQL, too, and must answer the same
// bytes everywhere (TestEngines), so that nothing need be looked at twice.
//
// DATELINE_GOLDEN=renew makes the kept pictures (testdata/golden) anew; any other value
// is a folder for those that have changed. DATELINE_SHOTS names a folder for large
// pictures of every state in every language, at three widths, in both schemes, for
// people to look at; DATELINE_SHOTS_OF is a regular expression that their names must
// match. DATELINE_SITE looks at a running site instead of starting a demo.
package e2e
