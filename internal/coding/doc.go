// Package coding chooses how an answer is compressed: Accept-Encoding
// (RFC 9110 §12.5.3) against what can be sent. It compresses nothing.
//
// Tables, Routes, Jobs, Events, Permissions: none.
package coding
