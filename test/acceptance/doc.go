// Package acceptance imports real exports as a newsroom does, with the program
// itself, into both engines, and compares with counts of its own that parse no XML.
// Its tests carry the build tag acceptance; `make acceptance` runs them.
//
// DATELINE_MATERIAL names the folder of exports, which are not part of this
// repository; without it the tests fail.
package acceptance
