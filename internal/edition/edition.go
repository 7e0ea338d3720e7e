package edition

import (
	"cmp"
	"strings"
	"time"

	"golang.org/x/text/language"

	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Publication is a newsroom's whole.
type Publication struct {
	ID             int64
	Key            string // short name, unique; "main" for the first
	DefaultEdition int64
	Zone           string // IANA name; decides the day in an address
	Naming         Naming
}

// Naming is the tagging entity of the publication's permanent names
// (RFC 4151 §2.1): "tag:" Host "," Date ":" …
type Naming struct {
	Host string // empty: not settled yet
	Date string // a day, or a year; may be known before the host is
}

// Edition is the publication in one language.
type Edition struct {
	ID, PublicationID int64
	Lang              string // BCP 47 tag, canonical
	Position          int    // order in the language switch
	Name, Tagline     string
	Colophon          string // who publishes it, plain text, paragraphs by \n\n
	PlaceID           int64  // entity: where the newsroom is; 0 none
	Default           bool
	Prefix            string   // "" or "/ru"
	Hosts             []string // lower case; empty: every host
}

// Site is everything about the publication that a request needs.
type Site struct {
	Publication Publication
	Editions    []Edition // the default one first, then by position
}

// ByID finds an edition.
func (s Site) ByID(id int64) (Edition, bool) {
	for _, e := range s.Editions {
		if e.ID == id {
			return e, true
		}
	}
	return Edition{}, false
}

// ByLang finds the edition of a language tag, in whatever case.
func (s Site) ByLang(tag string) (Edition, bool) {
	for _, e := range s.Editions {
		if strings.EqualFold(e.Lang, tag) {
			return e, true
		}
	}
	return Edition{}, false
}

// ByHost finds the edition that a host leads to.
func (s Site) ByHost(host string) (Edition, bool) {
	for _, e := range s.Editions {
		for _, h := range e.Hosts {
			if strings.EqualFold(h, host) {
				return e, true
			}
		}
	}
	return Edition{}, false
}

// Default is the edition without a prefix.
func (s Site) Default() Edition {
	for _, e := range s.Editions {
		if e.Default {
			return e
		}
	}
	return Edition{}
}

// Langs are the languages in the order of the editions.
func (s Site) Langs() []string {
	out := make([]string, len(s.Editions))
	for i, e := range s.Editions {
		out[i] = e.Lang
	}
	return out
}

// Split tells the edition of a path and what of the path comes after the
// edition's prefix: "/ru/2022/02/" → ru, "/2022/02/". Prefix and rest together
// are always the path; so "/ru" gives the rest "". What belongs to no other
// edition belongs to the default one.
func (s Site) Split(path string) (Edition, string) {
	for _, e := range s.Editions {
		if e.Prefix == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(path, e.Prefix); ok && (rest == "" || rest[0] == '/') {
			return e, rest
		}
	}
	return s.Default(), path
}

// arrange fills what follows from the rest.
func (s *Site) arrange() {
	for i := range s.Editions {
		e := &s.Editions[i]
		e.Default = e.ID == s.Publication.DefaultEdition
		e.Prefix = ""
		if !e.Default {
			e.Prefix = "/" + strings.ToLower(e.Lang)
		}
	}
}

// rank orders editions.
func rank(a, b Edition) int {
	if a.Default != b.Default {
		if a.Default {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
}

// PublicationInput sets up a publication.
type PublicationInput struct {
	Key, Zone   string
	Editions    []EditionInput
	DefaultLang string // empty: the first edition's
}

// EditionInput sets up an edition.
type EditionInput struct {
	Lang, Name, Tagline, Colophon string
	PlaceID                       int64
	Hosts                         []string
}

// canonical checks a language tag and gives its canonical form.
func canonical(tag string) (string, error) {
	t, err := language.Parse(tag)
	if err != nil || t == language.Und {
		return "", fault.Field("lang", "%q is no language tag", tag)
	}
	return t.String(), nil
}

func checkZone(zone string) error {
	if _, err := lang.Zone(zone); err != nil {
		return fault.Field("zone", "%w", err)
	}
	return nil
}

// Announcement is a notice from the editors to their readers.
type Announcement struct {
	ID, EditionID int64
	Kind          string // announcement, breaking
	Text          string // plain
	URL           string // empty: leads nowhere
	Begins, Ends  time.Time
}

func (a Announcement) check() error {
	switch {
	case a.Kind != "announcement" && a.Kind != "breaking":
		return fault.Field("kind", "%q is neither announcement nor breaking", a.Kind)
	case strings.TrimSpace(a.Text) == "":
		return fault.Field("text", "an announcement says something")
	case !a.Begins.Before(a.Ends):
		return fault.Field("ends", "it ends before it begins")
	case a.URL != "" && !safeURL(a.URL):
		return fault.Field("url", "%q is no address to lead readers to", a.URL)
	}
	return nil
}

// FollowLink leads to the publication's place elsewhere.
type FollowLink struct {
	Kind string // telegram, vk, youtube …: which sign to draw
	Name string // what the reader sees
	URL  string // https
}

// safeURL lets through what a reader may be sent to: the web, or a path here.
func safeURL(u string) bool {
	return strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://") ||
		strings.HasPrefix(u, "/") && !strings.HasPrefix(u, "//")
}
