package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// The names of the vocabularies that RSS lacks words from.
const (
	nsAtom    = "http://www.w3.org/2005/Atom"
	nsContent = "http://purl.org/rss/1.0/modules/content/"
	nsDC      = "http://purl.org/dc/elements/1.1/"
	nsMedia   = "http://search.yahoo.com/mrss/"
)

type rssOut struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Media   string     `xml:"xmlns:media,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language,omitempty"`
	Creator     string    `xml:"dc:creator,omitempty"`
	Built       string    `xml:"lastBuildDate,omitempty"`
	Links       []linkOut `xml:"atom:link"`
	Image       *rssImage `xml:"image"`
	Items       []rssItem `xml:"item"`
}

type rssImage struct {
	URL   string `xml:"url"`
	Title string `xml:"title"`
	Link  string `xml:"link"`
}

type rssItem struct {
	Title       string     `xml:"title"`
	Link        string     `xml:"link"`
	Mobile      string     `xml:"pdalink,omitempty"`
	GUID        rssGUID    `xml:"guid"`
	Published   string     `xml:"pubDate"`
	Updated     string     `xml:"atom:updated,omitempty"`
	Creators    []string   `xml:"dc:creator"`
	Categories  []string   `xml:"category"`
	Language    string     `xml:"dc:language,omitempty"`
	ContentType string     `xml:"contentType,omitempty"`
	Rating      *ratingOut `xml:"media:rating"`
	Description string     `xml:"description,omitempty"`
	Enclosures  []rssFile  `xml:"enclosure"` // one; some aggregators want all
	Media       []mediaOut `xml:"media:content"`
	Content     *cdata     `xml:"content:encoded"`
}

type ratingOut struct {
	Scheme string `xml:"scheme,attr"`
	Value  string `xml:",chardata"`
}

type rssGUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	ID          string `xml:",chardata"`
}

type rssFile struct {
	URL    string `xml:"url,attr"`
	Length int64  `xml:"length,attr"`
	Type   string `xml:"type,attr"`
}

// cdata is written as <![CDATA[…]]>; encoding/xml cuts a "]]>" within it.
type cdata struct {
	Text string `xml:",cdata"`
}

type linkOut struct {
	Href   string `xml:"href,attr"`
	Rel    string `xml:"rel,attr"`
	Type   string `xml:"type,attr,omitempty"`
	Lang   string `xml:"hreflang,attr,omitempty"`
	Length string `xml:"length,attr,omitempty"`
}

// mediaOut is a picture in the words of Media RSS; the only way to say in a
// feed whose picture it is.
type mediaOut struct {
	URL         string `xml:"url,attr"`
	Type        string `xml:"type,attr"`
	Medium      string `xml:"medium,attr"`
	Size        string `xml:"fileSize,attr,omitempty"`
	Width       string `xml:"width,attr,omitempty"`
	Height      string `xml:"height,attr,omitempty"`
	Description string `xml:"media:description,omitempty"`
	Credit      string `xml:"media:credit,omitempty"`
}

func mediaOf(list []Image) (out []mediaOut) {
	for _, m := range list {
		out = append(out, mediaOut{URL: m.URL, Type: m.Mime, Medium: mediumOf(m.Mime), Size: number(m.Bytes), Width: number(int64(m.Width)),
			Height: number(int64(m.Height)), Description: orElse(m.Caption, m.Alt), Credit: m.Credit})
	}
	return out
}

// discovery are the links by which programs find the feed itself and who
// tells them of what is new.
func discovery(f Feed, contentType string) []linkOut {
	out := []linkOut{{Href: f.SelfURL, Rel: "self", Type: bare(contentType)}}
	for _, h := range f.Hubs {
		out = append(out, linkOut{Href: h, Rel: "hub"})
	}
	return out
}

// RSS writes a feed as RSS 2.0 (https://www.rssboard.org/rss-specification).
func RSS(f Feed) ([]byte, error) {
	f = tidy(f)
	c := rssChannel{Title: f.Title, Link: f.HomeURL, Description: f.Description, Language: f.Lang, Creator: f.Author,
		Links: discovery(f, RSSType)}
	if !f.Updated.IsZero() {
		c.Built = rfc822(f.Updated)
	}
	switch strings.ToLower(path.Ext(f.IconURL)) {
	case ".png", ".gif", ".jpg", ".jpeg": // the specification's three
		c.Image = &rssImage{URL: f.IconURL, Title: f.Title, Link: f.HomeURL}
	}
	for _, it := range f.Items {
		x := rssItem{Title: it.Title, Link: it.URL, GUID: it.guid(), Published: rfc822(it.Published),
			Categories: it.Categories, Description: escape(it.Summary), Media: mediaOf(it.media())}
		if it.Updated.After(it.Published) {
			x.Updated = rfc3339(it.Updated)
		}
		if it.Lang != f.Lang {
			x.Language = it.Lang
		}
		for _, p := range it.Authors {
			x.Creators = append(x.Creators, p.Name)
		}
		if m := it.enclosure(); m != nil {
			x.Enclosures = []rssFile{{URL: m.URL, Length: max(m.Bytes, 0), Type: m.Mime}}
		}
		if it.HTML != "" {
			x.Content = &cdata{it.HTML}
		}
		c.Items = append(c.Items, x)
	}
	return printXML("rss", rssOut{Version: "2.0", Atom: nsAtom, Content: nsContent, DC: nsDC, Media: nsMedia, Channel: c})
}

// bare is a content type without its parameters.
func bare(contentType string) string {
	t, _, _ := strings.Cut(contentType, ";")
	return t
}

// printXML prints a document and checks it.
func printXML(kind string, v any) ([]byte, error) {
	b, err := encodeXML(kind, v)
	if err != nil {
		return nil, err
	}
	if err := Check(kind, b); err != nil {
		return nil, err
	}
	return b, nil
}

// encodeXML prints a document. Nothing stands before the declaration: an empty
// line there has silenced feeds.
func encodeXML(kind string, v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", " ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("writing a feed as %s: %w", kind, err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// isLength reports whether s is a count of bytes.
func isLength(s string) bool {
	_, err := strconv.ParseUint(s, 10, 63)
	return err == nil
}
