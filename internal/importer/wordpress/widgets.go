package wordpress

import (
	"html"
	"net/url"
	"slices"
	"strings"

	htmlx "golang.org/x/net/html"
)

// widgetHints stand in every text that has a widget. Most texts have none of
// them, and are not looked at any closer.
var widgetHints = []string{"<script", "data-", "embed", "widget", "twitter-", "<fb:"}

// maxWidgets bounds the open elements that may be widgets.
const maxWidgets = 64

// widgets puts cards in place of what a page's scripts fill when a reader
// opens it: posts of social networks, maps, diagrams. Of such a widget the text
// has only an address: an attribute, an id, or that of the script itself.
// Readers' words within its element stay.
func (c *conv) widgets(src string) string {
	if !slices.ContainsFunc(widgetHints, func(s string) bool { return strings.Contains(src, s) }) {
		return src
	}
	w := widgeter{c: c, out: make([]byte, 0, len(src)+256), filled: map[string]bool{}}
	w.read(src)
	for _, l := range w.lost {
		if l.id == "" || !w.filled[l.id] {
			c.note("widget", "what a script of the old site filled was left out: "+l.lost)
		}
	}
	return string(w.out)
}

// widget is an open element that a script fills, or may.
type widget struct {
	name, id string
	depth    int    // elements of that name open in it, itself among them
	at       int    // where it begins in the output
	address  string // what it shows; empty: not known
	title    string
	last     bool   // its address is that of the last link in it
	lost     string // what an editor is told when it is empty and shows nobody knows what
	full     bool   // readers see something in it
	linked   bool   // what they see leads to the address
}

// held is an element of which the tokenizer reads the inside as one text.
type held struct {
	name      string
	attrs     map[string]string
	raw, text string
}

// widgeter goes through a text once.
type widgeter struct {
	c      *conv
	out    []byte
	open   []widget
	lost   []widget
	filled map[string]bool // ids of elements that a script fills
	hold   held
	link   string // address of the link that is open
	pre    int    // elements of code that are open

	// A script's card waits for its <noscript>, which may name what it shows.
	address, title, gap string
}

func (w *widgeter) read(src string) {
	z := htmlx.NewTokenizer(strings.NewReader(src))
	at := 0
	for {
		tt := z.Next()
		if tt == htmlx.ErrorToken {
			break
		}
		raw := src[at:min(at+len(z.Raw()), len(src))] // before the tokenizer decodes it in place
		at += len(raw)
		switch tt {
		case htmlx.TextToken:
			w.words(raw)
		case htmlx.StartTagToken, htmlx.SelfClosingTagToken:
			name, attrs := readTag(z)
			w.start(name, attrs, raw)
		case htmlx.EndTagToken:
			name, _ := z.TagName()
			w.end(string(name), raw)
		default:
			w.write(raw)
		}
	}
	w.write(w.hold.raw)
	for len(w.open) > 0 {
		w.close()
	}
	w.flush()
	w.out = append(w.out, src[at:]...)
}

func readTag(z *htmlx.Tokenizer) (string, map[string]string) {
	n, more := z.TagName()
	name := string(n)
	switch name {
	case "a", "blockquote", "div", "fb:post", "fb:video", "oembed", "script", "section", "span":
	default:
		return name, nil
	}
	attrs := map[string]string{}
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		if _, had := attrs[string(k)]; !had && len(attrs) < 60 && len(v) <= 4096 {
			attrs[string(k)] = string(v)
		}
	}
	return name, attrs
}

func (w *widgeter) write(raw string) {
	if w.address != "" {
		if strings.TrimSpace(raw) == "" {
			w.gap += raw
			return
		}
		w.flush()
	}
	w.out = append(w.out, raw...)
}

// flush writes the card that waits.
func (w *widgeter) flush() {
	if w.address == "" {
		return
	}
	w.card(w.address, w.title)
	w.out = append(w.out, w.gap...)
	w.address, w.title, w.gap = "", "", ""
}

// card writes a card; what it stands in is not empty any more.
func (w *widgeter) card(address, title string) {
	made := card(html.EscapeString(address), html.EscapeString(title))
	if made == "" {
		return
	}
	w.out = append(w.out, made...)
	if u, err := url.Parse(address); err == nil {
		w.c.note("embed", strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."))
	}
	for i := range w.open {
		w.open[i].full = true
	}
}

func (w *widgeter) words(raw string) {
	if w.hold.name != "" {
		w.hold.raw += raw
		w.hold.text += raw
		return
	}
	if len(w.open) > 0 && strings.Trim(html.UnescapeString(raw), " \t\r\n\u00a0") != "" {
		for i := range w.open {
			o := &w.open[i]
			o.full = true
			o.linked = o.linked || sameTarget(w.link, o.address)
		}
	}
	w.write(raw)
}

func (w *widgeter) start(name string, attrs map[string]string, raw string) {
	switch {
	case w.hold.name != "":
		w.hold.raw += raw
		return
	case name == "pre" || name == "textarea":
		w.pre++
	case w.pre > 0:
	case name == "script" || name == "noscript":
		w.hold = held{name: name, attrs: attrs, raw: raw}
		return
	case name == "a":
		w.link = absoluteURL(attrs["href"])
		for i := range w.open {
			if o := &w.open[i]; o.last {
				o.address, o.linked = w.link, false
			}
		}
	case !hollow[name]:
		for i := range w.open {
			w.open[i].full = true
		}
	}
	if o, ok := widgetOf(name, attrs); ok && w.pre == 0 && len(w.open) < maxWidgets {
		w.flush()
		o.name, o.id, o.depth, o.at = name, attrs["id"], 1, len(w.out)
		w.open = append(w.open, o)
	} else if i := w.innermost(name); i >= 0 {
		w.open[i].depth++
	}
	w.write(raw)
}

// hollow are elements in which readers see nothing but what they hold.
var hollow = map[string]bool{
	"div": true, "section": true, "span": true, "p": true, "br": true, "a": true, "i": true, "b": true, "em": true, "strong": true,
	"blockquote": true, "center": true, "figure": true, "script": true, "noscript": true, "time": true, "fb:post": true, "fb:video": true,
}

func (w *widgeter) innermost(name string) int {
	for i := len(w.open) - 1; i >= 0; i-- {
		if w.open[i].name == name {
			return i
		}
	}
	return -1
}

func (w *widgeter) end(name, raw string) {
	if h := &w.hold; h.name != "" {
		h.raw += raw
		if h.name == name {
			done := *h
			*h = held{}
			w.done(done)
		}
		return
	}
	switch name {
	case "pre", "textarea":
		w.pre = max(w.pre-1, 0)
	case "a":
		w.link = ""
	}
	w.flush()
	w.write(raw)
	i := w.innermost(name)
	if i < 0 {
		return
	}
	if w.open[i].depth--; w.open[i].depth == 0 {
		for len(w.open) > i {
			w.close()
		}
	}
}

// close ends the innermost widget.
func (w *widgeter) close() {
	w.flush()
	o := w.open[len(w.open)-1]
	w.open = w.open[:len(w.open)-1]
	switch {
	case webURL(o.address) == "":
		if !o.full && o.lost != "" {
			w.lost = append(w.lost, o)
		}
	case !o.full:
		w.out = w.out[:o.at]
		w.card(o.address, o.title)
	case !o.linked && !o.last:
		w.card(o.address, o.title)
	}
}

// done decides what becomes of a script or a noscript.
func (w *widgeter) done(h held) {
	if h.name == "noscript" {
		if w.address == "" {
			w.out = append(w.out, h.raw...)
			return
		}
		if m := altText.FindStringSubmatch(h.text); m != nil && w.title == "" {
			w.title = html.UnescapeString(m[1] + m[2])
		}
		return
	}
	if address, title, fills := scripted(h.attrs, h.text); address != "" {
		w.flush()
		w.address, w.title = address, title
		w.filled[fills] = true
		return
	}
	if !loads(h.attrs["src"]) && !loads(h.text) {
		w.write(h.raw) // which the sanitiser drops, with a note
	}
}

// sameTarget reports whether two addresses lead to one thing.
func sameTarget(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	key := func(s string) string {
		u, err := url.Parse(s)
		if err != nil {
			return s
		}
		path := strings.TrimRight(u.Path, "/")
		if strings.HasSuffix(path, ".php") || strings.HasSuffix(path, "/watch") {
			path += "?" + u.RawQuery
		}
		return siteKey(u.Hostname()) + path
	}
	return key(a) == key(b)
}

// absoluteURL is an address of the web; those without a scheme have https.
func absoluteURL(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "//") {
		s = "https:" + s
	}
	return webURL(s)
}
