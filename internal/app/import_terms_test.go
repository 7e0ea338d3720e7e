package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
	"dateline/internal/topic"
)

// category is a category of an export's head; more goes before its end.
func category(id int, slug, parent, name, more string) string {
	return fmt.Sprintf("<wp:category><wp:term_id>%d</wp:term_id><wp:category_nicename>%s</wp:category_nicename><wp:category_parent>%s</wp:category_parent><wp:cat_name><![CDATA[%s]]></wp:cat_name>%s</wp:category>",
		id, slug, parent, name, more)
}

// on puts an item on other shelves than those of post: "category/news".
func on(item string, refs ...string) string {
	item = as(item, `<category domain="category" nicename="town"><![CDATA[Town]]></category><category domain="post_tag" nicename="bridge"><![CDATA[Bridge]]></category>`, "")
	var b strings.Builder
	for _, r := range refs {
		domain, rest, _ := strings.Cut(r, "/")
		fmt.Fprintf(&b, `<category domain="%s" nicename="%s"><![CDATA[%s]]></category>`, domain, rest, strings.ToUpper(rest[:1])+rest[1:])
	}
	return as(item, "</item>", b.String()+"</item>")
}

// spoken puts an item into a language.
func spoken(item, lang string) string {
	return as(item, "</item>", meta("_wpml_language", lang)+"</item>")
}

// leads checks where old addresses lead, and that something is there.
func leads(t *testing.T, a *app.App, want map[string]string) {
	t.Helper()
	for old, to := range want {
		code, got, _ := fetch(t, a, old, "old.example")
		if code != 301 || got != to {
			t.Errorf("%s: %d %q, want %q", old, code, got, to)
		}
		if code, _, page := fetch(t, a, to, "lamp.test"); code != 200 || strings.Contains(page, "empty-list") {
			t.Errorf("%s leads to %s, which answers %d", old, to, code)
		}
	}
}

// names are those of all shelves: "section en News news".
func shelfNames(t *testing.T, a *app.App) string {
	t.Helper()
	list, err := db.List(context.Background(), a.DB, db.One[string],
		"SELECT t.kind || ' ' || t.id || ' ' || n.lang || ' ' || n.name || ' ' || n.slug FROM topic t JOIN topic_name n ON n.topic_id = t.id ORDER BY t.id, n.lang")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, "\n")
}

func whyOf(rep *importer.Report) string {
	var b strings.Builder
	for _, n := range rep.Notes {
		fmt.Fprintln(&b, n.Level, n.Kind, n.Item, n.Why)
	}
	return b.String()
}

// twice imports a text a second time, which changes nothing.
func twice(t *testing.T, a *app.App, run func(string, importer.Options) (*importer.Report, error), text string, opt importer.Options) {
	t.Helper()
	before := dumpAll(t, a.DB)
	if _, err := run(text, opt); err != nil {
		t.Fatal(err)
	}
	if after := dumpAll(t, a.DB); before != after {
		t.Errorf("the second run changed something:\n%s", firstDifference(before, after))
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	return ""
}

// TestImportShelvesSpeak: a shelf has the language of what stands on it, those
// that Polylang calls translations of each other are one, and old addresses
// lead to the edition that has the articles.
func TestImportShelvesSpeak(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		kk := as(spoken(on(post(5, "Көпір", "икс", ""), "category/zhana", "post_tag/most"), "kk"), "<dc:creator>saule", "<dc:creator>aygul")
		text := wxr(category(3, "news", "", "News", ""), category(4, "novosti", "", "Новости", ""), category(6, "zhana", "", "Жаңалықтар", ""),
			category(7, "chronik", "", "Chronik", ""), category(8, "wire", "news", "Wire", ""), category(9, "lenta", "novosti", "Лента", ""),
			`<wp:author><wp:author_id>9</wp:author_id><wp:author_login>aygul</wp:author_login><wp:author_display_name>Айгүл</wp:author_display_name></wp:author>`,
			`<wp:term><wp:term_id>60</wp:term_id><wp:term_taxonomy>term_translations</wp:term_taxonomy><wp:term_slug>pll_a</wp:term_slug><wp:term_name>x</wp:term_name><wp:term_description><![CDATA[a:2:{s:2:"en";i:3;s:2:"ru";i:4;}]]></wp:term_description></wp:term>`,
			`<wp:term><wp:term_id>61</wp:term_id><wp:term_taxonomy>term_translations</wp:term_taxonomy><wp:term_slug>pll_b</wp:term_slug><wp:term_name>x</wp:term_name><wp:term_description><![CDATA[a:2:{s:2:"ru";i:9;s:2:"en";i:8;}]]></wp:term_description></wp:term>`,
			spoken(on(post(1, "Bridge", "x", ""), "category/news", "category/wire"), "en"), spoken(on(post(2, "Мост", "икс", ""), "category/novosti", "category/lenta"), "ru"),
			spoken(on(post(3, "Train", "x", ""), "category/news"), "en"), kk)
		rep, err := run(text, importer.Options{})
		if err != nil || rep.Taken.Sections != 5 { // town, news, wire, zhana, chronik
			t.Fatal(rep, err)
		}
		names := shelfNames(t, a)
		for _, want := range []string{"kk Жаңалықтар zhana", "tag 6 kk Most most", "en News news", "ru Новости novosti", "ru Лента lenta", "en Chronik chronik"} {
			if !strings.Contains(names, want) {
				t.Errorf("no %q among\n%s", want, names)
			}
		}
		leads(t, a, map[string]string{"/category/novosti/": "/ru/section/novosti", "/?cat=4": "/ru/section/novosti", "/ru/category/novosti/": "/ru/section/novosti",
			"/ru/category/novosti/feed/": "/ru/section/novosti/feed.xml", "/category/novosti/lenta/": "/ru/section/lenta", "/ru/category/novosti/lenta/": "/ru/section/lenta",
			"/category/news/": "/section/news", "/category/zhana/": "/kk/section/zhana", "/tag/most": "/kk/tag/most", "/author/aygul": "/kk/author/aygul",
			"/?author=9": "/kk/author/aygul", "/kk/author/aygul/": "/kk/author/aygul", "/ru/author/saule/": "/ru/author/saule-kairly"})
		for path, want := range map[string]string{"/tag/most/": "/kk/tag/most", "/author/aygul/": "/kk/author/aygul", "/kk/tag/most/": "/kk/tag/most"} {
			if code, to, _ := fetch(t, a, path, "lamp.test"); code != 301 || to != want {
				t.Errorf("%s: %d %q, want %q in one step", path, code, to, want)
			}
		}
		if _, _, page := fetch(t, a, "/section/news", "lamp.test"); !strings.Contains(page, `hreflang="ru" href="http://lamp.test/ru/section/novosti"`) {
			t.Errorf("the section does not lead to its other language: %.1500s", page)
		}
		if _, _, page := fetch(t, a, "/kk/section/zhana", "lamp.test"); !strings.Contains(page, "Жаңалықтар</h1>") {
			t.Errorf("the heading is not of the page's language: %.2500s", page)
		}
		if n, err := db.Get(context.Background(), a.DB, db.One[int], "SELECT COUNT(*) FROM topic c JOIN topic p ON p.id = c.parent_id JOIN topic_name n ON n.topic_id = p.id WHERE n.name = 'Новости'"); err != nil || n != 1 {
			t.Errorf("%d sections below the joined one, want 1; %v", n, err)
		}
		twice(t, a, run, text, importer.Options{})
	})
}

// TestImportShelvesOfWPML: its exports say language and group of a term in the
// term's metadata; qTranslate's in the name.
func TestImportShelvesOfWPML(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		said := func(lang string) string {
			var b strings.Builder
			for _, p := range [][2]string{{"other", "x"}, {"_wpml_import_language_code", lang}, {"_wpml_import_translation_group", "77"}} {
				b.WriteString("<wp:termmeta><wp:meta_key>" + p[0] + "</wp:meta_key><wp:meta_value>" + p[1] + "</wp:meta_value></wp:termmeta>")
			}
			return b.String()
		}
		text := wxr(category(3, "news", "", "News", said("en")), category(4, "actu", "", "Actu", said("fr")), category(6, "life", "", "[:en]Life[:fr]Vie[:]", ""),
			spoken(on(post(1, "Bridge", "x", ""), "category/news", "category/life"), "en"), spoken(on(post(2, "Pont", "x", ""), "category/actu", "category/life"), "fr"))
		rep, err := run(text, importer.Options{})
		if err != nil || rep.Taken.Sections != 3 { // town, news, life
			t.Fatal(rep, err)
		}
		leads(t, a, map[string]string{"/category/actu/": "/fr/section/actu", "/fr/category/actu/": "/fr/section/actu", "/category/life/": "/section/life", "/fr/category/life/": "/fr/section/life"})
		if _, _, page := fetch(t, a, "/section/news", "lamp.test"); !strings.Contains(page, `hreflang="fr" href="http://lamp.test/fr/section/actu"`) {
			t.Errorf("the section does not lead to its other language: %.1500s", page)
		}
		twice(t, a, run, text, importer.Options{})
	})
}

// TestImportRenames: what is called otherwise at the source is called so here,
// unless an editor renamed it.
func TestImportRenames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(category(3, "news", "", "News", ""), category(4, "arts", "", "Arts", ""), on(post(1, "Bridge", "x", ""), "category/news", "post_tag/loose"))
		if _, err := run(text, importer.Options{}); err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		err := a.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			arts, _, err := a.Topics.BySlug(ctx, tx, 1, topic.Section, "en", "arts")
			if err != nil {
				return err
			}
			arts.Names = map[string]topic.Name{"en": {Name: "The arts", Slug: "arts"}}
			_, err = a.Topics.Put(ctx, tx, 1, []topic.Topic{arts})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		text = strings.NewReplacer("[CDATA[News]]", "[CDATA[Top news]]", "[CDATA[Arts]]", "[CDATA[Culture]]", "[CDATA[Loose]]", "[CDATA[Loose ends]]", "Saule Kairly", "Saule Kairly-Nur").Replace(text)
		rep, err := run(text, importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		names := shelfNames(t, a)
		for _, want := range []string{"Top news news", "The arts arts", "Loose ends loose"} {
			if !strings.Contains(names, want) {
				t.Errorf("no %q among\n%s", want, names)
			}
		}
		if why := whyOf(rep); !strings.Contains(why, "left term category/arts its name changed at the source, but was edited here") || strings.Contains(why, "category/news") {
			t.Errorf("notes:\n%s", why)
		}
		if _, _, page := fetch(t, a, "/author/saule-kairly", "lamp.test"); !strings.Contains(page, "Saule Kairly-Nur") {
			t.Error("the author has the old name")
		}
		twice(t, a, run, text, importer.Options{})
	})
}

// TestImportMapping: a mapping that is corrected holds for what an earlier run
// made, and goes on holding without the file.
func TestImportMapping(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(category(3, "news", "", "News", ""), category(4, "video", "news", "Video", ""), category(5, "ads", "", "Ads", ""),
			on(post(1, "Bridge", "x", ""), "category/news", "category/video", "category/ads", "region/north", "region/south", "topic/war"),
			on(post(2, "Train", "x", ""), "category/video"))
		rep, err := run(text, importer.Options{})
		if err != nil || rep.Taken.Sections != 4 {
			t.Fatal(rep, err)
		}
		if why := whyOf(rep); !strings.Contains(why, "left term region terms of a kind that has no shelf here; a mapping file can give them one: 2") ||
			!strings.Contains(why, "left term topic terms of a kind that has no shelf here; a mapping file can give them one: 1") {
			t.Errorf("notes:\n%s", why)
		}
		check := func(want map[string]int) {
			t.Helper()
			for path, status := range want {
				if code, to, _ := fetch(t, a, path, "lamp.test"); code != status {
					t.Errorf("%s answers %d %s, want %d", path, code, to, status)
				}
			}
		}
		check(map[string]int{"/section/video": 200, "/section/ads": 200, "/genre/north": 404})
		opt := importer.Options{Mapping: importer.Mapping{"category/video": "tag", "category/ads": "leave", "category/nwes": "tag", "region": "genre", "region/south": "tag"}}
		rep, err = run(text, opt)
		if err != nil || rep.Taken.Sections != 2 || rep.Taken.Tags != 2 || rep.Unchanged != 1 {
			t.Fatal(rep, err)
		}
		if why := whyOf(rep); !strings.Contains(why, "error term category/nwes the mapping file names it") || strings.Contains(why, "error term region") ||
			!strings.Contains(why, "left term category terms left, as the mapping file says: 1") {
			t.Errorf("notes:\n%s", why)
		}
		now := map[string]int{"/section/video": 301, "/tag/video": 200, "/section/ads": 301, "/tag/ads": 404, "/genre/north": 200, "/tag/south": 200, "/section/news": 200}
		check(now)
		leads(t, a, map[string]string{"/category/video/": "/tag/video", "/region/north/": "/genre/north"})
		if _, _, page := fetch(t, a, "/section/news", "lamp.test"); strings.Contains(page, "Train") {
			t.Error("what stood below a section is no section any more, but its articles are still in the list above")
		}
		if _, _, page := fetch(t, a, "/", "lamp.test"); strings.Contains(page, "/ads") || strings.Contains(page, "Ads") {
			t.Error("what the newsroom left is in the menu")
		}
		twice(t, a, run, text, opt)
		twice(t, a, run, text, importer.Options{})
		check(now)
		if _, err = run(text, importer.Options{Mapping: importer.Mapping{"category/video": "section", "category/ads": "section"}}); err != nil {
			t.Fatal(err)
		}
		check(map[string]int{"/section/video": 200, "/tag/video": 301, "/section/ads": 200})
		for _, path := range []string{"/section/news", "/section/ads"} {
			if _, _, page := fetch(t, a, path, "lamp.test"); !strings.Contains(page, "Bridge") {
				t.Errorf("%s lacks its article", path)
			}
		}
	})
}

// TestImportTermsWithoutNicename: they are known by their names.
func TestImportTermsWithoutNicename(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		item := on(post(1, "Bridge", "x", ""), "category/Nameless Cat", "post_tag/Loose one")
		item = strings.NewReplacer(`nicename="Nameless Cat"`, `nicename=""`, `nicename="Loose one"`, `nicename=""`).Replace(item)
		text := wxr(category(3, "", "", "Nameless Cat", ""), item)
		rep, err := run(text, importer.Options{})
		if err != nil || rep.Taken.Sections != 2 || rep.Taken.Tags != 1 {
			t.Fatal(rep, err)
		}
		for path, want := range map[string]string{"/section/nameless-cat": "Nameless Cat", "/tag/loose-one": "Loose one"} {
			if _, _, page := fetch(t, a, path, "lamp.test"); !strings.Contains(page, want) || !strings.Contains(page, "Bridge") {
				t.Errorf("%s: %.300s", path, page)
			}
		}
		if why := whyOf(rep); !strings.Contains(why, "it has no nicename; one was made of its name") || !strings.Contains(why, "categories and tags without a nicename, known by their names: 2") {
			t.Errorf("notes:\n%s", why)
		}
		twice(t, a, run, text, importer.Options{})
	})
}

// TestImportGuestAuthors: Co-Authors Plus keeps them as posts with biography,
// website and portrait.
func TestImportGuestAuthors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		guest := func(id int, login, name, more string) string {
			return as(as(post(id, name, "", meta("cap-display_name", name)+meta("cap-user_login", login)+meta("cap-user_email", "secret@old.example")+more), ">post</wp:post_type>", ">guest-author</wp:post_type>"),
				"<wp:post_name>post-", "<wp:post_name>cap-"+login)
		}
		portrait := as(as(post(91, "Portrait", "", meta("_wp_attached_file", "2014/05/a.png")), ">post</wp:post_type>", ">attachment</wp:post_type>"), ">publish<", ">inherit<")
		text := wxr(on(post(1, "By a guest", "x", ""), "category/town", "author/cap-guesty"),
			guest(90, "guesty", "Guest Yolanda", meta("cap-description", "Writes about <b>bridges</b>.")+meta("cap-website", "https://guest.example")+meta("_thumbnail_id", "91")), portrait)
		if _, err := run(text, importer.Options{}); err != nil {
			t.Fatal(err)
		}
		rep, err := run(text, importer.Options{Uploads: drawn(t, "2014/05/a.png")}) // the portrait comes later
		if err != nil {
			t.Fatal(rep, err)
		}
		code, _, page := fetch(t, a, "/author/guest-yolanda", "lamp.test")
		for _, want := range []string{"Writes about bridges.", "https://guest.example", "/media/"} {
			if code != 200 || !strings.Contains(page, want) {
				t.Errorf("the author's page (%d) lacks %q", code, want)
			}
		}
		_, src, _ := strings.Cut(page, `src="/media/`)
		src, _, _ = strings.Cut(src, `"`)
		if code, _, _ := fetch(t, a, "/media/"+src, "lamp.test"); code != 200 {
			t.Errorf("the portrait at /media/%s answers %d", src, code)
		}
		if dump := dumpAll(t, a.DB); strings.Contains(dump, "secret@") {
			t.Error("an address was kept")
		}
		twice(t, a, run, text, importer.Options{})
	})
}

// TestImportCaptionsSpeak: captions are in the language of the picture, else of
// the article that it belongs to; where there are several, each article prints
// its own. Rights are kept.
func TestImportCaptionsSpeak(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		attachment := func(id, parent int, file, caption, alt, more string) string {
			p := as(as(post(id, "Picture", "", meta("_wp_attached_file", "2014/05/"+file)+meta("_wp_attachment_image_alt", alt)+more), ">post</wp:post_type>", ">attachment</wp:post_type>"), ">publish<", ">inherit<")
			p = as(p, "<excerpt:encoded><![CDATA[", "<excerpt:encoded><![CDATA["+caption)
			return as(p, "<wp:status>", fmt.Sprintf("<wp:post_parent>%d</wp:post_parent><wp:status>", parent))
		}
		text := wxr(spoken(post(1, "Мост", "икс", meta("_thumbnail_id", "11")), "ru"), spoken(post(2, "Bridge", "x", meta("_thumbnail_id", "12")), "en"),
			spoken(post(3, "Мосты", "икс", meta("_thumbnail_id", "12")), "ru"),
			attachment(11, 1, "a.png", "Старый мост", "Мост над рекой", meta("isc_image_licence", "CC BY 4.0")),
			attachment(12, 0, "b.png", "[:en]The old bridge[:ru]Прежний мост[:]", "[:en]A bridge[:ru]Мостик[:]", ""))
		if _, err := run(text, importer.Options{Uploads: drawn(t, "2014/05/a.png", "2014/05/b.png")}); err != nil {
			t.Fatal(err)
		}
		said, err := db.List(context.Background(), a.DB, db.One[string], "SELECT t.lang || ' ' || t.caption || ' ' || t.alt || ' ' || m.rights FROM media_text t JOIN media m ON m.id = t.media_id ORDER BY m.id, t.lang")
		if err != nil || strings.Join(said, "\n") != "ru Старый мост Мост над рекой CC BY 4.0\nen The old bridge A bridge \nru Прежний мост Мостик " {
			t.Errorf("%q, %v", said, err)
		}
		for path, want := range map[string]string{"/ru/2014/05/12/post-1": "Старый мост", "/2014/05/12/post-2": "The old bridge", "/ru/2014/05/12/post-3": "Прежний мост"} {
			if code, _, page := fetch(t, a, path, "lamp.test"); code != 200 || !strings.Contains(page, want) || strings.Contains(page, `<figcaption lang=`) {
				t.Errorf("%s (%d) lacks %q, or calls it foreign", path, code, want)
			}
		}
		twice(t, a, run, text, importer.Options{})
	})
}
