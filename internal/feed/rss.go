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
	Creator     string    `xml:"dc:creator"`
	Built       string    `xml:"lastBuildDate,omitempty"`
	Self        linkOut   `xml:"atom:link"`
	Image       *rssImage `xml:"image"`
	Items       []rssItem `xml:"item"`
}

type rssImage struct {
	URL   string `xml:"url"`
	Title string `xml:"title"`
	Link  string `xml:"link"`
}

type rssItem struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	GUID        rssGUID   `xml:"guid"`
	Published   string    `xml:"pubDate"`
	Updated     string    `xml:"atom:updated,omitempty"`
	Creators    []string  `xml:"dc:creator"`
	Categories  []string  `xml:"category"`
	Language    string    `xml:"dc:language,omitempty"`
	Description string    `xml:"description,omitempty"`
	Enclosure   *rssFile  `xml:"enclosure"`
	Media       *mediaOut `xml:"media:content"`
	Content     *cdata    `xml:"content:encoded"`
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

func mediaOf(m *Image) *mediaOut {
	if m == nil {
		return nil
	}
	return &mediaOut{URL: m.URL, Type: m.Mime, Medium: "image", Size: number(m.Bytes), Width: number(int64(m.Width)),
		Height: number(int64(m.Height)), Description: orElse(m.Caption, m.Alt), Credit: m.Credit}
}

// RSS writes a feed as RSS 2.0 (https://www.rssboard.org/rss-specification).
func RSS(f Feed) ([]byte, error) {
	f = tidy(f)
	c := rssChannel{Title: f.Title, Link: f.HomeURL, Description: f.Description, Language: f.Lang, Creator: f.Author,
		Self: linkOut{Href: f.SelfURL, Rel: "self", Type: bare(RSSType)}}
	if !f.Updated.IsZero() {
		c.Built = rfc822(f.Updated)
	}
	switch strings.ToLower(path.Ext(f.IconURL)) {
	case ".png", ".gif", ".jpg", ".jpeg": // the specification's three
		c.Image = &rssImage{URL: f.IconURL, Title: f.Title, Link: f.HomeURL}
	}
	for _, it := range f.Items {
		x := rssItem{Title: it.Title, Link: it.URL, GUID: rssGUID{ID: it.ID}, Published: rfc822(it.Published),
			Categories: it.Categories, Description: escape(it.Summary), Media: mediaOf(it.Image)}
		if it.Updated.After(it.Published) {
			x.Updated = rfc3339(it.Updated)
		}
		if it.Lang != f.Lang {
			x.Language = it.Lang
		}
		for _, p := range it.Authors {
			x.Creators = append(x.Creators, p.Name)
		}
		if m := it.Image; m != nil {
			x.Enclosure = &rssFile{URL: m.URL, Length: max(m.Bytes, 0), Type: m.Mime}
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

// printXML prints a document and checks it. Nothing stands before the
// declaration: an empty line there has silenced feeds.
func printXML(kind string, v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", " ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("writing a feed as %s: %w", kind, err)
	}
	b.WriteByte('\n')
	if err := Check(kind, b.Bytes()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// isLength reports whether s is a count of bytes.
func isLength(s string) bool {
	_, err := strconv.ParseUint(s, 10, 63)
	return err == nil
}
