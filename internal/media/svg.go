package media

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"dateline/internal/fault"
)

const (
	svgSpace   = "http://www.w3.org/2000/svg"
	xlinkSpace = "http://www.w3.org/1999/xlink"
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"

	maxSVGDepth    = 200
	maxSVGElements = 200_000
	// maxSVGDrawn bounds what a browser draws after all references are
	// followed: ten lines of nested <use> can ask for a billion shapes.
	maxSVGDrawn = 1_000_000
)

func brokenSVG(format string, args ...any) error {
	return fault.Field("file", "a broken SVG: "+format, args...)
}

// cleanSVG writes a drawing anew with only what draws: elements and attributes
// of our lists, references to parts of itself, pictures that it carries as
// data. Everything else is left out; a drawing that is no well-formed XML, uses
// entities that hold others or is built to overwhelm a browser is refused. What was
// cleaned once is not changed by a second cleaning.
func cleanSVG(raw []byte) ([]byte, shape, error) { return cleanHeard(raw, nil) }

// cleanHeard is cleanSVG that tells whether it left a script out.
func cleanHeard(raw []byte, h *heard) ([]byte, shape, error) {
	c := &svgCleaner{ids: map[string]*svgPart{}, heard: h}
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(label, "us-ascii") {
			return in, nil
		}
		return nil, brokenSVG("it is not in UTF-8 but %q", label)
	}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = c.token(d, t)
		}
		if err != nil {
			if fault.Is(err, fault.Internal) {
				err = brokenSVG("%w", err)
			}
			return nil, shape{}, err
		}
	}
	if !c.seen {
		return nil, shape{}, brokenSVG("it is no SVG")
	}
	if n := c.root.drawn(map[*svgPart]bool{}, c.ids); n > maxSVGDrawn {
		return nil, shape{}, fault.Field("file", "a drawing of more than %d shapes", maxSVGDrawn)
	}
	return c.out.Bytes(), c.size, nil
}

// svgPart is an element with an id, or the whole: how many elements it has
// itself, the parts within it, and those it refers to.
type svgPart struct {
	own    int
	within []*svgPart
	refs   []string
	sum    int // all together; 0 not counted yet
}

// drawn counts elements after all references are followed. Circles, which
// browsers do not draw, end where they close.
func (p *svgPart) drawn(above map[*svgPart]bool, ids map[string]*svgPart) int {
	if p.sum > 0 || above[p] {
		return p.sum
	}
	above[p] = true
	n := p.own
	for _, q := range p.within {
		n = min(n+q.drawn(above, ids), maxSVGDrawn+1)
	}
	for _, id := range p.refs {
		if q := ids[id]; q != nil {
			n = min(n+1+q.drawn(above, ids), maxSVGDrawn+1)
		}
	}
	delete(above, p)
	p.sum = n
	return n
}

type svgCleaner struct {
	out      bytes.Buffer
	size     shape
	seen     bool // the root
	done     bool // its end
	elements int
	open     []svgOpen // the elements around
	root     svgPart
	ids      map[string]*svgPart
	heard    *heard // nil: nobody listens
}

type svgOpen struct {
	name string   // "": written without its tags
	part *svgPart // the innermost part around what is in it
}

func (c *svgCleaner) token(d *xml.Decoder, t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return c.start(d, t)
	case xml.EndElement:
		c.end()
	case xml.Directive:
		c.entities(d, string(t))
	case xml.CharData:
		if c.seen && !c.done {
			escape(&c.out, plain(string(t)))
		}
	}
	return nil // declarations, document types, comments and instructions are left out
}

var entity = regexp.MustCompile(`<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"&%<]{0,200})"|'([^'&%<]{0,200})')\s*>`)

// entities reads abbreviations, in which some drawing programs write their
// namespaces. Those that use others, and so can grow without end, are not read.
func (c *svgCleaner) entities(d *xml.Decoder, doctype string) {
	if c.seen || d.Entity != nil {
		return
	}
	d.Entity = map[string]string{}
	for _, m := range entity.FindAllStringSubmatch(doctype, 64) {
		d.Entity[m[1]] = m[2] + m[3]
	}
}

func (c *svgCleaner) start(d *xml.Decoder, t xml.StartElement) error {
	name := t.Name.Local
	if c.elements++; c.elements > maxSVGElements || len(c.open) > maxSVGDepth {
		return fault.Field("file", "a drawing of more than %d elements or %d levels", maxSVGElements, maxSVGDepth)
	}
	ours := t.Name.Space == svgSpace || t.Name.Space == ""
	c.heard.element(t)
	switch {
	case !c.seen && (!ours || name != "svg"):
		return brokenSVG("its root is %q", name)
	case c.done:
		return brokenSVG("something follows its end")
	case ours && svgUnwrapped[name]:
		if len(c.open) > 0 {
			c.open = append(c.open, svgOpen{"", c.open[len(c.open)-1].part})
		}
		return nil
	case !ours || !svgElements[name]:
		return d.Skip()
	case name == "style":
		return c.styleSheet(d)
	case name == "image" && pictureIn(t.Attr) == "":
		return d.Skip()
	}
	part := &c.root
	if n := len(c.open); n > 0 {
		part = c.open[n-1].part
	} else {
		c.seen, c.size = true, svgSize(t.Attr)
	}
	c.out.WriteString("<" + name)
	if len(c.open) == 0 {
		c.out.WriteString(` xmlns="` + svgSpace + `"`)
	}
	written := map[string]bool{}
	var refs []string
	for _, a := range t.Attr {
		key, value, ref := svgAttribute(name, a)
		if key == "" || written[key] {
			continue
		}
		written[key] = true
		refs = append(refs, ref...)
		if key == "id" && c.ids[value] == nil {
			p := &svgPart{}
			c.ids[value] = p
			part.within = append(part.within, p)
			part = p
		}
		c.out.WriteString(" " + key + `="`)
		escape(&c.out, value)
		c.out.WriteByte('"')
	}
	c.out.WriteByte('>')
	part.own++
	part.refs = append(part.refs, refs...)
	c.open = append(c.open, svgOpen{name, part})
	return nil
}

func (c *svgCleaner) end() {
	n := len(c.open) - 1
	if n < 0 {
		return
	}
	name := c.open[n].name
	c.open = c.open[:n]
	if name != "" {
		c.out.WriteString("</" + name + ">")
	}
	c.done = n == 0
}

// styleSheet keeps a style sheet that loads nothing, and leaves any other.
func (c *svgCleaner) styleSheet(d *xml.Decoder) error {
	var text strings.Builder
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 1 {
				text.Write(t)
			}
		}
	}
	css := plain(text.String())
	refs, ok := safeCSS(css)
	if !ok {
		return nil
	}
	c.root.refs = append(c.root.refs, refs...)
	c.out.WriteString("<style>")
	escape(&c.out, css)
	c.out.WriteString("</style>")
	return nil
}

var (
	urlCall  = regexp.MustCompile(`(?i)url\s*\(`)
	localURL = regexp.MustCompile(`(?i)^url\(\s*(["']?)#([^"'()\s\\<>]+)(["']?)\s*\)`)
	dataURL  = regexp.MustCompile(`^data:image/(?:png|jpeg|jpg|gif|webp);base64,[A-Za-z0-9+/=\s]*$`)
	localRef = regexp.MustCompile(`^#[^\s"'()<>\\]+$`)
)

// safeCSS reports whether a value or style sheet refers to nothing but parts of
// the drawing itself, and to which. Escapes, behind which words can hide from us
// and not from a browser, and whatever can load are refused, in comments too:
// where a comment begins and ends depends on the quotes around it.
func safeCSS(s string) (refs []string, ok bool) {
	low := strings.ToLower(s)
	for _, bad := range []string{`\`, "@import", "@font-face", "@namespace", "image-set", "image(", "src(", "cross-fade", "element(",
		"expression", "javascript:", "vbscript:", "-moz-binding", "behavior", "<", "attr("} {
		if strings.Contains(low, bad) {
			return nil, false
		}
	}
	for _, at := range urlCall.FindAllStringIndex(s, -1) {
		m := localURL.FindStringSubmatch(s[at[0]:])
		if m == nil || m[1] != m[3] {
			return nil, false
		}
		refs = append(refs, m[2])
	}
	return refs, true
}

// svgAttribute gives an attribute as it is kept, with the parts it refers to;
// key "" when it is not.
func svgAttribute(element string, a xml.Attr) (key, value string, refs []string) {
	key, value = a.Name.Local, plain(a.Value)
	switch a.Name.Space {
	case "":
	case "xml", xmlSpace:
		key = "xml:" + key
	case xlinkSpace, "xlink":
		if key != "href" {
			return "", "", nil
		}
	default:
		return "", "", nil
	}
	if key == "href" {
		value = strings.TrimSpace(value)
		switch {
		case element == "image" && dataURL.MatchString(value):
			return key, value, nil
		case svgRefers[element] && localRef.MatchString(value):
			return key, value, []string{value[1:]}
		}
		return "", "", nil
	}
	if !svgAttributes[key] {
		return "", "", nil
	}
	if key == "id" || key == "class" || strings.HasPrefix(key, "aria-") || key == "xml:lang" || key == "lang" {
		return key, value, nil
	}
	refs, ok := safeCSS(value)
	if !ok {
		return "", "", nil
	}
	return key, value, refs
}

// pictureIn is the picture that an image element carries; "" when it would
// have to be fetched.
func pictureIn(attrs []xml.Attr) string {
	for _, a := range attrs {
		if key, value, _ := svgAttribute("image", a); key == "href" {
			return value
		}
	}
	return ""
}

// plain leaves out characters that XML 1.0 has not and those that mark places
// in our pages. It comes before every check: what is dropped afterwards would
// join the halves of a forbidden word.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' || r >= ' ' && r != 0x7f && !(r >= 0xfdd0 && r <= 0xfdef) && r&0xfffe != 0xfffe {
			return r
		}
		return -1
	}, s)
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#13;")

// escape writes text for XML.
func escape(b *bytes.Buffer, s string) {
	xmlEscaper.WriteString(b, s) // a Buffer never fails
}

var length = regexp.MustCompile(`^\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,2})?)\s*(px|pt|pc|mm|cm|in|em|rem|ex)?\s*$`)

// units in CSS pixels (CSS Values 4 §6).
var units = map[string]float64{"": 1, "px": 1, "pt": 96.0 / 72, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "em": 16, "rem": 16, "ex": 8}

// svgSize reads width and height, else the view box, as browsers do: of one
// that is missing the view box gives the proportion. Without any, 300 × 150.
func svgSize(attrs []xml.Attr) shape {
	var w, h, bw, bh float64
	for _, a := range attrs {
		if a.Name.Space != "" {
			continue
		}
		switch a.Name.Local {
		case "width":
			w = pixels(a.Value)
		case "height":
			h = pixels(a.Value)
		case "viewBox":
			f := strings.FieldsFunc(a.Value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
			if len(f) == 4 {
				bw, bh = pixels(f[2]), pixels(f[3])
			}
		}
	}
	switch {
	case bw > 0 && bh > 0 && w == 0 && h == 0:
		w, h = bw, bh
	case bw > 0 && bh > 0 && w == 0:
		w = h * bw / bh
	case bw > 0 && bh > 0 && h == 0:
		h = w * bh / bw
	}
	if w == 0 {
		w = 300
	}
	if h == 0 {
		h = 150
	}
	return shape{whole(w), whole(h)}
}

// whole rounds to a size that can be drawn and multiplied.
func whole(f float64) int { return int(min(max(math.Round(f), 1), 9999)) }

func pixels(s string) float64 {
	m := length.FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	f, err := strconv.ParseFloat(m[1], 64)
	if err != nil || f < 0 || math.IsInf(f, 0) {
		return 0
	}
	return f * units[m[2]]
}
