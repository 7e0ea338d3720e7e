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
