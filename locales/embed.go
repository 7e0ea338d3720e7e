// Package locales holds what a language needs, as data: the words of the
// interface and their forms. README.md lists every key
// with what it is for; internal/lang reads the files and its tests hold them
// together: same keys, same placeholders, every plural form that CLDR wants.
package locales

import "embed"

// Files holds, for each language, the words of readers' pages, TAG.json, those of
// the desk, desk/ROOM.TAG.json, what an import tells, report/TAG.json, the forms that CLDR gives, cldr/TAG.json (made by
// tools/cldr), and ours, data/TAG.json (dates' patterns, names of zones,
// typography, letters in addresses). What a language lacks speaks English.
// README.md says how a language is added.
//
//go:embed *.json desk/*.json report/*.json cldr/*.json data/*.json
var Files embed.FS
