package operator

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dateline/internal/lang"
	"dateline/internal/web"
)

// TestLine: a document's health in a line is in the language that is asked for.
func TestLine(t *testing.T) {
	d := Document{Path: "/feed.xml", State: Good}
	if got := d.Line(lang.Of("kk")); got != "дұрыс" {
		t.Error(got)
	}
	d.State, d.Why = Without, []Reason{{"https://lamp.example/a", "Один.", "ru"}, {"", "Два.", "ru"}}
	if got := d.Line(lang.Of("ru")); got != "отдаётся не целиком: https://lamp.example/a Один. Два." {
		t.Error(got)
	}
}

// TestLanguage: the page is in a language that has words for all of it, and says
// which.
func TestLanguage(t *testing.T) {
	if len(lang.Of("tr").Missing()) == 0 {
		t.Fatal("Turkish has all words: this tries nothing")
	}
	for _, c := range []struct{ address, browser, site, want string }{
		{"/health", "ru-RU,ru;q=0.9", "kk", "ru"},
		{"/health", "tr", "kk", "kk"},
		{"/health", "tr,ru;q=0.5", "kk", "ru"},
		{"/health", "de,en;q=0.5", "kk", "en"},
		{"/health", "", "kk", "kk"},
		{"/health", "tr", "tr", "en"},
		{"/health", "fr;q=x", "fr-CA", "en"},
		{"/health", "tr", "", "en"},
		{"/health?lang=kk", "ru", "ru", "kk"},
		{"/health?lang=tr", "ru", "kk", "ru"},
		{"/health?lang=nonsense!", "ru", "kk", "ru"},
	} {
		room := New(Options{Lang: func(context.Context) string { return c.site }, Now: time.Now, Storing: func(context.Context, *lang.Locale) string { return "" },
			Documents: func(context.Context, *lang.Locale) ([]Document, error) { return nil, nil }})
		r := httptest.NewRequest("GET", c.address, nil)
		r.Header.Set("Accept-Language", c.browser)
		w := httptest.NewRecorder()
		web.Handler(room.Routes(), web.Options{Guard: Guard}).ServeHTTP(w, r)
		words := lang.Of(c.want)
		if page := w.Body.String(); !strings.Contains(page, `<html lang="`+c.want+`" dir="ltr">`) || !strings.Contains(page, words.T("operator.none_troubled")) ||
			strings.Contains(page, `hreflang="tr"`) {
			t.Errorf("%s, for %q at a site in %q, is not in %s: %s", c.address, c.browser, c.site, c.want, page)
		}
	}
}
