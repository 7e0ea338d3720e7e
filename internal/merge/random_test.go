package merge_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/bodytest"
	"dateline/internal/merge"
	"dateline/internal/richtext"
)

// author writes and edits bodies. Every word that an author writes is written once.
type author struct {
	*rand.Rand
	name  string
	words int
	ids   int
}

func newAuthor(seed uint64, name string) *author {
	return &author{Rand: rand.New(rand.NewPCG(seed, uint64(name[0]))), name: name}
}

func (a *author) word() string {
	a.words++
	return fmt.Sprintf("%s%d", a.name, a.words)
}

func (a *author) id() string {
	a.ids++
	return fmt.Sprintf("b%d%s%d", a.IntN(10), a.name, a.ids)
}

func (a *author) sentence() string {
	var b strings.Builder
	for i := range 1 + a.IntN(9) {
		if i > 0 {
			b.WriteString([]string{" ", " ", " ", ", ", " — ", "\u00a0", "-"}[a.IntN(7)])
		}
		b.WriteString(a.word())
	}
	return b.String() + []string{".", ".", "!", "?", "…", ".”"}[a.IntN(6)]
}

func (a *author) text() string {
	var s []string
	for range 1 + a.IntN(4) {
		s = append(s, a.sentence())
	}
	return strings.Join(s, " ")
}

var allMarks = []richtext.Mark{richtext.QuoteMark, richtext.Isolate, richtext.Language, richtext.Link, richtext.Abbr, richtext.Strong, richtext.Em, richtext.Strike, richtext.Sub, richtext.CodeMark}

func (a *author) mark(s *richtext.Span) {
	m := allMarks[a.IntN(len(allMarks))]
	s.Marks ^= m
	set := func(m richtext.Mark, v *string, values ...string) {
		if s.Marks&m == 0 {
			*v = ""
		} else if *v == "" {
			*v = values[a.IntN(len(values))]
		}
	}
	set(richtext.Language, &s.Lang, "fr", "de")
	set(richtext.Link, &s.Href, "https://a.example/", "https://b.example/", "ref:article/1", "#b1x2")
	set(richtext.Abbr, &s.Title, "x y", "z")
}

func (a *author) spans() []richtext.Span {
	var out []richtext.Span
	for range 1 + a.IntN(3) {
		s := richtext.Span{Text: a.text() + " "}
		if a.IntN(3) == 0 {
			a.mark(&s)
		}
		out = append(out, s)
		if a.IntN(6) == 0 {
			out = append(out, richtext.Span{Kind: richtext.Break})
		}
	}
	return out
}

func (a *author) figure() richtext.Block {
	return richtext.Block{Kind: richtext.Figure, Media: int64(1 + a.IntN(5)), Text: a.sentence(), Caption: a.spans(), Credit: a.word()}
}

func (a *author) items(depth int) []richtext.Block {
	var out []richtext.Block
	for range 1 + a.IntN(4) {
		k := richtext.Block{Kind: richtext.Item, Inline: a.spans()}
		if depth < 2 && a.IntN(4) == 0 {
			k.Children = []richtext.Block{{Kind: richtext.List, Children: a.items(depth + 1)}}
		}
		out = append(out, k)
	}
	return out
}

func (a *author) row(n int) richtext.Row {
	var r richtext.Row
	for range n {
		r.Cells = append(r.Cells, richtext.Cell{Inline: a.spans(), Number: a.IntN(3) == 0})
	}
	return r
}

func (a *author) block() richtext.Block {
	k := richtext.Block{ID: a.id()}
	switch a.IntN(16) {
	case 0:
		k.Kind, k.Level, k.Inline = richtext.Heading, 2+a.IntN(3), a.spans()
	case 1:
		k.Kind, k.Inline = richtext.Pull, a.spans()
	case 2:
		k.Kind, k.By = richtext.Quote, a.spans()
		for range 1 + a.IntN(3) {
			k.Children = append(k.Children, richtext.Block{Kind: richtext.Paragraph, Inline: a.spans()})
		}
	case 3:
		k.Kind, k.Children = richtext.Aside, []richtext.Block{{Kind: richtext.Heading, Level: 3, Inline: a.spans()}, {Kind: richtext.Paragraph, Inline: a.spans()}, a.figure()}
	case 4, 5:
		k.Kind, k.Children = richtext.List, a.items(0)
		if a.IntN(2) == 0 {
			k.Ordered, k.Level = true, 1+a.IntN(3)
		}
	case 6:
		id := k.ID
		k = a.figure()
		k.ID = id
	case 7:
		k.Kind, k.Children, k.Caption = richtext.Gallery, []richtext.Block{a.figure(), a.figure()}, a.spans()
	case 8:
		k.Kind, k.Caption = richtext.Table, a.spans()
		n := 1 + a.IntN(3)
		for range 1 + a.IntN(4) {
			k.Rows = append(k.Rows, a.row(n))
		}
	case 9:
		k.Kind = richtext.Rule
	case 10:
		k.Kind, k.Text = richtext.Code, strings.ReplaceAll(a.text(), ". ", "\n\t")
	case 11:
		k.Kind, k.Href, k.Text = richtext.Card, "https://example.com/"+a.word(), a.sentence()
	default:
		k.Kind, k.Inline = richtext.Paragraph, a.spans()
	}
	return k
}

// tidy is a body as it is stored.
func tidy(d richtext.Doc) richtext.Doc {
	d, _ = richtext.FromHTML(d.Store(), richtext.Options{})
	return d
}

func (a *author) body() richtext.Doc {
	var d richtext.Doc
	for range 2 + a.IntN(8) {
		d.Blocks = append(d.Blocks, a.block())
	}
	if a.IntN(2) == 0 {
		a.note(&d)
	}
	return tidy(d)
}

// note writes a footnote and refers to it.
func (a *author) note(d *richtext.Doc) {
	k := richtext.Block{Kind: richtext.Footnote, ID: a.id(), Inline: []richtext.Span{{Text: a.text()}}}
	for i := range d.Blocks {
		if p := &d.Blocks[i]; p.Kind == richtext.Paragraph && a.IntN(2) == 0 {
			p.Inline = append(slices.Clone(p.Inline), richtext.Span{Kind: richtext.NoteRef, Text: k.ID})
		}
	}
	d.Blocks = append(d.Blocks, k)
}

// edit changes a body in a way that people do.
func (a *author) edit(d richtext.Doc) richtext.Doc {
	blocks := make([]richtext.Block, len(d.Blocks))
	for i := range d.Blocks {
		blocks[i] = richtext.Clone(d.Blocks[i])
	}
	d.Blocks = blocks
	if len(blocks) == 0 {
		d.Blocks = append(d.Blocks, a.block())
		return tidy(d)
	}
	i := a.IntN(len(blocks))
	k := &blocks[i]
	switch a.IntN(16) {
	case 14: // divide
		if k.Kind == richtext.Paragraph && len(k.Inline) > 1 {
			j := 1 + a.IntN(len(k.Inline)-1)
			rest := richtext.Block{Kind: k.Kind, ID: a.id(), Inline: slices.Clone(k.Inline[j:])}
			k.Inline = k.Inline[:j]
			d.Blocks = slices.Insert(blocks, i+1, rest)
		}
	case 15: // join
		if i+1 < len(blocks) && k.Kind == richtext.Paragraph && blocks[i+1].Kind == richtext.Paragraph {
			k.Inline = slices.Concat(k.Inline, []richtext.Span{{Text: " "}}, blocks[i+1].Inline)
			d.Blocks = slices.Delete(blocks, i+1, i+2)
		}
	case 0:
		d.Blocks = slices.Delete(blocks, i, i+1)
	case 1:
		d.Blocks = slices.Insert(blocks, i, a.block())
	case 2:
		moved := *k
		d.Blocks = slices.Delete(blocks, i, i+1)
		d.Blocks = slices.Insert(d.Blocks, a.IntN(len(d.Blocks)+1), moved)
	case 3:
		switch k.Kind {
		case richtext.Paragraph, richtext.Pull:
			k.Kind, k.Level = richtext.Heading, 2+a.IntN(3)
		case richtext.Heading:
			k.Kind, k.Level = richtext.Paragraph, 0
		}
	case 4:
		switch {
		case len(k.Children) > 1 && a.IntN(2) == 0:
			j := a.IntN(len(k.Children))
			k.Children = slices.Delete(k.Children, j, j+1)
		case k.Kind == richtext.List:
			k.Children = slices.Insert(k.Children, a.IntN(len(k.Children)+1), richtext.Block{Kind: richtext.Item, Inline: a.spans()})
		case len(k.Children) > 1:
			k.Children[0], k.Children[1] = k.Children[1], k.Children[0]
		case k.Kind == richtext.Paragraph:
			*k = richtext.Block{Kind: richtext.Quote, ID: k.ID, Children: []richtext.Block{{Kind: richtext.Paragraph, Inline: k.Inline}}}
		case k.Kind == richtext.Quote:
			*k = richtext.Block{Kind: richtext.List, ID: k.ID, Children: []richtext.Block{{Kind: richtext.Item, Inline: append(k.Children[0].Inline, k.By...)}}}
		case k.Kind == richtext.Table:
			k.Rows = slices.Insert(k.Rows, a.IntN(len(k.Rows)+1), a.row(len(k.Rows[0].Cells)))
		}
	case 5:
		a.note(&d)
	default:
		runs := richtext.Runs(k)
		if len(runs) == 0 {
			break
		}
		r := runs[a.IntN(len(runs))]
		if r.Text != nil {
			*r.Text = a.retype(*r.Text)
			break
		}
		spans := *r.Spans
		j := a.IntN(len(spans))
		s := spans[j]
		switch {
		case a.IntN(5) == 0:
			a.mark(&s)
			spans[j] = s
		case s.Kind == richtext.Text:
			s.Text = a.retype(s.Text)
			spans[j] = s
		case a.IntN(3) == 0:
			*r.Spans = slices.Delete(spans, j, j+1)
		}
		*r.Spans = richtext.Normal(*r.Spans)
	}
	return tidy(d)
}

// retype changes some words of a text.
func (a *author) retype(s string) string {
	if rest, ok := strings.CutSuffix(s, " "); ok { // what follows is another word
		return a.retype(rest) + " "
	}
	words := strings.Split(s, " ")
	i := a.IntN(len(words))
	j := min(len(words), i+1+a.IntN(4))
	switch a.IntN(5) {
	case 0:
		words = slices.Delete(words, i, j)
	case 1:
		words = slices.Insert(words, i, a.word())
	case 2:
		words = slices.Insert(words, i, strings.Fields(a.text())...)
	case 3:
		words[i] = a.word()
	default:
		words = slices.Replace(words, i, j, strings.Fields(a.sentence())...)
	}
	return strings.Join(words, " ")
}

// wordsOf counts the words of a body, wherever they stand.
func wordsOf(d richtext.Doc) map[string]int {
	bag := map[string]int{}
	put := func(s string) {
		for _, w := range strings.FieldsFunc(s, func(r rune) bool {
			return (r < '0' || r > '9') && (r < 'a' || r > 'z')
		}) {
			bag[w]++
		}
	}
	var walk func([]richtext.Block)
	walk = func(blocks []richtext.Block) {
		for i := range blocks {
			k := &blocks[i]
			if k.Kind == richtext.Figure || k.Kind == richtext.Card || k.Kind == richtext.Code {
				put(k.Text)
			}
			put(k.Credit)
			walk(k.Children)
		}
	}
	walk(d.Blocks)
	put(d.Text())
	for i := range d.Blocks {
		if k := d.Blocks[i]; k.Kind == richtext.Card || k.Kind == richtext.Code { // Text has these already
			for w, n := range wordsOf(richtext.Doc{Blocks: []richtext.Block{{Kind: richtext.Paragraph, Inline: []richtext.Span{{Text: k.Text}}}}}) {
				bag[w] -= n
			}
		}
	}
	return bag
}

// check holds what is promised of a merge of three bodies.
func check(t *testing.T, base, mine, theirs richtext.Doc) {
	t.Helper()
	was := [3]string{base.Store(), mine.Store(), theirs.Store()}
	got, clashes := merge.Bodies(base, mine, theirs)
	stored := got.Store()
	fail := func(format string, args ...any) {
		t.Helper()
		t.Fatalf("%s\nbase\n%s\nmine\n%s\ntheirs\n%s\ngot\n%s\nclashes %s", fmt.Sprintf(format, args...), was[0], was[1], was[2], stored, kinds(clashes))
	}
	if was != [3]string{base.Store(), mine.Store(), theirs.Store()} {
		fail("what went in was changed")
	}
	parsed, err := richtext.Parse(stored)
	if err != nil {
		fail("%v", err)
	}
	if diff := cmp.Diff(parsed, got); diff != "" {
		fail("not what is stored: %s", diff)
	}
	if again, _ := richtext.FromHTML(stored, richtext.Options{}); again.Store() != stored {
		fail("the sanitiser makes of it\n%s", again.Store())
	}

	b, m, th, all := wordsOf(base), wordsOf(mine), wordsOf(theirs), wordsOf(got)
	for w := range b {
		if m[w] > 0 && th[w] > 0 && all[w] == 0 {
			fail("nobody deleted %q", w)
		}
	}
	for side, words := range map[string]map[string]int{"mine": m, "theirs": th} {
		for w := range words {
			if b[w] == 0 && all[w] == 0 {
				fail("%q of %s is lost", w, side)
			}
		}
	}
	for w := range all {
		if all[w] > 0 && m[w] == 0 && th[w] == 0 {
			fail("%q is from nowhere", w)
		}
		if len(clashes) == 0 && all[w] > max(b[w], m[w], th[w]) {
			fail("%q stands there twice, and nobody is told", w)
		}
	}
	if len(clashes) == 0 { // what either deleted is gone, unless the other moved it to another block
		for i := range got.Blocks {
			at := slices.IndexFunc(base.Blocks, func(k richtext.Block) bool { return k.ID == got.Blocks[i].ID })
			if at < 0 {
				continue
			}
			was := wordsOf(richtext.Doc{Blocks: base.Blocks[at : at+1]})
			for w := range wordsOf(richtext.Doc{Blocks: got.Blocks[i : i+1]}) {
				if was[w] > 0 && (m[w] == 0 || th[w] == 0) {
					fail("%q was deleted", w)
				}
			}
		}
	}
	other, _ := merge.Bodies(base, theirs, mine)
	if diff := cmp.Diff(all, wordsOf(other)); diff != "" {
		fail("other words the other way round: %s\n%s", diff, other.Store())
	}
	for _, c := range clashes {
		if c.MineTo+c.TheirsTo > 0 {
			stands(t, stored, got, c)
		}
		if c.Kind != merge.Words && c.Kind != merge.Place {
			continue
		}
		if c.Block == "" {
			fail("a clash in no block: %+v", c)
		}
	}
	for _, c := range []struct {
		name            string
		b, m, t, expect richtext.Doc
	}{{"merge(b,x,b)", base, mine, base, mine}, {"merge(b,b,y)", base, base, theirs, theirs}, {"merge(b,x,x)", base, mine, mine, mine}} {
		got, clashes := merge.Bodies(c.b, c.m, c.t)
		if got.Store() != c.expect.Store() || len(clashes) > 0 {
			fail("%s is\n%s", c.name, got.Store())
		}
	}
}

func random(t *testing.T, seed uint64, edits int) {
	t.Helper()
	base := newAuthor(seed, "base").body()
	mine, theirs := base, base
	me, they := newAuthor(seed, "mine"), newAuthor(seed, "theirs")
	for range me.IntN(edits) {
		mine = me.edit(mine)
	}
	for range they.IntN(edits) {
		theirs = they.edit(theirs)
	}
	check(t, base, mine, theirs)
}

func TestRandom(t *testing.T) {
	n := uint64(600)
	if testing.Short() {
		n = 60
	}
	for seed := range n {
		random(t, seed, 8)
	}
}

func FuzzBodies(f *testing.F) {
	f.Add(uint64(1), uint8(3))
	f.Add(uint64(2), uint8(30))
	f.Fuzz(func(t *testing.T, seed uint64, edits uint8) { random(t, seed, 1+int(edits)%40) })
}

// FuzzStored takes whatever is stored form for three versions of a text.
func FuzzStored(f *testing.F) {
	f.Add("<p id=\"b1\">a b</p>\n", "<p id=\"b1\">a <em>b</em></p>\n", "<p id=\"b1\">c b</p>\n")
	for seed := range uint64(8) {
		base := newAuthor(seed, "base").body()
		f.Add(base.Store(), newAuthor(seed, "mine").edit(base).Store(), newAuthor(seed, "theirs").edit(base).Store())
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var docs [3]richtext.Doc
		for i, s := range []string{a, b, c} {
			d, _ := richtext.FromHTML(s, richtext.Options{})
			docs[i] = d
		}
		got, _ := merge.Bodies(docs[0], docs[1], docs[2])
		stored := got.Store()
		if _, err := richtext.Parse(stored); err != nil {
			t.Fatalf("%v\n%s", err, stored)
		}
		if again, _ := richtext.FromHTML(stored, richtext.Options{}); again.Store() != stored {
			t.Fatalf("the sanitiser makes\n%s\nof\n%s", again.Store(), stored)
		}
	})
}

// FuzzText merges any three lines.
func FuzzText(f *testing.F) {
	f.Add("one two", "one", "two")
	f.Add("Мэр", "Мэр города", "")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		a, b, c = richtext.Plain(a), richtext.Plain(b), richtext.Plain(c)
		got, _ := merge.Text(a, b, c)
		other, _ := merge.Text(a, c, b)
		letters := func(s string) string {
			r := []rune(strings.Join(strings.Fields(s), ""))
			slices.Sort(r)
			return string(r)
		}
		if letters(got) != letters(other) {
			t.Errorf("%q and %q", got, other)
		}
		if s, met := merge.Text(a, b, a); s != b || len(met) > 0 {
			t.Errorf("Text(a, b, a) = %q", s)
		}
	})
}

// What is changed in different sentences is never a clash, and all of it is there.
func TestNoFalseAlarm(t *testing.T) {
	for seed := range uint64(400) {
		a := newAuthor(seed, "base")
		me, they := newAuthor(seed, "mine"), newAuthor(seed, "theirs")
		var base, mine, theirs, want []string
		common := []string{"and", "the", "of", "in", "on"}
		sentence := func(a *author) string {
			var w []string
			for range 2 + a.IntN(12) {
				if a.IntN(2) == 0 {
					w = append(w, common[a.IntN(len(common))])
				} else {
					w = append(w, a.word())
				}
			}
			return strings.Join(append(w, a.word()), " ") + "."
		}
		last := 2
		for range 3 + a.IntN(12) {
			s := sentence(a)
			m, th := s, s
			change := func(by *author) string {
				if by.IntN(3) == 0 {
					return sentence(by)
				}
				w := strings.Fields(s)
				i := by.IntN(len(w) - 1)
				switch by.IntN(3) {
				case 0:
					w[i] = by.word()
				case 1:
					w = slices.Insert(w, i, by.word(), common[by.IntN(len(common))])
				default:
					w = slices.Delete(w, i, i+1)
				}
				return strings.Join(w, " ")
			}
			switch last = a.IntN(3); last {
			case 0:
				m = change(me)
			case 1:
				th = change(they)
			}
			base, mine, theirs = append(base, s), append(mine, m), append(theirs, th)
			if m != s {
				want = append(want, m)
			} else {
				want = append(want, th)
			}
		}
		line := func(s []string) richtext.Doc { return bodytest.Paras(t, "1:"+strings.Join(s, " ")) }
		got, clashes := merge.Bodies(line(base), line(mine), line(theirs))
		if got.Store() != line(want).Store() || len(clashes) > 0 {
			t.Fatalf("seed %d:\nbase   %q\nmine   %q\ntheirs %q\ngot    %q\nwant   %q\n%s", seed, base, mine, theirs, got.Text(), strings.Join(want, " "), kinds(clashes))
		}
	}
}

// long is a body of some 10,000 words, and two edits of it.
func long() (base, mine, theirs richtext.Doc) {
	a := newAuthor(1, "base")
	for a.words < 10_000 {
		base.Blocks = append(base.Blocks, a.block())
	}
	base = tidy(base)
	mine, theirs = base, base
	me, they := newAuthor(1, "mine"), newAuthor(1, "theirs")
	for range 60 {
		mine, theirs = me.edit(mine), they.edit(theirs)
	}
	return base, mine, theirs
}

func BenchmarkBodies(b *testing.B) {
	base, mine, theirs := long()
	b.ReportAllocs()
	for b.Loop() {
		merge.Bodies(base, mine, theirs)
	}
}

// One paragraph of 10,000 words of which each side has changed every twentieth.
func BenchmarkParagraph(b *testing.B) {
	a := newAuthor(1, "base")
	words := make([]string, 10_000)
	for i := range words {
		if words[i] = a.word(); a.IntN(3) == 0 {
			words[i] = "and"
		}
	}
	of := func(a *author) richtext.Doc {
		w := slices.Clone(words)
		for i := a.IntN(20); i < len(w); i += 20 {
			w[i] = a.word()
		}
		return richtext.Doc{Blocks: []richtext.Block{{Kind: richtext.Paragraph, ID: "b1", Inline: []richtext.Span{{Text: strings.Join(w, " ")}}}}}
	}
	base, mine, theirs := of(newAuthor(1, "base")), of(newAuthor(1, "mine")), of(newAuthor(1, "theirs"))
	b.ReportAllocs()
	for b.Loop() {
		merge.Bodies(base, mine, theirs)
	}
}
