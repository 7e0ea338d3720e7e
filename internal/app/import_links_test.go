package app_test

import (
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// TestImportLinks: links into the old site, absolute, relative, also where an
// item does not say its own address: to its front page, its search, what it
// never had, and a picture that another host shows for it.
func TestImportLinks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(
			post(1, "One", "x", ""),
			as(post(2, "Two", `<p><a href="https://old.example/">a home</a> <a href="/">b home</a> <a href="https://old.example/?s=bridge&amp;lang=en">c search</a>
<a href="/?s=train">d search</a> <a href="https://old.example/timetable.php?line=5&amp;day=2">e plugin</a> <a href="/2014/05/post-1/?utm_source=mail">f post</a> <a href="?p=1">g post</a>
<a href="https://old.example/gone/">h gone</a> <a href="https://i1.wp.com/old.example/wp-content/uploads/2014/05/a.png?ssl=1">i picture</a></p>
<img src="https://i0.wp.com/old.example/wp-content/uploads/2014/05/a.png?resize=300%2C200&amp;ssl=1" alt=""> <img src="https://i0.wp.com/other.example/wp-content/uploads/2014/05/a.png">`, ""),
				"<link>https://old.example/2014/05/post-2/</link>", "<link></link>"),
		)
		rep, err := run(text, importer.Options{Uploads: drawn(t, "2014/05/a.png")})
		if err != nil || rep.Taken.Media != 1 {
			t.Fatal(remarks(rep), err)
		}
		_, _, page := fetch(t, a, "/2014/05/12/post-2", "lamp.test")
		for _, want := range []string{
			`<a href="/">a home</a>`, `<a href="/">b home</a>`, `<a href="https://old.example/?s=bridge&amp;lang=en" rel="noopener">c search</a>`,
			`<a href="https://old.example/?s=train" rel="noopener">d search</a>`, `<a href="https://old.example/timetable.php?line=5&amp;day=2" rel="noopener">e plugin</a>`,
			`<a href="/2014/05/12/post-1">f post</a>`, `<a href="/2014/05/12/post-1">g post</a>`, `<a href="https://old.example/gone" rel="noopener">h gone</a>`,
			`/a.png">i picture</a>`, `<img src="/media/`, `<a href="https://i0.wp.com/other.example/wp-content/uploads/2014/05/a.png"`,
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		if i := strings.Index(page, "a home"); t.Failed() && i > 0 {
			t.Log(page[i-100 : min(len(page), i+2500)])
		}
		if strings.Contains(page, "i0.wp.com/old.example") || strings.Contains(page, "i1.wp.com") {
			t.Error("a picture of the old site is asked for elsewhere")
		}
		if want := "links to the old site's search, which stay links to it: 2"; !strings.Contains(remarks(rep), want) {
			t.Errorf("no note says %q:\n%s", want, remarks(rep))
		}
		if code, to, _ := fetch(t, a, "/wp-content/uploads/2014/05/a.png", "old.example"); code != 301 || !strings.HasPrefix(to, "/media/") {
			t.Errorf("the picture's old address: %d %q", code, to)
		}
		if code, to, _ := fetch(t, a, "/", "old.example"); code != 301 || to != "/" {
			t.Errorf("the front page on the old host answers %d %q, and is to lead to the base URL", code, to)
		}
	})
}
