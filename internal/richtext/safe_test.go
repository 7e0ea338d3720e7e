package richtext

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// everyRef resolves every reference, so that tests see everything rendered.
var everyRef = Resolver{
	Link: func(ref string) (string, bool) { return "/r/" + strings.TrimPrefix(ref, "ref:"), true },
	Media: func(id int64) (Media, bool) {
		return Media{URL: "/-/media/x.jpg", Alt: "alt", Caption: "caption", Credit: "credit", Mime: "image/jpeg", Width: 3, Height: 2}, true
	},
	OwnHost: "example.org",
}

var allowedElements = map[string]string{
	"p": "id class", "h2": "id", "h3": "id", "h4": "id", "blockquote": "id class", "footer": "",
	"aside": "id", "ul": "id", "ol": "id class start", "li": "id", "figure": "id class role aria-label",
	"img": "src alt width height loading decoding", "figcaption": "", "span": "class lang dir",
	"div": "id class tabindex role aria-label", "table": "", "caption": "", "thead": "", "tbody": "",
	"tr": "", "th": "class scope colspan rowspan", "td": "class colspan rowspan", "hr": "id",
	"pre": "id tabindex", "code": "", "a": "href rel id class aria-label", "sup": "", "sub": "", "em": "",
	"strong": "", "s": "", "abbr": "title", "q": "", "bdi": "", "br": "",
}

// checkSafe parses rendered HTML as a browser does and refuses everything
// that the vocabulary does not name.
func checkSafe(t *testing.T, rendered string) {
	t.Helper()
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(rendered), root)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
		case html.ElementNode:
			attrs, ok := allowedElements[n.Data]
			if !ok || n.Namespace != "" {
				t.Errorf("element %s %s in %q", n.Namespace, n.Data, rendered)
			}
			for _, a := range n.Attr {
				if !has(attrs, a.Key) {
					t.Errorf("attribute %s of %s in %q", a.Key, n.Data, rendered)
				}
				if a.Key == "href" || a.Key == "src" {
					checkAddress(t, a.Val)
				}
				if a.Key == "id" && !validID(a.Val) && !strings.HasPrefix(a.Val, "fn") && !strings.HasPrefix(a.Val, "r") {
					t.Errorf("id %q in %q", a.Val, rendered)
				}
			}
		default:
			t.Errorf("node type %d %q in %q", n.Type, n.Data, rendered)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	if strings.ContainsAny(rendered, "\u0000\ufdd0\ufdd1\ufffe\uffff\u202e") {
		t.Errorf("forbidden character in %q", rendered)
	}
}

func checkAddress(t *testing.T, u string) {
	t.Helper()
	for _, ok := range []string{"/r/", "/-/", "#fn", "#r", "#b", "http://", "https://", "mailto:", "tel:"} {
		if strings.HasPrefix(u, ok) {
			return
		}
	}
	t.Errorf("address %q", u)
}

func TestVectors(t *testing.T) {
	for _, v := range vectors {
		d, _ := FromHTML(v, Options{Lang: "en"})
		checkFixpoint(t, d)
		checkSafe(t, string(d.Render(everyRef)))
	}
}

// everything uses each part of the vocabulary, as strangers would write it.
const everything = `<p id="b7">One <a href="https://example.com/a?b=1&amp;c=2">link</a>, <b>bold <i>both</b> italic</i>, <s>s</s> H<sub>2</sub>O x<sup>2</sup> <abbr title="World Health">WHO</abbr> <q>quoted</q> <bdi>שלום</bdi> <span lang="fr">mot</span> <code>x</code><br>line<sup><a href="#n1">1</a></sup></p>
<h1>Head</h1><h5>Small</h5>
<blockquote><p>Words.</p><ul><li>x</ul><cite>Speaker</cite></blockquote>
<p class="pull">Pull &lt;this&gt;</p>
<aside><h3>Box</h3><p>text</p></aside>
<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>
<ol start="3"><li>three</li></ol>
<figure><img src="ref:media/45" alt="A &quot;bridge&quot;"><figcaption>Cap <em>tion</em> <span class="credit">Photo: X</span></figcaption></figure>
<figure><img src="ref:media/1"><img src="ref:media/2"><figcaption>Two</figcaption></figure>
<table><caption>T</caption><tr><th>A<th>B</tr><tr><td>1<td class="r" colspan=2>2</table>
<hr><pre><code>if a &lt; b {
	x
}</code></pre>
<iframe src="https://www.youtube.com/embed/abc?rel=0" title="Video"></iframe>
<figure class="wp-block-embed"><div>
https://example.com/x
</div></figure>
<p>https://example.org/bare</p>
<p><a href="ref:article/12">own</a> <a href="ref:old/old.example/2011/?p=3">old</a></p>
<ol><li id="n1">The note. <a href="#r1">↩</a></li></ol>
`

// vectors are attacks and accidents; none may leave the vocabulary.
var vectors = []string{
	`<script>alert(1)</script>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`, `<SCRIPT SRC=//x.example/x.js></SCRIPT>`,
	`<img src=x onerror=alert(1)>`, `<img src="javascript:alert(1)">`, `<IMG SRC=JaVaScRiPt:alert(1)>`,
	"<a href=\"java\tscript:alert(1)\">x</a>", `<a href="&#106;avascript:alert(1)">x</a>`,
	`<a href=" javascript:alert(1)">x</a>`, "<a href=\"\x01javascript:alert(1)\">x</a>", `<a href="javascript&colon;alert(1)">x</a>`,
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<a href="vbscript:msgbox(1)">x</a>`,
	`<a href="//evil.example/x">x</a>`, `<a href="/\evil.example">x</a>`, `<a href="https://a\@evil.example/">x</a>`,
	`<a href="https://user:pass@evil.example/">x</a>`, `<a href="file:///etc/passwd">x</a>`, `<a href="blob:https://x/y">x</a>`,
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><style><img src=x onerror=alert(1)></style></svg>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<math><mi xlink:href="data:x,<script>alert(4)</script>">`, `<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<style>@import 'x';</style>`, `<p style="background:url(javascript:1)">x</p>`,
	`<iframe src="javascript:alert(1)"></iframe>`, `<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `<object data="x.swf"></object>`,
	`<embed src="https://x.example/x.swf">`, `<base href="https://evil.example/">`, `<meta http-equiv=refresh content="0;url=x">`,
	`<link rel=stylesheet href=x>`, `<form action=x><input name=attributes><button formaction=javascript:1>x`,
	`<input onfocus=alert(1) autofocus>`, `<details open ontoggle=alert(1)>x</details>`, `<video><source onerror=alert(1) src=x></video>`,
	`<audio src=javascript:alert(1) onerror=alert(1)>`, `<p id=comments name=forms>x</p>`, `<a id=r1 href="#fn1">x</a>`,
	`<template><script>alert(1)</script></template>`, `<xmp><img src=x onerror=1></xmp>`, `<plaintext><script>x`,
	`<textarea></textarea><img src=x onerror=1></textarea>`, `<title><img src=x onerror=1></title>`, `<!--><script>alert(1)</script>-->`,
	`<![CDATA[<script>alert(1)</script>]]>`, `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`,
	"\ufdd0views:1:ru\ufdd1", "a\u202eb\u2066c", "x\x00y<p\x00>z", "\xff\xfe<p>\xc3", "<p>e</p><b>e</b><i>\u0301</i>",
	"<p>e<u></u>\u0301</p>", `<table><tr><td><script>x</script>`, `<table>loose<tr>x<td>y<table><tr><td>z`, `<li>alone`, `</p></div></td>x`,
	`<a href="https://x.example/a b'c">x</a>`, `<b><p>x</b>y</p>`, `<a href=https://a.example>x<a href=https://b.example>y`,
	`<ul><ul><ul><li>x<ol><li>y`, `<blockquote><blockquote><cite>z</cite></blockquote></blockquote>`, `<figure><figcaption>only</figcaption></figure>`,
	`<p><img src="ref:media/3">a<img src="ref:media/4">b</p>`, `<h2><img src="ref:media/3"></h2>`, `<p>x<br> <br>y<br></p>`,
	`<span lang=ru>я <span lang=en>x</span></span>`, `<p lang="AR-eg">سلام</p>`, `<p><a class=fn href="#b9"></a>x</p>`,
	`<a href="#b1">x</a><p id=b1>y</p>`, `<a href="#x">https://a.example/</a><h2 id=x></h2>`, `<a href="#x">a</a><a href="#y">b</a><ul><li id=x>c</ul>`,
	`<p id=x><a href="#x">a</a><p><br><br><a name="y&quot;><script>">z</a><a href="#y&quot;><script>">z</a>`, `<blockquote><a href="#q">https://a.example/</a></blockquote><hr id=q>`,
	`<ol id=o><li id=n>x</ol><a href="#n">1</a><a href="#o">2</a>`, `<table id=t><td id=u>x</table><a href="#t">a</a> <a href="#u">b</a>`, `<aside class=note id=b9>n</aside><p>a<a class=fn href="#b9"></a></p>`, `<pre>a<b>b</b><p>c<br>d</pre>`, `<figure class=card><a href=https://x.example/y>z</a></figure>`,
}
