// Package operator tells whoever runs the site how it fares: the health of what
// programs read, as a page, and figures for Prometheus.
//
// Both are for a listener of their own (serve --metrics-addr), never for the
// public one: an address of a feed that is refused, and how much is read, are
// nobody else's business. Nothing here names a reader.
//
// Tables, Jobs, Events: none. Permissions: operator, which whoever reaches the listener has.
// Routes, of the operator's listener: / (to /health), /health, /metrics, /style.css
package operator
