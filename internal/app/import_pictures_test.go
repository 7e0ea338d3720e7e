package app_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// file is an attachment; where is what stands before the file's name in its address.
func file(id int, name, where, excerpt, more string) string {
	p := as(as(post(id, "File "+name, "", meta("_wp_attached_file", "2014/05/"+name)+more), ">post</wp:post_type>", ">attachment</wp:post_type>"), ">publish<", ">inherit<")
	p = as(p, "<excerpt:encoded><![CDATA[]]>", "<excerpt:encoded><![CDATA["+excerpt+"]]>")
	return as(p, "<wp:status>", "<wp:attachment_url>"+where+name+"</wp:attachment_url><wp:status>")
}

const inUploads = "https://old.example/wp-content/uploads/2014/05/"

// withPDF has a document besides.
func withPDF(files importer.Uploads, path string) importer.Uploads {
	return func(p string) (io.ReadCloser, error) {
		if p == path {
			return io.NopCloser(strings.NewReader("%PDF-1.4\n%%EOF\n")), nil
		}
		return files(p)
	}
}

// TestImportLinkedPictures: what a picture leads to is not lost, and a document
// that only a picture leads to answers at its old address.
func TestImportLinkedPictures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		img := func(n int) string {
			return fmt.Sprintf(`<img class="wp-image-1%d" src="%s%d.png" alt="scan">`, n, inUploads, n)
		}
		rep, err := run(wxr(
			post(1, "Shown", `<a href="`+inUploads+`plan.pdf">`+img(1)+`</a>

[caption id="attachment_12" width="300"]<a href="https://partner.example/sale">`+img(2)+`</a> The partner[/caption]

<a href="https://old.example/2014/05/post-2/">`+img(1)+`</a>

<a href="`+inUploads+`2.png">`+img(2)+`</a>`, ""),
			post(2, "The second", "x", ""),
			file(11, "1.png", inUploads, "", ""), file(12, "2.png", inUploads, "", ""), file(13, "plan.pdf", inUploads, "", ""),
		), importer.Options{Uploads: withPDF(drawn(t, "2014/05/1.png", "2014/05/2.png"), "2014/05/plan.pdf")})
		if err != nil || rep.Taken.Media != 3 {
			t.Fatal(rep, err)
		}
		_, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test")
		for want, n := range map[string]int{`plan.pdf">plan.pdf</a></figcaption>`: 1, `<figcaption><a href="https://partner.example/sale" rel="noopener">The partner</a></figcaption>`: 1,
			`<figcaption><a href="/2014/05/12/post-2">The second</a></figcaption>`: 1, ">2.png<": 0} {
			if got := strings.Count(page, want); got != n {
				t.Errorf("%q stands there %d times, want %d: %s", want, got, n, page)
			}
		}
		if code, to, _ := fetch(t, a, "/wp-content/uploads/2014/05/plan.pdf", "old.example"); code != 301 || !strings.HasPrefix(to, "/media/") {
			t.Errorf("the document: %d %q", code, to)
		}
	})
}

// TestImportOwnEmbed: the embed of an own article has its headline, follows it,
// and is no link to another host.
func TestImportOwnEmbed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(post(1, "One", "a\n\nhttps://old.example/2014/05/post-2/\n\n[embed]https://old.example/2014/05/post-2/[/embed]\n\nhttps://old.example/2014/05/nothing/", ""),
			post(2, "The bridge", "x", ""))
		rep, err := run(text, importer.Options{})
		if err != nil || strings.Contains(remarks(rep), "another host") {
			t.Fatal(remarks(rep), err)
		}
		for _, want := range []string{"The bridge", "The bridge again"} {
			_, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test")
			if n := strings.Count(page, `<a href="/2014/05/12/post-2">`+want+`</a></p>`); n != 2 {
				t.Errorf("%q stands there %d times: %s", want, n, page)
			}
			if strings.Contains(page, `content="a https`) {
				t.Errorf("an address is told of the article: %s", page)
			}
			if !strings.Contains(page, `<a href="https://old.example/2014/05/nothing"`) {
				t.Errorf("what is not here: %s", page)
			}
			if _, err := run(as(text, "The bridge", "The bridge again"), importer.Options{}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestImportCaptions: the old site printed no caption below a picture that had
// none in the text, and never what the camera wrote; a gallery prints those of
// the library.
func TestImportCaptions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		camera := meta("_wp_attachment_metadata", `a:1:{s:10:"image_meta";a:2:{s:7:"caption";s:22:"OLYMPUS DIGITAL CAMERA";s:6:"credit";s:4:"Anna";}}`)
		_, err := run(wxr(
			post(1, "Shown", `<img class="wp-image-11" src="`+inUploads+`1.png"><img class="wp-image-12" src="`+inUploads+`2.png">`, ""),
			post(2, "Gallery", `[gallery ids="11,12"]`, ""),
			file(11, "1.png", inUploads, "Said in the library", ""), file(12, "2.png", inUploads, "", camera),
		), importer.Options{Uploads: drawn(t, "2014/05/1.png", "2014/05/2.png")})
		if err != nil {
			t.Fatal(err)
		}
		_, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test")
		if strings.Contains(page, "library") || strings.Contains(page, "OLYMPUS") || !strings.Contains(page, "Anna") {
			t.Errorf("a caption that the old site never showed, or no credit: %s", page)
		}
		if _, _, page = fetch(t, a, "/2014/05/12/post-2", "lamp.test"); !strings.Contains(page, "Said in the library") || strings.Contains(page, "OLYMPUS") {
			t.Errorf("the gallery: %s", page)
		}
	})
}

// TestImportUploadNames: the folder of a whole network or of one of its sites,
// and names that a Mac wrote.
func TestImportUploadNames(t *testing.T) {
	const (
		apart   = "Музеи\u0306.png" // й of two letters
		one     = "Музей.png"
		month   = "2014/05/"
		network = "https://old.example/wp-content/uploads/sites/3/2014/05/"
	)
	for _, c := range []struct {
		name, where, also, want string
	}{
		{"ms.png", network, "other.png", "sites/3/" + month + "ms.png"},
		{"ms.png", network, month + "ms.png", "sites/3/" + month + "ms.png"}, // the main site has one, too
		{"ms.png", network, "other.png", month + "ms.png"},
		{one, inUploads, "other.png", month + apart},
		{apart, inUploads, "other.png", month + one},
	} {
		t.Run(c.name+" "+c.want, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				a, run := importing(t, d)
				last := ""
				files := drawn(t, c.want, c.also)
				rep, err := run(wxr(post(1, "Shown", `<img class="wp-image-11" src="`+c.where+c.name+`">`, ""), file(11, c.name, c.where, "", "")),
					importer.Options{Uploads: func(p string) (io.ReadCloser, error) { last = p; return files(p) }})
				if err != nil || rep.Taken.Media != 1 || last != c.want {
					t.Fatalf("%d files, %q: %s%v", rep.Taken.Media, last, remarks(rep), err)
				}
				if _, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test"); !strings.Contains(page, `<img src="/media/`) {
					t.Errorf("the picture is not shown: %s", page)
				}
			})
		})
	}
}
