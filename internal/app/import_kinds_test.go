package app_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// meta is a field that a plugin keeps beside a post.
func meta(key, value string) string {
	return "<wp:postmeta><wp:meta_key>" + key + "</wp:meta_key><wp:meta_value><![CDATA[" + value + "]]></wp:meta_value></wp:postmeta>"
}

func as(item, from, to string) string {
	if !strings.Contains(item, from) {
		panic("the item has no " + from)
	}
	return strings.Replace(item, from, to, 1)
}

// TestImportSEO: what Yoast, Rank Math and others say to searchers; templates
// with variables of theirs are nobody's title.
func TestImportSEO(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		rep, err := run(wxr(
			post(1, "One", "x", meta("rank_math_title", "Bridges of the town")+meta("rank_math_description", "All seven, told by Rank.")),
			post(2, "Two", "x", meta("_yoast_wpseo_title", "Trains of the town")+meta("_yoast_wpseo_metadesc", "All four, told by Yoast.")),
			post(3, "Three", "x", meta("rank_math_title", "%title% %sep% %sitename%")+meta("rank_math_description", "%excerpt%")),
			post(4, "Four", "x", meta("_yoast_wpseo_title", "%%title%% %%page%%: all of it %%sep%% %%sitename%%")+meta("_yoast_wpseo_metadesc", "%%cf_deck%%")+
				meta("_yoast_wpseo_opengraph-title", "Share me")+meta("_yoast_wpseo_opengraph-description", "Shared.")+meta("_yoast_wpseo_canonical", "https://other.example/four")),
			post(5, "Five", "x", meta("_yoast_wpseo_meta-robots-noindex", "1")),
			post(6, "Six", "x", meta("rank_math_robots", `a:2:{i:0;s:7:"noindex";i:1;s:8:"nofollow";}`)),
			post(7, "Seven", "x", meta("_yoast_wpseo_meta-robots-noindex", "2")),
		), importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for n, want := range map[int][]string{
			1: {"<title>Bridges of the town", `content="All seven, told by Rank."`, `og:title" content="One"`, `og:description" content="All seven, told by Rank."`},
			2: {"<title>Trains of the town", `content="All four, told by Yoast."`}, 3: {"<title>Three ·"},
			4: {"<title>Four : all of it ·", `og:title" content="Share me"`, `og:description" content="Shared."`},
			5: {`name="robots" content="noindex"`}, 6: {`name="robots" content="noindex"`},
		} {
			_, _, page := fetch(t, a, fmt.Sprintf("/2014/05/12/post-%d", n), "lamp.test")
			for _, w := range want {
				if !strings.Contains(page, w) {
					t.Errorf("article %d lacks %s: %.1900s", n, w, page)
				}
			}
			if strings.Contains(page, "%sep") || strings.Contains(page, "%excerpt%") || strings.Contains(page, "cf_deck") || strings.Contains(page, "noindex") != (n == 5 || n == 6) {
				t.Errorf("article %d shows a template or is hidden", n)
			}
		}
		_, _, sitemap := fetch(t, a, "/sitemap-2014-05.xml", "lamp.test")
		for n := 1; n <= 7; n++ {
			if strings.Contains(sitemap, fmt.Sprintf("/post-%d<", n)) != (n != 5 && n != 6) {
				t.Errorf("article %d: %s", n, sitemap)
			}
		}
		told := remarks(rep)
		for _, want := range []string{"description for search engines was made by a template that only the old site could fill, and is not taken: %%cf_deck%%",
			"original stands elsewhere, which is not taken: https://other.example/four", "told to leave out: they still are: 2"} {
			if !strings.Contains(told, want) {
				t.Errorf("no note says %q:\n%s", want, told)
			}
		}
	})
}

// TestImportWPMLGroups: fellows in other languages are one story.
func TestImportWPMLGroups(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		in := func(lang, trid string) string {
			return meta("_wpml_import_language_code", lang) + meta("_wpml_import_translation_group", trid)
		}
		rep, err := run(wxr(post(1, "Bridge", "x", in("en", "9")), post(2, "Мост", "икс", in("ru", "9")+meta("_wpml_import_source_language_code", "en")),
			post(3, "Train", "x", in("en", "10"))), importer.Options{})
		if err != nil || rep.Taken.Articles.Published != 3 {
			t.Fatal(rep, err)
		}
		if n, err := db.Get(context.Background(), a.DB, db.One[int], "SELECT COUNT(*) FROM story"); err != nil || n != 2 {
			t.Errorf("%d stories, want 2; %v", n, err)
		}
		_, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test")
		if !strings.Contains(page, `hreflang="ru" href="http://lamp.test/ru/2014/05/12/post-2"`) {
			t.Errorf("the article does not lead to its translation: %.1500s", page)
		}
		if _, _, page = fetch(t, a, "/ru/2014/05/12/post-2", "lamp.test"); !strings.Contains(page, `lang="ru"`) || !strings.Contains(page, "Мост") {
			t.Errorf("the translation: %.300s", page)
		}
	})
}

// TestImportShelves: series, a tree of categories in the order of their use,
// authors by Co-Authors Plus, old slugs, and what the newsroom's map decides.
func TestImportShelves(t *testing.T) {
	cat := func(id int, slug, parent, name string) string {
		return fmt.Sprintf("<wp:category><wp:term_id>%d</wp:term_id><wp:category_nicename>%s</wp:category_nicename><wp:category_parent>%s</wp:category_parent><wp:cat_name><![CDATA[%s]]></wp:cat_name></wp:category>", id, slug, parent, name)
	}
	in := func(item string, refs ...string) string {
		var b strings.Builder
		for _, r := range refs {
			domain, rest, _ := strings.Cut(r, "/")
			fmt.Fprintf(&b, `<category domain="%s" nicename="%s"><![CDATA[%s]]></category>`, domain, rest, strings.ToUpper(rest[:1])+rest[1:])
		}
		return as(item, `<category domain="category" nicename="town"><![CDATA[Town]]></category>`, b.String())
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(cat(11, "arts", "", "Arts"), cat(12, "world", "", "World"), cat(13, "asia", "world", "Asia"), cat(14, "video", "", "Video"), cat(15, "ads", "", "Ads"),
			"<wp:term><wp:term_id>20</wp:term_id><wp:term_taxonomy>series</wp:term_taxonomy><wp:term_slug>rails</wp:term_slug><wp:term_name>The rails</wp:term_name></wp:term>",
			in(post(1, "One", "x", meta("_wp_old_slug", "first-name")+meta("_wp_old_slug", "second-name")), "category/world", "category/asia", "series/rails", "author/cap-saule", "author/cap-erlan"),
			in(post(2, "Two", "x", ""), "category/world", "category/video"), in(post(3, "Three", "x", ""), "category/asia", "category/ads"),
			in(post(4, "Four", "x", ""), "category/arts"), in(post(5, "Five", "x", ""), "category/world"))
		opt := importer.Options{Mapping: importer.Mapping{"category/video": "tag", "category/ads": "leave"}}
		rep, err := run(text, opt)
		if err != nil {
			t.Fatal(err)
		}
		if rep.Taken.Sections != 4 {
			t.Errorf("%d sections, want 4 (town, arts, world, asia)", rep.Taken.Sections)
		}
		_, _, front := fetch(t, a, "/", "lamp.test")
		if w, r := strings.Index(front, `"/section/world"`), strings.Index(front, `"/section/arts"`); w < 0 || r < 0 || w > r {
			t.Errorf("the most used section does not stand first: world at %d, arts at %d", w, r)
		}
		for path, want := range map[string]int{"/section/asia": 200, "/series/rails": 200, "/tag/video": 200, "/section/video": 404, "/section/ads": 404, "/tag/ads": 404} {
			if code, _, _ := fetch(t, a, path, "lamp.test"); code != want {
				t.Errorf("%s answers %d, want %d", path, code, want)
			}
		}
		if _, _, page := fetch(t, a, "/section/world", "lamp.test"); !strings.Contains(page, "Three") {
			t.Error("a section's page lacks what stands below it")
		}
		for old, want := range map[string]string{"/2014/05/first-name/": "/2014/05/12/post-1", "/2014/05/second-name/": "/2014/05/12/post-1",
			"/category/world/asia/": "/section/asia", "/category/asia/page/2/": "/section/asia", "/?cat=12": "/section/world", "/series/rails/feed/": "/series/rails/feed.xml", "/category/video/": "/tag/video",
			"/2014/05/post-1/comment-page-2/": "/2014/05/12/post-1", "/author/erlan/feed/": "/author/erlan/feed.xml"} {
			if code, to, _ := fetch(t, a, old, "old.example"); code != 301 || to != want {
				t.Errorf("%s: %d %q, want %q", old, code, to, want)
			} else if code, _, _ := fetch(t, a, to, "lamp.test"); code != 200 {
				t.Errorf("%s leads to %s: %d", old, to, code)
			}
		}
		_, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test")
		_, page, _ = strings.Cut(page, "<h1")
		if s, e := strings.Index(page, "Saule Kairly"), strings.Index(page, "rlan"); s < 0 || e < 0 || s > e {
			t.Errorf("two authors in their order: %d, %d", s, e)
		}
		before := dumpAll(t, a.DB)
		if again, err := run(text, opt); err != nil || again.Unchanged != 5 {
			t.Errorf("again: %+v, %v", again, err)
		}
		if before != dumpAll(t, a.DB) {
			t.Error("the second run changed something")
		}
	})
}

// TestImportStates: each state of a post is one of ours, and nothing that was
// not public is.
func TestImportStates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		soon := time.Now().UTC().AddDate(1, 0, 0)
		state := func(id int, title, status string) string {
			return as(post(id, title, "canary", ""), ">publish<", ">"+status+"<")
		}
		future := as(as(state(4, "Future canary", "future"), "2014-05-12 23:30:00", soon.Format(time.DateTime)), "2014-05-12 19:30:00", soon.Format(time.DateTime))
		rep, err := run(wxr(
			state(1, "Draft canary", "draft"), state(2, "Pending canary", "pending"), state(3, "Private canary", "private"), future,
			as(post(5, "Locked canary", "canary", ""), "<wp:status>", "<wp:post_password>hunter2</wp:post_password><wp:status>"),
			state(6, "Trash canary", "trash"), state(7, "Auto canary", "auto-draft"),
			as(post(8, "Held at the top", "x", ""), "<wp:status>", "<wp:is_sticky>1</wp:is_sticky><wp:status>"), post(9, "Plain", "x", ""),
			as(as(state(10, "Plain before", "inherit"), ">post</wp:post_type>", ">revision</wp:post_type>"), "<wp:status>", "<wp:post_parent>9</wp:post_parent><wp:status>"),
			as(as(as(post(11, "No date", "x", ""), "2014-05-12 23:30:00", "0000-00-00 00:00:00"), "2014-05-12 19:30:00", "0000-00-00 00:00:00"), ">publish<", ">draft<"),
		), importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := rep.Taken.Articles; got.Published != 2 || got.Scheduled != 1 || got.InReview != 1 || got.Draft < 4 {
			t.Errorf("taken %+v", got)
		}
		notes := ""
		for _, n := range rep.Notes {
			notes += n.Level + " " + n.Item + " " + n.Why + "\n"
		}
		for _, want := range []string{"changed 3 “Private canary”", "changed 5 “Locked canary”"} {
			if !strings.Contains(notes, want) {
				t.Errorf("no note begins %q:\n%s", want, notes)
			}
		}
		for _, path := range []string{"/", "/section/town", "/tag/bridge", "/feed.xml", "/atom.xml", "/feed.json", "/2014/05/", "/2014/05/12/", "/author/saule-kairly"} {
			code, _, page := fetch(t, a, path, "lamp.test")
			if code != 200 || strings.Contains(page, "canary") {
				t.Errorf("%s (%d) shows what is not public", path, code)
			}
		}
		for id := 1; id <= 7; id++ {
			if code, to, _ := fetch(t, a, fmt.Sprintf("/?p=%d", id), "old.example"); code != 404 {
				t.Errorf("?p=%d: %d %s", id, code, to)
			}
		}
		if n, err := db.Get(context.Background(), a.DB, db.One[int], "SELECT COUNT(*) FROM listing WHERE kind = 3"); err != nil || n != 1 {
			t.Errorf("%d articles held at the top, want 1; %v", n, err)
		}
		if dump := dumpAll(t, a.DB); strings.Contains(dump, "hunter2") {
			t.Error("a password was kept")
		}
	})
}

// TestImportPictures: galleries and captions of classic texts, the page of a
// picture, its feed and its file.
func TestImportPictures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		attachment := func(id int, file, caption string) string {
			p := as(post(id, "Picture "+file, "A description", meta("_wp_attached_file", "2014/05/"+file)+meta("_wp_attachment_image_alt", "Alt of "+file)), ">post</wp:post_type>", ">attachment</wp:post_type>")
			p = as(as(p, "<excerpt:encoded><![CDATA[", "<excerpt:encoded><![CDATA["+caption), ">publish<", ">inherit<")
			return as(p, "<wp:status>", "<wp:post_parent>1</wp:post_parent><wp:attachment_url>https://old.example/wp-content/uploads/2014/05/"+file+"</wp:attachment_url><wp:status>")
		}
		rep, err := run(wxr(
			post(1, "Shown", `[caption id="attachment_2" align="alignleft" width="40"]<img class="wp-image-2" src="https://old.example/wp-content/uploads/2014/05/a-300x200.png" /> The <em>old</em> bridge[/caption]

[gallery ids="2,3"]`, meta("_thumbnail_id", "3")), attachment(2, "a.png", "Caption of a"), attachment(3, "b.png", "Caption of b")),
			importer.Options{Uploads: drawn(t, "2014/05/a.png", "2014/05/b.png")})
		if err != nil || rep.Taken.Media != 2 {
			t.Fatal(rep, err)
		}
		_, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test")
		for _, want := range []string{"The <em>old</em> bridge", "Caption of b", `alt="Alt of a.png"`, `property="og:image"`} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s: %s", want, page)
			}
		}
		if strings.Contains(page, "[caption") || strings.Contains(page, "[gallery") || strings.Contains(page, "wp-content") {
			t.Errorf("the page shows what WordPress would have replaced: %s", page)
		}
		if code, to, _ := fetch(t, a, "/?attachment_id=2", "old.example"); code != 301 || to != "/2014/05/12/post-1" && !strings.HasPrefix(to, "/media/") {
			t.Errorf("the page of a picture: %d %s", code, to)
		}
	})
}

// TestImportManyGzippedFiles: files of one export, one of them packed, one of
// them broken: what stands before the break is there, and the error tells where.
func TestImportManyGzippedFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, _ := importing(t, d)
		dir := t.TempDir()
		var files []string
		for name, text := range map[string]string{"1.xml": wxr(post(1, "One", "x", "")), "2.xml.gz": wxr(post(2, "Two", "x", ""), post(1, "One", "x", "")),
			"3.xml": strings.Split(wxr(post(3, "Three", "x", ""), "<item><title>CUT"), "CUT")[0]} {
			path := filepath.Join(dir, name)
			files = append(files, path)
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(name, ".gz") {
				z := gzip.NewWriter(f)
				_, err = z.Write([]byte(text))
				if cerr := z.Close(); err == nil {
					err = cerr
				}
			} else {
				_, err = f.WriteString(text)
			}
			if cerr := f.Close(); err != nil || cerr != nil {
				t.Fatal(err, cerr)
			}
		}
		slices.Sort(files)
		rep, err := a.ImportWordPress(context.Background(), false, importer.Options{Files: files})
		if err == nil || !strings.Contains(err.Error(), "3.xml:") {
			t.Errorf("the error does not name the file and the line: %v", err)
		}
		if rep.Taken.Articles.Published != 3 {
			t.Errorf("taken %+v", rep.Taken.Articles)
		}
		for n := 1; n <= 3; n++ {
			if code, _, _ := fetch(t, a, fmt.Sprintf("/2014/05/12/post-%d", n), "lamp.test"); code != 200 {
				t.Errorf("article %d answers %d", n, code)
			}
		}
	})
}
