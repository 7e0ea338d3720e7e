package richtext

import (
	"strings"

	"golang.org/x/net/html/atom"
)

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
	i := b.inner()
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

// newLine takes a <br>.
func (b *builder) newLine() {
	if b.innermost().kind >= fPara {
		b.lineBreak()
		b.top().br = true
	}
}

func (b *builder) lineBreak() {
	f := b.collector()
	b.flush()
	f.spans = trimSpace(f.spans)
	f.space, f.br = true, false
	if len(f.spans) == 0 { // before the first word a break is nothing
		return
	}
	s := b.marks()
	s.Kind = Break
	f.spans = append(f.spans, s)
	b.spend(0)
}

// inl is an open inline element.
type inl struct {
	atom  atom.Atom
	mark  Mark
	href  string
	raw   string // href as written
	title string
	lang  string
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
