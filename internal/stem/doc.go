// Package stem turns words into the terms that search compares: divided,
// folded, stemmed. It is pure: no state but a cache of words seen.
//
//   - Letters are lower case in NFC; soft hyphens and stress marks are dropped.
//   - Russian: ё is е, Kazakh letters are the Russian ones a reader types for
//     them; then Snowball's algorithm.
//   - English: accents are dropped; then Snowball's algorithm as of 2020.
//   - Kazakh: Latin letters inside a Cyrillic word that only look like Cyrillic
//     ones become these; then a light stemmer of our own (kazakh.go). Kazakh
//     letters stay: қол (hand) and көл (lake) are words of their own. What a
//     reader typed without them, or in Latin script, is led to them by Skeleton.
//   - Every other language: folded only, or stemmed by Snowball where it has an
//     algorithm for it.
//
// How well the stemmers do is measured in docs/quality.md.
package stem
