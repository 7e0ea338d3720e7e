package app_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

var anchors = regexp.MustCompile(`id="comment-(\d+)"`)

// remarked is a comment of an export; parent 0: on the article.
func remarked(id, parent int, text string) string {
	return fmt.Sprintf("<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>Reader %d</wp:comment_author>"+
		"<wp:comment_date_gmt>2014-05-13 %02d:%02d:%02d</wp:comment_date_gmt><wp:comment_content><![CDATA[%s]]></wp:comment_content>"+
		"<wp:comment_approved>1</wp:comment_approved><wp:comment_parent>%d</wp:comment_parent></wp:comment>",
		id, id, id/3600%24, id/60%60, id%60, text, parent)
}

// TestCommentsPages: an article that more than a thousand comments came with is as
// light as one with fifty; each stands on one page, which links lead to from the
// first on, and every address that the older system had for it leads there.
func TestCommentsPages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		var said strings.Builder
		for i := 501; i <= 1700; i++ { // numbers that are ids here, of other comments, too
			parent := 0
			if i%3 > 0 {
				parent = i - 1
			}
			said.WriteString(remarked(i, parent, fmt.Sprintf("The %dth opinion, on hens, sewing machines and the last train.", i)))
		}
		few := remarked(1, 0, "One.") + remarked(2, 1, "Two.")
		for range 2 { // again: nothing is doubled
			if _, err := run(wxr(post(2, "Quiet", "x", few), post(1, "Loud", "x", said.String())), importer.Options{}); err != nil {
				t.Fatal(err)
			}
		}
		const own = "/2014/05/12/post-1"
		code, _, first := fetch(t, a, own, "lamp.test")
		if n := len(anchors.FindAllString(first, -1)); code != 200 || n > 50 || n < 45 || !strings.Contains(first, "1,200 comments") {
			t.Fatalf("%d, %d comments on the article's page", code, n)
		}
		if size := packedSize(t, first); size > 14<<10 {
			t.Errorf("the article's page weighs %d bytes", size)
		}
		at := map[string]string{} // number → page
		next := regexp.MustCompile(`rel="next" href="([^"]+/comments/\d+)"`)
		for path, pages := own, 0; path != ""; pages++ {
			code, _, text := fetch(t, a, path, "lamp.test")
			if code != 200 || pages > 100 {
				t.Fatalf("%s answers %d after %d pages", path, code, pages)
			}
			if path != own {
				for _, want := range []string{`<link rel="canonical" href="http://lamp.test` + path + `"`, `<title>Comments: Loud, page `, `rel="prev"`, `href="` + own + `"`} {
					if !strings.Contains(text, want) {
						t.Fatalf("%s lacks %s", path, want)
					}
				}
				if strings.Contains(text, "noindex") || strings.Contains(text, "data-beacon") || packedSize(t, text) > 14<<10 {
					t.Fatalf("%s is kept from search engines, counts a read, or weighs %d bytes", path, packedSize(t, text))
				}
			}
			for _, m := range anchors.FindAllStringSubmatch(text, -1) {
				if at[m[1]] != "" {
					t.Fatalf("comment %s is on %s and on %s", m[1], at[m[1]], path)
				}
				at[m[1]] = path
			}
			path = ""
			if m := next.FindStringSubmatch(text); m != nil {
				path = m[1]
			}
		}
		if len(at) != 1200 || at["501"] != own || at["700"] != own+"/comments/5" {
			t.Errorf("%d comments are on pages; 501 on %s, 700 on %s", len(at), at["501"], at["700"])
		}
		last := at["1700"]
		for path, want := range map[string]string{
			own + "/?replytocom=700":                         at["700"] + "#comment-700",
			own + "?replytocom=501":                          own + "#comment-501",
			own + "?utm_source=x&replytocom=700":             at["700"] + "#comment-700",
			own + "?replytocom=1":                            own,
			own + "?replytocom=1000000":                      own,
			"/2014/05/post-1/?replytocom=700":                at["700"] + "#comment-700",
			"/?p=1&replytocom=700":                           at["700"] + "#comment-700",
			"/2014/05/post-1/comment-page-2/":                own + "/comments/2",
			"/2014/05/post-1/comment-page-1/":                own,
			own + "/comment-page-3":                          own + "/comments/3",
			own + "/comment-page-900/":                       last,
			"/2014/05/post-1/comment-page-2/?replytocom=700": at["700"] + "#comment-700",
			"/2014/05/post-2/comment-page-2/":                "/2014/05/12/post-2",
			own + "/comments/2/":                             own + "/comments/2",
			own + "/comments/1":                              own,
			own + "/comments":                                own,
			own + "/comments/02":                             own + "/comments/2",
			"/nowhere?replytocom=5":                          "/nowhere",
			"/?replytocom=5":                                 "/",
		} {
			if code, to, _ := fetch(t, a, path, "lamp.test"); code != 301 || to != want {
				t.Errorf("%s answers %d %s, want 301 %s", path, code, to, want)
			}
		}
		// The old site's own host leads off in one step.
		if code, to, _ := fetch(t, a, "/2014/05/post-1/?replytocom=700", "old.example"); code != 301 || to != at["700"]+"#comment-700" {
			t.Errorf("on the old host: %d %s", code, to)
		}
		for path, want := range map[string]string{own + "/comment/700": at["700"] + "#comment-700", own + "/comment/501": own + "#comment-501",
			own + "/comment/1": own + "#comments", "/2014/05/12/post-2/comment/2": "/2014/05/12/post-2#comment-2"} {
			if code, to, _ := fetch(t, a, path, "lamp.test"); code != 302 || to != want {
				t.Errorf("%s answers %d %s, want 302 %s", path, code, to, want)
			}
		}
		for _, path := range []string{own + "/comments/26", own + "/comments/0", own + "/comments/x", own + "/comment/", own + "/comment/0", own + "/comment/99999999999999999",
			"/2014/05/12/post-2/comments/2", "/2014/05/12/post-9/comments/2", "/section/town/comments/2"} {
			if code, to, _ := fetch(t, a, path, "lamp.test"); code != 404 && !(code == 301 && to == own) {
				t.Errorf("%s answers %d %s", path, code, to)
			}
		}
		hidden(t, a, own)
	})
}

// hidden: an article that shows no comments has no pages of them, and one that
// is withdrawn says so there, too.
func hidden(t *testing.T, a *app.App, own string) {
	t.Helper()
	set := func(column, value string) {
		t.Helper()
		err := a.DB.Tx(t.Context(), db.Desk, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE article SET "+column+" = $1 WHERE path = $2", value, strings.Trim(own, "/"))
			tx.Changed(db.All)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	set("comments", "hidden")
	if code, _, _ := fetch(t, a, own+"/comments/2", "lamp.test"); code != 404 {
		t.Errorf("comments that are not shown answer %d", code)
	}
	for _, path := range []string{own + "?replytocom=700", own + "/comment-page-2/"} {
		if code, to, _ := fetch(t, a, path, "lamp.test"); code != 301 || to != own {
			t.Errorf("%s answers %d %s", path, code, to)
		}
	}
	set("comments", "closed")
	site, err := a.Editions.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	target, _, err := a.Addresses.Lookup(t.Context(), site.Default().ID, strings.Trim(own, "/"))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { return a.Articles.Withdraw(t.Context(), tx, target.ID, "It was wrong.") }); err != nil {
		t.Fatal(err)
	}
	if code, _, text := fetch(t, a, own+"/comments/2", "lamp.test"); code != 410 || !strings.Contains(text, "It was wrong.") || strings.Contains(text, "opinion") {
		t.Errorf("comments of a withdrawn article answer %d", code)
	}
}

// packedSize is what a page weighs on its way.
func packedSize(t *testing.T, page string) int {
	t.Helper()
	n := counting(0)
	w := gzip.NewWriter(&n)
	if _, err := io.WriteString(w, page); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return int(n)
}

type counting int

func (n *counting) Write(b []byte) (int, error) { *n += counting(len(b)); return len(b), nil }
