package richtext

import (
	"strings"
	"testing"
)

// linkOptions know pictures below /up/ (their medium is 45, of b.png 46), a
// document (47), and that the old site is ours.
func linkOptions() Options {
	return Options{Foreign: true, BlankLines: true,
		Link: func(raw string) (string, bool) {
			switch rest, ok := strings.CutPrefix(raw, "https://old.example/"); {
			case !ok:
				return "", false
			case rest == "up/a.png":
				return "ref:media/45", true
			case rest == "up/doc.pdf":
				return "ref:media/47", true
			default:
				return "ref:old/old.example/" + rest, true
			}
		},
		Image: func(src string, attrs map[string]string) (int64, bool) {
			if strings.HasSuffix(src, "/b.png") {
				return 46, true
			}
			return 45, strings.Contains(src, "/up/") && !strings.Contains(src, "gone")
		},
	}
}

// TestOwnEmbeds: the embed of something of ours is called what that is called now.
func TestOwnEmbeds(t *testing.T) {
	const stored = `<p id="b1"><a href="ref:old/old.example/second/">https://old.example/second/</a></p>` + "\n"
	for _, in := range []string{
		"https://old.example/second/",
		`<figure class="card"><a href="https://old.example/second/">https://old.example/second/</a></figure>`,
		"<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\nhttps://old.example/second/\n</div></figure>",
	} {
		d, notes := FromHTML(in, linkOptions())
		if got := d.Store(); got != stored || len(notes) > 0 {
			t.Errorf("%s:\n%s%+v", in, got, notes)
		}
		checkFixpoint(t, d)
	}
	d, _ := FromHTML("https://old.example/second/", linkOptions())
	link := func(string) (string, bool) { return "/2015/03/01/second", true }
	for _, c := range []struct {
		r    Resolver
		want string
	}{
		{Resolver{Link: link, Title: func(string) (string, string) { return "A <bridge>", "" }}, `<p id="b1"><a href="/2015/03/01/second">A &lt;bridge&gt;</a></p>`},
		{Resolver{Link: link, Title: func(string) (string, string) { return "Мост", "ru" }}, `<p id="b1"><a href="/2015/03/01/second"><span lang="ru">Мост</span></a></p>`},
		{Resolver{Link: link}, `<p id="b1"><a href="/2015/03/01/second">https://old.example/second/</a></p>`},
	} {
		if got := strings.TrimSpace(string(d.Render(c.r))); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	for in, called := range map[string]bool{
		`<p>See <a href="https://old.example/second/">http://www.old.example/second</a> there</p>`: true,
		`<p><a href="https://old.example/second/">https://old.example/third/</a></p>`:              false,
		`<p><a href="https://old.example/second/">second</a></p>`:                                  false,
	} {
		d, _ := FromHTML(in, linkOptions())
		page := string(d.Render(Resolver{Link: link, Title: func(string) (string, string) { return "TITLE", "" }}))
		if strings.Contains(page, "TITLE") != called {
			t.Errorf("%s: %s", in, page)
		}
	}
}

// TestLinkedPictures: a link around a picture is not lost, unless it leads to
// the picture itself.
func TestLinkedPictures(t *testing.T) {
	const img = `<img src="https://old.example/up/a-300x200.png" alt="scan">`
	const fig = `<figure id="b1"><img src="ref:media/45" alt="scan">`
	for _, c := range []struct{ name, in, want string }{
		{"itself", `<a href="https://old.example/up/a.png">` + img + `</a>`, fig + "</figure>\n"},
		{"itself, not taken", `<a href="https://cdn.example/gone-1024x768.jpg"><img src="https://cdn.example/gone-300x200.jpg"></a>`,
			`<figure id="b1" class="card"><a href="https://cdn.example/gone-300x200.jpg">https://cdn.example/gone-300x200.jpg</a></figure>` + "\n"},
		{"a document", `<a href="https://old.example/up/doc.pdf">` + img + `</a>`, fig + `<figcaption><a href="ref:media/47">doc.pdf</a></figcaption></figure>` + "\n"},
		{"a partner, with a caption", `<figure><a href="https://www.partner.example/sale">` + img + `</a><figcaption>The <em>partner</em></figcaption></figure>`,
			fig + `<figcaption><a href="https://www.partner.example/sale">The <em>partner</em></a></figcaption></figure>` + "\n"},
		{"a partner", `<a href="https://www.partner.example/sale">` + img + `</a>`, fig + `<figcaption><a href="https://www.partner.example/sale">partner.example</a></figcaption></figure>` + "\n"},
		{"a caption with a link of its own", `<figure><a href="https://p.example/">` + img + `</a><figcaption>By <a href="https://q.example/">Q</a></figcaption></figure>`,
			fig + `<figcaption>By <a href="https://q.example/">Q</a><br><a href="https://p.example/">p.example</a></figcaption></figure>` + "\n"},
		{"an article", `<a href="https://old.example/second/">` + img + `</a>`,
			fig + `<figcaption><a href="ref:old/old.example/second/">https://old.example/second/</a></figcaption></figure>` + "\n"},
		{"words lead there too", `<p><a href="https://p.example/">` + img + ` more</a></p>`,
			fig + "</figure>\n" + `<p id="b2"><a href="https://p.example/">more</a></p>` + "\n"},
		{"a picture that is not here", `<a href="https://p.example/"><img src="https://cdn.example/x.jpg" alt="Ad"></a>`,
			`<figure id="b1" class="card"><a href="https://cdn.example/x.jpg">Ad</a></figure>` + "\n" + `<figure id="b2" class="card"><a href="https://p.example/">https://p.example/</a></figure>` + "\n"},
		{"in a gallery", `<figure class="gallery"><figure><a href="https://old.example/second/">` + img + `</a></figure><figure><img src="/up/b.png"></figure></figure>`,
			`<figure id="b1" class="gallery"><figure><img src="ref:media/45" alt="scan"><figcaption><a href="ref:old/old.example/second/">https://old.example/second/</a></figcaption></figure><figure><img src="ref:media/46"></figure></figure>` + "\n"},
		{"a place in the text", `<a href="#x">` + img + `</a>`, fig + "</figure>\n"},
	} {
		d, _ := FromHTML(c.in, linkOptions())
		if got := d.Store(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		checkFixpoint(t, d)
	}
}

// TestSpeakers: who said a quotation stands at its end in <cite>; elsewhere that
// names a work.
func TestSpeakers(t *testing.T) {
	quote := func(words, by string) string {
		if by != "" {
			by = "<footer>" + by + "</footer>"
		}
		return `<blockquote id="b1" class="q">` + words + by + "</blockquote>\n"
	}
	for in, want := range map[string]string{
		"<blockquote>«Мост».<cite>Анна</cite></blockquote>":                        quote("<p>«Мост».</p>", "Анна"),
		"<blockquote>«Мост»\n<cite>Анна, <b>мэр</b></cite></blockquote>":           quote("<p>«Мост»</p>", "Анна, <strong>мэр</strong>"),
		"<blockquote>Мост\n\n<cite>— Анна</cite></blockquote>":                     quote("<p>Мост</p>", "Анна"),
		"<blockquote><p>Мост — <cite>Анна</cite></p></blockquote>":                 quote("<p>Мост</p>", "Анна"),
		"<blockquote><p>Мост<br>— <cite>Анна</cite></p></blockquote>":              quote("<p>Мост</p>", "Анна"),
		"<blockquote><p>Мост</p><p><cite>Анна</cite></p></blockquote>":             quote("<p>Мост</p>", "Анна"),
		"<blockquote><p>Мост</p><footer>— <cite>Анна</cite></footer></blockquote>": quote("<p>Мост</p>", "Анна"),
		"<blockquote>Так говорит <cite>Гамлет</cite></blockquote>":                 quote("<p>Так говорит <em>Гамлет</em></p>", ""),
		"<blockquote>В <cite>Гамлете</cite> сказано.</blockquote>":                 quote("<p>В <em>Гамлете</em> сказано.</p>", ""),
		"<blockquote>Мост.\n\n<em>Анна</em></blockquote>":                          quote("<p>Мост.</p><p><em>Анна</em></p>", ""),
		"<p>В <cite>Гамлете</cite></p>":                                            `<p id="b1">В <em>Гамлете</em></p>` + "\n",
	} {
		d, _ := FromHTML(in, Options{Foreign: true, BlankLines: true})
		if got := d.Store(); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
		checkFixpoint(t, d)
	}
}

// TestOldCaptions: captions as the old editor's pages have them.
func TestOldCaptions(t *testing.T) {
	for in, want := range map[string]string{
		`<div class="wp-caption alignnone"><img src="/up/a.png"><p class="wp-caption-text">Мост <em>ночью</em></p></div><p>Дальше</p>`: `<figure id="b1"><img src="ref:media/45"><figcaption>Мост <em>ночью</em></figcaption></figure>
<p id="b2">Дальше</p>
`,
		`<div class="gallery galleryid-1"><dl class="gallery-item"><dt class="gallery-icon"><img src="/up/a.png"></dt><dd class="wp-caption-text gallery-caption">Один</dd></dl><dl class="gallery-item"><dt><img src="/up/b.png"></dt></dl><br style="clear: both"></div>`: `<figure id="b1" class="gallery"><figure><img src="ref:media/45"><figcaption>Один</figcaption></figure><figure><img src="ref:media/46"></figure></figure>
`,
		`<p class="wp-caption-text">Ничья</p>`: "<p id=\"b1\">Ничья</p>\n",
	} {
		d, _ := FromHTML(in, linkOptions())
		if got := d.Store(); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// TestGalleryWithout: of a gallery the pictures that are here stay together.
func TestGalleryWithout(t *testing.T) {
	d, _ := FromHTML(`<figure class="gallery"><figure><img src="/up/a.png"></figure><figure><img src="https://old.example/up/gone.png" alt="Gone"></figure><figure><img src="/up/b.png"></figure><figcaption>All</figcaption></figure>`, linkOptions())
	want := `<figure id="b1" class="gallery"><figure><img src="ref:media/45"></figure><figure><img src="ref:media/46"></figure><figcaption>All</figcaption></figure>
<figure id="b2" class="card"><a href="https://old.example/up/gone.png">Gone</a></figure>
`
	if got := d.Store(); got != want {
		t.Errorf("got\n%s", got)
	}
}
