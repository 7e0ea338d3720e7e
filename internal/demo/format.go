package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"dateline/internal/lang"
	"dateline/internal/user"
)

// words are a text in every language.
type words map[string]string

// The shapes of newsroom.json; demo/README.md describes them.
type newsroom struct {
	Publication struct {
		Key, Zone, Place, Logo  string
		Name, Tagline, Colophon words
	}
	Editions []struct {
		Lang    string
		Default bool
	}
	Places       []place
	Contributors []contributor
	Staff        []struct {
		Person string // key of a contributor
		Role   user.Role
		Lang   string
	}
	Sections     []shelf
	Genres, Tags []shelf
	Columns      []shelf
	Series       []shelf
	Follow       []struct {
		Kind       string
		Label, URL words
	}
	Settings     map[string]string // of the publication
	Announcement notice
	Breaking     notice
	Front        frontPage
	Pages        []struct {
		Key  string
		Slug words
	}
	Pictures []struct {
		Key         string
		Focal       []int // permille from the left and from the top; none: the middle
		Alt, Credit words
	}
	Views map[string]map[string]int64
}

type place struct {
	Key, Zone string // Zone: IANA name, empty the publication's
	Name      words
}

type contributor struct {
	Key, Portrait, Slug   string
	Name, Role, Biography words
}

type shelf struct {
	Key, Author             string
	Name, Slug, Description words
	Children                []shelf
	Parts                   []string
}

type notice struct {
	From, To, Article string
	Text              words
}

type reader struct {
	By, At, Text, Role string
	Removed            json.RawMessage
	Replies            []reader
}

// text is an article or a page: the block of lines, and the body.
type text struct {
	key, lang string
	head      map[string]string
	body      string
}

func readNewsroom(files fs.FS) (newsroom, map[string]map[string][]reader, error) {
	var n newsroom
	comments := map[string]map[string][]reader{}
	for name, into := range map[string]any{"newsroom.json": &n, "comments.json": &comments} {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return n, nil, err
		}
		if err := json.NewDecoder(bytes.NewReader(raw)).Decode(into); err != nil {
			return n, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return n, comments, nil
}

// readTexts reads a folder of texts in the order of their names.
func readTexts(files fs.FS, dir string) ([]text, error) {
	names, err := fs.Glob(files, dir+"/*.html")
	if err != nil {
		return nil, err
	}
	var out []text
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(name[len(dir)+1:], ".html")
		dot := strings.LastIndexByte(base, '.')
		head, body, ok := strings.Cut(strings.TrimPrefix(string(raw), "<!--\n"), "-->\n")
		if dot < 0 || !ok {
			return nil, fmt.Errorf("%s: no language in the name or no block of lines", name)
		}
		t := text{key: base[:dot], lang: base[dot+1:], head: map[string]string{}, body: body}
		if len(t.key) > 3 && t.key[2] == '-' {
			t.key = t.key[3:]
		}
		for _, line := range strings.Split(strings.TrimSpace(head), "\n") {
			if k, v, ok := strings.Cut(line, ": "); ok {
				t.head[strings.TrimSpace(k)] = strings.TrimSpace(v)
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// list splits "a, b".
func list(s string) []string {
	var out []string
	for _, p := range strings.Split(s, ",") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// calendar turns "3 days ago 09:40" into an instant: wall-clock time N days
// before day 0, which is today once it is past 15:00, else yesterday. What is
// scheduled says "in 3 days 09:40".
type calendar struct {
	day0 time.Time
	now  time.Time
	loc  *time.Location
}

func newCalendar(now time.Time, loc *time.Location) calendar {
	local := now.In(loc)
	day := local
	if local.Hour() < 15 {
		day = local.AddDate(0, 0, -1)
	}
	return calendar{day0: day, now: now, loc: loc}
}

func (c calendar) at(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	var days int
	var clock string
	if _, err := fmt.Sscanf(s, "in %d days %s", &days, &clock); err == nil {
		days = -days
	} else if _, err := fmt.Sscanf(s, "%d days ago %s", &days, &clock); err != nil {
		return time.Time{}, fmt.Errorf("%q is not a time of the demo: %w", s, err)
	}
	y, m, d := c.day0.AddDate(0, 0, -days).Date()
	r, err := lang.ResolveWall(fmt.Sprintf("%04d-%02d-%02d %s:00", y, m, d, clock), c.loc)
	return r.At, err
}

// since turns "+2h10m" or "-20h" into an instant after another.
func since(t time.Time, s string) (time.Time, error) {
	d, err := time.ParseDuration(strings.TrimPrefix(s, "+"))
	return t.Add(d), err
}
