package desk

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/text/language"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/user"
	"dateline/internal/web"
)

// Request is a request at the desk, and who makes it.
type Request struct {
	*http.Request
	Who      user.Account // the zero Account on pages for everybody, if nobody is signed in
	Session  user.Session
	L        *lang.Locale
	Zone     *time.Location
	Newsroom Newsroom

	d *Desk
}

type requestKey struct{}

// request gives the request that Guard has made, or one of nobody.
func (d *Desk) request(hr *http.Request) (*Request, error) {
	if r, ok := hr.Context().Value(requestKey{}).(*Request); ok {
		return r, nil
	}
	return d.known(hr, user.Account{}, user.Session{})
}

// known makes a request of somebody (or nobody), with what the frame needs.
func (d *Desk) known(hr *http.Request, who user.Account, session user.Session) (*Request, error) {
	ctx := db.AtDesk(hr.Context())
	n, err := d.o.Newsroom(ctx)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	r := &Request{Who: who, Session: session, Newsroom: n, d: d, L: lang.Of(who.Lang), Zone: time.UTC}
	if who.ID == 0 {
		r.L = wished(hr, n.Lang)
	}
	if zone, err := lang.Zone(n.Zone); err == nil {
		r.Zone = zone
	}
	r.Request = hr.WithContext(context.WithValue(ctx, requestKey{}, r))
	return r, nil
}

// wished is the language of somebody who is not signed in: of ?lang=, else the
// browser's, else the newsroom's, of those that the desk speaks.
func wished(hr *http.Request, own string) *lang.Locale {
	known := user.Languages()
	tags := make([]language.Tag, len(known))
	for i, k := range known {
		tags[i] = language.Make(k)
	}
	m := language.NewMatcher(tags)
	for _, wish := range []string{hr.URL.Query().Get("lang"), hr.Header.Get("Accept-Language"), own} {
		if want, _, err := language.ParseAcceptLanguage(wish); err == nil && len(want) > 0 {
			if _, i, sure := m.Match(want...); sure >= language.High {
				return lang.Of(known[i])
			}
		}
	}
	return lang.Of("en")
}

// Now is the time in the newsroom's zone.
func (r *Request) Now() time.Time { return r.d.o.Now().In(r.Zone) }

// T gives words in the language of whoever asks.
func (r *Request) T(key string, args ...any) string { return r.L.T(key, args...) }

// May refuses what whoever asks may not do to a thing; mine says whether it is
// theirs.
func (r *Request) May(p user.Permission, mine bool) error { return r.Who.May(p, mine) }

// ID reads a number in the path; NotFound where there is none.
func (r *Request) ID(name string) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || id < 1 {
		return 0, fault.New(fault.NotFound, "%q is no number of a thing", r.PathValue(name))
	}
	return id, nil
}

// Form reads a value of a form, "" where there is none.
func (r *Request) Form(name string) string { return r.PostFormValue(name) }

// From is where somebody signs in from.
func (r *Request) From() user.From {
	return user.From{Addr: web.ClientAddr(r.Request), Agent: r.UserAgent()}
}

// ReadJSON reads what a script sends.
func (r *Request) ReadJSON(into any) error {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		return fault.New(fault.Invalid, "what the page sent cannot be read: %w", err)
	}
	return nil
}

// JSON answers a script.
func (r *Request) JSON(w http.ResponseWriter, v any) error {
	return r.json(w, http.StatusOK, v)
}

func (r *Request) json(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err = w.Write(body)
	if err != nil {
		return nil // whoever asked has left
	}
	return nil
}

// script tells whether a script asked, which wants JSON.
func script(r *http.Request) bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	return mode != "" && mode != "navigate" || r.Header.Get("Accept") == "application/json"
}
