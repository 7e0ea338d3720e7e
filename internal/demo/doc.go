// Package demo fills an empty publication with the fictional newsroom whose
// texts and drawings stand in the folder demo: three editions, authors,
// sections, articles, comments. It goes through the same doors as an import
// or the desk, so it shows what a newsroom's own archive would look like.
//
// Tables: none
// Routes: /-/demo/{lang}/{status}, in the demo alone
package demo
