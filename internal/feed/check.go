package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Check parses a document (kind "rss", "atom", "json", "sitemap",
// "sitemapindex" or "news") and refuses what a validator would. The error says
// what is wrong, and of which item.
func Check(kind string, b []byte) error {
	if !utf8.Valid(b) {
		return fmt.Errorf("a feed (%s) that is not UTF-8", kind)
	}
	var c checker
	var err error
	switch kind {
	case "rss":
		err = c.rss(b)
	case "atom":
		err = c.atom(b)
	case "json":
		err = c.json(b)
	case "sitemap", "news":
		err = c.sitemap(b, kind == "news")
	case "sitemapindex":
		err = c.sitemapIndex(b)
	default:
		err = errors.New("no such kind")
	}
	if err = errors.Join(err, errors.Join(c.wrong...)); err != nil {
		return fmt.Errorf("a feed (%s) that no reader should get: %w", kind, err)
	}
	return nil
}

// checker gathers what is wrong.
type checker struct {
	wrong []error
	ids   map[string]bool
}

func (c *checker) must(ok bool, format string, args ...any) {
	if !ok && len(c.wrong) < 10 {
		c.wrong = append(c.wrong, fmt.Errorf(format, args...))
	}
}

func (c *checker) address(where, s string) {
	c.must(absolute(s), "%s: %q is no absolute address", where, s)
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
	c.must(err == nil && u.IsAbs() && !strings.ContainsAny(s, " \t\n"), "%s: %q is no permanent name", where, s)
	c.must(!c.ids[s], "%s: %q twice", where, s)
	if c.ids == nil {
		c.ids = map[string]bool{}
	}
	c.ids[s] = true
}

func (c *checker) date(where, layout, s string) {
	t, err := time.Parse(layout, s)
	c.must(err == nil && t.Format(layout) == s, "%s: %q is no date", where, s)
}

// Well-formed language tags in the part that matters (RFC 5646 §2.1).
var langTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

func (c *checker) lang(where, s string) {
	c.must(s == "" || langTag.MatchString(s), "%s: %q is no language", where, s)
}

func (c *checker) mime(where, s string) {
	c.must(isMIME(s), "%s: %q is no type", where, s)
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
func parse(b []byte, v any) error {
	if !bytes.HasPrefix(b, []byte("<?xml ")) {
		return errors.New("something stands before the declaration")
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(v); err != nil {
		return err
	}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if s, ok := t.(xml.CharData); !ok || strings.TrimSpace(string(s)) != "" {
			return errors.New("something stands after the end")
		}
	}
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

func (c *checker) rss(b []byte) error {
	var f rssIn
	if err := parse(b, &f); err != nil {
		return err
	}
	c.must(f.XMLName == xml.Name{Local: "rss"} && f.Version == "2.0", "the root is %s of version %q", f.XMLName.Local, f.Version)
	if len(f.Channels) != 1 {
		return fmt.Errorf("%d channels", len(f.Channels))
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
	c.must(one(ch.Title), "channel: no title, or several")
	c.must(one(ch.Description), "channel: no description, or several")
	c.must(one(own), "channel: no link, or several")
	c.address("channel link", strings.Join(own, ""))
	c.lang("channel", ch.Language)
	if ch.Built != "" {
		c.date("channel", time.RFC1123Z, ch.Built)
	}
	c.links("channel", others, "self", 1)
	for _, m := range ch.Image {
		c.address("channel image", m.URL)
		c.address("channel image link", m.Link)
		c.must(m.Title != "", "channel image: no title")
	}
	for i, it := range ch.Items {
		c.rssItem(fmt.Sprintf("item %d", i+1), it)
	}
	return nil
}

func (c *checker) rssItem(where string, it rssItemIn) {
	c.must(one(it.Title) || one(it.Description), "%s: neither title nor description", where)
	c.must(len(it.Title) <= 1 && len(it.Description) <= 1 && len(it.Content) <= 1, "%s: something that may stand once stands twice", where)
	c.must(one(it.Link), "%s: no link, or several", where)
	c.address(where, strings.Join(it.Link, ""))
	if c.must(len(it.GUID) == 1, "%s: no guid, or several", where); len(it.GUID) == 1 {
		g := it.GUID[0]
		c.id(where, g.ID)
		c.must(g.IsPermaLink == "false" || absolute(g.ID), "%s: the guid is no address and does not say so", where)
	}
	if c.must(len(it.Published) == 1, "%s: no date, or several", where); len(it.Published) == 1 {
		c.date(where, time.RFC1123Z, it.Published[0])
	}
	if it.Updated != "" {
		c.date(where, time.RFC3339, it.Updated)
	}
	c.must(len(it.Author) == 0, "%s: an author, who would have to be an e-mail address", where)
	for _, name := range it.Creators {
		c.must(name != "", "%s: a creator without a name", where)
	}
	c.must(len(it.Enclosure) <= 1, "%s: several enclosures", where)
	for _, e := range it.Enclosure {
		c.address(where+" enclosure", e.URL)
		c.must(isLength(e.Length), "%s: %q is no length", where, e.Length)
		c.mime(where+" enclosure", e.Type)
	}
	c.media(where, it.Media)
	for _, s := range append(it.Content, it.Description...) {
		c.text(where, s)
	}
}

func (c *checker) media(where string, list []mediaIn) {
	for _, m := range list {
		c.address(where+" media", m.URL)
		c.mime(where+" media", m.Type)
	}
}

// links checks every link, and how many there are of a relation.
func (c *checker) links(where string, list []linkIn, rel string, want int) {
	n := 0
	for _, l := range list {
		c.address(where+" "+l.Rel, l.Href)
		if l.Type != "" {
			c.mime(where+" "+l.Rel, l.Type)
		}
		c.must(l.Length == "" || isLength(l.Length), "%s: %q is no length", where, l.Length)
		if l.Rel == rel {
			n++
		}
	}
	c.must(n == want, "%s: %d links of relation %s", where, n, rel)
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

func (c *checker) atom(b []byte) error {
	var f atomIn
	if err := parse(b, &f); err != nil {
		return err
	}
	c.must(f.XMLName == xml.Name{Space: nsAtom, Local: "feed"}, "the root is %q in %q", f.XMLName.Local, f.XMLName.Space)
	c.lang("feed", f.Lang)
	c.atomHead("feed", f.ID, f.Title, f.Updated)
	c.people("feed", f.Authors)
	c.links("feed", f.Links, "self", 1)
	c.links("feed", f.Links, "alternate", 1)
	c.maybe("icon", f.Icon)
	for i, e := range f.Entries {
		where := fmt.Sprintf("entry %d", i+1)
		c.lang(where, e.Lang)
		c.atomHead(where, e.ID, e.Title, e.Updated)
		c.must(len(e.Published) <= 1, "%s: published several times", where)
		for _, p := range e.Published {
			c.date(where, time.RFC3339, p)
		}
		c.must(len(f.Authors)+len(e.Authors) > 0, "%s: nobody wrote it (RFC 4287 §4.1.2)", where)
		c.people(where, e.Authors)
		c.links(where, e.Links, "alternate", 1)
		for _, k := range e.Categories {
			c.must(k.Term != "", "%s: a category without a term", where)
		}
		c.must(len(e.Content) <= 1, "%s: several contents", where)
		for _, t := range e.Content {
			c.must(t.Type == "html" && t.Src == "", "%s: content of type %q from %q", where, t.Type, t.Src)
			c.text(where, t.HTML)
		}
		c.media(where, e.Media)
	}
	return nil
}

// atomHead is what a feed and an entry must both have.
func (c *checker) atomHead(where string, id, title, updated []string) {
	c.must(one(id), "%s: no id, or several", where)
	c.id(where, strings.Join(id, ""))
	c.must(one(title), "%s: no title, or several", where)
	if c.must(len(updated) == 1, "%s: no date, or several", where); len(updated) == 1 {
		c.date(where, time.RFC3339, updated[0])
	}
}

func (c *checker) people(where string, list []atomPersonIn) {
	for _, p := range list {
		c.must(one(p.Name), "%s: a person without a name", where)
		c.maybe(where+" person", p.URI)
	}
}

func (c *checker) json(b []byte) error {
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
		return err
	}
	c.must(f.Version == jsonVersion, "the version is %q", f.Version)
	c.must(f.Title != "", "no title")
	c.address("home_page_url", f.HomeURL)
	c.address("feed_url", f.FeedURL)
	c.maybe("icon", f.Icon)
	c.lang("feed", f.Language)
	c.jsonPeople("feed", f.Authors)
	for _, h := range f.Hubs {
		c.must(h.Type != "", "hub: no type")
		c.address("hub", h.URL)
	}
	if f.Items == nil {
		return errors.New("no items, not even an empty list")
	}
	for i, it := range *f.Items {
		where := fmt.Sprintf("item %d", i+1)
		c.id(where, it.ID)
		c.address(where, it.URL)
		c.must(it.HTML != nil || it.Text != nil, "%s: neither content_html nor content_text", where)
		if it.HTML != nil {
			c.text(where, *it.HTML)
		}
		c.maybe(where+" image", it.Image)
		c.date(where, time.RFC3339, it.Published)
		if it.Modified != "" {
			c.date(where, time.RFC3339, it.Modified)
		}
		c.lang(where, it.Language)
		c.jsonPeople(where, it.Authors)
		for _, m := range it.Files {
			c.address(where+" attachment", m.URL)
			c.mime(where+" attachment", m.Mime)
		}
	}
	return nil
}

func (c *checker) jsonPeople(where string, list []jsonPerson) {
	for _, p := range list {
		c.must(p.Name != "" || p.URL != "", "%s: an author who is nobody", where)
		c.maybe(where+" author", p.URL)
	}
}
