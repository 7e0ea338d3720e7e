package desk

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"dateline/internal/audit"
	"dateline/internal/fault"
	"dateline/internal/user"
)

const staffPath = "/desk/staff"

// staff hangs what administrators do with everybody's accounts.
func (d *Desk) staff(pages *Templates) {
	s := &staffRoom{d: d, gate: d.o.Gate, pages: pages}
	d.Menu(Entry{Group: House, Order: 80, Word: "desk.menu.staff", Path: staffPath, Icon: "people", Permission: user.ManageStaff})
	manage := func(method, pattern string, f func(http.ResponseWriter, *Request) error) Route {
		return Route{Method: method, Pattern: staffPath + pattern, Room: "desk", Permission: user.ManageStaff, Serve: f}
	}
	one := func(pattern string, f func(http.ResponseWriter, *Request, user.Account) error) Route {
		return manage("POST", "/{id}"+pattern, func(w http.ResponseWriter, r *Request) error {
			a, err := s.meant(r)
			if err != nil {
				return err
			}
			return f(w, r, a)
		})
	}
	d.Handle(
		manage("GET", "", s.list), manage("GET", "/new", s.newPage), manage("POST", "/new", s.add), manage("GET", "/{id}", s.show),
		one("", s.save), one("/link", s.link), one("/reset", s.reset), one("/block", s.block), one("/unblock", s.unblock),
		one("/sessions/end", s.endAll), one("/sessions/{session}/end", s.endOne),
	)
}

type staffRoom struct {
	d     *Desk
	gate  *user.Gate
	pages *Templates
}

// meant is whom a page is about: of this newsroom alone.
func (s *staffRoom) meant(r *Request) (user.Account, error) {
	id, err := r.ID("id")
	if err != nil {
		return user.Account{}, err
	}
	a, err := s.gate.ByID(r.Context(), id)
	if err == nil && a.PublicationID != r.Newsroom.ID {
		err = fault.New(fault.NotFound, "account %d is of another newsroom", id)
	}
	return a, err
}

type listedStaff struct {
	user.Listed
	Path, Role, State, Mark string
}

func (s *staffRoom) list(w http.ResponseWriter, r *Request) error {
	all, err := s.gate.List(r.Context(), r.Newsroom.ID)
	if err != nil {
		return err
	}
	data := struct {
		Staff  []listedStaff
		New    string
		Roles  []string
		Rights []rightLine
	}{New: staffPath + "/new", Rights: r.rights(user.Roles()...)}
	for _, role := range user.Roles() {
		data.Roles = append(data.Roles, r.T("user.role."+string(role)))
	}
	for _, l := range all {
		mark := "live"
		if l.State == user.Blocked {
			mark = "bad"
		}
		data.Staff = append(data.Staff, listedStaff{l, staffOf(l.ID), r.T("user.role." + string(l.Role)), r.T("user.state." + string(l.State)), mark})
	}
	return r.Show(w, Page{Title: r.T("desk.menu.staff"), From: s.pages, Name: "staff", Data: data})
}

func staffOf(id int64) string { return staffPath + "/" + strconv.FormatInt(id, 10) }

// staffForm are the fields of an account.
type staffForm struct{ Email, Name, Role, Entity Field }

func (s *staffRoom) form(r *Request, in user.Input) (*staffForm, error) {
	f := &staffForm{
		Email: Field{Kind: "email", Name: "email", Label: r.T("desk.staff.email"), Value: in.Email, Required: true, Most: 254, Hint: r.T("desk.staff.email_hint")},
		Name:  Field{Name: "name", Label: r.T("desk.account.name"), Value: in.Name, Required: true, Most: 80},
		Role:  Field{Kind: "choice", Name: "role", Label: r.T("desk.staff.role"), Hint: r.T("desk.staff.role_hint")},
	}
	for _, role := range user.Roles() {
		f.Role.Choices = append(f.Role.Choices, Choice{Value: string(role), Label: r.T("user.role." + string(role)), Chosen: role == in.Role})
	}
	if s.d.o.Contributors == nil {
		return f, nil
	}
	people, err := s.d.o.Contributors(r.Context(), r.L.Tag())
	if err != nil || len(people) == 0 {
		return f, err
	}
	f.Entity = Field{Kind: "choice", Name: "entity", Label: r.T("desk.staff.byline"), Hint: r.T("desk.staff.byline_hint"),
		Choices: Choose(append([]Choice{{Value: "0", Label: r.T("desk.staff.byline_none")}}, people...), strconv.FormatInt(in.EntityID, 10))}
	return f, nil
}

// input is what the form says. A by-line that was not offered is none.
func (s *staffRoom) input(r *Request) (user.Input, error) {
	in := user.Input{Email: r.Form("email"), Name: r.Form("name"), Role: user.Role(r.Form("role")), Lang: r.Form("lang")}
	if wanted := r.Form("entity"); s.d.o.Contributors != nil && wanted != "" && wanted != "0" {
		people, err := s.d.o.Contributors(r.Context(), r.L.Tag())
		if err != nil {
			return in, err
		}
		if !slices.ContainsFunc(people, func(c Choice) bool { return c.Value == wanted }) {
			return in, fault.Field("entity", "%q is no contributor", wanted)
		}
		if in.EntityID, err = strconv.ParseInt(wanted, 10, 64); err != nil {
			return in, fault.Field("entity", "%w", err)
		}
	}
	return in, nil
}

func (s *staffRoom) newForm(r *Request, in user.Input) (Page, *staffForm, *Field, error) {
	f, err := s.form(r, in)
	language := Field{Kind: "choice", Name: "lang", Label: r.T("desk.account.lang"), Choices: r.languages(in.Lang)}
	data := struct {
		Form *staffForm
		Lang *Field
		Path string
	}{f, &language, staffPath + "/new"}
	return Page{Title: r.T("desk.staff.new"), From: s.pages, Name: "staffnew", Back: staffPath, Data: data}, f, &language, err
}

func (s *staffRoom) newPage(w http.ResponseWriter, r *Request) error {
	p, _, _, err := s.newForm(r, user.Input{Role: user.Author, Lang: r.Newsroom.Lang})
	if err != nil {
		return err
	}
	return r.Show(w, p)
}

func (s *staffRoom) add(w http.ResponseWriter, r *Request) error {
	in, err := s.input(r)
	if err != nil {
		return err
	}
	a, err := s.gate.Add(r.Context(), r.Who.Actor(), r.Newsroom.ID, in)
	if err != nil {
		p, f, language, perr := s.newForm(r, in)
		if perr != nil {
			return perr
		}
		Mark(r.L, err, &f.Email, &f.Name, &f.Role, language)
		return r.Again(w, p, err)
	}
	return s.shown(w, r, a)
}

// shown makes a link and shows it, once: it is kept nowhere.
func (s *staffRoom) shown(w http.ResponseWriter, r *Request, a user.Account) error {
	token, until, err := s.gate.NewLink(r.Context(), r.Who.Actor(), a.ID)
	if err != nil {
		return err
	}
	return r.Show(w, Page{Title: a.Name, From: s.pages, Name: "stafflink", Back: staffOf(a.ID), Data: struct {
		Name, Link, Back string
		Until            time.Time
	}{a.Name, s.d.link(LinkPath(token)), staffOf(a.ID), until}})
}

type staffData struct {
	Form     *staffForm
	Account  user.Account
	Self     bool
	Blocked  bool
	Path     string
	Keys     int
	Sessions []listedSession
	Deeds    []deed
	Log      string // where all of them are, "" where they may not be read
}

func (s *staffRoom) page(r *Request, a user.Account, in user.Input) (Page, *staffForm, error) {
	data := &staffData{Account: a, Self: a.ID == r.Who.ID, Blocked: a.State == user.Blocked, Path: staffOf(a.ID)}
	p := Page{Title: a.Name, From: s.pages, Name: "staffone", Back: staffPath, Data: data}
	ctx := r.Context()
	var err error
	if data.Form, err = s.form(r, in); err != nil {
		return p, nil, err
	}
	keys, err := s.gate.PasskeysOf(ctx, a.ID)
	if err != nil {
		return p, nil, err
	}
	data.Keys = len(keys)
	sessions, err := s.gate.Sessions(ctx, a.ID)
	if err != nil {
		return p, nil, err
	}
	data.Sessions = r.sessions(sessions, data.Path)
	if r.Who.Can(user.ReadAudit) {
		list, err := audit.Of(ctx, s.d.o.DB, "staff", a.ID, 10)
		if err != nil {
			return p, nil, err
		}
		if data.Deeds, err = s.d.deeds(r, list); err != nil {
			return p, nil, err
		}
		data.Log = auditPath + "?" + query("kind", "staff", "id", strconv.FormatInt(a.ID, 10))
	}
	return p, data.Form, nil
}

func (s *staffRoom) show(w http.ResponseWriter, r *Request) error {
	a, err := s.meant(r)
	if err != nil {
		return err
	}
	p, _, err := s.page(r, a, user.Input{Email: a.Email, Name: a.Name, Role: a.Role, EntityID: a.EntityID})
	if err != nil {
		return err
	}
	return r.Show(w, p)
}

func (s *staffRoom) save(w http.ResponseWriter, r *Request, a user.Account) error {
	in, err := s.input(r)
	if err != nil {
		return err
	}
	if s.d.o.Contributors == nil {
		in.EntityID = a.EntityID
	}
	if err := s.gate.Change(r.Context(), r.Who.Actor(), a.ID, in); err != nil {
		p, f, perr := s.page(r, a, in)
		if perr != nil {
			return perr
		}
		Mark(r.L, err, &f.Email, &f.Name, &f.Role)
		return r.Again(w, p, err)
	}
	return r.Go(w, staffOf(a.ID), "desk.saved")
}

// done answers an action on an account that was carried out, or that could not be.
func (s *staffRoom) done(w http.ResponseWriter, r *Request, a user.Account, err error, word string, args ...any) error {
	if err != nil {
		p, f, perr := s.page(r, a, user.Input{Email: a.Email, Name: a.Name, Role: a.Role, EntityID: a.EntityID})
		if perr != nil {
			return perr
		}
		Mark(r.L, err, &f.Role)
		return r.Again(w, p, err)
	}
	return r.Go(w, staffOf(a.ID), word, args...)
}

func (s *staffRoom) link(w http.ResponseWriter, r *Request, a user.Account) error {
	return s.shown(w, r, a)
}

func (s *staffRoom) reset(w http.ResponseWriter, r *Request, a user.Account) error {
	if err := s.gate.Reset(r.Context(), r.Who.Actor(), a.ID); err != nil {
		return err
	}
	return s.shown(w, r, a)
}

func (s *staffRoom) block(w http.ResponseWriter, r *Request, a user.Account) error {
	return s.done(w, r, a, s.gate.Block(r.Context(), r.Who.Actor(), a.ID), "desk.staff.is_blocked", "name", a.Name)
}

func (s *staffRoom) unblock(w http.ResponseWriter, r *Request, a user.Account) error {
	return s.done(w, r, a, s.gate.Unblock(r.Context(), r.Who.Actor(), a.ID), "desk.staff.is_unblocked", "name", a.Name)
}

func (s *staffRoom) endAll(w http.ResponseWriter, r *Request, a user.Account) error {
	return s.done(w, r, a, s.gate.EndSessions(r.Context(), r.Who.Actor(), a.ID, 0), "desk.staff.sessions_ended", "name", a.Name)
}

func (s *staffRoom) endOne(w http.ResponseWriter, r *Request, a user.Account) error {
	session, err := strconv.ParseInt(r.PathValue("session"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "%q is no session", r.PathValue("session"))
	}
	if err := s.gate.EndSession(r.Context(), r.Who.Actor(), a.ID, session); err != nil {
		return err
	}
	return r.Go(w, staffOf(a.ID), "desk.account.session_ended")
}
