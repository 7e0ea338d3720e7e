package merge

import (
	"slices"
	"strings"

	"dateline/internal/richtext"
)

// each calls f with every row of words of some blocks, those without words too.
func each(blocks []richtext.Block, f func(top *richtext.Block, spans *[]richtext.Span)) {
	for i := range blocks {
		var walk func(k *richtext.Block)
		walk = func(k *richtext.Block) {
			f(&blocks[i], &k.Inline)
			f(&blocks[i], &k.By)
			f(&blocks[i], &k.Caption)
			for c := range k.Children {
				walk(&k.Children[c])
			}
			for r := range k.Rows {
				for c := range k.Rows[r].Cells {
					f(&blocks[i], &k.Rows[r].Cells[c].Inline)
				}
			}
		}
		walk(&blocks[i])
	}
}

// notes brings back footnotes that are referred to: one side may have deleted one
// together with words that the other side's changes kept.
func (g *merger) notes(blocks []richtext.Block, from ...richtext.Doc) []richtext.Block {
	there := make(map[string]bool, len(blocks))
	for i := range blocks {
		there[blocks[i].ID] = true
	}
	var missing []string
	each(blocks, func(_ *richtext.Block, spans *[]richtext.Span) {
		for _, s := range *spans {
			if s.Kind == richtext.NoteRef && !there[s.Text] {
				there[s.Text] = true
				missing = append(missing, s.Text)
			}
		}
	})
	for _, id := range missing {
		for side, d := range from {
			at := slices.IndexFunc(d.Blocks, func(k richtext.Block) bool { return k.ID == id && k.Kind == richtext.Footnote })
			if at < 0 {
				continue
			}
			k := d.Blocks[at]
			blocks = append(blocks, richtext.Clone(k))
			c := Clash{Kind: Deleted, Block: id}
			if side == 0 {
				c.Mine = plain(&k)
			} else {
				c.Theirs = plain(&k)
			}
			g.clash(c)
			break
		}
	}
	return blocks
}

// unlink takes away links to blocks that are gone, and references to what is no
// footnote any more. The words stay.
func (g *merger) unlink(blocks []richtext.Block) {
	kinds := make(map[string]richtext.Kind, len(blocks))
	for i := range blocks {
		kinds[blocks[i].ID] = blocks[i].Kind
	}
	each(blocks, func(top *richtext.Block, spans *[]richtext.Span) {
		lost := false
		for i := range *spans {
			s := &(*spans)[i]
			if s.Kind == richtext.NoteRef && kinds[s.Text] != richtext.Footnote {
				*s = richtext.Span{}
				lost = true
			}
			if goal, ok := strings.CutPrefix(s.Href, "#"); ok {
				if kind := kinds[goal]; kind != 0 && kind != richtext.Footnote && top.Kind != richtext.Footnote {
					continue
				}
				g.clash(Clash{Kind: Unlinked, Block: top.ID, Mine: s.Text, Theirs: s.Text})
				s.Href = ""
				s.Marks &^= richtext.Link
				lost = true
			}
		}
		if lost {
			was := *spans
			*spans = richtext.Normal(was)
			for i := range g.clashes { // their places are told of the first span
				if len(was) > 0 && len(*spans) > 0 && g.clashes[i].run == &was[0] {
					g.clashes[i].run = &(*spans)[0]
				}
			}
		}
	})
}
