package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"dateline/internal/lang"
)

// Check parses a document (kind "rss", "atom", "json", "sitemap",
// "sitemapindex" or "news") and refuses what a validator would. The error says
// in words (lang.Locale.Say) what is wrong, and where: as a path of elements,
// counted from 1 as XPath does, or of members, counted from 0 as JSON does.
func Check(kind string, b []byte) error {
	var c checker
	switch {
	case !c.utf8(b):
	case kind == "rss":
		c.rss(b)
	case kind == "atom":
		c.atom(b)
	case kind == "json":
		c.json(b)
	case kind == "sitemap", kind == "news":
		c.sitemap(b, kind == "news")
	case kind == "sitemapindex":
		c.sitemapIndex(b)
	default:
		return fmt.Errorf("no feed is of the kind %q", kind)
	}
	return c.refusal(kind)
}

// checker gathers what is wrong.
type checker struct {
	lang.Faults
	ids map[string]bool
}

func (c *checker) refusal(kind string) error {
	return c.Err("a feed (" + kind + ") that no reader should get")
}

func (c *checker) utf8(b []byte) bool {
	ok := utf8.Valid(b)
	c.Must(ok, "setting.wrong.utf8")
	return ok
}

// once is for an element that must be there, once and not empty.
func (c *checker) once(ok bool, where, what string) bool {
	c.Must(ok, "refused.once", "field", where, "what", what)
	return ok
}

// several is for one that may be there once.
func (c *checker) several(n int, where, what string) {
	c.Must(n <= 1, "refused.several", "field", where, "what", what)
}

func (c *checker) filled(where, s string) {
	c.Must(s != "", "refused.empty", "field", where)
}

func (c *checker) same(where, s, want string) {
	c.Must(s == want, "refused.instead", "field", where, "value", s, "want", want)
}

func (c *checker) most(where string, n, most int) {
	c.Must(n <= most, "refused.many", "field", where, "n", n, "most", most)
}

func (c *checker) address(where, s string) {
	c.Must(absolute(s), "refused.absolute", "field", where, "value", s)
}

// maybe is an address that may be absent.
func (c *checker) maybe(where, s string) {
	if s != "" {
		c.address(where, s)
	}
}

// id is an absolute IRI that no other item has.
func (c *checker) id(where, s string) {
	u, err := url.Parse(s)
	c.Must(err == nil && u.IsAbs() && !strings.ContainsAny(s, " \t\n"), "refused.name", "field", where, "value", s)
	c.guid(where, s)
}

// guid is any text that no other item has.
func (c *checker) guid(where, s string) {
	c.filled(where, strings.TrimSpace(s))
	c.Must(!c.ids[s], "refused.twice", "field", where, "value", s)
	if c.ids == nil {
		c.ids = map[string]bool{}
	}
	c.ids[s] = true
}

func (c *checker) date(where, layout, s string) {
	t, err := time.Parse(layout, s)
	c.Must(err == nil && t.Format(layout) == s, "refused.date", "field", where, "value", s)
}

// Well-formed language tags in the part that matters (RFC 5646 §2.1).
var langTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

func (c *checker) lang(where, s string) {
	c.Must(s == "" || langTag.MatchString(s), "refused.lang", "field", where, "value", s)
}

func (c *checker) mime(where, s string) {
	c.Must(isMIME(s), "refused.mime", "field", where, "value", s)
}

func (c *checker) length(where, s string) {
	c.Must(isLength(s), "refused.number", "field", where, "value", s)
}

// text is HTML: no relative address in it.
func (c *checker) text(where, s string) {
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				switch a.Key {
				case "src", "poster", "cite":
					c.address(where, a.Val)
				case "href":
					if !strings.HasPrefix(a.Val, "mailto:") && !strings.HasPrefix(a.Val, "tel:") {
						c.address(where, a.Val)
					}
				}
			}
		}
	}
}

// parse reads an XML document into v, to its end.
func (c *checker) parse(b []byte, v any) bool {
	d := xml.NewDecoder(bytes.NewReader(b))
	err := d.Decode(v)
	outside := !bytes.HasPrefix(b, []byte("<?xml "))
	for err == nil {
		var t xml.Token
		if t, err = d.Token(); err == nil {
			text, ok := t.(xml.CharData)
			outside = outside || !ok || strings.TrimSpace(string(text)) != ""
		}
	}
	c.Must(!outside, "refused.outside")
	line, _ := d.InputPos()
	c.Must(errors.Is(err, io.EOF), "refused.xml", "line", line)
	return errors.Is(err, io.EOF)
}

// The structures below are read by namespace, as a stranger's parser would;
// they share nothing with those that are written.

type linkIn struct {
	Href   string `xml:"href,attr"`
	Rel    string `xml:"rel,attr"`
	Type   string `xml:"type,attr"`
	Length string `xml:"length,attr"`
}

type mediaIn struct {
	URL  string `xml:"url,attr"`
	Type string `xml:"type,attr"`
}

type rssIn struct {
	XMLName  xml.Name
	Version  string `xml:"version,attr"`
	Channels []struct {
		Title       []string   `xml:"title"`
		Description []string   `xml:"description"`
		Language    string     `xml:"language"`
		Built       string     `xml:"lastBuildDate"`
		Links       []struct { // RSS's own and Atom's: encoding/xml cannot part them
			XMLName xml.Name
			linkIn
			Text string `xml:",chardata"`
		} `xml:"link"`
		Image []struct {
			URL   string `xml:"url"`
			Title string `xml:"title"`
			Link  string `xml:"link"`
		} `xml:"image"`
		Items []rssItemIn `xml:"item"`
	} `xml:"channel"`
}

type enclosureIn struct {
	URL    string `xml:"url,attr"`
	Length string `xml:"length,attr"`
	Type   string `xml:"type,attr"`
}

type rssItemIn struct {
	Title       []string `xml:"title"`
	Link        []string `xml:"link"`
	Description []string `xml:"description"`
	GUID        []struct {
		IsPermaLink string `xml:"isPermaLink,attr"`
		ID          string `xml:",chardata"`
	} `xml:"guid"`
	Published  []string      `xml:"pubDate"`
	Updated    string        `xml:"http://www.w3.org/2005/Atom updated"`
	Creators   []string      `xml:"http://purl.org/dc/elements/1.1/ creator"`
	Author     []string      `xml:"author"`
	Enclosure  []enclosureIn `xml:"enclosure"`
	Mobile     string        `xml:"pdalink"`
	Categories []string      `xml:"category"`
	Rating     string        `xml:"http://search.yahoo.com/mrss/ rating"`
	Media      []mediaIn     `xml:"http://search.yahoo.com/mrss/ content"`
	Content    []string      `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
}

func (c *checker) rss(b []byte) {
	var f rssIn
	if !c.parse(b, &f) {
		return
	}
	c.root(f.XMLName, xml.Name{Local: "rss"})
	c.same("rss/@version", f.Version, "2.0")
	if !c.once(len(f.Channels) == 1, "rss", "channel") {
		return
	}
	ch := f.Channels[0]
	var own []string
	var others []linkIn
	for _, l := range ch.Links {
		if l.XMLName.Space == nsAtom {
			others = append(others, l.linkIn)
		} else {
			own = append(own, l.Text)
		}
	}
	c.once(one(ch.Title), "channel", "title")
	c.once(one(ch.Description), "channel", "description")
	c.once(one(own), "channel", "link")
	c.address("channel/link", strings.Join(own, ""))
	c.lang("channel/language", ch.Language)
	if ch.Built != "" {
		c.date("channel/lastBuildDate", time.RFC1123Z, ch.Built)
	}
	c.links("channel/atom:link", others, "self")
	for _, m := range ch.Image {
		c.address("channel/image/url", m.URL)
		c.address("channel/image/link", m.Link)
		c.filled("channel/image/title", m.Title)
	}
	for i, it := range ch.Items {
		c.rssItem(fmt.Sprintf("item[%d]", i+1), it)
	}
}

func (c *checker) rssItem(where string, it rssItemIn) {
	c.Must(one(it.Title) || one(it.Description), "refused.either", "field", where, "what", "title", "other", "description")
	c.several(len(it.Title), where, "title")
	c.several(len(it.Description), where, "description")
	c.several(len(it.Content), where, "content:encoded")
	c.once(one(it.Link), where, "link")
	c.address(where+"/link", strings.Join(it.Link, ""))
	if c.once(len(it.GUID) == 1, where, "guid") {
		g := it.GUID[0]
		c.guid(where+"/guid", g.ID)
		if g.IsPermaLink != "false" {
			c.address(where+`/guid[@isPermaLink="true"]`, g.ID)
		}
	}
	if c.once(len(it.Published) == 1, where, "pubDate") {
		c.date(where+"/pubDate", time.RFC1123Z, it.Published[0])
	}
	if it.Updated != "" {
		c.date(where+"/atom:updated", time.RFC3339, it.Updated)
	}
	// An author would have to be an e-mail address.
	c.Must(len(it.Author) == 0, "refused.stray", "field", where, "value", "author")
	for _, name := range it.Creators {
		c.filled(where+"/dc:creator", name)
	}
	c.several(len(it.Enclosure), where, "enclosure")
	for _, e := range it.Enclosure {
		c.address(where+"/enclosure/@url", e.URL)
		c.length(where+"/enclosure/@length", e.Length)
		c.mime(where+"/enclosure/@type", e.Type)
	}
	c.media(where, it.Media)
	for _, s := range append(it.Content, it.Description...) {
		c.text(where, s)
	}
}

// root is the outermost element.
func (c *checker) root(name, want xml.Name) {
	text := func(n xml.Name) string { return strings.TrimSpace(n.Local + " " + n.Space) }
	c.same("/*", text(name), text(want))
}

func (c *checker) media(where string, list []mediaIn) {
	for _, m := range list {
		c.address(where+"/media:content/@url", m.URL)
		c.mime(where+"/media:content/@type", m.Type)
	}
}

// links checks every link, and that there is one of each relation.
func (c *checker) links(where string, list []linkIn, rels ...string) {
	of := func(rel string) string { return `[@rel="` + rel + `"]` }
	n := map[string]int{}
	for _, l := range list {
		at := where + of(l.Rel)
		c.address(at+"/@href", l.Href)
		if l.Type != "" {
			c.mime(at+"/@type", l.Type)
		}
		if l.Length != "" {
			c.length(at+"/@length", l.Length)
		}
		n[l.Rel]++
	}
	parent, name := path.Split(where)
	for _, rel := range rels {
		c.once(n[rel] == 1, strings.TrimSuffix(parent, "/"), name+of(rel))
	}
}

// one reports whether there is one text and it is not empty.
func one(list []string) bool { return len(list) == 1 && strings.TrimSpace(list[0]) != "" }

type atomPersonIn struct {
	Name []string `xml:"http://www.w3.org/2005/Atom name"`
	URI  string   `xml:"http://www.w3.org/2005/Atom uri"`
}

type atomIn struct {
	XMLName xml.Name
	Lang    string         `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      []string       `xml:"http://www.w3.org/2005/Atom id"`
	Title   []string       `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string       `xml:"http://www.w3.org/2005/Atom updated"`
	Authors []atomPersonIn `xml:"http://www.w3.org/2005/Atom author"`
	Links   []linkIn       `xml:"http://www.w3.org/2005/Atom link"`
	Icon    string         `xml:"http://www.w3.org/2005/Atom icon"`
	Entries []struct {
		Lang       string         `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		ID         []string       `xml:"http://www.w3.org/2005/Atom id"`
		Title      []string       `xml:"http://www.w3.org/2005/Atom title"`
		Updated    []string       `xml:"http://www.w3.org/2005/Atom updated"`
		Published  []string       `xml:"http://www.w3.org/2005/Atom published"`
		Authors    []atomPersonIn `xml:"http://www.w3.org/2005/Atom author"`
		Links      []linkIn       `xml:"http://www.w3.org/2005/Atom link"`
		Categories []struct {
			Term string `xml:"term,attr"`
		} `xml:"http://www.w3.org/2005/Atom category"`
		Content []struct {
			Type string `xml:"type,attr"`
			Src  string `xml:"src,attr"`
			HTML string `xml:",chardata"`
		} `xml:"http://www.w3.org/2005/Atom content"`
		Media []mediaIn `xml:"http://search.yahoo.com/mrss/ content"`
	} `xml:"http://www.w3.org/2005/Atom entry"`
}

func (c *checker) atom(b []byte) {
	var f atomIn
	if !c.parse(b, &f) {
		return
	}
	c.root(f.XMLName, xml.Name{Space: nsAtom, Local: "feed"})
	c.lang("feed/@xml:lang", f.Lang)
	c.atomHead("feed", f.ID, f.Title, f.Updated)
	c.people("feed/author", f.Authors)
	c.links("feed/link", f.Links, "self", "alternate")
	c.maybe("feed/icon", f.Icon)
	for i, e := range f.Entries {
		where := fmt.Sprintf("entry[%d]", i+1)
		c.lang(where+"/@xml:lang", e.Lang)
		c.atomHead(where, e.ID, e.Title, e.Updated)
		c.several(len(e.Published), where, "published")
		for _, p := range e.Published {
			c.date(where+"/published", time.RFC3339, p)
		}
		c.Must(len(f.Authors)+len(e.Authors) > 0, "refused.empty", "field", where+"/author") // RFC 4287 §4.1.2
		c.people(where+"/author", e.Authors)
		c.links(where+"/link", e.Links, "alternate")
		for _, k := range e.Categories {
			c.filled(where+"/category/@term", k.Term)
		}
		c.several(len(e.Content), where, "content")
		for _, t := range e.Content {
			c.same(where+"/content/@type", t.Type, "html")
			c.Must(t.Src == "", "refused.stray", "field", where+"/content", "value", "src")
			c.text(where+"/content", t.HTML)
		}
		c.media(where, e.Media)
	}
}

// atomHead is what a feed and an entry must both have.
func (c *checker) atomHead(where string, id, title, updated []string) {
	c.once(one(id), where, "id")
	c.id(where+"/id", strings.Join(id, ""))
	c.once(one(title), where, "title")
	if c.once(len(updated) == 1, where, "updated") {
		c.date(where+"/updated", time.RFC3339, updated[0])
	}
}

func (c *checker) people(where string, list []atomPersonIn) {
	for _, p := range list {
		c.once(one(p.Name), where, "name")
		c.maybe(where+"/uri", p.URI)
	}
}

func (c *checker) json(b []byte) {
	var f struct {
		Version  string       `json:"version"`
		Title    string       `json:"title"`
		HomeURL  string       `json:"home_page_url"`
		FeedURL  string       `json:"feed_url"`
		Icon     string       `json:"icon"`
		Language string       `json:"language"`
		Authors  []jsonPerson `json:"authors"`
		Hubs     []jsonHub    `json:"hubs"`
		Items    *[]struct {
			ID        string       `json:"id"`
			URL       string       `json:"url"`
			HTML      *string      `json:"content_html"`
			Text      *string      `json:"content_text"`
			Image     string       `json:"image"`
			Published string       `json:"date_published"`
			Modified  string       `json:"date_modified"`
			Language  string       `json:"language"`
			Authors   []jsonPerson `json:"authors"`
			Files     []jsonFile   `json:"attachments"`
		} `json:"items"`
	}
	if err := json.Unmarshal(b, &f); err != nil {
		c.Must(false, "refused.json")
		return
	}
	c.same("version", f.Version, jsonVersion)
	c.filled("title", f.Title)
	c.address("home_page_url", f.HomeURL)
	c.address("feed_url", f.FeedURL)
	c.maybe("icon", f.Icon)
	c.lang("language", f.Language)
	c.jsonPeople("authors", f.Authors)
	for _, h := range f.Hubs {
		c.filled("hubs.type", h.Type)
		c.address("hubs.url", h.URL)
	}
	if f.Items == nil { // an empty list would do
		c.filled("items", "")
		return
	}
	for i, it := range *f.Items {
		where := fmt.Sprintf("items[%d]", i)
		c.guid(where+".id", it.ID)
		c.address(where+".url", it.URL)
		c.Must(it.HTML != nil || it.Text != nil, "refused.either", "field", where, "what", "content_html", "other", "content_text")
		if it.HTML != nil {
			c.text(where+".content_html", *it.HTML)
		}
		c.maybe(where+".image", it.Image)
		c.date(where+".date_published", time.RFC3339, it.Published)
		if it.Modified != "" {
			c.date(where+".date_modified", time.RFC3339, it.Modified)
		}
		c.lang(where+".language", it.Language)
		c.jsonPeople(where+".authors", it.Authors)
		for _, m := range it.Files {
			c.address(where+".attachments.url", m.URL)
			c.mime(where+".attachments.mime_type", m.Mime)
		}
	}
}

func (c *checker) jsonPeople(where string, list []jsonPerson) {
	for _, p := range list {
		c.Must(p.Name != "" || p.URL != "", "refused.either", "field", where, "what", "name", "other", "url")
		c.maybe(where+".url", p.URL)
	}
}
