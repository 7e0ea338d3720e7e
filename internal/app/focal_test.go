package app_test

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/rendition"
	"dateline/internal/user"
)

// TestFocalOfAUse: an article has the picture above it cut around a point of its own, on
// every page and only there; its cuts are had while readers have the article, and at the
// desk before that.
func TestFocalOfAUse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		// Dark at the left, bright at the right: a cut tells where it is of.
		_, sent := w.sends("wide.jpg", hills(t, 3, 1600, 300, 80, ""), "&lang=en")
		square := regexp.MustCompile(`/media/[A-Za-z0-9_-]+/1x1-\d+-[0-9a-f]{8}/wide\.jpg`)
		publish := func(headline string, f rendition.Focal) (path, page string) {
			t.Helper()
			id, page := w.began("en")
			w.write(id, func(m *article.Manuscript) {
				m.Headline, m.Sections, m.Body = headline, []int64{n.section()}, "<p id=\"b1abc\">Words.</p>\n"
				m.Lead = article.Use{ID: sent.ID, Alt: "Hills", Credit: "Kim", Focal: f}
			})
			// Before readers have it, its preview has its cuts.
			preview := at(n.desk, "GET", page+"/preview", w.cookie, nil).Body.String()
			name := square.FindString(preview)
			if name == "" {
				t.Fatalf("%s: the preview has no cut", headline)
			}
			if answer := at(n.desk, "GET", page+"/preview"+name, w.cookie, nil); answer.Code != http.StatusOK {
				t.Errorf("%s: the preview's %s answers %d", headline, name, answer.Code)
			}
			if code, said := w.post(page+"/publish", "version", n.version(id), "when", "now"); said != "Published." {
				t.Fatalf("publishing: %d %q", code, said)
			}
			a, err := n.app.Articles.Get(context.Background(), n.app.DB, id)
			if err != nil || a.LeadFocal != f {
				t.Fatalf("it has the focal point %d: %v", a.LeadFocal, err)
			}
			if c := n.copy(id); c.Text.Lead.Focal != f {
				t.Errorf("worked on again it has %d", c.Text.Lead.Focal)
			}
			return "/" + a.Path, page
		}
		plain, plainDesk := publish("In the middle", 0)
		left, leftDesk := publish("At the left", rendition.FocalAt(50, 500))
		right, _ := publish("At the right", rendition.FocalAt(950, 500))
		names := map[string]string{}
		for _, path := range []string{plain, left, right} {
			_, body := n.readers(path)
			if names[path] = square.FindString(body); names[path] == "" {
				t.Fatalf("%s has no cut", path)
			}
		}
		if names[plain] == names[left] || names[left] == names[right] || names[plain] == names[right] {
			t.Errorf("the cuts are %v", names)
		}
		_, body := n.readers(plain)
		_, list := n.readers(regexp.MustCompile(`/section/[a-z0-9-]+`).FindString(body))
		for path, name := range names {
			version := regexp.MustCompile(`-[0-9a-f]{8}/`).FindString(name)
			if !strings.Contains(list, version) {
				t.Errorf("the section has no cut of %s", path)
			}
		}
		pixels := map[string]bool{}
		for path, name := range names {
			code, body := n.readers(name)
			img, err := jpeg.Decode(bytes.NewReader([]byte(body)))
			if code != http.StatusOK || err != nil {
				t.Fatalf("%s: %s answers %d: %v", path, name, code, err)
			}
			pixels[fmt.Sprint(img.At(3, 3), img.At(100, 60))] = true
		}
		if len(pixels) != 3 {
			t.Error("different cuts are of the same part")
		}
		// A point that no article has is none.
		if code, _ := n.readers(strings.Replace(names[left], regexp.MustCompile(`-[0-9a-f]{8}/`).FindString(names[left]), "-0badf00d/", 1)); code != http.StatusFound {
			t.Errorf("a version that there is not answers %d", code)
		}
		if _, said := w.post(leftDesk+"/withdraw", "reason", "Wrong side."); said != "Withdrawn." {
			t.Fatal(said)
		}
		if code, _ := n.readers(names[left]); code != http.StatusFound {
			t.Errorf("the cut of what was withdrawn answers %d", code)
		}
		if code := w.send(plainDesk+"/save", map[string]any{"version": -1, "text": map[string]any{"lead": map[string]any{"id": sent.ID, "focal": 99999999}}}, nil); code < 400 || code >= 500 {
			t.Errorf("what is no point: %d", code)
		}
	})
}
