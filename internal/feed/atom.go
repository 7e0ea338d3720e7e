package feed

import (
	"encoding/xml"
	"time"
)

type atomOut struct {
	XMLName  xml.Name    `xml:"feed"`
	NS       string      `xml:"xmlns,attr"`
	Media    string      `xml:"xmlns:media,attr"`
	Lang     string      `xml:"xml:lang,attr,omitempty"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Author   personOut   `xml:"author"`
	Links    []linkOut   `xml:"link"`
	Icon     string      `xml:"icon,omitempty"`
	Entries  []atomEntry `xml:"entry"`
}

type personOut struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomEntry struct {
	Lang       string         `xml:"xml:lang,attr,omitempty"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Authors    []personOut    `xml:"author"`
	Links      []linkOut      `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
	Content    *atomContent   `xml:"content"`
	Media      []mediaOut     `xml:"media:content"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",cdata"` // escaped markup (RFC 4287 §4.1.3.3), the cheaper way
}

// Atom writes a feed as Atom (RFC 4287).
func Atom(f Feed) ([]byte, error) {
	f = tidy(f)
	if f.Updated.IsZero() {
		// An element that must be there (§4.1.1). The clock's time would give
		// every rendering of an empty list other bytes.
		f.Updated = time.Unix(0, 0)
	}
	out := atomOut{NS: nsAtom, Media: nsMedia, Lang: f.Lang, ID: f.ID, Title: f.Title, Updated: rfc3339(f.Updated),
		Author: personOut{Name: f.Author, URI: f.HomeURL}, Icon: f.IconURL,
		Links: append(discovery(f, AtomType), linkOut{Href: f.HomeURL, Rel: "alternate", Type: "text/html", Lang: f.Lang})}
	if f.Description != f.Title {
		out.Subtitle = f.Description
	}
	for _, it := range f.Items {
		x := atomEntry{ID: it.iri(), Title: it.Title, Published: rfc3339(it.Published), Updated: rfc3339(it.Updated),
			Links: []linkOut{{Href: it.URL, Rel: "alternate", Type: "text/html"}}, Summary: it.Summary, Media: mediaOf(it.media())}
		if it.Lang != f.Lang {
			x.Lang = it.Lang
		}
		for _, p := range it.Authors {
			x.Authors = append(x.Authors, personOut{p.Name, p.URL})
		}
		for _, c := range it.Categories {
			x.Categories = append(x.Categories, atomCategory{c})
		}
		for _, m := range it.media() {
			x.Links = append(x.Links, linkOut{Href: m.URL, Rel: "enclosure", Type: m.Mime, Length: number(m.Bytes)})
		}
		if it.HTML != "" {
			x.Content = &atomContent{"html", it.HTML}
		}
		out.Entries = append(out.Entries, x)
	}
	return printXML("atom", out)
}
