package web

import (
	"net/http"
	"strings"
	"testing"
)

// score is what the public header checker (Mozilla's, as its rules stood when
// this was written) gives to an answer that sets no cookies. Penalties always
// count, bonuses only from 90 points on.
func score(t *testing.T, h http.Header) int {
	t.Helper()
	points, bonus := 100, 0
	csp := map[string]string{}
	for _, d := range strings.Split(h.Get("Content-Security-Policy"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(d), " ")
		if _, twice := csp[name]; twice {
			t.Errorf("directive %s twice", name)
		}
		csp[name] = value
	}
	script, ok := csp["script-src"]
	if !ok {
		script = csp["default-src"]
	}
	style, ok := csp["style-src"]
	if !ok {
		style = csp["default-src"]
	}
	switch {
	case h.Get("Content-Security-Policy") == "" || csp["default-src"] == "":
		points -= 25
	case strings.Contains(script, "unsafe") || strings.Contains(script, "*") || strings.Contains(script, "data:"):
		points -= 20
	case strings.Contains(style, "unsafe"):
	case csp["default-src"] == "'none'":
		bonus += 10
	default:
		bonus += 5
	}
	if csp["frame-ancestors"] == "'none'" || csp["frame-ancestors"] == "'self'" {
		bonus += 5
	} else if h.Get("X-Frame-Options") == "" {
		points -= 20
	}
	switch sts := h.Get("Strict-Transport-Security"); {
	case sts == "":
		points -= 20
	case !strings.HasPrefix(sts, "max-age=63072000"):
		points -= 10
	}
	if h.Get("X-Content-Type-Options") != "nosniff" {
		points -= 5
	}
	switch h.Get("Referrer-Policy") {
	case "no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin":
		bonus += 5
	case "unsafe-url", "origin", "origin-when-cross-origin", "no-referrer-when-downgrade":
		points -= 5
	}
	if h.Get("Cross-Origin-Opener-Policy") == "same-origin" {
		bonus += 10
	}
	switch h.Get("Cross-Origin-Embedder-Policy") {
	case "require-corp", "credentialless":
		bonus += 10
	}
	switch h.Get("Cross-Origin-Resource-Policy") {
	case "same-origin", "same-site":
		bonus += 10
	}
	if h.Get("Access-Control-Allow-Credentials") != "" {
		points -= 50
	}
	for _, name := range []string{"Server", "X-Powered-By", "X-Xss-Protection", "Expect-Ct"} {
		if h.Get(name) != "" {
			t.Errorf("%s: %s", name, h.Get(name))
		}
	}
	if points >= 90 {
		points += bonus
	}
	return points
}

// The checker scores pages. What other sites may show loses 10 points for
// that, on purpose, and a drawing 10 more for its styles; a page adds 5 by
// integrity attributes, which is a matter of themes.
var leastScore = [kinds]int{Page: 150, Data: 150, Asset: 150, Feed: 140, Media: 140, Drawing: 130}

func TestScoreOfEveryKind(t *testing.T) {
	for k := range kinds {
		h := http.Header{}
		secure(h, transport)
		as(h, k)
		if got := score(t, h); got < leastScore[k] {
			t.Errorf("kind %d: %d points, want %d: %v", k, got, leastScore[k], h)
		}
	}
	// The score itself must be able to fail.
	if got := score(t, http.Header{}); got != 30 {
		t.Errorf("nothing at all: %d points, want 30", got)
	}
}
