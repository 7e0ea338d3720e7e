// Package feed writes what is new for other programs to read: RSS 2.0, Atom
// (RFC 4287) and JSON Feed 1.1, with the full text.
//
// It is given plain values and knows neither database nor addresses; package
// site fills them. It promises:
//
//   - what comes out is what a validator accepts: every feed is parsed again
//     by Check before it is given away, so that a broken one is an error here
//     and not a silence at ten thousand readers;
//   - whatever a headline or a text contains, the feed stays well-formed:
//     characters that XML 1.0 forbids are dropped, and so are the tokens that
//     the cache replaces in pages;
//   - texts hold absolute addresses only, and no element or attribute that
//     programs choke on;
//   - the same values give the same bytes, so that a feed that did not change
//     keeps its ETag.
//
// Tables, Routes, Jobs, Events, Permissions: none.
package feed
