package report

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline/internal/anchor"
	"dateline/internal/correction"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/mail"
)

// Sent is what a reader sends.
type Sent struct {
	Article    int64  `json:"article"`
	Exact      string `json:"exact"`
	Prefix     string `json:"prefix"`
	Suffix     string `json:"suffix"`
	Suggestion string `json:"suggestion"`
	Remove     bool   `json:"remove"` // the words are to go: no suggestion says that
	Note       string `json:"note"`
	Email      string `json:"email"`
}

// Report is one reader's.
type Report struct {
	ID, Remark, Article, Edition int64
	Field                        string
	Passage                      anchor.Passage
	Replaces                     bool
	Replacement                  string
	Note                         string
	Seed, Email                  string
	At                           time.Time
}

const (
	mostText   = 64 << 10 // bytes of a passage, and of what is to stand there
	mostNote   = 4000     // signs
	mostBeside = 1000     // signs of the surroundings, as many as a passage keeps
	// MaxBody is the most bytes that a report may have on its way: a form and JSON write
	// three times as many for Cyrillic.
	MaxBody = 512 << 10
)

func wrong(field, why string, args ...any) error {
	err := lang.Wrong("report.wrong."+why, args...)
	err.Field = field
	return err
}

func long(field string, args ...any) error {
	err := wrong(field, "long", args...).(*fault.Error)
	err.Kind = fault.TooLarge
	return err
}

// check tidies what was sent and refuses what cannot be used.
func (s *Sent) check() error {
	lines := func(t string) string { return strings.ReplaceAll(t, "\r\n", "\n") }
	s.Exact, s.Suggestion, s.Note, s.Email = lines(s.Exact), lines(s.Suggestion), strings.TrimSpace(lines(s.Note)), strings.TrimSpace(s.Email)
	for _, f := range []struct{ name, text string }{{"exact", s.Exact}, {"suggestion", s.Suggestion}, {"note", s.Note}, {"prefix", s.Prefix}, {"suffix", s.Suffix}} {
		if !utf8.ValidString(f.text) || strings.ContainsFunc(f.text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			return wrong(f.name, "no_text")
		}
	}
	switch {
	case strings.TrimSpace(s.Exact) == "":
		return wrong("exact", "no_passage")
	case len(s.Exact) > mostText:
		return long("exact", "n", mostText/2)
	case len(s.Suggestion) > mostText:
		return long("suggestion", "n", mostText/2)
	case utf8.RuneCountInString(s.Note) > mostNote:
		return long("note", "n", mostNote)
	}
	if s.Email != "" {
		var err error
		if s.Email, err = mail.Address(s.Email); err != nil {
			return wrong("email", "email")
		}
	}
	if p := []rune(s.Prefix); len(p) > mostBeside {
		s.Prefix = string(p[len(p)-mostBeside:])
	}
	if p := []rune(s.Suffix); len(p) > mostBeside {
		s.Suffix = string(p[:mostBeside])
	}
	return nil
}

// wants is what is to stand in the place of a passage, as the text is stored.
func (s *Sent) wants(p anchor.Passage) (string, bool) {
	if s.Remove {
		return "", true
	}
	quoted, wanted := strings.TrimSpace(s.Exact), strings.TrimSpace(s.Suggestion)
	if wanted == "" || wanted == quoted {
		return "", false
	}
	words := anchor.Reword(p.Exact, quoted, wanted)
	return words, words != p.Exact
}

// Weighty reports whether a change may be one of what is said, not of how it is
// spelt: figures, names, or other words.
func Weighty(was, is string) bool {
	a, b := strings.Fields(was), strings.Fields(is)
	if len(a) != len(b) {
		return strings.Join(a, "") != strings.Join(b, "")
	}
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		if strings.ContainsFunc(a[i]+b[i], unicode.IsDigit) || distance([]rune(a[i]), []rune(b[i])) > 2 {
			return true
		}
		if r, _ := utf8.DecodeRuneInString(b[i]); unicode.IsUpper(r) && !strings.EqualFold(a[i], b[i]) {
			return true
		}
	}
	return false
}

// distance is how many letters two words differ in (Levenshtein); of long ones many.
func distance(a, b []rune) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		last := row[0]
		row[0] = i + 1
		for j := range b {
			cost := last
			if a[i] != b[j] {
				cost = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// Standing is what a reader is told of a report.
type Standing string

// The standings.
const (
	Received Standing = "received"
	Seen     Standing = "seen"
	Applied  Standing = "applied"
	Refused  Standing = "refused"
)

func standing(r correction.Remark) Standing {
	switch {
	case r.State == correction.Applied:
		return Applied
	case r.State == correction.Refused:
		return Refused
	case !r.Seen.IsZero() || r.State == correction.Stale:
		return Seen
	}
	return Received
}
