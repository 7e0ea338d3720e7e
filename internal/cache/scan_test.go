package cache

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestScanDoesNotEvict asks once for many invented addresses between what is
// often read: what is read stays.
func TestScanDoesNotEvict(t *testing.T) {
	c := New(Options{MaxBytes: 4 << 20})
	ask := func(key string) bool {
		rendered := false
		r := httptest.NewRequest("GET", "/", nil)
		err := c.Serve(httptest.NewRecorder(), r, key, func(context.Context) (*Page, error) {
			rendered = true
			return &Page{Status: 200, ContentType: "text/html", Body: []byte(strings.Repeat("a", 20_000))}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return rendered
	}
	lost := 0
	for round := range 20 {
		for i := range 50 {
			if ask(fmt.Sprint("hot", i)) && round > 2 {
				lost++
			}
			ask(fmt.Sprint("hot", i))
		}
		for i := range 100 {
			ask(fmt.Sprint("invented", round, i))
		}
	}
	if lost > 0 {
		t.Errorf("%d readings of often read pages were rendered anew", lost)
	}
}

// TestNotModifiedKeepsPolicy: a 304 does not change the kept page's policy.
func TestNotModifiedKeepsPolicy(t *testing.T) {
	c := New(Options{})
	serve := func(etag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/feed.xml", nil)
		if etag != "" {
			r.Header.Set("If-None-Match", etag)
		}
		w := httptest.NewRecorder()
		w.Header().Set("Content-Security-Policy", "of pages")
		err := c.Serve(w, r, "feed", func(context.Context) (*Page, error) {
			return &Page{Status: 200, ContentType: "application/rss+xml", Body: []byte("<rss/>"),
				Header: http.Header{"Content-Security-Policy": {"of feeds"}}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	first := serve("")
	again := serve(first.Header().Get("Etag"))
	if again.Code != 304 || again.Header().Get("Content-Security-Policy") != "of feeds" {
		t.Errorf("%d with policy %q", again.Code, again.Header().Get("Content-Security-Policy"))
	}
}
