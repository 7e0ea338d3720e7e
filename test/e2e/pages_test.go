//go:build e2e

package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"dateline/internal/webtest"
)

func names(pages map[string]*page) []string { return slices.Sorted(maps.Keys(pages)) }

func each(t testing.TB, what, name string, faults []string) {
	t.Helper()
	for _, f := range slices.Compact(slices.Sorted(slices.Values(faults))) {
		t.Errorf("%s: %s: %s", name, what, f)
	}
}

// Every link, picture, script and anchor on every page leads somewhere.
func TestLinks(t *testing.T) {
	t.Parallel()
	pages := crawl(t)
	for _, path := range names(pages) {
		p := pages[path]
		if p.code != http.StatusOK && p.code/100 != 3 {
			t.Errorf("%s answers %d; the link stands on %s", path, p.code, p.from)
		}
		if len(p.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s sets a cookie for a reader who has not signed in", path)
		}
		if p.root == nil || p.code != http.StatusOK {
			continue
		}
		ids := map[string]bool{"": true, "top": true}
		for n := range p.root.Descendants() {
			if id, ok := webtest.Attr(n, "id"); ok {
				ids[id] = true
			}
		}
		for _, to := range links(p) {
			if id, ok := strings.CutPrefix(to, "#"); ok && !ids[id] {
				t.Errorf("%s: a link leads to #%s, which is not there", path, id)
			}
		}
	}
	t.Logf("%d addresses", len(pages))
}

// The Nu checker has nothing to say about any kind of page.
func TestMarkup(t *testing.T) {
	t.Parallel()
	pages := chosen(t)
	documents := map[string][]byte{}
	for name, p := range pages {
		documents[name+" "+p.path] = p.body
	}
	valid(t, documents)
	for _, name := range names(pages) {
		p := pages[name]
		if h1, _ := webtest.Select(p.root, "h1"); len(h1) != 1 {
			t.Errorf("%s %s: %d h1, want one", name, p.path, len(h1))
		}
		lang, _, _ := strings.Cut(name, "-")
		if root, _ := webtest.Select(p.root, "html[lang][dir]"); len(root) != 1 {
			t.Errorf("%s %s: html has no lang and dir", name, p.path)
		} else if got, _ := webtest.Attr(root[0], "lang"); got != lang {
			t.Errorf("%s %s: lang is %q", name, p.path, got)
		}
	}
}

// Nor about any state, in any theme.
func TestMarkupOfStates(t *testing.T) {
	t.Parallel()
	paths := stills(t)
	documents := map[string][]byte{}
	for _, theme := range themes {
		for _, name := range slices.Sorted(maps.Keys(paths)) {
			p, err := get(http.DefaultClient, inTheme(t, theme), paths[name])
			if err != nil || !p.html() {
				t.Fatalf("%s %s: %v", theme, name, err)
			}
			if !strings.Contains(string(p.body), "/assets/theme/"+theme+".") {
				t.Errorf("%s is not in the theme %s", name, theme)
			}
			documents[theme+" "+name] = p.body
		}
	}
	valid(t, documents)
	t.Logf("%d documents", len(documents))
}

// With a browser, every kind of page is sound.
func TestPages(t *testing.T) {
	t.Parallel()
	pages := chosen(t)
	for n, name := range names(pages) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			startBrowser(t).sound(t, pages[name].path, site(t)+pages[name].path, twoOf(looks, n))
		})
	}
}

// Without scripts a reader misses nothing that there is to read.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	pages := chosen(t)
	b := startBrowser(t)
	discussed, linked := 0, 0
	for _, name := range names(pages) {
		_, kind := kindOf(pages[name].path)
		if !slices.Contains([]string{"front", "article", "day", "month", "year"}, kind) || strings.Contains(name, "404") {
			continue
		}
		p := b.open(t, site(t)+pages[name].path, false, 1280, 900)
		plain := visibleText(t, p)
		p.quiet(t, name)
		p.close()
		root := pages[name].root
		switch kind {
		case "article":
			body, _ := webtest.Select(root, "article[data-article] .e-content")
			if len(body) == 0 {
				t.Errorf("%s %s: no .e-content in an article[data-article]", name, pages[name].path)
				continue
			}
			for n := range body[0].Descendants() {
				if n.Type == html.ElementNode && n.Data == "p" && !reads(plain, webtest.Text(n)) {
					t.Errorf("%s: without scripts nobody reads %q", name, webtest.Text(n))
				}
			}
			comments, _ := webtest.Select(root, "#comments article, #comments li, #comments .h-cite")
			for _, c := range comments {
				discussed++
				if words := webtest.Text(c); !reads(plain, words) {
					t.Errorf("%s: without scripts nobody reads the comment %q", name, words)
				}
			}
		case "month":
			days, _ := webtest.Select(root, "td a[href]")
			linked += len(days)
		}
	}
	if discussed == 0 {
		t.Error("no article that was looked at has comments")
	}
	if linked == 0 {
		t.Error("no month's calendar has links to days")
	}
}

// reads answers whether the longest words of a text stand on the page. Capitals may
// be small capitals and white space differs, so it asks for words, not for lines.
func reads(page, text string) bool {
	page = strings.ToLower(page)
	for _, w := range strings.Fields(strings.ToLower(text)) {
		if utf8.RuneCountInString(w) > 5 && !strings.Contains(page, w) {
			return false
		}
	}
	return true
}

// TestShots makes pictures for people when DATELINE_SHOTS names a folder: of every
// state in every language, at three widths, in both schemes. DATELINE_SHOTS_OF is a
// regular expression that their names (state-language-width-scheme) must match.
func TestShots(t *testing.T) {
	dir := os.Getenv("DATELINE_SHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	only, err := regexp.Compile(os.Getenv("DATELINE_SHOTS_OF"))
	if err != nil {
		t.Fatal(err)
	}
	b := startBrowser(t)
	for _, theme := range themes {
		shots(t, b, dir, theme, only)
	}
}

func shots(t *testing.T, b *browser, dir, theme string, only *regexp.Regexp) {
	paths := stills(t)
	for _, key := range slices.Sorted(maps.Keys(paths)) {
		lang, name, _ := strings.Cut(key, "/")
		if theme != themes[0] {
			name = theme + "-" + name
		}
		for _, width := range []int{360, 768, 1440} {
			for _, scheme := range []string{"light", "dark"} {
				file := fmt.Sprintf("%s-%s-%d-%s.png", name, lang, width, scheme)
				if !only.MatchString(file) {
					continue
				}
				p := b.open(t, inTheme(t, theme)+paths[key], true, int64(width), 900)
				p.scheme(t, scheme)
				p.again(t)
				p.keep(t, filepath.Join(dir, file))
				p.close()
			}
		}
	}
}

func TestKindOf(t *testing.T) {
	for path, want := range map[string]string{
		"/":                           "en front",
		"/ru/":                        "ru front",
		"/ru":                         "ru front",
		"/kk/2022/02/14/slug":         "kk article",
		"/2022/02/14/":                "en day",
		"/2022/02/":                   "en month",
		"/kk/2022/":                   "kk year",
		"/section/town":               "en section",
		"/section/town/page/2":        "en ",
		"/ru/privacy":                 "ru privacy",
		"/kk/authors":                 "kk authors",
		"/ru/account":                 "ru account",
		"/ru/columns":                 "ru all-columns",
		"/series":                     "en all-series",
		"/ru/about":                   "ru static",
		"/rules/comments":             "en static",
		"/feed.xml":                   "en ",
		"/assets/a.css":               "en ",
		"/kk/tag/%D2%9B%D0%B0":        "kk tag",
		"/author/anna?x=1":            "en author",
		"/russia":                     "en static",
		"/2022/02/14/slug/extra":      "en ",
		"/ru/2022/02/14/a/comments/3": "ru comments",
	} {
		lang, kind := kindOf(path)
		if got := lang + " " + kind; got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}
