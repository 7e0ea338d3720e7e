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

// nowhere wants old addresses to lead nowhere, as nothing says that they do.
func nowhere(t *testing.T, a *app.App, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if code, to, _ := fetch(t, a, path, "lamp.test"); code != 404 {
			t.Errorf("%s: %d %q", path, code, to)
		}
	}
}

// TestImportAskedBases: whoever imports says what the old site called its lists.
// What was said holds for sections that come later.
func TestImportAskedBases(t *testing.T) {
	both := []string{"old.example", "lamp.test"}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(river, filed(1, `<a href="/rubrika/town/river/">river</a>`))
		if _, err := run(text, importer.Options{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		if _, err := run(text, importer.Options{Zone: "UTC", CategoryBase: "/rubrika/", TagBase: "%D1%82%D0%B5%D0%BC%D1%8B"}); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"/rubrika/town/": "/section/town", "/rubrika/town/river/": "/section/river", "/rubrika/river/": "/section/river",
			"/rubrika/town/feed/": "/section/town/feed.xml", "/rubrika/town/page/3/": "/section/town", "/category/town/": "/section/town",
			"/темы/bridge/": "/tag/bridge", "/tag/bridge/": "/tag/bridge"}
		leadsTo(t, a, both, want)
		nowhere(t, a, "/town/", "/rubrika/bridge/", "/темы/town/", "/rubrika/")
		if _, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); !strings.Contains(page, `<a href="/section/river">river</a>`) {
			t.Errorf("a link to the list: %s", page)
		}
		later := wxr(river, category(7, "lake", "town", "Lake", ""), filed(1, "x"), as(filed(2, "y"), `nicename="river"`, `nicename="lake"`))
		if _, err := run(later, importer.Options{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		want["/rubrika/town/lake/"] = "/section/lake"
		leadsTo(t, a, both, want)
	})
}

// TestImportNoBase: a site whose lists had no word before their slugs. What else
// stands at such an address goes before, now and later.
func TestImportNoBase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		page := func(id int, slug string) string {
			return as(as(as(post(id, "Page "+slug, "x", ""), ">post</wp:post_type>", ">page</wp:post_type>"), "/2014/05/post-"+fmt.Sprint(id)+"/", "/"+slug+"/"), ">post-"+fmt.Sprint(id)+"<", ">"+slug+"<")
		}
		words := category(7, "about", "", "About", "") + category(8, "search", "", "Search", "") + category(9, "later", "", "Later", "") + category(10, "2014", "", "Year", "")
		one := func(more ...string) string {
			return wxr(append([]string{river, words, filed(1, "x"), on(post(3, "Three", "x", ""), "category/about", "category/search", "category/later", "category/2014")}, more...)...)
		}
		if _, err := run(one(page(2, "about")), importer.Options{Zone: "UTC", CategoryBase: "."}); err != nil {
			t.Fatal(err)
		}
		both := []string{"old.example", "lamp.test"}
		leadsTo(t, a, both, map[string]string{"/town/": "/section/town", "/town/river/": "/section/river", "/town/river/feed/": "/section/river/feed.xml",
			"/later/": "/section/later", "/category/about/": "/section/about"})
		for _, path := range []string{"/about", "/search", "/2014/"} {
			if code, _, _ := fetch(t, a, path, "lamp.test"); code != 200 {
				t.Errorf("%s: %d", path, code)
			}
			if code, to, _ := fetch(t, a, path, "old.example"); code != 301 || to != path {
				t.Errorf("%s on the old host: %d %q", path, code, to)
			}
		}
		if _, err := run(one(page(2, "about"), page(4, "later")), importer.Options{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		if code, to, _ := fetch(t, a, "/later/", "old.example"); code != 301 || to != "/later" {
			t.Errorf("a page that came later: %d %q", code, to)
		}
		leadsTo(t, a, both, map[string]string{"/category/later/": "/section/later"})
	})
}

// TestImportShownBases: links in texts and menus show what the lists were called.
func TestImportShownBases(t *testing.T) {
	menu := func(url string) string {
		return as(as(post(90, "Menu", "", meta("_menu_item_url", url)), ">post</wp:post_type>", ">nav_menu_item</wp:post_type>"), "/2014/05/post-90/", "/?p=90")
	}
	navigation := as(post(91, "Navigation", `<!-- wp:navigation-link {"label":"Town","type":"category","id":5,"url":"https:\/\/old.example\/rubrika\/town\/","kind":"taxonomy"} /-->`, ""),
		">post</wp:post_type>", ">wp_navigation</wp:post_type>")
	below := as(post(8, "In a folder", "x", ""), "/2014/05/post-8/", "/rubrika/post-8/")
	for _, c := range []struct {
		name   string
		items  []string
		leads  map[string]string
		stands []string
	}{
		{"a link", []string{filed(1, `<a href="https://www.old.example/rubrika/town/">town</a>`)},
			map[string]string{"/rubrika/town/": "/section/town", "/rubrika/town/river/": "/section/river"}, []string{"/town/", "/rubrika/bridge/"}},
		{"a link where articles stood, too", []string{filed(1, `<a href="/rubrika/town/">town</a>`), below},
			map[string]string{"/rubrika/town/": "/section/town", "/rubrika/post-8/": "/2014/05/12/post-8"}, []string{"/rubrika/town/river/"}},
		{"two links", []string{filed(1, `<a href="/blog/tema/town/">town</a> <a href="/blog/tema/river/">river</a>`)},
			map[string]string{"/blog/tema/town/": "/section/town", "/blog/tema/town/river/": "/section/river"}, nil},
		{"no list", []string{filed(1, `<a href="/2014/05/town/">a</a> <a href="/rubrika/town/?x=1#y">b</a> <a href="https://other.example/tema/town/">c</a> <a href="/bridge/">d</a>`)},
			map[string]string{"/rubrika/town/": "/section/town"}, []string{"/2014/05/town/", "/tema/town/", "/bridge/"}},
		{"a word alone", []string{filed(1, `<a href="/town/">town</a>`)}, map[string]string{"/town/": "/section/town"}, []string{"/river/", "/town/river/"}},
		{"a word alone, with that above", []string{filed(1, `<a href="/town/river/">river</a>`)}, map[string]string{"/town/": "/section/town", "/town/river/": "/section/river"}, nil},
		{"a tag", []string{filed(1, `<a href="/tema/bridge/">bridge</a>`)}, map[string]string{"/tema/bridge/": "/tag/bridge"}, []string{"/tema/town/"}},
		{"a menu", []string{filed(1, "x"), menu("https://old.example/town/")}, map[string]string{"/town/": "/section/town", "/town/river/": "/section/river"}, nil},
		{"a menu of blocks", []string{filed(1, "x"), navigation}, map[string]string{"/rubrika/town/": "/section/town", "/rubrika/river/": "/section/river"}, []string{"/town/"}},
		{"articles below their sections", []string{as(filed(1, "x"), "/2014/05/post-1/", "/town/river/post-1/")},
			map[string]string{"/town/": "/section/town", "/town/river/": "/section/river", "/town/river/post-1/": "/2014/05/12/post-1"}, nil},
		{"an article at the place of a list", []string{as(filed(1, `<a href="/town/">town</a>`), "/2014/05/post-1/", "/town/")},
			map[string]string{"/town/": "/2014/05/12/post-1"}, []string{"/town/river/", "/river/"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				a, run := importing(t, d)
				text := wxr(append([]string{river}, c.items...)...)
				rep, err := run(text, importer.Options{Zone: "UTC"})
				if err != nil {
					t.Fatal(err)
				}
				leadsTo(t, a, []string{"old.example", "lamp.test"}, c.leads)
				nowhere(t, a, c.stands...)
				before := dumpAll(t, a.DB)
				again, err := run(text, importer.Options{Zone: "UTC"})
				if err != nil || before != dumpAll(t, a.DB) {
					t.Errorf("again: %v: %s", err, firstDifference(before, dumpAll(t, a.DB)))
				}
				if got := whyOf(again); strings.Contains(whyOf(rep), "stood") != strings.Contains(got, "stood") {
					t.Errorf("told otherwise the second time: %s", got)
				}
			})
		})
	}
}

// TestImportBaseWithLanguages: below the prefixes of languages and of a directory.
func TestImportBaseWithLanguages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := strings.ReplaceAll(wxr(river, inLang(filed(1, `<a href="https://old.example/rubrika/town/">x</a>`), "en"), inLang(filed(2, "y"), "kz"), inLang(filed(3, "z"), "kz")),
			"https://old.example", "https://old.example/blog")
		if _, err := run(text, importer.Options{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		leadsTo(t, a, []string{"old.example", "lamp.test"}, map[string]string{"/blog/rubrika/town/river/": "/section/river", "/blog/kz/rubrika/town/": "/kk/section/town",
			"/blog/kz/rubrika/town/river/feed/": "/kk/section/river/feed.xml"})
		leadsTo(t, a, []string{"lamp.test"}, map[string]string{"/rubrika/town/": "/section/town"}) // where it moved to the top before
	})
}

func TestImportBasesRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, run := importing(t, d)
		for _, base := range []string{"https://old.example/rubrika", "rubrika?x", "two words", "%category%"} {
			if _, err := run(wxr(post(1, "One", "x", "")), importer.Options{CategoryBase: base}); err == nil || !strings.Contains(err.Error(), "--category-base rubrika") {
				t.Errorf("%q: %v", base, err)
			}
		}
	})
}
