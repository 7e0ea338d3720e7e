package feed

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dateline/internal/richtext"
)

const page = "https://lamp.example/2026/11/14/bridge"

func TestAbsolute(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`<p>x &amp; y &lt; z "q"</p>`, `<p>x &amp; y &lt; z "q"</p>`},
		{`<a href="/a b">x</a>`, `<a href="https://lamp.example/a%20b">x</a>`},
		{`<a href="//other.example/x">x</a>`, `<a href="https://other.example/x">x</a>`},
		{`<a href="next">x</a>`, `<a href="https://lamp.example/2026/11/14/next">x</a>`},
		{`<a href="#b2">1</a>`, `<a href="https://lamp.example/2026/11/14/bridge#b2">1</a>`},
		{`<a href="/жол?a=1&amp;b=2">x</a>`, `<a href="https://lamp.example/%D0%B6%D0%BE%D0%BB?a=1&amp;b=2">x</a>`},
		{`<a href="mailto:desk@lamp.example">x</a>`, `<a href="mailto:desk@lamp.example">x</a>`},
		{`<a href="tel:+77010000000">x</a>`, `<a href="tel:+77010000000">x</a>`},
		{`<a href=" java` + "\t" + `script:alert(1)">x</a>`, `<a>x</a>`},
		{`<a href="ref:article/5" title="t">x</a>`, `<a title="t">x</a>`},
		{`<a href="https://u:p@x.example/">x</a>`, `<a>x</a>`},
		{`<img src="/m.jpg" alt="" loading="lazy" decoding="async" fetchpriority="high" data-src="/x" style="x" onerror="x" sizes="100vw">`,
			`<img src="https://lamp.example/m.jpg" alt="" sizes="100vw">`},
		{`<img src="data:image/gif;base64,R0" alt="x">`, ``},
		{`<img alt="none">`, ``},
		{`<img src="/a,b.jpg" srcset="/a,b.jpg 1x,/c.jpg, /d.jpg 640w , javascript:x 2x, /e 3q">`,
			`<img src="https://lamp.example/a,b.jpg" srcset="https://lamp.example/a%2Cb.jpg 1x, https://lamp.example/c.jpg, https://lamp.example/d.jpg 640w">`},
		{`<video poster="/p.jpg" controls src="/v.mp4" autoplay></video>`,
			`<video poster="https://lamp.example/p.jpg" controls="" src="https://lamp.example/v.mp4"></video>`},
		{`<blockquote cite="/src"><p>q</p></blockquote>`, `<blockquote cite="https://lamp.example/src"><p>q</p></blockquote>`},
		{`a<script>alert("</p>")</script>b<style>p{}</style>c<iframe src="/x">y</iframe>d<svg><a href="/x">e</a><svg></svg></svg>f`, `abcdf`},
		{`<button data-x>Report</button><custom-thing>y</custom-thing>`, `Reporty`},
		{`<scr<script>ipt>x`, `ipt&gt;x`}, // the tokenizer takes the "<script" for an attribute
		{`<<!-- -->script>alert(1)<<!-- -->/script>`, `&lt;script&gt;alert(1)&lt;/script&gt;`},
		{`<p id="b1" class="c" lang="kk" dir="ltr">x</p>`, `<p lang="kk" dir="ltr">x</p>`},
		{`<table><tr><td colspan="2" scope="">x</td></tr></table>`, `<table><tr><td colspan="2">x</td></tr></table>`},
		{`<img src="/x" src="/y" alt="&quot;>&lt;b&amp;">`, `<img src="https://lamp.example/x" alt="&quot;&gt;&lt;b&amp;">`},
		{"a&#8;b&#xFDD0;c&#13;\x00\xff<i title='&#8;x'>y", "abc\n\ufffd<i title=\"x\">y"},
		{`<ol class="notes"><li id="fn1"><span>1</span><span>a <span>b</span></span></li></ol><ol><li><span>1</span></li></ol>`,
			`<ol><li><span>a <span>b</span></span></li></ol><ol><li><span>1</span></li></ol>`},
		{`x<plaintext>y</plaintext>z`, `x`},
	} {
		if got := Absolute(c.in, page); got != c.want {
			t.Errorf("Absolute(%s)\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

// Footnotes as richtext really prints them.
func TestFootnotes(t *testing.T) {
	d := richtext.Doc{Blocks: []richtext.Block{
		{Kind: richtext.Paragraph, ID: "b1", Inline: []richtext.Span{{Text: "One"}, {Kind: richtext.NoteRef, Text: "b2"}}},
		{Kind: richtext.Footnote, ID: "b2", Inline: []richtext.Span{{Text: "The note"}}}}}
	got := Absolute(string(d.Render(richtext.Resolver{})), page)
	if !strings.Contains(got, "<ol><li><span>The note ") || strings.Contains(got, `"#`) {
		t.Error(got)
	}
}

func TestAbsoluteWithoutBase(t *testing.T) {
	for _, base := range []string{"", "/relative", "::"} {
		in := `<a href="/x">x</a><a href="https://y.example/">y</a><img src="/m.jpg">`
		if got, want := Absolute(in, base), `<a>x</a><a href="https://y.example/">y</a>`; got != want {
			t.Errorf("base %q: %s, want %s", base, got, want)
		}
	}
}

func FuzzAbsolute(f *testing.F) {
	for _, s := range []string{
		`<p>a <a href="/x#y?z">b</a></p>`, `<img src=x srcset="a 1x, b,c 2x,,d">`, `<<!-- -->script>x`, `<svg><style><img src=x>`,
		`<textarea><a href="`, `<a href='&#1;'>`, `<a href="http:">`, `<a href="///x">`, `<noscript><p title="</noscript><img src=x onerror=x>">`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		once := Absolute(in, page)
		if twice := Absolute(once, page); twice != once {
			t.Errorf("once  %q\ntwice %q", once, twice)
		}
		n, err := html.Parse(strings.NewReader(once))
		if err != nil {
			t.Fatal(err)
		}
		for x := range n.Descendants() {
			if x.Type != html.ElementNode {
				continue
			}
			if whole[x.Data] {
				t.Errorf("%s in %q", x.Data, once)
			}
			for _, a := range x.Attr {
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "data-") {
					t.Errorf("%s in %q", a.Key, once)
				}
				if (a.Key == "href" || a.Key == "src" || a.Key == "cite") && !absolute(a.Val) &&
					!strings.HasPrefix(a.Val, "mailto:") && !strings.HasPrefix(a.Val, "tel:") {
					t.Errorf("%s=%q in %q", a.Key, a.Val, once)
				}
			}
		}
		var c checker
		c.text("", once)
		if err := c.Err("a text"); err != nil {
			t.Error(err)
		}
	})
}
