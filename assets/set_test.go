package assets_test

import (
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"dateline/assets"
)

func get(s *assets.Set, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestSet(t *testing.T) {
	s, err := assets.Open()
	if err != nil {
		t.Fatal(err)
	}
	s.Put("theme/site.css", []byte("a{}"))
	before := s.URL("theme/site.css")
	s.Put("theme/site.css", []byte("b{}"))
	after := s.URL("theme/site.css")
	if before == after || !strings.HasPrefix(after, assets.Prefix) || path.Ext(after) != ".css" {
		t.Fatalf("addresses %q and %q", before, after)
	}
	if got := get(s, "GET", before).Body.String(); got != "a{}" {
		t.Errorf("the old address gives %q", got)
	}
	w := get(s, "GET", after)
	if w.Code != 200 || w.Body.String() != "b{}" || w.Header().Get("Content-Type") != "text/css; charset=utf-8" ||
		w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("GET: %d %v", w.Code, w.Header())
	}
	if w := get(s, "HEAD", after); w.Code != 200 || w.Body.Len() > 0 || w.Header().Get("Content-Length") != "3" {
		t.Errorf("HEAD: %d %v", w.Code, w.Header())
	}
	if w := get(s, "GET", after, "If-None-Match", w.Header().Get("ETag")); w.Code != http.StatusNotModified {
		t.Errorf("known: %d", w.Code)
	}
	if w := get(s, "POST", after); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", w.Code)
	}
	for _, p := range []string{"/assets/theme/site.css", "/assets/", "/assets/../embed.go"} {
		if w := get(s, "GET", p); w.Code != 404 {
			t.Errorf("%s: %d", p, w.Code)
		}
	}
	if s.URL("nothing") != "" || s.Integrity("nothing") != "" {
		t.Error("a file that is not there has an address")
	}
	if !strings.HasPrefix(s.Integrity("js/reader.js"), "sha384-") || s.URL("fonts/serif-latin.woff2") == "" {
		t.Error("an embedded file is missing")
	}
}

// The script stays small, and text reaches the page through textContent only
// (require-trusted-types-for 'script').
func TestReaderScript(t *testing.T) {
	js, err := assets.Files.ReadFile("js/reader.js")
	if err != nil {
		t.Fatal(err)
	}
	if len(js) > 5<<10 {
		t.Errorf("%d bytes", len(js))
	}
	for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage", "sessionStorage", "document.cookie", "indexedDB"} {
		if strings.Contains(string(js), bad) {
			t.Errorf("it uses %s", bad)
		}
	}
}
