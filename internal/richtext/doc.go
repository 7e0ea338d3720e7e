// Package richtext is the body of an article: a small vocabulary of typed
// blocks, the one sanitiser that turns strangers' HTML into it, the canonical
// form in which it is stored, and the renderer that readers' pages use. The
// vocabulary and the stored form are written down in docs/contracts/body.md.
//
// How it is safe: nothing of the input's markup is ever copied. The sanitiser
// reads tokens and builds plain values (paragraph, list, link …); the writers
// print those values and escape every letter. What the vocabulary cannot say
// cannot come out, so a list of dangerous things is not needed.
//
// Promises:
//
//   - FromHTML never fails and never panics. Its work grows linearly with the
//     input; nesting and output are bounded; text outside of scripts and
//     styles is kept, and what was left out is told in notes.
//   - For every d made by FromHTML or Parse: Parse(d.Store()) is d, and
//     FromHTML(d.Store(), Options{}) is d.
//   - Render loads nothing from other hosts: embeds are cards with a link.
//   - A text never contains U+FDD0–U+FDEF: those are the page's own tokens.
//
// Tables, routes, jobs, events, permissions: none.
package richtext
