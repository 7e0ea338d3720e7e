package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FromHTML reads HTML that anybody may have written into a body. It never
// fails; the notes tell what was changed or left out.
func FromHTML(src string, opt Options) (Doc, []Note) {
	b := builder{opt: opt}
	b.frames = append(make([]frame, 0, 12), frame{kind: fRoot, lang: cleanLang(opt.Lang)})
	b.text = make([]byte, 0, 512)
	b.read(html.NewTokenizer(strings.NewReader(src)))
	b.popTo(1)
	b.hoist()
	return Doc{Blocks: b.finish(b.frames[0].blk.Children)}, b.notes
}

// frameKind is what an open block element collects.
type frameKind uint8

const (
	fPlain frameKind = iota // div and the like: collects nothing itself
	fRoot
	fQuote
	fAside
	fFigure
	fList
	fTable
	fPara // from here on: collects words
	fHeading
	fPull
	fPre
	fItem
	fCell
	fCaption
	fSpeaker
	fNote
)

// frame is an open block element.
type frame struct {
	kind     frameKind
	atom     atom.Atom // 0: opened by us, no end tag will come
	blk      Block
	spans    []Span
	lang     string // language of the text in it
	class    string
	base     int  // inline elements below this index are outside of it
	space    bool // the words end in a space, a break or have not begun
	brk      bool // a break is due before the next word
	head     bool // fTable: in thead
	row      bool // fTable: a row is open
	lineEnds bool // fPara: ends of lines are breaks (verse)
	br       bool // the last break is a <br>, not an end of line
}

// inl is an open inline element.
type inl struct {
	atom  atom.Atom
	mark  Mark
	href  string
	title string
	lang  string
}

type builder struct {
	opt    Options
	frames []frame
	inline []inl
	text   []byte // words of the top frame not yet made a span
	now    Span   // marks in force
	dirty  bool   // now must be computed again
	after  []Block
	notes  []Note
	cost   int
	full   bool
	skip   atom.Atom // element whose content is left out
	skips  int
	media  *imgAttrs         // video or audio element waiting for its <source>
	hashes bool              // a link to a place in the text was seen
	here   []string          // names of places whose top-level block is not complete
	places map[string]string // names of places → ID of their block, as the input has it
	blocks int
}

func (b *builder) top() *frame { return &b.frames[len(b.frames)-1] }

func (b *builder) note(kind, detail string) {
	if len(detail) > 120 {
		detail = strings.ToValidUTF8(detail[:120], "") + "…"
	}
	detail = fold(Plain(detail))
	for i := range b.notes {
		if n := &b.notes[i]; n.Kind == kind && n.Detail == detail {
			n.Count++
			return
		}
	}
	if len(b.notes) < maxNotes {
		b.notes = append(b.notes, Note{kind, detail, 1})
	}
}

func (b *builder) read(z *html.Tokenizer) {
	drop := false
	for !b.full {
		tt := z.Next()
		switch tt {
		case html.ErrorToken:
			return
		case html.TextToken:
			if !drop && b.skip == 0 {
				b.words(z.Text())
			}
			drop = false
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			a := atom.Lookup(name)
			if b.skip != 0 && !b.skipping(a, z, more) {
				drop = rawText(a)
				continue
			}
			if a == 0 {
				b.note("removed-element", string(name))
			}
			b.start(a, z, more, tt == html.SelfClosingTagToken)
			drop = rawText(a)
		case html.EndTagToken:
			drop = false
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if b.skip != 0 {
				if a == b.skip {
					if b.skips--; b.skips == 0 {
						b.endSkip()
					}
				}
				continue
			}
			b.end(a)
		}
	}
	b.note("too-long", "")
}

// skipping looks at a start tag within an element that is left out. It reports
// whether the tag ends the skipping: a block element does, so that an unclosed
// <svg> does not cost the reader the rest of the article (the HTML parser
// leaves foreign content at the same tags).
func (b *builder) skipping(a atom.Atom, z *html.Tokenizer, more bool) bool {
	switch a {
	case b.skip:
		b.skips++
	case atom.Source:
		if b.media != nil && b.media.src == "" && more {
			var at attrs
			at.read(b, z, a)
			b.media.src = at.src
		}
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote,
		atom.Ul, atom.Ol, atom.Table, atom.Figure, atom.Figcaption, atom.Section, atom.Article, atom.Pre:
		if b.media != nil && a == atom.P {
			return false
		}
		b.endSkip()
		return true
	}
	return false
}

func (b *builder) endSkip() {
	b.skip, b.skips = 0, 0
	if m := b.media; m != nil {
		b.media = nil
		b.picture(m, true)
	}
}

// flush makes a span of the collected words.
func (b *builder) flush() {
	if len(b.text) == 0 {
		return
	}
	f := b.top()
	s := b.marks()
	s.Kind, s.Text = Text, string(b.text)
	b.text = b.text[:0]
	b.spend(len(s.Text) + len(s.Href) + len(s.Title))
	f.spans = append(f.spans, s)
}

func (b *builder) spend(n int) {
	if b.cost += n + 24; b.cost > maxCost {
		b.full = true
	}
}

// marks returns an empty span with the marks in force.
func (b *builder) marks() Span {
	if !b.dirty {
		return b.now
	}
	b.dirty = false
	b.now = Span{}
	f := b.top()
	lang := f.lang
	for i := f.base; i < len(b.inline); i++ {
		e := &b.inline[i]
		b.now.Marks |= e.mark
		if e.href != "" {
			b.now.Href = e.href
		}
		if e.mark == Abbr {
			b.now.Title = e.title
		}
		if e.lang != "" {
			lang = e.lang
		}
	}
	if b.now.Marks&Link == 0 {
		b.now.Href = ""
	}
	if lang != "" && !sameLang(lang, b.frames[0].lang) {
		b.now.Marks |= Language
		b.now.Lang = lang
	}
	return b.now
}

// words takes text as the tokenizer hands it over, references decoded.
func (b *builder) words(t []byte) {
	if f := b.top(); f.kind == fPre {
		b.preText(t)
		return
	}
	breaks := b.opt.BlankLines
	for i := 0; i < len(t); {
		c := t[i]
		if c <= ' ' {
			j := i
			lines := 0
			for j < len(t) && t[j] <= ' ' {
				if t[j] == '\n' {
					lines++
				}
				j++
			}
			ws := hasSpace(t[i:j])
			i = j
			switch {
			case !ws:
			case breaks && lines > 1:
				b.blankLine()
			case breaks && lines > 0 && b.atBreak():
				// "<br>" at the end of a line is one break, not two
			case (breaks || b.top().lineEnds) && lines > 0 && b.holdsWords():
				for ; lines > 0; lines-- {
					b.lineBreak()
				}
			default:
				if f := b.top(); f.kind >= fPara && !f.space && !f.brk {
					b.text = append(b.text, ' ')
					f.space = true
				}
			}
			continue
		}
		j := i + 1
		for j < len(t) && t[j] > ' ' {
			j++
		}
		b.word(t[i:j])
		i = j
	}
}

func hasSpace(t []byte) bool {
	for _, c := range t {
		if c == ' ' || c >= '\t' && c <= '\r' {
			return true
		}
	}
	return false
}

// blankLine ends a paragraph; what holds a single line of words goes on in the
// next one.
func (b *builder) blankLine() {
	if f := b.innermost(); f.kind == fHeading {
		f.brk = true
		return
	}
	b.closePara()
}

// atBreak reports whether the words so far end in a <br>.
func (b *builder) atBreak() bool {
	f := b.top()
	n := len(f.spans)
	return f.br && !f.lineEnds && len(b.text) == 0 && n > 0 && f.spans[n-1].Kind == Break
}

func (b *builder) holdsWords() bool { return b.top().kind >= fPara }

// word takes letters without white space.
func (b *builder) word(t []byte) {
	clean := plainClean(string(t)) // no copy: the compiler sees a comparison only
	if !clean {
		s := string(t)
		if left, right, ok := cutSeparator(s); ok {
			b.words([]byte(left))
			b.words([]byte{' '})
			b.words([]byte(right))
			return
		}
		if s = strip(s); s == "" {
			return
		}
		t = []byte(s)
	}
	f := b.collector()
	if f.brk {
		f.brk = false
		if len(f.spans) > 0 || len(b.text) > 0 {
			b.lineBreak()
			f = b.top()
		}
		if f.kind == fCell {
			b.text = append(b.text, f.class...)
			f.class = ""
		}
	}
	b.text = append(b.text, t...)
	f.space = false
	if len(b.text) > 1<<16 {
		b.flush()
	}
}

// collector returns the frame that words go to and makes it the top one.
func (b *builder) collector() *frame {
	f := b.top()
	if f.kind >= fPara {
		return f
	}
	i := len(b.frames) - 1
	for b.frames[i].kind == fPlain {
		i--
	}
	switch b.frames[i].kind {
	case fList:
		b.popTo(i + 1)
		b.push(frame{kind: fItem, space: true})
	case fTable:
		b.popTo(i + 1)
		b.cell(atom.Td, &attrs{})
		b.top().atom = 0
	case fRoot, fQuote, fAside, fFigure:
		b.push(frame{kind: fPara, space: true})
	default: // words within <div> within <li>
		b.popTo(i + 1)
	}
	return b.top()
}

func (b *builder) lineBreak() {
	f := b.collector()
	b.flush()
	trimRight(f)
	f.space, f.br = true, false
	if len(f.spans) == 0 { // before the first word a break is nothing
		return
	}
	s := b.marks()
	s.Kind = Break
	f.spans = append(f.spans, s)
	b.spend(0)
}

// trimRight takes the space before a break away.
func trimRight(f *frame) {
	for n := len(f.spans); n > 0; n-- {
		s := &f.spans[n-1]
		if s.Kind != Text {
			return
		}
		if s.Text = strings.TrimRight(s.Text, " "); s.Text != "" {
			return
		}
		f.spans = f.spans[:n-1]
	}
}

func (b *builder) push(f frame) {
	b.flush()
	up := b.top()
	if f.lang == "" {
		f.lang = up.lang
		if f.kind >= fHeading {
			for i := len(b.inline) - 1; i >= up.base; i-- {
				if l := b.inline[i].lang; l != "" {
					f.lang = l
					break
				}
			}
		}
	}
	f.base = up.base
	if f.kind >= fHeading {
		f.base = len(b.inline) // bold that was never closed ends at a cell
	}
	if f.blk.Kind == 0 && f.kind == fPlain && len(b.frames) >= maxFrames {
		return
	}
	b.frames = append(b.frames, f)
	b.dirty = true
}

// popTo closes frames until n are left.
func (b *builder) popTo(n int) {
	for len(b.frames) > n && len(b.frames) > 1 {
		b.pop()
	}
}

func (b *builder) pop() {
	f := b.top()
	if f.kind == fPre {
		f.blk.Text = codeText(string(b.text))
		b.spend(len(f.blk.Text))
		b.text = b.text[:0]
	}
	b.flush()
	done := *f
	if done.kind >= fHeading && done.base < len(b.inline) {
		b.inline = b.inline[:done.base]
	}
	b.frames = b.frames[:len(b.frames)-1]
	b.dirty = true
	b.closed(&done)
}

// closed hands a finished frame to the one it belongs to.
func (b *builder) closed(f *frame) {
	switch f.kind {
	case fPara, fPull, fHeading:
		b.emitWords(f)
	case fPre:
		if f.blk.Text != "" {
			b.emit(f.blk)
		}
	case fQuote:
		b.closedQuote(f)
	case fAside:
		if len(f.blk.Children) > 0 {
			b.emit(f.blk)
		}
	case fFigure:
		b.closedFigure(f)
	case fList, fTable:
		if len(f.blk.Children)+len(f.blk.Rows)+len(f.blk.Caption) > 0 {
			b.emit(f.blk)
		}
	case fItem:
		f.blk.Kind, f.blk.Inline = Item, f.spans
		if up := b.nearest(fList); up != nil {
			up.blk.Children = append(up.blk.Children, f.blk)
		}
	case fCell:
		if up := b.nearest(fTable); up != nil && len(up.blk.Rows) > 0 {
			row := &up.blk.Rows[len(up.blk.Rows)-1]
			c := &row.Cells[len(row.Cells)-1]
			c.Inline = f.spans
		}
	case fCaption:
		b.closedCaption(f)
	case fSpeaker:
		if up := b.nearest(fQuote); up != nil && len(f.spans) > 0 {
			if len(up.blk.By) > 0 {
				up.blk.By = append(up.blk.By, Span{Kind: Break})
			}
			up.blk.By = append(up.blk.By, f.spans...)
		}
	case fNote:
		f.blk.Kind, f.blk.Inline = Footnote, f.spans
		b.emit(f.blk)
	}
}

// nearest returns the innermost frame of a kind.
func (b *builder) nearest(kind frameKind) *frame {
	for i := len(b.frames) - 1; i >= 0; i-- {
		if b.frames[i].kind == kind {
			return &b.frames[i]
		}
	}
	return nil
}

func hasWords(spans []Span) bool {
	for i := range spans {
		if spans[i].Kind == NoteRef || spans[i].Kind == Text && spans[i].Text != " " {
			return true
		}
	}
	return false
}

// onlySpace reports whether the words are unbreakable spaces: other editors
// keep paragraphs apart with such, here the design does.
func onlySpace(spans []Span) bool {
	for i := range spans {
		if spans[i].Kind == NoteRef || strings.Trim(spans[i].Text, " \u00a0") != "" {
			return false
		}
	}
	return true
}

// emitWords ends a paragraph, pull quote or heading; two breaks in a row end a
// paragraph too.
func (b *builder) emitWords(f *frame) {
	spans := f.spans
	f.spans = nil
	kind := Paragraph
	switch f.kind {
	case fHeading:
		kind = Heading
	case fPull:
		kind = Pull
	}
	one := func(part []Span) {
		if !hasWords(part) || b.opt.Foreign && onlySpace(part) {
			return
		}
		b.emit(Block{Kind: kind, ID: f.blk.ID, Level: f.blk.Level, Inline: part})
		f.blk.ID = ""
	}
	if kind == Paragraph {
		for i := 0; i+1 < len(spans); i++ {
			if spans[i].Kind == Break && spans[i+1].Kind == Break {
				one(spans[:i:i])
				for i < len(spans) && spans[i].Kind == Break {
					i++
				}
				spans = spans[i:]
				i = -1
			}
		}
	}
	one(spans)
}

// emit puts a block where it may stand: into the innermost container that
// takes its kind, ending the paragraph it interrupts; else behind the
// top-level block it was found in.
func (b *builder) emit(k Block) {
	if b.blocks++; b.blocks > maxBlocks {
		b.full = true
		return
	}
	b.spend(len(k.Text) + len(k.Href) + len(k.Credit) + 64)
	for i := len(b.frames) - 1; i >= 0; i-- {
		f := &b.frames[i]
		switch f.kind {
		case fPlain:
			continue
		case fPara, fPull, fHeading:
			if i == len(b.frames)-1 {
				b.flush()
			}
			part := *f
			f.spans, f.space, f.brk = nil, true, false
			if hasWords(part.spans) {
				f.blk.ID = ""
				held := b.frames
				b.frames = b.frames[:i]
				b.emitWords(&part)
				b.frames = held
			}
			continue
		case fRoot, fFigure:
			if f.kind == fRoot {
				b.settle(&k)
			}
			f.blk.Children = append(f.blk.Children, k)
			if f.kind == fRoot {
				b.hoist()
			}
			return
		case fAside:
			switch k.Kind {
			case Paragraph, Heading, List, Quote, Figure, Card:
				k.ID = ""
				f.blk.Children = append(f.blk.Children, k)
				return
			}
		case fQuote:
			if k.Kind == Heading {
				k = Block{Kind: Paragraph, Inline: k.Inline}
			}
			if k.Kind == Paragraph || k.Kind == List {
				k.ID = ""
				f.blk.Children = append(f.blk.Children, k)
				return
			}
		case fItem:
			if k.Kind == List {
				k.ID = ""
				f.blk.Children = append(f.blk.Children, k)
				return
			}
		}
		b.after = append(b.after, k)
		return
	}
}

// settle makes a complete top-level block the goal of links to the places in it.
func (b *builder) settle(k *Block) {
	if len(b.here) == 0 {
		return
	}
	if b.places == nil {
		b.places = map[string]string{}
	}
	if k.ID == "" {
		k.ID = "\x00" + strconv.Itoa(len(b.places)) // until giveIDs
	}
	for _, name := range b.here {
		if _, taken := b.places[name]; !taken {
			b.places[name] = k.ID
		}
	}
	b.here = b.here[:0]
}

// hoist puts the blocks that had to leave their place behind the top-level
// block that is now complete.
func (b *builder) hoist() {
	if len(b.after) == 0 {
		return
	}
	root := &b.frames[0]
	root.blk.Children = append(root.blk.Children, b.after...)
	b.after = b.after[:0]
}
