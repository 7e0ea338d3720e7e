package app_test

import (
	"fmt"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// TestImportGoneNames: what this very export brought is not named as missing
// from it.
func TestImportGoneNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, run := importing(t, d)
		if _, err := run(wxr(post(1, "Of old", "a", "")), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		rep, err := run(wxr(post(2, "Brand new", "b", "")), importer.Options{})
		if want := "1 articles or pages that earlier imports brought are not in this export; they stay here as they are, and readers can see: “Of old”\n"; err != nil || !strings.Contains(remarks(rep), want) {
			t.Errorf("no note says %q:\n%s%v", want, remarks(rep), err)
		}
	})
}

// TestImportGone: what was thrown away at the source since the last run is out
// of readers' sight, at the address it had; what the export does not have any
// more stays, with a line that says so.
func TestImportGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		remark := func(n int) string {
			return fmt.Sprintf("<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>N</wp:comment_author><wp:comment_content>c%d</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>", n, n)
		}
		comments := func(list ...int) (s string) {
			for _, n := range list {
				s += remark(n)
			}
			return s
		}
		trash := as(as(as(post(1, "Thrown away", "a", ""), ">publish<", ">trash<"), "<wp:post_name>post-1", "<wp:post_name>post-1__trashed"), "/2014/05/post-1/", "/?p=1")
		never := as(post(5, "Never here", "a", ""), ">publish<", ">trash<")
		first := wxr(post(1, "Thrown away", "a", ""), post(2, "Kept", "b", comments(1, 2, 3)), post(22, "Other", "b", comments(4)),
			post(3, "Vanished", "c", ""), as(post(4, "Vanished draft", "c", ""), ">publish<", ">draft<"))
		second := wxr(trash, post(2, "Kept", "b", comments(2)), post(22, "Other", "b", comments(4)), never)
		if rep, err := run(first, importer.Options{}); err != nil || strings.Contains(remarks(rep), "not in this export") {
			t.Fatal(remarks(rep), err)
		}
		rep, err := run(second, importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"“Thrown away”: it is in the trash at the source; it is a draft here now, which no reader sees",
			"“Never here”: it is in the trash at the source\n",
			"“Kept”: 2 comments that an earlier import brought are not at the source any more; they stay here",
			"2 articles or pages that earlier imports brought are not in this export; they stay here as they are, and readers can see: “Vanished”\n"} {
			if !strings.Contains(remarks(rep), want) {
				t.Errorf("no note says %q:\n%s", want, remarks(rep))
			}
		}
		for n, want := range map[int]int{1: 404, 2: 200, 3: 200, 4: 404, 5: 404} {
			if code, _, _ := fetch(t, a, fmt.Sprintf("/2014/05/12/post-%d", n), "lamp.test"); code != want {
				t.Errorf("article %d answers %d, want %d", n, code, want)
			}
		}
		if path, err := db.Get(t.Context(), a.DB, db.One[string], "SELECT path FROM article WHERE headline = 'Thrown away'"); err != nil || path != "2014/05/12/post-1" {
			t.Errorf("it is at %q now; %v", path, err)
		}
		before := dumpAll(t, a.DB)
		again, err := run(second, importer.Options{})
		if err != nil || again.Unchanged != 3 || before != dumpAll(t, a.DB) {
			t.Errorf("again: %d unchanged, %v", again.Unchanged, err)
		}
		if _, err := run(first, importer.Options{}); err != nil {
			t.Fatal(err)
		}
		if code, _, _ := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); code != 200 {
			t.Errorf("what came back from the trash answers %d", code)
		}
	})
}
