package app_test

import (
	"strings"
	"testing"

	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// leadsTo asks for old addresses and wants each to lead where it should, and
// something to be there.
func leadsTo(t *testing.T, a *app.App, hosts []string, want map[string]string) {
	t.Helper()
	for _, host := range hosts {
		for old, to := range want {
			code, got, _ := fetch(t, a, old, host)
			if code != 301 || got != to {
				t.Errorf("%s%s: %d %q, want 301 %q", host, old, code, got, to)
			} else if code, _, _ = fetch(t, a, got, "lamp.test"); code != 200 {
				t.Errorf("%s%s leads to %s, which answers %d", host, old, got, code)
			}
		}
	}
}

// TestImportSubdirectory: an old site that had a directory of its own.
func TestImportSubdirectory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		below := `<wp:category><wp:term_id>6</wp:term_id><wp:category_nicename>river</wp:category_nicename><wp:category_parent>town</wp:category_parent><wp:cat_name>River</wp:cat_name></wp:category>`
		text := strings.ReplaceAll(wxr(below, as(post(1, "One", `<a href="https://old.example/category/town/">town</a>`, ""), "<category", `<category domain="category" nicename="river"><![CDATA[River]]></category><category`)),
			"https://old.example", "https://old.example/blog")
		if _, err := run(text, importer.Options{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{
			"/blog/": "/", "/blog/?p=1": "/2014/05/12/post-1", "/blog/2014/05/post-1/": "/2014/05/12/post-1", "/blog/category/town/": "/section/town",
			"/blog/category/town/river/": "/section/river", "/blog/category/town/feed/": "/section/town/feed.xml", "/blog/category/town/page/2/": "/section/town",
			"/blog/category/town/?feed=rss2": "/section/town/feed.xml",
			"/blog/?cat=5":                   "/section/town", "/blog/tag/bridge/": "/tag/bridge", "/blog/?tag=bridge": "/tag/bridge",
			"/blog/author/saule/": "/author/saule-kairly", "/blog/?author=3": "/author/saule-kairly", "/blog/feed/": "/feed.xml", "/blog/?feed=rss2": "/feed.xml",
			"/blog/2014/": "/2014/", "/blog/2014/05/": "/2014/05/", "/blog/2014/05/12/": "/2014/05/12/", "/blog/2014/05/page/2/": "/2014/05/",
			"/blog/?m=201405": "/2014/05/", "/blog/?s=bridge": "/search?q=bridge", "/blog/page/2/?s=bridge": "/search?q=bridge", "/blog/page/3/": "/",
		}
		leadsTo(t, a, []string{"old.example", "lamp.test"}, want)
		// Where the site moved to the top before it came here.
		leadsTo(t, a, []string{"lamp.test"}, map[string]string{"/?p=1": "/2014/05/12/post-1", "/category/town/": "/section/town"})
		// A query that names nothing is no page, and takes none away.
		for _, path := range []string{"/blog/?p=77", "/blog/1999/", "/blog/2014/06/"} {
			if code, to, _ := fetch(t, a, path, "lamp.test"); code != 404 {
				t.Errorf("%s: %d %s", path, code, to)
			}
		}
		leadsTo(t, a, []string{"lamp.test"}, map[string]string{"/blog/?p=1": "/2014/05/12/post-1", "/blog/": "/"})
		if _, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); !strings.Contains(page, `<a href="/section/town">town</a>`) {
			t.Error("a link to a category of the old site does not lead to the section")
		}
		// What stood above has its own addresses, also when it comes later.
		above := strings.ReplaceAll(wxr(post(1, "Above", "x", "")), "<wp:post_name>post-1", "<wp:post_name>above")
		if _, err := run(above, importer.Options{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		leadsTo(t, a, []string{"old.example"}, map[string]string{"/?p=1": "/2014/05/12/above", "/blog/?p=1": "/2014/05/12/post-1"})
	})
}
