package app_test

import (
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	demofiles "dateline/demo"
	"dateline/internal/db"
	"dateline/internal/dbtest"
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
