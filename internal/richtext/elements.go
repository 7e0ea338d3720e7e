package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// attrs are the attributes that the sanitiser looks at.
type attrs struct {
	id, name, class, href, src, alt, title, lang, start, style, align string
	colspan, rowspan, width, height                                   string
	lazy                                                              string // data-src and its relatives
	all                                                               map[string]string
}

// imgAttrs is what picture needs of an img, video or audio element.
type imgAttrs = attrs

func (at *attrs) read(b *builder, z *html.Tokenizer, a atom.Atom) {
	media := a == atom.Img || a == atom.Video || a == atom.Audio
	if media && b.opt.Image != nil {
		at.all = map[string]string{}
	}
	for more := true; more; {
		var k, v []byte
		k, v, more = z.TagAttr()
		set := func(p *string) {
			if *p == "" { // the first of two wins, as in browsers
				*p = string(v)
			}
		}
		switch string(k) {
		case "id":
			set(&at.id)
		case "name":
			if a == atom.A { // how places were marked before HTML 4
				set(&at.name)
			}
		case "class":
			set(&at.class)
		case "href":
			set(&at.href)
		case "src":
			set(&at.src)
		case "alt":
			set(&at.alt)
		case "title":
			set(&at.title)
		case "lang", "xml:lang":
			set(&at.lang)
		case "start":
			set(&at.start)
		case "style":
			set(&at.style)
		case "align":
			set(&at.align)
		case "colspan":
			set(&at.colspan)
		case "rowspan":
			set(&at.rowspan)
		case "width":
			set(&at.width)
		case "height":
			set(&at.height)
		case "data-src", "data-lazy-src", "data-original":
			set(&at.lazy)
		default:
			if len(k) > 2 && k[0] == 'o' && k[1] == 'n' {
				b.note("removed-script", string(k))
			}
		}
		if at.all != nil && len(at.all) < 40 {
			if _, had := at.all[string(k)]; !had {
				at.all[string(k)] = string(v)
			}
		}
	}
}

// has reports whether a class list names one of the classes.
func has(class string, names ...string) bool {
	for len(class) > 0 {
		var one string
		class = strings.TrimLeft(class, " \t\n\f\r")
		if i := strings.IndexAny(class, " \t\n\f\r"); i >= 0 {
			one, class = class[:i], class[i:]
		} else {
			one, class = class, ""
		}
		for _, n := range names {
			if one == n {
				return true
			}
		}
	}
	return false
}

// start takes a start tag.
func (b *builder) start(a atom.Atom, z *html.Tokenizer, more, self bool) {
	if b.top().kind == fPre {
		switch a {
		case atom.Br:
			b.preText([]byte{'\n'})
		case atom.P, atom.Div, atom.Li:
			if n := len(b.text); n > 0 && b.text[n-1] != '\n' {
				b.preText([]byte{'\n'})
			}
		}
		return
	}
	var at attrs
	if more {
		at.read(b, z, a)
		b.place(at.id)
		b.place(at.name)
	}
	switch a {
	case 0, atom.Html, atom.Body, atom.Head, atom.Wbr, atom.Col, atom.Colgroup, atom.Area, atom.Param,
		atom.Source, atom.Track:
		return
	case atom.Script:
		b.note("removed-script", strings.TrimSpace("script "+trimURL(at.src)))
		return
	case atom.Style, atom.Noscript, atom.Noembed, atom.Noframes, atom.Title, atom.Textarea, atom.Xmp,
		atom.Meta, atom.Link, atom.Base, atom.Input, atom.Frame:
		b.note("removed-element", a.String())
		return
	case atom.Iframe, atom.Embed:
		src := trimURL(at.src)
		if at.lazy != "" && (src == "" || !strings.HasPrefix(src, "//") && !isWeb(strings.ToLower(src))) {
			src = at.lazy // a plugin put "about:blank" there until a reader comes near
		}
		if src == "" {
			b.note("removed-element", a.String())
		}
		b.card(src, at.title)
		return
	case atom.Svg, atom.Select, atom.Template, atom.Canvas, atom.Datalist, atom.Map:
		b.note("removed-element", a.String())
		if !self {
			b.skip, b.skips = a, 1
		}
		return
	case atom.Video, atom.Audio:
		b.media, b.skip, b.skips = &at, a, 1
		return
	case atom.Br:
		b.newLine()
		return
	case atom.Img, atom.Image:
		b.picture(&at, false)
		return
	case atom.Cite:
		if b.innermost().kind == fQuote {
			b.push(frame{kind: fSpeaker, atom: a, space: true, lang: cleanLang(at.lang)})
			return
		}
	}
	if inlineElement(a) {
		b.startInline(a, &at)
		return
	}
	b.startBlock(a, &at)
}

// place notes that links may lead here: to the top-level block that is
// complete next.
func (b *builder) place(name string) {
	if name != "" && len(name) <= 200 && len(b.places)+len(b.here) < maxPlaces {
		b.here = append(b.here, name)
	}
}

// closePara ends what a block element ends: the open paragraph, or in a
// heading, item, cell … the line.
func (b *builder) closePara() {
	i := b.inner()
	f := &b.frames[i]
	switch f.kind {
	case fPara, fPull:
		b.popTo(i)
	case fHeading:
		if hasWords(f.spans) || len(b.text) > 0 {
			b.popTo(i)
			return
		}
		f.brk = true
	case fItem, fCell, fCaption, fSpeaker, fNote:
		f.brk = true
	}
}

func (b *builder) startBlock(a atom.Atom, at *attrs) {
	lang := cleanLang(at.lang)
	id := at.id
	if len(id) > 200 {
		id = ""
	}
	f := frame{kind: fPlain, atom: a, lang: lang, class: at.class, space: true}
	f.blk.ID = id
	room := len(b.frames) < maxFrames
	switch a {
	case atom.Li:
		switch i := b.find(fItem, fList, fCell, fCaption, fQuote, fAside, fFigure, fRoot); b.frames[i].kind {
		case fItem:
			b.popTo(i)
			f.kind = fItem
			b.push(f)
			return
		case fList:
			b.popTo(i + 1)
			f.kind = fItem
			b.push(f)
			return
		}
	case atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Caption:
		if i := b.find(fTable); i >= 0 {
			b.popTo(i + 1)
			t := b.top()
			switch a {
			case atom.Tr:
				t.blk.Rows = append(t.blk.Rows, Row{Head: t.head})
				t.row = true
				b.spend(0)
			case atom.Td, atom.Th:
				b.cell(a, at)
			case atom.Caption:
				f.kind = fCaption
				b.push(f)
			default:
				t.head, t.row = a == atom.Thead, false
			}
			return
		}
	case atom.Figcaption:
		if b.caption(f) {
			return
		}
	case atom.P, atom.Dd, atom.Div: // as the old editor's pages had it, before HTML 5
		if has(at.class, "wp-caption-text") && b.caption(f) {
			return
		}
	}
	b.closePara()
	if b.cellList(a) {
		return
	}
	in := b.innermost().kind
	box := in == fRoot || in == fQuote || in == fAside || in == fFigure
	switch a {
	case atom.Hr:
		if box {
			b.emit(Block{Kind: Rule, ID: id})
		}
		return
	case atom.P:
		if box {
			f.kind = fPara
			if has(at.class, "pull") && in != fQuote && in != fAside {
				f.kind = fPull
			}
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if box {
			f.kind = fHeading
			f.blk.Level = min(max(int(a.String()[1]-'0'), 2), 4)
		}
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		// WordPress once wrote galleries as lists of figures
		gallery := in == fFigure && has(b.innermost().class, "wp-block-gallery", "gallery")
		if room && !gallery && b.listDepth() < maxListDepth {
			f.kind = fList
			f.blk.Kind = List
			if a == atom.Ol {
				f.blk.Ordered, f.blk.Level = true, 1
				if n, err := strconv.Atoi(at.start); err == nil && n >= 0 && n <= maxStart {
					f.blk.Level = n
				}
			}
		}
	case atom.Table:
		if room {
			f.kind = fTable
			f.blk.Kind = Table
		}
	case atom.Figure:
		if room {
			f.kind = fFigure
		}
	case atom.Div, atom.Dl:
		if room && box && (has(at.class, "wp-caption", "gallery-item") || has(at.class, "gallery") && strings.Contains(at.class, "galleryid-")) {
			f.kind = fFigure
		}
	case atom.Blockquote:
		if room && b.find(fQuote) < 0 {
			f.kind = fQuote
			f.blk.Kind = Quote
		}
	case atom.Footer:
		if in == fQuote {
			f.kind = fSpeaker
		}
	case atom.Aside:
		switch {
		case has(at.class, "note") && in == fRoot:
			f.kind = fNote
		case room && b.find(fAside, fQuote) < 0 && box:
			f.kind = fAside
			f.blk.Kind = Aside
		}
	case atom.Pre, atom.Listing:
		switch {
		case has(at.class, "wp-block-verse") && box:
			f.kind, f.lineEnds = fPara, true
		case room:
			f.kind = fPre
			f.blk.Kind = Code
		}
	}
	b.push(f)
}

// caption opens the caption of the innermost figure; false: there is none.
func (b *builder) caption(f frame) bool {
	i := b.find(fFigure)
	if i >= 0 {
		b.popTo(i + 1)
		f.kind = fCaption
		b.push(f)
	}
	return i >= 0
}

// cellList takes lists within a cell, which holds words alone: each item is a line
// of it with its mark, class of the cell until there are words. Blk.Level of the cell is the next number; below 0 lists
// are in lists, and all have the mark of those without numbers.
func (b *builder) cellList(a atom.Atom) bool {
	cell := b.innermost()
	if cell.kind != fCell {
		return false
	}
	next := &cell.blk.Level
	switch a {
	case atom.Ol:
		if *next++; *next != 1 {
			*next = -1
		}
	case atom.Ul, atom.Menu, atom.Dir:
		if *next != 0 {
			*next = -1
		}
	case atom.Li:
		cell.class = "• "
		if *next > 0 {
			cell.class = strconv.Itoa(*next) + ". "
			*next++
		}
	default:
		return false
	}
	return true
}

// listDepth counts the lists that the next one would be nested in.
func (b *builder) listDepth() int {
	n := 0
	for i := len(b.frames) - 1; i >= 0; i-- {
		switch b.frames[i].kind {
		case fList:
			n++
		case fPlain, fItem:
		default:
			return n
		}
	}
	return n
}

// cell opens a cell; the table is the top frame.
func (b *builder) cell(a atom.Atom, at *attrs) {
	t := b.top()
	if !t.row {
		t.blk.Rows = append(t.blk.Rows, Row{Head: t.head})
		t.row = true
	}
	c := Cell{Head: a == atom.Th, ColSpan: spanOf(at.colspan), RowSpan: spanOf(at.rowspan)}
	c.Number = has(at.class, "r", "has-text-align-right") || strings.EqualFold(at.align, "right") ||
		strings.Contains(strings.ReplaceAll(at.style, " ", ""), "text-align:right")
	row := &t.blk.Rows[len(t.blk.Rows)-1]
	row.Cells = append(row.Cells, c)
	b.spend(16)
	b.push(frame{kind: fCell, atom: a, space: true, lang: cleanLang(at.lang)})
}

func spanOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 2 {
		return 0
	}
	return min(n, maxSpan)
}

// creditMark marks the words of a picture's credit until the caption ends.
const creditMark = markEnd

// citeMark marks the words of a <cite> until the quotation ends: at its end they
// say who said it.
const citeMark = markEnd << 1

func (b *builder) startInline(a atom.Atom, at *attrs) {
	b.flush()
	b.dirty = true
	if a == atom.A {
		b.endInline(a) // a link ends the one before (HTML, "in body", a)
	}
	if len(b.inline) >= maxInline {
		return
	}
	e := inl{atom: a, lang: cleanLang(at.lang)}
	switch a {
	case atom.A:
		b.link(&e, at)
	case atom.B, atom.Strong:
		if !declares(at.style, "font-weight:normal") {
			e.mark = Strong
		}
	case atom.Cite:
		if b.innermost().kind != fSpeaker { // who is named there is named already
			e.mark = Em | citeMark
		}
	case atom.I, atom.Em, atom.Dfn, atom.Var:
		e.mark = Em
	case atom.S, atom.Strike, atom.Del:
		e.mark = Strike
	case atom.Sub:
		e.mark = Sub
	case atom.Sup:
		e.mark = Sup
	case atom.Abbr, atom.Acronym:
		e.mark, e.title = Abbr, line(at.title)
	case atom.Q:
		e.mark = QuoteMark
	case atom.Bdi, atom.Bdo:
		e.mark = Isolate
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		e.mark = CodeMark
	case atom.Span:
		switch {
		case has(at.class, "credit") && b.innermost().kind == fCaption:
			e.mark = creditMark
		case at.style != "":
			if declares(at.style, "font-weight:bold") || declares(at.style, "font-weight:bolder") || declares(at.style, "font-weight:700") {
				e.mark |= Strong
			}
			if declares(at.style, "font-style:italic") {
				e.mark |= Em
			}
		}
	}
	b.inline = append(b.inline, e)
}

// declares reports whether a style attribute has a declaration. Word writes others
// that end alike: mso-bidi-font-weight:normal, on what is bold.
func declares(style, declaration string) bool {
	for part := range strings.SplitSeq(style, ";") {
		part = strings.ToLower(strings.Join(strings.Fields(part), ""))
		if strings.TrimSuffix(part, "!important") == declaration {
			return true
		}
	}
	return false
}

// link decides where a link leads.
func (b *builder) link(e *inl, at *attrs) {
	raw := at.href
	if raw == "" {
		return
	}
	e.raw = raw
	if trimmed := trimURL(raw); strings.HasPrefix(trimmed, "#") {
		target := strip(trimmed[1:])
		if target == "" || len(target) > 200 {
			return
		}
		b.hashes = true
		e.mark, e.href = Link, "#"+target
		if has(at.class, "fn") && b.innermost().kind >= fPara {
			f := b.top()
			s := b.marks()
			s.Kind, s.Text, s.Href = NoteRef, target, e.href
			s.Marks |= Link
			f.spans = append(f.spans, s)
			f.space = false
			b.spend(len(target))
		}
		return
	}
	if b.opt.Link != nil {
		if ref, ok := b.opt.Link(raw); ok {
			if ref, ok = cleanHref(ref); ok {
				e.mark, e.href = Link, ref
				if _, place, _ := strings.Cut(raw, "#"); place != "" {
					b.note("place-elsewhere", raw)
				}
				return
			}
		}
	}
	if strings.HasPrefix(raw, "ref:") && !b.opt.Foreign {
		if ref, ok := cleanRef(raw); ok {
			e.mark, e.href = Link, ref
			return
		}
	}
	u, ok := cleanURL(raw)
	if !ok {
		b.note("bad-url", raw)
		return
	}
	e.mark, e.href = Link, u
}

// endInline takes the end tag of an inline element.
func (b *builder) endInline(a atom.Atom) {
	for i := len(b.inline) - 1; i >= b.top().base; i-- {
		if b.inline[i].atom == a {
			b.flush()
			b.inline = append(b.inline[:i], b.inline[i+1:]...)
			b.dirty = true
			return
		}
	}
}

// end takes an end tag.
func (b *builder) end(a atom.Atom) {
	if b.top().kind == fPre && (inlineElement(a) || a == atom.P || a == atom.Div) {
		return
	}
	switch {
	case a == 0:
		return
	case a == atom.Br:
		b.newLine()
		return
	case a == atom.Cite && b.innermost().kind == fSpeaker && b.innermost().atom == a:
	case inlineElement(a):
		b.endInline(a)
		return
	}
	tabular := false
	switch a {
	case atom.Ol, atom.Ul, atom.Li:
		if cell := b.innermost(); cell.kind == fCell {
			cell.class, cell.brk = "", true
			if a == atom.Ol && cell.blk.Level > 0 {
				cell.blk.Level = 0
			}
			return
		}
	case atom.Tr, atom.Thead, atom.Tbody, atom.Tfoot:
		if i := b.find(fTable); i >= 0 {
			b.popTo(i + 1)
			b.top().row = false
			if a != atom.Tr {
				b.top().head = false
			}
		}
		return
	case atom.Td, atom.Th, atom.Table:
		tabular = true
	}
	for i := len(b.frames) - 1; i > 0; i-- {
		f := &b.frames[i]
		if f.atom == a || f.kind == fHeading && isHeading(a) {
			b.popTo(i)
			if g := b.innermost(); g.kind >= fHeading {
				g.brk = true
			}
			return
		}
		if f.kind == fCell && !tabular {
			return
		}
	}
	if a == atom.P && b.innermost().kind == fPara { // its beginning was ended by a blank line, or never was
		b.closePara()
	}
}

func isHeading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}
