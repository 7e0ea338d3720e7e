//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The checks are tried on a page that has every fault they look for, and on one
// that has none.
func TestChecksFindFaults(t *testing.T) {
	t.Parallel()
	const good = `<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width"><title>Good</title>
<link rel=icon href="data:,"><main><h1>Good</h1><p>Text <a href="/bad">to the bad one</a></p><noscript>There is no script.</noscript></main></html>`
	const bad = `<!doctype html><html><meta charset=utf-8><title>Bad</title><link rel=icon href="data:,">
<style>@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }</style>
<main><h1>Bad</h1><p>Text</p><img src="http://elsewhere.example/x.png"><div style="width:600px">wide</div><p><p></b></main>
<script>document.cookie = "a=b"; localStorage.x = 1; console.error("a complaint", 7); nowhere()</script></html>`
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/bad" {
			fmt.Fprint(w, bad)
		} else {
			w.WriteHeader(404) // a page may be an error
			fmt.Fprint(w, good)
		}
	}))
	defer site.Close()
	b := startBrowser(t)

	p := b.open(t, site.URL+"/good", true, 360, 780)
	p.scheme(t, "dark")
	strange, console := p.noted()
	for name, found := range map[string][]string{
		"axe": p.axeFaults(t), "strange": strange, "console": console, "wide": p.wide(t), "kept": p.kept(t),
	} {
		if len(found) > 0 {
			t.Errorf("good page, %s: %q", name, found)
		}
	}
	p.close()

	p = b.open(t, site.URL+"/bad", true, 360, 780)
	p.scheme(t, "light")
	light := p.axeFaults(t)
	p.scheme(t, "dark")
	dark := p.axeFaults(t)
	colours, sameShape := p.axeColours(t), p.shape(t)
	eval[bool](t, p, `document.querySelector("p").style.opacity = "0.9", true`)
	if p.shape(t) == sameShape {
		t.Error("something is seen otherwise, and the page has the same shape")
	}
	eval[bool](t, p, `document.querySelector("p").style.opacity = "", document.querySelector("p").style.marginTop = "3px", true`)
	if p.shape(t) == sameShape {
		t.Error("something has moved, and the page has the same shape")
	}
	strange, console = p.noted()
	for name, c := range map[string]struct {
		found []string
		want  string
	}{
		"axe, light":     {light, "image-alt"},
		"axe, language":  {light, "html-has-lang"},
		"axe, dark":      {dark, "color-contrast"},
		"axe, colours":   {colours, "color-contrast"},
		"other hosts":    {strange, "http://elsewhere.example/x.png"},
		"console":        {console, "a complaint"},
		"exceptions":     {console, "nowhere is not defined"},
		"failed request": {console, "elsewhere.example"},
		"wide":           {p.wide(t), "608 px in 360"},
		"cookie":         {p.kept(t), "cookie a"},
		"storage":        {p.kept(t), "localStorage x"},
	} {
		if !strings.Contains(strings.Join(c.found, "\n"), c.want) {
			t.Errorf("%s: %q, want something about %q", name, c.found, c.want)
		}
	}
	if strings.Contains(strings.Join(light, "\n"), "color-contrast") {
		t.Errorf("in the light scheme axe sees the dark one: %q", light)
	}
	if picture := p.shot(t); len(picture) < 1000 || string(picture[1:4]) != "PNG" {
		t.Errorf("a picture of %d bytes", len(picture))
	}
	p.close()

	p = b.open(t, site.URL+"/bad", false, 360, 780)
	if _, console = p.noted(); strings.Contains(strings.Join(console, "\n"), "a complaint") {
		t.Error("scripts run although they are off")
	}
	if got := visibleText(t, p); !strings.Contains(got, "wide") {
		t.Errorf("without scripts the page says %q", got)
	}
	p.close()

	faults := nuErrors(t, map[string][]byte{"good": []byte(good), "bad": []byte(bad)})
	if len(faults["good"]) > 0 || !strings.Contains(strings.Join(faults["bad"], "\n"), "Stray end tag “b”") {
		t.Errorf("the Nu checker says %q", faults)
	}
}
