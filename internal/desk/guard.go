package desk

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/user"
	"dateline/internal/web"
)

// Guard is web.Options.Guard of a router that the desk is mounted on: it finds who
// asks, and whether they may. It is the one place where that is decided.
func (d *Desk) Guard(w http.ResponseWriter, hr *http.Request, permission string) (*http.Request, error) {
	token := d.cookie(hr, sessionCookie)
	if token == "" {
		return nil, d.stranger(w, hr)
	}
	who, session, err := d.o.Gate.Session(db.AtDesk(hr.Context()), token)
	if fault.Is(err, fault.NotFound) {
		d.setCookie(w, sessionCookie, "", -1)
		return nil, d.stranger(w, hr)
	}
	if err != nil {
		return nil, err
	}
	r, err := d.known(hr, who, session)
	if err != nil {
		return nil, err
	}
	if !who.Can(user.Permission(permission)) {
		// Its page is set here, where it is known for whom.
		return nil, r.fail(w, fault.New(fault.Forbidden, "%s (%d, %s) may not %s", who.Name, who.ID, who.Role, permission))
	}
	return r.Request, nil
}

// stranger answers somebody who is not signed in.
func (d *Desk) stranger(w http.ResponseWriter, hr *http.Request) error {
	r, err := d.known(hr, user.Account{}, user.Session{})
	if err != nil {
		return err
	}
	navigates := hr.Method == http.MethodGet || hr.Method == http.MethodHead
	switch {
	case script(hr):
		return r.json(w, http.StatusUnauthorized, map[string]string{"message": r.T("desk.signed_out"), "sign_in": signInPath})
	case !navigates:
		return r.show(w, http.StatusUnauthorized, Page{Title: r.T("desk.signed_out"), Bare: true, From: ownPages, Name: "signedout", Data: signInPath})
	case d.cookie(hr, sessionCookie) == "" && fromElsewhere(hr):
		// A link on another site's page (a letter, a messenger) comes without the
		// session's cookie, which is SameSite=Strict. Asked again from a page of ours
		// it comes with it.
		return r.show(w, http.StatusOK, Page{Title: r.T("desk.name"), Bare: true, From: ownPages, Name: "onward", Refresh: hr.URL.RequestURI(), Data: hr.URL.RequestURI()})
	}
	to := signInPath
	if hr.URL.Path != Root {
		to += "?next=" + url.QueryEscape(hr.URL.RequestURI())
	}
	http.Redirect(w, hr, to, http.StatusSeeOther)
	return nil
}

// fromElsewhere tells that a page of another site led here.
func fromElsewhere(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "cross-site" || site == "same-site"
}

// onward is a place at the desk that somebody wanted to go to, or its beginning.
func onward(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(next, Root) || strings.ContainsAny(next, "\\\r\n\t") ||
		strings.HasPrefix(next, signInPath) || strings.HasPrefix(next, "/desk/in/") {
		return Root
	}
	return next
}

// The cookies. Their names get a prefix where that can be: a browser takes a
// __Host- cookie from this very host over TLS alone.
const (
	sessionCookie = "s"
	keptCookie    = "k" // sealed, between two requests of a ceremony
	saidCookie    = "said"
)

func (d *Desk) cookieName(name string) string {
	if d.secure {
		return "__Host-" + name
	}
	return name
}

func (d *Desk) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(d.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie sets a cookie for an age; negative: it is taken away.
func (d *Desk) setCookie(w http.ResponseWriter, name, value string, age time.Duration) {
	c := &http.Cookie{Name: d.cookieName(name), Value: value, Path: Root, MaxAge: int(age / time.Second), HttpOnly: true,
		Secure: d.secure, SameSite: http.SameSiteStrictMode}
	if d.secure {
		c.Path = "/" // a __Host- cookie has no other
	}
	if age < 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// Error is the page of an error for an address of the desk, where no route has
// answered: web.Options.Error.
func (d *Desk) Error(w http.ResponseWriter, hr *http.Request, err error) {
	web.As(w, web.Desk)
	r, rerr := d.request(hr)
	if rerr != nil { // no database
		r = &Request{Request: hr, d: d, L: wished(hr, ""), Zone: time.UTC}
	}
	if ferr := r.fail(w, err); ferr != nil {
		d.o.Log.Error("the page of an error failed", "error", ferr)
		http.Error(w, http.StatusText(web.StatusOf(err)), web.StatusOf(err))
	}
}

// Owns tells whether an address is the desk's.
func Owns(path string) bool {
	return path == strings.TrimSuffix(Root, "/") || strings.HasPrefix(path, Root)
}
