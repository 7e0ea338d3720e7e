package reader

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/theme"
	"dateline/internal/web"
)

// Path is where the account stands in each edition; links that sign in lie below.
const (
	Path     = "/account"
	linkPath = Path + "/in/"
	actions  = "/-/account"
	offPath  = actions + "/off/"
)

// Routes are what forms and scripts are sent to. The pages themselves are the site's.
func (s *Service) Routes() []web.Route {
	post := func(path string, kind web.Kind, f func(http.ResponseWriter, *http.Request) error) web.Route {
		return web.Route{Method: "POST", Pattern: actions + path, Room: "reader", Permission: web.Public, Kind: kind, MaxBody: 32 << 10, Handler: web.Func(f)}
	}
	return []web.Route{
		post("/link", web.Page, s.postLink), post("/in", web.Page, s.postIn), post("/out", web.Page, s.signed(s.postOut)),
		post("/profile", web.Page, s.signed(s.postProfile)), post("/sessions/end", web.Page, s.signed(s.postEndOthers)),
		post("/sessions/{id}/end", web.Page, s.signed(s.postEnd)), post("/passkeys/{id}/remove", web.Page, s.signed(s.postRemoveKey)),
		post("/delete", web.Page, s.signed(s.postDelete)),
		post("/passkey/options", web.Data, s.postOptions), post("/passkey", web.Data, s.postPasskey),
		post("/passkeys/options", web.Data, s.postKeyOptions), post("/passkeys", web.Data, s.postKey),
		// A mail program asks for it without a cookie and without an Origin (RFC 8058 §3.2).
		{Method: "POST", Pattern: offPath + "{token}", Room: "reader", Permission: web.Public, Kind: web.Page, Machine: true, MaxBody: 4 << 10, Handler: web.Func(s.postOff)},
		{Method: "GET", Pattern: offPath + "{token}", Room: "reader", Permission: web.Public, Kind: web.Page, Handler: web.Func(s.getOff)},
		{Method: "GET", Pattern: actions + "/export", Room: "reader", Permission: web.Public, Kind: web.Data, Handler: web.Func(s.getExport)},
	}
}

// cookieName: with __Host- a browser takes it from this host alone, over TLS alone.
func (s *Service) cookieName() string {
	if s.secure {
		return "__Host-reader"
	}
	return "reader"
}

func (s *Service) cookie(r *http.Request) string {
	c, err := r.Cookie(s.cookieName())
	if err != nil || len(c.Value) > 200 {
		return ""
	}
	return c.Value
}

func (s *Service) setCookie(w http.ResponseWriter, value string) {
	c := &http.Cookie{Name: s.cookieName(), Value: value, Path: "/", Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(SessionFor / time.Second)}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// edition is the one that a form was sent from: a hidden field names it, and one that
// is none of ours is the default.
func (s *Service) edition(r *http.Request, tag string) (edition.Site, edition.Edition, error) {
	site, err := s.o.Editions.Site(r.Context())
	if err != nil {
		return site, edition.Edition{}, err
	}
	ed, ok := site.ByLang(tag)
	if !ok {
		ed = site.Default()
	}
	return site, ed, nil
}

func here(r *http.Request) from { return from{web.ClientAddr(r), r.UserAgent()} }

func back(w http.ResponseWriter, r *http.Request, ed edition.Edition, path string) error {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, ed.Prefix+path, http.StatusSeeOther)
	return nil
}

// Serve answers the addresses of the account in an edition; rest is what stands after
// its prefix. ok is false when it is none of them.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, ed edition.Edition, rest string) (ok bool, err error) {
	if rest != Path && !strings.HasPrefix(rest, Path+"/") {
		return false, nil
	}
	if rest == Path+"/" {
		http.Redirect(w, r, ed.Prefix+Path, http.StatusMovedPermanently)
		return true, nil
	}
	w.Header().Set("Referrer-Policy", "same-origin") // a link's token is nobody else's business
	switch below := strings.TrimPrefix(rest, Path); {
	case below == "" || below == "/saved" || below == "/ended" || below == "/added" || below == "/removed":
		who, own, err := s.of(r)
		if fault.Is(err, fault.NotFound) {
			if s.cookie(r) != "" { // of a session that is over
				s.setCookie(w, "")
			}
			return true, s.showSignIn(w, r, ed, http.StatusOK, "", nil)
		}
		if err != nil {
			return true, err
		}
		return true, s.showAccount(w, r, ed, who, own, http.StatusOK, below, nil)
	case below == "/sent":
		return true, s.showSent(w, r, ed)
	case below == "/gone":
		return true, s.showText(w, r, ed, http.StatusOK, "account.gone_title", "account.gone")
	case strings.HasPrefix(below, "/in/") && !strings.Contains(below[4:], "/"):
		return true, s.showLink(w, r, ed, below[4:])
	}
	return true, fault.New(fault.NotFound, "no page %s of an account", rest)
}

// signed wraps what only a reader who is signed in may do.
func (s *Service) signed(f func(w http.ResponseWriter, r *http.Request, ed edition.Edition, who Reader, session int64) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		_, ed, err := s.edition(r, r.PostFormValue("edition"))
		if err != nil {
			return err
		}
		who, session, err := s.of(r)
		if fault.Is(err, fault.NotFound) { // ended meanwhile: the page says how to come back
			return back(w, r, ed, Path)
		}
		if err != nil {
			return err
		}
		return f(w, r, ed, who, session)
	}
}

func (s *Service) postLink(w http.ResponseWriter, r *http.Request) error {
	site, ed, err := s.edition(r, r.PostFormValue("edition"))
	if err != nil {
		return err
	}
	email := r.PostFormValue("email")
	if err := s.ask(r.Context(), site.Publication.ID, ed, email, here(r)); err != nil {
		if _, worded := lang.Of(ed.Lang).Say(err); worded {
			return s.showSignIn(w, r, ed, status(err), email, err)
		}
		return err
	}
	return back(w, r, ed, Path+"/sent")
}

// status of a form that is shown once more.
func status(err error) int {
	if fault.Is(err, fault.Invalid) {
		return http.StatusUnprocessableEntity
	}
	return web.StatusOf(err)
}

func (s *Service) postIn(w http.ResponseWriter, r *http.Request) error {
	_, ed, err := s.edition(r, r.PostFormValue("edition"))
	if err != nil {
		return err
	}
	token, err := s.use(r.Context(), r.PostFormValue("token"), here(r))
	if fault.Is(err, fault.NotFound) {
		return s.showSignIn(w, r, ed, http.StatusNotFound, "", err)
	}
	if err != nil {
		return err
	}
	s.setCookie(w, token)
	return back(w, r, ed, Path)
}

func (s *Service) postOut(w http.ResponseWriter, r *http.Request, ed edition.Edition, who Reader, session int64) error {
	if err := s.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error { return endSession(r.Context(), tx, who.ID, session) }); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	s.setCookie(w, "")
	return back(w, r, ed, Path)
}

func (s *Service) postProfile(w http.ResponseWriter, r *http.Request, ed edition.Edition, who Reader, session int64) error {
	var err error
	was := who
	who.Name, err = Name("name", r.PostFormValue("name"))
	who.Replies, who.Reports, who.Lang = r.PostFormValue("replies") != "", r.PostFormValue("reports") != "", ed.Lang
	if err == nil {
		err = s.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error { return saveProfile(r.Context(), tx, who) })
	}
	if fault.Is(err, fault.Invalid) {
		was.Name, was.Replies, was.Reports = r.PostFormValue("name"), who.Replies, who.Reports
		return s.showAccount(w, r, ed, was, session, http.StatusUnprocessableEntity, "", err)
	}
	if err != nil {
		return err
	}
	return back(w, r, ed, Path+"/saved")
}

func number(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "%q is no number", r.PathValue("id"))
	}
	return n, nil
}

func (s *Service) postEnd(w http.ResponseWriter, r *http.Request, ed edition.Edition, who Reader, session int64) error {
	id, err := number(r)
	if err != nil {
		return err
	}
	if err := s.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error { return endSession(r.Context(), tx, who.ID, id) }); err != nil {
		return err
	}
	if id == session {
		s.setCookie(w, "")
		return back(w, r, ed, Path)
	}
	return back(w, r, ed, Path+"/ended")
}

func (s *Service) postEndOthers(w http.ResponseWriter, r *http.Request, ed edition.Edition, who Reader, session int64) error {
	if err := s.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error { return endSessions(r.Context(), tx, who.ID, session) }); err != nil {
		return err
	}
	return back(w, r, ed, Path+"/ended")
}

func (s *Service) postRemoveKey(w http.ResponseWriter, r *http.Request, ed edition.Edition, who Reader, _ int64) error {
	id, err := number(r)
	if err != nil {
		return err
	}
	if err := s.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error { return removeKey(r.Context(), tx, who.ID, id) }); err != nil {
		return err
	}
	return back(w, r, ed, Path+"/removed")
}

func (s *Service) postDelete(w http.ResponseWriter, r *http.Request, ed edition.Edition, who Reader, session int64) error {
	if r.PostFormValue("sure") == "" {
		return s.showAccount(w, r, ed, who, session, http.StatusUnprocessableEntity, "", wrong("sure", "sure"))
	}
	if err := s.leave(r.Context(), who); err != nil {
		return err
	}
	s.setCookie(w, "")
	return back(w, r, ed, Path+"/gone")
}

// getExport is everything that is known of the reader who asks.
func (s *Service) getExport(w http.ResponseWriter, r *http.Request) error {
	who, _, err := s.of(r)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Forbidden, "nobody is signed in")
	}
	if err != nil {
		return err
	}
	all, err := s.export(r.Context(), who)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(map[string]any{"site": s.o.BaseURL, "made": s.o.Now().UTC(), "data": all}, "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="account.json"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(append(body, '\n')) // whoever asked has left
	return nil
}

// asked is what a script sends.
type asked struct {
	Edition string          `json:"edition"`
	Name    string          `json:"name"`
	Kept    string          `json:"kept"`
	Answer  json.RawMessage `json:"answer"`
}

// ceremony is what a script gets: what it asks the browser, and what it brings back with
// the answer. It is sealed; nothing is kept on the device for it.
type ceremony struct {
	Options any    `json:"options"`
	Kept    string `json:"kept"`
}

func (s *Service) postOptions(w http.ResponseWriter, r *http.Request) error {
	if s.keys == nil {
		return fault.New(fault.NotFound, "%s can have no passkeys", s.o.BaseURL)
	}
	options, kept, err := s.keys.BeginSignIn()
	if err != nil {
		return err
	}
	web.WriteJSON(w, r, http.StatusOK, ceremony{options, kept})
	return nil
}

// failed answers a script in words.
func (s *Service) failed(w http.ResponseWriter, r *http.Request, ed edition.Edition, err error) error {
	text, ok := lang.Of(ed.Lang).Say(err)
	if !ok {
		return err
	}
	web.WriteJSON(w, r, status(err), map[string]string{"message": text})
	return nil
}

func (s *Service) postPasskey(w http.ResponseWriter, r *http.Request) error {
	var in asked
	if err := web.ReadJSON(r, &in); err != nil {
		return err
	}
	_, ed, err := s.edition(r, in.Edition)
	if err != nil {
		return err
	}
	token, err := s.finish(r.Context(), in.Kept, in.Answer, here(r))
	if err != nil {
		return s.failed(w, r, ed, err)
	}
	s.setCookie(w, token)
	web.WriteJSON(w, r, http.StatusOK, map[string]string{"next": ed.Prefix + Path})
	return nil
}

func (s *Service) postKeyOptions(w http.ResponseWriter, r *http.Request) error {
	who, _, err := s.of(r)
	if err == nil && s.keys == nil {
		err = fault.New(fault.NotFound, "%s can have no passkeys", s.o.BaseURL)
	}
	if err != nil {
		return err
	}
	h, err := holderOf(r.Context(), s.d, who.ID)
	if err != nil {
		return err
	}
	options, kept, err := s.keys.BeginAdd(h)
	if err != nil {
		return err
	}
	web.WriteJSON(w, r, http.StatusOK, ceremony{options, kept})
	return nil
}

func (s *Service) postKey(w http.ResponseWriter, r *http.Request) error {
	var in asked
	if err := web.ReadJSON(r, &in); err != nil {
		return err
	}
	_, ed, err := s.edition(r, in.Edition)
	if err != nil {
		return err
	}
	who, _, err := s.of(r)
	if err != nil {
		return err
	}
	called, err := Name("passkey", cmp.Or(in.Name, web.Agent(r.UserAgent()), "Passkey"))
	if err == nil {
		err = s.addKey(r.Context(), who, in.Kept, in.Answer, called)
	}
	if err != nil {
		return s.failed(w, r, ed, err)
	}
	web.WriteJSON(w, r, http.StatusOK, map[string]string{"next": ed.Prefix + Path + "/added"})
	return nil
}

// off is what the token of a letter's last link says.
type off struct {
	Reader int64  `json:"r"`
	What   string `json:"w"` // replies, reports
	Lang   string `json:"l"`
}

// Off is the path by which whoever has a letter ends letters of its kind ("replies",
// "reports"), without signing in.
func (s *Service) Off(r Reader, what string) (string, error) {
	token, err := s.seal.Seal("off", off{r.ID, what, r.Lang}, time.Time{})
	return offPath + token, err
}

func (s *Service) offOf(r *http.Request) (off, edition.Edition, error) {
	var o off
	if err := s.seal.Unseal("off", r.PathValue("token"), &o, s.o.Now()); err != nil {
		return o, edition.Edition{}, fault.New(fault.NotFound, "no link of ours: %w", err)
	}
	_, ed, err := s.edition(r, o.Lang)
	return o, ed, err
}

// getOff shows a button: looking at a link ends nothing.
func (s *Service) getOff(w http.ResponseWriter, r *http.Request) error {
	o, ed, err := s.offOf(r)
	if err != nil {
		return err
	}
	l := lang.Of(ed.Lang)
	return s.o.Show(w, r, ed, Path, l.T("account.off_title"), http.StatusOK, func(f theme.Frame) theme.Page {
		return &theme.AccountPage{Frame: f, Heading: l.T("account.off_title"), Lead: []string{l.T("account.off_" + o.What)},
			Parts: []theme.AccountPart{{Form: &theme.Form{Action: r.URL.EscapedPath(), Button: l.T("account.off_button"), Hidden: hidden(ed)}}}}
	})
}

func (s *Service) postOff(w http.ResponseWriter, r *http.Request) error {
	o, ed, err := s.offOf(r)
	if err != nil {
		return err
	}
	if err := s.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error { return tellNoMore(r.Context(), tx, o.Reader, o.What) }); err != nil {
		return err
	}
	return s.showText(w, r, ed, http.StatusOK, "account.off_done_title", "account.off_done")
}
