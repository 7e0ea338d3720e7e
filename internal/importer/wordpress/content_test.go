package wordpress

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dateline/internal/importer"
	"dateline/internal/richtext"
)

// prepared is the HTML made of a text, and its notes.
func prepared(src string, footnotes string) (string, string) {
	x := &Export{tables: newTables()}
	attach := func(id int64, url, caption, parent string) {
		it := rawItem{}
		it.f[eAttachmentURL], it.f[eExcerpt], it.f[eParent] = url, caption, parent
		x.tables.addFile(&it, id)
	}
	attach(1, "https://a.example/1.jpg", "c1", "")
	attach(2, "https://a.example/2.jpg", "c2", "77")
	attach(3, "https://a.example/3.jpg", "c3", "")
	attach(4, "https://a.example/4.pdf", "", "77")
	x.tables.settle()
	c := conv{it: &Item{Item: importer.Item{ID: 77}, footnotes: footnotes, export: x}}
	out := c.prepare(src)
	var notes []string
	for _, n := range c.notes {
		notes = append(notes, fmt.Sprintf("%s: %s ×%d", n.Kind, n.Detail, n.Count))
	}
	return strings.Join(strings.Fields(out), " "), strings.Join(notes, "\n")
}

func TestPrepare(t *testing.T) {
	card := func(u string) string { return `<figure class="card"><a href="` + u + `">` + u + `</a></figure>` }
	fig := func(n int) string {
		return fmt.Sprintf(`<figure><img class="wp-image-%d" src="https://a.example/%d.jpg" alt=""><figcaption>c%d</figcaption></figure>`, n, n, n)
	}
	tests := []struct{ name, in, want, note string }{
		{"prose in brackets", "He said [sic] it [1] was […] so [see below] [Name] [A B]", "He said [sic] it [1] was […] so [see below] [Name] [A B]", ""},
		{"words that are shortcodes too", "[code] is [video] and [quote]", "[code] is [video] and [quote]", "may be a shortcode: quote"},
		{"prose of editors", "[applause]\n\nthen-[president] the [then-minister] [will] [прим. ред.] Apple [has] [W]hich a[i_j] [h-online](//a) [share](//b) [Gallery]",
			"[applause] then-[president] the [then-minister] [will] [прим. ред.] Apple [has] [W]hich a[i_j] [h-online](//a) [share](//b) [Gallery]", "then-minister"},
		{"unknown on a line of its own", "a.\n[donate]\nB\n<p>[ads]&nbsp;[banner]</p>c<br>[map]<br />d", "a. B <p>&nbsp;</p>c<br><br />d", "left out: donate"},
		{"wrapped lines", "they will all\n[share]\nit. Also a method.\n[experimental]\nso far [Feature #1]\n[new]</p>", "they will all [share] it. Also a method. [experimental] so far [Feature #1] [new]</p>", "kept"},
		{"alone, but prose", "[sic]\n[laughter]\n[A]\n[Reuters]\n[x]", "[sic] [laughter] [A] [Reuters] [x]", ""},
		{"ordinary words on a line of their own", "[video]\n[quote]\n[caption]\n[code]", "", "left out: quote"},
		{"machine's words in a sentence", "a [mygallery] b [subscribe-form] c [slider 12] d [instagram-feed] [gallery-pro] [post-views] e", "a b c d e", "left out: mygallery"},
		{"quoted value", `a [read more="a.html"] b [he said a=b] c`, "a b [he said a=b] c", "left out: read"},
		{"letters of a forum", "[b]a[/b] [i]b[/i] [x]c[/x]", "<strong>a</strong> <em>b</em> [x]c[/x]", "b ×1"},
		{"end of an unknown", "a [/vc_row] b [/rant]", "a b [/rant]", ""},
		{"prose with a link", `a [and he, too: <a href="x">x</a> with y] b`, `a [and he, too: <a href="x">x</a> with y] b`, ""},
		{"prose after a known name", "[video of the event] [quote from Abai] [twitter user said] [embed it]", "[video of the event] [quote from Abai] [twitter user said] [embed it]", ""},
		{"word of a machine", "a [rev_slider main] [my_form] c", "a c", "my_form"},
		{"CDATA as text", "a <![CDATA[ b ]]> c", "a &lt;![CDATA[ b ]]> c", ""},
		{"array in code", "<pre>a[gallery] [x y=1]</pre> <code>[gallery]</code>", "<pre>a[gallery] [x y=1]</pre> <code>[gallery]</code>", ""},
		{"escaped", `use [[gallery ids="1"]] here`, "use [gallery ids=&#34;1&#34;] here", ""},
		{"in an attribute", `<a href="/[x y=1]">a</a>`, `<a href="/[x y=1]">a</a>`, ""},
		{"unknown with an end", `a [box color="red"]text <b>b</b>[/box] c`, "a text <b>b</b> c", "its text was kept: box ×1"},
		{"unknown alone", `a [rev_slider alias="x"] c`, "a c", "left out: rev_slider ×1"},
		{"unknown closed", "a [hr /] [and/or] c", "a [and/or] c", "left out: hr"},
		{"plugin's bare name", "a [contact-form-7] [toc] c", "a c", "left out: toc"},
		{"builder", "[vc_row][vc_column width='1/2']a[/vc_column][/vc_row]", "a", "vc_column"},
		{"nested", "[box a=1][box a=2]x[/box]y[/box]z", "xyz", "box ×2"},
		{"caption, new", `[caption id="attachment_5" align="left" width="1"]<a href="x"><img src="i.jpg" /></a> Мост <em>ночью</em>[/caption]`,
			`<figure><a href="x"><img class="wp-image-5" src="i.jpg" /></a><figcaption>Мост <em>ночью</em></figcaption></figure>`, ""},
		{"caption, old", `[caption caption="Мост, [ночь] &quot;x&quot;"]<img class="wp-image-7" src="i.jpg">[/caption]`,
			`<figure><img class="wp-image-7" src="i.jpg"><figcaption>Мост, [ночь] "x"</figcaption></figure>`, ""},
		{"gallery by ids", `[gallery ids="1,3,4,99" columns="2"]`, `<figure class="gallery">` + fig(1) + fig(3) + `</figure>`, "not in the export: 99"},
		{"gallery of the post", `[gallery]`, fig(2), ""},
		{"gallery of nothing", `[gallery ids="99"]`, "", "a gallery without pictures"},
		{"embed", "[embed width=\"1\"]https://e.example/x[/embed]", card("https://e.example/x"), ""},
		{"youtube", "[youtube=https://youtu.be/abc]", card("https://youtu.be/abc"), ""},
		{"youtube id", `[youtube id="abc123"]`, card("https://www.youtube.com/watch?v=abc123"), ""},
		{"tweet", "[tweet https://twitter.com/a/status/1]", card("https://twitter.com/a/status/1"), ""},
		{"vimeo", "[vimeo 123]", card("https://vimeo.com/123"), ""},
		{"bad address", "[embed]javascript:alert(1)[/embed]", "", "without an address was left out: embed"},
		{"audio", `[audio mp3="https://a.example/a.mp3"][/audio]`, `<audio src="https://a.example/a.mp3"></audio>`, ""},
		{"audio by word", "[audio https://a.example/a.mp3|titles=x]", `<audio src="https://a.example/a.mp3"></audio>`, ""},
		{"code", "[php]<?php if (a &lt; b) [x y=1] ?>[/php]", "<pre><code>&lt;?php if (a &lt; b) [x y=1] ?&gt;</code></pre>", ""},
		{"quote", `[quote author="Абай"]Слово[/quote]`, "<blockquote>Слово<footer>Абай</footer></blockquote>", ""},
		{"pull quote", "[pullquote]Слово[/pullquote]", `<p class="pull">Слово</p>`, ""},
		{"footnote", "a[footnote]see [sic] b[/footnote] c", `a<a class="fn" href="#b0fn1"></a> c <aside id="b0fn1" class="note">see [sic] b</aside>`, ""},
		{"end without a beginning", "a [/caption] b", "a b", ""},
		{"bare address", "a\nhttps://www.youtube.com/watch?v=1&amp;t=2\nb", `a <figure class="card"><a href="https://www.youtube.com/watch?v=1&amp;t=2">https://www.youtube.com/watch?v=1&amp;t=2</a></figure> b`, ""},
		{"bare address of no host we know", "a\nhttps://other.example/x\nb", "a https://other.example/x b", ""},
		{"address in a sentence", "see https://youtu.be/1 there", "see https://youtu.be/1 there", ""},
		{"address in code", "<pre>\nhttps://youtu.be/1\n</pre>", "<pre> https://youtu.be/1 </pre>", ""},
		{"more", "a<!--more Read on-->b<!--nextpage-->c", "abc", "teaser-mark"},
		{"block", "<!-- wp:paragraph {\"a\":\"-- b\"} -->\n<p>a</p>\n<!-- /wp:paragraph -->", "<p>a</p>", ""},
		{"embed block", `<!-- wp:core-embed/youtube {"url":"https://youtu.be/1"} --><figure><div>https://youtu.be/1</div><figcaption>Видео</figcaption></figure><!-- /wp:core-embed/youtube -->`,
			`<figure class="card"><a href="https://youtu.be/1">Видео</a></figure>`, ""},
		{"pull quote block", "<!-- wp:pullquote --><figure><blockquote><p>a</p><p>b</p><cite>c</cite></blockquote></figure><!-- /wp:pullquote -->", `<p class="pull">a<br>b<br>— c</p>`, ""},
		{"quote block", "<!-- wp:quote --><blockquote><!-- wp:paragraph --><p>a</p><!-- /wp:paragraph --><cite>b</cite></blockquote><!-- /wp:quote -->", "<blockquote><p>a</p><footer>b</footer></blockquote>", ""},
		{"verse", "<!-- wp:verse --><pre>a\nb</pre><!-- /wp:verse -->", "<p>a<br>b</p>", ""},
		{"gallery block, old", `<!-- wp:gallery --><ul class="wp-block-gallery"><li class="x"><figure><img src="a"></figure></li></ul><!-- /wp:gallery -->`, `<figure><img src="a"></figure>`, ""},
		{"gallery block", `<!-- wp:gallery --><figure class="wp-block-gallery"><!-- wp:image --><figure><img src="a"></figure><!-- /wp:image --></figure><!-- /wp:gallery -->`, `<figure class="gallery wp-block-gallery"><figure><img src="a"></figure></figure>`, ""},
		{"dynamic", "<!-- wp:latest-posts {\"a\":1} /--><!-- wp:spacer /-->", "", "latest-posts"},
		{"shared", `<!-- wp:block {"ref":12} /-->`, "", "its text is not in the export: 12"},
		{"file", `<!-- wp:file --><div class="wp-block-file"><a href="x.pdf">X</a><a href="x.pdf" class="wp-block-file__button" download>Download</a></div><!-- /wp:file -->`, `<p><a href="x.pdf">X</a></p>`, ""},
		{"cover", `<!-- wp:cover {"url":"https://a.example/1.jpg","id":1} --><div><p>a</p></div><!-- /wp:cover -->`, `<figure><img class="wp-image-1" src="https://a.example/1.jpg" alt=""></figure><div><p>a</p></div>`, ""},
		{"block not closed", "<!-- wp:quote --><p>a</p>", "<p>a</p>", ""},
		{"comment not closed", "a <!-- b", "a &lt;!-- b", ""},
		{"a link to the picture's own page", `<a href="https://a.example/x/" rel="attachment wp-att-5"><img src="i.jpg"></a><a href="https://a.example/y/"><img src="i.jpg"></a>`,
			`<img src="i.jpg"><a href="https://a.example/y/"><img src="i.jpg"></a>`, ""},
		{"the same in a block", `<!-- wp:image {"id":1,"linkDestination":"attachment"} --><figure><a href="https://a.example/x/"><img src="i.jpg"></a></figure><!-- /wp:image --><!-- wp:image {"id":1,"linkDestination":"custom"} --><figure><a href="https://a.example/x/"><img src="i.jpg"></a></figure><!-- /wp:image -->`,
			`<figure><img src="i.jpg"></figure><figure><a href="https://a.example/x/"><img src="i.jpg"></a></figure>`, ""},
		{"file in the text", `<img src="data:image/png;base64,AAAA" alt="x">`, `<img alt="x">`, "data-url"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, notes := prepared(tt.in, "")
			if got != tt.want || !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
				t.Errorf("\n got %s\nwant %s\nnotes %s", got, tt.want, notes)
			}
		})
	}
	got, _ := prepared(`<!-- wp:paragraph --><p>a<sup data-fn="u-1" class="fn"><a href="#u-1">1</a></sup></p><!-- /wp:paragraph --><!-- wp:footnotes /-->`,
		`[{"content":"the <em>note</em>","id":"u-1"}]`)
	if want := `<p>a<a class="fn" href="#b0fn1"></a></p> <aside id="b0fn1" class="note">the <em>note</em></aside>`; got != want {
		t.Errorf("got %s", got)
	}
}

// TestPrepareIsLinear: texts that are made to be slow are not.
func TestPrepareIsLinear(t *testing.T) {
	for _, unit := range []string{"[a [a ", "[box x=1]", "[a][/a]", "[box]", "<code>", "<!-- wp:quote -->", "<!--", "[[x y=1", "<a", "[x \"", "[caption]<img ", "[/x]", "[:en]",
		`<div data-id="1">`, `<blockquote class="tiktok-embed" cite="https://a.example">a`, "<script>", "<noscript>a</noscript><script src=https://gist.github.com/a/b.js></script>"} {
		src := strings.Repeat(unit, (1<<20)/len(unit))
		begin := time.Now()
		prepared(src, "")
		splitLangs(src)
		// Linear ones need some tens of milliseconds, quadratic ones minutes.
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("%q: %v", unit, took)
		}
		t.Logf("%q: %v", unit, time.Since(begin))
	}
}

// TestPlaces: a long text's table of contents leads to its parts, also where it
// names the page's address; what leads nowhere is words, and told.
func TestPlaces(t *testing.T) {
	items, err := all(opened(t, Options{}, export("", item(1, `<link>https://dala.example/2020/05/long/</link><content:encoded><![CDATA[<ul>
<li><a href="#part-1">One</a></li><li><a href="https://dala.example/2020/05/long/#part2">Two</a></li><li><a href="#%D0%B3">Г</a></li><li><a href="#none">None</a></li></ul>
<h2 id="part-1">One</h2>

text <a name="part2"></a>of two

<div class="x" id="г"><h3>Г</h3></div>
<a href="#b1">up</a>]]></content:encoded>`))))
	if err != nil {
		t.Fatal(err)
	}
	doc, notes := items[0].Body(richtext.Options{})
	want := `<ul id="b1"><li><a href="#b2">One</a></li><li><a href="#b3">Two</a></li><li><a href="#b4">Г</a></li><li>None</li></ul>
<h2 id="b2">One</h2>
<p id="b3">text of two</p>
<h3 id="b4">Г</h3>
<p id="b5">up</p>
`
	if got := doc.Store(); got != want {
		t.Errorf("got %s", got)
	}
	if len(notes) != 2 || notes[0].Kind != "lost-place" || notes[0].Detail != "none" {
		t.Errorf("notes %v", notes)
	}
	if got := string(doc.Render(richtext.Resolver{})); !strings.Contains(got, `<a href="#b3">Two</a>`) || !strings.Contains(got, `<p id="b3">`) {
		t.Errorf("page %s", got)
	}
}

// TestShared: what posts share stands in each of them, as the last version of
// it says, whatever stands first in the export; a circle ends.
func TestShared(t *testing.T) {
	shared := func(id int, status, text string) string {
		return fmt.Sprintf("<item><content:encoded><![CDATA[%s]]></content:encoded><wp:post_id>%d</wp:post_id><wp:status>%s</wp:status><wp:post_type>wp_block</wp:post_type></item>\n", text, id, status)
	}
	x := opened(t, Options{}, export("", item(1, `<content:encoded><![CDATA[<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph --><!-- wp:block {"ref":7} /--><!-- wp:block {"ref":8} /--><!-- wp:block {"ref":9} /-->]]></content:encoded>`)),
		export("", shared(7, "publish", `<!-- wp:paragraph --><p>shared [box a=1]once[/box]</p><!-- /wp:paragraph --><!-- wp:block {"ref":10} /-->`)+
			shared(8, "draft", "<p>draft</p>")+shared(10, "publish", `<p>within</p><!-- wp:block {"ref":7} /-->`)))
	items, err := all(x)
	if err != nil {
		t.Fatal(err)
	}
	doc, notes := items[0].Body(richtext.Options{})
	if got := doc.Text(); got != "a\n\nshared once\n\nwithin" {
		t.Errorf("%q", got)
	}
	var told []string
	for _, n := range notes {
		if n.Kind == "shared-block" {
			told = append(told, n.Detail[strings.LastIndexByte(n.Detail, ' ')+1:])
		}
	}
	if strings.Join(told, " ") != "7 8 9" {
		t.Errorf("notes %v", notes)
	}
	if why := items[1].Why; !strings.Contains(why, "stands in every post") {
		t.Errorf("%q", why)
	}
}

// TestSightings: a name that three texts use as only shortcodes are is one
// within a sentence, too; excerpts hold none.
func TestSightings(t *testing.T) {
	text := func(id int, s string) string {
		return item(id, "<excerpt:encoded>In short [gallery] [donate] [caption]a[/caption] [sic].</excerpt:encoded><content:encoded><![CDATA["+s+"]]></content:encoded>")
	}
	words := func(texts ...string) (string, Item) {
		var parts string
		for i, s := range texts {
			parts += text(i+1, s)
		}
		items, err := all(opened(t, Options{}, export("", parts)))
		if err != nil {
			t.Fatal(err)
		}
		doc, _ := items[0].Body(richtext.Options{})
		return doc.Text(), items[0]
	}
	if got, _ := words("to [donate] more", "a\n\n[donate]", "<p>[donate]</p>"); got != "to [donate] more" {
		t.Errorf("seen twice: %q", got)
	}
	got, it := words("to [donate] more [sic]", "a\n\n[donate]\n\n[sic]", "<p>[donate]</p> [sic]", "[donate to=x] [sic]\n[sic]")
	if got != "to more [sic]" || it.Standfirst != "In short a [sic]." {
		t.Errorf("seen three times: %q, %q", got, it.Standfirst)
	}
	if !strings.Contains(whys(it.Notes), "in the excerpt a shortcode that we do not know was left out: donate") {
		t.Errorf("notes %s", whys(it.Notes))
	}
}

// TestBody goes the whole way.
func TestBody(t *testing.T) {
	x := opened(t, Options{}, export("", item(1, `<content:encoded><![CDATA[Первый абзац
с переносом.

Второй [sic] абзац.

[caption]<img src="https://dala.example/a.jpg" class="wp-image-9" /> Мост[/caption]

[video_player id="3"]]]></content:encoded>`)))
	items, err := all(x)
	if err != nil || !items[0].HasBody() {
		t.Fatal(err)
	}
	doc, notes := items[0].Body(richtext.Options{Image: func(src string, a map[string]string) (int64, bool) {
		return 45, a["class"] == "wp-image-9"
	}})
	want := "Первый абзац\nс переносом.\n\nВторой [sic] абзац.\n\nМост"
	if got := doc.Text(); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if _, media := doc.Refs(); len(media) != 1 || media[0] != 45 {
		t.Errorf("media %v", media)
	}
	if len(notes) != 1 || !strings.Contains(notes[0].Detail, "video_player") {
		t.Errorf("notes %v", notes)
	}
}
