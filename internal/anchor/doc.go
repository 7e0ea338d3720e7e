// Package anchor finds a passage of a body again after the body has changed: what a
// comment, a suggestion, a reader's report or a translation points at. It is pure.
//
// A Passage is a W3C TextQuoteSelector with a block and a place: the quoted words, what
// stands before and after them, the block's id and two numbers of code points into the
// text that richtext.Doc.Text gives of that block alone (docs/contracts/desk-editor.md).
// Make makes one so that it can be told from every like passage of its body; what a
// browser sends is made anew with it, of the version that the browser had.
//
// Find leads to the passage or nowhere. Kinds of spaces, soft hyphens, forms of
// quotation marks and normal forms do not count. Evidence is, in this order: the
// surroundings on both sides; those on one side, complete; in the same block, a long
// quotation that the body had and has once. Two places with the same evidence are none.
// In another block a passage is found if it was moved, not if it was copied: where its
// surroundings are still in the old block, it was changed there, and where a third block
// has a part of it, that may be the one that it was in.
//
// Replace puts other words in the place of a passage, for suggestions: words that stay
// keep their marks, new ones have the marks of those they replace. What would lose
// something that is not words (a footnote's reference, the end of a cell) is refused.
//
// Tables, Routes, Jobs, Events, Permissions: none.
package anchor
