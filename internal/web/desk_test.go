package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"dateline/internal/fault"
)

type guardedKey struct{}

// deskRouter has a page of the desk and a page for readers, each for everybody and
// for those whom the guard knows.
func deskRouter() *Router {
	t := &Router{}
	for pattern, kind := range map[string]Kind{"/desk/page": Desk, "/page": Page} {
		for end, permission := range map[string]string{"": Public, "/mine": "article.write"} {
			t.Handle(Route{Pattern: pattern + end, Kind: kind, Permission: permission, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if kind == Desk {
					fmt.Fprintf(w, "%s ", Nonce(w))
				}
				fmt.Fprint(w, "seen by ", r.Context().Value(guardedKey{}))
			})})
		}
	}
	return t
}

func TestGuardIsAskedEverywhere(t *testing.T) {
	guard := func(w http.ResponseWriter, r *http.Request, permission string) (*http.Request, error) {
		switch who := r.Header.Get("Who"); who {
		case "":
			http.Redirect(w, r, "/desk/sign-in", http.StatusSeeOther)
			return nil, nil
		case "author":
			return r.WithContext(context.WithValue(r.Context(), guardedKey{}, who+" for "+permission+" at "+r.Pattern)), nil
		}
		return nil, fault.New(fault.Forbidden, "not for you")
	}
	for _, tt := range []struct {
		path, who string
		guard     bool
		status    int
		body      string
	}{
		{"/page", "", true, 200, "seen by <nil>"},
		{"/page/mine", "", true, 303, ""},
		{"/page/mine", "author", true, 200, "seen by author for article.write at /page/mine"},
		{"/page/mine", "moderator", true, 403, ""},
		{"/page/mine", "author", false, 403, ""}, // nobody is there to ask
		{"/desk/page", "", false, 200, "seen by <nil>"},
		{"/desk/page/mine", "moderator", true, 403, ""},
	} {
		o := Options{Log: quiet}
		if tt.guard {
			o.Guard = guard
		}
		r := httptest.NewRequest("GET", tt.path, nil)
		r.Header.Set("Who", tt.who)
		w := httptest.NewRecorder()
		Handler(deskRouter(), o).ServeHTTP(w, r)
		if w.Code != tt.status || tt.body != "" && !strings.HasSuffix(w.Body.String(), tt.body) || tt.body == "" && strings.Contains(w.Body.String(), "seen") {
			t.Errorf("%s by %q, guard %v: %d %q, want %d %q", tt.path, tt.who, tt.guard, w.Code, w.Body.String(), tt.status, tt.body)
		}
	}
}

// The desk is not asked by pages of other sites, neither for pictures nor by forms
// nor in frames; a link to it may be followed.
func TestFetchMetadataAtTheDesk(t *testing.T) {
	h := Handler(deskRouter(), Options{BaseURL: "https://news.example", Log: quiet})
	for _, tt := range []struct {
		method, site, mode, dest string
		desk, page               int
	}{
		{"GET", "", "", "", 200, 200},
		{"GET", "none", "navigate", "document", 200, 200},
		{"GET", "same-origin", "cors", "empty", 200, 200},
		{"GET", "cross-site", "navigate", "document", 200, 200},
		{"GET", "same-site", "navigate", "document", 200, 200},
		{"GET", "cross-site", "navigate", "iframe", 403, 200},
		{"GET", "cross-site", "no-cors", "image", 403, 200},
		{"GET", "same-site", "cors", "empty", 403, 200},
		{"POST", "cross-site", "navigate", "document", 403, 403},
		{"POST", "same-origin", "navigate", "document", 200, 200},
	} {
		for path, want := range map[string]int{"/desk/page": tt.desk, "/page": tt.page} {
			r := httptest.NewRequest(tt.method, "https://news.example"+path, nil)
			for name, value := range map[string]string{"Site": tt.site, "Mode": tt.mode, "Dest": tt.dest} {
				if value != "" {
					r.Header.Set("Sec-Fetch-"+name, value)
				}
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("%s %s from %q (%s, %s): %d, want %d", tt.method, path, tt.site, tt.mode, tt.dest, w.Code, want)
			}
		}
	}
}

func TestHeadersOfTheDesk(t *testing.T) {
	h := Handler(deskRouter(), Options{BaseURL: "https://news.example", Log: quiet})
	seen := map[string]bool{}
	policy := regexp.MustCompile(`script-src 'nonce-([A-Z2-7]{26})' 'strict-dynamic';.*trusted-types dateline; upgrade-insecure-requests`)
	for range 3 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/desk/page", nil))
		m := policy.FindStringSubmatch(w.Header().Get("Content-Security-Policy"))
		if m == nil || !strings.HasPrefix(w.Body.String(), m[1]+" ") || seen[m[1]] {
			t.Fatalf("policy %q of a page that was told %q, after %v", w.Header().Get("Content-Security-Policy"), w.Body.String(), seen)
		}
		seen[m[1]] = true
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%v", w.Header())
		}
		if got := score(t, w.Header()); got < 150 {
			t.Errorf("%d points", got)
		}
	}
}
