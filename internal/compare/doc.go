// Package compare says in what two texts differ: two bodies, two sets of fields,
// two lines. It is pure. What it gives is neither HTML nor words of an interface:
// stretches that are the same, were added, were removed, were set otherwise, with
// the marks of the text, for a page to set with <ins> and <del> and with words for
// those who do not see either.
//
// How things are matched. Blocks by their ids, which are never given twice; what is
// left by likeness, since a text that was pasted anew has new ids. Blocks that stand
// in another order are moved, not removed and added. Within a block rows of words
// (items, cells, paragraphs of a quotation) by likeness and order; within a row
// sentences first, then words. A word is what a reader takes for one: soft hyphens
// and apostrophes are part of it, letters of scripts without spaces are words each.
//
// What it costs grows with the length of the texts, not with its square: sentences
// and words that occur once divide a text before words are weighed against each
// other, and where nothing divides a stretch that is too long, it is told as
// replaced as a whole. There is no clock in it: the same two texts differ in the
// same way on every machine.
//
// Tokens and Hunks are what room merge is made of. Stale tells a translation which
// blocks of its original have changed since.
//
// Tables, Routes, Jobs, Events, Permissions: none.
package compare
