package feed

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	parser "golang.org/x/net/html"

	"dateline/internal/lang"
)

// Dialect are the rules of an aggregator that takes RSS of its own kind. They
// change yearly, so they are data: a file in dialects/ is one more dialect.
type Dialect struct {
	Name    string `json:"name"`    // its feed is E/feed/NAME.xml
	About   string `json:"about"`   // where the rules stand
	Setting string `json:"setting"` // the setting without which it is not served; empty: always

	Items         int `json:"items"`          // at most in one feed
	Hours         int `json:"hours"`          // how old an article may be
	MinCharacters int `json:"min_characters"` // of text; a shorter article is left out

	Categories      []string          `json:"categories"`       // of every item, instead of our shelves
	Hidden          map[string]string `json:"hidden"`           // what stands instead in one that search engines are kept from
	KnownCategories []string          `json:"known_categories"` // what the aggregator knows
	Rating          *struct {
		Scheme string `json:"scheme"`
		Value  string `json:"value"`
	} `json:"rating"` // media:rating of every item
	MobileLink  bool   `json:"mobile_link"`  // pdalink
	ContentType string `json:"content_type"` // of every item; empty: no such element

	Pictures   []string `json:"pictures"`    // types of pictures that are taken
	CoverWidth int      `json:"cover_width"` // pixels that the first picture should have
	Enclosures bool     `json:"enclosures"`  // one for every picture

	Elements map[string][]string `json:"elements"` // that a text may hold, with their attributes
	Rename   map[string]string   `json:"rename"`   // what becomes what
	Spaced   []string            `json:"spaced"`   // whose tags become a space
	Dropped  []string            `json:"dropped"`  // that go with what is in them
}

//go:embed dialects/*.json
var dialectFiles embed.FS

// Dialects are all that there are, by name.
func Dialects() ([]Dialect, error) {
	names, err := fs.Glob(dialectFiles, "dialects/*.json")
	if err != nil {
		return nil, err
	}
	var out []Dialect
	for _, name := range names {
		b, err := dialectFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		d, err := readDialect(b)
		if err == nil && d.Name+".json" != path.Base(name) {
			err = fmt.Errorf("its name is %q", d.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, d)
	}
	return out, nil
}

func readDialect(b []byte) (Dialect, error) {
	var d Dialect
	j := json.NewDecoder(bytes.NewReader(b))
	j.DisallowUnknownFields()
	if err := j.Decode(&d); err != nil {
		return d, err
	}
	if d.Name == "" || d.Items < 1 || d.Hours < 1 || len(d.Elements) == 0 {
		return d, errors.New("name, items, hours and elements are needed")
	}
	for from, to := range d.Rename {
		if _, ok := d.Elements[to]; !ok {
			return d, fmt.Errorf("%s becomes %s, which is not among the elements", from, to)
		}
	}
	for c := range d.Hidden {
		if !slices.Contains(d.Categories, c) {
			return d, fmt.Errorf("hidden: %q is no category of an item", c)
		}
	}
	for _, c := range append(d.categories(true), d.Categories...) {
		if len(d.KnownCategories) > 0 && !slices.Contains(d.KnownCategories, c) {
			return d, fmt.Errorf("category %q is not among the known ones", c)
		}
	}
	return d, nil
}

// categories are those of an item.
func (d Dialect) categories(hidden bool) []string {
	out := slices.Clone(d.Categories)
	for i, c := range out {
		if instead, ok := d.Hidden[c]; ok && hidden {
			out[i] = instead
		}
	}
	return out
}

// Since is the instant before which an article is too old.
func (d Dialect) Since(now time.Time) time.Time { return now.Add(-time.Duration(d.Hours) * time.Hour) }

// Write writes the feed at an instant: of f's items those that the aggregator
// takes. What its check would refuse is left out and named.
func (d Dialect) Write(f Feed, now time.Time) ([]byte, []Refused, error) {
	var left []Refused
	var list []Item
	for _, it := range f.Items {
		if it.Published.Before(d.Since(now)) || it.Published.After(now) || len(list) == d.Items {
			continue
		}
		x := d.item(it)
		if n := characters(x.HTML); n < d.MinCharacters {
			left = append(left, Refused{it.ID, it.URL, lang.Wrong("refused.short", "n", n, "least", d.MinCharacters)})
			continue
		}
		list = append(list, x)
	}
	f.Items = list
	b, err := d.print(f, now)
	if err == nil {
		return b, left, nil
	}
	var keep []Item
	for _, it := range list {
		one := f
		one.Items = []Item{it}
		if _, err := d.print(one, now); err != nil {
			left = append(left, Refused{it.ID, it.URL, err})
			continue
		}
		keep = append(keep, it)
	}
	if len(keep) == len(list) {
		return nil, left, err
	}
	f.Items = keep
	b, err = d.print(f, now)
	return b, left, err
}

// item is an item as the aggregator wants it.
func (d Dialect) item(it Item) Item {
	it = tidyItem(it)
	var pictures []Image
	for _, m := range it.media() {
		if len(d.Pictures) == 0 || slices.Contains(d.Pictures, m.Mime) {
			pictures = append(pictures, m)
		}
	}
	// The first picture becomes the cover: one that is wide enough goes first.
	slices.SortStableFunc(pictures, func(a, b Image) int {
		wide := func(m Image) int {
			if m.Width >= d.CoverWidth {
				return 0
			}
			return 1
		}
		return wide(a) - wide(b)
	})
	it.Image, it.Files = nil, pictures
	it.HTML = d.restrict(it.HTML, pictures)
	it.Categories = d.categories(it.Hidden)
	return it
}

func (d Dialect) print(f Feed, now time.Time) ([]byte, error) {
	items := f.Items
	f.Items = nil
	f = tidy(f)
	c := rssChannel{Title: f.Title, Link: f.HomeURL, Description: f.Description, Language: f.Lang, Links: discovery(f, RSSType)}
	for _, it := range items {
		x := rssItem{Title: it.Title, Link: it.URL, GUID: it.guid(), Published: rfc822(it.Published), Categories: it.Categories,
			Description: escape(it.Summary), Media: mediaOf(it.Files), ContentType: d.ContentType, Content: &cdata{it.HTML}}
		if d.MobileLink {
			x.Mobile = it.URL
		}
		if d.Rating != nil {
			x.Rating = &ratingOut{d.Rating.Scheme, d.Rating.Value}
		}
		for _, p := range it.Authors {
			x.Creators = append(x.Creators, p.Name)
		}
		for _, m := range it.Files {
			if d.Enclosures {
				x.Enclosures = append(x.Enclosures, rssFile{URL: m.URL, Length: max(m.Bytes, 0), Type: m.Mime})
			}
		}
		c.Items = append(c.Items, x)
	}
	b, err := encodeXML(d.Name, rssOut{Version: "2.0", Atom: nsAtom, Content: nsContent, DC: nsDC, Media: nsMedia, Channel: c})
	if err != nil {
		return nil, err
	}
	return b, d.Check(b, now)
}

// restrict leaves of a text what the dialect knows. It is given what Absolute
// gives; pictures are those that may stand in it.
func (d Dialect) restrict(body string, pictures []Image) string {
	taken := map[string]bool{}
	for _, m := range pictures {
		taken[m.URL] = true
	}
	var b strings.Builder
	z := parser.NewTokenizer(strings.NewReader(body))
	skip, depth := "", 0
	for {
		kind := z.Next()
		if kind == parser.ErrorToken {
			return strings.TrimSpace(emptied(b.String()))
		}
		t := z.Token()
		if skip != "" {
			if t.Data == skip && kind == parser.StartTagToken {
				depth++
			} else if t.Data == skip && kind == parser.EndTagToken {
				depth--
			}
			if depth == 0 {
				skip = ""
			}
			continue
		}
		name := t.Data
		if to, ok := d.Rename[name]; ok && kind != parser.TextToken {
			name = to
		}
		_, known := d.Elements[name]
		switch kind {
		case parser.TextToken:
			b.WriteString(escape(t.Data))
		case parser.EndTagToken:
			if known {
				b.WriteString("</" + name + ">")
			} else if slices.Contains(d.Spaced, t.Data) {
				b.WriteByte(' ')
			}
		case parser.StartTagToken, parser.SelfClosingTagToken:
			switch {
			case slices.Contains(d.Dropped, t.Data):
				if kind == parser.StartTagToken {
					skip, depth = t.Data, 1
				}
			case !known:
				if slices.Contains(d.Spaced, t.Data) {
					b.WriteByte(' ')
				}
			default:
				d.tag(&b, name, t, taken)
			}
		}
	}
}

func (d Dialect) tag(b *strings.Builder, name string, t parser.Token, taken map[string]bool) {
	var keep []attr
	for _, a := range t.Attr {
		if slices.Contains(d.Elements[name], a.Key) {
			keep = append(keep, attr{a.Key, a.Val})
		}
	}
	if name == "img" {
		i := slices.IndexFunc(keep, func(a attr) bool { return a.name == "src" && taken[a.value] })
		if i < 0 {
			return
		}
	}
	printTag(b, name, keep)
}

// emptied leaves out figures in which no picture was left, and paragraphs in
// which no text was.
func emptied(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "<figure>")
		if i < 0 {
			break
		}
		j := strings.Index(s[i:], "</figure>")
		if j < 0 {
			break
		}
		figure := s[i : i+j+len("</figure>")]
		b.WriteString(s[:i])
		if strings.Contains(figure, "<img ") || strings.Contains(figure, "<video ") {
			b.WriteString(figure)
		}
		s = s[i+j+len("</figure>"):]
	}
	b.WriteString(s)
	return strings.NewReplacer("<p></p>", "", "<p> </p>", "").Replace(b.String())
}

// characters counts what a reader reads.
func characters(body string) int {
	n := 0
	z := parser.NewTokenizer(strings.NewReader(body))
	for {
		switch z.Next() {
		case parser.ErrorToken:
			return n
		case parser.TextToken:
			n += utf8.RuneCountInString(strings.TrimSpace(html.UnescapeString(string(z.Text()))))
		}
	}
}

// Check refuses a feed that the aggregator would.
func (d Dialect) Check(b []byte, now time.Time) error {
	var c checker
	if c.utf8(b) {
		d.check(&c, b, now)
	}
	return c.refusal(d.Name)
}

func (d Dialect) check(c *checker, b []byte, now time.Time) {
	var f rssIn
	if !c.parse(b, &f) || !c.once(len(f.Channels) == 1, "rss", "channel") {
		return
	}
	items := f.Channels[0].Items
	c.most("item", len(items), d.Items)
	links := map[string]bool{}
	for i, it := range items {
		where := fmt.Sprintf("item[%d]", i+1)
		c.once(one(it.Title), where, "title")
		link := strings.Join(it.Link, "")
		c.address(where+"/link", link)
		c.Must(!strings.Contains(link, "?"), "refused.parameters", "field", where+"/link", "value", link)
		c.Must(!links[link], "refused.twice", "field", where+"/link", "value", link)
		links[link] = true
		if c.once(len(it.GUID) == 1, where, "guid") {
			c.guid(where+"/guid", it.GUID[0].ID)
		}
		if d.MobileLink {
			c.same(where+"/pdalink", it.Mobile, link)
		}
		if c.once(len(it.Published) == 1, where, "pubDate") {
			c.date(where+"/pubDate", time.RFC1123Z, it.Published[0])
			at, _ := time.Parse(time.RFC1123Z, it.Published[0])
			// The feed gives whole seconds.
			c.Must(!at.Before(d.Since(now).Truncate(time.Second)) && !at.After(now), "refused.time", "field", where+"/pubDate", "value", it.Published[0])
		}
		if !slices.Equal(it.Categories, d.categories(true)) { // a document does not say which article is hidden
			c.same(where+"/category", strings.Join(it.Categories, ", "), strings.Join(d.Categories, ", "))
		}
		if d.Rating != nil {
			c.same(where+"/media:rating", it.Rating, d.Rating.Value)
		}
		for _, e := range it.Enclosure {
			c.address(where+"/enclosure/@url", e.URL)
			c.length(where+"/enclosure/@length", e.Length)
			if len(d.Pictures) > 0 {
				c.Must(slices.Contains(d.Pictures, e.Type), "refused.among", "field", where+"/enclosure/@type", "value", e.Type, "what", strings.Join(d.Pictures, ", "))
			}
		}
		if c.once(len(it.Content) == 1, where, "content:encoded") {
			c.text(where, it.Content[0])
			n := characters(it.Content[0])
			c.Must(n >= d.MinCharacters, "refused.short", "n", n, "least", d.MinCharacters)
			d.checkText(c, where, it)
		}
	}
}

// checkText looks for what the aggregator does not know, and for pictures that
// are no enclosures.
func (d Dialect) checkText(c *checker, where string, it rssItemIn) {
	stray := func(ok bool, what string) { c.Must(ok, "refused.stray", "field", where, "value", what) }
	z := parser.NewTokenizer(strings.NewReader(it.Content[0]))
	for {
		switch z.Next() {
		case parser.ErrorToken:
			return
		case parser.StartTagToken, parser.SelfClosingTagToken, parser.EndTagToken:
			t := z.Token()
			known, ok := d.Elements[t.Data]
			stray(ok, "<"+t.Data+">")
			for _, a := range t.Attr {
				stray(slices.Contains(known, a.Key), "<"+t.Data+" "+a.Key+">")
				if t.Data == "img" && a.Key == "src" && d.Enclosures {
					c.Must(slices.ContainsFunc(it.Enclosure, func(e enclosureIn) bool { return e.URL == a.Val }),
						"refused.among", "field", where, "value", a.Val, "what", "enclosure")
				}
			}
		case parser.CommentToken, parser.DoctypeToken:
			stray(false, "<!")
		}
	}
}
