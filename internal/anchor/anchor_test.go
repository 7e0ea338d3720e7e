package anchor_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/anchor"
	"dateline/internal/bodytest"
	"dateline/internal/fault"
	"dateline/internal/richtext"
)

// marked reads a text in which a passage stands in square brackets.
func marked(t testing.TB, s string) (d richtext.Doc, place anchor.Place) {
	t.Helper()
	for part := range strings.SplitSeq(s, "|") {
		id, words, _ := strings.Cut(part, ":")
		if i := strings.Index(words, "["); i >= 0 {
			j := strings.Index(words, "]")
			place = anchor.Place{Block: "b" + id, From: len([]rune(words[:i])), To: len([]rune(words[:j])) - 1}
		}
	}
	return bodytest.Paras(t, strings.NewReplacer("[", "", "]", "").Replace(s)), place
}

func TestFind(t *testing.T) {
	const long = "The committee met on Monday in the old town hall and decided nothing"
	for _, c := range []struct{ name, was, is string }{ // is without brackets: not found
		{"as it was", "1:one [two] three", "1:one [two] three"},
		{"the first of many", "1:one [two] two two", "1:one [two] two two"},
		{"the last of many", "1:two two [two]", "1:two two [two]"},
		{"words before", "1:One two three four five. It was [said] on Monday in the old town hall.", "1:Somebody wrote more. It was [said] on Monday in the old town hall."},
		{"the next word", "1:It was [said] on Monday in the old town hall.", "1:It was [said] in Almaty on Monday, but not much was said or heard there."},
		{"part of another word", "1:We set a [part] of it aside on Monday.", "1:We set a party of it aside on Monday."},
		{"a part of a word", "1:We set a [part]y of it aside on Monday.", "1:We have set a [part]y of it aside on Monday."},
		{"other words on one side", "1:It was never [said] on Monday in the old town hall.", "1:Nobody has [said] on Monday in the old town hall."},
		{"typography", `1:"It's never" [said "on Monday"] in the hall.`, "1:“It’s never” [said\u00a0«on\u00a0Mon\u00adday»] in the hall."},
		{"changed within", "1:It was never [said on Monday] in the old town hall.", "1:It was never said on Tuesday in the old town hall."},
		{"gone", "1:It was [never] said on Monday in the old town hall.", "1:It was said on Monday in the old town hall."},
		{"gone, and elsewhere another", "1:It was [never] said on Monday.|2:It never was.", "1:It was said on Monday.|2:It never was."},
		{"one of two is gone", "1:It was [said] once. And later it was said twice.", "1:It was done once. And later it was said twice."},
		{"moved with its block", "1:a|2:It was [never] said on Monday in the old town hall.", "2:It was [never] said on Monday in the old town hall.|1:a"},
		{"pasted as another block", "1:a|2:It was [never] said on Monday in the old town hall.", "1:a|9:It was [never] said on Monday in the old town hall."},
		{"the paragraph was divided", "1:One sentence stands here. Another one has [never] been said on Monday in the old town hall.", "1:One sentence stands here.|9:Another one has [never] been said on Monday in the old town hall."},
		{"paragraphs were joined", "1:One sentence stands here.|2:Another one has [never] been said on Monday.", "1:One sentence stands here. Another one has [never] been said on Monday."},
		{"copied, and changed where it was", "1:It was [never] said on Monday in the old town hall.", "1:It was often said on Monday in the old town hall.|9:It was never said on Monday in the old town hall."},
		{"copied", "1:It was [never] said on Monday in the old town hall.", "1:It was [never] said on Monday in the old town hall.|9:It was never said on Monday in the old town hall."},
		{"copied, then joined and edited", "1:a b.|2:It was [never] said on Monday in the old town hall.", "1:a b. It was never said on a Tuesday in the old town hall.|9:It was never said on Monday in the old town hall."},
		{"copied, then joined and changed", "1:a b.|2:It was [never] said on Monday in the old town hall.", "1:a b. It was often said on Monday in the old town hall.|9:It was never said on Monday in the old town hall."},
		{"a refrain", "1:He sang and sang: [la la la] and went.|2:He sang and sang: la la la and went.", "1:He sang and sang: lo lo lo and went.|2:He sang and sang: la la la and went."},
		{"the other one of a refrain", "1:He sang and sang: la la la and went.|2:He sang and sang: [la la la] and went.", "1:He sang and sang: lo lo lo and went.|2:He sang and sang: [la la la] and went."},
		{"a whole block", "1:[Yes.]|2:No.", "1:[Yes.]|2:No."},
		{"a whole block, and another like it", "1:[Yes.]|2:Yes.", "1:No.|2:Yes."},
		{"a long quotation that needs nothing around it", "1:Before. [" + long + "] after all.|2:x", "1:Anew: [" + long + "] once more.|2:x"},
		{"a sentence moved", "1:Before. [" + long + ".] After.|2:x y z.", "1:Before. After.|2:x y. " + long + ". z."},
		{"between two letters", "1:It was []said on Monday.", "1:It was []said on Monday."},
		{"between two words that are gone", "1:It was []said on Monday.", "1:It will be said on Monday."},
		{"twice now", "1:It was [said] on Monday.", "1:It was said on Monday. It was said on Monday."},
	} {
		was, place := marked(t, c.was)
		p, err := anchor.Make(was, place.Block, place.From, place.To)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		is, want := marked(t, c.is)
		got, ok := anchor.Find(is, p)
		if ok != strings.Contains(c.is, "[") {
			t.Errorf("%s: found: %v, at %+v", c.name, ok, got)
		} else if ok && got != want {
			t.Errorf("%s: found at %+v, want %+v", c.name, got, want)
		}
	}
}

// What a browser sends has 32 letters on either side, and no word of how often it is there.
func TestFromBrowser(t *testing.T) {
	p := anchor.Passage{Block: "b1", Exact: "said", Prefix: "It was ", Suffix: " on Monday.", From: 7, To: 11}
	if got, ok := anchor.Find(bodytest.Paras(t, "1:It was said on Monday."), p); !ok || got != (anchor.Place{Block: "b1", From: 7, To: 11}) {
		t.Errorf("%+v %v", got, ok)
	}
	if got, ok := anchor.Find(bodytest.Paras(t, "1:It was done. What was said will be done."), p); ok {
		t.Errorf("found at %+v", got)
	}
	long := strings.Repeat("na ", 40)
	d := bodytest.Paras(t, "1:"+long+"na")
	for from := 0; from < 120; from += 3 {
		p, err := anchor.Make(d, "b1", from, from+2)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := anchor.Find(d, p); !ok || got.From != from {
			t.Errorf("%d: found at %+v %v", from, got, ok)
		}
	}
	for _, c := range []struct {
		block    string
		from, to int
	}{{"b2", 0, 1}, {"b1", -1, 1}, {"b1", 3, 2}, {"b1", 0, 1000}} {
		if _, err := anchor.Make(d, c.block, c.from, c.to); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	places, found := anchor.FindAll(d, []anchor.Passage{{Block: "b1", Exact: "x"}, {Block: "b9"}, {}})
	if len(places) != 3 || slices.Contains(found, true) {
		t.Errorf("%v %v", places, found)
	}
}

func TestReplace(t *testing.T) {
	for _, c := range []struct {
		name, stored, exact, text, want string
		kind                            fault.Kind
	}{
		{name: "a word", stored: "<p id=\"b1\">one two three</p>\n", exact: "two", text: "2", want: "<p id=\"b1\">one 2 three</p>\n"},
		{name: "marks stay", stored: "<p id=\"b1\">teh <strong>quick</strong> borwn fox</p>\n", exact: "teh quick borwn", text: "the quick brown", want: "<p id=\"b1\">the <strong>quick</strong> brown fox</p>\n"},
		{name: "marks of what is replaced", stored: "<p id=\"b1\">the <a href=\"https://a.example/\">old <em>town</em></a> hall</p>\n", exact: "town", text: "city", want: "<p id=\"b1\">the <a href=\"https://a.example/\">old <em>city</em></a> hall</p>\n"},
		{name: "half a word", stored: "<p id=\"b1\">one <strong>twoo</strong></p>\n", exact: "oo", text: "o", want: "<p id=\"b1\">one <strong>two</strong></p>\n"},
		{name: "a note stays", stored: "<p id=\"b1\">one two<a class=\"fn\" href=\"#b2\"></a> three</p>\n<aside id=\"b2\" class=\"note\">n</aside>\n", exact: "two three", text: "four", want: "<p id=\"b1\">one four<a class=\"fn\" href=\"#b2\"></a></p>\n<aside id=\"b2\" class=\"note\">n</aside>\n"},
		{name: "nothing instead", stored: "<p id=\"b1\">one two three</p>\n", exact: "two ", text: "", want: "<p id=\"b1\">one three</p>\n"},
		{name: "nothing left", stored: "<p id=\"b1\">one</p>\n<p id=\"b2\">two</p>\n", exact: "one", text: "", want: "<p id=\"b2\">two</p>\n"},
		{name: "a note's goal", stored: "<p id=\"b1\">x<a class=\"fn\" href=\"#b2\"></a></p>\n<aside id=\"b2\" class=\"note\">one</aside>\n", exact: "one", text: " ", kind: fault.Conflict},
		{name: "a link's goal", stored: "<p id=\"b1\"><a href=\"#b2\">x</a></p>\n<p id=\"b2\">one</p>\n", exact: "one", text: "", kind: fault.Conflict},
		{name: "an item", stored: "<ul id=\"b1\"><li>one</li><li>two</li></ul>\n", exact: "two", text: "2 &", want: "<ul id=\"b1\"><li>one</li><li>2 &amp;</li></ul>\n"},
		{name: "two items", stored: "<ul id=\"b1\"><li>one</li><li>two</li></ul>\n", exact: "one\ntwo", text: "x", kind: fault.Invalid},
		{name: "a cell", stored: "<table id=\"b1\"><tbody><tr><td>a</td><td>b</td></tr></tbody></table>\n", exact: "b", text: "c", want: "<table id=\"b1\"><tbody><tr><td>a</td><td>c</td></tr></tbody></table>\n"},
		{name: "a caption", stored: "<figure id=\"b1\"><img src=\"ref:media/1\"><figcaption>cap <span class=\"credit\">c</span></figcaption></figure>\n", exact: "cap", text: "Cap", want: "<figure id=\"b1\"><img src=\"ref:media/1\"><figcaption>Cap <span class=\"credit\">c</span></figcaption></figure>\n"},
		{name: "code", stored: "<pre id=\"b1\"><code>if x {\n\tgo()\n}</code></pre>\n", exact: "go()\n", text: "stop()\n\tgo()\n", want: "<pre id=\"b1\"><code>if x {\n\tstop()\n\tgo()\n}</code></pre>\n"},
		{name: "a line", stored: "<p id=\"b1\">one<br>two</p>\n", exact: "one\ntwo", text: "one\n2", want: "<p id=\"b1\">one<br>2</p>\n"},
		{name: "tags are words", stored: "<p id=\"b1\">one</p>\n", exact: "one", text: "<script>", want: "<p id=\"b1\">&lt;script&gt;</p>\n"},
		{name: "an address alone would be a card", stored: "<p id=\"b1\">see https://a.example/</p>\n", exact: "see ", text: "", kind: fault.Invalid},
		{name: "a card's title", stored: "<figure id=\"b1\" class=\"card\"><a href=\"https://a.example/\">one two</a></figure>\n", exact: "two", text: "2", want: "<figure id=\"b1\" class=\"card\"><a href=\"https://a.example/\">one 2</a></figure>\n"},
		{name: "too long for a title", stored: "<figure id=\"b1\" class=\"card\"><a href=\"https://a.example/\">one two</a></figure>\n", exact: "two", text: strings.Repeat("x ", 300), kind: fault.Invalid},
		{name: "not there", stored: "<p id=\"b1\">one</p>\n", exact: "", text: "x", kind: fault.Conflict},
		{name: "an abbreviation", stored: "<p id=\"b1\">the <abbr title=\"World Health\">WHO</abbr> says</p>\n", exact: "WHO", text: "UN", want: "<p id=\"b1\">the UN says</p>\n"},
	} {
		d := bodytest.Doc(t, c.stored)
		id := "b1"
		for _, k := range d.Blocks {
			if strings.Contains((richtext.Doc{Blocks: []richtext.Block{k}}).Text(), c.exact) {
				id = k.ID
			}
		}
		text := richtext.Doc{Blocks: d.Blocks[slices.IndexFunc(d.Blocks, func(k richtext.Block) bool { return k.ID == id }):][:1]}.Text()
		from := len([]rune(text[:strings.Index(text, c.exact)]))
		p, err := anchor.Make(d, id, from, from+len([]rune(c.exact)))
		if err != nil {
			t.Fatal(err)
		}
		if c.name == "not there" {
			p = anchor.Passage{Block: "b1", Exact: "two"}
		}
		got, err := anchor.Replace(d, p, c.text)
		if c.want == "" {
			if fault.KindOf(err) != c.kind {
				t.Errorf("%s: %v, %s", c.name, err, got.Store())
			}
		} else if diff := cmp.Diff(c.want, got.Store()); diff != "" || err != nil {
			t.Errorf("%s: %v %s", c.name, err, diff)
		}
		if d.Store() != c.stored {
			t.Errorf("%s: the body that was handed in is another", c.name)
		}
	}
}

// prose is a text of common words, so that every word and many pairs stand in it often.
type prose struct{ *rand.Rand }

func (r prose) word() string {
	const words = "the a of in on and to was is said that he she it not town hall bridge river night train year people council paper stone letter winter house road school water minister teacher window signal platform engineer"
	all := strings.Fields(words)
	return all[r.IntN(len(all))]
}

func (r prose) words(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = r.word()
	}
	return out
}

// FuzzEdits: what is found after edits elsewhere is the passage, and it is found where
// one side of it stayed; after edits inside nothing is found.
func edits(t *testing.T, seed uint64) {
	r := prose{rand.New(rand.NewPCG(seed, 7))}
	var blocks [][]string // of words
	for range 2 + r.IntN(5) {
		blocks = append(blocks, r.words(5+r.IntN(60)))
	}
	write := func(blocks [][]string) richtext.Doc {
		var d richtext.Doc
		for i, w := range blocks {
			d.Blocks = append(d.Blocks, richtext.Block{Kind: richtext.Paragraph, ID: fmt.Sprintf("b%d", i+1), Inline: []richtext.Span{{Text: strings.Join(w, " ")}}})
		}
		return d
	}
	at := func(w []string, from, to int) (int, int) {
		a := len(strings.Join(w[:from], " "))
		if from > 0 {
			a++
		}
		return a, a + len(strings.Join(w[from:to], " "))
	}
	b := r.IntN(len(blocks))
	from := r.IntN(len(blocks[b]))
	to := from + 1 + r.IntN(min(8, len(blocks[b])-from))
	id := fmt.Sprintf("b%d", b+1)
	was := write(blocks)
	x, y := at(blocks[b], from, to)
	p, err := anchor.Make(was, id, x, y)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := anchor.Find(was, p); !ok || got != (anchor.Place{Block: id, From: x, To: y}) {
		t.Fatalf("seed %d: %+v is found at %+v %v in\n%s", seed, p, got, ok, was.Store())
	}

	// Elsewhere: in other blocks and, in its own, on one side of it.
	now := make([][]string, len(blocks))
	for i := range blocks {
		now[i] = slices.Clone(blocks[i])
	}
	before := r.IntN(2) == 0
	f, g := from, to
	for range 1 + r.IntN(6) {
		i := r.IntN(len(now))
		w := now[i]
		lo, hi := 0, len(w)
		if i == b {
			if before {
				hi = f
			} else {
				lo = g
			}
		}
		if lo >= hi {
			continue
		}
		k := lo + r.IntN(hi-lo)
		n := len(w)
		switch r.IntN(3) {
		case 0:
			w = slices.Insert(w, k, r.words(1+r.IntN(5))...)
		case 1:
			w = slices.Delete(w, k, min(hi, k+1+r.IntN(4)))
		default:
			w[k] = r.word()
		}
		if i == b && before {
			f, g = f+len(w)-n, g+len(w)-n
		}
		now[i] = w
	}
	now = slices.DeleteFunc(now, func(w []string) bool { return len(w) == 0 })
	if len(now) == len(blocks) {
		is := write(now)
		x, y := at(now[b], f, g)
		got, ok := anchor.Find(is, p)
		if ok && got != (anchor.Place{Block: id, From: x, To: y}) {
			t.Fatalf("seed %d: %+v is found at %+v, not at %d–%d, in\n%s\nit was\n%s", seed, p, got, x, y, is.Store(), was.Store())
		}
		side := len(p.Suffix)
		if !before {
			side = len(p.Prefix)
		}
		if !ok && side >= 32 {
			t.Fatalf("seed %d: %+v is not found in\n%s\nit was\n%s", seed, p, is.Store(), was.Store())
		}
		if ok {
			changed, err := anchor.Replace(is, p, "other words")
			want := slices.Replace(slices.Clone(now[b]), f, g, "other", "words")
			if now[b] = want; err != nil || changed.Store() != write(now).Store() {
				t.Fatalf("seed %d: %v\n%s", seed, err, changed.Store())
			}
		}
	}

	// Inside.
	w := slices.Clone(blocks[b])
	k := from + r.IntN(to-from)
	switch old := w[k]; r.IntN(3) {
	case 0:
		w = slices.Insert(w, from+(to-from+1)/2, "fresh")
		if to-from < 2 {
			w[from] = "fresh"
		}
	case 1:
		w[k] = old + "er"
	default:
		w = slices.Delete(w, from, to)
		w = slices.Insert(w, from, "fresh")
	}
	blocks[b] = w
	if got, ok := anchor.Find(write(blocks), p); ok {
		t.Fatalf("seed %d: %+v is found at %+v in\n%s\nit was\n%s", seed, p, got, write(blocks).Store(), was.Store())
	}
}

func TestEdits(t *testing.T) {
	for seed := range uint64(3000) {
		edits(t, seed)
	}
}

func FuzzEdits(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(edits)
}

// FuzzFind: what is found is what was meant, in whatever body, and Replace changes
// nothing else.
func FuzzFind(f *testing.F) {
	f.Add("<p>one two<p>three <b>four</b><ul><li>five", "<p>one two<ul><li>five<p>three", uint8(1), uint8(3), uint8(7), "x")
	f.Fuzz(func(t *testing.T, a, b string, block, from, to uint8, text string) {
		x, _ := richtext.FromHTML(a, richtext.Options{})
		y, _ := richtext.FromHTML(b, richtext.Options{})
		if len(x.Blocks) == 0 {
			return
		}
		k := x.Blocks[int(block)%len(x.Blocks)]
		raw := []rune(richtext.Doc{Blocks: []richtext.Block{k}}.Text())
		i := int(from) % (len(raw) + 1)
		j := i + int(to)%(len(raw)-i+1)
		p, err := anchor.Make(x, k.ID, i, j)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []richtext.Doc{x, y} {
			place, ok := anchor.Find(d, p)
			if !ok {
				continue
			}
			at := slices.IndexFunc(d.Blocks, func(k richtext.Block) bool { return k.ID == place.Block })
			text := []rune(richtext.Doc{Blocks: d.Blocks[at : at+1]}.Text())
			if place.From < 0 || place.To < place.From || place.To > len(text) {
				t.Fatalf("%+v in %q", place, string(text))
			}
		}
		out, err := anchor.Replace(x, p, text)
		if err != nil {
			return
		}
		if _, err := richtext.Parse(out.Store()); err != nil {
			t.Fatalf("%v\n%s", err, out.Store())
		}
		for _, was := range x.Blocks {
			at := slices.IndexFunc(out.Blocks, func(k richtext.Block) bool { return k.ID == was.ID })
			if was.ID != k.ID && (at < 0 || !cmp.Equal(out.Blocks[at], was)) {
				t.Fatalf("block %s is another:\n%s\n%s", was.ID, x.Store(), out.Store())
			}
		}
	})
}

func BenchmarkFindAll(b *testing.B) {
	r := prose{rand.New(rand.NewPCG(1, 2))}
	var d richtext.Doc
	for i := range 100 {
		d.Blocks = append(d.Blocks, richtext.Block{Kind: richtext.Paragraph, ID: fmt.Sprintf("b%d", i), Inline: []richtext.Span{{Text: strings.Join(r.words(100), " ")}}})
	}
	var all []anchor.Passage
	for i := range 50 {
		p, err := anchor.Make(d, fmt.Sprintf("b%d", i), 20, 40)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, p)
	}
	b.ReportAllocs()
	for b.Loop() {
		anchor.FindAll(d, all)
	}
}
