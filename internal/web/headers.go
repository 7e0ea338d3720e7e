package web

import (
	"crypto/rand"
	"net/http"
	"strings"
)

// Kind is what an answer is to a browser; it decides the security headers.
type Kind uint8

const (
	// Page is HTML for readers, and every error and redirect.
	Page Kind = iota
	// Data is JSON and the like for our own pages.
	Data
	// Feed is what other sites and programs read: feeds, sitemaps.
	Feed
	// Media is what people uploaded: it may do nothing at all.
	Media
	// Drawing is an SVG that people uploaded: as Media, but its own styles
	// work, without which most drawings are black.
	Drawing
	// Asset is a file of ours, a service worker among them, which needs to
	// ask the site for pages.
	Asset
	// Desk is a page of the editors' interface, or data for its scripts: made
	// for one person, kept by nobody, so its scripts may carry a nonce.
	Desk
	kinds
)

// The policies. Readers' pages are kept by caches, so there are no nonces: a
// nonce that is kept is a constant.
var policies = [kinds]string{
	Page: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
		"media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'none'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types dateline-sw",
	Data: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	Feed: "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; " +
		"frame-ancestors 'none'",
	Media:   "default-src 'none'; sandbox; frame-ancestors 'none'",
	Drawing: "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
	Asset: "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
		"frame-ancestors 'none'",
	Desk: "default-src 'none'; " + noScripts + "; style-src 'self'; img-src 'self' blob:; font-src 'self'; media-src 'self' blob:; " +
		"connect-src 'self'; frame-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types dateline",
}

// noScripts is what Nonce replaces.
const noScripts = "script-src 'none'"

const (
	fieldPolicy   = "Content-Security-Policy"
	fieldResource = "Cross-Origin-Resource-Policy"
	fieldReferrer = "Referrer-Policy"
	fieldSTS      = "Strict-Transport-Security"
	fieldAllow    = "Access-Control-Allow-Origin"
)

// Slices made once and shared by all answers. Their capacity is their length,
// so an Add to one of them copies it.
var (
	policyPlain, policySecure = policyFields("; upgrade-insecure-requests")

	sameOrigin  = []string{"same-origin"}
	crossOrigin = []string{"cross-origin"}
	everybody   = []string{"*"}
	noSniff     = []string{"nosniff"}
	referrer    = []string{"strict-origin-when-cross-origin"}
	ownReferrer = []string{"same-origin"}
	requireCORP = []string{"require-corp"}
	transport   = []string{"max-age=63072000; includeSubDomains"}
	preloaded   = []string{"max-age=63072000; includeSubDomains; preload"}
	permissions = []string{"camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), " +
		"display-capture=(), browsing-topics=(), interest-cohort=()"}
	noStore = []string{"no-store"}
)

func policyFields(secure string) (plain, over [kinds][]string) {
	for k, p := range policies {
		plain[k] = []string{p}
		over[k] = []string{p + secure}
	}
	return plain, over
}

// secure puts the headers of a page on an answer. sts is nil unless readers
// come over https.
func secure(h http.Header, sts []string) {
	h["X-Content-Type-Options"] = noSniff
	h[fieldReferrer] = referrer
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Cross-Origin-Embedder-Policy"] = requireCORP
	h["Permissions-Policy"] = permissions
	if sts != nil {
		h[fieldSTS] = sts
	}
	as(h, Page)
}

// As changes the headers of an answer to those of a kind. Handlers whose
// routes give answers of several kinds call it before they write.
func As(w http.ResponseWriter, k Kind) { as(w.Header(), k) }

func as(h http.Header, k Kind) {
	if _, overTLS := h[fieldSTS]; overTLS {
		h[fieldPolicy] = policySecure[k]
	} else {
		h[fieldPolicy] = policyPlain[k]
	}
	h[fieldResource] = sameOrigin
	if h[fieldReferrer] != nil { // secure has set it
		h[fieldReferrer] = referrer
	}
	delete(h, fieldAllow)
	switch k {
	case Desk: // an address of the desk is nobody's business: a draft's is its headline
		h[fieldReferrer] = ownReferrer
		h["Cache-Control"] = noStore
	case Media, Drawing: // other sites may show them
		h[fieldResource] = crossOrigin
	case Feed: // and read these, by CORS or without it
		h[fieldResource] = crossOrigin
		h[fieldAllow] = everybody
	}
}

// AllowFrames lets a page, on which a reader opened an embed, frame exactly
// these origins ("https://player.example"). Such frames do not send the
// headers that COEP demands, so it goes.
func AllowFrames(w http.ResponseWriter, origins ...string) {
	h := w.Header()
	h.Del("Cross-Origin-Embedder-Policy")
	h.Set(fieldPolicy, strings.Replace(h.Get(fieldPolicy), "frame-src 'none'",
		"frame-src "+strings.Join(origins, " "), 1))
}

// Framed lets a page stand in a frame of our own pages.
func Framed(w http.ResponseWriter) {
	h := w.Header()
	h.Set(fieldPolicy, strings.Replace(h.Get(fieldPolicy), "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
}

// Nonce lets the scripts of a page of the desk run, those that carry what it
// returns and what these load themselves. It is made anew for each answer.
func Nonce(w http.ResponseWriter) string {
	nonce := rand.Text()
	h := w.Header()
	h.Set(fieldPolicy, strings.Replace(h.Get(fieldPolicy), noScripts, "script-src 'nonce-"+nonce+"' 'strict-dynamic'", 1))
	return nonce
}
