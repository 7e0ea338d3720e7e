//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"dateline/internal/app"
)

// trouble is a robots.txt of which a line is refused.
const trouble = "User-agent: x\nDisallow: a-path-that-is-none-and-is-so-long-that-it-does-not-fit-into-a-line-of-a-phone"

// troubled sets a newsroom's robots.txt; "" is none.
func troubled(t *testing.T, a *app.App, robots string) {
	t.Helper()
	if err := a.Set(context.Background(), "robots_txt", "", robots); err != nil {
		t.Fatal(err)
	}
}

// The operator's page, with nothing amiss, with a line amiss and with all that
// has an address refused: for everybody, on every width, in every language.
func TestHealthPage(t *testing.T) {
	frozen(t)
	a := still.apps[themes[0]]
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
	defer troubled(t, a, "")
	documents := map[string][]byte{}
	for _, state := range []string{"well", "amiss", "refused"} {
		address := server.URL
		switch state {
		case "refused":
			address = strayed.URL
		case "amiss":
			troubled(t, a, trouble)
		}
		for n, e := range editions {
			where, path := e.lang+" "+state, "/health?lang="+e.lang
			doc, err := get(server.Client(), address, path)
			if err != nil {
				t.Fatal(err)
			}
			documents[where] = doc.body
			b.sound(t, where, address+path, twoOf(looks, n))
			if dir := os.Getenv("DATELINE_SHOTS"); dir != "" {
				p := b.open(t, address+path, true, 1280, 900)
				for _, l := range looks {
					p.as(t, l)
					p.keep(t, filepath.Join(dir, fmt.Sprintf("health-%s-%s-%d-%s.png", state, e.lang, l.width, l.scheme)))
				}
				p.close()
			}
		}
	}
	valid(t, documents)
}
