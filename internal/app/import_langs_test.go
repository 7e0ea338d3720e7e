package app_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// inLang puts an item into a language and a group, as Polylang does.
func inLang(item, lang string) string {
	return strings.Replace(item, "</item>", `<category domain="language" nicename="`+lang+`"><![CDATA[x]]></category>`+
		`<category domain="post_translations" nicename="pll_1"><![CDATA[pll_1]]></category></item>`, 1)
}

// TestImportLanguages: into an empty folder all languages are editions; into a
// publication without one of them, its articles are left and the report says so.
func TestImportLanguages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		rep, err := run(wxr(inLang(post(1, "Bridge", "x", ""), "en"), inLang(post(2, "Мост", "икс", ""), "ru")), importer.Options{})
		if err != nil || rep.Taken.Articles.Published != 2 {
			t.Fatal(rep, err)
		}
		n, err := db.Get(context.Background(), a.DB, db.One[int], "SELECT COUNT(*) FROM story")
		if err != nil || n != 1 {
			t.Errorf("%d stories, want 1; %v", n, err)
		}
		if code, to, _ := fetch(t, a, "/?p=2", "old.example"); code != 301 || to != "/ru/2014/05/12/post-2" {
			t.Errorf("the translation's old address: %d %s", code, to)
		}
		rep, err = run(strings.ReplaceAll(wxr(inLang(post(3, "Көпір", "икс", ""), "kk")), "old.example", "third.example"), importer.Options{})
		if err != nil || rep.Taken.Articles.Published != 0 || len(rep.Notes) != 2 || !strings.Contains(rep.Notes[0].Why, `no edition in "kk"`) ||
			!strings.Contains(rep.Notes[1].Why, "terms in a language without an edition: 1") {
			t.Errorf("an edition that is not there: %+v, %v", rep, err)
		}
	})
}

// TestImportAddEditions: a newsroom with one site for each language comes in by
// commands, and so does a language that a site got later.
func TestImportAddEditions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		one := wxr(post(1, "Bridge", "x", ""))
		if _, err := run(one, importer.Options{}); err != nil {
			t.Fatal(err)
		}
		two := strings.NewReplacer("old.example", "older.example", "en-GB", "ru-RU", "Old Lamp", "Старая лампа").Replace(wxr(post(1, "Мост", "икс", "")))
		before := dumpAll(t, a.DB)
		if _, err := run(two, importer.Options{}); err == nil || !strings.Contains(err.Error(), "--add-editions") {
			t.Errorf("without the flag: %v", err)
		}
		if before != dumpAll(t, a.DB) {
			t.Error("the refused import wrote something")
		}
		opt := importer.Options{AddEditions: true}
		rep, err := run(two, opt)
		if err != nil || rep.Taken.Articles.Published != 1 || len(rep.Notes) != 1 || rep.Notes[0].Item != "ru" {
			t.Fatalf("%+v, %v", rep, err)
		}
		for _, c := range []struct {
			host, path string
			code       int
			to         string
		}{
			{"lamp.test", "/?p=1", 301, "/2014/05/12/post-1"}, {"older.example", "/?p=1", 301, "/ru/2014/05/12/post-1"},
			{"older.example", "/2014/05/post-1/feed/", 301, "/ru/2014/05/12/post-1"}, {"older.example", "/", 301, "/ru/"},
			{"older.example", "/2014/05/", 301, "/ru/2014/05/"}, {"older.example", "/feed/", 301, "/ru/feed.xml"},
			{"older.example", "/?s=x", 301, "/ru/search?q=x"}, {"lamp.test", "/ru/feed/", 301, "/ru/feed.xml"},
			{"lamp.test", "/ru/author/saule-kairly-2", 200, ""}, {"lamp.test", "/ru/2014/05/12/post-1", 200, ""},
		} {
			if code, to, _ := fetch(t, a, c.path, c.host); code != c.code || to != c.to {
				t.Errorf("%s%s: %d %q, want %d %q", c.host, c.path, code, to, c.code, c.to)
			}
		}
		if _, _, page := fetch(t, a, "/ru/", "lamp.test"); !strings.Contains(page, "Старая лампа") {
			t.Error("the edition does not have its old site's name")
		}
		before = dumpAll(t, a.DB)
		if rep, err = run(two, opt); err != nil || rep.Unchanged != 1 || before != dumpAll(t, a.DB) {
			t.Errorf("again: %+v, %v", rep, err)
		}

		grown := wxr(inLang(post(1, "Bridge", "x", ""), "en"), inLang(post(2, "Көпір", "икс", ""), "kk"))
		if rep, err = run(grown, importer.Options{}); err != nil || !strings.Contains(rep.Notes[0].Why, "--add-editions") {
			t.Errorf("a language that is not there: %+v, %v", rep, err)
		}
		if rep, err = run(grown, opt); err != nil || rep.Taken.Articles.Published != 2 {
			t.Fatalf("with the flag: %+v, %v", rep, err)
		}
		n, err := db.Get(context.Background(), a.DB, db.One[int], "SELECT COUNT(*) FROM article")
		if err != nil || n != 3 {
			t.Errorf("%d articles, want 3: the first is one, whether its export says its language or not; %v", n, err)
		}
		before = dumpAll(t, a.DB)
		if rep, err = run(grown, opt); err != nil || rep.Unchanged != 2 || before != dumpAll(t, a.DB) {
			t.Errorf("again: %+v, %v", rep, err)
		}
		if code, _, page := fetch(t, a, "/kk/2014/05/12/post-2", "lamp.test"); code != 200 || !strings.Contains(page, `hreflang="en"`) {
			t.Errorf("the translation: %d", code)
		}
	})
}

// TestImportQTranslate: one post of two languages is one story with two
// articles, and the old address of each leads to its own.
func TestImportQTranslate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		rep, err := run(wxr(post(1, "[:en]Bridge[:ru]Мост[:]", "[:en]Built.[:ru]Построен.[:]", "")), importer.Options{})
		if err != nil || rep.Taken.Articles.Published != 2 {
			t.Fatal(rep, err)
		}
		for old, want := range map[string]string{"/?p=1": "/2014/05/12/post-1", "/2014/05/post-1/": "/2014/05/12/post-1", "/ru/2014/05/post-1/": "/ru/2014/05/12/most"} {
			if code, to, _ := fetch(t, a, old, "old.example"); code != 301 || to != want {
				t.Errorf("%s: %d %s, want %s", old, code, to, want)
			}
		}
	})
}

// TestImportStrayLanguages: neither a custom field of one review nor a headline
// without a text makes an edition; several such articles do, and the report
// tells of it.
func TestImportStrayLanguages(t *testing.T) {
	film := func(id int, key, lang string) string { return post(id, "Film", "x", meta(key, lang)) }
	for name, c := range map[string]struct {
		text, editions string
		notes          []string
		articles       int
	}{
		"one of each": {wxr(post(1, "One", "x", ""), film(2, "language", "fr"), film(3, "_locale", "de_DE"), film(4, "lang", "en")), "en",
			[]string{`a custom field names the language "fr"`, `a custom field names the language "de-DE"`}, 4},
		"several": {wxr(film(2, "language", "fr"), film(3, "language", "fr"), film(4, "language", "fr")), "en fr", []string{"edition fr made at /fr/, named"}, 3},
		"a translation": {wxr(post(1, "One", "x", meta("_original_post", "7")), post(2, "Un", "x", meta("_original_post", "7")+meta("_locale", "fr"))), "en fr",
			[]string{"edition fr made at /fr/"}, 2},
		"a headline": {wxr(post(1, "[:en]Bridge[:ru]Мост[:kk]Көпір[:]", "[:en]Built.[:ru]Построен.[:]", "")), "en ru", []string{"edition ru made at /ru/"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				a, run := importing(t, d)
				rep, err := run(c.text, importer.Options{})
				if err != nil || rep.Taken.Articles.Published != c.articles {
					t.Fatalf("%+v, %v", rep.Taken, err)
				}
				notes := ""
				for _, n := range rep.Notes {
					notes += n.Kind + " " + n.Item + " " + n.Why + "\n"
				}
				for _, want := range c.notes {
					if !strings.Contains(notes, want) {
						t.Errorf("no note says %q:\n%s", want, notes)
					}
				}
				got, err := db.List(context.Background(), a.DB, db.One[string], "SELECT lang FROM edition ORDER BY lang")
				if err != nil || strings.Join(got, " ") != c.editions {
					t.Errorf("editions %q, want %q; %v", got, c.editions, err)
				}
			})
		})
	}
}

// TestImportQTranslateTitle: each edition has the old site's name in its own
// language.
func TestImportQTranslateTitle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := strings.Replace(wxr(post(1, "[:en]Bridge[:ru]Мост[:]", "[:en]Built.[:ru]Построен.[:]", "")), "<title>Old Lamp</title>",
			"<title>[:en]Old Lamp[:ru]Старая лампа[:]</title><description><![CDATA[<!--:en-->News<!--:--><!--:ru-->Новости<!--:-->]]></description>", 1)
		if _, err := run(text, importer.Options{}); err != nil {
			t.Fatal(err)
		}
		got, err := db.List(context.Background(), a.DB, db.One[string], "SELECT lang || ' ' || name || ' ' || tagline FROM edition ORDER BY lang")
		if want := "en Old Lamp News, ru Старая лампа Новости"; err != nil || strings.Join(got, ", ") != want {
			t.Errorf("editions %q, want %q; %v", got, want, err)
		}
	})
}

// TestImportSaysLanguage: an export that misnames its language, and flags as
// people write them.
func TestImportSaysLanguage(t *testing.T) {
	for _, c := range []struct{ says, flag, edition, fails string }{
		{"kz", "", "kk", ""}, {"ru_RU", "", "ru", ""}, {"ru-RU", "ru_RU", "ru-RU", ""},
		{"Russian", "", "", `.xml: the export says that its language is "Russian", which is none; name it: --edition ru`},
		{"Russian", "ru", "ru", ""}, {"en", "english please", "", `"english please" is no language`},
	} {
		t.Run(c.says+" "+c.flag, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				a, run := importing(t, d)
				_, err := run(strings.Replace(wxr(post(1, "One", "x", "")), "<language>en-GB<", "<language>"+c.says+"<", 1), importer.Options{Edition: c.flag})
				if c.fails != "" {
					if err == nil || !strings.Contains(err.Error(), c.fails) {
						t.Errorf("error %v, want %q", err, c.fails)
					}
					return
				}
				got, qerr := db.List(context.Background(), a.DB, db.One[string], "SELECT lang FROM edition")
				if err != nil || qerr != nil || strings.Join(got, " ") != c.edition {
					t.Errorf("editions %q, want %q; %v %v", got, c.edition, err, qerr)
				}
			})
		})
	}
}

// TestImportPages: a page above stands after the page below it; a slug of the
// house is moved; the same file named twice changes nothing.
func TestImportPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		page := func(id int, slug, parent string) string {
			p := strings.Replace(post(id, slug, "x", ""), "<wp:post_type>post", "<wp:post_parent>"+parent+"</wp:post_parent><wp:post_type>page", 1)
			return strings.ReplaceAll(p, "<wp:post_name>post-", "<wp:post_name>"+slug+"-")
		}
		text := wxr(page(2, "team", "1"), page(1, "about", "0"), strings.Replace(page(3, "search", "0"), "search-3", "search", 1))
		rep, err := run(text, importer.Options{})
		if err != nil || rep.Taken.Pages.Published != 3 {
			t.Fatal(rep, err)
		}
		for old, want := range map[string]string{"/?page_id=2": "/about-1/team-2", "/?p=1": "/about-1", "/?page_id=3": "/page-search"} {
			code, to, _ := fetch(t, a, old, "old.example")
			if code != 301 || to != want {
				t.Errorf("%s: %d %s, want %s", old, code, to, want)
			}
			if code, _, _ := fetch(t, a, to, "lamp.test"); code != 200 {
				t.Errorf("%s answers %d", to, code)
			}
		}
	})
}

// TestImportOneFileTwice: an item that a second file repeats is taken once.
func TestImportOneFileTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, _ := importing(t, d)
		file := filepath.Join(t.TempDir(), "x.xml")
		if err := os.WriteFile(file, []byte(wxr(post(1, "One", "a", ""))), 0o600); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			rep, err := a.ImportWordPress(context.Background(), false, importer.Options{Files: []string{file, file}})
			if err != nil || rep.Taken.Articles.Published != 1 {
				t.Errorf("report %+v, %v", rep, err)
			}
		}
		n, err := db.Get(context.Background(), a.DB, db.One[int], "SELECT COUNT(*) FROM article")
		if err != nil || n != 1 {
			t.Errorf("%d articles, want 1; %v", n, err)
		}
	})
}
