package media

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"dateline/internal/lang"
)

// DeskPath is where the library stands at the desk, with a page for each medium below.
const DeskPath = "/desk/media"

// PageAt is the page of a medium at the desk, and FileAt where the desk has its file.
func PageAt(id int64) string { return DeskPath + "/" + strconv.FormatInt(id, 10) }

// FileAt is the address of a medium's file for those at the desk.
func FileAt(id int64) string { return PageAt(id) + "/file" }

// Shown is a medium as scripts of the desk get it.
type Shown struct {
	ID         int64  `json:"id"`
	URL        string `json:"url"`
	Page       string `json:"page"`
	Kind       string `json:"kind"`
	Width      int    `json:"width"`
	Height     int    `json:"height"`
	Name       string `json:"name"`
	Caption    string `json:"caption"`
	Credit     string `json:"credit"`
	Alt        string `json:"alt"`
	Decorative bool   `json:"decorative"`
	Described  bool   `json:"described"` // nothing is to be said of it in this language any more
	Licensed   bool   `json:"licensed"`  // a licence is named
	Ended      bool   `json:"ended"`     // the right to show it has ended
	FocalX     int    `json:"focal_x"`
	FocalY     int    `json:"focal_y"`
	Licence    string `json:"licence"`
	Until      string `json:"until"` // the last day on which it may be shown; empty: no day is named
}

// Shown gives what is said of a medium in a language; where nobody has said anything
// yet, what its file says. Days are those of the zone of now.
func (m Media) Shown(now time.Time, lang string, fallbacks ...string) Shown {
	t := m.Text(lang, fallbacks...)
	until := ""
	if !m.Expires.IsZero() {
		until = m.Expires.Add(-time.Millisecond).In(now.Location()).Format(time.DateOnly)
	}
	return Shown{FocalX: m.FocalX, FocalY: m.FocalY, Licence: cmp.Or(m.Licence, m.Said.Licence), Until: until, ID: m.ID, URL: FileAt(m.ID), Page: PageAt(m.ID), Kind: m.Kind, Width: m.Width, Height: m.Height, Name: m.FileName,
		Caption: cmp.Or(t.Caption, m.Said.Caption), Credit: cmp.Or(t.Credit, m.Said.Credit), Alt: cmp.Or(m.Texts[lang].Alt, t.Alt, m.Said.Alt),
		Decorative: m.Decorative, Described: m.Described(lang), Licensed: m.Licensed(), Ended: m.Ended(now)}
}

// Licences are the names of licences that somebody may want to choose from.
func Licences(l *lang.Locale) []string {
	out := []string{"CC0 1.0", "CC BY 4.0", "CC BY-SA 4.0"}
	for _, w := range []string{"own", "agency", "handout", "public_domain"} {
		out = append(out, l.T("pictures.licence."+w))
	}
	return out
}

// Described tells whether it says in a language what is to be seen, or that no words are
// wanted: a figure without words of its own has those. Only pictures want them.
func (m Media) Described(lang string) bool {
	return m.Decorative || m.Kind != Image && m.ID != 0 || strings.TrimSpace(m.Texts[lang].Alt) != ""
}

// Licensed tells whether somebody, or the file itself, names a licence.
func (m Media) Licensed() bool { return strings.TrimSpace(m.Licence) != "" || m.Said.Licence != "" }

// Ended tells whether the right to show it has ended by an instant.
func (m Media) Ended(at time.Time) bool { return !m.Expires.IsZero() && !m.Expires.After(at) }
