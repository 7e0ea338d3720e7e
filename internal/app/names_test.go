package app_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/internal/dbtest"
)

var tagURIs = regexp.MustCompile(`tag:[^<"\\]+`)

// namesOf are the permanent names in the feeds that a process serves, or looks
// at, in order; the same article has the same one in all of them.
func (h *house) namesOf(base string, serves bool, paths ...string) []string {
	h.t.Helper()
	conf := h.conf
	conf.BaseURL, conf.Serves = base, serves
	a := h.openWith(conf)
	defer a.Close()
	return namesIn(h.t, a, paths...)
}

func namesIn(t testing.TB, a *app.App, paths ...string) []string {
	t.Helper()
	var out []string
	for _, p := range paths {
		w := visit(a.Handler(), p)
		if w.Code != 200 {
			t.Fatalf("%s: %d", p, w.Code)
		}
		out = append(out, tagURIs.FindAllString(w.Body.String(), -1)...)
	}
	return out
}

// TestFeedNamesStay: the names that subscribers' programs know articles by are
// settled by the first feed that readers of a real site get, and neither a move
// to another host nor time changes them; what is tried out settles nothing.
func TestFeedNamesStay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := &clock{t: monday}
		h := openHouse(t, d, c, 1)
		h.set(map[string]string{"dzen": "true"})
		paths := []string{"/feed.xml", "/atom.xml", "/feed.json", "/section/town/atom.xml", "/ru/atom.xml", "/kk/feed/dzen.xml"}
		begins := func(got []string, with string) {
			t.Helper()
			if len(got) < 20 || slices.ContainsFunc(got, func(n string) bool { return !strings.HasPrefix(n, with) }) {
				t.Errorf("%d names, not all of which begin with %s: %.200v", len(got), with, got)
			}
		}
		begins(h.namesOf("http://localhost:8080", true, paths...), "tag:localhost,2026:") // the demo, a first look
		begins(h.namesOf("https://slip.kz", false, paths...), "tag:slip.kz,2026-11-23:")  // dateline doctor
		c.add(24 * time.Hour)
		// Two processes give the first feeds, one of them under another name, and
		// a third has some from before.
		conf := h.conf
		conf.BaseURL, conf.Serves = "http://127.0.0.1:8080", true
		third := h.openWith(conf)
		begins(namesIn(t, third, "/feed.xml", "/atom.xml"), "tag:127.0.0.1,2026:")
		heard := make(chan struct{}, 100)
		third.DB.OnChange(func([]string) { heard <- struct{}{} })
		first := h.namesOf("https://www.lamp.kz", true, paths...)
		begins(first, "tag:lamp.kz,2026-11-24:")
		<-heard
		begins(namesIn(t, third, "/feed.xml", "/atom.xml"), "tag:lamp.kz,2026-11-24:")
		c.add(time.Hour)
		for _, base := range []string{"https://lamp.kz", "https://news.lamp.media", "http://localhost:8080"} {
			for _, serves := range []bool{true, false} {
				if got := h.namesOf(base, serves, paths...); !slices.Equal(got, first) {
					t.Errorf("at %s the names are %.200v, and were %.200v", base, got, first)
				}
			}
		}
	})
}

// TestFeedNamesFromBefore: names that were given before they were settled are
// those that are settled.
func TestFeedNamesFromBefore(t *testing.T) {
	d := dbtest.New(t)
	h := openHouse(t, d, &clock{t: monday}, 1)
	h.change(func(ctx context.Context, tx *db.Tx) error { // as the migration leaves it
		_, err := tx.Exec(ctx, "UPDATE publication SET naming_date = '2026'")
		return err
	})
	if got := h.namesOf("https://lamp.kz", true, "/feed.xml"); !strings.HasPrefix(got[0], "tag:lamp.kz,2026:") {
		t.Errorf("%.200v", got)
	}
}
