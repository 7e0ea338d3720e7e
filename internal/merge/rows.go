package merge

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/compare"
	"dateline/internal/richtext"
)

// A node is a block in a row of blocks, by a name that it has in all three texts.
type node struct {
	name string
	*richtext.Block
}

// named gives the blocks of a body their ids for names.
func named(blocks []richtext.Block) []node {
	out := make([]node, len(blocks))
	for i := range blocks {
		out[i] = node{blocks[i].ID, &blocks[i]}
	}
	return out
}

func index(nodes []node) map[string]int {
	at := make(map[string]int, len(nodes))
	for i := range nodes {
		at[nodes[i].name] = i
	}
	return at
}

// content is a block's stored form; two of one name that have the same are equal. An
// item is stored in a list only.
func content(k *richtext.Block) string {
	one := []richtext.Block{*k}
	if k.Kind == richtext.Item {
		one = []richtext.Block{{Kind: richtext.List, Children: one}}
	}
	return richtext.Doc{Blocks: one}.Store()
}

func plain(k *richtext.Block) string {
	return richtext.Doc{Blocks: []richtext.Block{*k}}.Text()
}

// row merges three rows of blocks.
func (g *merger) row(base, mine, theirs []node) []richtext.Block {
	inBase, inMine, inTheirs := index(base), index(mine), index(theirs)
	done := map[string][]richtext.Block{} // merged with what stands beside it
	if len(base) > 0 && base[0].ID != "" {
		v, at := versions{base, mine, theirs}, [3]map[string]int{inBase, inMine, inTheirs}
		for _, j := range joints(v, at) {
			if blocks := g.join(j, v, at); blocks != nil {
				for _, names := range j.follow {
					for _, name := range names {
						done[name] = nil // it stands behind its leader
					}
				}
				done[j.leader] = blocks
			}
		}
	}
	changed := func(of []node, i int, name string) bool {
		return content(of[i].Block) != content(base[inBase[name]].Block)
	}

	// What mine put in, moved or brought back is put behind the block that it stands
	// behind there; all else is in the order of theirs.
	float := make([]bool, len(mine))
	var at, of []int
	for i, n := range mine {
		if b, ok := inBase[n.name]; ok {
			if _, ok := inTheirs[n.name]; ok {
				at, of = append(at, b), append(of, i)
				float[i] = true
			} else if changed(mine, i, n.name) {
				float[i] = true
			}
		} else if _, ok := inTheirs[n.name]; !ok {
			float[i] = true
		}
	}
	for _, k := range compare.Rising(at) {
		float[of[k]] = false // it kept its place
	}

	const start = "\x00" // no name
	next := map[string]string{}
	last := start
	link := func(after, name string) {
		if n, ok := next[after]; ok {
			next[name] = n
		}
		next[after] = name
	}
	for i, n := range theirs {
		m, here := inMine[n.name]
		if here && float[m] {
			continue
		}
		if _, was := inBase[n.name]; was && !here && !changed(theirs, i, n.name) {
			continue // mine deleted it
		}
		link(last, n.name)
		last = n.name
	}
	linked := map[string]bool{start: true}
	for name := start; ; {
		n, ok := next[name]
		if !ok {
			break
		}
		linked[n] = true
		name = n
	}
	last = start
	for i, n := range mine {
		if float[i] {
			link(last, n.name)
			linked[n.name] = true
		}
		if linked[n.name] {
			last = n.name
		}
	}

	var out []richtext.Block
	for name, ok := next[start]; ok; name, ok = next[name] {
		get := func(of []node, at map[string]int) *richtext.Block {
			if i, ok := at[name]; ok {
				return of[i].Block
			}
			return nil
		}
		if blocks, ok := done[name]; ok {
			out = append(out, blocks...)
			continue
		}
		out = append(out, g.one(get(base, inBase), get(mine, inMine), get(theirs, inTheirs))...)
	}
	return out
}

// one merges a block of which at least one side is there.
func (g *merger) one(base, mine, theirs *richtext.Block) []richtext.Block {
	switch {
	case theirs == nil:
		if base != nil {
			g.clash(Clash{Kind: Deleted, Block: mine.ID, Mine: plain(mine)})
		}
		return []richtext.Block{richtext.Clone(*mine)}
	case mine == nil:
		if base != nil {
			g.clash(Clash{Kind: Deleted, Block: theirs.ID, Theirs: plain(theirs)})
		}
		return []richtext.Block{richtext.Clone(*theirs)}
	}
	b, m, t := "", content(mine), content(theirs)
	if base != nil {
		b = content(base)
	}
	switch {
	case m == t || t == b:
		return []richtext.Block{richtext.Clone(*mine)}
	case m == b:
		return []richtext.Block{richtext.Clone(*theirs)}
	}
	clashes := len(g.clashes)
	if k, ok := g.lay(base, mine, theirs); ok {
		return []richtext.Block{k}
	}
	g.clashes = g.clashes[:clashes]
	first, second := richtext.Clone(*mine), richtext.Clone(*theirs)
	if first.ID == "" { // within another block
		g.clash(Clash{Kind: Blocks, Mine: plain(mine), Theirs: plain(theirs)})
		return []richtext.Block{first, second}
	}
	if second.Kind == richtext.Footnote && first.Kind != richtext.Footnote {
		first, second = second, first // there may be references to it
	}
	second.ID = g.newID(b, content(&first), content(&second))
	c := Clash{Kind: Blocks, Block: first.ID, Other: second.ID, Mine: plain(mine), Theirs: plain(theirs)}
	if first.Kind == richtext.Footnote && mine.Kind != richtext.Footnote {
		c.Block, c.Other = second.ID, first.ID
	}
	g.clash(c)
	return []richtext.Block{first, second}
}

// newID makes a name of what was merged: it is the same whenever the same is merged,
// and nobody else's.
func (g *merger) newID(texts ...string) string {
	for try := 0; ; try++ {
		sum := sha256.Sum256([]byte(strings.Join(texts, "\x00") + strconv.Itoa(try)))
		n := strconv.FormatUint(binary.BigEndian.Uint64(sum[:])|1<<63, 36)
		id := "b" + strconv.Itoa(int(sum[8])%10) + n[len(n)-11:]
		if !g.ids[id] {
			g.ids[id] = true
			return id
		}
	}
}

// lay merges two versions of a block into one, if one can hold both. base may be nil:
// both wrote a block of that name.
func (g *merger) lay(base, mine, theirs *richtext.Block) (richtext.Block, bool) {
	if base == nil {
		base = common(mine, theirs)
	}
	switch wordy := 0; {
	case mine.Kind == theirs.Kind && mine.Kind == base.Kind:
	default:
		for _, k := range []*richtext.Block{base, mine, theirs} {
			if k.Kind == richtext.Paragraph || k.Kind == richtext.Heading || k.Kind == richtext.Pull {
				wordy++
			}
		}
		if wordy < 3 {
			return richtext.Block{}, false
		}
	}
	type form struct {
		kind    richtext.Kind
		ordered bool
		level   int
	}
	formOf := func(k *richtext.Block) form { return form{k.Kind, k.Ordered, k.Level} }
	out := richtext.Block{ID: mine.ID}
	f, two := pick(formOf(base), formOf(mine), formOf(theirs))
	if two {
		g.clash(Clash{Kind: Value, Block: mine.ID, Mine: plain(mine), Theirs: plain(theirs)})
	}
	out.Kind, out.Ordered, out.Level = f.kind, f.ordered, f.level

	fits := true
	line := func(base, mine, theirs string) string {
		s, met := Text(base, mine, theirs)
		if fits = fits && len([]rune(s)) <= maxLine; len(met) > 0 {
			g.clash(Clash{Kind: Value, Block: out.ID, Mine: mine, Theirs: theirs})
		}
		return s
	}
	switch out.Kind {
	case richtext.Figure:
		if out.Media, two = pick(base.Media, mine.Media, theirs.Media); two {
			return out, false
		}
		out.Text = line(base.Text, mine.Text, theirs.Text)
		out.Credit = line(base.Credit, mine.Credit, theirs.Credit)
	case richtext.Card:
		if out.Href, two = pick(base.Href, mine.Href, theirs.Href); two {
			return out, false
		}
		out.Text = line(base.Text, mine.Text, theirs.Text)
	case richtext.Code:
		out.Text = g.code(out.ID, base.Text, mine.Text, theirs.Text)
	case richtext.Table:
		cols := columns(base)
		if cols != columns(mine) || cols != columns(theirs) {
			return out, false
		}
		out.Rows = g.rows(base.Rows, mine.Rows, theirs.Rows)
	default:
		out.Children = g.row(likened(base.Children, mine.Children, theirs.Children))
	}
	out.Inline = g.words(base.Inline, mine.Inline, theirs.Inline)
	out.By = g.words(base.By, mine.By, theirs.By)
	out.Caption = g.words(base.Caption, mine.Caption, theirs.Caption)
	return out, fits && whole(&out)
}

// maxLine is how long a title, credit or alternative text may be (limits.go of richtext).
const maxLine = 300

// whole reports whether there is something of a block that must have something.
func whole(k *richtext.Block) bool {
	switch k.Kind {
	case richtext.Paragraph, richtext.Heading, richtext.Pull, richtext.Footnote:
		return len(k.Inline) > 0
	case richtext.Item:
		return len(k.Inline)+len(k.Children) > 0
	case richtext.Quote, richtext.Aside, richtext.List:
		return len(k.Children) > 0
	case richtext.Gallery:
		return len(k.Children) > 1
	case richtext.Table:
		return len(k.Rows) > 0
	case richtext.Code:
		return k.Text != ""
	}
	return true
}

// common is the block that two people may have begun with who wrote blocks of one
// name: what both have.
func common(mine, theirs *richtext.Block) *richtext.Block {
	k := &richtext.Block{Kind: mine.Kind, Ordered: mine.Ordered, Level: mine.Level}
	if mine.Media == theirs.Media && mine.Href == theirs.Href {
		k.Media, k.Href = mine.Media, mine.Href
	}
	both := func(a, b []richtext.Span) []richtext.Span {
		x, y := compare.Tokens(a), compare.Tokens(b)
		var out []richtext.Span
		at := 0
		for _, h := range append(compare.Words(x, y), compare.Hunk{A0: len(x), A1: len(x)}) {
			out = append(out, x[at:h.A0]...)
			at = h.A1
		}
		return out
	}
	k.Inline, k.By, k.Caption = both(mine.Inline, theirs.Inline), both(mine.By, theirs.By), both(mine.Caption, theirs.Caption)
	there := map[string]bool{}
	for i := range theirs.Children {
		there[content(&theirs.Children[i])] = true
	}
	for i := range mine.Children {
		if there[content(&mine.Children[i])] {
			k.Children = append(k.Children, mine.Children[i])
		}
	}
	return k
}

func pointers(blocks []richtext.Block) []*richtext.Block {
	out := make([]*richtext.Block, len(blocks))
	for i := range blocks {
		out[i] = &blocks[i]
	}
	return out
}

// likened gives names to blocks that have none: those of mine and theirs that are
// like one of base have its name, equal new ones share one.
func likened(base, mine, theirs []richtext.Block) (b, m, t []node) {
	b, m, t = make([]node, len(base)), make([]node, len(mine)), make([]node, len(theirs))
	for i := range base {
		b[i] = node{"b" + strconv.Itoa(i), &base[i]}
	}
	own := func(side []richtext.Block, out []node, letter string) {
		for i := range side {
			out[i] = node{letter + strconv.Itoa(i), &side[i]}
		}
		for _, p := range matched(base, side) {
			out[p[1]].name = b[p[0]].name
		}
	}
	own(mine, m, "m")
	own(theirs, t, "t")
	fresh := map[string][]int{}
	for i := range m {
		if m[i].name[0] == 'm' {
			c := content(m[i].Block)
			fresh[c] = append(fresh[c], i)
		}
	}
	for j := range t {
		if t[j].name[0] != 't' {
			continue
		}
		c := content(t[j].Block)
		if same := fresh[c]; len(same) > 0 {
			t[j].name = m[same[0]].name
			fresh[c] = same[1:]
		}
	}
	return b, m, t
}

// matched pairs the blocks of two rows: the like ones, then those that stand as many
// between the same two.
func matched(a, b []richtext.Block) [][2]int {
	pairs := compare.Alike(pointers(a), pointers(b))
	slices.SortFunc(pairs, func(x, y [2]int) int { return x[0] - y[0] })
	row := make([]int, len(pairs))
	takenA, takenB := make([]bool, len(a)), make([]bool, len(b))
	for i, p := range pairs {
		row[i] = p[1]
		takenA[p[0]], takenB[p[1]] = true, true
	}
	i, j := 0, 0
	fill := func(toA, toB int) {
		if toA-i != toB-j || slices.Contains(takenA[i:toA], true) || slices.Contains(takenB[j:toB], true) {
			return
		}
		for ; i < toA; i, j = i+1, j+1 {
			if a[i].Kind == b[j].Kind {
				pairs = append(pairs, [2]int{i, j})
			}
		}
	}
	for _, k := range compare.Rising(row) {
		p := pairs[k]
		fill(p[0], p[1])
		i, j = p[0]+1, p[1]+1
	}
	fill(len(a), len(b))
	return pairs
}

// rows merges the rows of tables of one width, cell by cell.
func (g *merger) rows(base, mine, theirs []richtext.Row) []richtext.Row {
	single := func(rows []richtext.Row) []richtext.Block { // a row is a table of one
		out := make([]richtext.Block, len(rows))
		for i := range rows {
			out[i] = richtext.Block{Kind: richtext.Table, Rows: rows[i : i+1 : i+1]}
		}
		return out
	}
	if len(base) == 1 && len(mine) == 1 && len(theirs) == 1 {
		if row, ok := g.cells(base[0], mine[0], theirs[0]); ok {
			return []richtext.Row{row}
		}
		return nil // whole refuses it: both stand
	}
	var out []richtext.Row
	for _, k := range g.row(likened(single(base), single(mine), single(theirs))) {
		out = append(out, k.Rows...)
	}
	return out
}

func (g *merger) cells(base, mine, theirs richtext.Row) (richtext.Row, bool) {
	var out richtext.Row
	n := len(base.Cells)
	if n != len(mine.Cells) || n != len(theirs.Cells) {
		return out, false
	}
	out.Head, _ = pick(base.Head, mine.Head, theirs.Head)
	for i := range n {
		b, m, t := base.Cells[i], mine.Cells[i], theirs.Cells[i]
		c := richtext.Cell{Inline: g.words(b.Inline, m.Inline, t.Inline)}
		c.Head, _ = pick(b.Head, m.Head, t.Head)
		c.Number, _ = pick(b.Number, m.Number, t.Number)
		var across, down bool
		c.ColSpan, across = pick(b.ColSpan, m.ColSpan, t.ColSpan)
		c.RowSpan, down = pick(b.RowSpan, m.RowSpan, t.RowSpan)
		if across || down {
			return out, false
		}
		out.Cells = append(out.Cells, c)
	}
	return out, true
}

// columns is a table's width, by its widest row.
func columns(k *richtext.Block) int {
	most := 0
	for _, r := range k.Rows {
		n := 0
		for _, c := range r.Cells {
			n += max(c.ColSpan, 1)
		}
		most = max(most, n)
	}
	return most
}

// words merges rows of words with marks.
func (g *merger) words(base, mine, theirs []richtext.Span) []richtext.Span {
	w := weave(compare.Tokens(base), compare.Tokens(mine), compare.Tokens(theirs), compare.Words)
	spans := richtext.Normal(w.settle())
	for _, c := range w.clashes {
		if len(spans) > 0 {
			c.run = &spans[0]
		}
		g.clash(c)
	}
	return spans
}

// code merges code line by line: white space counts, and a line is what one changes.
func (g *merger) code(id, base, mine, theirs string) string {
	lines := func(s string) []compare.Token {
		var out []compare.Token
		if s != "" {
			for line := range strings.Lines(s + "\n") {
				out = append(out, compare.Token{Text: line})
			}
		}
		return out
	}
	w := weave(lines(base), lines(mine), lines(theirs), func(a, b []compare.Token) []compare.Hunk {
		return compare.Rows(a, b)
	})
	var b strings.Builder
	for _, t := range w.out {
		b.WriteString(t.Text)
	}
	for _, met := range w.met {
		c := Clash{Kind: Value, Block: id}
		for _, t := range w.out[met.mine[0]:met.mine[1]] {
			c.Mine += t.Text
		}
		for _, t := range w.out[met.theirs[0]:met.theirs[1]] {
			c.Theirs += t.Text
		}
		g.clash(c)
	}
	return strings.TrimRight(strings.TrimLeft(b.String(), "\n"), "\n\t ")
}
