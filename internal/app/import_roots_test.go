package app_test

import (
	"fmt"
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

// TestImportLanguageCodes: the old site's addresses call Kazakh "kz"; its front
// page, lists, feeds, days and search in that language lead to the edition.
func TestImportLanguageCodes(t *testing.T) {
	news := `<wp:term><wp:term_id>7</wp:term_id><wp:term_taxonomy>category</wp:term_taxonomy><wp:term_slug>qala</wp:term_slug><wp:term_parent></wp:term_parent><wp:term_name>Қала</wp:term_name></wp:term>`
	poly := wxr(news, inLang(post(1, "Bridge", "x", ""), "en"),
		inLang(strings.NewReplacer(`nicename="town"`, `nicename="qala"`, "/2014/05/post-2/", "/kz/2014/05/post-2/").Replace(post(2, "Көпір", "икс", "")), "kz"))
	qtrans := wxr(post(1, "[:en]Bridge[:kz]Көпір[:]", "[:en]Built.[:kz]Салынды.[:]", "<wp:postmeta><wp:meta_key>_qts_slug_kz</wp:meta_key><wp:meta_value>kopir</wp:meta_value></wp:postmeta>"))
	common := map[string]string{"/kz/": "/kk/", "/kz/feed/": "/kk/feed.xml", "/kz/author/saule/": "/kk/author/saule-kairly", "/kz/page/2/": "/kk/", "/kz/?s=x": "/kk/search?q=x",
		"/kz/2014/05/": "/kk/2014/05/", "/kz/?feed=rss2": "/kk/feed.xml"}
	for name, c := range map[string]struct {
		text string
		own  map[string]string
	}{
		"Polylang":   {poly, map[string]string{"/kz/2014/05/post-2/": "/kk/2014/05/12/post-2", "/kz/category/qala/": "/kk/section/qala", "/kz/category/qala/feed/": "/kk/section/qala/feed.xml"}},
		"qTranslate": {qtrans, map[string]string{"/kz/2014/05/post-1/": "/kk/2014/05/12/kopir", "/kz/category/town/": "/kk/section/town"}},
		"below":      {strings.ReplaceAll(poly, "https://old.example", "https://old.example/blog"), map[string]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				a, run := importing(t, d)
				if _, err := run(c.text, importer.Options{Zone: "UTC"}); err != nil {
					t.Fatal(err)
				}
				for _, want := range []map[string]string{common, c.own} {
					if name != "below" {
						leadsTo(t, a, []string{"old.example", "lamp.test"}, want)
						continue
					}
					below := map[string]string{}
					for old, to := range want {
						below["/blog"+old] = to
					}
					leadsTo(t, a, []string{"old.example", "lamp.test"}, below)
				}
			})
		})
	}
}

// TestImportFormerNames: the names and days that something had before, in every
// form of permalinks.
func TestImportFormerNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		at := func(id int, path string) string {
			return as(post(id, "One", "x", meta("_wp_old_slug", fmt.Sprintf("was-%d", id))+meta("_wp_old_date", "2013-12-31")), fmt.Sprintf("<link>https://old.example/2014/05/post-%d/<", id), "<link>https://old.example"+path+"<")
		}
		_, err := run(wxr(at(1, "/post-1.html"), at(2, "/2014/05/post-2.html"), at(3, "/news/post-3-1003.html"), at(4, "/index.php/2014/05/12/post-4/"),
			at(5, "/2014/05/12/post-5/"), at(6, "/post-6/6/")), importer.Options{Zone: "UTC"})
		if err != nil {
			t.Fatal(err)
		}
		leadsTo(t, a, []string{"old.example", "lamp.test"}, map[string]string{
			"/was-1.html": "/2014/05/12/post-1", "/2014/05/was-2.html": "/2014/05/12/post-2", "/2013/12/post-2.html": "/2014/05/12/post-2", "/2013/12/was-2.html": "/2014/05/12/post-2",
			"/news/was-3-1003.html": "/2014/05/12/post-3", "/index.php/2014/05/12/was-4/": "/2014/05/12/post-4", "/index.php/2013/12/31/post-4/": "/2014/05/12/post-4",
			"/2014/05/12/was-5/": "/2014/05/12/post-5", "/2013/12/31/was-5/feed/": "/2014/05/12/post-5", "/was-6/6/": "/2014/05/12/post-6",
		})
		if n, err := db.Get(t.Context(), a.DB, db.One[int], "SELECT count(*) FROM redirect WHERE path = '/was-1'"); err != nil || n != 0 {
			t.Errorf("an address that never was is kept; %v", err)
		}
	})
}

// TestImportOldWays: WordPress's other addresses of feeds and the search, and
// those of an author whose login is an address for letters.
func TestImportOldWays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := strings.ReplaceAll(wxr(post(1, "One", "bridge", "")), "saule<", "Red.Desk@old.example<")
		if _, err := run(text, importer.Options{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		leadsTo(t, a, []string{"old.example", "lamp.test"}, map[string]string{
			"/rss/": "/feed.xml", "/rdf": "/feed.xml", "/atom/": "/feed.xml", "/wp-rss2.php": "/feed.xml", "/wp-atom.php": "/feed.xml",
			"/search/bridge/": "/search?q=bridge", "/search/bridge/page/2/": "/search?q=bridge", "/search/old%20bridge/": "/search?q=old+bridge",
			"/author/red-deskold-example/": "/author/saule-kairly",
		})
	})
}
