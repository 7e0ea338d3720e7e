package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lettered are a file of letters by language or script.
type lettered struct {
	Source  string            `json:"source"`
	Letters map[string]string `json:"letters"`
}

// styles are ISO 15924's styles of a script, which CLDR does not list.
var styles = map[string]string{"Aran": "Arab", "Syre": "Syrc", "Syrj": "Syrc", "Syrn": "Syrc"}

// scripts gives one letter of every script: by it the direction is known, and
// whether a font has the script.
func scripts(files map[string][]byte, version string) ([]byte, error) {
	var all struct {
		ScriptMetadata map[string]struct{ SampleChar string }
	}
	if err := json.Unmarshal(files["scriptMetadata.json"], &all); err != nil {
		return nil, err
	}
	o := lettered{source(version), map[string]string{}}
	for name, s := range all.ScriptMetadata {
		if r, _ := utf8.DecodeRuneInString(s.SampleChar); r >= 0xfdd0 && r <= 0xfdef || s.SampleChar == "" {
			continue // no script, as for "not written"
		}
		o.Letters[name] = s.SampleChar
	}
	for style, of := range styles {
		if o.Letters[of] == "" {
			return nil, fmt.Errorf("script %s has no letter", of)
		}
		o.Letters[style] = o.Letters[of]
	}
	return indented(o)
}

// mostLetters is how many letters an alphabet has at most. Writings with more
// (Chinese, Japanese, Korean) are known by the letter of their script.
const mostLetters = 250

// lettersOf is the language of a file with letters, "" of another file.
func lettersOf(p string) string {
	tag, found := strings.CutSuffix(p, "/characters.json")
	tag, below := strings.CutPrefix(tag, "main/")
	if !found || !below {
		return ""
	}
	return tag
}

// letters lists what every language is written with, small letters as CLDR has
// them. A tag whose letters are those of a shorter tag is left out.
func letters(files map[string][]byte, version string) ([]byte, error) {
	all := map[string]string{}
	for p, raw := range files {
		tag := lettersOf(p)
		if tag == "" {
			continue
		}
		var f struct {
			Main map[string]struct {
				Characters struct{ ExemplarCharacters string }
			}
		}
		if err := json.Unmarshal(raw, &f); err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		list, err := alphabet(f.Main[tag].Characters.ExemplarCharacters)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		if list != "" {
			all[tag] = list
		}
	}
	o := lettered{source(version), map[string]string{}}
	for tag, list := range all {
		above, i := "", len(tag)
		for above == "" && i >= 0 {
			if i = strings.LastIndexByte(tag[:i], '-'); i > 0 {
				above = all[tag[:i]]
			}
		}
		if list != above {
			o.Letters[tag] = list
		}
	}
	if len(o.Letters) == 0 {
		return nil, errors.New("no language has letters")
	}
	return indented(o)
}

// escaped is a sign of a set that is written as its number, or one that is not
// to be read as part of the set's own writing.
var escaped = regexp.MustCompile(`\\u[0-9A-Fa-f]{4}|\\.`)

// alphabet reads a set of CLDR's, "[aàâ b {ch} {n\-}]": the letters of it and
// their marks, each once, also those of letters of two; "" where they are too many.
func alphabet(set string) (string, error) {
	set = escaped.ReplaceAllString(strings.TrimSuffix(strings.TrimPrefix(set, "["), "]"), "")
	var out []rune
	for _, r := range set {
		switch {
		case strings.ContainsRune("-[]&", r):
			return "", fmt.Errorf("a set of letters is written in a way that is not read: %s", set)
		case unicode.In(r, unicode.L, unicode.M) && !slices.Contains(out, r):
			out = append(out, r)
		}
	}
	if len(out) > mostLetters {
		return "", nil
	}
	return string(out), nil
}
