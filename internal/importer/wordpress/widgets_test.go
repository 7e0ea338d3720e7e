package wordpress

import (
	"strings"
	"testing"

	"dateline/internal/importer"
	"dateline/internal/richtext"
)

// TestWidgets: what only a script would show is a card that leads to it; the
// words of a post stay, and its address with them.
func TestWidgets(t *testing.T) {
	card := func(u, title string) string {
		if title == "" {
			title = u
		}
		return `<figure class="card"><a href="` + u + `">` + title + `</a></figure>`
	}
	tests := []struct{ name, in, want, note string }{
		{"telegram", `<script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="lamp/100" data-width="100%"></script>`, card("https://t.me/lamp/100", ""), "embed: t.me ×1"},
		{"telegram, a block", "<!-- wp:html -->\n<script data-telegram-discussion='lamp/7' src='https://telegram.org/js/telegram-widget.js'></script>\n<!-- /wp:html -->", card("https://t.me/lamp/7", ""), ""},
		{"tiktok, empty", `<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@a/video/1" data-video-id="1"><section></section></blockquote><script async src="https://www.tiktok.com/embed.js"></script>`,
			card("https://www.tiktok.com/@a/video/1", ""), "embed: tiktok.com ×1"},
		{"tiktok, with words", `<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@a/video/1"><section><a href="https://www.tiktok.com/@a">@a</a> Мост</section></blockquote>`,
			`<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@a/video/1"><section><a href="https://www.tiktok.com/@a">@a</a> Мост</section></blockquote> ` + card("https://www.tiktok.com/@a/video/1", ""), ""},
		{"tiktok, a number", `<blockquote class="tiktok-embed" data-video-id="77"><section> </section></blockquote>`, card("https://www.tiktok.com/embed/v2/77", ""), ""},
		{"instagram, empty", `<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/E1/?utm_source=x"></blockquote>`, card("https://www.instagram.com/p/E1/?utm_source=x", ""), ""},
		{"instagram, its words lead there", `<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/E1/?x=1"><div><a href="https://www.instagram.com/p/E1/">Смотреть</a></div></blockquote>`,
			`<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/E1/?x=1"><div><a href="https://www.instagram.com/p/E1/">Смотреть</a></div></blockquote>`, ""},
		{"tweet, empty", `<blockquote class="twitter-tweet"><a href="https://twitter.com/a/status/1"></a></blockquote> <script src="//platform.twitter.com/widgets.js"></script>`, card("https://twitter.com/a/status/1", ""), ""},
		{"tweet, with words", `<blockquote class="twitter-tweet"><p>Мост <a href="https://t.co/x">pic</a></p>&mdash; A <a href="https://twitter.com/a/status/1">May</a></blockquote>`,
			`<blockquote class="twitter-tweet"><p>Мост <a href="https://t.co/x">pic</a></p>&mdash; A <a href="https://twitter.com/a/status/1">May</a></blockquote>`, ""},
		{"facebook", `<div class="fb-video" data-href="https://www.facebook.com/x/videos/1/"></div><div class="fb-post" data-href="https://www.facebook.com/x/posts/2" data-width="5"><blockquote cite="x" class="fb-xfbml-parse-ignore">Слова</blockquote></div>`,
			card("https://www.facebook.com/x/videos/1/", "") + ` <div class="fb-post" data-href="https://www.facebook.com/x/posts/2" data-width="5"><blockquote cite="x" class="fb-xfbml-parse-ignore">Слова</blockquote></div> ` + card("https://www.facebook.com/x/posts/2", ""), "embed: facebook.com ×2"},
		{"facebook, before HTML 5", `<fb:post href="https://www.facebook.com/x/posts/2"></fb:post>`, card("https://www.facebook.com/x/posts/2", ""), ""},
		{"facebook's button", `<div class="fb-like" data-share="true"></div>`, `<div class="fb-like" data-share="true"></div>`, ""},
		{"gist", `<script src="https://gist.github.com/user/abc.js?file=a.go"></script>`, card("https://gist.github.com/user/abc", ""), ""},
		{"infogram, a script", `<script id="infogram_0_x" title="График" src="https://e.infogram.com/js/dist/embed.js?x" type="text/javascript"></script>`, card("https://e.infogram.com/x", "График"), ""},
		{"infogram", `<div class="infogram-embed" data-id="abc-def" data-type="interactive" data-title="Гра&lt;фик"></div><script>!function(e){var t="InfogramEmbeds"}(document)</script>`, card("https://e.infogram.com/abc-def", "Гра&lt;фик"), ""},
		{"datawrapper", `<div id="datawrapper-vis-abcde"><script type="text/javascript" defer src="https://datawrapper.dwcdn.net/abcde/embed.js"></script><noscript><img src="https://datawrapper.dwcdn.net/abcde/full.png" alt="Население" /></noscript></div>`,
			`<div id="datawrapper-vis-abcde"> ` + card("https://datawrapper.dwcdn.net/abcde/", "Население") + ` </div>`, "embed: datawrapper.dwcdn.net ×1"},
		{"vk", `<div id="vk_post_-76_12"></div><script type="text/javascript">(function() { VK.Widgets.Post("vk_post_-76_12", -76, 12, 'abc'); }());</script>`, `<div id="vk_post_-76_12"></div> ` + card("https://vk.com/wall-76_12", ""), "embed: vk.com ×1"},
		{"yandex", `<script async src="https://api-maps.yandex.ru/services/constructor/1.0/js/?um=constructor%3A12&amp;width=100%25"></script>`, card("https://yandex.ru/maps/?um=constructor%3A12", ""), ""},
		{"flourish", `<div class="flourish-embed flourish-chart" data-src="visualisation/123?9"><script src="https://public.flourish.studio/resources/embed.js"></script></div>`, card("https://public.flourish.studio/visualisation/123/", ""), ""},
		{"pym", `<div data-pym-src="//dw.example/abcde/1/"></div>`, card("https://dw.example/abcde/1/", ""), ""},
		{"bluesky", `<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:ab2/app.bsky.feed.post/3k"><p lang="en"></p></blockquote>`, card("https://bsky.app/profile/did:plc:ab2/post/3k", ""), ""},
		{"pinterest", `<a data-pin-do="embedPin" href="https://www.pinterest.com/pin/1/"></a>`, card("https://www.pinterest.com/pin/1/", ""), ""},
		{"typeform", `<div class="typeform-widget" data-url="https://x.typeform.com/to/Y"></div>`, card("https://x.typeform.com/to/Y", ""), ""},
		{"a bad address", `<div class="fb-post" data-href="javascript:alert(1)"></div><blockquote class="tiktok-embed" cite="javascript:x">a</blockquote>`,
			`<div class="fb-post" data-href="javascript:alert(1)"></div><blockquote class="tiktok-embed" cite="javascript:x">a</blockquote>`, ""},
		{"unknown", `<div class="playbuzz" data-id="1-2-3"></div><div class="apester-media" data-media-id="5" data-src="https://apester.example/5"></div>`,
			`<div class="playbuzz" data-id="1-2-3"></div><div class="apester-media" data-media-id="5" data-src="https://apester.example/5"></div>`,
			"widget: what a script of the old site filled was left out: div playbuzz 1-2-3 ×1\nwidget: what a script of the old site filled was left out: div apester-media https://apester.example/5 ×1"},
		{"mere layout", `<div class="col" data-spacing="2"></div><div class="video-wrap" data-x="1"><iframe src="https://v.example/"></iframe></div>`,
			`<div class="col" data-spacing="2"></div><div class="video-wrap" data-x="1"><iframe src="https://v.example/"></iframe></div>`, ""},
		{"unknown script", `a <script src="https://x.example/a.js">b</script> c`, `a <script src="https://x.example/a.js">b</script> c`, ""},
		{"code", `<pre><script src="https://gist.github.com/user/abc.js"></script></pre>`, `<pre><script src="https://gist.github.com/user/abc.js"></script></pre>`, ""},
		{"not closed", `<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@a/video/1"><section>`, card("https://www.tiktok.com/@a/video/1", ""), ""},
		{"script not closed", `a embed <script src="https://gist.github.com/user/abc.js">`, `a embed <script src="https://gist.github.com/user/abc.js">`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, notes := prepared(tt.in, "")
			if got != tt.want || !strings.Contains(notes, tt.note) {
				t.Errorf("\n got %s\nwant %s\nnotes %s", got, tt.want, notes)
			}
			if tt.note == "" && (strings.Contains(notes, "widget:") || strings.Count(notes, "embed: ") != min(1, strings.Count(tt.want, "class=\"card\""))) {
				t.Errorf("notes %s", notes)
			}
		})
	}
}

// TestWidgetsInBody: what a reader gets of them.
func TestWidgetsInBody(t *testing.T) {
	it := Item{Item: importer.Item{ID: 1}, export: &Export{tables: newTables()}, content: `Начало.

<iframe data-src="https://www.youtube.com/embed/LAZY1" src="about:blank"></iframe>

<iframe data-lazy-src="https://www.youtube.com/embed/LAZY2"></iframe>

<p>До <script src="https://telegram.org/js/telegram-widget.js" data-telegram-post="lamp/1"></script> после</p>

<script src="https://x.example/a.js?v=1"></script>

Конец.`}
	doc, notes := it.Body(richtext.Options{})
	want := `<p id="b1">Начало.</p>
<figure id="b2" class="card"><a href="https://www.youtube.com/watch?v=LAZY1">https://www.youtube.com/watch?v=LAZY1</a></figure>
<figure id="b3" class="card"><a href="https://www.youtube.com/watch?v=LAZY2">https://www.youtube.com/watch?v=LAZY2</a></figure>
<p id="b4">До</p>
<figure id="b5" class="card"><a href="https://t.me/lamp/1">https://t.me/lamp/1</a></figure>
<p id="b6">после</p>
<p id="b7">Конец.</p>
`
	if got := doc.Store(); got != want {
		t.Errorf("got\n%s", got)
	}
	for _, n := range notes {
		if n.Kind == "removed-script" && n.Detail != "script https://x.example/a.js?v=1" {
			t.Errorf("%+v", n)
		}
	}
	if len(notes) != 3 {
		t.Errorf("%+v", notes)
	}
}
