package desk

import (
	"encoding/json"
	"io"
	"net/http"
	"time"

	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/user"
)

const (
	signInPath  = "/desk/sign-in"
	signOutPath = "/desk/sign-out"
	mostAnswer  = 32 << 10 // bytes of an authenticator's
)

// signIn hangs the ways in.
func (d *Desk) signIn(pages *Templates) {
	s := &signer{d: d, pages: pages}
	open := func(method, pattern string, f func(http.ResponseWriter, *Request) error) Route {
		return Route{Method: method, Pattern: pattern, Room: "desk", Permission: Open, MaxBody: mostAnswer, Serve: f}
	}
	d.Handle(
		open("GET", "/desk", func(w http.ResponseWriter, r *Request) error {
			http.Redirect(w, r.Request, Root, http.StatusMovedPermanently)
			return nil
		}),
		open("GET", signInPath, s.page),
		open("POST", signInPath, s.password),
		open("POST", signInPath+"/passkey/options", s.options),
		open("POST", signInPath+"/passkey", s.passkey),
		open("GET", signInPath+"/sso", s.leave),
		open("GET", user.SSOPath, s.back),
		open("POST", user.SSOPath, s.returned),
		open("GET", "/desk/in/{token}", s.link),
		open("POST", "/desk/in/{token}", s.useLink),
		Route{Method: "POST", Pattern: signOutPath, Room: "desk", Permission: user.AtDesk, Serve: s.out},
	)
}

type signer struct {
	d     *Desk
	pages *Templates
}

// signInData is the page of signing in.
type signInData struct {
	Passkeys              bool
	SSO, SSOLink          string
	Next                  string
	Email, Password, Code Field
	Another               bool // the password's form has been tried, and stands open
}

func (s *signer) data(r *Request, next, email string) signInData {
	return signInData{
		Passkeys: s.d.o.Gate.Passkeys(), SSO: s.d.o.Gate.SSO(), Next: next, SSOLink: ssoLink(next),
		Email:    Field{Kind: "email", Name: "email", Label: r.T("desk.sign_in.email"), Value: email, Required: true, Auto: "username", Most: 254},
		Password: Field{Kind: "password", Name: "password", Label: r.T("desk.sign_in.password"), Required: true, Auto: "current-password"},
		Code: Field{Kind: "code", Name: "code", Label: r.T("desk.sign_in.code"), Hint: r.T("desk.sign_in.code_hint"), Required: true,
			Auto: "one-time-code", Most: 40, Wide: true},
	}
}

func ssoLink(next string) string {
	if next == Root {
		return signInPath + "/sso"
	}
	return signInPath + "/sso?" + query("next", next)
}

func (s *signer) show(r *Request, data signInData) Page {
	return Page{Title: r.T("desk.sign_in.title"), Bare: true, From: s.pages, Name: "signin", Data: data}
}

func (s *signer) page(w http.ResponseWriter, r *Request) error {
	next := onward(r.URL.Query().Get("next"))
	if token := s.d.cookie(r.Request, sessionCookie); token != "" {
		if _, _, err := s.d.o.Gate.Session(r.Context(), token); err == nil {
			return r.Go(w, next, "")
		}
	}
	return r.Show(w, s.show(r, s.data(r, next, "")))
}

// enter gives a browser its session.
func (s *signer) enter(w http.ResponseWriter, o *user.Opened) {
	s.d.setCookie(w, sessionCookie, o.Token, user.SessionFor)
	s.d.setCookie(w, keptCookie, "", -1)
}

func (s *signer) password(w http.ResponseWriter, r *Request) error {
	next := onward(r.Form("next"))
	o, err := s.d.o.Gate.Password(r.Context(), r.Form("email"), r.Form("password"), r.Form("code"), r.From())
	if err != nil {
		data := s.data(r, next, r.Form("email"))
		data.Another = true
		data.Password.Focus = true
		return r.Again(w, s.show(r, data), err)
	}
	s.enter(w, o)
	return r.Go(w, next, "")
}

func (s *signer) options(w http.ResponseWriter, r *Request) error {
	options, kept, err := s.d.o.Gate.BeginSignIn()
	if err != nil {
		return err
	}
	s.d.setCookie(w, keptCookie, kept, 5*time.Minute)
	return r.JSON(w, options)
}

func (s *signer) passkey(w http.ResponseWriter, r *Request) error {
	var in struct {
		Next   string          `json:"next"`
		Answer json.RawMessage `json:"answer"`
	}
	if err := readJSON(r, &in); err != nil {
		return err
	}
	o, err := s.d.o.Gate.FinishSignIn(r.Context(), s.d.cookie(r.Request, keptCookie), in.Answer, r.From())
	if err != nil {
		return err
	}
	s.enter(w, o)
	return r.JSON(w, map[string]string{"next": onward(in.Next)})
}

// readJSON reads what a script of ours sends.
func readJSON(r *Request, into any) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fault.New(fault.Invalid, "reading JSON: %w", err)
	}
	return nil
}

// leave goes to the single sign-on. It is a link and not a form: a policy of content
// that lets forms be sent here alone would stop one on its way on.
func (s *signer) leave(w http.ResponseWriter, r *Request) error {
	address, kept, err := s.d.o.Gate.BeginSSO(r.Context(), onward(r.URL.Query().Get("next")))
	if err != nil {
		return err
	}
	s.d.setCookie(w, keptCookie, kept, 10*time.Minute)
	http.Redirect(w, r.Request, address, http.StatusSeeOther)
	return nil
}

// back is where the single sign-on leads: a page that sends itself here once more.
// Coming from another site it has no cookies of ours, and GET changes nothing.
func (s *signer) back(w http.ResponseWriter, r *Request) error {
	q := r.URL.Query()
	if q.Get("error") != "" || q.Get("code") == "" {
		return r.Again(w, s.show(r, s.data(r, Root, "")), lang.Wrong("user.wrong.refused"))
	}
	return r.Show(w, Page{Title: r.T("desk.sign_in.title"), Bare: true, From: s.pages, Name: "sso",
		Data: struct{ Path, State, Code string }{user.SSOPath, q.Get("state"), q.Get("code")}})
}

func (s *signer) returned(w http.ResponseWriter, r *Request) error {
	o, next, err := s.d.o.Gate.FinishSSO(r.Context(), s.d.cookie(r.Request, keptCookie), r.Form("state"), r.Form("code"), r.From())
	if err != nil {
		return r.Again(w, s.show(r, s.data(r, Root, "")), err)
	}
	s.enter(w, o)
	return r.Go(w, onward(next), "")
}

// linkData is the page of a one-time link.
type linkData struct {
	Name, Newsroom string
	Good, Look     bool
}

// link shows whose a link is. Looking does not use it up: letters' and messengers'
// programs look at every link.
func (s *signer) link(w http.ResponseWriter, r *Request) error {
	a, err := s.d.o.Gate.LinkedTo(r.Context(), r.PathValue("token"))
	if fault.Is(err, fault.NotFound) {
		return s.noLink(w, r)
	}
	if err != nil {
		return err
	}
	if r.URL.Query().Get("lang") == "" {
		r.L = lang.Of(a.Lang)
	}
	return r.Show(w, s.linkPage(r, linkData{Name: a.Name, Newsroom: r.Newsroom.Called(r.L.Tag()), Good: true, Look: r.URL.Query().Get("look") != ""}))
}

func (s *signer) linkPage(r *Request, data linkData) Page {
	return Page{Title: r.T("desk.sign_in.title"), Bare: true, From: s.pages, Name: "link", Data: data}
}

func (s *signer) noLink(w http.ResponseWriter, r *Request) error {
	return r.show(w, http.StatusNotFound, s.linkPage(r, linkData{Newsroom: r.Newsroom.Called(r.L.Tag())}))
}

func (s *signer) useLink(w http.ResponseWriter, r *Request) error {
	o, err := s.d.o.Gate.UseLink(r.Context(), r.PathValue("token"), r.From())
	if fault.Is(err, fault.NotFound) {
		return s.noLink(w, r)
	}
	if err != nil {
		a, _ := s.d.o.Gate.LinkedTo(r.Context(), r.PathValue("token")) // whose it is matters less than what is wrong
		return r.Again(w, s.linkPage(r, linkData{Name: a.Name, Newsroom: r.Newsroom.Called(r.L.Tag()), Good: true}), err)
	}
	s.enter(w, o)
	r.L = lang.Of(o.Account.Lang)
	keys, err := s.d.o.Gate.PasskeysOf(r.Context(), o.Account.ID)
	if err != nil {
		return err
	}
	if len(keys) == 0 && !o.Account.HasPassword && r.Form("look") == "" {
		return r.Go(w, accountPath, "desk.account.welcome") // a way in for the next time
	}
	return r.Go(w, Root, "")
}

func (s *signer) out(w http.ResponseWriter, r *Request) error {
	if err := s.d.o.Gate.SignOut(r.Context(), r.Who, r.Session.ID); err != nil {
		return err
	}
	s.d.setCookie(w, sessionCookie, "", -1)
	return r.Go(w, signInPath, "desk.signed_off")
}
