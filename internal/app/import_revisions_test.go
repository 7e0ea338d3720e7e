package app_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// TestImportRevisions: earlier texts are earlier revisions of their articles,
// in the order in which they were written, wherever in the file they stand; no
// reader sees them, and no second run adds one.
func TestImportRevisions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		ctx := t.Context()
		old := func(id, of int, day, title, slug string) string {
			p := as(post(id, title, "Text of "+title, ""), ">post</wp:post_type>", fmt.Sprintf(">revision</wp:post_type><wp:post_parent>%d</wp:post_parent>", of))
			p = strings.ReplaceAll(as(p, ">publish<", ">inherit<"), "2014-05-12", "2014-05-"+day)
			return as(p, fmt.Sprintf("<wp:post_name>post-%d<", id), "<wp:post_name>"+slug+"<")
		}
		items := []string{
			old(12, 1, "11", "Hidden second", "1-revision-v1"),
			post(1, "One", "Text of the last.", ""),
			old(11, 1, "10", "Hidden first", "1-revision-v1"),
			old(13, 1, "12", "Never saved", "1-autosave-v1"),
			inLang(post(2, "Two", "Text of two.", ""), "en"),
			inLang(post(3, "Drei", "Text drei.", ""), "ru"),
			as(post(4, "Draft", "Text of a draft.", ""), ">publish<", ">draft<"),
			as(post(5, "Trash", "Text.", ""), ">publish<", ">trash<"),
			old(21, 2, "11", "Hidden two", "2-revision-v1"), old(31, 3, "11", "Hidden drei", "3-revision-v1"),
			old(41, 4, "11", "Hidden draft", "4-revision-v1"), old(51, 5, "11", "Hidden trash", "5-revision-v1"), old(61, 6, "11", "Hidden orphan", "6-revision-v1"),
		}
		text := wxr(items...)
		// A run that ends when it has stored earlier texts alone: the next goes on.
		file := filepath.Join(t.TempDir(), "x.xml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		short, stop := context.WithCancel(t.Context())
		_, err := a.ImportWordPress(short, false, importer.Options{Files: []string{file}, Progress: func(int, int) { stop() }})
		drafts, derr := db.Get(t.Context(), a.DB, db.One[int], "SELECT count(*) FROM article WHERE state = 'draft'")
		if err == nil || derr != nil || drafts != 4 {
			t.Fatalf("a run that was ended: %v; %d drafts, want 4; %v", err, drafts, derr)
		}
		rep, err := run(text, importer.Options{})
		if err != nil || rep.Taken.Articles.Published != 3 || rep.Taken.Articles.Draft != 1 {
			t.Fatal(rep.Taken, err)
		}
		for _, want := range []string{"earlier texts are revisions of their articles, which no reader sees: 5", "saved by itself while somebody wrote: 1", "earlier texts of what is not taken: 2"} {
			if !strings.Contains(remarks(rep), want) {
				t.Errorf("no note says %q:\n%s", want, remarks(rep))
			}
		}
		list, err := db.List(ctx, a.DB, db.One[int64], "SELECT id FROM article ORDER BY slug")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range list {
			revs, err := a.Articles.Revisions(ctx, id)
			if err != nil || article.Verify(revs) != nil {
				t.Errorf("the revisions of %d: %v, %v", id, err, article.Verify(revs))
			}
			for _, r := range revs {
				day := r.At.Day()
				if r.At.Year() != 2014 {
					day = 0 // of the import
				}
				got = append(got, fmt.Sprintf("%d %s %d %v", r.Number, r.Content.Headline, day, !r.Published.IsZero()))
			}
		}
		want := []string{"1 Hidden first 10 false", "2 Hidden second 11 false", "3 One 0 true", "1 Hidden two 11 false", "2 Two 0 true",
			"1 Hidden drei 11 false", "2 Drei 0 true", "1 Hidden draft 11 false", "2 Draft 0 false"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("number, headline, day, live (-want +got): %s", diff)
		}
		stories, err := db.Get(ctx, a.DB, db.One[int], "SELECT count(*) FROM story")
		if err != nil || stories != 3 {
			t.Errorf("%d stories of four articles, of which two are one; %v", stories, err)
		}
		before := dumpAll(t, a.DB)
		again, err := run(text, importer.Options{})
		if err != nil || again.Unchanged != 4 || again.Taken != rep.Taken || before != dumpAll(t, a.DB) {
			t.Errorf("again: %+v, %v", again, err)
		}
		for _, path := range []string{"/2014/05/12/post-1", "/", "/search?q=hidden", "/feed.xml", "/archive", "/2014/05/12/"} {
			if code, _, page := fetch(t, a, path, "lamp.test"); code == 404 || strings.Contains(page, "Hidden") {
				t.Errorf("%s: %d, shows an earlier text", path, code)
			}
		}
		later, err := run(wxr(append(items, old(14, 1, "20", "Hidden later", "1-revision-v1"))...), importer.Options{})
		if want := "kept since the article was first imported; ours has revisions of its own: 1"; err != nil || !strings.Contains(remarks(later), want) || before != dumpAll(t, a.DB) {
			t.Errorf("an earlier text that comes later: %v:\n%s", err, remarks(later))
		}
	})
}
