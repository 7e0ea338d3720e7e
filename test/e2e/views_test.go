//go:build e2e

package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"dateline/internal/lang"
	"dateline/internal/webtest"
)

// A reader is counted once, with scripts and without, and sees the number in
// the language of the page. A browser that says it is a robot is not counted.
func TestViews(t *testing.T) {
	pages := chosen(t)
	p := pages["kk-article-1"]
	if p == nil {
		t.Fatal("no article in kk")
	}
	found, _ := webtest.Select(p.root, "article[data-article]")
	if len(found) != 1 {
		t.Fatalf("%s has %d articles", p.path, len(found))
	}
	id, _ := webtest.Attr(found[0], "data-article")
	before := viewsOf(t, id)
	b := startBrowser(t)
	read := func(why, agent string, scripts bool, want int64) *tab {
		t.Helper()
		b.agent = agent
		shown := b.open(t, site(t)+p.path, scripts, 1280, 900)
		// Past the second that makes a view, and the answer to it.
		if got := settle(t, id, before+want); got != before+want {
			t.Errorf("%s: %d views, want %d", why, got-before, want)
		}
		return shown
	}
	const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	read("a robot", "", true, 0).close()
	first := read("a first reading", firefox, true, 1)
	spoken := eval[string](t, first, `(async () => {
		const want = `+text(lang.Of("kk").Number(before+1))+`; // Chromium does not know how Kazakh writes it
		for (let i = 0; i < 50 && document.querySelector("[data-views]").textContent !== want; i++) await new Promise(r => setTimeout(r, 100));
		return document.querySelector("[data-views]").textContent === want ? "" : document.querySelector("[data-views]").textContent + ", want " + want })()`)
	if spoken != "" {
		t.Errorf("the page shows %s", spoken)
	}
	first.close()
	read("the same reader again", firefox, true, 1).close()
	read("another one, without scripts", strings.ReplaceAll(firefox, "140", "139"), false, 2).close()
	read("the same without scripts again", strings.ReplaceAll(firefox, "140", "139"), false, 2).close()
}

// settle reads the number until nothing more can come: 2 s after the page.
func settle(t *testing.T, id string, want int64) int64 {
	t.Helper()
	time.Sleep(2 * time.Second) // a browser keeps its own clock
	got := viewsOf(t, id)
	for range 20 {
		if got >= want {
			break
		}
		time.Sleep(100 * time.Millisecond)
		got = viewsOf(t, id)
	}
	return got
}

func viewsOf(t *testing.T, id string) int64 {
	t.Helper()
	r, err := http.Get(site(t) + "/-/views/" + id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var answer struct{ Views int64 }
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer.Views
}

func text(s string) string { b, _ := json.Marshal(s); return string(b) }
