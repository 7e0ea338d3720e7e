// Package typeset sets text for reading, by the rules of its language: spaces
// at which a line must not break become no-break spaces (before a Russian
// dash, after «в», before Kazakh «да», between a number and its unit, between
// initials and a name), and long Kazakh words get soft hyphens between their
// syllables, because no browser has a dictionary for them.
//
// The rules are data (lang.Typography). They change U+0020 to U+00A0 and add
// U+00AD; nothing else, so a text that is searched for or compared is the same
// after folding these two. Setting a text that is set changes nothing.
//
// This happens to pages on their way to the reader and never to what is
// stored, to <title>, to attributes or to what machines read. Addresses, code,
// forms' values and whatever is marked translate="no" stay as they are.
package typeset
