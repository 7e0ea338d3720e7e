package compare

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/richtext"
)

// Op is what became of something on the way from the old text to the new one.
type Op uint8

// The ops. A run is never Changed, a block never Marked.
const (
	Same    Op = iota
	Added      // in the new text alone
	Removed    // in the old text alone
	Marked     // the same words with other marks
	Changed    // some of its words are other ones
)

var opNames = [...]string{"same", "added", "removed", "marked", "changed"}

// String is the op's name, for templates to compare with.
func (o Op) String() string { return opNames[o] }

// A Run is a stretch of words that had one fate and has one set of marks.
type Run struct {
	Op   Op
	Span richtext.Span
	Was  richtext.Span // of Marked: the words with the marks that they had
}

// Has reports whether the run's words have a mark, by the name of its element (body.md).
func (r Run) Has(mark string) bool { return has(r.Span, mark) }

// Had reports the same of the words as they were.
func (r Run) Had(mark string) bool {
	if r.Op == Marked {
		return has(r.Was, mark)
	}
	return has(r.Span, mark)
}

var markNames = map[string]richtext.Mark{
	"q": richtext.QuoteMark, "bdi": richtext.Isolate, "lang": richtext.Language, "a": richtext.Link, "abbr": richtext.Abbr,
	"strong": richtext.Strong, "em": richtext.Em, "s": richtext.Strike, "sub": richtext.Sub, "sup": richtext.Sup, "code": richtext.CodeMark,
}

func has(s richtext.Span, mark string) bool { return s.Marks&markNames[mark] != 0 }

// A Row is one row of words of a block: a paragraph has one, a list one for each item.
type Row struct {
	Part  string // text, item, cell, caption, speaker, code, title, address, picture, alt, credit
	Depth int    // how deep it stands in boxes and lists
	Row   int    // of a cell: its row and column, from 1
	Cell  int
	Op    Op
	Runs  []Run
}

// Old is the row as it was, New as it is: each with its half of the differences.
func (r Row) Old() []Run { return without(r.Runs, Added) }

// New is the row as it is.
func (r Row) New() []Run { return without(r.Runs, Removed) }

func without(runs []Run, op Op) []Run {
	return slices.DeleteFunc(slices.Clone(runs), func(r Run) bool { return r.Op == op })
}

// A Block is a block of either body, or of both.
type Block struct {
	ID    string // in the new body; of a block that was removed: in the old one
	Op    Op
	Moved bool            // it stands elsewhere among the others than it did
	From  int             // the how manieth it was, from 0; -1: it was not there
	To    int             // the how manieth it is; -1: it is not there any more
	Old   *richtext.Block // as it was, or nil
	New   *richtext.Block // as it is, or nil
	Rows  []Row
}

// Bodies compares two bodies. The blocks are in the order of the new one; what was
// removed stands where it stood.
func Bodies(old, new richtext.Doc) []Block {
	pairs := paired(old.Blocks, new.Blocks) // old index of each new block, or -1
	kept := make([]bool, len(old.Blocks))
	var row, of []int
	for j, i := range pairs {
		if i >= 0 {
			kept[i] = true
			row, of = append(row, i), append(of, j)
		}
	}
	steady := make([]bool, len(new.Blocks))
	for _, at := range Rising(row) {
		steady[of[at]] = true
	}
	out := make([]Block, 0, len(new.Blocks))
	next := 0 // of old: what was removed before it is told
	gone := func(upTo int) {
		for ; next < upTo; next++ {
			if !kept[next] {
				k := &old.Blocks[next]
				out = append(out, Block{ID: k.ID, Op: Removed, From: next, To: -1, Old: k, Rows: rows(k, nil)})
			}
		}
	}
	for j := range new.Blocks {
		k := &new.Blocks[j]
		b := Block{ID: k.ID, Op: Added, From: pairs[j], To: j, New: k}
		if i := pairs[j]; i >= 0 {
			if steady[j] {
				gone(i)
			} else {
				b.Moved = true
			}
			b.Old = &old.Blocks[i]
			b.Op = Same
			b.Rows = rows(b.Old, k)
			if !equal(b.Old, k) {
				b.Op = Changed
			}
		} else {
			b.Rows = rows(nil, k)
		}
		out = append(out, b)
	}
	gone(len(old.Blocks))
	return out
}

// equal reports whether two blocks say and are the same, whatever their ids.
func equal(a, b *richtext.Block) bool { return content(a) == content(b) }

// content is a block's stored form without its id. An item is stored in a list only.
func content(k *richtext.Block) string {
	c := *k
	c.ID = ""
	if k.Kind == richtext.Item {
		c = richtext.Block{Kind: richtext.List, Children: []richtext.Block{*k}}
	}
	return richtext.Doc{Blocks: []richtext.Block{c}}.Store()
}

func text(k *richtext.Block) string { return richtext.Doc{Blocks: []richtext.Block{*k}}.Text() }

// paired finds which old block each of the new ones was.
func paired(old, new []richtext.Block) []int {
	pairs := unmatched(len(new))
	at := make(map[string]int, len(old))
	for i := range old {
		at[old[i].ID] = i
	}
	taken := make([]bool, len(old))
	var fresh []int
	for j := range new {
		if i, ok := at[new[j].ID]; ok && !taken[i] {
			pairs[j], taken[i] = i, true
		} else {
			fresh = append(fresh, j)
		}
	}
	var left []int
	for i := range old {
		if !taken[i] {
			left = append(left, i)
		}
	}
	for _, p := range Alike(pick(old, left), pick(new, fresh)) {
		pairs[fresh[p[1]]] = left[p[0]]
	}
	return pairs
}

func pick(all []richtext.Block, which []int) []*richtext.Block {
	out := make([]*richtext.Block, len(which))
	for i, w := range which {
		out[i] = &all[w]
	}
	return out
}

const (
	likeness = 0.5     // from here on two blocks are one that was changed
	pairings = 100_000 // how many pairs are looked at
)

// Alike pairs blocks that have no common name: those that are equal, then those that
// have at least half of their words in common, the likest first. Each is in one pair
// at most; a pair is an index of each.
func Alike(old, new []*richtext.Block) [][2]int {
	if len(old) == 0 || len(new) == 0 {
		return nil
	}
	var out [][2]int
	same := make(map[string][]int, len(old))
	for i, k := range old {
		c := content(k)
		same[c] = append(same[c], i)
	}
	restOld, restNew := make([]bool, len(old)), []int{}
	for j, k := range new {
		c := content(k)
		if those := same[c]; len(those) > 0 {
			out = append(out, [2]int{those[0], j})
			restOld[those[0]] = true
			same[c] = those[1:]
		} else {
			restNew = append(restNew, j)
		}
	}
	left := len(old) - len(out)
	if left*len(restNew) > pairings {
		return out
	}
	bags := make([]map[string]int, len(old))
	type pair struct {
		i, j int
		like float64
	}
	var all []pair
	for _, j := range restNew {
		bag := bagOf(new[j])
		for i := range old {
			if restOld[i] || old[i].Kind != new[j].Kind && !(wordy(old[i]) && wordy(new[j])) {
				continue
			}
			if bags[i] == nil {
				bags[i] = bagOf(old[i])
			}
			if l := shared(bags[i], bag); l >= likeness {
				all = append(all, pair{i, j, l})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j))
	})
	done := map[int]bool{}
	for _, p := range all {
		if !restOld[p.i] && !done[p.j] {
			restOld[p.i], done[p.j] = true, true
			out = append(out, [2]int{p.i, p.j})
		}
	}
	return out
}

// wordy reports blocks that are a row of words and become each other at a keystroke.
func wordy(k *richtext.Block) bool {
	return k.Kind == richtext.Paragraph || k.Kind == richtext.Heading || k.Kind == richtext.Pull
}

func bagOf(k *richtext.Block) map[string]int {
	bag := map[string]int{}
	for _, t := range Plain(text(k)) {
		if IsWord(t) {
			bag[t.Text]++
		}
	}
	if k.Kind == richtext.Figure {
		bag["ref:media/"+strconv.FormatInt(k.Media, 10)] += 4
	}
	if k.Href != "" {
		bag[k.Href] += 4
	}
	return bag
}

// shared is Dice's coefficient of two bags of words.
func shared(a, b map[string]int) float64 {
	n, both := 0, 0
	for w, c := range a {
		n += c
		both += min(c, b[w])
	}
	for _, c := range b {
		n += c
	}
	if n == 0 {
		return 0
	}
	return 2 * float64(both) / float64(n)
}

// rows compares two blocks row by row; nil is a block that is not there.
func rows(old, new *richtext.Block) []Row {
	a, b := lines(old), lines(new)
	match := unmatched(len(a))
	i, j := 0, 0
	for _, h := range append(Rows(keys(a), keys(b)), Hunk{len(a), len(a), len(b), len(b)}) {
		for ; i < h.A0; i, j = i+1, j+1 {
			match[i] = j
		}
		// What is left between equal rows: each stands for the next one of its part, if
		// there are as many, or that is like it.
		alike(a[h.A0:h.A1], b[h.B0:h.B1], func(x, y int) { match[h.A0+x] = h.B0 + y })
		i, j = h.A1, h.B1
	}
	var out []Row
	j = 0
	added := func(upTo int) {
		for ; j < upTo; j++ {
			out = append(out, b[j].fate(Added, runs(nil, b[j].tokens)))
		}
	}
	for i := range a {
		to := match[i]
		if to < 0 {
			out = append(out, a[i].fate(Removed, runs(a[i].tokens, nil)))
			continue
		}
		added(to)
		j = to + 1
		r := b[to].fate(Same, runs(a[i].tokens, b[to].tokens))
		if slices.ContainsFunc(r.Runs, func(r Run) bool { return r.Op != Same }) {
			r.Op = Changed
		}
		out = append(out, r)
	}
	added(len(b))
	return out
}

func keys(l []aline) []string {
	out := make([]string, len(l))
	for i := range l {
		out[i] = l[i].part + "\x00" + l[i].text
	}
	return out
}

func alike(a, b []aline, pair func(x, y int)) {
	count := map[string]int{} // how many more of a part there are in a than in b
	for i := range a {
		count[a[i].part]++
	}
	for j := range b {
		count[b[j].part]--
	}
	j := 0
	for i := range a {
		for k := j; k < len(b) && k < j+50; k++ {
			if a[i].part == b[k].part && (count[a[i].part] == 0 || shared(a[i].bag(), b[k].bag()) >= likeness) {
				pair(i, k)
				j = k + 1
				break
			}
		}
	}
}

type aline struct {
	part             string
	depth, row, cell int
	tokens           []Token
	text             string
	words            map[string]int
}

func (l *aline) bag() map[string]int {
	if l.words == nil {
		l.words = map[string]int{}
		for _, t := range l.tokens {
			if IsWord(t) {
				l.words[t.Text]++
			}
		}
	}
	return l.words
}

func (l *aline) fate(op Op, runs []Run) Row {
	return Row{Part: l.part, Depth: l.depth, Row: l.row, Cell: l.cell, Op: op, Runs: runs}
}

// lines are the rows of words of a block, and what else can be read of it.
func lines(k *richtext.Block) []aline {
	if k == nil {
		return nil
	}
	var out []aline
	put := func(part string, depth int, tokens []Token) *aline {
		if len(tokens) == 0 {
			return &aline{}
		}
		l := aline{part: part, depth: depth, tokens: tokens}
		var b strings.Builder
		for _, t := range tokens {
			b.WriteByte(byte('0' + t.Kind))
			b.WriteString(t.Text)
		}
		l.text = b.String()
		out = append(out, l)
		return &out[len(out)-1]
	}
	whole := func(part string, depth int, s string) { // an address is one word
		if s != "" {
			put(part, depth, []Token{{Text: s}})
		}
	}
	var walk func(k *richtext.Block, depth int)
	walk = func(k *richtext.Block, depth int) {
		part := "text"
		switch k.Kind {
		case richtext.Item:
			part = "item"
		case richtext.Code:
			put("code", depth, Plain(k.Text))
		case richtext.Card:
			put("title", depth, Plain(k.Text))
			whole("address", depth, k.Href)
		case richtext.Figure:
			whole("picture", depth, "ref:media/"+strconv.FormatInt(k.Media, 10))
			put("alt", depth, Plain(k.Text))
		case richtext.Table:
			put("caption", depth, Tokens(k.Caption))
			for r := range k.Rows {
				for c := range k.Rows[r].Cells {
					l := put("cell", depth, Tokens(k.Rows[r].Cells[c].Inline))
					l.row, l.cell = r+1, c+1
				}
			}
			return
		}
		put(part, depth, Tokens(k.Inline))
		for i := range k.Children {
			walk(&k.Children[i], depth+1)
		}
		put("speaker", depth, Tokens(k.By))
		put("caption", depth, Tokens(k.Caption))
		put("credit", depth, Plain(k.Credit))
	}
	walk(k, 0)
	return out
}

// runs lays two rows of tokens beside each other.
func runs(old, new []Token) []Run {
	var out []Run
	var joined []byte // text of the last run while others join it: linear work
	settle := func() {
		if n := len(out); n > 0 && joined != nil {
			last := &out[n-1]
			last.Span.Text = string(joined)
			if last.Op == Marked {
				last.Was.Text = last.Span.Text
			}
			joined = nil
		}
	}
	put := func(op Op, s, was Token) {
		if n := len(out); n > 0 {
			if last := &out[n-1]; last.Op == op && s.Kind == richtext.Text && last.Span.Kind == richtext.Text && sameMarks(last.Span, s) && (op != Marked || sameMarks(last.Was, was)) {
				if joined == nil {
					joined = []byte(last.Span.Text)
				}
				joined = append(joined, s.Text...)
				return
			}
		}
		settle()
		r := Run{Op: op, Span: s}
		if op == Marked {
			r.Was = was
		}
		out = append(out, r)
	}
	i, j := 0, 0
	for _, h := range append(Words(old, new), Hunk{len(old), len(old), len(new), len(new)}) {
		for ; i < h.A0; i, j = i+1, j+1 {
			op := Same
			if !sameMarks(old[i], new[j]) {
				op = Marked
			}
			put(op, new[j], old[i])
		}
		for ; i < h.A1; i++ {
			put(Removed, old[i], Token{})
		}
		for ; j < h.B1; j++ {
			put(Added, new[j], Token{})
		}
	}
	settle()
	return out
}

func sameMarks(a, b Token) bool {
	return a.Marks == b.Marks && a.Href == b.Href && a.Lang == b.Lang && a.Title == b.Title
}

// Line compares two lines without marks.
func Line(old, new string) []Run { return runs(Plain(old), Plain(new)) }

// A Field is a named line of a text: its headline, its standfirst.
type Field struct {
	Name string
	Op   Op
	Runs []Run
}

// Fields compares fields by their names, in the order of these. A field that is empty
// is one that is not there.
func Fields(old, new map[string]string) []Field {
	names := maps.Clone(old)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, new)
	var out []Field
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f := Field{Name: name, Runs: Line(old[name], new[name])}
		switch {
		case old[name] == new[name]:
		case old[name] == "":
			f.Op = Added
		case new[name] == "":
			f.Op = Removed
		default:
			f.Op = Changed
		}
		if old[name]+new[name] != "" {
			out = append(out, f)
		}
	}
	return out
}

// Count counts the words that were added and removed, moved ones not among them.
func Count(blocks []Block) (added, removed int) {
	for _, b := range blocks {
		for _, r := range b.Rows {
			for _, run := range r.Runs {
				n := 0
				for _, t := range Tokens([]richtext.Span{run.Span}) {
					if IsWord(t) {
						n++
					}
				}
				switch run.Op {
				case Added:
					added += n
				case Removed:
					removed += n
				}
			}
		}
	}
	return added, removed
}
