// Package locales holds the words of the interface, one file per language.
// README.md lists every key with what it is for; internal/lang reads the
// files and its tests hold them together: same keys, same placeholders, every
// plural form that CLDR wants.
package locales

import "embed"

// Files holds en.json, kk.json, ru.json: objects from key to a text, or, for
// counted words, to an object from CLDR plural category to a text. {name} in
// a text is a placeholder.
//
//go:embed *.json
var Files embed.FS
