// Package comment keeps what readers say under articles: for now, what was
// imported with them. A comment is plain text; threads are kept whole, so an
// answer whose parent is hidden moves up to the nearest one that is shown. They
// are read in pages, so that an article with three thousand of them is as light
// as one with fifty.
//
// E-mail addresses are stored only where somebody asked for it, and never read
// by anything public.
//
// Tables: comment
package comment
