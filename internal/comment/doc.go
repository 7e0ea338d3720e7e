// Package comment keeps what readers say under articles: for now, what was
// imported with them. A comment is plain text; threads are kept whole, so an
// answer whose parent is hidden moves up to the nearest one that is shown.
//
// E-mail addresses are stored only where somebody asked for it, and never read
// by anything public.
//
// Tables: comment
package comment
