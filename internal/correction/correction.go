package correction

import (
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/anchor"
	"dateline/internal/lang"
)

// Kind is what readers are told of.
type Kind string

// The kinds.
const (
	Fix     Kind = "correction"    // something was wrong
	Clearer Kind = "clarification" // something could be misunderstood
	Update  Kind = "update"        // something is new
	Note    Kind = "note"          // something that the editors have to say
)

// Kinds are all of them, in the order in which they are offered.
func Kinds() []Kind { return []Kind{Fix, Clearer, Update, Note} }

// Known reports whether there is such a kind.
func (k Kind) Known() bool { return k == Fix || k == Clearer || k == Update || k == Note }

// Corrects reports whether something in the text was not right: such are corrections
// for programs too (https://schema.org/correction).
func (k Kind) Corrects() bool { return k == Fix || k == Clearer }

// Correction is one of them.
type Correction struct {
	ID, Article, Edition int64
	Kind                 Kind
	Text                 string // plain
	Before, After        int    // numbers of revisions; 0: not known, equal: the text stayed as it is
	Passage              *anchor.Passage
	Shows                bool // readers may see what the words were before
	Staff                int64
	At                   time.Time // when readers were told
	Changed              time.Time
	Withdrawn            time.Time // zero: it stands
}

// most is how many signs readers are told at most.
const most = 2000

// check tidies what is to be said, and refuses what cannot be.
func (c *Correction) check() error {
	c.Text = strings.TrimSpace(strings.ReplaceAll(c.Text, "\r\n", "\n"))
	switch n := utf8.RuneCountInString(c.Text); {
	case !c.Kind.Known():
		return wrong("kind", "kind")
	case n == 0:
		return wrong("note", "no_text")
	case n > most:
		return wrong("note", "long", "most", most, "n", n)
	case !utf8.ValidString(c.Text) || strings.ContainsFunc(c.Text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }):
		return wrong("note", "no_text")
	}
	return nil
}

// wrong is an error with words for whoever fills a form in.
func wrong(field, why string, args ...any) error {
	err := lang.Wrong("told.wrong."+why, args...)
	err.Field = field
	return err
}
