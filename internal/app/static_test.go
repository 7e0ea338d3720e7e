package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/user"
)

// TestStaticPages: a page without a date is made, hung below another, published, moved
// and withdrawn; its addresses follow.
func TestStaticPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w, au := n.writer(user.Editor), n.writer(user.Author)
		en, _ := n.site.ByLang("en")
		make := func(title string, parent int64) (int64, string) {
			t.Helper()
			answer := at(n.desk, "POST", "/desk/pages/new", w.cookie, url.Values{"edition": {fmt.Sprint(en.ID)}, "title": {title}, "parent": {fmt.Sprint(parent)}})
			var id int64
			if _, err := fmt.Sscanf(answer.Header().Get("Location"), "/desk/articles/%d", &id); err != nil {
				t.Fatalf("%s: %d %s", title, answer.Code, answer.Body)
			}
			w.write(id, func(m *article.Manuscript) { m.Body = "<p id=\"b1abc\">" + title + " in words.</p>\n" })
			return id, fmt.Sprintf("/desk/articles/%d", id)
		}
		publish := func(id int64) string {
			t.Helper()
			_, said := w.post(fmt.Sprintf("/desk/articles/%d/publish", id), "when", "now", "change", "silent", "version", n.version(id))
			return said
		}
		if code, _ := au.post("/desk/pages/new", "edition", fmt.Sprint(en.ID), "title", "Mine"); code != http.StatusForbidden {
			t.Errorf("by an author: %d", code)
		}
		if draft, page := make("Not yet", 0); !strings.Contains(w.sees(page+"/preview"), "Not yet in words.") {
			t.Errorf("page %d cannot be looked at before readers see it", draft)
		}
		n.change(func(ctx context.Context, tx *db.Tx) error {
			return n.app.Editions.Set(ctx, tx, "must", "", "section\nbyline\nheadline\nbody")
		})
		up, upPage := make("Our house", 0)
		if said := publish(up); !strings.Contains(said, "Published") { // sections mean nothing to it
			t.Fatalf("publishing: %q", said)
		}
		child, childPage := make("Who works here", up)
		if said := publish(child); !strings.Contains(said, "Published") {
			t.Fatalf("publishing: %q", said)
		}
		see := func(path string, code int, words string) {
			t.Helper()
			if got, body := n.readers(path); got != code || !strings.Contains(body, words) {
				t.Errorf("%s: %d, want %d with %q", path, got, code, words)
			}
		}
		see("/our-house", 200, "Our house in words")
		see("/our-house/who-works-here", 200, "Who works here in words")
		see("/", 200, "Our house") // at the foot
		body := w.sees("/desk/pages")
		if !regexp.MustCompile(`(?s)Our house.*d1.*Who works here`).MatchString(body) {
			t.Errorf("the list: %s", body)
		}
		// Another slug of the one above: both addresses lead on.
		w.write(up, func(m *article.Manuscript) { m.Slug = "the-house" })
		publish(up)
		see("/the-house/who-works-here", 200, "Who works here in words")
		see("/our-house/who-works-here", 301, "")
		see("/our-house", 301, "")
		if _, said := w.post(fmt.Sprintf("/desk/pages/%d/place", up), "parent", fmt.Sprint(child)); !strings.Contains(said, "below itself") {
			t.Errorf("a circle: %q", said)
		}
		if _, said := w.post(fmt.Sprintf("/desk/pages/%d/place", child), "parent", "0"); said != "The page stands there now." {
			t.Errorf("hung elsewhere: %q", said)
		}
		see("/who-works-here", 200, "Who works here in words")
		see("/the-house/who-works-here", 301, "")
		first := func() string {
			list, err := n.app.Articles.Pages(context.Background(), en.ID, 0, n.clock.now())
			if err != nil {
				t.Fatal(err)
			}
			return list[len(list)-1].Headline
		}
		if got := first(); got != "Who works here" {
			t.Errorf("last at the foot: %s", got)
		}
		if code, _ := w.post(fmt.Sprintf("/desk/pages/%d/move", child), "to", "up"); code != http.StatusSeeOther {
			t.Errorf("moving: %d", code)
		}
		if got := first(); got != "Our house" {
			t.Errorf("last at the foot once it was moved: %s", got)
		}
		// The house's own addresses are nobody else's.
		own, _ := make("Search", 0)
		if said := publish(own); !strings.Contains(said, "/search") {
			t.Errorf("at an address of the house: %q", said)
		}
		if body := w.sees(childPage); !strings.Contains(body, `"page":true`) || !strings.Contains(body, "k-parent") {
			t.Error("its page at the desk does not say where it stands")
		}
		ru, _ := n.site.ByLang("ru")
		to := at(n.desk, "POST", upPage+"/translate", w.cookie, url.Values{"edition": {fmt.Sprint(ru.ID)}}).Header().Get("Location")
		var other int64
		if _, err := fmt.Sscanf(to, "/desk/articles/%d", &other); err != nil {
			t.Fatal(to)
		}
		w.write(other, func(m *article.Manuscript) { m.Headline = "Наш дом" })
		publish(other)
		see("/ru/nash-dom", 200, "Наш дом")
		if _, said := w.post(upPage+"/withdraw", "reason", "wrong"); !strings.Contains(said, "ithdrawn") {
			t.Errorf("withdrawing: %q", said)
		}
		see("/the-house", 410, "wrong")
	})
}
