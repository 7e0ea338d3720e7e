// Package glossary keeps how a newsroom puts terms into another language: the term in
// the language of the original, what it is called in that of the translation, or that
// it stays as it is, and what it must never become ("Classmates" for a network that
// is called Odnoklassniki).
//
// It promises:
//   - terms are found in whatever form of the word a text has them (stem), and a term
//     written with a capital only where the text has one: the network, not those who
//     went to school together;
//   - it says what a translation lacks and never changes a word of it;
//   - a list comes back from a spreadsheet as it went there (CSV).
//
// Tables: glossary_term
//
// Routes: /desk/glossary …; `dateline routes` lists them.
//
// Permissions: glossary.write; whoever may read drafts may read it.
package glossary
