package app_test

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// TestImportFileAddresses: pictures and files that others link to or show from
// the old address are still found, in all sizes WordPress made of them; those
// that no public article uses are not, nor is their address told.
func TestImportFileAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		attachment := func(id int, file, parent string) string {
			p := as(post(id, "File "+file, "", meta("_wp_attached_file", "2014/05/"+file)), ">post</wp:post_type>", ">attachment</wp:post_type>")
			return as(as(p, ">publish<", ">inherit<"), "<wp:status>", "<wp:post_parent>"+parent+"</wp:post_parent><wp:attachment_url>https://old.example/wp-content/uploads/2014/05/"+file+"</wp:attachment_url><wp:status>")
		}
		text := wxr(
			post(1, "Shown", `<img class="wp-image-12" src="https://old.example/wp-content/uploads/2014/05/large-1024x768.png" /> <img src="/wp-content/uploads/2014/05/named.png">`, meta("_thumbnail_id", "11")),
			as(post(2, "Draft", `<img class="wp-image-13" src="https://old.example/wp-content/uploads/2014/05/secret.png" /> <img src="/wp-content/uploads/2014/05/hidden.png">`, ""), ">publish<", ">draft<"),
			post(3, "Linking", `<a href="https://old.example/?attachment_id=14">a picture that is nobody's</a>`, ""),
			attachment(11, "мост.png", "1"), attachment(12, "large-scaled.png", "1"), attachment(13, "secret.png", "2"), attachment(14, "nobodys.png", "0"),
			as(attachment(15, "elsewhere.png", "1"), "https://old.example/wp-content", "https://cdn.example/wp-content"),
		)
		files := importer.Options{Uploads: drawn(t, "2014/05/мост.png", "2014/05/large-scaled.png", "2014/05/secret.png", "2014/05/nobodys.png",
			"2014/05/elsewhere.png", "2014/05/named.png", "2014/05/hidden.png")}
		rep, err := run(text, files)
		if err != nil || rep.Taken.Media != 7 {
			t.Fatal(rep, err)
		}
		before := dumpAll(t, a.DB)
		again, err := run(text, files)
		if err != nil || again.Taken.Redirects != rep.Taken.Redirects {
			t.Errorf("%d old addresses, then %d; %v", rep.Taken.Redirects, again.Taken.Redirects, err)
		}
		if before != dumpAll(t, a.DB) {
			t.Error("the second run changed something")
		}
		if _, _, page := fetch(t, a, "/2014/05/12/post-3", "lamp.test"); !strings.Contains(page, `<a href="/?attachment_id=14">a picture`) {
			t.Errorf("a link to the page of a picture that is not public: %s", page)
		}
		const in = "/wp-content/uploads/2014/05/"
		for path, name := range map[string]string{
			in + "%D0%BC%D0%BE%D1%81%D1%82.png": "most.png", in + "%D0%BC%D0%BE%D1%81%D1%82-300x200.png": "most.png",
			in + "%D0%BC%D0%BE%D1%81%D1%82-e1589000000000-150x150.PNG?ver=2": "", in + "%D0%BC%D0%BE%D1%81%D1%82-e1589000000000-150x150.png?ver=2": "most.png",
			in + "large-scaled.png": "large-scaled.png", in + "large.png": "large-scaled.png", in + "large-1024x768.png": "large-scaled.png",
			in + "named.png": "named.png", in + "named-1x1.png": "named.png",
			in + "secret.png": "", in + "secret-300x200.png": "", in + "hidden.png": "", in + "nobodys.png": "", "/?attachment_id=14": "", in + "elsewhere.png": "",
			in + "gone.png": "", in + "gone-300x200.png": "", "/-1x1.png": "", "/2014/05/post-1/large.png": "",
		} {
			for _, host := range []string{"old.example", "lamp.test"} {
				r := httptest.NewRequest("GET", path, nil)
				r.Host = host
				w := httptest.NewRecorder()
				a.Handler().ServeHTTP(w, r)
				to := w.Header().Get("Location")
				if name == "" {
					if w.Code != 404 || to != "" {
						t.Errorf("%s on %s: %d %q, want 404", path, host, w.Code, to)
					}
					continue
				}
				if w.Code != 301 || !strings.HasPrefix(to, "/media/") || !strings.HasSuffix(to, "/"+name) {
					t.Errorf("%s on %s: %d %q, want %s", path, host, w.Code, to, name)
					continue
				}
				if h := w.Header().Values("Cross-Origin-Resource-Policy"); len(h) != 1 || h[0] != "cross-origin" {
					t.Errorf("%s: other sites that show it are told %q", path, h)
				}
				if code, _, _ := fetch(t, a, to, "lamp.test"); code != 200 {
					t.Errorf("%s leads to %s: %d", path, to, code)
				}
			}
		}
	})
}

// TestImportLinkedFiles: a file that a text only links to answers, here and at
// its old address, and no longer than an article that links to it is public.
func TestImportLinkedFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		const at = "https://old.example/wp-content/uploads/2014/05/"
		attachment := func(id int, file string) string {
			p := as(post(id, "File "+file, "", meta("_wp_attached_file", "2014/05/"+file)), ">post</wp:post_type>", ">attachment</wp:post_type>")
			return as(as(p, ">publish<", ">inherit<"), "<wp:status>", "<wp:attachment_url>"+at+file+"</wp:attachment_url><wp:status>")
		}
		text := wxr(
			post(1, "Classic", `Read <a href="`+at+`plan.pdf">the plan</a>.`, ""),
			post(2, "Block", `<!-- wp:file {"id":12,"href":"`+at+`budget.pdf"} --><div class="wp-block-file"><a href="`+at+`budget.pdf">The budget</a></div><!-- /wp:file -->`, ""),
			post(3, "Bare", `<a href="/wp-content/uploads/2014/05/bare.pdf">no attachment</a>`, ""),
			as(post(4, "Draft", `<a href="`+at+`secret.pdf">not yet</a>`, ""), ">publish<", ">draft<"),
			attachment(11, "plan.pdf"), attachment(12, "budget.pdf"), attachment(14, "secret.pdf"))
		pdf := func(path string) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("%PDF-1.4\n" + path + "\n%%EOF\n")), nil
		}
		rep, err := run(text, importer.Options{Uploads: pdf})
		if err != nil || rep.Taken.Media != 4 {
			t.Fatal(rep, err)
		}
		for i, name := range []string{"plan.pdf", "budget.pdf", "bare.pdf"} {
			_, _, page := fetch(t, a, fmt.Sprintf("/2014/05/12/post-%d", i+1), "lamp.test")
			_, link, _ := strings.Cut(page, `<a href="/media/`)
			link, _, ok := strings.Cut("/media/"+link, `"`)
			if code, _, body := fetch(t, a, link, "lamp.test"); !ok || code != 200 || !strings.HasPrefix(body, "%PDF") {
				t.Errorf("%s: the page's link %q answers %d", name, link, code)
			}
			if code, to, _ := fetch(t, a, "/wp-content/uploads/2014/05/"+name, "old.example"); code != 301 || to != link {
				t.Errorf("%s: its old address answers %d %q, want %q", name, code, to, link)
			}
		}
		if code, to, _ := fetch(t, a, "/wp-content/uploads/2014/05/secret.pdf", "old.example"); code != 404 {
			t.Errorf("a file that a draft links to answers %d %q", code, to)
		}
	})
}

// TestImportLateLead: a lead picture that comes with a later run comes to an
// article that is otherwise unchanged; until then a note says that it is not
// there.
func TestImportLateLead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		posts := wxr(post(1, "Led", "Words alone.", meta("_thumbnail_id", "11")), post(2, "Bare", "Words alone.", ""))
		picture := as(post(11, "Picture", "", meta("_wp_attached_file", "2014/05/a.png")), ">post</wp:post_type>", ">attachment</wp:post_type>")
		picture = as(as(picture, ">publish<", ">inherit<"), "<wp:status>", "<wp:attachment_url>https://old.example/wp-content/uploads/2014/05/a.png</wp:attachment_url><wp:status>")
		files := importer.Options{Uploads: drawn(t, "2014/05/a.png")}
		for _, x := range []struct {
			text      string
			opt       importer.Options
			unchanged int
			want      string
		}{
			{posts, importer.Options{}, 0, "articles without their lead picture, because no --uploads directory was given: 1"},
			{posts, files, 2, "“Led”: its lead picture is not here: the export has no attachment 11"},
			{wxr(picture), files, 0, ""},
			{posts, files, 1, ""},
			{posts, importer.Options{}, 2, ""},
		} {
			rep, err := run(x.text, x.opt)
			if err != nil || rep.Unchanged != x.unchanged || x.want == "" && strings.Contains(remarks(rep), "lead picture") || !strings.Contains(remarks(rep), x.want) {
				t.Errorf("%d unchanged, want %d; %v; want a note %q:\n%s", rep.Unchanged, x.unchanged, err, x.want, remarks(rep))
			}
		}
		led, err := db.List(t.Context(), a.DB, db.One[string], "SELECT slug FROM article WHERE lead_media_id IS NOT NULL")
		if _, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); err != nil || len(led) != 1 || !strings.Contains(page, `<img src="/media/`) {
			t.Errorf("articles with a lead picture: %q, %v", led, err)
		}
	})
}
