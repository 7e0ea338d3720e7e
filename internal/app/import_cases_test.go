package app_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// drawn opens an uploads folder with two small pictures.
func drawn(t *testing.T, names ...string) importer.Uploads {
	t.Helper()
	files := map[string][]byte{}
	for i, name := range names {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40+i, 30))); err != nil {
			t.Fatal(err)
		}
		files[name] = b.Bytes()
	}
	return func(path string) (io.ReadCloser, error) {
		if b, ok := files[path]; ok {
			return io.NopCloser(bytes.NewReader(b)), nil
		}
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
}

// TestImportNamedFiles: pictures that only texts name, with and without a
// host, and links to them.
func TestImportNamedFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(
			post(1, "Bare", `<img src="/wp-content/uploads/2014/05/a.png" alt="A bridge"> and <a href="/wp-content/uploads/2014/05/b.png">the plan</a>`, ""),
			post(2, "Again", `<img src="https://old.example/wp-content/uploads/2014/05/a.png">`, ""),
			post(3, "Lost", `<img src="/wp-content/uploads/2014/05/gone.png">`, ""),
			post(4, "Foreign", `<img src="https://elsewhere.example/wp-content/uploads/2014/05/a.png">`, ""),
		)
		opt := importer.Options{Uploads: drawn(t, "2014/05/a.png", "2014/05/b.png")}
		rep, err := run(text, opt)
		if err != nil || rep.Taken.Media != 2 {
			t.Fatalf("media %d, want 2; %v", rep.Taken.Media, err)
		}
		for i, want := range []string{`<img src="/media/`, `<img src="/media/`,
			`<a href="https://old.example/wp-content/uploads/2014/05/gone.png"`, `<a href="https://elsewhere.example/`} {
			_, _, page := fetch(t, a, fmt.Sprintf("/2014/05/12/post-%d", i+1), "lamp.test")
			if !strings.Contains(page, want) {
				t.Errorf("article %d lacks %q: %s", i+1, want, page)
			}
			if i == 0 && (!strings.Contains(page, `<a href="/media/`) || strings.Contains(page, "wp-content")) {
				t.Errorf("the link to a file does not lead to the file here: %s", page)
			}
		}
		again, err := run(text, opt)
		if err != nil || again.Unchanged != 4 || again.Taken.Media != 2 {
			t.Errorf("again: %d unchanged, %d media, %v", again.Unchanged, again.Taken.Media, err)
		}
	})
}

// TestImportLocalDates: a source without GMT dates has the newsroom's clock.
func TestImportLocalDates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := strings.ReplaceAll(wxr(post(1, "Night", "x", "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>N</wp:comment_author>"+
			"<wp:comment_date>2014-05-13 02:00:00</wp:comment_date><wp:comment_content>late</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>")),
			"<wp:post_date_gmt>2014-05-12 19:30:00", "<wp:post_date_gmt>0000-00-00 00:00:00")
		if _, err := run(text, importer.Options{Zone: "Europe/Moscow"}); err != nil {
			t.Fatal(err)
		}
		_, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test")
		if !strings.Contains(page, "12 May 2014, 23:30") {
			t.Error("23:30 of the newsroom's clock is not 23:30 on the page")
		}
		at, err := db.Get(t.Context(), a.DB, db.One[int64], "SELECT created_at FROM comment")
		if want := time.Date(2014, 5, 12, 22, 0, 0, 0, time.UTC); err != nil || at != want.UnixMilli() {
			t.Errorf("the comment of two at night there is of %v, want %v; %v", time.UnixMilli(at).UTC(), want, err)
		}
	})
}

// TestImportPassedFuture: what the old site was still to publish, at a time that
// has passed, is told.
func TestImportPassedFuture(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, run := importing(t, d)
		rep, err := run(wxr(as(post(1, "Waiting", "x", ""), ">publish<", ">future<"), post(2, "Out", "x", "")), importer.Options{Zone: "UTC"})
		if want := "“Waiting”: the old site was to publish it at a time that has passed"; err != nil || rep.Taken.Articles.Published != 2 || !strings.Contains(remarks(rep), want) || strings.Contains(remarks(rep), "Out") {
			t.Errorf("no note says %q, or another does: %s%v", want, remarks(rep), err)
		}
	})
}

// TestImportGuessedZone: a zone that is guessed from dates is told, and how many
// posts it does not fit.
func TestImportGuessedZone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		summer := strings.ReplaceAll(post(3, "Summer", "x", ""), "19:30:00", "18:30:00")
		text := wxr(post(1, "One", "x", ""), post(2, "Two", "x", ""), summer)
		_, run := importing(t, d)
		rep, err := run(text, importer.Options{})
		if want := "the time zone was guessed from the export: UTC+04:00. 1 of 3 posts are of another time, UTC+05:00 (1) and show"; err != nil || !strings.Contains(remarks(rep), want) || !strings.Contains(remarks(rep), "--zone Europe/Berlin") {
			t.Errorf("no note says %q: %s%v", want, remarks(rep), err)
		}
		if rep, err = run(text, importer.Options{}); err != nil || strings.Contains(remarks(rep), "guessed") {
			t.Errorf("nothing was guessed the second time: %s%v", remarks(rep), err)
		}
	})
}

// TestImportOtherPlace: a run that names another zone or place says so and dates
// by it what is here already; one that names none keeps what was named before.
func TestImportOtherPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(post(1, "One", "x", ""), strings.ReplaceAll(post(2, "Two", "x", ""), "2014-05-12 19:30:00", "0000-00-00 00:00:00"))
		for i, x := range []struct {
			opt         importer.Options
			unchanged   int
			first, note string
		}{
			{importer.Options{Zone: "Europe/Moscow", Place: "Moscow"}, 0, "12 May 2014, 23:30 (Moscow time), Moscow", ""},
			{importer.Options{}, 2, "12 May 2014, 23:30 (Moscow time), Moscow", ""},
			{importer.Options{Place: "Tver"}, 0, "12 May 2014, 23:30 (Moscow time), Tver", "the place is Tver now and was Moscow"},
			{importer.Options{Zone: "UTC"}, 0, "12 May 2014, 19:30 (UTC), Tver", "the zone is UTC now and was Europe/Moscow"},
			{importer.Options{}, 2, "12 May 2014, 19:30 (UTC), Tver", ""},
		} {
			rep, err := run(text, x.opt)
			if err != nil || rep.Unchanged != x.unchanged || !strings.Contains(remarks(rep), x.note) || x.note == "" && strings.Contains(remarks(rep), "last import") {
				t.Errorf("run %d: %d unchanged, want %d; %v; note %q:\n%s", i, rep.Unchanged, x.unchanged, err, x.note, remarks(rep))
			}
			_, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test")
			_, day, _ := strings.Cut(page, "12 May 2014")
			if !strings.Contains(page, x.first) {
				t.Errorf("run %d: the page lacks %q: 12 May 2014%.120s", i, x.first, day)
			}
		}
	})
}

// TestImportEnclosure: the sound of a podcast that its text does not name.
func TestImportEnclosure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		_, err := run(wxr(post(1, "Heard", "Listen.", "<wp:postmeta><wp:meta_key>enclosure</wp:meta_key><wp:meta_value><![CDATA[https://cast.example/1.mp3\n123\naudio/mpeg\n]]></wp:meta_value></wp:postmeta>")),
			importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); !strings.Contains(page, `href="https://cast.example/1.mp3"`) {
			t.Error("the page lacks the sound")
		}
	})
}

// TestImportDuplicateOf: WPML names the original in its copy only.
func TestImportDuplicateOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		meta := func(key, value string) string {
			return "<wp:postmeta><wp:meta_key>" + key + "</wp:meta_key><wp:meta_value><![CDATA[" + value + "]]></wp:meta_value></wp:postmeta>"
		}
		rep, err := run(wxr(post(1, "Bridge", "x", meta("_wpml_language", "en")),
			post(2, "Мост", "икс", meta("_wpml_language", "ru")+meta("_icl_lang_duplicate_of", "1"))), importer.Options{})
		if err != nil || rep.Taken.Articles.Published != 2 {
			t.Fatal(rep, err)
		}
		n, err := db.Get(context.Background(), a.DB, db.One[int], "SELECT COUNT(*) FROM story")
		if err != nil || n != 1 {
			t.Errorf("%d stories, want 1; %v", n, err)
		}
	})
}

// TestImportRefuses: what cannot be begun leaves nothing behind.
func TestImportRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		if _, err := run(wxr(post(1, "One", "a", "")), importer.Options{Zone: "Europe/Atlantis"}); err == nil || !strings.Contains(err.Error(), "Atlantis") {
			t.Errorf("a zone that is none: %v", err)
		}
		if _, err := run(wxr(post(1, "One", "a", "")), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		before := dumpAll(t, a.DB)
		if _, err := run(wxr(post(2, "Two", "a", "")), importer.Options{Edition: "ru"}); err == nil || !strings.Contains(err.Error(), `"ru"`) {
			t.Errorf("an edition that is not there: %v", err)
		}
		if before != dumpAll(t, a.DB) {
			t.Error("the refused import wrote something")
		}
	})
}

// TestImportTwoSites: both old sites own ?p=1.
func TestImportTwoSites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(post(1, "One", "a", ""))
		second := strings.ReplaceAll(strings.ReplaceAll(text, "old.example", "older.example"), "post-1", "story-1")
		for _, x := range []string{text, second} {
			if rep, err := run(x, importer.Options{}); err != nil || rep.Taken.Articles.Published != 1 {
				t.Fatal(rep, err)
			}
		}
		for host, want := range map[string]string{"old.example": "/2014/05/12/post-1", "older.example": "/2014/05/12/story-1", "lamp.test": "/2014/05/12/post-1"} {
			if code, to, _ := fetch(t, a, "/?p=1", host); code != 301 || to != want {
				t.Errorf("?p=1 on %s: %d %s, want %s", host, code, to, want)
			}
		}
	})
}

// TestImportSharedPermalinks: two old sites had "/about" and an article of the
// same day and name. On its own host each address leads to what it was there,
// also when nobody has said what the base URL is; a page has one address.
func TestImportSharedPermalinks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		about := func(title string) string {
			p := strings.Replace(post(1, title, "x", ""), "<wp:post_type>post", "<wp:post_type>page", 1)
			return strings.NewReplacer("/2014/05/post-1/", "/about/", "<wp:post_name>post-1", "<wp:post_name>about").Replace(p)
		}
		daily := strings.ReplaceAll(post(2, "Of the day", "x", ""), "/2014/05/post-2/", "/2014/05/12/post-2/")
		one := wxr(about("About one"), daily)
		for _, x := range []string{one, strings.ReplaceAll(one, "old.example", "older.example")} {
			if rep, err := run(x, importer.Options{}); err != nil || rep.Taken.Pages.Published != 1 {
				t.Fatal(rep, err)
			}
		}
		for _, c := range []struct {
			host, path string
			code       int
			to         string
		}{
			{"lamp.test", "/about", 200, ""}, {"old.example", "/about/", 301, "/about"}, {"older.example", "/about/", 301, "/about-2"},
			{"www.older.example:80", "/about", 301, "/about-2"}, {"older.example", "/about/feed/", 301, "/about-2"},
			{"older.example", "/2014/05/12/post-2/", 301, "/2014/05/12/post-2-2"}, {"old.example", "/2014/05/12/post-2", 301, "/2014/05/12/post-2"},
			{"older.example", "/", 301, "/"}, {"older.example", "/search?q=x&utm=1", 301, "/search?q=x"}, {"older.example", "/nothing", 404, ""},
			{"stranger.example", "/about", 200, ""}, {"older.example", "/2014/05/12/POST-2/", 301, "/2014/05/12/post-2-2"},
		} {
			if code, to, _ := fetch(t, a, c.path, c.host); code != c.code || to != c.to {
				t.Errorf("%s%s: %d %q, want %d %q", c.host, c.path, code, to, c.code, c.to)
			}
		}
		conf := a.Config
		conf.BaseURL = ""
		guess, err := app.Open(context.Background(), conf)
		if err != nil {
			t.Fatal(err)
		}
		defer guess.Close()
		guess.BaseURL = "http://localhost:8080"
		if err := guess.Public(); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			host, path string
			code       int
			to         string
		}{
			{"old.example", "/about", 200, ""}, {"older.example", "/about", 301, "/about-2"}, {"older.example", "/about-2", 200, ""},
			{"older.example", "/", 200, ""}, {"localhost:8080", "/about", 200, ""},
		} {
			if code, to, _ := fetch(t, guess, c.path, c.host); code != c.code || to != c.to {
				t.Errorf("without a base URL, %s%s: %d %q, want %d %q", c.host, c.path, code, to, c.code, c.to)
			}
		}
	})
}

// TestImportOldLists: what WordPress has and we have elsewhere or not at all.
func TestImportOldLists(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		if _, err := run(wxr(strings.ReplaceAll(post(1, "One", "x", ""), "/2014/05/post-1/", "/2014/05/12/post-1/")), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]string{
			"/tag/bridge/page/7/": "/tag/bridge", "/category/town/page/7/": "/section/town", "/page/2/": "/", "/2014/05/page/2/": "/2014/05/",
			"/2014/05/12/page/3": "/2014/05/12/", "/?s=old+bridge": "/search?q=old+bridge", "/page/2/?s=bridge": "/search?q=bridge",
			"/2014/05/12/POST-1/": "/2014/05/12/post-1", "/Tag/Bridge/": "/tag/bridge",
		} {
			for _, host := range []string{"lamp.test", "old.example"} {
				if code, to, _ := fetch(t, a, path, host); code != 301 || to != want {
					t.Errorf("%s%s: %d %q, want %q", host, path, code, to, want)
				}
			}
		}
		for _, path := range []string{"/2013/05/page/2/", "/nothing/page/2/"} {
			if code, to, _ := fetch(t, a, path, "lamp.test"); code != 404 {
				t.Errorf("%s: %d %q", path, code, to)
			}
		}
		if code, _, _ := fetch(t, a, "/?s=", "lamp.test"); code != 200 {
			t.Errorf("an empty search: %d", code)
		}
	})
}

// TestImportNotes: an editor reads headlines and sums, not numbers and noise.
func TestImportNotes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, run := importing(t, d)
		ping := "<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_type>pingback</wp:comment_type><wp:comment_content>x</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>"
		rep, err := run(wxr(post(1, "One", "a<!--more-->b", fmt.Sprintf(ping, 1)), post(2, "Two", "a<!--more-->b", fmt.Sprintf(ping, 2)),
			strings.Replace(post(3, "Hidden", "x", ""), "<wp:status>publish", "<wp:status>private", 1)), importer.Options{Zone: "UTC"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range rep.Notes {
			got = append(got, n.Level+" "+n.Kind+" "+n.Item+" "+n.Why)
		}
		all := strings.Join(got, "\n")
		for _, want := range []string{"changed post 3 “Hidden”: it was private; it is a draft now", "left comment  pingbacks and trackbacks are not comments: 2",
			"changed post  the mark that ended the teaser was left out; no text was cut: 2"} {
			if strings.Count(all, want) != 1 {
				t.Errorf("not once: %s\n%s", want, all)
			}
		}
		if len(got) != 3 {
			t.Errorf("%d notes:\n%s", len(got), all)
		}
	})
}

// TestImportUnchangedAddress: an article whose address stays what it was owns
// it as an old address too: links in texts and its feed lead to it, not to the
// second that claims the same.
func TestImportUnchangedAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		same := func(item string) string {
			return as(item, ">https://old.example/2014/05/post-2/<", ">https://old.example/2014/05/12/post-1/<")
		}
		text := wxr(
			as(post(1, "One", "x", ""), "/2014/05/post-1/", "/2014/05/12/post-1/"),
			as(same(post(2, "Two", "x", "")), "<wp:post_name>post-2", "<wp:post_name>post-1"),
			post(3, "Three", `<a href="https://old.example/2014/05/12/post-1/">before</a>`, ""),
		)
		rep, err := run(text, importer.Options{})
		if err != nil || !strings.Contains(remarks(rep), "its address was taken by another; it is at /2014/05/12/post-1-2 now") {
			t.Fatal(remarks(rep), err)
		}
		if _, _, page := fetch(t, a, "/2014/05/12/post-3", "lamp.test"); !strings.Contains(page, `<a href="/2014/05/12/post-1">before</a>`) {
			t.Errorf("a link in a text does not lead to the article at that address: %s", page)
		}
		for _, path := range []string{"/2014/05/12/post-1/", "/2014/05/12/post-1/feed/"} {
			if code, to, _ := fetch(t, a, path, "old.example"); code != 301 || to != "/2014/05/12/post-1" {
				t.Errorf("%s: %d %q", path, code, to)
			}
		}
		if code, _, _ := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); code != 200 {
			t.Errorf("the article at its own address answers %d", code)
		}
	})
}
