package feed

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxItems is how many items a feed has at most; more are left out.
const MaxItems = 50

// The content types of the three forms.
const (
	RSSType  = "application/rss+xml; charset=utf-8"
	AtomType = "application/atom+xml; charset=utf-8"
	JSONType = "application/feed+json; charset=utf-8"
)

// Feed is a list of articles, newest first. Texts are plain except where it
// is said; addresses are absolute, http or https.
type Feed struct {
	ID          string // an absolute IRI that no rename changes; empty: SelfURL
	Title       string
	Description string // empty: the title
	Lang        string // BCP 47
	HomeURL     string // the page of which this is the feed
	SelfURL     string // the feed itself
	Author      string // whose it is: the newsroom or a contributor; empty: the title
	Updated     time.Time
	IconURL     string   // empty: none
	Hubs        []string // WebSub hubs, where subscribers ask to be told of what is new (https://www.w3.org/TR/websub/#discovery)
	Items       []Item
}

// Item is one article.
type Item struct {
	ID         string // an absolute IRI that stays when the article is renamed
	GUID       string // what an older system's feeds called it, by which subscribers know it; empty: ID
	URL        string
	Title      string
	Summary    string // in a sentence or two
	Standfirst string // stands before the text as on the page; empty: none
	HTML       string // the text; relative addresses are resolved against URL
	Published  time.Time
	Updated    time.Time // zero: as published
	Authors    []Person
	Categories []string
	Image      *Image  // stands before the text too, unless the text has it
	Files      []Image // pictures, sounds, films and files in the text, in its order
	Lang       string  // BCP 47; empty: the feed's
	Hidden     bool    // kept from search engines, which an aggregator is asked to be
}

// Person is somebody who wrote an item.
type Person struct {
	Name string
	URL  string // empty: none
}

// Image is a picture; in Item.Files another file too, which its Mime tells.
type Image struct {
	URL, Mime            string
	Bytes                int64 // 0: not known
	Width, Height        int   // 0: not known
	Alt, Caption, Credit string
}

// tidy gives the feed as it is written: at most MaxItems, every text cleaned,
// every hole filled that a format does not allow.
func tidy(f Feed) Feed {
	f.Title = line(f.Title)
	if f.Title == "" {
		f.Title = f.HomeURL
	}
	f.Description = orElse(line(f.Description), f.Title)
	f.Author = orElse(line(f.Author), f.Title)
	f.ID = orElse(f.ID, f.SelfURL)
	f.IconURL = onlyAbsolute(f.IconURL)
	f.Hubs = slices.DeleteFunc(slices.Clone(f.Hubs), func(h string) bool { return !absolute(h) })
	items := make([]Item, min(len(f.Items), MaxItems))
	for i := range items {
		items[i] = tidyItem(f.Items[i])
		if items[i].Updated.After(f.Updated) {
			f.Updated = items[i].Updated
		}
	}
	f.Items = items
	return f
}

func tidyItem(it Item) Item {
	it.GUID = strings.TrimSpace(clean(it.GUID))
	it.Summary, it.Standfirst = line(it.Summary), line(it.Standfirst)
	it.Title = orElse(line(it.Title), orElse(it.Summary, it.URL))
	if it.Updated.Before(it.Published) {
		it.Updated = it.Published
	}
	var authors []Person
	for _, p := range it.Authors {
		if p.Name = line(p.Name); p.Name != "" {
			p.URL = onlyAbsolute(p.URL)
			authors = append(authors, p)
		}
	}
	it.Authors = authors
	var categories []string
	seen := map[string]bool{}
	for _, c := range it.Categories {
		if c = line(c); c != "" && !seen[c] {
			seen[c] = true
			categories = append(categories, c)
		}
	}
	it.Categories = categories
	if it.Image != nil && (!absolute(it.Image.URL) || !isMIME(it.Image.Mime)) {
		it.Image = nil // an article without its picture is better than no feed
	}
	if it.Image != nil {
		m := *it.Image
		m.Alt, m.Caption, m.Credit = line(m.Alt), line(m.Caption), line(m.Credit)
		it.Image = &m
	}
	var files []Image
	for _, m := range it.Files {
		if absolute(m.URL) && isMIME(m.Mime) && (it.Image == nil || m.URL != it.Image.URL) {
			m.Alt, m.Caption, m.Credit = line(m.Alt), line(m.Caption), line(m.Credit)
			files = append(files, m)
		}
	}
	it.Files = files
	it.HTML = text(it)
	return it
}

// name is what subscribers know an item by, in any words.
func (it Item) name() string { return orElse(it.GUID, it.ID) }

// iri is the same where it must be an IRI (RFC 4287 §4.2.6): a name in other
// words was in no Atom feed of the older system either.
func (it Item) iri() string {
	if isIRI(it.GUID) {
		return it.GUID
	}
	return it.ID
}

// guid is the item's name in RSS, which tells whether one can go there.
func (it Item) guid() rssGUID { return rssGUID{IsPermaLink: it.name() == it.URL, ID: it.name()} }

var tagged = regexp.MustCompile(`^tag:([a-z0-9.-]+|[a-z0-9._-]+@[a-z0-9.-]+),\d{4}(-\d\d(-\d\d)?)?:\S*$`)

// isIRI reports whether s is an absolute IRI (RFC 3987) that says whose it is.
func isIRI(s string) bool {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, " \t\n\"<>\\^`{|}") {
		return false
	}
	if _, err := url.PathUnescape(s); err != nil { // in the query, too
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "tag":
		return tagged.MatchString(s)
	}
	return u.Scheme != "" && u.Opaque != ""
}

// text is the whole of an item as HTML: the picture and the standfirst stand
// outside of the body on our pages, and a program shows nothing but this.
func text(it Item) string {
	var b strings.Builder
	body := Absolute(it.HTML, it.URL)
	if it.Image != nil && !strings.Contains(body, html.EscapeString(it.Image.URL)) {
		figure(&b, *it.Image)
	}
	if it.Standfirst != "" {
		b.WriteString("<p><strong>" + escape(it.Standfirst) + "</strong></p>\n")
	}
	b.WriteString(body)
	return b.String()
}

// media are all files of an item, the picture above it first.
func (it Item) media() []Image {
	if it.Image == nil {
		return it.Files
	}
	return append([]Image{*it.Image}, it.Files...)
}

// enclosure is the one file that RSS has place for: a sound or a film, which
// is what programs play, before the picture.
func (it Item) enclosure() *Image {
	all := it.media()
	for _, kind := range []string{"audio", "video", "image"} {
		for i, m := range all {
			if mediumOf(m.Mime) == kind {
				return &all[i]
			}
		}
	}
	return nil
}

// mediumOf is what Media RSS calls a type of file.
func mediumOf(mime string) string {
	switch major, _, _ := strings.Cut(mime, "/"); major {
	case "image", "audio", "video":
		return major
	}
	return "document"
}

func figure(b *strings.Builder, m Image) {
	b.WriteString("<figure>")
	printTag(b, "img", []attr{{"src", m.URL}, {"alt", m.Alt}, {"width", number(int64(m.Width))}, {"height", number(int64(m.Height))}})
	if m.Caption != "" || m.Credit != "" {
		b.WriteString("<figcaption>" + escape(m.Caption))
		if m.Credit != "" {
			if m.Caption != "" {
				b.WriteByte(' ')
			}
			b.WriteString("<small>" + escape(m.Credit) + "</small>")
		}
		b.WriteString("</figcaption>")
	}
	b.WriteString("</figure>\n")
}

// clean drops what XML 1.0 §2.2 forbids, the other control characters, and the
// non-characters of which the cache's tokens are made.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, string(utf8.RuneError)), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n':
			return r
		case r == '\r', r == 0x85:
			return '\n' // what a parser would make of it (XML 1.0 §2.11)
		case r < ' ', r >= 0x7f && r <= 0x9f, r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
			return -1
		}
		return r
	}, s)
}

// line is a text cleaned and on one line.
func line(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// absolute reports whether s is an http or https address with a host.
func absolute(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil &&
		!strings.ContainsAny(s, " \t\n\"<>\\^`{|}")
}

// onlyAbsolute is s, or nothing when it is no absolute address.
func onlyAbsolute(s string) string {
	if absolute(s) {
		return s
	}
	return ""
}

// isMIME reports whether s is a media type without parameters.
func isMIME(s string) bool {
	major, minor, ok := strings.Cut(s, "/")
	return ok && major != "" && minor != "" && !strings.ContainsAny(minor, " \t\n;/")
}

// rfc3339 is a date as Atom and JSON Feed have it.
func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// rfc822 is a date as RSS has it: with a year of four digits, which RFC 822
// itself did not know.
func rfc822(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }
