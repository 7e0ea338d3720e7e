package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/user"
)

const (
	accountPath  = "/desk/account"
	passwordPath = accountPath + "/password"
)

// account hangs what people do with their own account.
func (d *Desk) account(pages *Templates) {
	a := &accounts{d: d, gate: d.o.Gate, pages: pages}
	own := func(method, pattern string, f func(http.ResponseWriter, *Request) error) Route {
		return Route{Method: method, Pattern: accountPath + pattern, Room: "desk", Permission: user.AtDesk, MaxBody: mostAnswer, Serve: f}
	}
	d.Handle(
		own("GET", "", a.show), own("POST", "", a.save),
		own("POST", "/passkeys/options", a.options), own("POST", "/passkeys", a.addKey),
		own("POST", "/passkeys/{id}/name", a.nameKey), own("POST", "/passkeys/{id}/remove", a.removeKey),
		own("GET", "/password", a.passwordPage), own("POST", "/password", a.setPassword), own("POST", "/password/remove", a.removePassword),
		own("POST", "/sessions/{id}/end", a.endSession), own("POST", "/sessions/end", a.endOthers),
	)
}

type accounts struct {
	d     *Desk
	gate  *user.Gate
	pages *Templates
}

// session is one as it is listed.
type listedSession struct {
	ID       int64
	Agent    string
	Via      string
	Begun    time.Time
	Ends     time.Time
	Own      bool
	EndsPath string
}

func (r *Request) sessions(list []user.Session, path string) []listedSession {
	out := make([]listedSession, len(list))
	for i, s := range list {
		out[i] = listedSession{ID: s.ID, Agent: s.Agent, Via: r.T("user.via." + string(s.Via)), Begun: s.Begun, Ends: s.Ends,
			Own: s.ID == r.Session.ID, EndsPath: fmt.Sprintf("%s/sessions/%d/end", path, s.ID)}
		if s.Agent == "" {
			out[i].Agent = r.T("desk.account.browser")
		}
	}
	return out
}

type listedKey struct {
	user.Passkey
	Rename Field
	Path   string
}

type accountData struct {
	Who        user.Account
	Role       string
	Name, Lang Field
	CanHave    bool // passkeys
	Keys       []listedKey
	NewKey     Field
	Recoveries int64
	Sessions   []listedSession
	Others     bool // sessions besides this one
	Rights     []rightLine
	Password   string // where its page is
}

// rightLine is a right of roles, in words.
type rightLine struct {
	Name    string
	Reaches []reach
}

type reach struct{ Word, Class string }

var reachWords = map[user.Reach]reach{user.No: {"no", "mut"}, user.Mine: {"mine", ""}, user.All: {"all", ""}}

// rights lists what roles may do.
func (r *Request) rights(roles ...user.Role) (out []rightLine) {
	for _, p := range user.Permissions() {
		line := rightLine{Name: r.T("user.right." + string(p))}
		for _, role := range roles {
			is := reachWords[role.Reach(p)]
			is.Word = r.T("user.reach." + is.Word)
			line.Reaches = append(line.Reaches, is)
		}
		out = append(out, line)
	}
	return out
}

func (r *Request) languages(chosen string) []Choice {
	var out []Choice
	for _, tag := range user.Languages() {
		out = append(out, Choice{Value: tag, Label: lang.Of(tag).Name(), Chosen: tag == chosen})
	}
	return out
}

func (a *accounts) page(r *Request) (Page, *accountData, error) {
	data := &accountData{Who: r.Who, Role: r.T("user.role." + string(r.Who.Role)), CanHave: a.gate.Passkeys(), Password: passwordPath,
		Rights: r.rights(r.Who.Role),
		Name:   Field{Name: "name", Label: r.T("desk.account.name"), Value: r.Who.Name, Required: true, Auto: "name", Most: 80},
		Lang:   Field{Kind: "choice", Name: "lang", Label: r.T("desk.account.lang"), Choices: r.languages(r.Who.Lang)},
		NewKey: Field{Name: "passkey", Label: r.T("desk.account.key_name"), Hint: r.T("desk.account.key_name_hint"), Value: r.Session.Agent, Required: true, Most: 80}}
	p := Page{Title: r.T("desk.account.title"), From: a.pages, Name: "account", Data: data}
	ctx := r.Context()
	keys, err := a.gate.PasskeysOf(ctx, r.Who.ID)
	if err != nil {
		return p, nil, err
	}
	for _, k := range keys {
		path := fmt.Sprintf("%s/passkeys/%d", accountPath, k.ID)
		data.Keys = append(data.Keys, listedKey{Passkey: k, Path: path,
			Rename: Field{Name: "passkey", ID: fmt.Sprintf("key-%d", k.ID), Label: r.T("desk.account.key_name"), Value: k.Name, Required: true, Most: 80}})
	}
	if data.Recoveries, err = a.gate.Recoveries(ctx, r.Who.ID); err != nil {
		return p, nil, err
	}
	sessions, err := a.gate.Sessions(ctx, r.Who.ID)
	data.Sessions = r.sessions(sessions, accountPath)
	data.Others = slices.ContainsFunc(data.Sessions, func(s listedSession) bool { return !s.Own })
	return p, data, err
}

func (a *accounts) show(w http.ResponseWriter, r *Request) error {
	p, _, err := a.page(r)
	if err != nil {
		return err
	}
	return r.Show(w, p)
}

func (a *accounts) save(w http.ResponseWriter, r *Request) error {
	err := a.gate.SetSelf(r.Context(), r.Who.ID, r.Form("name"), r.Form("lang"))
	if err == nil {
		r.L = lang.Of(r.Form("lang"))
		return r.Go(w, accountPath, "desk.saved")
	}
	return a.again(w, r, err, func(data *accountData) {
		data.Name.Value, data.Lang.Choices = r.Form("name"), Choose(data.Lang.Choices, r.Form("lang"))
		Mark(r.L, err, &data.Name, &data.Lang)
	})
}

// again shows the page once more, with what is wrong with one of its forms.
func (a *accounts) again(w http.ResponseWriter, r *Request, err error, fill func(*accountData)) error {
	p, data, perr := a.page(r)
	if perr != nil {
		return perr
	}
	fill(data)
	return r.Again(w, p, err)
}

func (a *accounts) options(w http.ResponseWriter, r *Request) error {
	options, kept, err := a.gate.BeginPasskey(r.Context(), r.Who)
	if err != nil {
		return err
	}
	a.d.setCookie(w, keptCookie, kept, 5*time.Minute)
	return r.JSON(w, options)
}

func (a *accounts) addKey(w http.ResponseWriter, r *Request) error {
	var in struct {
		Name   string          `json:"name"`
		Answer json.RawMessage `json:"answer"`
	}
	if err := readJSON(r, &in); err != nil {
		return err
	}
	if err := a.gate.FinishPasskey(r.Context(), r.Who, a.d.cookie(r.Request, keptCookie), in.Answer, in.Name); err != nil {
		return err
	}
	a.d.setCookie(w, keptCookie, "", -1)
	a.d.say(w, r.T("desk.account.key_added", "name", in.Name))
	return r.JSON(w, map[string]string{"next": accountPath})
}

func (a *accounts) nameKey(w http.ResponseWriter, r *Request) error {
	id, err := r.ID("id")
	if err != nil {
		return err
	}
	if err := a.gate.RenamePasskey(r.Context(), r.Who, id, r.Form("passkey")); err != nil {
		return a.again(w, r, err, func(data *accountData) {
			for i, k := range data.Keys {
				if k.ID == id {
					data.Keys[i].Rename.Value = r.Form("passkey")
					Mark(r.L, err, &data.Keys[i].Rename)
				}
			}
		})
	}
	return r.Go(w, accountPath, "desk.saved")
}

func (a *accounts) removeKey(w http.ResponseWriter, r *Request) error {
	id, err := r.ID("id")
	if err != nil {
		return err
	}
	if err := a.gate.RemovePasskey(r.Context(), r.Who, id); err != nil {
		return a.again(w, r, err, func(*accountData) {})
	}
	return r.Go(w, accountPath, "desk.account.key_removed")
}

// passwordData is the page on which password and authenticator are set together.
type passwordData struct {
	Code           user.NewCode
	Password       Field
	First          Field // the authenticator's first code
	Kept           Field
	Has            bool
	Back, Path     string
	Recovery       []string // shown once
	Email          string
	ModuleSizeFull int
}

func (a *accounts) form(r *Request, code user.NewCode) (Page, *passwordData) {
	data := &passwordData{Code: code, Has: r.Who.HasPassword, Back: accountPath, Path: passwordPath, Email: r.Who.Email, ModuleSizeFull: code.Size + 8,
		Password: Field{Kind: "password", Name: "password", Label: r.T("desk.password.new"), Hint: r.T("desk.password.hint"), Required: true, Auto: "new-password"},
		First:    Field{Kind: "code", Name: "code", Label: r.T("desk.password.code"), Hint: r.T("desk.password.code_hint"), Required: true, Auto: "one-time-code", Most: 10},
		Kept:     Field{Kind: "kept", Name: "kept", Value: code.Kept}}
	return Page{Title: r.T("desk.password.title"), From: a.pages, Name: "password", Back: accountPath, Data: data}, data
}

func (a *accounts) passwordPage(w http.ResponseWriter, r *Request) error {
	code, err := a.gate.NewCode(r.Who)
	if err != nil {
		return err
	}
	p, _ := a.form(r, code)
	return r.Show(w, p)
}

func (a *accounts) setPassword(w http.ResponseWriter, r *Request) error {
	recovery, err := a.gate.SetPassword(r.Context(), r.Who, r.Session.ID, r.Form("password"), r.Form("kept"), r.Form("code"))
	if err != nil {
		code, cerr := a.gate.SameCode(r.Who, r.Form("kept"))
		if cerr != nil {
			return cerr
		}
		p, data := a.form(r, code)
		Mark(r.L, err, &data.Password, &data.First)
		return r.Again(w, p, err)
	}
	p, data := a.form(r, user.NewCode{})
	data.Recovery = recovery
	p.Title, p.Name = r.T("desk.password.recovery_title"), "recovery"
	return r.Show(w, p)
}

func (a *accounts) removePassword(w http.ResponseWriter, r *Request) error {
	if err := a.gate.RemovePassword(r.Context(), r.Who); err != nil {
		return a.again(w, r, err, func(*accountData) {})
	}
	return r.Go(w, accountPath, "desk.password.removed")
}

func (a *accounts) endSession(w http.ResponseWriter, r *Request) error {
	id, err := r.ID("id")
	if err != nil {
		return err
	}
	if err := a.gate.EndSession(r.Context(), r.Who.Actor(), r.Who.ID, id); err != nil {
		return err
	}
	return r.Go(w, accountPath, "desk.account.session_ended")
}

func (a *accounts) endOthers(w http.ResponseWriter, r *Request) error {
	if err := a.gate.EndSessions(r.Context(), r.Who.Actor(), r.Who.ID, r.Session.ID); err != nil {
		return err
	}
	return r.Go(w, accountPath, "desk.account.sessions_ended")
}

func notHere(r *Request) error {
	return fault.New(fault.NotFound, "no page %s at the desk", r.URL.Path)
}
