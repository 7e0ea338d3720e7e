// Package outbound is the door to the network: every connection that leaves the
// house goes through it, but those to the database.
//
// Addresses come from two kinds of people. Those that the operator configured (a
// single sign-on, later mail and object storage) may lead anywhere, loopback and
// the newsroom's own network among it: Configured. Addresses that strangers chose
// need a guard that looks at where a name leads before it connects; nothing asks
// for such an address yet, so there is no door for them.
//
// Tables, Routes, Jobs, Events: none.
package outbound
