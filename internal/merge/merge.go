package merge

import (
	"maps"
	"slices"
	"unicode/utf8"

	"dateline/internal/compare"
	"dateline/internal/richtext"
)

// Kind is how two people met.
type Kind uint8

// The kinds of clashes.
const (
	Words    Kind = iota + 1 // both changed the same words: both stand, mine first; one is empty if its author had deleted them
	Place                    // both wrote at the same place: both stand, theirs first
	Deleted                  // a block, item or row that one deleted and the other changed: it stays as it was changed
	Blocks                   // a block changed in two ways: mine stands in Block, theirs in Other
	Value                    // both set what can be one thing only: mine stands
	Unlinked                 // a link of either lost the block that it led to
)

var kindNames = map[Kind]string{Words: "words", Place: "place", Deleted: "deleted", Blocks: "blocks", Value: "value", Unlinked: "unlinked"}

// String is the kind's name, for keys of words.
func (k Kind) String() string { return kindNames[k] }

// A Clash tells of a place that somebody should look at.
type Clash struct {
	Kind         Kind
	Block        string // id in the merged body; empty in fields
	Other        string // Blocks: id of the block with their version
	Field        string // of Fields: its name
	Mine, Theirs string // what either wrote there, as plain text

	// Where both texts stand, in code points of the block's or field's text, if they
	// are words: of Words, Place. From = To where one is empty.
	MineFrom, MineTo, TheirsFrom, TheirsTo int

	run *richtext.Span // first span of the run that the places are in, while merging
}

// Text merges a line without marks: a headline, a caption.
func Text(base, mine, theirs string) (merged string, clashes []Clash) {
	switch {
	case mine == theirs || theirs == base:
		return mine, nil
	case mine == base:
		return theirs, nil
	}
	w := weave(compare.Plain(base), compare.Plain(mine), compare.Plain(theirs), compare.Words)
	var out []byte
	for _, t := range w.settle() {
		out = append(out, t.Text...)
	}
	return string(out), w.clashes
}

// Fields merges lines that have names. Those in whole hold values and not words (a
// date, a choice, a number): set by both, mine stands. A field that is empty is one
// that is not there.
func Fields(base, mine, theirs map[string]string, whole ...string) (merged map[string]string, clashes []Clash) {
	names := map[string]bool{}
	for _, f := range []map[string]string{mine, theirs} {
		for name := range f {
			names[name] = true
		}
	}
	merged = make(map[string]string, len(names))
	for _, name := range slices.Sorted(maps.Keys(names)) {
		b, m, t := base[name], mine[name], theirs[name]
		var v string
		var met []Clash
		if slices.Contains(whole, name) {
			var both bool
			if v, both = pick(b, m, t); both {
				met = []Clash{{Kind: Value, Mine: m, Theirs: t}}
			}
		} else {
			v, met = Text(b, m, t)
		}
		for i := range met {
			met[i].Field = name
		}
		clashes = append(clashes, met...)
		_, here := mine[name]
		_, there := theirs[name]
		if _, was := base[name]; v != "" || here && there || here && !was || there && !was {
			merged[name] = v
		}
	}
	return merged, clashes
}

// pick chooses between values: the one that was changed; mine, if both were.
func pick[T comparable](base, mine, theirs T) (v T, both bool) {
	if mine == base {
		return theirs, false
	}
	return mine, theirs != base && theirs != mine
}

// Bodies merges two bodies that were made of base.
func Bodies(base, mine, theirs richtext.Doc) (merged richtext.Doc, clashes []Clash) {
	b, m, t := base.Store(), mine.Store(), theirs.Store()
	switch {
	case m == t || t == b:
		return mine, nil
	case m == b:
		return theirs, nil
	}
	g := merger{ids: map[string]bool{}}
	for _, d := range []richtext.Doc{base, mine, theirs} {
		for i := range d.Blocks {
			g.ids[d.Blocks[i].ID] = true
		}
	}
	blocks := g.row(named(base.Blocks), named(mine.Blocks), named(theirs.Blocks))
	blocks = g.notes(blocks, mine, theirs, base)
	g.unlink(blocks)
	g.places(blocks)
	merged = richtext.Doc{Blocks: blocks}

	// What two people leave together may be something else than what either wrote: an
	// address alone in its paragraph is a card, a table without a word is none. What is
	// too long for a body is left whole, for the caller to refuse.
	tidy, notes := richtext.FromHTML(merged.Store(), richtext.Options{})
	if !slices.ContainsFunc(notes, func(n richtext.Note) bool { return n.Kind == "too-long" }) {
		merged = tidy
	}
	return merged, g.placed(merged)
}

// merger is one merge of two bodies.
type merger struct {
	ids     map[string]bool // names of blocks that may not be given again
	clashes []Clash
}

func (g *merger) clash(c Clash) { g.clashes = append(g.clashes, c) }

// places leads what is known of a run to where it stands in its block.
func (g *merger) places(blocks []richtext.Block) {
	met := map[*richtext.Span][]int{}
	for i := range g.clashes {
		if c := &g.clashes[i]; c.run != nil {
			met[c.run] = append(met[c.run], i)
		}
	}
	if len(met) == 0 {
		return
	}
	for i := range blocks {
		for _, r := range richtext.Runs(&blocks[i]) {
			if r.Spans == nil || len(*r.Spans) == 0 {
				continue
			}
			for _, n := range met[&(*r.Spans)[0]] {
				c := &g.clashes[n]
				c.run = nil
				c.Block = blocks[i].ID
				c.MineFrom, c.MineTo, c.TheirsFrom, c.TheirsTo = c.MineFrom+r.From, c.MineTo+r.From, c.TheirsFrom+r.From, c.TheirsTo+r.From
			}
		}
	}
}

// placed gives the clashes in the order of the blocks; a place in a block that is not
// what it was when it was merged is none.
func (g *merger) placed(d richtext.Doc) []Clash {
	order := make(map[string]int, len(d.Blocks))
	texts := map[string][]rune{}
	for i := range d.Blocks {
		order[d.Blocks[i].ID] = i
	}
	for i := range g.clashes {
		c := &g.clashes[i]
		c.run = nil
		if c.Kind != Words && c.Kind != Place {
			continue
		}
		at, ok := order[c.Block]
		if !ok {
			c.MineFrom, c.MineTo, c.TheirsFrom, c.TheirsTo = 0, 0, 0, 0
			continue
		}
		text, ok := texts[c.Block]
		if !ok {
			text = []rune(richtext.Doc{Blocks: d.Blocks[at : at+1]}.Text())
			texts[c.Block] = text
		}
		stands := func(from, to int, s string) bool {
			return from <= to && to <= len(text) && utf8.RuneCountInString(s) == to-from && string(text[from:to]) == s
		}
		if !stands(c.MineFrom, c.MineTo, c.Mine) || !stands(c.TheirsFrom, c.TheirsTo, c.Theirs) {
			c.MineFrom, c.MineTo, c.TheirsFrom, c.TheirsTo = 0, 0, 0, 0
		}
	}
	slices.SortStableFunc(g.clashes, func(a, b Clash) int { return order[a.Block] - order[b.Block] })
	return g.clashes
}
