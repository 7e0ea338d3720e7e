package web

import (
	"crypto/sha512"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAssets(t *testing.T) {
	long := strings.Repeat("body { color: black }\n", 50)
	files := fstest.MapFS{
		"css/site.css": {Data: []byte(long + `@import "part.css"; @font-face { src: url( '../fonts/a.woff2' ), ` +
			`url("../fonts/a.woff2?#iefix") } a { b: url(#x), url(data:x), url(/y) } /* url(../none) */`)},
		"css/part.css":  {Data: []byte("p{}")},
		"fonts/a.woff2": {Data: []byte("font")},
		"page.html":     {Data: []byte("a template")},
	}
	set, err := Assets(files, "/assets")
	if err != nil {
		t.Fatal(err)
	}
	if names := set.Names(); !slices.Equal(names, []string{"css/part.css", "css/site.css", "fonts/a.woff2"}) {
		t.Errorf("files: %v", names)
	}
	css, _ := set.Body("css/site.css")
	font := set.URL("fonts/a.woff2")
	if !strings.HasPrefix(font, "/assets/fonts/a.") || !strings.HasSuffix(font, ".woff2") {
		t.Errorf("address %s", font)
	}
	for _, want := range []string{`@import "` + set.URL("css/part.css") + `"`, `url("` + font + `")`,
		`url("` + font + `?#iefix")`, "url(#x), url(data:x), url(/y)", "/* url(../none) */"} {
		if !strings.Contains(string(css), want) {
			t.Errorf("the style sheet lacks %s:\n%s", want, css[len(long):])
		}
	}
	sum := sha512.Sum384(css)
	if got := set.Integrity("css/site.css"); got != "sha384-"+base64.StdEncoding.EncodeToString(sum[:]) {
		t.Errorf("integrity %s", got)
	}

	router := &Router{}
	router.Handle(Route{Method: "GET", Pattern: "/assets/", Permission: Public, Handler: set, Kind: Asset})
	h := Handler(router, Options{Log: quiet})
	url := set.URL("css/site.css")
	for accept, coding := range map[string]string{"gzip, br": "br", "gzip": "gzip", "br;q=0, gzip": "gzip", "": ""} {
		w := do(h, "GET", url, "", "Accept-Encoding", accept)
		if w.Code != 200 || w.Header().Get("Content-Encoding") != coding {
			t.Errorf("%q: %d, %q", accept, w.Code, w.Header().Get("Content-Encoding"))
		}
		if w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" ||
			w.Header().Get("Vary") != "Accept-Encoding" || w.Header().Get(fieldResource) != "same-origin" {
			t.Errorf("headers %v", w.Header())
		}
	}
	w := do(h, "GET", url, "", "If-None-Match", `"a", `+do(h, "HEAD", url, "").Header().Get("Etag"))
	if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("%d", w.Code)
	}
	for _, missing := range []string{set.URL("css/none.css"), "/assets/css/site.css", "/assets/"} {
		if w := do(h, "GET", missing, ""); w.Code != 404 || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", missing, w.Code, w.Header())
		}
	}

	files["fonts/a.woff2"] = &fstest.MapFile{Data: []byte("another font")}
	if other, err := Assets(files, "/assets/"); err != nil || other.URL("css/site.css") == url {
		t.Errorf("a new font left the style sheet's address as it was (%v)", err)
	}
}

func TestAssetsThatCannotBe(t *testing.T) {
	for name, css := range map[string]map[string]string{
		"no such file": {"a.css": "a{b:url(x.png)}"},
		"a circle":     {"a.css": `@import "b.css";`, "b.css": "@import url(a.css);"},
	} {
		files := fstest.MapFS{}
		for file, text := range css {
			files[file] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := Assets(files, "/assets/"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
