// Package schema is the structure that programs outside read in our pages:
// values of schema.org as they are written into <script
// type="application/ld+json">, and the check that they are what a validator
// takes.
//
// It promises:
//
//   - the fields stand in a fixed order, so that a page's bytes do not change
//     from one rendering to the next;
//   - Check refuses what lacks a member that somebody who reads the type needs,
//     a member that the type does not have, a relative address, a date that is
//     none; what it refuses is not put on a page.
//
// The vocabulary is schema.org 30.0 (https://schema.org/version/30.0); that
// every type and member used here exists there is held by a test on the
// vocabulary itself.
//
// Tables, Routes, Jobs, Events, Permissions: none.
package schema
