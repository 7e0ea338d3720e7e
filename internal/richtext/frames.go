package richtext

import "golang.org/x/net/html/atom"

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
			if b.opt.Foreign {
				trimDash(f.spans)
			}
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

// find returns where the innermost frame of one of the kinds is; -1: nowhere.
func (b *builder) find(kinds ...frameKind) int {
	for i := len(b.frames) - 1; i >= 0; i-- {
		for _, k := range kinds {
			if b.frames[i].kind == k {
				return i
			}
		}
	}
	return -1
}

// nearest returns the innermost frame of a kind; nil: there is none.
func (b *builder) nearest(kind frameKind) *frame {
	if i := b.find(kind); i >= 0 {
		return &b.frames[i]
	}
	return nil
}

// inner returns where the innermost frame is that is not a mere div.
func (b *builder) inner() int {
	i := len(b.frames) - 1
	for b.frames[i].kind == fPlain {
		i--
	}
	return i
}

// innermost returns the innermost frame that is not a mere div.
func (b *builder) innermost() *frame { return &b.frames[b.inner()] }
