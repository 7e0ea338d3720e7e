package lang

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode"

	"dateline/locales"
)

// Typography is how a language's text is set: which spaces a line does not
// break at, and where a long word may break. It is read from "typography" of
// locales/data/TAG.json, where lists are words with spaces between them.
type Typography struct {
	// Next holds words that stay with the word after them (в, и, не), in lower
	// case; Previous those that stay with the word before (же, ғой, mı).
	Next, Previous map[string]bool
	// Abbreviations stay with a number or a capital after them: №, §, "ул.".
	// With its full stop, where it is written with one.
	Abbreviations map[string]bool
	// Units stay with the number before them; without a full stop.
	Units map[string]bool
	// NumberWord: any word in small letters of at most so many letters stays
	// with the number before it (14 ақпан, 5 человек). 0: only units do.
	NumberWord int
	// Dashes: a dash stays with the word before it.
	Dashes bool
	// Hyphens are where long words may break; nil where the browser's own
	// dictionary does better or the language wants none.
	Hyphens *Hyphens
}

// Hyphens are a language's syllables, for breaking long words.
type Hyphens struct {
	// Word and Headline are how many letters a word in running text and in a
	// headline has at least to be given places to break.
	Word, Headline int
	// Left and Right are how many letters stay before the first and after the
	// last of these places.
	Left, Right int
	class       map[rune]letter
}

type letter uint8

const (
	vowel letter = 1 << iota
	consonant
	closing // never begins a syllable: ь, ъ, Russian й
	glide   // a vowel that is a consonant beside a vowel: Kazakh у
)

type typographyFile struct {
	Next, Previous, Abbreviations, Units string
	NumberWord                           int
	Dashes                               bool
	Hyphens                              *struct {
		Vowels, Consonants, Closing, Glides string
		Word, Headline, Left, Right         int
	}
}

// readTypography reads "typography" of data/TAG.json; nil: there is none.
func readTypography(files fs.FS, tag string) (*Typography, error) {
	raw, err := fs.ReadFile(files, path.Join("data", tag+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a language without a data file is set as it is written
	}
	var file struct{ Typography *typographyFile }
	if err == nil {
		err = json.Unmarshal(raw, &file)
	}
	if err != nil {
		return nil, fmt.Errorf("data/%s.json: %w", tag, err)
	}
	f := file.Typography
	if f == nil {
		return nil, nil
	}
	t := &Typography{Next: wordSet(f.Next), Previous: wordSet(f.Previous), Abbreviations: wordSet(f.Abbreviations),
		Units: wordSet(f.Units), NumberWord: f.NumberWord, Dashes: f.Dashes}
	if h := f.Hyphens; h != nil {
		t.Hyphens = &Hyphens{Word: h.Word, Headline: h.Headline, Left: max(h.Left, 1), Right: max(h.Right, 1), class: map[rune]letter{}}
		for _, set := range []struct {
			letters string
			class   letter
		}{{h.Vowels, vowel}, {h.Consonants, consonant}, {h.Closing, closing | consonant}, {h.Glides, glide | vowel}} {
			for _, r := range set.letters {
				t.Hyphens.class[r] |= set.class
			}
		}
	}
	return t, nil
}

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[strings.ToLower(w)] = true
	}
	return set
}

// Typography is how the language sets its text; nil: as it is written. It is
// that of the tag, not of the words: a French page with English words is not
// set as English.
func (l *Locale) Typography() *Typography { return l.typography }

// Breaks appends to at the indexes in word before which the word may break,
// by the language's syllables: each takes the one consonant before its vowel.
// A word with a letter that is not the language's has none.
func (h *Hyphens) Breaks(at []int, word []rune) []int {
	class := func(i int) letter {
		c := h.class[unicode.ToLower(word[i])]
		if c&glide == 0 {
			return c
		}
		// Kazakh у: тау, ауыл are a consonant beside a vowel, оқу, туыс a vowel
		// with its consonant after another one.
		if i > 0 && h.class[unicode.ToLower(word[i-1])]&(vowel|glide) == vowel {
			return consonant
		}
		return vowel
	}
	from := len(at)
	last := -1 // the last vowel
	for i := range word {
		c := class(i)
		if c == 0 {
			return at[:from]
		}
		if c&vowel == 0 {
			continue
		}
		if last >= 0 {
			b := i // vowel after vowel: between them
			if i-last > 1 {
				b = i - 1
				for b > last+1 && class(b)&closing != 0 {
					b--
				}
				if class(b)&closing != 0 || closes(class, b, i) {
					b = i
				}
			}
			if b >= h.Left && len(word)-b >= h.Right {
				at = append(at, b)
			}
		}
		last = i
	}
	return at
}

// closes reports whether a sign such as ь stands between the consonant at b
// and the vowel at i: both stay with the syllable before (компь-ютер).
func closes(class func(int) letter, b, i int) bool {
	for j := b + 1; j < i; j++ {
		if class(j)&closing != 0 {
			return true
		}
	}
	return false
}

// Typing is what a program that helps to type the locale's language knows of it:
// "quotes", and the members of "typography", of locales/data/TAG.json as they stand
// there. A language without data gets an empty object.
func (l *Locale) Typing() map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for tag := l.tag; ; tag = tag.Parent() {
		raw, err := fs.ReadFile(locales.Files, path.Join("data", tag.String()+".json"))
		if err == nil {
			var data struct {
				Quotes     json.RawMessage
				Typography map[string]json.RawMessage
			}
			must(json.Unmarshal(raw, &data))
			for name, v := range data.Typography {
				out[name] = v
			}
			if data.Quotes != nil {
				out["quotes"] = data.Quotes
			}
			return out
		}
		if tag.IsRoot() {
			return out
		}
	}
}
