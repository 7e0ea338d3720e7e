// Package web is the frame of HTTP: every answer goes through it, and what
// must be true of every answer is said here once.
//
// A Router knows which handler answers an address; Handler puts the frame
// around it (panics become a 500 page, security headers on every answer,
// limits of addresses and bodies, requests of other sites refused); Server and
// LimitListener set the limits of connections. Kinds of errors become statuses
// in StatusOf and nowhere else. Assets serves files under names that carry
// their hash.
//
// The promises: no answer leaves without the headers of its kind (headers.go;
// a test scores them); nothing that a reader sends is read without a limit;
// the text of an error never reaches a page; X-Forwarded-For is believed only
// when the operator named the proxy. The exception to the first: what net/http
// refuses before it has a request (a malformed request line: 400, too long a
// header: 431) it answers itself, in one line and closing the connection.
//
// Tables, Jobs, Events: none. Routes: Live and Ready, which app mounts at
// /-/live and /-/ready.
package web
