package lang

import (
	"io/fs"
	"sort"
	"sync"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"dateline/locales"
)

// Locale is one language as an edition uses it: its words, its dates, its
// order. Get one from Of; the zero Locale is of no use.
type Locale struct {
	tag       language.Tag
	words     *words
	forms     forms // of the words' language, what it lacks in English
	own       forms // of tag itself; zero where the words are another's
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
	all, err := load(locales.Files)
	must(err)
	return all
})

// firstDays holds the regions whose week does not begin on Monday.
var firstDays = sync.OnceValue(func() map[string]int {
	var w struct{ FirstDay map[string]int }
	must(readTable(locales.Files, "cldr/weeks.json", &w))
	return w.FirstDay
})

// load reads every language that files have words of.
func load(files fs.FS) (map[string]*Locale, error) {
	all, err := loadWords(files)
	if err != nil {
		return nil, err
	}
	en, _, err := readForms(files, "en")
	if err != nil {
		return nil, err
	}
	m := map[string]*Locale{}
	for tag, w := range all {
		own, typography, err := readForms(files, tag)
		if err != nil {
			return nil, err
		}
		if tag != "en" {
			w.rest = all["en"]
		}
		l := build(language.MustParse(tag), w, own.or(en))
		l.own, l.typography, l.dir = own, typography, own.direction(l)
		m[tag] = l
	}
	return m, nil
}

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
	if l := known()[base.String()]; l != nil {
		// Kazakh in Arabic or Latin letters is not served by Cyrillic words.
		if usual, _ := l.tag.Script(); usual == script {
			own := build(t, l.words, l.forms)
			own.own, own.typography, own.dir = l.own, l.typography, l.dir
			return own
		}
	}
	return build(t, known()["en"].words, known()["en"].forms)
}

// Known lists the languages that have words of their own, sorted. What one of
// them lacks (Missing) it says in English.
func Known() []string {
	var tags []string
	for t := range known() {
		tags = append(tags, t)
	}
	sort.Strings(tags)
	return tags
}

func build(t language.Tag, w *words, f forms) *Locale {
	l := &Locale{tag: t, words: w, forms: f, dir: direction(alphabet(t)), firstDay: firstDay(t)}
	l.collators = &sync.Pool{New: func() any { return &collator{Collator: collate.New(t)} }}
	return l
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
	if d, ok := firstDays()[region.String()]; ok {
		return time.Weekday(d)
	}
	return time.Monday
}

// Tag is the BCP 47 tag, for the lang attribute.
func (l *Locale) Tag() string { return l.tag.String() }

// Dir is "ltr" or "rtl", for the dir attribute.
func (l *Locale) Dir() string { return l.dir }

// Script is the ISO 15924 code of the letters that the language is written in.
func (l *Locale) Script() string {
	script, _ := l.tag.Script()
	return script.String()
}

// Name is the language's name in itself: English, Русский, Қазақша.
func (l *Locale) Name() string {
	if l.own.Name != "" {
		return l.own.Name
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
func (l *Locale) WordsDir() string {
	if w := known()[l.words.tag]; w != nil {
		return w.dir
	}
	return l.dir
}
