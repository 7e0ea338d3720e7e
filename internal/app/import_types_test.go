package app_test

import (
	"fmt"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// typed is an item of a type of posts of its own, as themes and plugins add them.
func typed(id int, typ, content, more string) string {
	return as(as(post(id, fmt.Sprint("A ", typ), content, more), ">post</wp:post_type>", ">"+typ+"</wp:post_type>"), "https://old.example/?p=", "https://old.example/?post_type="+typ+"&#038;p=")
}

const said = `<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>Galia</wp:comment_author><wp:comment_content>Yes.</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>`

// TestImportTypes: types of posts that are none of WordPress's own come in as the
// mapping says, whole, and as what they came in they stay.
func TestImportTypes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		column := typed(1, "column", `<a href="https://old.example/faq/">asked</a>`, meta("views", "41")+fmt.Sprintf(said, 1))
		faq := as(as(typed(2, "faq", "Answers", ""), "/2014/05/post-2/", "/faq/"), ">post-2<", ">faq<")
		below := as(as(as(typed(3, "faq", "More answers", ""), "/2014/05/post-3/", "/faq/more/"), ">post-3<", ">more<"), "<wp:post_name>", "<wp:post_parent>2</wp:post_parent><wp:post_name>")
		text := wxr(column, faq, below, typed(4, "advert", "Buy", meta("views", "7")+fmt.Sprintf(said, 2)), post(5, "Ordinary", "x", ""))
		mapped := importer.Options{Zone: "UTC", Mapping: importer.Mapping{"type:column": "article", "type:faq": "page", "type:none": "article"}}
		rep, err := run(text, mapped)
		if err != nil {
			t.Fatal(err)
		}
		if n := rep.Taken; n.Articles.Published != 2 || n.Pages.Published != 2 || n.Views != 41 || n.Comments.Approved != 1 {
			t.Errorf("taken: %+v", n)
		}
		for _, want := range []string{"left advert 4 “A advert”: a type of post that we do not know: advert", "left comment  comments on what is not taken, by type: advert: 1",
			"left views  views of what is not taken, by type: advert: 7", `changed post  posts of the type "column" are articles, as a mapping file says: 1`,
			`changed page  posts of the type "faq" are pages, as a mapping file says: 2`, "error term type:none the mapping file names it"} {
			if !strings.Contains(whyOf(rep), want) {
				t.Errorf("not told: %s\n%s", want, whyOf(rep))
			}
		}
		leadsTo(t, a, []string{"old.example", "lamp.test"}, map[string]string{"/?p=1": "/2014/05/12/post-1", "/?post_type=column&p=1": "/2014/05/12/post-1", "/2014/05/post-1/": "/2014/05/12/post-1",
			"/?page_id=2": "/faq", "/faq/feed/": "/faq"})
		if code, _, page := fetch(t, a, "/faq/more", "lamp.test"); code != 200 || !strings.Contains(page, "More answers") {
			t.Errorf("a page below another: %d", code)
		}
		if _, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); !strings.Contains(page, `<a href="/faq">asked</a>`) || !strings.Contains(page, ">Yes.<") {
			t.Errorf("the column: %s", page)
		}
		// Without the file it is as it was decided; another decision doubles nothing.
		before := dumpAll(t, a.DB)
		for _, m := range []importer.Mapping{nil, {"type:column": "page"}} {
			again, err := run(text, importer.Options{Zone: "UTC", Mapping: m})
			if err != nil || again.Unchanged != 4 || before != dumpAll(t, a.DB) {
				t.Errorf("%v: %d unchanged, %v: %s", m, again.Unchanged, err, firstDifference(before, dumpAll(t, a.DB)))
			}
			if told := strings.Contains(whyOf(again), "left column  the mapping file says page, but an earlier import brought it in as article; so it stays"); told != (m != nil) {
				t.Errorf("%v: %s", m, whyOf(again))
			}
		}
		// What is left later stays here, and comes back as what it was.
		for i, m := range []importer.Mapping{{"type:column": "leave"}, nil, {"type:column": "page"}} {
			again, err := run(text, importer.Options{Zone: "UTC", Mapping: m})
			if want := []int{3, 3, 4}[i]; err != nil || again.Unchanged != want {
				t.Errorf("run %d: %d unchanged, want %d; %v: %s", i, again.Unchanged, want, err, whyOf(again))
			}
		}
		if before != dumpAll(t, a.DB) {
			t.Error(firstDifference(before, dumpAll(t, a.DB)))
		}
	})
}

// TestImportLeftComments: what readers said below pictures is left, and told.
func TestImportLeftComments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, run := importing(t, d)
		ping := as(fmt.Sprintf(said, 3), "<wp:comment_approved>", "<wp:comment_type>pingback</wp:comment_type><wp:comment_approved>")
		rep, err := run(wxr(post(1, "One", "x", ""), file(11, "1.png", inUploads, "", fmt.Sprintf(said, 1)+fmt.Sprintf(said, 2)+ping+meta("views", "12"))), importer.Options{Zone: "UTC"})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"left comment  comments on pages of pictures and files, which are none here: 2", "left views  views of pages of pictures and files, which are none here: 12"} {
			if !strings.Contains(whyOf(rep), want) {
				t.Errorf("not told: %s\n%s", want, whyOf(rep))
			}
		}
	})
}

func TestImportTypesRefused(t *testing.T) {
	for key, to := range map[string]string{"type:post": "page", "type:attachment": "article", "type:column": "section"} {
		if err := (importer.Mapping{key: to}).Check(); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s %s: %v", key, to, err)
		}
	}
	if err := (importer.Mapping{"type:column": "article", "type:faq": "page", "type:ad": "leave", "column": "column"}).Check(); err != nil {
		t.Error(err)
	}
}

// TestImportTypesOfOneNumber: things of two types are two, whatever number and
// slug they share.
func TestImportTypesOfOneNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		column := typed(1, "column", "Of the column", "")
		text := wxr(post(1, "One", "Of the post", ""), column, typed(1, "advert", "x", ""), column)
		for range 2 {
			rep, err := run(text, importer.Options{Zone: "UTC", Mapping: importer.Mapping{"type:column": "article"}})
			if err != nil || rep.Taken.Articles.Published != 2 || !strings.Contains(whyOf(rep), "left advert 1 ") || !strings.Contains(whyOf(rep), "taken once: 1") {
				t.Errorf("%+v, %v: %s", rep.Taken, err, whyOf(rep))
			}
		}
		for path, want := range map[string]string{"/2014/05/12/post-1": "Of the post", "/2014/05/12/post-1-2": "Of the column"} {
			if _, _, page := fetch(t, a, path, "lamp.test"); !strings.Contains(page, want) {
				t.Errorf("%s lacks %q", path, want)
			}
		}
	})
}
