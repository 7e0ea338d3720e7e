// Package e2e looks at the demo newsroom as readers do: with Chromium, with the Nu
// HTML checker, by following links. Its tests carry the build tag e2e; `make test`
// runs them with what they need.
//
// DATELINE_SHOTS names a folder for pictures of the pages at three widths in both
// schemes, for people to look at. DATELINE_SITE looks at a running site instead of
// starting a demo.
package e2e
