package richtext

import (
	"slices"
	"unicode/utf8"
)

// Run is a row of words in a block: a paragraph has one, a list one for each item,
// a table one for each cell.
type Run struct {
	From  int     // code points of the block's text before it
	Spans *[]Span // the words, or
	Text  *string // the code of a Code, the title of a Card
}

// Len is the length of the run's text in code points.
func (r *Run) Len() int {
	if r.Text != nil {
		return utf8.RuneCountInString(*r.Text)
	}
	return Len(*r.Spans)
}

// Len is the length of the words' text in code points.
func Len(spans []Span) int {
	n := 0
	for i := range spans {
		switch spans[i].Kind {
		case Text:
			n += utf8.RuneCountInString(spans[i].Text)
		case Break:
			n++
		}
	}
	return n
}

// Runs gives the rows of words of a block where they stand in its text, which is
// Doc.Text of the block alone, in that order. What is written through the pointers
// is written into the block. Between two runs the text has what separates them.
func Runs(k *Block) []Run {
	var r runner
	r.block(k, 2)
	return r.runs
}

// runner goes the way of appendBlockText and counts instead of writing.
type runner struct {
	runs []Run
	pos  int
}

func (r *runner) words(spans *[]Span) {
	if len(*spans) > 0 {
		r.runs = append(r.runs, Run{From: r.pos, Spans: spans})
		r.pos += Len(*spans)
	}
}

func (r *runner) blocks(blocks []Block, sep int) {
	said := false
	for i := range blocks {
		start, first := r.pos, len(r.runs)
		if said {
			r.pos += sep
		}
		mark := r.pos
		r.block(&blocks[i], sep)
		if r.pos == mark { // no text, but perhaps the reference to a note
			r.pos = start
			for j := first; j < len(r.runs); j++ {
				r.runs[j].From = start
			}
			continue
		}
		said = true
	}
}

func (r *runner) block(k *Block, sep int) {
	mark := r.pos
	line := func() {
		if r.pos > mark {
			r.pos++
		}
	}
	switch k.Kind {
	case Code, Card:
		if k.Text != "" {
			r.runs = append(r.runs, Run{From: r.pos, Text: &k.Text})
			r.pos += utf8.RuneCountInString(k.Text)
		}
	case List, Item:
		r.words(&k.Inline)
		if len(k.Children) > 0 {
			line()
			r.blocks(k.Children, 1)
		}
	case Table:
		r.words(&k.Caption)
		for i := range k.Rows {
			line()
			for j := range k.Rows[i].Cells {
				if j > 0 {
					r.pos++
				}
				r.words(&k.Rows[i].Cells[j].Inline)
			}
		}
	case Figure, Gallery:
		r.blocks(k.Children, 1)
		if len(k.Caption) > 0 {
			line()
			r.words(&k.Caption)
		}
	default:
		r.words(&k.Inline)
		r.blocks(k.Children, sep)
		if len(k.By) > 0 {
			line()
			r.pos += 2 // the dash before a speaker, and its space
			r.words(&k.By)
		}
	}
}

// Normal gives words in the form that is stored: neighbours with the same marks are
// one, white space is single and never at an end or beside a break. For programs
// that put words together; what it is given stays as it is.
func Normal(spans []Span) []Span { return normal(slices.Clone(spans)) }

// Clone copies a block with all that is in it.
func Clone(k Block) Block {
	k.Inline, k.By, k.Caption = slices.Clone(k.Inline), slices.Clone(k.By), slices.Clone(k.Caption)
	k.Children = slices.Clone(k.Children)
	for i := range k.Children {
		k.Children[i] = Clone(k.Children[i])
	}
	k.Rows = slices.Clone(k.Rows)
	for i := range k.Rows {
		k.Rows[i].Cells = slices.Clone(k.Rows[i].Cells)
		for j := range k.Rows[i].Cells {
			c := &k.Rows[i].Cells[j]
			c.Inline = slices.Clone(c.Inline)
		}
	}
	return k
}
