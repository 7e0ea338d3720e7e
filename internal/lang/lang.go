package lang

import (
	"sort"
	"sync"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Locale is one language as an edition uses it: its words, its dates, its
// order. Get one from Of; the zero Locale is of no use.
type Locale struct {
	tag       language.Tag
	words     *words   // of wordsTag
	data      cldrData // of wordsTag
	dir       string
	firstDay  time.Weekday
	collators *sync.Pool // of *collator
	// typography is that of tag itself; nil: none.
	typography *Typography
}

// collator makes sort keys; it and its buffer serve one asker at a time.
type collator struct {
	*collate.Collator
	buf collate.Buffer
}

// known are the languages with words of their own, by base language. It is
// built on first use and never changed afterwards.
var known = sync.OnceValue(func() map[string]*Locale {
	all := loadWords()
	m := map[string]*Locale{}
	for tag, w := range all {
		m[tag] = build(language.MustParse(tag), w)
		m[tag].typography = loadTypography(tag)
	}
	return m
})

// ownNames are the names of languages where the one in CLDR is not the one
// that a reader looks for in a language switch ("қазақ тілі").
var ownNames = map[string]string{"en": "English", "ru": "Русский", "kk": "Қазақша"}

// scripts are the usual scripts of the languages we have words for: Kazakh in
// Arabic or Latin letters is not served by Cyrillic words.
var scripts = map[string]string{"en": "Latn", "ru": "Cyrl", "kk": "Cyrl"}

// Of gives the locale of a BCP 47 tag ("ru", "kk-KZ", "pt_BR"). It is never
// nil: a language without words of ours gets the English ones, an unreadable
// or empty tag is English.
func Of(tag string) *Locale {
	if l := known()[tag]; l != nil {
		return l
	}
	t, err := language.Parse(tag)
	if err != nil || t.IsRoot() {
		return known()["en"]
	}
	base, _ := t.Base()
	script, _ := t.Script()
	if l := known()[base.String()]; l != nil && scripts[base.String()] == script.String() {
		own := build(t, l.words)
		own.typography = l.typography
		return own
	}
	return build(t, known()["en"].words)
}

// Known lists the languages that have all words, sorted: en, kk, ru.
func Known() []string {
	var tags []string
	for t := range known() {
		tags = append(tags, t)
	}
	sort.Strings(tags)
	return tags
}

func build(t language.Tag, w *words) *Locale {
	l := &Locale{tag: t, words: w, data: cldr[w.tag], dir: direction(t), firstDay: firstDay(t)}
	l.collators = &sync.Pool{New: func() any { return &collator{Collator: collate.New(t)} }}
	return l
}

// direction asks the script, not the language: Azeri is written in three.
func direction(t language.Tag) string {
	script, _ := t.Script()
	switch script.String() {
	case "Arab", "Aran", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr":
		return "rtl"
	}
	return "ltr"
}

// firstDay is that of the region in the tag, else of the language's largest
// one. English without a region is nobody's: it gets the world's Monday, as
// its dates put the day first.
func firstDay(t language.Tag) time.Weekday {
	region, c := t.Region()
	base, _ := t.Base()
	if base.String() == "en" && c != language.Exact {
		return time.Monday
	}
	if d, ok := firstDays[region.String()]; ok {
		return time.Weekday(d)
	}
	return time.Monday
}

// Tag is the BCP 47 tag, for the lang attribute.
func (l *Locale) Tag() string { return l.tag.String() }

// Dir is "ltr" or "rtl", for the dir attribute.
func (l *Locale) Dir() string { return l.dir }

// Name is the language's name in itself: English, Русский, Қазақша.
func (l *Locale) Name() string {
	base, _ := l.tag.Base()
	script, _ := l.tag.Script()
	if n := ownNames[base.String()]; n != "" && script.String() == scripts[base.String()] {
		return n
	}
	if n := display.Self.Name(l.tag); n != "" {
		return l.Title(n)
	}
	return l.tag.String() // a language that CLDR has no name for
}

// WordsTag is the language that the words are really in: "en" for "fr".
// Where it differs from Tag, an element with such words needs its own lang.
func (l *Locale) WordsTag() string { return l.words.tag }

// WordsDir is the direction of the words: "ltr" for the English words of an
// Arabic edition.
func (l *Locale) WordsDir() string { return direction(language.MustParse(l.words.tag)) }
