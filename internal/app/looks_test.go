package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/webtest"
)

var sheets = regexp.MustCompile(`rel="stylesheet" href="([^"]+)"`)

func visit(h http.Handler, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Host = "lamp.test"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Colours, letters and the theme change in every process without a restart,
// and every process answers for the style sheets of the others' pages.
func TestLooksEverywhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: time.Date(2026, 11, 14, 15, 30, 0, 0, time.UTC)}, 3)
		one, two := h.app, h.open()
		heard := make(chan struct{}, 100)
		two.DB.OnChange(func([]string) { heard <- struct{}{} })
		before := sheets.FindAllStringSubmatch(visit(two.Handler(), "/ru/").Body.String(), -1)
		if len(before) != 1 {
			t.Fatalf("sheets before anything is set: %v", before)
		}
		for _, s := range [][2]string{{"accent", "#7a1f3d"}, {"font_text", "sans"}} {
			if err := one.Set(context.Background(), s[0], "", s[1]); err != nil {
				t.Fatal(err)
			}
			<-heard
		}
		after := sheets.FindAllStringSubmatch(visit(two.Handler(), "/ru/").Body.String(), -1)
		if len(after) != 2 || after[0][1] != before[0][1] {
			t.Fatalf("sheets after: %v, before: %v", after, before)
		}
		for _, a := range []http.Handler{one.Handler(), two.Handler()} {
			w := visit(a, after[1][1])
			if w.Code != 200 || !strings.Contains(w.Body.String(), "--accent:#7a1f3d") || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
				t.Errorf("%d %s %s", w.Code, w.Header().Get("Cache-Control"), w.Body)
			}
		}
		// The sheet of another version's page is made, but not to be kept.
		other := regexp.MustCompile(`[0-9a-f]{12}\.css$`).ReplaceAllString(after[1][1], "000000000000.css")
		if w := visit(one.Handler(), other); w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("another version's: %d %s", w.Code, w.Header().Get("Cache-Control"))
		}
		for _, bad := range []string{"/assets/newsroom/x.css", "/assets/newsroom/default.red._._._._.000000000000.css", "/assets/newsroom/"} {
			if w := visit(one.Handler(), bad); w.Code != 404 {
				t.Errorf("%s: %d", bad, w.Code)
			}
		}
		for _, name := range one.Engine.Themes() {
			if err := one.Set(context.Background(), "theme", "", name); err != nil {
				t.Fatal(err)
			}
			<-heard
			page := visit(two.Handler(), "/kk/").Body.String()
			m := sheets.FindAllStringSubmatch(page, -1)
			if len(m) != 2 || !strings.HasPrefix(m[0][1], "/assets/theme/"+name+".") {
				t.Errorf("the theme %s is not on the page: %v", name, m)
			}
			for _, s := range m {
				if w := visit(two.Handler(), s[1]); w.Code != 200 || w.Body.Len() == 0 {
					t.Errorf("%s: %d", s[1], w.Code)
				}
			}
		}
	})
}

// What stands beside a page is called by what it stands beside, in every theme
// and language.
func TestRailsAreNamed(t *testing.T) {
	t.Parallel()
	h := openHouse(t, dbtest.New(t), &clock{t: time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)}, 3)
	site := h.app.Handler()
	names := map[string][2]string{"en": {"Beside the article", "Beside the list of articles"}, "ru": {"Рядом со статьёй", "Рядом со списком статей"},
		"kk": {"Мақала жанында", "Мақалалар тізімінің жанында"}}
	for _, theme := range h.app.Engine.Themes() {
		h.set(map[string]string{"theme": theme})
		seen := map[string]int{}
		for _, path := range crawl(site, "/", "/ru/", "/kk/") {
			root, err := html.Parse(visit(site, path).Body)
			if err != nil {
				t.Fatal(err)
			}
			rails, _ := webtest.Select(root, "aside[aria-label]")
			for _, r := range rails {
				got, _ := webtest.Attr(r, "aria-label")
				own := names[attrOf(t, root, "html", "lang")]
				if got != own[0] && got != own[1] {
					continue // a calendar, a correction
				}
				want := own[1]
				if article, _ := webtest.Select(root, "article[data-article]"); len(article) > 0 {
					want = own[0]
				}
				if seen[got]++; got != want {
					t.Errorf("%s, %s: %q stands beside, want %q", theme, path, got, want)
				}
			}
		}
		if len(seen) != 6 {
			t.Errorf("%s: looked at %v", theme, seen)
		}
	}
}

// A broken file in the theme's folder never keeps the site from opening, nor a
// reader from a page; in development the styles are read anew.
func TestThemeFolder(t *testing.T) {
	h := openHouse(t, dbtest.New(t), &clock{t: time.Date(2026, 11, 14, 15, 30, 0, 0, time.UTC)}, 3)
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("privacy/privacy.html", "{{define \"main\"}}\n{{.Nope}}{{end}}")
	write("css/95-own.css", "b{background:url(nowhere.png)}")
	write("img/own.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	a := *h.app
	a.Theme = dir
	if err := a.Public(); err != nil {
		t.Fatal(err)
	}
	if len(a.Engine.Problems()) < 2 {
		t.Errorf("problems: %v", a.Engine.Problems())
	}
	if w := visit(a.Handler(), "/privacy"); w.Code != 200 || !strings.Contains(w.Body.String(), `id="views"`) {
		t.Errorf("privacy: %d", w.Code)
	}
	a.Dev = true
	if err := a.Public(); err != nil {
		t.Fatal(err)
	}
	handler := a.Handler()
	for _, colour := range []string{"red", "blue"} {
		write("css/95-own.css", "b{color:"+colour+";background:asset(img/own.svg)}")
		m := sheets.FindStringSubmatch(visit(handler, "/privacy").Body.String())
		w := visit(handler, m[1])
		if w.Code != 200 || !strings.Contains(w.Body.String(), "b{color:"+colour) || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", colour, w.Code, w.Header())
		}
	}
	// A page that was opened before is shown as the templates are now, mistakes
	// and all, whether the file of its own kind changed or a part of every page;
	// so is the page of an error.
	for _, at := range []string{"/privacy", "/nowhere", "/search", "/search?q=lamp"} {
		for _, words := range []string{"as it was", "as it is"} {
			write("parts/footer.html", `{{define "footer"}}<footer>`+words+`</footer>{{end}}`)
			if body := visit(handler, at).Body.String(); !strings.Contains(body, "<footer>"+words+"</footer>") {
				t.Errorf("%s shows another footer than %q", at, words)
			}
		}
		write("parts/footer.html", `{{define "footer"}}{{.Nope}}{{end}}`)
		if body := visit(handler, at).Body.String(); !strings.Contains(body, "parts/footer.html") || !strings.Contains(body, "Nope") {
			t.Errorf("%s does not say what is wrong with the footer", at)
		}
	}
	if w := visit(handler, regexp.MustCompile(`/assets/theme/default/img/own[^"]*svg`).FindString(visit(handler, "/assets/theme/default.css").Body.String())); w.Code != 200 {
		t.Errorf("the folder's drawing: %d", w.Code)
	}
}
