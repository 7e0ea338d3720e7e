package media

import (
	"bytes"
	"encoding/xml"
	"strings"
	"time"
)

const (
	nsRDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsXML = "http://www.w3.org/XML/1998/namespace"
)

// properties are XMP's names for what is looked for (IPTC Photo Metadata Standard
// 2023.2; PRISM 3.0 for the end of rights).
var properties = map[xml.Name]func(*told) *string{
	{Space: "http://purl.org/dc/elements/1.1/", Local: "title"}:                                   func(t *told) *string { return &t.title },
	{Space: "http://purl.org/dc/elements/1.1/", Local: "description"}:                             func(t *told) *string { return &t.caption },
	{Space: "http://purl.org/dc/elements/1.1/", Local: "creator"}:                                 func(t *told) *string { return &t.creator },
	{Space: "http://purl.org/dc/elements/1.1/", Local: "rights"}:                                  func(t *told) *string { return &t.rights },
	{Space: "http://ns.adobe.com/photoshop/1.0/", Local: "Credit"}:                                func(t *told) *string { return &t.credit },
	{Space: "http://ns.adobe.com/xap/1.0/rights/", Local: "UsageTerms"}:                           func(t *told) *string { return &t.licence },
	{Space: "http://ns.adobe.com/xap/1.0/rights/", Local: "WebStatement"}:                         func(t *told) *string { return &t.licence },
	{Space: "http://creativecommons.org/ns#", Local: "license"}:                                   func(t *told) *string { return &t.licence },
	{Space: "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", Local: "AltTextAccessibility"}:         func(t *told) *string { return &t.alt },
	{Space: "http://prismstandard.org/namespaces/basic/2.0/", Local: "expirationDate"}:            nil,
	{Space: "http://prismstandard.org/namespaces/prismusagerights/2.1/", Local: "expirationDate"}: nil,
	{Space: "http://prismstandard.org/namespaces/prismusagerights/2.1/", Local: "rightsAgent"}:    func(t *told) *string { return &t.rights },
	{Space: "http://prismstandard.org/namespaces/prismusagerights/2.1/", Local: "creditLine"}:     func(t *told) *string { return &t.credit },
}

// readXMP reads the properties of a packet (ISO 16684-1): attributes of a description,
// or elements with a text, a list of texts, or texts in languages of which x-default
// wins. The packet is short (maxHeard) and nothing in it is followed or expanded; what
// breaks off is read as far as it goes.
func readXMP(packet []byte) (t told) {
	if i := bytes.Index(packet, []byte("<rdf:RDF")); i > 0 && !bytes.Contains(packet[:i], []byte("<x:xmpmeta")) {
		packet = packet[i:] // behind something else, as in an AVIF
	} else if i := bytes.Index(packet, []byte("<x:xmpmeta")); i > 0 {
		packet = packet[i:]
	}
	d := xml.NewDecoder(bytes.NewReader(packet))
	d.Strict = false
	p := xmpReader{into: &t}
	for {
		token, err := d.RawToken()
		if err != nil {
			return t
		}
		switch x := token.(type) {
		case xml.StartElement:
			p.start(x)
		case xml.EndElement:
			p.end()
		case xml.CharData:
			if p.inside > 0 && p.text.Len() < 4*mostSaid {
				p.text.Write(x)
			}
		}
	}
}

// xmpReader follows a packet. Tokens are read raw, so that what is open costs a few
// bytes, and names are resolved by the prefixes of all that was declared: packets do
// not declare one twice.
type xmpReader struct {
	into   *told
	spaces map[string]string
	depth  int
	inside int // depth of the property that is being read; 0: none
	name   xml.Name
	items  []string
	first  string // of the language x-default
	lang   string
	text   strings.Builder
}

func (p *xmpReader) resolve(n xml.Name) xml.Name {
	if n.Space == "xml" {
		return xml.Name{Space: nsXML, Local: n.Local}
	}
	return xml.Name{Space: p.spaces[n.Space], Local: n.Local}
}

func (p *xmpReader) start(x xml.StartElement) {
	p.depth++
	for _, a := range x.Attr {
		if a.Name.Space == "xmlns" && len(p.spaces) < 200 {
			if p.spaces == nil {
				p.spaces = map[string]string{}
			}
			p.spaces[a.Name.Local] = a.Value
		}
	}
	name := p.resolve(x.Name)
	if p.inside > 0 {
		if name == (xml.Name{Space: nsRDF, Local: "li"}) {
			p.text.Reset()
			p.lang = ""
			for _, a := range x.Attr {
				if p.resolve(a.Name) == (xml.Name{Space: nsXML, Local: "lang"}) {
					p.lang = a.Value
				}
			}
		}
		return
	}
	for _, a := range x.Attr {
		p.found(p.resolve(a.Name), a.Value)
	}
	if _, wanted := properties[name]; wanted {
		p.inside, p.name, p.items, p.first = p.depth, name, nil, ""
		p.text.Reset()
		for _, a := range x.Attr {
			if p.resolve(a.Name) == (xml.Name{Space: nsRDF, Local: "resource"}) {
				p.found(name, a.Value)
			}
		}
	}
}

func (p *xmpReader) end() {
	switch {
	case p.inside == 0:
	case p.depth > p.inside:
		if s := strings.TrimSpace(p.text.String()); s != "" && len(p.items) < 20 {
			if p.lang == "x-default" && p.first == "" {
				p.first = s
			}
			p.items = append(p.items, s)
		}
		p.text.Reset()
	default:
		value := p.first
		switch {
		case value != "":
		case len(p.items) == 0:
			value = p.text.String()
		case p.name.Local == "creator":
			value = strings.Join(p.items, ", ")
		default:
			value = p.items[0]
		}
		p.found(p.name, value)
		p.inside = 0
		p.text.Reset()
	}
	p.depth = max(p.depth-1, 0)
}

// found takes a property over, the first time that it says something.
func (p *xmpReader) found(name xml.Name, value string) {
	field, wanted := properties[name]
	if value = strings.TrimSpace(value); !wanted || value == "" {
		return
	}
	if field == nil {
		if name.Local == "expirationDate" && p.into.expires.IsZero() && len(value) >= 10 {
			if at, err := time.Parse(time.DateOnly, value[:10]); err == nil {
				p.into.expires = at
			}
		}
		return
	}
	if into := field(p.into); *into == "" {
		*into = value[:min(len(value), 4*mostSaid)]
	}
}
