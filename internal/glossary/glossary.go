package glossary

import (
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/lang"
)

// Entry is one term.
type Entry struct {
	ID          int64
	From        string // language of the original
	To          string // of the translation; empty, of a term that stays as it is: of every one
	Term        string
	Translation string // or several, divided by semicolons, the preferred one first; empty where it stays
	Stays       bool   // it is written in the translation as it is in the original
	Never       string // what it must not become; several are divided by semicolons
	Note        string
	Changed     time.Time
}

// The most letters of a term and of a note, and the most terms of a newsroom.
const (
	mostTerm = 200
	mostNote = 500
	mostList = 20_000
)

// Variants are the wordings of a field that holds several.
func Variants(field string) []string {
	var out []string
	for _, v := range strings.Split(field, ";") {
		if v = strings.Join(strings.Fields(v), " "); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// wrong is an error with words for whoever fills a form in.
func wrong(field, why string, args ...any) error {
	err := lang.Wrong("glossary.wrong."+why, args...)
	err.Field = field
	return err
}

// tidy puts an entry into its form, or says what is wrong with it. langs are those of
// the newsroom's editions.
func (e *Entry) tidy(langs []string) error {
	has := func(tag string) bool {
		for _, l := range langs {
			if l == tag {
				return true
			}
		}
		return false
	}
	for _, f := range []*string{&e.Term, &e.Translation, &e.Never, &e.Note} {
		*f = strings.Join(strings.Fields(strings.ToValidUTF8(*f, "")), " ")
	}
	if e.Stays {
		e.Translation = ""
	}
	switch {
	case !has(e.From):
		return wrong("from", "lang", "value", e.From)
	case e.To == "" && !e.Stays:
		return wrong("to", "no_to")
	case e.To != "" && !has(e.To):
		return wrong("to", "lang", "value", e.To)
	case e.To == e.From:
		return wrong("to", "same")
	case utf8.RuneCountInString(e.Term) > mostTerm:
		return wrong("term", "long", "most", mostTerm)
	case len(wordsOf(e.From, e.Term)) == 0:
		return wrong("term", "no_word")
	case utf8.RuneCountInString(e.Translation) > mostTerm:
		return wrong("translation", "long", "most", mostTerm)
	case !e.Stays && len(wordsOf(e.To, e.Translation)) == 0:
		return wrong("translation", "no_translation")
	case utf8.RuneCountInString(e.Never) > mostTerm:
		return wrong("never", "long", "most", mostTerm)
	case utf8.RuneCountInString(e.Note) > mostNote:
		return wrong("note", "long", "most", mostNote)
	}
	return nil
}
