// Package wordpress reads WordPress exports (WXR 1.0, 1.1 and 1.2, plain or
// gzipped, one file or many of one export) and yields neutral items, which
// package importer maps to our rooms. It knows WordPress and nothing of our
// database.
//
// It is a closet of importer and owns: reading files that are broken in all
// the ways exports are broken, the meaning of WordPress's fields, meta keys
// and taxonomies, and the way from post_content (blocks, wpautop, shortcodes)
// to richtext.
//
// It promises: memory is bounded whatever the file's size or shape; every
// loss is a Note that names file and line; passwords, keys, hashes and
// commenters' addresses never leave it.
//
// Files are read twice: Open reads heads, attachments and where each post
// stood, because content refers forward; Items yields the items in the order
// of the files.
//
// Tables: none. Routes: none. Jobs: none. Events: none. Permissions: none.
package wordpress
