package correction

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"dateline/internal/anchor"
	"dateline/internal/article"
	"dateline/internal/fault"
	"dateline/internal/richtext"
)

// word is a word of a text that is followed through its edits.
type word struct {
	text string
	id   int  // of the word that it was, also of a copy
	copy bool // it came into the text as a copy
}

type para struct {
	id    string
	words []word
}

// draft is a text whose words are known one by one, so that it is known where a passage
// went.
type draft struct {
	*rand.Rand
	paras []para
	next  int
}

const common = "the a of in on and to was is said that he she it not town hall bridge river night train year people council"

// The words of edits are others than those of the text: one that is deleted never comes
// back by chance where it stood.
const foreign = "zu der die das und nicht ein eine auf mit sich von dem"

func (d *draft) of(words string) string {
	all := strings.Fields(words)
	return all[d.IntN(len(all))]
}

func (d *draft) name() string { d.next++; return fmt.Sprintf("b%d", d.next) }

func (d *draft) fresh(n int) (out []word) {
	for range n {
		out = append(out, word{text: d.of(foreign), id: -1})
	}
	return out
}

func newDraft(seed uint64) *draft {
	d := &draft{Rand: rand.New(rand.NewPCG(seed, 11))}
	n := 0
	for range 2 + d.IntN(5) {
		p := para{id: d.name()}
		for range 4 + d.IntN(50) {
			n++
			p.words = append(p.words, word{text: d.of(common), id: n})
		}
		d.paras = append(d.paras, p)
	}
	return d
}

func (p para) text() string {
	list := make([]string, len(p.words))
	for i, w := range p.words {
		list[i] = w.text
	}
	return strings.Join(list, " ")
}

func (d *draft) manuscript() article.Manuscript {
	var doc richtext.Doc
	for _, p := range d.paras {
		if len(p.words) > 0 {
			doc.Blocks = append(doc.Blocks, richtext.Block{Kind: richtext.Paragraph, ID: p.id, Inline: []richtext.Span{{Text: p.text()}}})
		}
	}
	return article.Manuscript{Body: doc.Store()}
}

// edit changes something, as people do.
func (d *draft) edit() {
	i := d.IntN(len(d.paras))
	p := &d.paras[i]
	at := func() int { return d.IntN(len(p.words) + 1) }
	switch d.IntN(12) {
	case 0, 1, 2:
		p.words = slices.Insert(p.words, at(), d.fresh(1+d.IntN(3))...)
	case 3, 4:
		from := at()
		p.words = slices.Delete(p.words, from, min(len(p.words), from+1+d.IntN(3)))
	case 5, 6:
		if from := at(); from < len(p.words) {
			p.words = slices.Replace(p.words, from, from+1, d.fresh(1)...)
		}
	case 7: // a paragraph goes elsewhere
		q := *p
		d.paras = slices.Delete(d.paras, i, i+1)
		d.paras = slices.Insert(d.paras, d.IntN(len(d.paras)+1), q)
	case 8: // and one is divided
		from := at()
		q := para{d.name(), slices.Clone(p.words[from:])}
		p.words = slices.Clone(p.words[:from])
		d.paras = slices.Insert(d.paras, i+1, q)
	case 9: // two are joined
		if i+1 < len(d.paras) {
			p.words = slices.Concat(p.words, d.paras[i+1].words)
			d.paras = slices.Delete(d.paras, i+1, i+2)
		}
	case 10: // something is copied elsewhere
		from := at()
		part := slices.Clone(p.words[from:min(len(p.words), from+1+d.IntN(20))])
		for j := range part {
			part[j].copy = true
		}
		d.paras = slices.Insert(d.paras, d.IntN(len(d.paras)+1), para{d.name(), part})
	case 11: // a paragraph is written anew, or goes
		if d.IntN(2) == 0 && len(d.paras) > 1 {
			d.paras = slices.Delete(d.paras, i, i+1)
		} else {
			p.words = d.fresh(1 + d.IntN(20))
		}
	}
}

// beside tells whether a word that stood before a passage stands before a place, or one
// that stood behind it stands behind.
func (p para) beside(from, to int, before, after int) bool {
	return from > 0 && p.words[from-1].id == before || to < len(p.words) && p.words[to].id == after
}

// places are those at which the words of a passage stand together. One of them at least
// is a word that it had, or the word beside them is the one that was: whether "to a town"
// went from "is to a town to bridge" or "a town to", nobody can tell. A copy counts where
// nothing is left of what it was copied from.
func (d *draft) places(exact string, ids []int, before, after int) [][2]int {
	var own, copies [][2]int
	original := false
	for i, p := range d.paras {
		for j, w := range p.words {
			original = original || !w.copy && slices.Contains(ids, w.id)
			if j+len(ids) > len(p.words) || (para{words: p.words[j : j+len(ids)]}).text() != exact {
				continue
			}
			part := p.words[j : j+len(ids)]
			if slices.ContainsFunc(part, func(w word) bool { return !w.copy && slices.Contains(ids, w.id) }) || !part[0].copy && p.beside(j, j+len(ids), before, after) {
				own = append(own, [2]int{i, j})
			} else if slices.ContainsFunc(part, func(w word) bool { return slices.Contains(ids, w.id) }) {
				copies = append(copies, [2]int{i, j})
			}
		}
	}
	if !original {
		own = append(own, copies...)
	}
	return own
}

// with is the text as it is to be when the words at a place are replaced.
func (d *draft) with(at [2]int, n int, text string) string {
	var lines []string
	for i, p := range d.paras {
		words := strings.Fields(p.text())
		if i == at[0] {
			words = slices.Replace(words, at[1], at[1]+n, strings.Fields(text)...)
		}
		if len(words) > 0 {
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return strings.Join(lines, "\n")
}

func said(t testing.TB, m article.Manuscript) string {
	t.Helper()
	doc, err := richtext.Parse(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i := range doc.Blocks {
		lines = append(lines, strings.Join(strings.Fields(richtext.Doc{Blocks: doc.Blocks[i : i+1]}.Text()), " "))
	}
	return strings.Join(lines, "\n")
}

// suggestion lets a text be edited between a suggestion and its application: the words
// come to stand where those that they replace went, or nothing is changed.
func suggestion(t testing.TB, seed uint64) (applied bool) {
	t.Helper()
	d := newDraft(seed)
	was := d.manuscript()
	b := d.IntN(len(d.paras))
	p := d.paras[b]
	from := d.IntN(len(p.words))
	n := 1 + d.IntN(min(6, len(p.words)-from))
	var ids []int
	for _, w := range p.words[from : from+n] {
		ids = append(ids, w.id)
	}
	lead := len([]rune(para{words: p.words[:from]}.text()))
	if from > 0 {
		lead++
	}
	exact, before, after := para{words: p.words[from : from+n]}.text(), -2, -2
	if from > 0 {
		before = p.words[from-1].id
	}
	if from+n < len(p.words) {
		after = p.words[from+n].id
	}
	seen := anchor.Passage{Block: p.id, Exact: exact, From: lead, To: lead + len([]rune(exact))}
	r := Remark{Kind: Suggestion, Replaces: true, Replacement: strings.Repeat("NEW ", d.IntN(3))}
	var err error
	if r.Passage, err = Point(was, "", seen); err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	if seed%2 == 1 { // as a reader quotes it of the page
		text := []rune(p.text())
		field, quoted, err := Quoted(was, seen.Exact, string(text[max(0, seen.From-40):seen.From]), string(text[seen.To:min(len(text), seen.To+40)]))
		switch {
		case fault.Is(err, fault.Invalid): // a second place looks the same
		case err != nil:
			t.Fatalf("seed %d: %v", seed, err)
		case field != "" || quoted != r.Passage:
			t.Fatalf("seed %d: quoted, %+v is %q %+v", seed, r.Passage, field, quoted)
		}
	}
	r.Replacement = strings.TrimSpace(r.Replacement)
	for range d.IntN(14) {
		d.edit()
	}
	now := d.manuscript()
	m, err := r.apply(now)
	places := d.places(exact, ids, before, after)
	if err != nil {
		if !fault.Is(err, fault.Conflict) {
			t.Fatalf("seed %d: %v", seed, err)
		}
		return false
	}
	got := said(t, m)
	for _, at := range places {
		if got == d.with(at, n, r.Replacement) {
			return true
		}
	}
	t.Errorf("seed %d: %q is applied to %q in the wrong place (right ones: %v):\n%s\n\nwas, with %+v\n%s\n\nthen\n%s", seed, r.Replacement, exact, places, said(t, now), r.Passage, said(t, was), got)
	return true
}

// TestAppliedWhereItBelongs: 0 wrong places; make soak tries 100,000.
func TestAppliedWhereItBelongs(t *testing.T) {
	rounds := 5000
	if os.Getenv("DATELINE_LONG") != "" {
		rounds = 100_000
	}
	applied := 0
	for seed := range uint64(rounds) {
		if suggestion(t, seed) {
			applied++
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d of %d were applied, the others declared stale", applied, rounds)
	if applied < rounds/3 {
		t.Errorf("only %d of %d were applied", applied, rounds)
	}
}

func FuzzApply(f *testing.F) {
	f.Fuzz(func(t *testing.T, seed uint64) { suggestion(t, seed) })
}
