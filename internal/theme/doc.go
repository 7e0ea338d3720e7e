// Package theme turns page values into HTML.
//
// It owns two things: the page values (page.go, parts.go), which are all that
// a theme ever sees, and the engine (engine.go), which finds a theme's
// templates, gives them their helpers and executes them. It knows no room, no
// database and no request: whoever composes a page fills a value and hands it
// over, so a theme can reach nothing that was not put into its hands.
//
// It promises that everything in a value is escaped for the place where it
// stands, except the fields of type template.HTML, which the sanitiser made;
// that JSON-LD, social tags, pictures, preloads and scripts leave only as whole
// elements written by helpers (elements.go), so no template writes into a
// script, a srcset or a meta element's content; and that a page is either
// written whole or not at all.
//
// docs/contracts/theme.md is the contract with those who write themes.
//
// Tables, routes, jobs, events, permissions: none.
package theme
