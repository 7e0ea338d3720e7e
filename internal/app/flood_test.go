package app_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
	"dateline/internal/web"
	"dateline/internal/webtest"
)

// TestScores gives every address of the demo, and every kind of error, to the
// public header checker's rules.
func TestScores(t *testing.T) {
	t.Parallel()
	h := openHouse(t, dbtest.New(t), &clock{t: monday}, 1)
	h.conf.BaseURL = "https://lamp.test"
	a := h.open()
	h.app = a
	site := a.Handler()
	failing := &web.Router{}
	for path, kind := range map[string]fault.Kind{"/429": fault.TooMany, "/500": fault.Internal, "/503": fault.Busy} {
		failing.Handle(web.Route{Method: "GET", Pattern: path, Room: "site", Permission: web.Public,
			Handler: web.Func(func(http.ResponseWriter, *http.Request) error { return fault.New(kind, "on purpose") })})
	}
	broken := web.Handler(failing, web.Options{BaseURL: a.BaseURL, Error: a.Site.Error, Log: a.Log})
	codes := map[int]int{}
	check := func(what string, w *http.Response, body string) {
		codes[w.StatusCode]++
		least := 150
		switch kind := w.Header.Get("Content-Type"); {
		case strings.HasPrefix(kind, "text/html"):
			least = 155 // its script has an integrity attribute
		case strings.HasPrefix(kind, "image/svg"):
			least = 130 // other sites may show it, and its styles work
		case strings.HasPrefix(what, "/media/") && w.StatusCode == 200:
			least = 140
		case w.Header.Get("Access-Control-Allow-Origin") == "*":
			least = 140 // a feed: other sites may use it
		}
		points, faults := webtest.Score(w.Header, body)
		if points < least || len(faults) > 0 {
			t.Errorf("%s (%d): %d points, want %d; %q; %v", what, w.StatusCode, points, least, faults, w.Header)
		}
	}
	serve := func(h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Host = "lamp.test"
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	see := func(h http.Handler, method, path, body string, header ...string) *http.Response {
		w := serve(h, method, path, body, header...)
		text := w.Body.String()
		check(method+" "+path, w.Result(), text)
		return w.Result()
	}
	files := map[string]bool{}
	for _, path := range crawl(site, "/", "/ru/", "/kk/") {
		w := serve(site, "GET", path, "")
		check(path, w.Result(), w.Body.String())
		if tag := w.Header().Get("Etag"); tag != "" {
			check(path+" again", serve(site, "GET", path, "", "If-None-Match", tag).Result(), `<script src="" integrity="sha`)
		}
		for _, m := range sources.FindAllStringSubmatch(w.Body.String(), -1) {
			files[m[1]] = true
		}
	}
	for path := range files {
		check(path, serve(site, "GET", path, "").Result(), "")
	}
	target, _, err := a.Addresses.Lookup(context.Background(), h.site.Default().ID, "2026/11/12/a-chess-club-is-a-parliament")
	if err != nil {
		t.Fatal(err)
	}
	h.change(func(ctx context.Context, tx *db.Tx) error {
		return a.Articles.Withdraw(ctx, tx, target.ID, "The score was wrong.")
	})
	same := []string{"Sec-Fetch-Site", "same-origin"}
	for _, tt := range []struct {
		site               http.Handler
		method, path, body string
		header             []string
		code               int
	}{
		{site, "GET", "/en/privacy", "", nil, 301},
		{site, "GET", "/%01", "", nil, 400},
		{site, "POST", "/-/views/1", "", nil, 403},
		{site, "GET", "/nowhere", "", nil, 404},
		{site, "GET", "/media/no/no.svg", "", nil, 404},
		{site, "DELETE", "/", "", same, 405},
		{site, "GET", "/2026/11/12/a-chess-club-is-a-parliament", "", nil, 410},
		{site, "POST", "/-/views/1", strings.Repeat("x", 1<<20), same, 413},
		{site, "GET", "/" + strings.Repeat("a", 9000), "", nil, 414},
		{broken, "GET", "/429", "", nil, 429},
		{broken, "GET", "/500", "", nil, 500},
		{broken, "GET", "/503", "", nil, 503},
	} {
		if w := see(tt.site, tt.method, tt.path, tt.body, tt.header...); w.StatusCode != tt.code {
			t.Errorf("%s %.30s: %d, want %d", tt.method, tt.path, w.StatusCode, tt.code)
		}
	}
	if codes[304] < 30 || codes[200] < 200 {
		t.Errorf("too few were seen: %v", codes)
	}
	t.Logf("answers by status: %v", codes)
}

// TestFloodOfInventedAddresses: pages that are kept are served as ever, what
// is beyond the room is told to come back, and nothing is forgotten.
func TestFloodOfInventedAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		site := h.app.Handler()
		want := get(site, "/")
		get(site, "/nowhere") // the page for it is kept from now on
		before := h.app.Cache.Stats()
		var wg sync.WaitGroup
		var mu sync.Mutex
		codes := map[int]int{}
		for g := range 400 {
			wg.Go(func() {
				for i := range 5 {
					w := ask(site, "GET", fmt.Sprintf("/old-%d-%d/", g, i))
					mu.Lock()
					codes[w.StatusCode]++
					mu.Unlock()
					if w.StatusCode == 503 && w.Header.Get("Retry-After") == "" {
						t.Error("a refusal does not say when to come back")
					}
					if now := get(site, "/"); now != want {
						t.Error("the front page changed during the flood")
					}
				}
			})
		}
		wg.Wait()
		after := h.app.Cache.Stats()
		if codes[404]+codes[503] != 2000 || codes[404] == 0 || uint64(codes[503]) != after.Refused {
			t.Errorf("answers %v, %d refused", codes, after.Refused)
		}
		if after.Entries > before.Entries+3 {
			t.Errorf("invented addresses are kept: %d pages before, %d after", before.Entries, after.Entries)
		}
		if get(site, "/") != want {
			t.Error("the front page is another one after the flood")
		}
		t.Logf("%v", codes)
	})
}

// TestErrorPagesAreKept: they are made once, and anew when the menu changes.
func TestErrorPagesAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		site := h.app.Handler()
		one, two := get(site, "/no/such"), get(site, "/ru/no/such")
		if strings.Replace(one, `value="such"`, `value="this"`, 1) != get(site, "/neither/this") || one == two || !strings.Contains(two, "Такой страницы") && !strings.Contains(two, "страниц") {
			t.Errorf("pages of errors:\n%.200s\n%.200s", one, two)
		}
		if w := ask(site, "GET", "/no/such"); w.Header.Get("Cache-Control") != "no-store" || w.Header.Get("Etag") != "" {
			t.Errorf("somebody else may keep it: %v", w.Header)
		}
		// Other words are no other page, whatever form is asked for.
		before := h.app.Cache.Stats().Renders
		for _, words := range []string{"the-old-bridge", "көпір", "мост", "such"} {
			w := ask(site, "GET", "/no/"+words, "Accept-Encoding", "gzip, br, zstd", "If-None-Match", "*")
			body, err := io.ReadAll(w.Body)
			if want := `value="` + strings.ReplaceAll(words, "-", " ") + `"`; err != nil || w.StatusCode != 404 || int64(len(body)) != w.ContentLength ||
				w.Header.Get("Content-Encoding") != "" || !strings.Contains(string(body), want) {
				t.Errorf("%s: %d %v, %d bytes, %v:\n%.300s", words, w.StatusCode, w.Header, len(body), err, body)
			}
		}
		if after := h.app.Cache.Stats().Renders; after != before+4 { // each is looked for, its page is not made
			t.Errorf("%d renderings for four addresses", after-before)
		}
		if w := ask(site, "HEAD", "/no/such"); w.StatusCode != 404 || w.ContentLength != int64(len(one)-strings.Index(one, "\n")-1) {
			t.Errorf("HEAD: %d, %d bytes announced", w.StatusCode, w.ContentLength)
		}
		h.change(func(ctx context.Context, tx *db.Tx) error { tx.Changed(db.All); return nil })
		fresh := get(h.open().Handler(), "/no/such")
		if got := get(site, "/no/such"); got != fresh {
			t.Error("the kept page differs from a fresh one")
		}
		// With the database away it is served as it was.
		if err := h.app.DB.Close(); err != nil {
			t.Fatal(err)
		}
		if got := get(site, "/anything"); !strings.HasPrefix(got, "50") && !strings.HasPrefix(got, "404") || !strings.Contains(got, "<html") {
			t.Errorf("without the database: %.100s", got)
		}
	})
}

var sources = regexp.MustCompile(`(?:src|href)="(/(?:media|assets)/[^"#]*)"`)
