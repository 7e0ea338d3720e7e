package richtext

import (
	"html/template"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// Resolver tells the renderer what the references of a body stand for now.
// Nil functions know nothing.
type Resolver struct {
	// Link turns "ref:…" into an address. If it says no, a link to an old
	// address of the site leads to that address; others become plain text.
	Link func(ref string) (url string, ok bool)
	// Title is what something of ours is called, and its language, where that is
	// not the body's; empty: not known. A link whose words are its old address
	// has this for its words.
	Title func(ref string) (title, lang string)
	// Media returns a medium; a figure whose medium is unknown is left out.
	Media func(id int64) (m Media, ok bool)
	// Words gives the interface words "body.footnote" and "body.back" (with the
	// note's number, n), "body.gallery" (with the number of its pictures, n),
	// "body.file" (with its name), "body.table". args are pairs of a
	// placeholder's name and its value.
	Words func(key string, args ...any) string
	// Dir gives the direction, "ltr" or "rtl", of a passage in the language of a
	// BCP 47 tag where the body's own is another; "" where it is the same.
	Dir func(lang string) string
	// OwnHost is the host of the site's own absolute links.
	OwnHost string
}

// Media is a medium as the page needs it. URL is a path on this site or an
// http(s) address; Caption, Credit and Alt are plain text and yield to the
// block's own. Width and Height are in CSS pixels, 0 if unknown.
type Media struct {
	URL, Alt, Caption, Credit, Mime string
	// Lang is the BCP 47 tag of Alt, Caption and Credit where they are not in the
	// body's language.
	Lang          string
	Width, Height int
	// Class are classes of the img.
	Class string
	// Sources are the ways to have a picture, for a browser to choose from; the
	// last is for the img itself. Small are those for pictures of a gallery.
	Sources, Small []Source
}

// Source is a way to have a picture: a media type ("": any) and the values of
// the attributes srcset and sizes, whose addresses are paths on this site.
type Source struct {
	Type, Srcset, Sizes string
}

// Render returns the body as readers get it, its footnotes at the end.
func (d Doc) Render(r Resolver) template.HTML {
	w := d.renderer(r)
	b := make([]byte, 0, d.sizeHint()*5/4)
	b = w.body(b, d)
	b = w.notes(b, d)
	return template.HTML(b)
}

// RenderParts is Render with the footnotes apart, for pages that set them
// below the text; notes is empty if there are none.
func (d Doc) RenderParts(r Resolver) (body, notes template.HTML) {
	w := d.renderer(r)
	b := w.body(make([]byte, 0, d.sizeHint()*5/4), d)
	n := w.notes(nil, d)
	return template.HTML(b), template.HTML(n)
}

type renderer struct {
	r       Resolver
	numbers map[string]int // footnotes in the order of their first mention
	order   []string       // ids by number
	called  map[string]int // mentions printed so far
	small   bool           // within a gallery
	above   []int          // levels, as stored, of the headings that the present one stands under
}

// shown is the level that a heading is printed with: one below the heading that it
// stands under, because a skipped level is a gap to those who go by headings. The
// page's own is 1; equal ones under the same heading stay equal.
func (w *renderer) shown(level int) int {
	n := len(w.above)
	for n > 0 && w.above[n-1] >= level {
		n--
	}
	w.above = append(w.above[:n], level)
	return 1 + len(w.above)
}

func (d Doc) renderer(r Resolver) *renderer {
	w := &renderer{r: r}
	for i := range d.Blocks {
		if d.Blocks[i].Kind == Footnote {
			if w.numbers == nil {
				w.numbers, w.called = map[string]int{}, map[string]int{}
			}
			w.numbers[d.Blocks[i].ID] = 0
		}
	}
	if w.numbers == nil {
		return w
	}
	number := func(id string) {
		if n, ok := w.numbers[id]; ok && n == 0 {
			w.order = append(w.order, id)
			w.numbers[id] = len(w.order)
		}
	}
	eachSpans(d.Blocks, func(spans []Span) {
		for i := range spans {
			if spans[i].Kind == NoteRef {
				number(spans[i].Text)
			}
		}
	})
	for i := range d.Blocks {
		if d.Blocks[i].Kind == Footnote {
			number(d.Blocks[i].ID)
		}
	}
	return w
}

func (w *renderer) word(key, english string, args ...any) string {
	if w.r.Words != nil {
		if s := w.r.Words(key, args...); s != "" {
			return s
		}
	}
	return english
}

func (w *renderer) body(b []byte, d Doc) []byte {
	for i := range d.Blocks {
		n := len(b)
		b = w.block(b, &d.Blocks[i])
		if len(b) > n {
			b = append(b, '\n')
		}
	}
	return b
}

func (w *renderer) block(b []byte, k *Block) []byte {
	switch k.Kind {
	case Paragraph, Pull:
		return append(w.spans(openPara(b, k), k.Inline), "</p>"...)
	case Heading:
		tag := headingTag(w.shown(k.Level))
		b = append(appendOpen(b, tag, k.ID, ""), '>')
		return appendClose(w.spans(b, k.Inline), tag)
	case Quote:
		b = append(appendOpen(b, "blockquote", k.ID, "q"), '>')
		b = w.blocks(b, k.Children)
		if len(k.By) > 0 {
			// Not <footer>, for the same reason: who said it belongs to what was said.
			b = append(b, `<p class="said">`...)
			b = append(w.spans(b, k.By), "</p>"...)
		}
		return append(b, "</blockquote>"...)
	case Aside:
		// Not <aside>: reader modes take those away, and what a box tells with them.
		b = append(appendOpen(b, "div", k.ID, "box"), ` role="note">`...)
		return append(w.blocks(b, k.Children), "</div>"...)
	case List:
		b, tag := openList(b, k)
		for i := range k.Children {
			b = append(b, "<li>"...)
			b = w.spans(b, k.Children[i].Inline)
			b = append(w.blocks(b, k.Children[i].Children), "</li>"...)
		}
		return appendClose(b, tag)
	case Figure:
		return w.figure(b, k)
	case Gallery:
		start := len(b)
		b = appendOpen(b, "figure", k.ID, "gallery")
		b = append(appendAttr(b, "aria-label", w.word("body.gallery", "Gallery", "n", pictures(k))), '>')
		head := len(b)
		w.small = true
		b = w.blocks(b, k.Children)
		w.small = false
		if len(b) == head {
			return b[:start]
		}
		if len(k.Caption) > 0 {
			b = append(b, "<figcaption>"...)
			b = append(w.spans(b, k.Caption), "</figcaption>"...)
		}
		return append(b, "</figure>"...)
	case Card:
		return w.card(b, k)
	case Table:
		b = appendOpen(b, "div", k.ID, "tw")
		label := spansText(k.Caption)
		if label == "" {
			label = w.word("body.table", "Table")
		}
		b = append(b, ` tabindex="0" role="region"`...)
		b = append(appendAttr(b, "aria-label", fold(label)), "><table>"...)
		if len(k.Caption) > 0 {
			b = append(b, "<caption>"...)
			b = append(w.spans(b, k.Caption), "</caption>"...)
		}
		b = appendRows(b, k.Rows, true, w.spans)
		return append(b, "</table></div>"...)
	case Rule:
		return append(appendOpen(b, "hr", k.ID, ""), '>')
	case Code:
		b = append(appendOpen(b, "pre", k.ID, ""), ` tabindex="0"><code>`...)
		b = appendEscaped(b, k.Text, false)
		return append(b, "</code></pre>"...)
	}
	return b
}

func (w *renderer) blocks(b []byte, blocks []Block) []byte {
	for i := range blocks {
		b = w.block(b, &blocks[i])
	}
	return b
}

func (w *renderer) card(b []byte, k *Block) []byte {
	u, ok := cleanURL(k.Href)
	if !ok || !isWeb(u) {
		return b
	}
	host := hostOf(u)
	title := k.Text
	if title == "" {
		title = host
		if _, rest, ok := strings.Cut(u[8:], "/"); ok && rest != "" {
			if plain, err := url.PathUnescape(rest); err == nil {
				rest = nfc(strip(fold(plain)))
			}
			title = Excerpt(host+"/"+rest, 80)
		}
	}
	b = append(appendOpen(b, "figure", k.ID, "embed"), '>')
	b = w.anchor(b, u)
	b = appendEscaped(b, title, false)
	b = append(b, "</a>"...)
	if k.Text != "" {
		b = append(b, "<figcaption>"...)
		b = append(appendEscaped(b, host, false), "</figcaption>"...)
	}
	return append(b, "</figure>"...)
}

func (w *renderer) figure(b []byte, k *Block) []byte {
	if w.r.Media == nil {
		return b
	}
	m, ok := w.r.Media(k.Media)
	if !ok || !safeTarget(m.URL) {
		return b
	}
	alt, foreign := k.Text, m.Lang
	if alt == "" {
		alt = m.Alt
	} else {
		m.Lang = ""
	}
	b = append(appendOpen(b, "figure", k.ID, ""), '>')
	kind, _, _ := strings.Cut(m.Mime, "/")
	switch kind {
	case "image", "":
		b = w.img(b, m, alt)
	case "video":
		b = append(b, "<video"...)
		b = appendAttr(b, "src", m.URL)
		if alt != "" {
			b = appendAttr(b, "aria-label", alt)
		}
		b = appendSize(b, m)
		b = append(b, ` controls preload="metadata"></video>`...)
	case "audio":
		b = append(b, "<audio"...)
		b = appendAttr(b, "src", m.URL)
		if alt != "" {
			b = appendAttr(b, "aria-label", alt)
		}
		b = append(b, ` controls preload="metadata"></audio>`...)
	default:
		b = append(b, "<a"...)
		b = append(appendAttr(b, "href", m.URL), '>')
		if alt == "" {
			alt = w.word("body.file", "File", "name", path.Base(m.URL))
		}
		b = append(appendEscaped(b, alt, false), "</a>"...)
	}
	credit := k.Credit
	if credit == "" {
		credit = m.Credit
	}
	caption := len(k.Caption) > 0 || m.Caption != ""
	if caption || credit != "" {
		b = append(b, "<figcaption"...)
		if foreign != "" && len(k.Caption) == 0 && k.Credit == "" {
			b = w.appendLang(b, foreign)
		}
		b = append(b, '>')
		if len(k.Caption) > 0 {
			b = w.spans(b, k.Caption)
		} else {
			b = appendEscaped(b, m.Caption, false)
		}
		b = appendCredit(b, caption, credit)
		b = append(b, "</figcaption>"...)
	}
	return append(b, "</figure>"...)
}

// img prints a picture in the sizes that there are of it.
func (w *renderer) img(b []byte, m Media, alt string) []byte {
	sources := m.Sources
	if w.small {
		sources = m.Small
	}
	last := len(sources) - 1
	if last > 0 {
		b = append(b, "<picture>"...)
		for _, s := range sources[:last] {
			b = append(b, "<source"...)
			b = appendAttr(b, "type", s.Type)
			b = append(appendSources(b, s), '>')
		}
	}
	b = append(b, "<img"...)
	b = appendAttr(b, "src", m.URL)
	if last >= 0 {
		b = appendSources(b, sources[last])
	}
	b = appendAttr(b, "alt", alt)
	if m.Lang != "" && alt != "" {
		b = w.appendLang(b, m.Lang)
	}
	b = appendSize(b, m)
	if m.Class != "" {
		b = appendAttr(b, "class", m.Class)
	}
	b = append(b, ` loading="lazy" decoding="async">`...)
	if last > 0 {
		b = append(b, "</picture>"...)
	}
	return b
}

func appendSources(b []byte, s Source) []byte {
	return appendAttr(appendAttr(b, "srcset", s.Srcset), "sizes", s.Sizes)
}

func appendSize(b []byte, m Media) []byte {
	if m.Width > 0 && m.Height > 0 {
		b = appendAttr(b, "width", strconv.Itoa(m.Width))
		b = appendAttr(b, "height", strconv.Itoa(m.Height))
	}
	return b
}

// safeTarget reports whether an address from a resolver may stand in the page:
// a path of this site or http(s). The renderer is the last door.
func safeTarget(u string) bool {
	if strings.HasPrefix(u, "/") {
		return !strings.HasPrefix(u, "//") && !strings.ContainsAny(u, "\\\t\r\n")
	}
	_, ok := cleanURL(u)
	return ok && isWeb(u)
}

// target resolves the address of a link; false: there is none.
func (w *renderer) target(href string) (string, bool) {
	if strings.HasPrefix(href, "ref:") {
		if w.r.Link != nil {
			if u, ok := w.r.Link(href); ok && safeTarget(u) {
				return u, true
			}
		}
		old, ok := strings.CutPrefix(href, "ref:old/")
		if !ok {
			return "", false
		}
		href = "https://" + old
	}
	if strings.HasPrefix(href, "#") {
		return href, validID(href[1:])
	}
	return cleanURL(href)
}

// anchor opens a link. Links of the newsroom are recommendations, so no
// nofollow; noopener for readers who open them in a new window.
func (w *renderer) anchor(b []byte, u string) []byte {
	b = append(b, "<a"...)
	b = appendAttr(b, "href", u)
	if isWeb(u) && (w.r.OwnHost == "" || hostOf(u) != strings.TrimPrefix(w.r.OwnHost, "www.")) {
		b = append(b, ` rel="noopener"`...)
	}
	return append(b, '>')
}

// appendLang prints that what follows is in another language than the body, and
// its direction where that is another, too: browsers do not conclude it.
func (w *renderer) appendLang(b []byte, lang string) []byte {
	b = appendAttr(b, "lang", lang)
	if w.r.Dir == nil {
		return b
	}
	if dir := w.r.Dir(lang); dir == "ltr" || dir == "rtl" {
		b = appendAttr(b, "dir", dir)
	}
	return b
}

// spans is appendSpans for readers: references resolved, footnotes numbered.
func (w *renderer) spans(b []byte, spans []Span) []byte {
	var none Span
	prev := &none
	linked := false
	for i := range spans {
		s := &spans[i]
		from := fork(prev, s)
		b = w.close(b, prev.Marks, from, &linked)
		bit := 0
		for m := Mark(1); m < markEnd; m, bit = m<<1, bit+1 {
			if m < from || s.Marks&m == 0 {
				continue
			}
			if m == Link {
				if u, ok := w.target(s.Href); ok {
					b = w.anchor(b, u)
					linked = true
				}
				continue
			}
			b = append(b, '<')
			b = append(b, markTags[bit]...)
			switch {
			case m == Language:
				b = w.appendLang(b, s.Lang)
			case m == Abbr && s.Title != "":
				b = appendAttr(b, "title", s.Title)
			}
			b = append(b, '>')
		}
		switch s.Kind {
		case Text:
			b = w.text(b, s)
		case Break:
			b = append(b, "<br>"...)
		case NoteRef:
			b = w.noteRef(b, s.Text)
		}
		prev = s
	}
	return w.close(b, prev.Marks, 1, &linked)
}

// text prints words. An old address that stands for itself is called what it
// leads to is called now.
func (w *renderer) text(b []byte, s *Span) []byte {
	if w.r.Title != nil && strings.HasPrefix(s.Href, "ref:old/") && looksWeb(s.Text) && isAddress(s.Text, s.Href) {
		if title, lang := w.r.Title(s.Href); title != "" {
			if lang == "" {
				return appendEscaped(b, title, false)
			}
			b = append(w.appendLang(append(b, "<span"...), lang), '>')
			return append(appendEscaped(b, title, false), "</span>"...)
		}
	}
	return appendEscaped(b, s.Text, false)
}

// isAddress reports whether a text is the address that a reference to an old
// one was made of.
func isAddress(text, ref string) bool {
	key := func(s string) string {
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
		return strings.TrimRight(strings.TrimPrefix(strings.ToLower(nfc(s)), "www."), "/")
	}
	_, at, _ := strings.Cut(text, "://")
	return key(at) == key(strings.TrimPrefix(ref, "ref:old/"))
}

func (w *renderer) close(b []byte, open, from Mark, linked *bool) []byte {
	bit := len(markTags) - 1
	for m := markEnd >> 1; m >= from && m > 0; m, bit = m>>1, bit-1 {
		if open&m == 0 {
			continue
		}
		if m == Link {
			if !*linked {
				continue
			}
			*linked = false
		}
		b = appendClose(b, markTags[bit])
	}
	return b
}

// noteRef prints the number of a footnote. The first mention has the anchor
// that the note leads back to.
func (w *renderer) noteRef(b []byte, id string) []byte {
	n := w.numbers[id]
	if n == 0 {
		return b
	}
	num := strconv.Itoa(n)
	b = append(b, `<sup><a href="#fn`...)
	b = append(b, num...)
	b = append(b, '"')
	if w.called[id] == 0 {
		b = appendAttr(b, "id", "r"+num)
	}
	w.called[id]++
	b = appendAttr(b, "aria-label", w.word("body.footnote", "Footnote "+num, "n", n))
	b = append(b, '>')
	b = append(b, num...)
	return append(b, "</a></sup>"...)
}

// pictures is how many figures a gallery has.
func pictures(k *Block) int {
	n := 0
	for i := range k.Children {
		if k.Children[i].Kind == Figure {
			n++
		}
	}
	return n
}

func (w *renderer) notes(b []byte, d Doc) []byte {
	if len(w.order) == 0 {
		return b
	}
	byID := make(map[string]*Block, len(w.order))
	for i := range d.Blocks {
		if d.Blocks[i].Kind == Footnote {
			byID[d.Blocks[i].ID] = &d.Blocks[i]
		}
	}
	b = append(b, `<ol class="notes">`...)
	for i, id := range w.order {
		num := strconv.Itoa(i + 1)
		b = append(appendOpen(b, "li", "fn"+num, ""), "><span>"...)
		b = append(b, num...)
		b = append(b, "</span><span>"...)
		b = w.spans(b, byID[id].Inline)
		if w.called[id] > 0 {
			b = append(b, ` <a class="link" href="#r`...)
			b = append(b, num...)
			b = append(b, '"')
			b = append(appendAttr(b, "aria-label", w.word("body.back", "↑ "+num, "n", i+1)), ">↑</a>"...)
		}
		b = append(b, "</span></li>"...)
	}
	return append(b, "</ol>\n"...)
}
