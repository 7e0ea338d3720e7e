package anchor

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/fault"
	"dateline/internal/richtext"
)

// A Passage is what somebody pointed at.
type Passage struct {
	Block  string `json:"block"`
	Exact  string `json:"exact"`
	Prefix string `json:"prefix"`
	Suffix string `json:"suffix"`
	From   int    `json:"from"` // code points into the block's text
	To     int    `json:"to"`
	Once   bool   `json:"once,omitempty"` // the body had these words in no other place: set by Make
}

// A Place is where a passage is.
type Place struct {
	Block    string
	From, To int // code points into the block's text
}

const (
	around  = 32   // code points of context on either side, at least, if there are so many
	longest = 1000 // and at most
	proof   = 12   // a context of fewer letters proves nothing alone
	alone   = 24   // a quotation of so many letters needs no context, if it is in its block and unique
)

// Make makes a passage of a place. Its context is as long as it must be for either
// side of it to tell it from all like passages in the body.
func Make(doc richtext.Doc, block string, from, to int) (Passage, error) {
	t := read(doc)
	at := t.block(block)
	if at < 0 {
		return Passage{}, fault.New(fault.NotFound, "making a passage: no block %q", block)
	}
	raw := t.blocks[at].raw
	if from < 0 || to < from || to > len(raw) {
		return Passage{}, fault.Field("from", "making a passage: %d to %d of %d", from, to, len(raw))
	}
	p := Passage{Block: block, From: from, To: to, Exact: string(raw[from:to])}
	others := t.all(fold(p.Exact).runes)
	p.Once = len(others) == 1 && p.Exact != ""
	for n := around; ; n *= 2 {
		a, b := max(0, from-n), min(len(raw), to+n)
		p.Prefix, p.Suffix = string(raw[a:from]), string(raw[to:b])
		if n >= longest || a == 0 && b == len(raw) || p.Once || t.told(p, others, at) {
			return p, nil
		}
	}
}

// Find finds a passage. It is found in the right place or not at all.
func Find(doc richtext.Doc, p Passage) (Place, bool) {
	t := read(doc)
	s, ok := t.find(p)
	if !ok {
		return Place{}, false
	}
	return t.place(s), true
}

// FindAll finds many passages in one body.
func FindAll(doc richtext.Doc, all []Passage) (places []Place, found []bool) {
	t := read(doc)
	places, found = make([]Place, len(all)), make([]bool, len(all))
	for i, p := range all {
		if s, ok := t.find(p); ok {
			places[i], found[i] = t.place(s), true
		}
	}
	return places, found
}

// text is a body as passages are looked for in it.
type text struct {
	blocks []flow
}

// flow is the text of a block as it is and as it is compared.
type flow struct {
	id  string
	raw []rune
	folded
	str string // of folded
}

// folded is a text as it is compared, and where each of its letters was.
type folded struct {
	runes []rune
	at    []int // code points before; one more than runes
}

// spot is a place in a text as it is compared.
type spot struct{ block, from, to int }

func read(doc richtext.Doc) *text {
	t := &text{blocks: make([]flow, len(doc.Blocks))}
	for i := range doc.Blocks {
		s := richtext.Doc{Blocks: doc.Blocks[i : i+1]}.Text()
		f := fold(s)
		t.blocks[i] = flow{doc.Blocks[i].ID, []rune(s), f, string(f.runes)}
	}
	return t
}

func (t *text) block(id string) int {
	return slices.IndexFunc(t.blocks, func(f flow) bool { return f.id == id })
}

// place leads a spot back to the text as it is. Soft hyphens at its ends stay outside.
func (t *text) place(s spot) Place {
	f := &t.blocks[s.block]
	p := Place{Block: f.id, From: f.at[s.from], To: f.at[s.from]}
	if s.to > s.from {
		p.To = f.at[s.to-1] + 1 // stored text is in normal form C: a letter that is compared is one of it
	}
	return p
}

// fold makes the text that is compared: normal form C, white space single and of one
// kind, no soft hyphens or joiners of no width, quotation marks, apostrophes and dashes of one
// form.
func fold(s string) folded {
	f := folded{runes: make([]rune, 0, len(s)), at: make([]int, 0, len(s)+1)}
	if !norm.NFC.IsNormalString(s) {
		return foldSlow(s)
	}
	n := 0
	for _, r := range s {
		f.put(r, n)
		n++
	}
	f.at = append(f.at, n)
	return f
}

// foldSlow is fold for text that is not in normal form C: what composes stands where
// its first letter stood.
func foldSlow(s string) folded {
	var f folded
	n := 0
	for rest := s; rest != ""; {
		size := norm.NFC.NextBoundaryInString(rest, true)
		for _, r := range norm.NFC.String(rest[:size]) {
			f.put(r, n)
		}
		n += utf8.RuneCountInString(rest[:size])
		rest = rest[size:]
	}
	f.at = append(f.at, n)
	return f
}

func (f *folded) put(r rune, at int) {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u2060':
		return
	case '\n', '\t', '\u00a0', '\u2007', '\u2009', '\u202f', '\u3000':
		r = ' '
	case '“', '”', '„', '‟', '«', '»', '″':
		r = '"'
	case '‘', '’', '‚', '‛', '‹', '›', 'ʼ', '′':
		r = '\''
	case '\u2010', '\u2011', '\u2012', '–', '—', '―', '−':
		r = '-'
	}
	if r == ' ' && len(f.runes) > 0 && f.runes[len(f.runes)-1] == ' ' {
		return
	}
	f.runes = append(f.runes, r)
	f.at = append(f.at, at)
}
