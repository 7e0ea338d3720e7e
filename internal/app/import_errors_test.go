package app_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

func remarks(rep *importer.Report) string {
	var b strings.Builder
	for _, n := range rep.Notes {
		fmt.Fprintf(&b, "%s %s %s:%d %s\n", n.Level, n.Item, n.File, n.Line, n.Why)
	}
	return b.String()
}

// TestImportCounters: of several counters of one post the largest is its
// views, and what other sites sent by themselves is no comment; the report
// says both.
func TestImportCounters(t *testing.T) {
	ping := func(id int, kind string) string {
		return fmt.Sprintf("<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>Canary site</wp:comment_author><wp:comment_content>canary</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_type>%s</wp:comment_type></wp:comment>", id, kind)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(
			post(1, "One", "x", meta("views", "41")+meta("post_views_count", "1,234")+meta("_post_views", "7")+meta("pvc_views", "")+meta("my_own_views", "99999")+
				ping(1, "pingback")+ping(2, "trackback")+ping(3, "comment")+ping(4, "")),
			post(2, "Two", "x", meta("post_views_count", "6")+meta("views", "none")+ping(5, "trackback")),
			post(3, "Three", "x", meta("views", "-5")),
		)
		rep, err := run(text, importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if rep.Taken.Views != 1240 || rep.Taken.Comments.Approved != 2 {
			t.Errorf("%d views, want 1234 + 6; %d comments, want 2", rep.Taken.Views, rep.Taken.Comments.Approved)
		}
		for _, want := range []string{"pingbacks and trackbacks are not comments: 3", "the largest was taken, not their sum: 1"} {
			if !strings.Contains(remarks(rep), want) {
				t.Errorf("no note says %q:\n%s", want, remarks(rep))
			}
		}
		for i, want := range []int64{1234, 6, 0} {
			n, err := db.Get(t.Context(), a.DB, db.One[int64], "SELECT COALESCE(SUM(v.base), 0) FROM view_total v JOIN article a ON a.id = v.article_id WHERE a.slug = $1", fmt.Sprintf("post-%d", i+1))
			if err != nil || n != want {
				t.Errorf("article %d has %d views, want %d; %v", i+1, n, want, err)
			}
		}
		if n, err := db.Get(t.Context(), a.DB, db.One[int], "SELECT COUNT(*) FROM comment"); err != nil || n != 2 {
			t.Errorf("%d comments are stored, want 2; %v", n, err)
		}
		again, err := run(text, importer.Options{})
		if err != nil || again.Taken.Views != 1240 || again.Unchanged != 3 || again.Taken.Comments != rep.Taken.Comments {
			t.Errorf("again: %+v, %v", again, err)
		}
		fewer, err := run(strings.Replace(text, "1,234", "1,100", 1), importer.Options{})
		if err != nil || fewer.Taken.Views != 1240 || !strings.Contains(remarks(fewer), "the larger number stays: 1") {
			t.Errorf("with fewer views: %d, want 1240, %v\n%s", fewer.Taken.Views, err, remarks(fewer))
		}
	})
}

// TestImportLeftByType: what is left is known by its type, three of each; and
// progress ends at all there is.
func TestImportLeftByType(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, run := importing(t, d)
		var items []string
		for n := range 5 {
			items = append(items, strings.Replace(post(n+1, "Menu", "x", ""), "<wp:post_type>post<", "<wp:post_type>nav_menu_item<", 1))
		}
		done, all := 0, 0
		rep, err := run(wxr(append(items, post(9, "One", "x", ""))...), importer.Options{Zone: "UTC", Progress: func(d, a int) { done, all = d, a }})
		if err != nil {
			t.Fatal(err)
		}
		kinds := ""
		for _, n := range rep.Notes {
			kinds += n.Level + " " + n.Kind + ", "
		}
		if kinds != strings.Repeat("left nav_menu_item, ", 4) || done != 6 || all != 6 {
			t.Errorf("%s; %d of %d\n%s", kinds, done, all, remarks(rep))
		}
	})
}

// TestImportRefused: files that are attacks or not what they say they are end in
// an error that names file, line and cause, and leave nothing behind.
func TestImportRefused(t *testing.T) {
	cyrillic := wxr(post(1, "Мост", "Привет", ""))
	cp1251, err := charmap.Windows1251.NewEncoder().String(cyrillic)
	if err != nil {
		t.Fatal(err)
	}
	bomb := `<!DOCTYPE rss [
<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
]>
`
	head, rest, _ := strings.Cut(wxr(post(1, "&c;", "x", "")), "\n")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		for _, tt := range []struct {
			name, text string
			want       []string
		}{
			{"entity bomb", head + "\n" + bomb + rest, []string{".xml:2: ", "defines entities of its own", "refused"}},
			{"entity of a file", head + "\n<!DOCTYPE rss [ <!ENTITY a SYSTEM \"file:///etc/passwd\"> ]>\n" + rest, []string{".xml:2: ", "refused"}},
			{"another encoding than it says", cp1251, []string{".xml:8: ", "not in UTF-8"}},
			{"a page instead", "<!DOCTYPE html>\n<html><body>Sign in</body></html>", []string{".xml:", "no WordPress export"}},
		} {
			rep, err := run(tt.text, importer.Options{})
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: the error lacks %q: %v", tt.name, want, err)
				}
			}
			if rep != nil && rep.Taken != (importer.Taken{}) {
				t.Errorf("%s: taken %+v", tt.name, rep.Taken)
			}
		}
		if n, err := db.Get(t.Context(), a.DB, db.One[int], "SELECT COUNT(*) FROM article"); err != nil || n != 0 {
			t.Errorf("%d articles are stored; %v", n, err)
		}
		// What says its encoding truly is read.
		if _, err := run(strings.Replace(cp1251, `encoding="UTF-8"`, `encoding="windows-1251"`, 1), importer.Options{}); err != nil {
			t.Fatal(err)
		}
		if _, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); !strings.Contains(page, "Мост") || !strings.Contains(page, "Привет") {
			t.Errorf("a text in windows-1251: %.1500s", page)
		}
	})
}

// TestImportMapped: a category that only routed articles into a channel is no
// section, one that is left is nothing, and a map that names what there is not
// is refused.
func TestImportMapped(t *testing.T) {
	in := func(item string, cats ...string) string {
		var b strings.Builder
		for _, c := range cats {
			fmt.Fprintf(&b, `<category domain="category" nicename="%s"><![CDATA[The %s]]></category>`, c, c)
		}
		return as(item, `<category domain="category" nicename="town"><![CDATA[Town]]></category>`, b.String())
	}
	text := wxr(in(post(1, "One", "x", ""), "telegram", "world"), in(post(2, "Two", "x", ""), "ads"), in(post(3, "Three", "x", ""), "essay", "world"))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		if err := (importer.Mapping{"category/telegram": "chanel"}).Check(); err == nil ||
			!strings.Contains(err.Error(), "category/telegram") || !strings.Contains(err.Error(), `"chanel"`) {
			t.Errorf("a kind that there is not: %v", err)
		}
		rep, err := run(text, importer.Options{Mapping: importer.Mapping{"category/telegram": "channel", "category/ads": "leave", "category/essay": "genre", "post_tag/bridge": "leave"}})
		if err != nil || rep.Taken.Articles.Published != 3 || rep.Taken.Tags != 0 || rep.Taken.Sections != 2 {
			t.Fatal(rep, err)
		}
		for path, want := range map[string]int{"/section/world": 200, "/genre/essay": 200, "/section/telegram": 404, "/section/ads": 404, "/section/essay": 404,
			"/tag/bridge": 404, "/tag/telegram": 404} {
			if code, _, _ := fetch(t, a, path, "lamp.test"); code != want {
				t.Errorf("%s answers %d, want %d", path, code, want)
			}
		}
		for n := 1; n <= 3; n++ {
			code, _, page := fetch(t, a, fmt.Sprintf("/2014/05/12/post-%d", n), "lamp.test")
			if code != 200 || strings.Contains(page, "The telegram") || strings.Contains(page, "The ads") {
				t.Errorf("article %d (%d) names what is no shelf", n, code)
			}
		}
		if code, to, _ := fetch(t, a, "/category/telegram/", "old.example"); code != 404 {
			t.Errorf("the old page of a channel: %d %s", code, to)
		}
	})
}
