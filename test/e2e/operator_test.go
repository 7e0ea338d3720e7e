//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// The operator's page, with nothing amiss, with a line amiss and with all that
// has an address refused: for everybody, on every width, in every language.
func TestHealthPage(t *testing.T) {
	frozen(t)
	a := still.app
	server := httptest.NewServer(a.Operator())
	defer server.Close()
	astray := *a
	astray.BaseURL = "an-address-without-its-beginning.example"
	if err := astray.Public(); err != nil {
		t.Fatal(err)
	}
	strayed := httptest.NewServer(astray.Operator())
	defer strayed.Close()
	b := startBrowser(t)
	amiss := func(value string) {
		t.Helper()
		if err := a.Set(context.Background(), "robots_txt", "", value); err != nil {
			t.Fatal(err)
		}
	}
	defer amiss("")
	documents := map[string][]byte{}
	for _, state := range []string{"well", "amiss", "refused"} {
		address := server.URL
		switch state {
		case "refused":
			address = strayed.URL
		case "amiss":
			amiss("User-agent: x\nDisallow: a-path-that-is-none-and-is-so-long-that-it-does-not-fit-into-a-line-of-a-phone")
		}
		for _, e := range editions {
			where := e.lang + " " + state
			doc, err := get(server.Client(), address, "/health?lang="+e.lang)
			if err != nil {
				t.Fatal(err)
			}
			documents[where] = doc.body
			p := b.open(t, address+"/health?lang="+e.lang, true, 1280, 900)
			for _, look := range []look{{scheme: "light", width: 1280}, {scheme: "dark", width: 360}, {scheme: "light", width: 360}} {
				p.resize(t, int64(look.width), 900)
				p.scheme(t, look.scheme)
				each(t, fmt.Sprintf("axe, %s, %d px", look.scheme, look.width), where, p.axeFaults(t))
				each(t, fmt.Sprintf("scrolls sideways at %d px", look.width), where, p.wide(t))
				if dir := os.Getenv("DATELINE_SHOTS"); dir != "" {
					if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("health-%s-%s-%d-%s.png", state, e.lang, look.width, look.scheme)), p.shot(t), 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
			p.resize(t, 320, 900)
			each(t, "scrolls sideways at 320 px", where, p.wide(t))
			each(t, "kept on the device", where, p.kept(t))
			strange, console := p.noted()
			each(t, "request to another host", where, strange)
			each(t, "console", where, console)
			p.close()
		}
	}
	for name, faults := range nuErrors(t, documents) {
		each(t, "Nu", name, faults)
	}
}
