package webtest

import (
	"net/http"
	"strings"
)

// Score is what the public header checker (Mozilla's Observatory, as its rules
// stood when this was written) gives to an answer that sets no cookies, and
// what it or we would not have on any answer. Penalties always count, bonuses
// only from 90 points on. body is looked at for scripts of our own, which carry
// integrity attributes; it may be empty.
func Score(h http.Header, body string) (points int, faults []string) {
	points = 100
	bonus := 0
	csp := map[string]string{}
	for _, d := range strings.Split(h.Get("Content-Security-Policy"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(d), " ")
		if _, twice := csp[name]; twice {
			faults = append(faults, "the policy has "+name+" twice")
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
			faults = append(faults, name+": "+h.Get(name))
		}
	}
	if h.Get("Set-Cookie") != "" {
		faults = append(faults, "a cookie")
	}
	scripts, whole := strings.Count(body, "<script src="), strings.Count(body, " integrity=\"sha")
	if scripts > 0 && whole >= scripts {
		bonus += 5
	}
	if points >= 90 {
		points += bonus
	}
	return points, faults
}
