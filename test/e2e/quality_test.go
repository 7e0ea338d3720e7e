//go:build e2e

package e2e

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/webtest"
)

const kb = 1024

// What a page may weigh, compressed, as it goes over the network.
const (
	mostHTML   = 14 * kb // an article of 700 words
	mostStyle  = 20 * kb
	mostScript = 15 * kb
	mostFonts  = 120 * kb // of a page in one language
)

// TestWeight holds the budgets of pages, styles, scripts and fonts.
func TestWeight(t *testing.T) {
	t.Parallel()
	stills(t)
	judged := 0
	for path, p := range still.pages {
		if _, kind := kindOf(path); kind != "article" || p.code != http.StatusOK || p.root == nil {
			continue
		}
		text, err := webtest.Select(p.root, ".e-content")
		if err != nil || len(text) != 1 {
			t.Fatalf("%s: %d texts, %v", path, len(text), err)
		}
		words, said := len(strings.Fields(webtest.Text(text[0]))), discussion(t, p.root)
		if words > 700 || said > 100 {
			continue
		}
		judged++
		if got := packed(t, path); got > mostHTML {
			t.Errorf("%s: %d words weigh %d bytes, at most %d", path, words, got, mostHTML)
		}
	}
	if judged < 9 {
		t.Errorf("%d articles were weighed", judged)
	}
	t.Logf("%d articles of up to 700 words weighed", judged)
	for _, theme := range themes {
		weighed(t, theme)
	}
}

// weighed holds the budgets of what a theme brings.
func weighed(t *testing.T, theme string) {
	paths := stills(t)
	front, err := get(http.DefaultClient, inTheme(t, theme), "/")
	if err != nil {
		t.Fatal(err)
	}
	style, script := 0, 0
	for _, name := range links(front) {
		switch {
		case strings.HasPrefix(name, "/assets/") && strings.HasSuffix(name, ".css"):
			style += packed(t, name)
		case strings.HasPrefix(name, "/assets/") && strings.HasSuffix(name, ".js"):
			script += packed(t, name)
		}
	}
	if style == 0 || style > mostStyle || script == 0 || script > mostScript {
		t.Errorf("%s: styles %d bytes, at most %d; scripts %d, at most %d", theme, style, mostStyle, script, mostScript)
	}
	t.Logf("%s: styles %d bytes, scripts %d bytes", theme, style, script)
	b := startBrowser(t)
	for _, e := range editions {
		for _, name := range []string{"front", "report", "long", "discussed", "month", "authors", "search"} {
			p := b.open(t, inTheme(t, theme)+paths[e.lang+"/"+name], true, 1280, 900)
			p.whole(t)
			got := eval[int](t, p, `performance.getEntriesByType("resource").filter(e => e.name.endsWith(".woff2")).reduce((n, e) => n + e.encodedBodySize, 0)`)
			if got == 0 || got > mostFonts {
				t.Errorf("%s: %s %s loads %d bytes of fonts, at most %d", theme, e.lang, name, got, mostFonts)
			}
			t.Logf("%s: %s %s: %d bytes of fonts", theme, e.lang, name, got)
			p.close()
		}
	}
}

// discussion is how many words an article's comments have.
func discussion(t *testing.T, root *html.Node) int {
	found, err := webtest.Select(root, "#comments")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, x := range found {
		n += len(strings.Fields(webtest.Text(x)))
	}
	return n
}

// packed is how many bytes an address sends to a browser that takes gzip.
func packed(t *testing.T, path string) int {
	t.Helper()
	r, err := http.NewRequest("GET", frozen(t)+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("%s is not compressed", path)
	} else if _, err := gzip.NewReader(strings.NewReader(string(body))); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	return len(body)
}

// slowly is the site as it is reached over a line on which everything whose path ends
// in one of the endings takes a second longer than the page.
func slowly(t *testing.T, address string, endings ...string) string {
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = to.Host }}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(r.URL.Path, e) }) {
			select {
			case <-time.After(time.Second): // a network keeps its own clock
			case <-r.Context().Done():
				return
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// Signs of currencies come from the theme's own letters, in text, in italics and in
// the interface, and only where a page has one.
func TestMoney(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	frozen(t)
	for _, theme := range themes {
		p := b.open(t, inTheme(t, theme)+"/kk/", true, 1280, 900)
		p.whole(t)
		if names := eval[string](t, p, `performance.getEntriesByType("resource").map(e => e.name).filter(n => n.includes("money")).join(" ")`); names != "" {
			t.Errorf("%s: a page without signs of currencies loads %s", theme, names)
		}
		for _, font := range []string{`16px "Lamp Serif"`, `italic 16px "Lamp Serif"`, `16px "Lamp Sans"`} {
			for _, sign := range []string{"₸", "₽", "₺", "₴", "€", "$"} {
				if n := eval[int](t, p, fmt.Sprintf("document.fonts.load('%s', '%s').then(l => l.filter(f => f.status === 'loaded').length)", font, sign)); n != 1 {
					t.Errorf("%s: %s of %s comes from %d files", theme, sign, font, n)
				}
			}
		}
		p.close()
	}
}

// Nothing moves when the fonts and pictures come late.
func TestNothingMoves(t *testing.T) {
	t.Parallel()
	for _, theme := range themes {
		names, widths := []string{"front", "report", "gallery", "column", "section", "month", "year", "author", "columns", "all-series", "410", "search"}, []int64{360, 1280}
		if theme != themes[0] {
			names, widths = []string{"front", "report", "authors", "410"}, widths[:1] // what others lay out themselves, where it is narrowest
		}
		t.Run(theme, func(t *testing.T) { rests(t, inTheme(t, theme), names, widths) })
	}
}

func rests(t *testing.T, address string, names []string, widths []int64) {
	paths := stills(t)
	late := slowly(t, address, ".woff2", ".svg", ".png", ".jpg", ".webp", ".avif")
	for i, e := range editions {
		if len(widths) == 1 && i > 0 && !thorough {
			continue // a theme that lays out little itself
		}
		for j, width := range widths {
			t.Run(fmt.Sprint(e.lang, " ", width), func(t *testing.T) { // a page waits more than it works
				t.Parallel()
				b := startBrowser(t)
				for n, name := range names {
					if (n+i+j)%2 == 1 && len(widths) > 1 && !thorough {
						continue // in the other width
					}
					p := b.watched(t, late+paths[e.lang+"/"+name], width, 900)
					p.whole(t)
					moved := eval[float64](t, p, `new Promise(done => requestAnimationFrame(() => setTimeout(() => done(seen.moved), 100)))`)
					if moved >= 0.005 {
						t.Errorf("%s %s at %d px: the page moves by %.3f, want 0.00:\n%s", e.lang, name, width, moved, strings.Join(eval[[]string](t, p, "seen.what"), "\n"))
					}
					p.close()
				}
			})
		}
	}
}

// TestStates holds what is promised of every page for the states that no crawl of the
// demo finds.
func TestStates(t *testing.T) {
	t.Parallel()
	for _, theme := range themes {
		t.Run(theme, func(t *testing.T) { held(t, theme) })
	}
}

func held(t *testing.T, theme string) {
	paths, address := stills(t), inTheme(t, theme)
	for n, name := range stateNames() {
		for i, e := range editions {
			if (n+i)%3 != 0 && !slices.Contains([]string{"crowd", "gallery", "410", "part"}, name) {
				continue // the same markup in another language
			}
			if theme != themes[0] && n%2 == 1 && !thorough {
				continue // it draws the frame itself, and that alone
			}
			where, in := e.lang+" "+name, twoOf(looks, n+i)
			t.Run(where, func(t *testing.T) {
				t.Parallel()
				startBrowser(t).sound(t, where, address+paths[e.lang+"/"+name], in)
			})
		}
	}
}
