package richtext

import (
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

func (b *builder) spend(n int) {
	if b.cost += n + 24; b.cost > maxCost {
		b.full = true
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
