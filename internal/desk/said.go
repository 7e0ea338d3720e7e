package desk

import (
	"encoding/base64"
	"net/http"
	"time"
	"unicode/utf8"
)

// What was done is said on the next page, once. Until then the browser keeps it, in
// a cookie: pages are asked by GET, which changes nothing in the database. The
// words can only come from here, since nobody else can set a cookie of this host;
// they are text and nothing more wherever they come from.

const (
	saidFor  = time.Minute
	mostSaid = 1000 // bytes; a cookie may have 4096
)

func (d *Desk) say(w http.ResponseWriter, text string) {
	for len(text) > mostSaid {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	d.setCookie(w, saidCookie, base64.RawURLEncoding.EncodeToString([]byte(text)), saidFor)
}

// said gives what is to be said, and has the browser forget it.
func (r *Request) said(w http.ResponseWriter) string {
	kept := r.d.cookie(r.Request, saidCookie)
	if kept == "" {
		return ""
	}
	r.d.setCookie(w, saidCookie, "", -1)
	text, err := base64.RawURLEncoding.DecodeString(kept)
	if err != nil || len(text) > mostSaid || !utf8.Valid(text) {
		return ""
	}
	return string(text)
}
