package lang

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/bidi"

	"dateline/locales"
)

// alphabets and scripts are of all languages, those without words of ours among
// them, for what a page or a passage is in is anybody's choice: the letters of
// each, and a letter of each script.
var (
	alphabets = sync.OnceValue(func() map[string]string {
		var t struct{ Letters map[string]string }
		must(readTable(locales.Files, "cldr/letters.json", &t))
		return t.Letters
	})
	scripts = sync.OnceValue(func() map[string]string {
		var t struct{ Letters map[string]string }
		must(readTable(locales.Files, "cldr/scripts.json", &t))
		return t.Letters
	})
)

// must is for the files that are part of the program and held by tests.
func must(err error) {
	if err != nil {
		panic("lang: locales: " + err.Error())
	}
}

func readTable(files fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(files, name)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// direction is that of letters: of the first that has one (UAX 9, table 4).
func direction(letters string) string {
	for _, r := range letters {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.R, bidi.AL:
			return "rtl"
		case bidi.L:
			return "ltr"
		}
	}
	return "ltr"
}

// Turn gives the direction of another language, "ltr" or "rtl", where it is not
// the one of l; "" where it is: a browser does not conclude it from lang (HTML
// §3.2.6.4).
func (l *Locale) Turn(tag string) string {
	if tag == "" {
		return ""
	}
	if d := Of(tag).dir; d != l.dir {
		return d
	}
	return ""
}

// Alphabet is what the language is written with: its letters, small ones and
// capitals, by its data or by CLDR; one letter of its script where the letters
// are not known or too many to list; "" where the script is not known either.
func (l *Locale) Alphabet() string {
	small := l.own.Alphabet
	if small == "" {
		small = alphabet(l.tag)
	}
	return small + cases.Upper(l.tag).String(small)
}

func alphabet(t language.Tag) string {
	base, _ := t.Base()
	script, _ := t.Script()
	for _, tag := range []string{t.String(), base.String() + "-" + script.String()} {
		if list := alphabets()[tag]; list != "" {
			return list
		}
	}
	// The letters of a language in its usual script are none of it in another.
	if usual, _ := language.Make(base.String()).Script(); usual == script {
		if list := alphabets()[base.String()]; list != "" {
			return list
		}
	}
	return scripts()[script.String()]
}
