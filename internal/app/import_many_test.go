package app_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// TestImportManyTerms: more terms than are taken at once, in two runs; none is
// doubled, and articles have them.
func TestImportManyTerms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		const n = 4500
		var head strings.Builder
		for i := range n {
			fmt.Fprintf(&head, "<wp:tag><wp:term_id>%d</wp:term_id><wp:tag_slug>t-%d</wp:tag_slug><wp:tag_name>Tag %d</wp:tag_name></wp:tag>\n", 100+i, i, i)
		}
		carries := func(i int) string {
			return fmt.Sprintf(`<category domain="post_tag" nicename="t-%d"><![CDATA[Tag %d]]></category>`, i, i)
		}
		text := strings.Replace(wxr(post(1, "First", "x", carries(0)), post(2, "Last", "x", carries(n-1))), "<item>", head.String()+"<item>", 1)
		for i := range 2 {
			rep, err := run(text, importer.Options{})
			if err != nil || rep.Taken.Tags != n+1 || i == 1 && rep.Unchanged != 2 {
				t.Fatalf("run %d: %d tags, %d unchanged: %v", i, rep.Taken.Tags, rep.Unchanged, err)
			}
		}
		if got, err := db.Get(t.Context(), a.DB, db.One[int], "SELECT count(*) FROM topic WHERE kind = 'tag'"); err != nil || got != n+1 {
			t.Errorf("%d tags are kept; %v", got, err)
		}
		if _, _, page := fetch(t, a, "/2014/05/12/post-2", "lamp.test"); !strings.Contains(page, fmt.Sprintf("Tag %d<", n-1)) {
			t.Errorf("the last tag is not there: %s", page)
		}
	})
}

// TestImportManyFiles: what is said of media is read when a text prints it; what
// an earlier run took is found again, also files that only texts name.
func TestImportManyFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		const n = 600 // more than are read at once
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 3))); err != nil {
			t.Fatal(err)
		}
		files := func(p string) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(append(bytes.Clone(b.Bytes()), p...))), nil // each differs
		}
		items := []string{post(1, "One", fmt.Sprintf(`[gallery ids="%d,%d"] <img src="/wp-content/uploads/2014/05/named.png">`, 100, 100+n-1), meta("_thumbnail_id", "101"))}
		for i := range n {
			items = append(items, file(100+i, fmt.Sprintf("%d.png", i), inUploads, fmt.Sprintf("Words %d.", i), ""))
		}
		rep, err := run(wxr(items...), importer.Options{Uploads: files})
		if err != nil || rep.Taken.Media != n+1 {
			t.Fatal(rep.Taken, err)
		}
		before := dumpAll(t, a.DB)
		for _, opt := range []importer.Options{{Uploads: files}, {}} {
			again, err := run(wxr(items...), opt)
			if err != nil || again.Unchanged != 1 || before != dumpAll(t, a.DB) {
				t.Errorf("again: %+v, %v: %s", again.Taken, err, remarks(again))
			}
		}
		_, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test")
		for _, want := range []string{"Words 0.", "Words 1.", fmt.Sprintf("Words %d.", n-1), "/named.png"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q: %s", want, page)
			}
		}
	})
}
