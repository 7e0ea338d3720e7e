package merge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/bodytest"
	"dateline/internal/merge"
	"dateline/internal/richtext"
)

func short(d richtext.Doc) string {
	s := d.Store()
	s = strings.ReplaceAll(s, "</p>\n<p id=\"b", "|")
	return strings.TrimSuffix(strings.TrimPrefix(s, "<p id=\"b"), "</p>\n")
}

// kinds writes clashes as kind, block and both texts.
func kinds(clashes []merge.Clash) string {
	var out []string
	for _, c := range clashes {
		out = append(out, fmt.Sprintf("%s %s%s[%s|%s]", c.Kind, c.Block, c.Field, c.Mine, c.Theirs))
	}
	return strings.Join(out, " ")
}

func TestBodies(t *testing.T) {
	for _, c := range []struct{ name, base, mine, theirs, want, clashes string }{
		{"two blocks", "1:a|2:b", "1:a!|2:b", "1:a|2:b!", `1">a!|2">b!`, ""},
		{"two words", "1:one two three", "1:ONE two three", "1:one two THREE", `1">ONE two THREE`, ""},
		{"divided, and changed in the second half", "1:One two three. Four five six.|2:x", "1:One two three.|9:Four five six.|2:x", "1:One two three. Four cinq six.|2:y", `1">One two three.|9">Four cinq six.|2">y`, ""},
		{"changed in both halves, and divided", "1:One two three. Four five six.", "1:One deux three. Four cinq six.", "1:One two three.|9:Four five six.", `1">One deux three.|9">Four cinq six.`, ""},
		{"joined, and changed in the second half", "1:One two three.|2:Four five six.|3:x", "1:One two three. Four five six.|3:x", "1:One two three.|2:Four cinq six.|3:x", `1">One two three. Four cinq six.|3">x`, ""},
		{"divided by both", "1:One two three. Four five six. Seven eight nine.", "1:One two three.|8:Four five six. Seven eight nine.", "1:One two three. Four five six.|9:Seven eight nine.", `1">One two three.|8">Four five six.|9">Seven eight nine.`, ""},
		{"divided alike", "1:One two three. Four five six.", "1:One two three.|8:Four five six.", "1:One two three.|9:Four five six.", `1">One two three.|8">Four five six.`, ""},
		{"divided, and joined to the next", "1:One two three. Four five six.|2:Seven eight nine.", "1:One two three.|9:Four five six.|2:Seven eight neuf.", "1:One two three. Four five six. Seven eight nine.", `1">One two three.|9">Four five six. Seven eight neuf.`, ""},
		{"joined to the next, and divided", "1:One two three. Four five six.|2:Seven eight nine.", "1:One two three. Four five six. Seven eight nine.", "1:One two three.|9:Four five six.|2:Seven eight neuf.", `1">One two three.|9">Four five six. Seven eight neuf.`, ""},
		{"divided and deleted", "1:One two three. Four five six.|2:x", "1:One two three.|9:Four five six.|2:x", "2:x", `1">One two three.|9">Four five six.|2">x`, "deleted b1[One two three.|]"},
		{"neighbouring words", "1:one two three", "1:ONE two three", "1:one TWO three", `1">ONE TWO three`, ""},
		{"a word in, a word changed", "1:one two", "1:one and two", "1:one TWO", `1">one and TWO`, ""},
		{"the same word", "1:one two", "1:eins two", "1:uno two", `1">eins uno two`, "words b1[eins|uno]"},
		{"both the same", "1:one two", "1:eins two", "1:eins two!", `1">eins two!`, ""},
		{"both the same and more", "1:one two", "1:eins zwei two", "1:eins two", `1">eins zwei two`, ""},
		{"at the same place", "1:one.", "1:one. Mine.", "1:one. Theirs.", `1">one. Theirs. Mine.`, "place b1[Mine.|Theirs.]"},
		{"deleted and changed", "1:a|2:b|3:c", "1:a|3:c", "1:a|2:b!|3:c", `1">a|2">b!|3">c`, "deleted b2[|b!]"},
		{"changed and deleted", "1:a|2:b|3:c", "1:a|2:b!|3:c", "1:a|3:c", `1">a|2">b!|3">c`, "deleted b2[b!|]"},
		{"deleted by both", "1:a|2:b|3:c", "1:a|3:c", "1:a!|3:c", `1">a!|3">c`, ""},
		{"a word deleted and changed", "1:one two three", "1:one three", "1:one zwei three", `1">one zwei three`, "words b1[|zwei]"},
		{"new on both sides", "1:a", "1:a|5:x", "1:a|6:y", `1">a|5">x|6">y`, ""},
		{"new at the beginning", "1:a", "5:x|1:a", "6:y|1:a", `5">x|6">y|1">a`, ""},
		{"moved, and changed there", "1:a|2:b|3:c", "3:c|1:a|2:b", "1:a|2:b!|3:c!", `3">c!|1">a|2">b!`, ""},
		{"moved by both", "1:a|2:b|3:c|4:d", "2:b|1:a|3:c|4:d", "1:a|2:b|4:d|3:c", `2">b|1">a|4">d|3">c`, ""},
		{"moved and deleted", "1:a|2:b|3:c", "3:c|1:a|2:b", "1:a|2:b", `1">a|2">b`, ""},
		{"new behind what is deleted", "1:a|2:b|3:c", "1:a|2:b|5:x|3:c", "1:a|3:c", `1">a|5">x|3">c`, ""},
		{"one block for both", "1:a", "1:a|5:x y", "1:a|5:x z", `1">a|5">x z y`, "place b5[y|z]"},
		{"a mark and a word", "1:one two three", "1:one <strong>two three</strong>", "1:one two four", `1">one <strong>two four</strong>`, ""},
		{"two marks", "1:one two", "1:<strong>one two</strong>", "1:one <em>two</em>", `1"><strong>one <em>two</em></strong>`, ""},
		{"words in what is marked", "1:one two three", "1:<em>one two three</em>", "1:one and two three four", `1"><em>one and two three four</em>`, ""},
		{"words in a link", "1:see one two now", `1:see <a href="https://a.example/">one two</a> now`, "1:see also one and two or now", `1">see also <a href="https://a.example/">one and two</a> or now`, ""},
		{"words in what is marked no more", "1:<em>one two</em>", "1:one two", "1:<em>one and two</em>", `1">one and two`, ""},
		{"a mark taken away", "1:<strong>one <em>two</em></strong>", "1:<strong>one two</strong>", "1:one <em>two</em>", `1">one two`, ""},
		{"two addresses", "1:see one two now", `1:see <a href="https://a.example/">one two</a> now`, `1:see <a href="https://b.example/">one two</a> now`,
			`1">see <a href="https://a.example/">one two</a> <a href="https://b.example/">one two</a> now`, "words b1[one two|one two]"},
		{"an address changed and taken away", `1:<a href="https://a.example/">one</a> x`, `1:<a href="https://c.example/">one</a> x`, "1:one x!", `1"><a href="https://c.example/">one</a> x!`, ""},
		{"words that would be one", "1:one two three", "1:one three", "1:onetwo three", `1">one onetwo three`, "words b1[one|onetwo]"},
		{"nothing left", "1:one", "1:two", "1:https://a.example/", `1">two https://a.example/`, "words b1[two|https://a.example/]"},
		{"a sentence rewritten, a word of it mended", "1:Keep this. The quick brown fox jumps over it.", "1:Keep this. A slow dog was asleep under the tree.", "1:Keep this. The quick brown foxes jumps over it.",
			`1">Keep this. A slow dog was asleep under the tree The quick brown foxes jumps over it.`, "words b1[A slow dog was asleep under the tree|The quick brown foxes jumps over it]"},
	} {
		got, clashes := merge.Bodies(bodytest.Paras(t, c.base), bodytest.Paras(t, c.mine), bodytest.Paras(t, c.theirs))
		if s := short(got); s != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, s, c.want)
		}
		if s := kinds(clashes); s != c.clashes {
			t.Errorf("%s: clashes %q, want %q", c.name, s, c.clashes)
		}
		for _, k := range clashes {
			stands(t, c.name, got, k)
		}
	}
}

// stands holds that the texts of a clash are where it says.
func stands(t *testing.T, name string, d richtext.Doc, c merge.Clash) {
	t.Helper()
	if c.Kind != merge.Words && c.Kind != merge.Place {
		return
	}
	for _, k := range d.Blocks {
		if k.ID != c.Block {
			continue
		}
		text := []rune(richtext.Doc{Blocks: []richtext.Block{k}}.Text())
		if m, th := string(text[c.MineFrom:c.MineTo]), string(text[c.TheirsFrom:c.TheirsTo]); m != c.Mine || th != c.Theirs {
			t.Errorf("%s: %q and %q stand where %q and %q should, in %q", name, m, th, c.Mine, c.Theirs, string(text))
		}
		return
	}
	t.Errorf("%s: a clash in no block: %+v", name, c)
}

// What stands within a block is merged as blocks are.
func TestNested(t *testing.T) {
	for _, c := range []struct{ name, base, mine, theirs, want, clashes string }{
		{"items", "<ul id=\"b1\"><li>one</li><li>two</li><li>three</li></ul>\n", "<ul id=\"b1\"><li>one!</li><li>two</li><li>new</li><li>three</li></ul>\n", "<ol id=\"b1\"><li>one</li><li>two</li><li>drei</li></ol>\n",
			"<ol id=\"b1\"><li>one!</li><li>two</li><li>new</li><li>drei</li></ol>\n", ""},
		{"nested items", "<ul id=\"b1\"><li>one<ul><li>in one</li></ul></li><li>two</li></ul>\n", "<ul id=\"b1\"><li>one<ul><li>in one</li><li>mine</li></ul></li><li>two</li></ul>\n", "<ul id=\"b1\"><li>one<ul><li>in one theirs</li></ul></li><li>two</li></ul>\n",
			"<ul id=\"b1\"><li>one<ul><li>in one theirs</li><li>mine</li></ul></li><li>two</li></ul>\n", ""},
		{"quotation", "<blockquote id=\"b1\" class=\"q\"><p>one</p><p>two</p><footer>Who</footer></blockquote>\n", "<blockquote id=\"b1\" class=\"q\"><p>one</p><p>zwei</p><footer>Who</footer></blockquote>\n", "<blockquote id=\"b1\" class=\"q\"><p>uno</p><p>two</p><footer>Who, when</footer></blockquote>\n",
			"<blockquote id=\"b1\" class=\"q\"><p>uno</p><p>zwei</p><footer>Who, when</footer></blockquote>\n", ""},
		{"cells", "<table id=\"b1\"><tbody><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></tbody></table>\n", "<table id=\"b1\"><tbody><tr><td>a</td><td>1</td></tr><tr><td>b</td><td class=\"r\">3</td></tr></tbody></table>\n", "<table id=\"b1\"><caption>C</caption><tbody><tr><td>a</td><td>1</td></tr><tr><td>bb</td><td>2</td></tr><tr><td>c</td><td>4</td></tr></tbody></table>\n",
			"<table id=\"b1\"><caption>C</caption><tbody><tr><td>a</td><td>1</td></tr><tr><td>bb</td><td class=\"r\">3</td></tr><tr><td>c</td><td>4</td></tr></tbody></table>\n", ""},
		{"the same cell", "<table id=\"b1\"><tbody><tr><td>a</td><td>1</td></tr></tbody></table>\n", "<table id=\"b1\"><tbody><tr><td>a</td><td>2</td></tr></tbody></table>\n", "<table id=\"b1\"><tbody><tr><td>a</td><td>3</td></tr></tbody></table>\n",
			"<table id=\"b1\"><tbody><tr><td>a</td><td>2 3</td></tr></tbody></table>\n", "words b1[2|3]"},
		{"caption and picture", "<figure id=\"b1\"><img src=\"ref:media/1\"><figcaption>one</figcaption></figure>\n", "<figure id=\"b1\"><img src=\"ref:media/2\"><figcaption>one</figcaption></figure>\n", "<figure id=\"b1\"><img src=\"ref:media/1\" alt=\"alt\"><figcaption>one two <span class=\"credit\">C</span></figcaption></figure>\n",
			"<figure id=\"b1\"><img src=\"ref:media/2\" alt=\"alt\"><figcaption>one two <span class=\"credit\">C</span></figcaption></figure>\n", ""},
		{"code", "<pre id=\"b1\"><code>a\nb\nc</code></pre>\n", "<pre id=\"b1\"><code>a\n\tb\nc</code></pre>\n", "<pre id=\"b1\"><code>a\nb\nc\nd</code></pre>\n", "<pre id=\"b1\"><code>a\n\tb\nc\nd</code></pre>\n", ""},
		{"heading and words", "<p id=\"b1\">one two</p>\n", "<h2 id=\"b1\">one two</h2>\n", "<p id=\"b1\">one two three</p>\n", "<h2 id=\"b1\">one two three</h2>\n", ""},
		{"note", "<p id=\"b1\">one<a class=\"fn\" href=\"#b2\"></a> two</p>\n<aside id=\"b2\" class=\"note\">n</aside>\n", "<p id=\"b1\">one two</p>\n", "<p id=\"b1\">uno<a class=\"fn\" href=\"#b2\"></a> two</p>\n<aside id=\"b2\" class=\"note\">n</aside>\n",
			"<p id=\"b1\">uno two</p>\n", ""},
		{"note that is still used", "<p id=\"b1\">one<a class=\"fn\" href=\"#b2\"></a> two</p>\n<aside id=\"b2\" class=\"note\">n</aside>\n", "<p id=\"b1\">two</p>\n", "<p id=\"b1\">uno<a class=\"fn\" href=\"#b2\"></a> two</p>\n<aside id=\"b2\" class=\"note\">n</aside>\n",
			"<p id=\"b1\">uno<a class=\"fn\" href=\"#b2\"></a> two</p>\n<aside id=\"b2\" class=\"note\">n</aside>\n", "words b1[|uno] deleted b2[|n]"},
		{"link to what is gone", "<p id=\"b1\">one</p>\n<h2 id=\"b2\">two</h2>\n", "<p id=\"b1\">one</p>\n", "<p id=\"b1\"><a href=\"#b2\">one</a></p>\n<h2 id=\"b2\">two</h2>\n", "<p id=\"b1\">one</p>\n", "unlinked b1[one|one]"},
	} {
		got, clashes := merge.Bodies(bodytest.Doc(t, c.base), bodytest.Doc(t, c.mine), bodytest.Doc(t, c.theirs))
		if diff := cmp.Diff(c.want, got.Store()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if s := kinds(clashes); s != c.clashes {
			t.Errorf("%s: clashes %q, want %q", c.name, s, c.clashes)
		}
		for _, k := range clashes {
			stands(t, c.name, got, k)
		}
	}
}

// What cannot be laid over one another stands twice, and merging again adds nothing.
func TestBoth(t *testing.T) {
	base := bodytest.Doc(t, "<p id=\"b1\">one two</p>\n<p id=\"b2\">x</p>\n")
	mine := bodytest.Doc(t, "<ul id=\"b1\"><li>one</li><li>two</li></ul>\n<p id=\"b2\">x</p>\n")
	theirs := bodytest.Doc(t, "<p id=\"b1\">one two three</p>\n<p id=\"b2\">y</p>\n")
	got, clashes := merge.Bodies(base, mine, theirs)
	if len(got.Blocks) != 3 || got.Blocks[0].ID != "b1" || got.Blocks[0].Kind != richtext.List || got.Blocks[2].ID != "b2" || got.Text() != "one\ntwo\n\none two three\n\ny" {
		t.Fatalf("%s", got.Store())
	}
	if len(clashes) != 1 || clashes[0].Kind != merge.Blocks || clashes[0].Other != got.Blocks[1].ID || clashes[0].Mine != "one\ntwo" || clashes[0].Theirs != "one two three" {
		t.Errorf("%+v", clashes)
	}
	// The answer was lost on its way, and the same is sent again.
	again, clashes := merge.Bodies(base, mine, got)
	if diff := cmp.Diff(got.Store(), again.Store()); diff != "" {
		t.Errorf("merged again: %s%+v", diff, clashes)
	}
	figure := func(id int) richtext.Doc {
		return bodytest.Doc(t, fmt.Sprintf("<figure id=\"b1\"><img src=\"ref:media/%d\"></figure>\n", id))
	}
	if got, _ := merge.Bodies(figure(1), figure(2), figure(3)); len(got.Blocks) != 2 || got.Blocks[0].Media != 2 || got.Blocks[1].Media != 3 {
		t.Errorf("two pictures: %s", got.Store())
	}
	width := func(n int, s string) richtext.Doc {
		return bodytest.Doc(t, "<table id=\"b1\"><tbody><tr>"+strings.Repeat("<td>"+s+"</td>", n)+"</tr></tbody></table>\n")
	}
	if got, _ := merge.Bodies(width(2, "a"), width(3, "a"), width(2, "b")); len(got.Blocks) != 2 || got.Text() != "a\ta\ta\n\nb\tb" {
		t.Errorf("two widths: %s", got.Store())
	}
	alt := func(s string) richtext.Doc {
		return bodytest.Doc(t, "<figure id=\"b1\"><img src=\"ref:media/1\" alt=\""+s+"\"></figure>\n")
	}
	if got, _ := merge.Bodies(alt("a"), alt(strings.Repeat("x", 200)), alt(strings.Repeat("y", 200))); len(got.Blocks) != 2 {
		t.Errorf("two long alternative texts: %s", got.Store())
	}
	gone := func(s string) string { return "<p id=\"b1\">" + s + "</p>\n" }
	if got, _ := merge.Bodies(bodytest.Doc(t, gone("a https://a.example/")), bodytest.Doc(t, gone("https://a.example/ b")), bodytest.Doc(t, gone("a https://a.example/ b"))); got.Store() != gone("https://a.example/ b") {
		t.Errorf("%s", got.Store())
	}
	if got, _ := merge.Bodies(bodytest.Doc(t, gone("a https://a.example/ b")), bodytest.Doc(t, gone("a https://a.example/")), bodytest.Doc(t, gone("https://a.example/ b"))); got.Blocks[0].Kind != richtext.Card {
		t.Errorf("an address alone: %s", got.Store())
	}
}

func TestFields(t *testing.T) {
	base := map[string]string{"headline": "Bridge opens today", "slug": "bridge", "note": "n", "gone": "x", "kicker": "A"}
	mine := map[string]string{"headline": "Bridge opens on Monday", "slug": "bridge-1", "note": "n", "new": "mine", "kicker": "A"}
	theirs := map[string]string{"headline": "Old bridge opens today", "slug": "bridge-2", "note": "n!", "gone": "x", "kicker": ""}
	got, clashes := merge.Fields(base, mine, theirs, "slug")
	want := map[string]string{"headline": "Old bridge opens on Monday", "slug": "bridge-1", "note": "n!", "new": "mine", "kicker": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s := kinds(clashes); s != "value slug[bridge-1|bridge-2]" {
		t.Error(s)
	}
	for _, c := range [][4]string{
		{"", "a", "", "a"}, {"", "a", "b", "b a"}, {"a", "a", "", ""}, {"a", "b", "", "b"}, {"a b", "a c", "a b", "a c"},
		{"Мэр ушёл", "Мэр ушёл в отставку", "Мэр города ушёл", "Мэр города ушёл в отставку"},
		{"don’t go", "don’t stay", "won’t go", "won’t stay"}, {"日本", "日本語", "大日本", "大日本語"},
		{"пере\u00adнос", "пере\u00adносы", "пере\u00adнос 1", "пере\u00adносы 1"},
	} {
		if got, _ := merge.Text(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("Text(%q, %q, %q) = %q, want %q", c[0], c[1], c[2], got, c[3])
		}
	}
	if s, c := merge.Text("a b", "a c", "a d"); s != "a c d" || len(c) != 1 || c[0].MineFrom != 2 || c[0].MineTo != 3 || c[0].TheirsFrom != 4 || c[0].TheirsTo != 5 {
		t.Errorf("%q %+v", s, c)
	}
}
