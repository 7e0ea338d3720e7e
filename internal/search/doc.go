// Package search is the room of full text: every word of headline, standfirst,
// body, by-line, tags and captions of what is public, in the language of its
// edition.
//
// The index is our own, in plain tables, the same on both engines
// (docs/adr/010-search-index.md): parts of an inverted index that are only ever
// added, in the transaction that changes the article, and merged into larger
// ones in the background. Texts are divided, folded and stemmed by package stem,
// so both engines find the same, in the same order.
//
// It promises:
//   - what is not public is not found: an article out of sight leaves the index
//     in the transaction that hides it, a scheduled one is found from its instant
//     on, and whoever shows results asks article_public once more;
//   - the cost of a search is bounded: the newest MaxCandidates are scored, at
//     most MaxCount counted, the stars of a query stand for maxTerms words, and a
//     search has a time after which it gives up;
//   - a star finds every article that has a word, as it is written, that begins so,
//     of up to so many words, and who asked for more is told;
//   - nothing is kept about who searched for what.
//
// Tables: search_doc, search_gone, search_part, search_post, search_word
// Jobs: Fill (what is not indexed yet), Merge
package search
