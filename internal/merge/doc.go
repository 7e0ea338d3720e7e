// Package merge brings together what two people made of one text: three bodies in,
// or three sets of fields, one out, and a list of what both had changed. It is pure.
//
// Blocks are matched by their ids, which are never given twice; what stands within a
// block (items, cells, paragraphs of a quotation) by likeness. Inserted, deleted,
// moved and changed ones of both come together. In a block that both changed, words
// and marks are merged each for itself, sentence by sentence, word by word; a tag, a
// reference or a letter of several code points is never cut. A paragraph that one divides
// or joins to the next is merged across its ends, so that what the other wrote in its
// second half goes along. New words have the marks that the other set around them.
//
// Nothing that somebody wrote is thrown away, as in the browser (assets/desk/remote.ts):
//
//   - Where both changed the same words, both texts stand there, mine first.
//   - Where both wrote at the same place, both stand there, theirs first.
//   - What one deleted and the other changed stays.
//   - Blocks changed in ways that cannot be laid over one another stand one after the
//     other, mine under the old id, theirs under a new one. That id is made of what was
//     merged, so that merging the same again doubles nothing.
//   - A footnote that is still referred to stays. A link to a block that is gone does
//     not: its words do.
//   - Fields that hold a value and not words have room for one: mine stands, and the
//     clash has the other.
//
// Promises, held by tests with random edits: merge(b, x, b) = x, merge(b, b, y) = y and
// merge(b, x, x) = x; the same words whichever is called mine; no word that its author
// did not delete is lost; edits of different blocks or sentences never clash. What comes
// out is the canonical stored form that the sanitiser leaves as it is, if what went in
// was and if it is not larger than a body may be (limits.go of richtext): who takes
// bodies in bounds them.
//
// Tables, Routes, Jobs, Events, Permissions: none.
package merge
