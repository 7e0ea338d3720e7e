// Package locales holds what a language needs, as data: the words of the
// interface (ru.json) and its forms (data/ru.json). README.md lists every key
// with what it is for; internal/lang reads the files and its tests hold them
// together: same keys, same placeholders, every plural form that CLDR wants.
package locales

import "embed"

// Files holds, for each language, TAG.json and data/TAG.json.
//
// TAG.json is an object from key to a text, or, for counted words, to an
// object from CLDR plural category to a text. {name} in a text is a
// placeholder. data/TAG.json is described at lang's readers of it: Typography.
//
//go:embed *.json data/*.json
var Files embed.FS
