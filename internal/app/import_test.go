package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/app"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
	"dateline/internal/richtext"
	"dateline/test/gen"
)

// wxr wraps items in an export.
func wxr(items ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Old Lamp</title><link>https://old.example</link><language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_id>3</wp:author_id><wp:author_login>saule</wp:author_login><wp:author_email>secret@old.example</wp:author_email><wp:author_display_name>Saule Kairly</wp:author_display_name></wp:author>
<wp:category><wp:term_id>5</wp:term_id><wp:category_nicename>town</wp:category_nicename><wp:category_parent></wp:category_parent><wp:cat_name>Town</wp:cat_name></wp:category>
` + strings.Join(items, "\n") + "</channel></rss>\n"
}

// post is an item; more goes before its end.
func post(id int, title, content, more string) string {
	return fmt.Sprintf(`<item><title>%s</title><link>https://old.example/2014/05/post-%d/</link><dc:creator>saule</dc:creator>
<guid isPermaLink="false">https://old.example/?p=%d</guid><content:encoded><![CDATA[%s]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>%d</wp:post_id><wp:post_date>2014-05-12 23:30:00</wp:post_date><wp:post_date_gmt>2014-05-12 19:30:00</wp:post_date_gmt>
<wp:comment_status>open</wp:comment_status><wp:post_name>post-%d</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="town"><![CDATA[Town]]></category><category domain="post_tag" nicename="bridge"><![CDATA[Bridge]]></category>%s</item>`,
		title, id, id, content, id, id, more)
}

// importing opens a house over d and gives a function that imports a text.
func importing(t *testing.T, d *db.DB) (*app.App, func(text string, opt importer.Options) (*importer.Report, error)) {
	t.Helper()
	cfg := dbtest.Config(t, d)
	conf := app.Config{Data: t.TempDir(), Database: cfg.URL, BaseURL: "http://lamp.test", Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if cfg.URL == "" {
		conf.Data = cfg.Dir
	}
	a, err := app.Open(context.Background(), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	if err := a.Public(); err != nil {
		t.Fatal(err)
	}
	n := 0
	return a, func(text string, opt importer.Options) (*importer.Report, error) {
		t.Helper()
		n++
		file := filepath.Join(t.TempDir(), fmt.Sprintf("export%d.xml", n))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		opt.Files = []string{file}
		return a.ImportWordPress(context.Background(), false, opt)
	}
}

// fetch asks for a page; its text is as it was before it was set. Where an old
// host leads off to the base URL, the path is told.
func fetch(t *testing.T, a *app.App, path, host string) (int, string, string) {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Host = host
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return w.Code, strings.TrimPrefix(w.Header().Get("Location"), "http://lamp.test"), strings.NewReplacer("\u00a0", " ", "\u00ad", "").Replace(w.Body.String())
}

func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(
			post(7, "The first", "Hello <a href=\"https://old.example/?p=8\">second</a>\n\n<script>alert(1)</script>Again", `<wp:postmeta><wp:meta_key>views</wp:meta_key><wp:meta_value>41</wp:meta_value></wp:postmeta>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Galia</wp:comment_author><wp:comment_author_email>reader@secret.example</wp:comment_author_email><wp:comment_author_IP>198.51.100.7</wp:comment_author_IP><wp:comment_date_gmt>2014-05-13 01:00:00</wp:comment_date_gmt><wp:comment_content>A mother took that train.</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_author>Ermek</wp:comment_author><wp:comment_content>With hens.</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>1</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_author>Other site</wp:comment_author><wp:comment_content>[...]</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_type>pingback</wp:comment_type></wp:comment>`),
			post(8, "The second", "Text", ""),
			strings.Replace(post(9, "Secret", "Draft canary", ""), ">publish<", ">draft<", 1),
			strings.Replace(post(10, "Locked", "Locked canary", "<wp:post_password>hunter2</wp:post_password>"), "post-10</wp:post_name>", "post-8</wp:post_name>", 1),
		)
		rep, err := run(text, importer.Options{Zone: "Europe/Moscow", Place: "Moscow"})
		if err != nil {
			t.Fatal(err)
		}
		want := importer.Taken{Articles: importer.ByState{Published: 2, Draft: 2}, Comments: importer.Comments{Approved: 2},
			Authors: 1, Sections: 1, Tags: 1, Redirects: rep.Taken.Redirects, Views: 41}
		if diff := cmp.Diff(want, rep.Taken); diff != "" {
			t.Errorf("taken (-want +got): %s", diff)
		}
		// Nothing of readers and no secret is kept, anywhere.
		for _, table := range []string{"comment", "revision", "contributor", "entity_name", "import_item", "article", "setting"} {
			if dump := dumpTable(t, a.DB, table); strings.Contains(dump, "secret") || strings.Contains(dump, "198.51") || strings.Contains(dump, "hunter2") {
				t.Errorf("table %s holds what it must not: %s", table, dump)
			}
		}
		for _, old := range []string{"/?p=7", "/2014/05/post-7/", "/2014/05/post-7", "/2014/05/post-7/feed/", "/2014/05/post-7/amp"} {
			for _, host := range []string{"old.example", "www.old.example", "lamp.test"} {
				if code, to, _ := fetch(t, a, old, host); code != 301 || to != "/2014/05/12/post-7" {
					t.Errorf("%s on %s: %d %s", old, host, code, to)
				}
			}
		}
		for old, want := range map[string]string{"/?cat=5": "/section/town", "/category/town/": "/section/town", "/tag/bridge/": "/tag/bridge",
			"/feed/": "/feed.xml", "/?feed=rss2": "/feed.xml", "/category/town/feed/": "/section/town/feed.xml", "/?m=201405": "/2014/05/",
			"/author/saule/": "/author/saule-kairly", "/?author=3": "/author/saule-kairly"} {
			code, to, _ := fetch(t, a, old, "old.example")
			if code != 301 || to != want {
				t.Errorf("%s: %d %q, want %q", old, code, to, want)
			}
			if code, _, _ := fetch(t, a, to, "lamp.test"); code != 200 {
				t.Errorf("%s leads to %s, which answers %d", old, to, code)
			}
		}
		_, _, page := fetch(t, a, "/2014/05/12/post-7", "lamp.test")
		for _, part := range []string{"12 May 2014, 23:30 (Moscow time), Moscow", `href="/2014/05/12/post-8"`, "A mother took that train.", "Saule Kairly"} {
			if !strings.Contains(page, part) {
				t.Errorf("the page lacks %q", part)
			}
		}
		if strings.Contains(page, "alert(1)") || strings.Contains(page, "canary") {
			t.Error("the page shows what it must not")
		}
		before := dumpAll(t, a.DB)
		again, err := run(text, importer.Options{Zone: "Europe/Moscow", Place: "Moscow"})
		if err != nil || again.Unchanged != 4 {
			t.Errorf("again: %d unchanged, %v", again.Unchanged, err)
		}
		if diff := cmp.Diff(rep.Taken, again.Taken); diff != "" {
			t.Errorf("taken again (-first +second): %s", diff)
		}
		if diff := cmp.Diff(before, dumpAll(t, a.DB)); diff != "" {
			t.Errorf("the second run changed something: %.2000s", diff)
		}
	})
}

// TestImportAgain: changed at the source and untouched here, changed at both,
// changed here only.
func TestImportAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		ctx := context.Background()
		if _, err := run(wxr(post(1, "One", "a", ""), post(2, "Two", "b", ""), post(3, "Three", "c", "")), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		ids, err := db.List(ctx, a.DB, db.One[int64], "SELECT id FROM article ORDER BY id")
		if err != nil {
			t.Fatal(err)
		}
		touch := func(id int64) {
			t.Helper()
			err := a.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
				x, err := a.Articles.Get(ctx, tx, id)
				if err != nil {
					return err
				}
				doc, _ := richtext.FromHTML("<p>ours</p>", richtext.Options{})
				_, err = a.Articles.Put(ctx, tx, []article.Edit{{ID: id, Publication: x.Publication, Edition: x.Edition, State: x.State, VisibleFrom: x.VisibleFrom,
					Day: x.Day, Slug: x.Slug, Body: doc, Actor: "editor", Content: article.Content{Kind: article.Text, Lang: "en", Headline: "Ours"}}})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		touch(ids[1])
		touch(ids[2])
		rep, err := run(wxr(post(1, "One, mended", "a", ""), post(2, "Two, mended", "b", ""), post(3, "Three", "c", "")), importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range ids {
			x, err := a.Articles.Get(ctx, a.DB, id)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(x.Headline, x.Revision))
		}
		if want := []string{"One, mended2", "Ours2", "Ours2"}; !slices.Equal(got, want) {
			t.Errorf("articles %q, want %q", got, want)
		}
		if rep.Unchanged != 1 || rep.Taken.Articles.Published != 3 {
			t.Errorf("report %+v", rep)
		}
		noted := slices.ContainsFunc(rep.Notes, func(n importer.Remark) bool { return n.Item == "2" && n.Level == "left" })
		if !noted {
			t.Errorf("no note that the second stays: %+v", rep.Notes)
		}
	})
}

// TestImportBreaks: a file that breaks keeps what stands before the break, says
// where it broke, and goes on when it is mended.
func TestImportBreaks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		whole := wxr(post(1, "One", "a", ""), post(2, "Two", "b", ""), post(3, "Three", "c", ""))
		rep, err := run(whole[:strings.Index(whole, "Three")+3], importer.Options{})
		if err == nil || !strings.Contains(err.Error(), "export1.xml") {
			t.Errorf("a truncated file: %v", err)
		}
		if rep == nil || rep.Taken.Articles.Published != 2 {
			t.Fatalf("report %+v", rep)
		}
		if code, _, _ := fetch(t, a, "/2014/05/12/post-2", "lamp.test"); code != 200 {
			t.Errorf("what stood before the break answers %d", code)
		}
		rep, err = run(whole, importer.Options{})
		if err != nil || rep.Unchanged != 2 || rep.Taken.Articles.Published != 3 {
			t.Errorf("mended: %+v, %v", rep, err)
		}
		_, err = run("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>"+whole, importer.Options{})
		if err == nil {
			t.Error("a file that defines entities was taken")
		}
		_, err = run("this is no export", importer.Options{})
		if err == nil {
			t.Error("what is no export was taken")
		}
	})
}

// dumpTable gives a table's rows as text, in order.
func dumpTable(t *testing.T, d *db.DB, table string) string {
	t.Helper()
	rows, err := d.Query(context.Background(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cols, _ := rows.Columns()
	var out []string
	for rows.Next() {
		values, refs := make([]any, len(cols)), make([]any, len(cols))
		for i := range values {
			refs[i] = &values[i]
		}
		if err := rows.Scan(refs...); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(values...))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// dumpAll gives every table that holds something of the newsroom.
func dumpAll(t *testing.T, d *db.DB) string {
	var b strings.Builder
	for _, table := range []string{"publication", "edition", "entity", "entity_name", "contributor", "topic", "topic_name", "media", "media_text", "address",
		"redirect", "story", "article", "revision", "byline", "article_topic", "article_media", "listing", "listing_day", "comment",
		"view_total", "import_source", "import_item", "outbox"} {
		fmt.Fprintf(&b, "== %s\n%s\n", table, dumpTable(t, d, table))
	}
	return b.String()
}

// BenchmarkImport imports ordinary posts: 700 words, three sections, three tags.
func BenchmarkImport(b *testing.B) {
	var export bytes.Buffer
	const posts = 2000
	if _, err := gen.Write(&export, gen.Options{Posts: posts, Langs: []string{"en"}, Words: 700, Sections: 3, Tags: 3, Seed: 1, SpanYears: 20, Plain: true}); err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(b.TempDir(), "x.xml")
	if err := os.WriteFile(file, export.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		a, err := app.Open(context.Background(), app.Config{Data: b.TempDir(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), DBCache: 8 << 10})
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		rep, err := a.ImportWordPress(context.Background(), false, importer.Options{Files: []string{file}})
		if err != nil || rep.Taken.Articles.Published != posts {
			b.Fatal(rep.Taken, err)
		}
		b.ReportMetric(posts/time.Since(start).Seconds(), "posts/s")
		a.Close()
	}
}

// TestImportKeepsDecisions: what the newsroom withdrew, or took back to a draft,
// stays so, whatever the source says later.
func TestImportKeepsDecisions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		ctx := context.Background()
		if _, err := run(wxr(post(1, "One", "a", "")), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		id, err := db.Get(ctx, a.DB, db.One[int64], "SELECT id FROM article")
		if err != nil {
			t.Fatal(err)
		}
		if err := a.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error { return a.Articles.Withdraw(ctx, tx, id, "court order") }); err != nil {
			t.Fatal(err)
		}
		rep, err := run(wxr(post(1, "One, mended", "a", "")), importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if code, _, _ := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); code != 410 {
			t.Errorf("after the next import it answers %d", code)
		}
		if !slices.ContainsFunc(rep.Notes, func(n importer.Remark) bool { return strings.Contains(n.Why, "withdrawn here") }) {
			t.Errorf("no note: %+v", rep.Notes)
		}
	})
}

// TestImportComments: an answer may stand before its question, and what is
// judged anew at the source is judged anew here.
func TestImportComments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		c := func(id, parent int, state, text string) string {
			return fmt.Sprintf("<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>N%d</wp:comment_author><wp:comment_date_gmt>2014-05-13 0%d:00:00</wp:comment_date_gmt>"+
				"<wp:comment_content>%s</wp:comment_content><wp:comment_approved>%s</wp:comment_approved><wp:comment_parent>%d</wp:comment_parent></wp:comment>", id, id, id, text, state, parent)
		}
		show := func() string {
			list, err := db.List(context.Background(), a.DB, db.One[string],
				"SELECT c.body || ' ' || c.state || ' < ' || coalesce(p.body, '') FROM comment c LEFT JOIN comment p ON p.id = c.parent_id ORDER BY c.body")
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(list, "; ")
		}
		if _, err := run(wxr(post(1, "One", "a", c(2, 1, "1", "answer")+c(1, 0, "1", "question")+c(3, 0, "1", "pills"))), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		if got, want := show(), "answer approved < question; pills approved < ; question approved < "; got != want {
			t.Errorf("comments %q, want %q", got, want)
		}
		if _, err := run(wxr(post(1, "One", "a", c(2, 1, "1", "answer")+c(1, 0, "1", "question")+c(3, 0, "spam", "pills")+c(4, 2, "0", "thanks"))), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		if got, want := show(), "answer approved < question; pills spam < ; question approved < ; thanks pending < answer"; got != want {
			t.Errorf("comments %q, want %q", got, want)
		}
	})
}

// TestImportOneAtATime refuses a second import while one runs.
func TestImportOneAtATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		release, err := dbtest.Second(t, d).Exclusive(context.Background(), "import")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run(wxr(post(1, "One", "a", "")), importer.Options{}); err == nil || !strings.Contains(err.Error(), "another import") {
			t.Errorf("beside another import: %v", err)
		}
		release()
		if _, err := run(wxr(post(1, "One", "a", "")), importer.Options{}); err != nil {
			t.Error(err)
		}
		_ = a
	})
}

// TestImportMailLogins: an e-mail address used as a login is kept nowhere.
func TestImportMailLogins(t *testing.T) {
	d := dbtest.New(t)
	a, run := importing(t, d)
	text := strings.ReplaceAll(wxr(post(1, "One", "a", "")), "<wp:author_login>saule<", "<wp:author_login>saule@secret.example<")
	text = strings.ReplaceAll(text, "<dc:creator>saule<", "<dc:creator>saule@secret.example<")
	text = strings.ReplaceAll(text, "Saule Kairly", "saule@secret.example")
	if _, err := run(text, importer.Options{}); err != nil {
		t.Fatal(err)
	}
	if dump := dumpAll(t, a.DB); strings.Contains(dump, "secret.example") {
		t.Error("the address is kept: " + dump[max(0, strings.Index(dump, "secret.example")-200):])
	}
	if _, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); !strings.Contains(page, ">saule<") {
		t.Error("the article lacks its author")
	}
}
