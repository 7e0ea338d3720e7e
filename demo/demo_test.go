package demo

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var languages = []string{"en", "kk", "ru"}

type words map[string]string

type topic struct {
	Key      string
	Author   string
	Name     words
	Slug     words
	Parts    []string
	Children []topic
}

type newsroom struct {
	Publication  struct{ Place, Logo, Editor string }
	Places       []topic
	Contributors []struct {
		Key, Portrait, Slug   string
		Name, Role, Biography words
	}
	Sections, Genres, Tags, Columns, Series []topic
	Front                                   struct {
		Lead, Night string
		Beside      []string
	}
	Pages        []topic
	Pictures     []struct{ Key string }
	Announcement struct{ Text words }
	Views        map[string]map[string]int
}

type comment struct {
	By, Role, At, Text string
	Removed            int
	Replies            []comment
}

type article struct {
	file, lang string
	head       map[string]string
	body       string
}

func text(t *testing.T, name string) string {
	t.Helper()
	b, err := Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func room(t *testing.T) newsroom {
	t.Helper()
	var n newsroom
	if err := json.Unmarshal([]byte(text(t, "newsroom.json")), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

var name = regexp.MustCompile(`^(?:\d\d-)?([a-z0-9]+)\.(en|kk|ru)\.html$`)

// read gives the files of a folder by key and language, block and body apart.
func read(t *testing.T, folder string) map[string]map[string]article {
	t.Helper()
	all := map[string]map[string]article{}
	entries, err := fs.ReadDir(Files, folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		m := name.FindStringSubmatch(e.Name())
		if m == nil {
			t.Errorf("%s: not KEY.LANG.html", e.Name())
			continue
		}
		block, body, ok := strings.Cut(text(t, path.Join(folder, e.Name())), "\n-->\n")
		if !ok || !strings.HasPrefix(block, "<!--\n") {
			t.Errorf("%s: no block at the head", e.Name())
			continue
		}
		a := article{file: e.Name(), lang: m[2], head: map[string]string{}, body: body}
		for _, line := range strings.Split(block, "\n")[1:] {
			key, value, ok := strings.Cut(line, ": ")
			if !ok || value == "" {
				t.Errorf("%s: %q is not key: value", e.Name(), line)
			}
			a.head[key] = value
		}
		if all[m[1]] == nil {
			all[m[1]] = map[string]article{}
		}
		all[m[1]][m[2]] = a
	}
	return all
}

func keys(list []topic) map[string]bool {
	known := map[string]bool{}
	for _, x := range list {
		known[x.Key] = true
		for k := range keys(x.Children) {
			known[k] = true
		}
	}
	return known
}

func picture(key string) bool {
	_, err := fs.Stat(Files, "pictures/"+key+".svg")
	if err != nil {
		_, err = fs.Stat(Files, "pictures/"+key+".jpg")
	}
	return err == nil
}

func listed(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, ", ")
}

var (
	clock      = regexp.MustCompile(`^(\d+ days ago|in \d+ days) [0-2]\d:[0-5]\d$`)
	correction = regexp.MustCompile(`^\d+ days ago [0-2]\d:[0-5]\d \| \S`)
	slugForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// status is what a reader gets: public, draft, withdrawn or scheduled.
func (a article) status() string {
	switch {
	case a.head["state"] != "":
		return a.head["state"]
	case a.head["withdrawn"] != "":
		return "withdrawn"
	case strings.HasPrefix(a.head["published"], "in "):
		return "scheduled"
	}
	return "public"
}

func TestArticles(t *testing.T) {
	n := room(t)
	known := map[string]map[string]bool{
		"sections": keys(n.Sections), "genre": keys(n.Genres), "column": keys(n.Columns),
		"series": keys(n.Series), "tags": keys(n.Tags), "dateline": keys(n.Places),
	}
	people := map[string]bool{}
	for _, c := range n.Contributors {
		people[c.Key] = true
	}
	slugs := map[string]string{}
	articles := read(t, "articles")
	if len(articles) < 12 {
		t.Errorf("%d articles, want at least 12", len(articles))
	}
	for key, editions := range articles {
		var first article
		for _, lang := range languages {
			a, ok := editions[lang]
			if !ok {
				continue
			}
			if first.head == nil {
				first = a
			}
			for _, want := range []string{"headline", "kicker", "standfirst", "slug", "sections", "genre", "byline", "published"} {
				if a.head[want] == "" && (want != "published" || a.status() != "draft") {
					t.Errorf("%s: no %s", a.file, want)
				}
			}
			for _, same := range []string{"sections", "genre", "column", "series", "tags", "byline", "dateline", "picture", "state"} {
				if a.head[same] != first.head[same] {
					t.Errorf("%s: %s differs from %s", a.file, same, first.file)
				}
			}
			for field, set := range known {
				for _, k := range listed(a.head[field]) {
					if !set[k] {
						t.Errorf("%s: unknown %s %q", a.file, field, k)
					}
				}
			}
			for _, credit := range strings.Split(a.head["byline"], "; ") {
				if who, role, ok := strings.Cut(credit, ": "); !ok || role == "" || !people[who] {
					t.Errorf("%s: by-line %q", a.file, credit)
				}
			}
			if p := a.head["picture"]; p != "" && (!picture(p) || a.head["alt"] == "" || a.head["credit"] == "") {
				t.Errorf("%s: picture %q lacks its file, alt or credit", a.file, p)
			}
			if p := a.head["published"]; !clock.MatchString(p) && (p != "" || a.status() != "draft") {
				t.Errorf("%s: published %q", a.file, p)
			}
			if s := a.head["state"]; s != "" && s != "draft" {
				t.Errorf("%s: state %q", a.file, s)
			}
			for _, field := range []string{"correction", "withdrawn"} {
				if c := a.head[field]; c != "" && !correction.MatchString(c) {
					t.Errorf("%s: %s %q", a.file, field, c)
				}
			}
			if s := lang + "/" + a.head["slug"]; !slugForm.MatchString(a.head["slug"]) || slugs[s] != "" {
				t.Errorf("%s: slug %q is malformed or taken by %s", a.file, s, slugs[s])
			} else {
				slugs[s] = a.file
			}
			if n.Views[key][lang] <= 0 && a.status() == "public" {
				t.Errorf("%s: no views", a.file)
			}
		}
	}
	for _, s := range n.Series {
		for _, part := range s.Parts {
			for _, lang := range languages {
				if articles[part][lang].head["series"] != s.Key {
					t.Errorf("series %s: article %q does not belong to it in %s", s.Key, part, lang)
				}
			}
		}
	}
	for _, k := range append(slices.Clone(n.Front.Beside), n.Front.Lead, n.Front.Night) {
		if articles[k] == nil {
			t.Errorf("front: no article %q", k)
		}
	}
}

// The vocabulary of README.md; a loader may rely on it.
var vocabulary = strings.Fields(`p h2 h3 ul ol li blockquote footer aside table caption thead tbody tr th td
	figure figcaption span sup a strong em q abbr br`)

func TestBodies(t *testing.T) {
	articles, pages := read(t, "articles"), read(t, "pages")
	for _, set := range []map[string]map[string]article{articles, pages} {
		for _, editions := range set {
			for _, a := range editions {
				body(t, a, articles, pages)
			}
		}
	}
}

func body(t *testing.T, a article, articles, pages map[string]map[string]article) {
	t.Helper()
	if strings.ContainsFunc(a.body, func(r rune) bool { return r >= 0xFDD0 && r <= 0xFDEF }) {
		t.Errorf("%s: non-characters", a.file)
	}
	calls, notes := map[string]int{}, map[string]int{}
	d := xml.NewDecoder(strings.NewReader("<body>" + strings.ReplaceAll(a.body, "<br>", "<br/>") + "</body>"))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Errorf("%s: %v", a.file, err)
			return
		}
		if c, ok := token.(xml.CharData); ok && strings.ContainsAny(string(c), `"'`) {
			t.Errorf("%s: typewriter quotes in %q", a.file, c)
		}
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local == "body" {
			continue
		}
		if !slices.Contains(vocabulary, e.Name.Local) {
			t.Errorf("%s: <%s> is not in the vocabulary", a.file, e.Name.Local)
		}
		for _, at := range e.Attr {
			switch at.Name.Local {
			case "href":
				kind, key, _ := strings.Cut(at.Value, ":")
				if kind == "article" && articles[key][a.lang].body == "" || kind == "page" && pages[key][a.lang].body == "" {
					t.Errorf("%s: nothing behind %s", a.file, at.Value)
				}
				if to := articles[key][a.lang]; kind == "article" && to.body != "" && to.status() != "public" && a.status() == "public" {
					t.Errorf("%s: %s leads to what is %s", a.file, at.Value, to.status())
				}
				if (kind == "https" || kind == "mailto") && !strings.Contains(at.Value, "example.org") {
					t.Errorf("%s: %s is somebody's address", a.file, at.Value)
				}
			case "data-picture":
				if !picture(at.Value) {
					t.Errorf("%s: no picture %q", a.file, at.Value)
				}
			case "data-note":
				if e.Name.Local == "sup" {
					calls[at.Value]++
				} else {
					notes[at.Value]++
				}
			case "class", "scope", "lang", "title", "data-alt":
			default:
				t.Errorf("%s: attribute %s", a.file, at.Name.Local)
			}
		}
	}
	for k := range calls {
		if notes[k] != 1 || calls[k] != 1 {
			t.Errorf("%s: footnote %s is called %d times and written %d times", a.file, k, calls[k], notes[k])
		}
	}
	if len(notes) != len(calls) {
		t.Errorf("%s: %d footnotes, %d called", a.file, len(notes), len(calls))
	}
}

func TestNewsroomIsWhole(t *testing.T) {
	n := room(t)
	var walk func(list []topic, what string)
	walk = func(list []topic, what string) {
		seen := map[string]bool{}
		for _, x := range list {
			for _, lang := range languages {
				if x.Slug != nil && (!slugForm.MatchString(x.Slug[lang]) || seen[lang+x.Slug[lang]]) {
					t.Errorf("%s %s: slug %q in %s", what, x.Key, x.Slug[lang], lang)
				}
				seen[lang+x.Slug[lang]] = true
				if x.Name[lang] == "" && what != "page" {
					t.Errorf("%s %s: no name in %s", what, x.Key, lang)
				}
			}
			walk(x.Children, what)
		}
	}
	for what, list := range map[string][]topic{
		"place": n.Places, "section": n.Sections, "genre": n.Genres, "tag": n.Tags,
		"column": n.Columns, "series": n.Series, "page": n.Pages,
	} {
		if len(list) == 0 {
			t.Errorf("no %s at all", what)
		}
		walk(list, what)
	}
	people := map[string]bool{}
	for _, c := range n.Contributors {
		people[c.Key] = true
		if c.Portrait != "" && !picture(c.Portrait) {
			t.Errorf("contributor %s: no portrait", c.Key)
		}
		for _, lang := range languages {
			if c.Name[lang] == "" || c.Role[lang] == "" || c.Biography[lang] == "" {
				t.Errorf("contributor %s: incomplete in %s", c.Key, lang)
			}
		}
	}
	if !people[n.Publication.Editor] || !picture(n.Publication.Logo) || !keys(n.Places)[n.Publication.Place] {
		t.Errorf("publication: unknown editor, logo or place: %+v", n.Publication)
	}
	for _, c := range n.Columns {
		if !people[c.Author] {
			t.Errorf("column %s: unknown author %q", c.Key, c.Author)
		}
	}
	for _, p := range n.Pictures {
		if !picture(p.Key) {
			t.Errorf("pictures: no file for %q", p.Key)
		}
	}
	pages := read(t, "pages")
	for _, lang := range languages {
		if n.Announcement.Text[lang] == "" {
			t.Errorf("announcement: nothing in %s", lang)
		}
		for _, m := range regexp.MustCompile(`page:([a-z]+)`).FindAllStringSubmatch(n.Announcement.Text[lang], -1) {
			if pages[m[1]] == nil {
				t.Errorf("announcement: nothing behind %s", m[0])
			}
		}
	}
	for _, p := range n.Pages {
		for _, lang := range languages {
			if pages[p.Key][lang].head["title"] == "" {
				t.Errorf("page %s: nothing in %s", p.Key, lang)
			}
		}
	}
}

// An SVG is served from the site's own address, so it must be nothing but a drawing.
func TestDrawingsAreOnlyDrawings(t *testing.T) {
	files, err := fs.Glob(Files, "pictures/*.svg")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d pictures, %v", len(files), err)
	}
	allowed := strings.Fields("svg rect circle ellipse path g")
	for _, file := range files {
		d := xml.NewDecoder(strings.NewReader(text(t, file)))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			e, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if !slices.Contains(allowed, e.Name.Local) {
				t.Errorf("%s: <%s>", file, e.Name.Local)
			}
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || strings.Contains(a.Value, "url(") {
					t.Errorf("%s: attribute %s=%q", file, a.Name.Local, a.Value)
				}
			}
		}
	}
}

func TestComments(t *testing.T) {
	var all map[string]map[string][]comment
	if err := json.Unmarshal([]byte(text(t, "comments.json")), &all); err != nil {
		t.Fatal(err)
	}
	after := regexp.MustCompile(`^\+(\d+h)?(\d+m)?$`)
	articles := read(t, "articles")
	var check func(where string, list []comment)
	check = func(where string, list []comment) {
		for _, c := range list {
			if !after.MatchString(c.At) || c.At == "+" {
				t.Errorf("%s: time %q", where, c.At)
			}
			if (c.Removed == 0) == (c.By == "" || c.Text == "") {
				t.Errorf("%s: %+v is neither a comment nor a removed one", where, c)
			}
			if !slices.Contains([]string{"", "author", "quoted", "staff"}, c.Role) {
				t.Errorf("%s: role %q", where, c.Role)
			}
			check(where, c.Replies)
		}
	}
	for key, editions := range all {
		for lang, list := range editions {
			if articles[key][lang].body == "" {
				t.Errorf("comments under %s in %s, which does not exist", key, lang)
			}
			check(key+" "+lang, list)
		}
	}
}
