package compare_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/bodytest"
	"dateline/internal/compare"
	"dateline/internal/richtext"
)

// shown writes runs as people mark paper: [-out-], {+in+}, <set otherwise>.
func shown(runs []compare.Run) string {
	var b strings.Builder
	for _, r := range runs {
		s := r.Span.Text
		switch r.Span.Kind {
		case richtext.Break:
			s = "¶"
		case richtext.NoteRef:
			s = "^" + s
		}
		switch r.Op {
		case compare.Added:
			s = "{+" + s + "+}"
		case compare.Removed:
			s = "[-" + s + "-]"
		case compare.Marked:
			s = "<" + s + ">"
		}
		b.WriteString(s)
	}
	return b.String()
}

func told(blocks []compare.Block) string {
	var out []string
	for _, b := range blocks {
		s := fmt.Sprintf("%s %s", b.ID, b.Op)
		if b.Moved {
			s += " moved"
		}
		s += fmt.Sprintf(" %d→%d", b.From, b.To)
		for _, r := range b.Rows {
			s += fmt.Sprintf(" %s:%s", r.Part, shown(r.Runs))
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func TestLine(t *testing.T) {
	for _, c := range [][3]string{
		{"one two three", "one 2 three", "one [-two-]{+2+} three"},
		{"", "new", "{+new+}"},
		{"gone", "", "[-gone-]"},
		{"same", "same", "same"},
		{"one two", "one two two", "one two{+ two+}"},
		{"One. Three.", "One. Two. Three.", "One. {+Two. +}Three."},
		{"One.", "One. Two.", "One.{+ Two.+}"},
		{"don’t go", "won’t go", "[-don’t-]{+won’t+} go"},
		{"Мэр Алматы ушёл", "Мэр Астаны ушёл", "Мэр [-Алматы-]{+Астаны+} ушёл"},
		{"пере\u00adнос", "перенос", "[-пере\u00adнос-]{+перенос+}"},
		{"日本の文", "日本語の文", "日本{+語+}の文"},
		{"a 👩\u200d👩\u200d👧 b", "a 👩\u200d👧 b", "a [-👩\u200d👩\u200d👧-]{+👩\u200d👧+} b"},
		{"🇰🇿🇷🇺", "🇰🇿🇺🇿", "🇰🇿[-🇷🇺-]{+🇺🇿+}"},
		{"The quick brown fox jumps over it.", "A slow dog slept under the table there.", "[-The quick brown fox jumps over it-]{+A slow dog slept under the table there+}."},
		{"cat sat.", "dog sits.", "[-cat-]{+dog+} [-sat-]{+sits+}."},
	} {
		if got := shown(compare.Line(c[0], c[1])); got != c[2] {
			t.Errorf("%q, %q: %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

func TestBodies(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"words", "<p id=\"b1\">one two</p>\n<p id=\"b2\">x</p>\n", "<p id=\"b1\">one 2</p>\n<p id=\"b2\">x</p>\n", "b1 changed 0→0 text:one [-two-]{+2+}\nb2 same 1→1 text:x"},
		{"marks", "<p id=\"b1\">one two three</p>\n", "<p id=\"b1\">one <strong>two</strong> three<a class=\"fn\" href=\"#b2\"></a></p>\n<aside id=\"b2\" class=\"note\">n</aside>\n", "b1 changed 0→0 text:one <two> three{+^b2+}\nb2 added -1→1 text:{+n+}"},
		{"in and out", "<p id=\"b1\">one</p>\n<p id=\"b2\">two</p>\n<p id=\"b3\">three</p>\n", "<p id=\"b1\">one</p>\n<p id=\"b4\">four</p>\n<p id=\"b3\">three</p>\n", "b1 same 0→0 text:one\nb4 added -1→1 text:{+four+}\nb2 removed 1→-1 text:[-two-]\nb3 same 2→2 text:three"},
		{"moved", "<p id=\"b1\">one</p>\n<p id=\"b2\">two</p>\n<p id=\"b3\">three</p>\n", "<p id=\"b3\">three!</p>\n<p id=\"b1\">one</p>\n<p id=\"b2\">two</p>\n", "b3 changed moved 2→0 text:three{+!+}\nb1 same 0→1 text:one\nb2 same 1→2 text:two"},
		{"pasted anew", "<p id=\"b1\">one two three four</p>\n", "<h2 id=\"b9\">one two three five</h2>\n", "b9 changed 0→0 text:one two three [-four-]{+five+}"},
		{"list", "<ul id=\"b1\"><li>one</li><li>two words</li></ul>\n", "<ul id=\"b1\"><li>new</li><li>one</li><li>two more words</li></ul>\n", "b1 changed 0→0 item:{+new+} item:one item:two {+more +}words"},
		{"table", "<table id=\"b1\"><tbody><tr><td>a</td><td>1</td></tr></tbody></table>\n", "<table id=\"b1\"><caption>c</caption><tbody><tr><td>a</td><td>2</td></tr></tbody></table>\n", "b1 changed 0→0 caption:{+c+} cell:a cell:[-1-]{+2+}"},
		{"figure", "<figure id=\"b1\"><img src=\"ref:media/1\"><figcaption>c</figcaption></figure>\n", "<figure id=\"b1\"><img src=\"ref:media/2\" alt=\"a\"><figcaption>c <span class=\"credit\">d</span></figcaption></figure>\n", "b1 changed 0→0 picture:[-ref:media/1-]{+ref:media/2+} alt:{+a+} caption:c credit:{+d+}"},
		{"card and code", "<figure id=\"b1\" class=\"card\"><a href=\"https://a.example/\">t</a></figure>\n<pre id=\"b2\"><code>a\n b</code></pre>\n", "<figure id=\"b1\" class=\"card\"><a href=\"https://b.example/\">t</a></figure>\n<pre id=\"b2\"><code>a\n c</code></pre>\n", "b1 changed 0→0 title:t address:[-https://a.example/-]{+https://b.example/+}\nb2 changed 1→1 code:a\n [-b-]{+c+}"},
		{"level alone", "<h2 id=\"b1\">x</h2>\n", "<h3 id=\"b1\">x</h3>\n", "b1 changed 0→0 text:x"},
		{"quotation", "<blockquote id=\"b1\" class=\"q\"><p>a</p><footer>b</footer></blockquote>\n", "<blockquote id=\"b1\" class=\"q\"><p>a</p><p>c</p><footer>b</footer></blockquote>\n", "b1 changed 0→0 text:a text:{+c+} speaker:b"},
		{"nothing", "", "", ""},
	} {
		blocks := compare.Bodies(bodytest.Doc(t, c.old), bodytest.Doc(t, c.new))
		if diff := cmp.Diff(c.want, told(blocks)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		halves(t, bodytest.Doc(t, c.old), bodytest.Doc(t, c.new), blocks)
	}
	blocks := compare.Bodies(bodytest.Doc(t, "<p id=\"b1\">one two three</p>\n"), bodytest.Doc(t, "<p id=\"b1\">one and <em>two</em></p>\n"))
	if added, removed := compare.Count(blocks); added != 1 || removed != 1 {
		t.Errorf("%d added, %d removed", added, removed)
	}
	for _, r := range blocks[0].Rows[0].Runs {
		if r.Op == compare.Marked && (!r.Has("em") || r.Had("em") || r.Has("strong")) {
			t.Errorf("%+v", r)
		}
	}
}

// halves holds that the old halves of all rows are the old body, the new ones the new.
func halves(t *testing.T, old, new richtext.Doc, blocks []compare.Block) {
	t.Helper()
	said := func(runs []compare.Run, was bool) []richtext.Span {
		var out []richtext.Span
		for _, r := range runs {
			s := r.Span
			if was && r.Op == compare.Marked {
				s = r.Was
			}
			out = append(out, s)
		}
		return richtext.Normal(out)
	}
	from, to := 0, 0
	for _, b := range blocks {
		var was, is []richtext.Span
		for _, r := range b.Rows {
			was, is = append(was, said(r.Old(), true)...), append(is, said(r.New(), false)...)
		}
		check := func(k *richtext.Block, all *int, d richtext.Doc, at int, got []richtext.Span) {
			if k == nil {
				if at >= 0 {
					t.Errorf("block %s is at %d and not there", b.ID, at)
				}
				return
			}
			*all++
			if k != &d.Blocks[at] {
				c := d.Blocks[at]
				if c.ID != k.ID {
					t.Errorf("block %s is not at %d", k.ID, at)
				}
			}
			c := richtext.Clone(*k)
			if c.Kind == richtext.Code { // white space is no matter of Normal
				return
			}
			var want []richtext.Span
			for _, r := range richtext.Runs(&c) {
				if r.Spans != nil {
					want = append(want, *r.Spans...)
				}
			}
			if c.Kind == richtext.Paragraph || c.Kind == richtext.Quote || c.Kind == richtext.List || c.Kind == richtext.Table {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("block %s: %s", b.ID, diff)
				}
			}
		}
		check(b.Old, &from, old, b.From, was)
		check(b.New, &to, new, b.To, is)
	}
	if from != len(old.Blocks) || to != len(new.Blocks) {
		t.Errorf("%d of %d old blocks, %d of %d new", from, len(old.Blocks), to, len(new.Blocks))
	}
}

func TestFields(t *testing.T) {
	var got []string
	for _, f := range compare.Fields(map[string]string{"a": "x y", "b": "b", "c": "gone", "e": ""}, map[string]string{"a": "x z", "b": "b", "d": "new"}) {
		got = append(got, fmt.Sprintf("%s %s %s", f.Name, f.Op, shown(f.Runs)))
	}
	if diff := cmp.Diff([]string{"a changed x [-y-]{+z+}", "b same b", "c removed [-gone-]", "d added {+new+}"}, got); diff != "" {
		t.Error(diff)
	}
	if len(compare.Fields(nil, nil)) != 0 {
		t.Error("fields from nowhere")
	}
}

func TestStale(t *testing.T) {
	was := bodytest.Doc(t, "<p id=\"b1\">He said: «yes», didn't he?</p>\n<p id=\"b2\">two</p>\n<p id=\"b3\">three</p>\n<figure id=\"b4\"><img src=\"ref:media/1\"></figure>\n<p id=\"b6\">gone</p>\n")
	made := compare.Hashes(was)
	now := bodytest.Doc(t, "<p id=\"b3\">three</p>\n<p id=\"b1\">He\u00a0said: “yes”, didn’t he?</p>\n<p id=\"b2\">two <a href=\"https://a.example/\">words</a></p>\n<p id=\"b5\">new</p>\n<figure id=\"b4\"><img src=\"ref:media/2\"></figure>\n")
	changed, added, gone := compare.Stale(now, made)
	if diff := cmp.Diff([][]string{{"b2", "b4"}, {"b5"}, {"b6"}}, [][]string{changed, added, gone}); diff != "" {
		t.Error(diff)
	}
	if a, b := was.Blocks[1], was.Blocks[2]; compare.Hash(a) == compare.Hash(b) {
		t.Error("two texts, one hash")
	}
	a, b := was.Blocks[1], was.Blocks[1]
	b.ID = "b77"
	if compare.Hash(a) != compare.Hash(b) {
		t.Error("an id makes another hash")
	}
	changed, added, gone = compare.Stale(was, made)
	if len(changed)+len(added)+len(gone) > 0 {
		t.Error(changed, added, gone)
	}
}

// any rows: what Hunks say leads from one to the other.
func FuzzWords(f *testing.F) {
	f.Add("one two three", "one three two")
	f.Add("a. b. c.", "a. c. b. c.")
	f.Add("👩\u200d👩 é x\u00ad", "e\u0301")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := compare.Plain(a), compare.Plain(b)
		join := func(t []compare.Token) string {
			var b strings.Builder
			for i := range t {
				b.WriteString(t[i].Text)
			}
			return b.String()
		}
		if join(x) != a || join(y) != b {
			t.Fatalf("%q is divided into %+v", a, x)
		}
		var out []compare.Token
		i, j := 0, 0
		hunks := compare.Words(x, y)
		for _, h := range append(slices.Clone(hunks), compare.Hunk{A0: len(x), A1: len(x), B0: len(y), B1: len(y)}) {
			if h.A0 < i || h.A1 < h.A0 || h.B1 < h.B0 || h.A0-i != h.B0-j {
				t.Fatalf("%q, %q: %v", a, b, hunks)
			}
			for ; i < h.A0; i, j = i+1, j+1 {
				if !compare.Like(x[i], y[j]) {
					t.Fatalf("%q stands for %q: %v", x[i].Text, y[j].Text, hunks)
				}
				out = append(out, x[i])
			}
			out = append(out, y[h.B0:h.B1]...)
			i, j = h.A1, h.B1
		}
		if join(out) != b {
			t.Fatalf("%q and %v are %q, not %q", a, hunks, join(out), b)
		}
		if a == b && len(hunks) > 0 {
			t.Fatalf("%q differs from itself: %v", a, hunks)
		}
	})
}

// FuzzBodies compares whatever is a body.
func FuzzBodies(f *testing.F) {
	f.Add("<p>one two<p>three", "<p>three<p>one<ul><li>x")
	f.Add("<table><tr><td>a<td>b</table>", "<table><tr><td>a<td>c<tr><td>d</table><hr>")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, _ := richtext.FromHTML(a, richtext.Options{})
		y, _ := richtext.FromHTML(b, richtext.Options{})
		blocks := compare.Bodies(x, y)
		halves(t, x, y, blocks)
		for _, k := range compare.Bodies(x, x) {
			if k.Op != compare.Same || k.Moved {
				t.Fatalf("a body differs from itself: %s", told([]compare.Block{k}))
			}
		}
		compare.Stale(y, compare.Hashes(x))
	})
}

func TestRising(t *testing.T) {
	for _, c := range [][2][]int{{{3, 1, 2, 5, 4}, {1, 2, 4}}, {{}, {}}, {{2, 1}, {1}}, {{1, 2, 3}, {0, 1, 2}}} {
		if diff := cmp.Diff(c[1], compare.Rising(c[0])); diff != "" && len(c[1]) > 0 {
			t.Errorf("%v: %s", c[0], diff)
		}
	}
}

// text is n words, of which changed of a thousand are other ones in the second.
func text(n, changed int, ends string) (a, b string) {
	r := rand.New(rand.NewPCG(1, 2))
	var x, y []string
	for i := range n {
		w := fmt.Sprintf("w%d", r.IntN(n/4+1))
		if r.IntN(3) == 0 {
			w = []string{"and", "the", "of"}[r.IntN(3)]
		}
		if i%15 == 14 {
			w += ends
		}
		x = append(x, w)
		if r.IntN(1000) < changed {
			w = fmt.Sprintf("v%d", i)
		}
		y = append(y, w)
	}
	return strings.Join(x, " "), strings.Join(y, " ")
}

func BenchmarkLine(b *testing.B) {
	for _, c := range []struct {
		name       string
		n, changed int
		ends       string
	}{{"10000 words", 10_000, 20, "."}, {"10000 words, half of them new", 10_000, 500, "."}, {"10000 words, one sentence", 10_000, 50, ""}, {"40000 words, one sentence", 40_000, 50, ""}} {
		b.Run(c.name, func(b *testing.B) {
			old, new := text(c.n, c.changed, c.ends)
			b.ReportAllocs()
			for b.Loop() {
				compare.Line(old, new)
			}
		})
	}
}

func BenchmarkBodies(b *testing.B) {
	var old, new richtext.Doc
	for i := range 100 {
		x, y := text(100, i%3*20, ".")
		old.Blocks = append(old.Blocks, richtext.Block{Kind: richtext.Paragraph, ID: fmt.Sprintf("b%d", i), Inline: []richtext.Span{{Text: x}}})
		new.Blocks = append(new.Blocks, richtext.Block{Kind: richtext.Paragraph, ID: fmt.Sprintf("b%d", i), Inline: []richtext.Span{{Text: y}}})
	}
	b.ReportAllocs()
	for b.Loop() {
		compare.Bodies(old, new)
	}
}
