package richtext

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		in   string
		max  int
		want string
	}{
		{"", 5, ""},
		{"short", 5, "short"},
		{"one two  three", 20, "one two three"},
		{"one two three", 9, "one two…"},
		{"one two three", 8, "one two…"},
		{"один, два, три", 11, "один, два…"},
		{"қазақша мәтін", 9, "қазақша…"},
		{"abcdefghij", 5, "abcd…"},
		{"e\u0301e\u0301e\u0301", 4, "e\u0301…"},
		{"👩\u200d👩\u200d👧x", 4, "…"},
		{"🇰🇿🇰🇿🇰🇿", 4, "🇰🇿…"},
		{"日本語の文章です", 5, "日本語の…"},
		{"word", 0, ""},
		{strings.Repeat("a  b\n\t c ", 99), 9, "a b c a…"},
		{" " + strings.Repeat("слово \n ", 99), 12, "слово слово…"},
	} {
		got := Excerpt(c.in, c.max)
		if got != c.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", c.in, c.max, got, c.want)
		}
		if utf8.RuneCountInString(got) > c.max {
			t.Errorf("Excerpt(%q, %d) has %d letters", c.in, c.max, utf8.RuneCountInString(got))
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"a\x00b\x07c":              "abc",
		"a\r\nb\rc\td":             "a\nb\nc\td",
		"\ufdd0views:1:ru\ufdd1":   "views:1:ru",
		"x\ufffe\uffff\U0001ffffy": "xy",
		"a\u202eb\u202c":           "ab",
		"\u2067שלום\u2069 ok":      "\u2067שלום\u2069 ok",
		"\u2067open":               "open",
		"e\u0301":                  "é",
		"и\u0306":                  "й",
		"\xffx":                    "\ufffdx",
		"Тасозен — «Лампа», № 7, 2 ₸": "Тасозен — «Лампа», № 7, 2 ₸",
	} {
		if got := Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestInlineText(t *testing.T) {
	for in, want := range map[string]string{
		"AT&amp;T <em>wins</em>":          "AT&T wins",
		"a<br>b":                          "a b",
		"x<script>alert(1)</script>y":     "xy",
		" 5 < 7 &nbsp;ok ":                "5 < 7 \u00a0ok",
		"&lt;b&gt;":                       "<b>",
		"one\n\ttwo":                      "one two",
		"<p>one</p><p>two</p>":            "one two",
		"&#xFDD0;views:1:ru&#xFDD1;<!-->": "views:1:ru",
	} {
		if got := InlineText(in); got != want {
			t.Errorf("InlineText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.com/a?b=1#c": "https://example.com/a?b=1#c",
		" HTTP://Example.com ":        "http://Example.com",
		"//cdn.example/x":             "https://cdn.example/x",
		"https://пример.рф/путь":      "https://пример.рф/%D0%BF%D1%83%D1%82%D1%8C",
		"https://a.example/a b'\"":    "https://a.example/a%20b%27%22",
		"mailto:a@b.example":          "mailto:a@b.example",
		"tel:+77010000000":            "tel:+77010000000",
		"java\nscript:alert(1)":       "",
		"javascript:alert(1)":         "",
		"data:text/html,x":            "",
		"/relative":                   "",
		"https://":                    "",
		"https:/x":                    "",
		"https://u:p@x.example/":      "",
		`https://a\@b.example`:        "",
		"mailto://x":                  "",
	} {
		got, ok := cleanURL(in)
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("cleanURL(%q) = %q, want %q", in, got, want)
		}
		if again, ok2 := cleanURL(got); ok && (!ok2 || again != got) {
			t.Errorf("cleanURL is not stable: %q, %q", got, again)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{
		"<p>no id</p>\n", "<p id=\"b1\">x</p>", "<p id=\"b1\">x</p>\n<p id=\"b1\">y</p>\n", "<p id=\"main\">x</p>\n",
		"<p id=\"b1\" onclick=\"x\">x</p>\n", "<p id=\"b1\"><em><strong>x</strong></em></p>\n",
		"<p id=\"b1\"><a href=\"javascript:x\">x</a></p>\n", "<script>x</script>\n", "<p id=\"b1\">a > b</p>\n",
		"<p id=\"b1\">a &lt b</p>\n", "<p id=\"b1\">\ufdd0views:1:ru\ufdd1</p>\n", "<p id=\"b1\"><em>a</em><em>b</em></p>\n",
		"<p id=\"b1\">x<a class=\"fn\" href=\"#b2\"></a></p>\n", "<h1 id=\"b1\">x</h1>\n", "<ul id=\"b1\"></ul>\n", "x",
	} {
		if d, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %+v, want an error", s, d)
		}
	}
}

func TestIDs(t *testing.T) {
	n := 0
	next := func() string { n++; return []string{"bad", "b9", "b2", "b20", "b21"}[n-1] }
	d, _ := FromHTML(`<p id=b2>a</p><p id=b2>b</p><p id=comments>c</p>`, Options{NextID: next})
	var got []string
	for _, k := range d.Blocks {
		got = append(got, k.ID)
	}
	if diff := cmp.Diff([]string{"b2", "b9", "b20"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRenderResolver(t *testing.T) {
	d, _ := FromHTML(`<p><a href="ref:article/1">one</a> <a href="ref:article/2">two</a> <a href="ref:old/old.example/x?p=1">three</a> `+
		`<a href="https://www.example.org/">four</a> <a href="ref:media/8">five</a> <a href="ref:media/9">six</a></p><figure><img src="ref:media/9"></figure>`, Options{})
	r := Resolver{
		Link:    func(ref string) (string, bool) { return "/en/2026/11/14/x", ref == "ref:article/1" },
		OwnHost: "example.org",
	}
	want := `<p id="b1"><a href="/en/2026/11/14/x">one</a> two <a href="https://old.example/x?p=1" rel="noopener">three</a> ` +
		`<a href="https://www.example.org/">four</a> five six</p>` + "\n"
	if diff := cmp.Diff(want, string(d.Render(r))); diff != "" {
		t.Error(diff)
	}
	r.Link = func(string) (string, bool) { return "javascript:alert(1)", true }
	if s := string(d.Render(r)); strings.Contains(s, "javascript") {
		t.Errorf("a resolver's address went out unchecked: %s", s)
	}
	links, media := d.Refs()
	if diff := cmp.Diff([]string{"ref:article/1", "ref:article/2", "ref:old/old.example/x?p=1", "ref:media/8", "ref:media/9"}, links); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int64{9, 8}, media); diff != "" {
		t.Error(diff)
	}
}

// TestRenderDir: whoever asks for the text says which languages run the other way;
// the package knows none, not even the best known.
func TestRenderDir(t *testing.T) {
	d, _ := FromHTML(`<p>a <span lang="ar">b</span> <span lang="qkr">c</span> <span lang="ru">d</span></p><figure><img src="ref:media/9"></figure>`, Options{Lang: "en"})
	r := Resolver{
		Dir:   func(tag string) string { return map[string]string{"qkr": "rtl", "qkt": "ltr", "ru": `">`}[tag] },
		Media: func(int64) (Media, bool) { return Media{URL: "/p.jpg", Alt: "e", Caption: "f", Lang: "qkt"}, true },
	}
	want := `<p id="b1">a <span lang="ar">b</span> <span lang="qkr" dir="rtl">c</span> <span lang="ru">d</span></p>` + "\n" +
		`<figure id="b2"><img src="/p.jpg" alt="e" lang="qkt" dir="ltr" loading="lazy" decoding="async"><figcaption lang="qkt" dir="ltr">f</figcaption></figure>` + "\n"
	if diff := cmp.Diff(want, string(d.Render(r))); diff != "" {
		t.Error(diff)
	}
}

// TestHostile holds the bounds: each input would be ruin for a reader whose
// work grows with the square of its input.
func TestHostile(t *testing.T) {
	const n = 40_000
	long := "https://example.com/" + strings.Repeat("a", 2000)
	for name, src := range map[string]string{
		"deep divs":       strings.Repeat("<div>", n) + "x",
		"deep lists":      strings.Repeat("<ul><li>", n) + "x",
		"deep tables":     strings.Repeat("<table><td>", n) + "x",
		"deep quotes":     strings.Repeat("<blockquote>", n) + "x",
		"deep figures":    strings.Repeat("<figure>", n) + "<img src=ref:media/1>",
		"open bold":       strings.Repeat("<b>x", n),
		"joined spans":    strings.Repeat("a<u></u>", n),
		"stray ends":      strings.Repeat("<div>", 90) + strings.Repeat("</p></section></b>", n),
		"split links":     `<a href="` + long + `">` + strings.Repeat("<q>x</q>y", n),
		"empty heading":   "<h2>" + strings.Repeat("<br><div>", 5*n),
		"images":          strings.Repeat("<li><img src=ref:media/1>", n),
		"notes":           strings.Repeat("<i id=a onclick=b"+"></i><a href=x:y>", n),
		"unclosed svg":    strings.Repeat("<svg>", n) + "<p>x</p>",
		"footnotes":       strings.Repeat(`<a href="#n">1</a>`, n) + "<ol><li id=n>x</ol>",
		"paragraph marks": strings.Repeat("<p>x<br><br>", n),
	} {
		start := time.Now()
		d, notes := FromHTML(src, Options{Lang: "en"})
		stored := d.Store()
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		if len(stored) > 16<<20 || len(notes) > maxNotes {
			t.Errorf("%s: %d bytes, %d notes", name, len(stored), len(notes))
		}
		if _, err := Parse(stored); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	d, _ := FromHTML("<svg><path><p>kept</p>", Options{})
	if d.Text() != "kept" {
		t.Errorf("an unclosed svg took the text: %q", d.Text())
	}
}

// post is an ordinary post: 700 words in twenty paragraphs with ten links.
func post() string {
	var sb strings.Builder
	for i := 0; i < 20; i++ {
		sb.WriteString("<!-- wp:paragraph -->\n<p>Утром на правом берегу собралось около двухсот человек, и машинист <strong>Каирбек</strong> тоже. ")
		if i%2 == 0 {
			sb.WriteString(`<a href="https://example.com/2026/11/14/most-i-poezd/">Лаборатория</a> `)
		}
		sb.WriteString("публикует замеры каждый час, а часы на платформе спешат на четыре минуты; она говорит, что так было всегда.</p>\n<!-- /wp:paragraph -->\n")
	}
	return sb.String()
}

func BenchmarkFromHTMLStore(b *testing.B) {
	src := post()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		d, _ := FromHTML(src, Options{Lang: "ru"})
		_ = d.Store()
	}
}

func BenchmarkParseRender(b *testing.B) {
	d, _ := FromHTML(post(), Options{Lang: "ru"})
	stored := d.Store()
	b.SetBytes(int64(len(stored)))
	b.ReportAllocs()
	for b.Loop() {
		d, err := Parse(stored)
		if err != nil {
			b.Fatal(err)
		}
		_ = d.Render(everyRef)
	}
}

// TestProse: what a list shows of an article begins with its words, not with
// those beside them.
func TestProse(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`<figure><img src="ref:media/4"><figcaption>Cap</figcaption></figure><h2>H</h2><p class="pull">P</p><table><tr><td>T</table><p>One</p><ul><li>two</ul><pre>c</pre><blockquote><p>three</p></blockquote>`,
			"One\n\ntwo\n\nthree"},
		{`<figure><img src="ref:media/4"><figcaption>Cap</figcaption></figure><h2>H</h2>`, "Cap\n\nH"},
		{"", ""},
	} {
		d, _ := FromHTML(tt.in, Options{})
		if got := d.Prose(1000); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
	if d, _ := FromHTML("<p>one</p><p>two</p><p>three</p>", Options{}); d.Prose(4) != "one\n\ntwo" {
		t.Errorf("%q", d.Prose(4))
	}
}

// TestListInCell: a cell's list stays in the cell, a line for each item.
func TestListInCell(t *testing.T) {
	for in, want := range map[string]string{
		`<table><tr><td>Take:<ul><li>salt<li>two <b>eggs</b></ul>Stir.</td><td>x</table>`:        "Take:\n• salt\n• two eggs\nStir.\tx",
		`<table><tr><td><ol><li>a</li><li>b</li></ol><ol><li><p>c</p></li></ol></td></table>`:    "1. a\n2. b\n1. c",
		`<table><tr><td><ol><li>a<ol><li>b</ol><li>c</ol><td><ul><li>d<ul><li>e</table><p>f</p>`: "1. a\n• b\n• c\t• d\n• e\n\nf",
		`<table><tr><td><ul><li></li></ul></td><td>x</table>`:                                    "\tx",
	} {
		d, _ := FromHTML(in, Options{})
		checkFixpoint(t, d)
		if got := d.Text(); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// Weight and slant that are said by style count as such, and nothing else that
// merely ends alike: Word writes mso-bidi-font-weight:normal on what is bold.
func TestStyles(t *testing.T) {
	for src, want := range map[string]string{
		`<b style="mso-bidi-font-weight:normal">x</b>`:                          `<strong>x</strong>`,
		`<b style="font-weight: normal">x</b>`:                                  `x`,
		`<b id="docs-internal-guid-1" style="font-weight:normal;">x</b>`:        `x`,
		`<strong style="color:red; Font-Weight : normal !important">x</strong>`: `x`,
		`<span style="font-weight: 700">x</span>`:                               `<strong>x</strong>`,
		`<span style="font-weight:bold;font-style: italic">x</span>`:            `<strong><em>x</em></strong>`,
		`<span style="mso-bidi-font-weight:bold">x</span>`:                      `x`,
		`<span style="mso-bidi-font-style:italic">x</span>`:                     `x`,
	} {
		d, _ := FromHTML("<p>"+src+"</p>", Options{})
		if got := d.Store(); got != `<p id="b1">`+want+"</p>\n" {
			t.Errorf("%s: %s", src, got)
		}
	}
}
