// Package site is the readers' site: every public page that is made of several
// rooms, and the resolver that finds the page for an address.
//
// A page is made by calling down in batches (articles, then their by-lines,
// sections, pictures, addresses, counts), noting on the way what it is made of
// (made.of) and the instant at which the clock alone changes it (made.till).
// The cache keeps it by these. Nothing on a public page depends on a header, a
// cookie or a query, so one rendering serves everybody.
//
// Tables: none
//
// Routes: /media/card/, and every address under an edition's prefix that no fixed name takes
// (CONTRACT.md's table of addresses; besides, E/columns and E/series list the
// columns and series that have articles, as E/authors lists who writes; later comments
// stand at ARTICLE/comments/N, and ARTICLE/comment/ID leads to one of them;
// E/corrections/ID is one correction);
// Permission public.
package site
