package app_test

import (
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	nethtml "golang.org/x/net/html"

	demofiles "dateline/demo"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/demo"
	"dateline/internal/user"
	"dateline/internal/views"
	"dateline/internal/webtest"
)

// heads reads the blocks of the demo's articles by file name.
func heads(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	names, err := fs.Glob(demofiles.Files, "articles/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(demofiles.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		block, _, _ := strings.Cut(string(raw), "-->")
		h := map[string]string{}
		for _, line := range strings.Split(block, "\n")[1:] {
			if k, v, ok := strings.Cut(line, ": "); ok {
				h[k] = v
			}
		}
		all[strings.TrimSuffix(strings.TrimPrefix(name, "articles/"), ".html")] = h
	}
	return all
}

var blanks = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u00ad", "", "\u2060", "")

// words is an answer without what typography has put between its words.
func words(answer string) string { return blanks.Replace(html.UnescapeString(answer)) }

// TestDemoStates asks the filled demo for what only it has: a withdrawn, a
// scheduled and an unfinished article, and datelines by other clocks.
func TestDemoStates(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouseOf(t, d, &clock{t: monday}, 1, demofiles.Files)
		site := h.app.Handler()
		hidden := map[string]string{} // headline → file
		gone := 0
		for file, head := range heads(t) {
			lang := file[strings.LastIndexByte(file, '.')+1:]
			ed, _ := h.site.ByLang(lang)
			if head["state"] == "" && head["withdrawn"] == "" && !strings.HasPrefix(head["published"], "in ") {
				continue
			}
			hidden[head["headline"]] = file
			var days int
			if _, err := fmt.Sscanf(strings.Replace(head["published"], "in ", "-", 1), "%d days", &days); err != nil {
				continue // a draft has no address
			}
			day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -days)
			path := ed.Prefix + "/" + day.Format("2006/01/02") + "/" + head["slug"]
			answer := get(site, path)
			_, reason, withdrawn := strings.Cut(head["withdrawn"], " | ")
			switch {
			case withdrawn && (!strings.HasPrefix(answer, "410 ") || !strings.Contains(words(answer), reason)):
				t.Errorf("%s: the withdrawn article's address answers %.40q without its reason", path, answer)
			case withdrawn:
				gone++
			case !strings.HasPrefix(answer, "404 "):
				t.Errorf("%s: a scheduled article's address answers %.40q", path, answer)
			}
		}
		if gone != 3 || len(hidden) < 8 {
			t.Errorf("%d withdrawn articles, %d hidden ones", gone, len(hidden))
		}
		webtest.Run(t, site, "testdata/demo/*.txt")
		if w := ask(site, http.MethodGet, "/2026/11/15/missing-heron-seen-on-both-banks"); w.StatusCode != http.StatusGone {
			t.Errorf("README.md names an address that answers %d", w.StatusCode)
		}
		if got := words(get(site, "/2026/11/15/missing-heron-seen-on-both-banks")); !strings.Contains(got, "17 November 2026") {
			t.Error("the withdrawn article does not say that it was withdrawn six days ago")
		}
		read := map[string]string{}
		for _, path := range crawl(site, "/", "/ru/", "/kk/") {
			text := words(get(site, path))
			for headline, file := range hidden {
				if strings.Contains(text, headline) {
					t.Errorf("%s tells of %s", path, file)
				}
			}
			read[path] = text
		}
		for path, want := range map[string]string{
			"/2026/09/10/crane-14-has-arrived":            "10 September 2026, 17:40 (Nairobi time), Lake Ombe",
			"/2026/05/19/the-man-who-sends-us-noon":       "Kilometre 408",
			"/2024/12/23/the-other-town-on-a-stone-river": "23 December 2024, 11:30 (Oslo time), Steinelvik",
		} {
			if !strings.Contains(read[path], want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
	})
}

// TestDemoShowsEveryPage asks the demo for what no link of a newsroom leads to.
func TestDemoShowsEveryPage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouseOf(t, d, &clock{t: monday}, 1, demofiles.Files)
		if w := ask(h.app.Handler(), http.MethodGet, "/-/demo/en/429"); w.StatusCode != http.StatusNotFound {
			t.Errorf("a site that is no demo answers %d", w.StatusCode)
		}
		h.app.Router.Handle(demo.States(demo.Rooms{Editions: h.app.Editions, Articles: h.app.Articles}, h.app.Addresses, demofiles.Files, h.clock.now))
		h.clock.add(90 * 24 * time.Hour) // what was counted from the day of filling stays where it was
		site := h.app.Handler()
		for _, tag := range []string{"en", "ru", "kk"} {
			for _, status := range []int{400, 403, 404, 409, 413, 429, 500, 503} {
				path := "/-/demo/" + tag + "/" + strconv.Itoa(status)
				if got := get(site, path); !strings.HasPrefix(got, strconv.Itoa(status)+" ") || !strings.Contains(got, `<html lang="`+tag+`"`) {
					t.Errorf("%s: %.200s", path, got)
				}
			}
			to := ask(site, http.MethodGet, "/-/demo/"+tag+"/410").Header.Get("Location")
			if got := get(site, to); !strings.HasPrefix(got, "410 ") || !strings.Contains(got, `<html lang="`+tag+`"`) {
				t.Errorf("the withdrawn article in %s is said to be at %s: %.200s", tag, to, got)
			}
		}
		for _, path := range []string{"/.well-known/security.txt", "/trust.txt", "/ads.txt", "/feed/dzen.xml", "/ru/feed/dzen.xml", "/kk/feed/dzen.xml"} {
			if w := ask(site, http.MethodGet, path); w.StatusCode != http.StatusOK {
				t.Errorf("%s answers %d", path, w.StatusCode)
			}
		}
		health, err := h.app.Site.Health(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range health {
			if len(x.Refused) > 0 && strings.HasSuffix(x.Path, ".txt") {
				t.Errorf("%s: %v", x.Path, x.Refused)
			}
		}
	})
}

// TestDemoFront: what newsroom.json says of the front page stands there, in its
// order, in every edition: the lead, those beside it, and the dark band.
func TestDemoFront(t *testing.T) {
	t.Parallel()
	raw, err := fs.ReadFile(demofiles.Files, "newsroom.json")
	if err != nil {
		t.Fatal(err)
	}
	var n struct {
		Front struct {
			Lead, Night string
			Beside      []string
		}
	}
	if err := json.Unmarshal(raw, &n); err != nil || len(n.Front.Beside) != 3 {
		t.Fatalf("%+v: %v", n.Front, err)
	}
	all := heads(t)
	headline := func(key, lang string) string {
		for file, head := range all {
			if strings.HasSuffix(file, "-"+key+"."+lang) {
				return words(head["headline"])
			}
		}
		t.Fatalf("there is no article %s in %s", key, lang)
		return ""
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouseOf(t, d, &clock{t: monday}, 1, demofiles.Files)
		for _, ed := range h.site.Editions {
			root, err := nethtml.Parse(ask(h.app.Handler(), "GET", ed.Prefix+"/").Body)
			if err != nil {
				t.Fatal(err)
			}
			for selector, keys := range map[string][]string{".g-lead .lead h2": {n.Front.Lead}, ".g-lead .stack h3": n.Front.Beside, ".night h2": {n.Front.Night}} {
				found, err := webtest.Select(root, selector)
				if err != nil {
					t.Fatal(err)
				}
				var got, want []string
				for _, x := range found {
					got = append(got, strings.TrimSpace(words(webtest.Text(x))))
				}
				for _, key := range keys {
					want = append(want, headline(key, ed.Lang))
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s %s:\n%s", ed.Lang, selector, diff)
				}
			}
		}
	})
}

// TestDemoReads: the demo's desk has numbers to show, the same on the same day, and no
// reader is shown another number than before.
func TestDemoReads(t *testing.T) {
	t.Parallel()
	var told []map[int64]int64
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		ctx := t.Context()
		items, _, err := n.app.Articles.Desk(ctx, article.DeskQuery{Publication: n.site.Publication.ID, Sight: article.SightPublished, Limit: 1000, Now: n.clock.now()})
		if err != nil {
			t.Fatal(err)
		}
		var ids []int64
		for _, i := range items {
			if i.Kind == article.Page {
				t.Errorf("the page %q is among the articles", i.Title)
			}
			ids = append(ids, i.ID)
		}
		before, err := n.app.Views.Total(ctx, ids)
		if err != nil {
			t.Fatal(err)
		}
		if err := demo.Reads(ctx, demo.Rooms{DB: n.app.DB, Editions: n.app.Editions, Articles: n.app.Articles, Views: n.app.Views}); err != nil {
			t.Fatal(err)
		}
		after, err := n.app.Views.Total(ctx, ids)
		if err != nil || !maps.Equal(before, after) {
			t.Errorf("readers are shown other numbers than before: %v", err)
		}
		now := views.Hour(n.clock.now())
		en := n.site.Default().ID
		for _, days := range []int64{1, 7, 28, 56} { // as far as the desk looks, and compares
			hours, err := n.app.Views.Hours(ctx, en, now-days*24, now)
			sum := int64(0)
			for _, n := range hours {
				sum += n
			}
			came, err2 := n.app.Views.Sources(ctx, en, now-days*24, now)
			for _, c := range came {
				sum -= c.N
			}
			if err != nil || err2 != nil || len(hours) < 5*int(days) || len(came) != 6 || sum != 0 {
				t.Errorf("in %d days: %d hours, from %d kinds of sites, which differ by %d: %v %v", days, len(hours), len(came), sum, err, err2)
			}
		}
		hours, err := n.app.Views.Hours(ctx, en, now-56*24, now)
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, hours)
		if page := at(n.desk, "GET", "/desk/numbers", n.writer(user.Editor).cookie, nil).Body.String(); strings.Contains(page, "numbers.nothing") {
			t.Error("the desk has no numbers")
		}
	})
	for _, hours := range told[1:] {
		if !maps.Equal(hours, told[0]) {
			t.Error("another time it tells of other hours")
		}
	}
}
