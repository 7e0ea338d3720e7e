package correction

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/anchor"
	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/user"
)

// lastDecided is how many decided remarks stand on an article's page.
const lastDecided = 12

// remarkDesk hangs in what is said among colleagues.
func (p *Pages) remarkDesk(d *desk.Desk) {
	const all = articlePath + "{id}/remarks"
	route := func(method, pattern string, may user.Permission, serve func(http.ResponseWriter, *desk.Request) error) desk.Route {
		return desk.Route{Method: method, Pattern: pattern, Room: "correction", Permission: may, MaxBody: 4 * longest, Serve: serve}
	}
	d.Handle(
		route("GET", all, user.ReadArticles, p.remarks),
		route("POST", all, user.ReadArticles, p.remark),
		route("POST", all+"/{remark}/apply", user.Translate, p.apply),
		route("POST", all+"/{remark}/refuse", user.Translate, p.refuse),
	)
	d.Panel(desk.Panel{On: "article", Room: "correction", Order: -10, Side: true, Word: "remark.panel", Permission: user.ReadArticles,
		Page: p.pages, Name: "remarks", Script: "desk/remarks.js", Load: p.panel})
}

// shownRemark is a remark as a page and its script show it.
type shownRemark struct {
	ID      int64  `json:"id"`
	Kind    string `json:"kind"`
	State   string `json:"state"`
	Lang    string `json:"lang"` // of the text
	Word    string `json:"word"` // of its kind
	Said    string `json:"said"` // of its state, where it is decided
	Who     string `json:"who"`
	When    string `json:"when"`
	ISO     string `json:"iso"`
	Notes   []note `json:"notes"`
	More    string `json:"more"` // how many others say the same
	Field   string `json:"field"`
	Where   string `json:"where"` // name of the field
	Before  string `json:"before"`
	Exact   string `json:"exact"`
	After   string `json:"after"`
	Insert  string `json:"insert"`
	Changes bool   `json:"changes"` // it wants other words
	Block   string `json:"block"`   // where it is now; empty: it is not there
	From    int    `json:"from"`
	To      int    `json:"to"`
	Open    bool   `json:"open"`
	Gone    bool   `json:"gone"` // open, and its passage is not in the text
}

type note struct {
	Who  string `json:"who"`
	Text string `json:"text"`
}

type panelData struct {
	Path   string
	Lang   string
	Writes bool
	Closed bool
	List   []shownRemark
	Done   []shownRemark
	State  panelState
	Fields []desk.Choice
}

// panelState goes to the panel's script.
type panelState struct {
	Path   string         `json:"path"`
	Writes bool           `json:"writes"`
	Words  map[string]any `json:"words"`
	List   []shownRemark  `json:"list"`
}

// cut is how long the text beside a passage is from which on it goes on beyond it
// (anchor.Make keeps so much of it at least).
const cut = 32

func head(s string) string {
	if utf8.RuneCountInString(s) < cut {
		return s
	}
	_, rest, _ := strings.Cut(s, " ")
	return "… " + rest
}

func tail(s string) string {
	if utf8.RuneCountInString(s) < cut {
		return s
	}
	return s[:max(0, strings.LastIndex(s, " "))] + " …"
}

// shown are an article's remarks, for whoever asks.
func (p *Pages) shown(r *desk.Request, a article.Article) ([]shownRemark, error) {
	ctx := r.Context()
	list, err := p.Store.Remarks(ctx, p.DB, a.ID, lastDecided)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	names, err := p.names(ctx, a.Publication)
	if err != nil {
		return nil, err
	}
	site, err := p.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	c, err := p.Articles.Working(ctx, p.DB, a)
	if err != nil {
		return nil, err
	}
	out := make([]shownRemark, len(list))
	for i, x := range list {
		s := shownRemark{ID: x.ID, Kind: string(x.Kind), State: string(x.State), Lang: langOf(site, a), Word: r.T("remark.kind." + string(x.Kind)), Field: x.Field,
			When: r.L.DateTime(x.At.In(r.Zone)), ISO: x.At.In(r.Zone).Format(time.RFC3339), Before: head(x.Passage.Prefix), Exact: x.Passage.Exact,
			After: tail(x.Passage.Suffix), Insert: x.Replacement, Changes: x.Replaces, Open: x.State == Open}
		if x.Field != "" {
			s.Where = r.T("remark.field." + x.Field)
		}
		for _, v := range x.Voices {
			who := names[v.Staff]
			if v.Staff == 0 {
				who = r.T("remark.reader")
			}
			if s.Who == "" {
				s.Who = who
			}
			if v.Note == "" {
				continue
			}
			if len(x.Voices) == 1 {
				who = "" // it stands above
			}
			s.Notes = append(s.Notes, note{who, v.Note})
		}
		if x.Count > 1 {
			s.More = r.T("remark.more", "n", x.Count-1)
		}
		if s.Open {
			place, ok := x.Where(c.Text)
			s.Block, s.From, s.To, s.Gone = place.Block, place.From, place.To, !ok
		} else {
			s.Said = r.T("remark.state."+string(x.State)+kindly(x), "name", names[x.By])
			if x.Reason != "" {
				s.Said += ": " + x.Reason
			}
		}
		out[i] = s
	}
	return out, nil
}

// kindly tells words of a comment from others: it is done with, not applied.
func kindly(r Remark) string {
	if r.Kind == Comment {
		return "_comment"
	}
	return ""
}

// panel is what is said among colleagues, on the article's page.
func (p *Pages) panel(r *desk.Request, of any) (any, error) {
	a, ok := of.(article.Article)
	if !ok {
		return nil, nil
	}
	all, err := p.shown(r, a)
	if err != nil {
		return nil, err
	}
	site, err := p.Editions.Site(r.Context())
	if err != nil {
		return nil, err
	}
	data := panelData{Path: articlePath + itoa(a.ID) + "/remarks", Lang: langOf(site, a), Writes: p.Writes(r, a) == nil,
		Closed: a.State == article.Withdrawn || a.State == article.Spiked}
	if data.Closed {
		if data.Writes = false; len(all) == 0 {
			return nil, nil
		}
	}
	for _, x := range all {
		if x.Open {
			data.List = append(data.List, x)
		} else {
			data.Done = append(data.Done, x)
		}
	}
	for _, f := range []string{"", "headline", "standfirst", "kicker", "caption"} {
		word := "remark.field.body"
		if f != "" {
			word = "remark.field." + f
		}
		data.Fields = append(data.Fields, desk.Choice{Value: f, Label: r.T(word), Chosen: f == ""})
	}
	if all == nil {
		all = []shownRemark{}
	}
	data.State = panelState{Path: data.Path, Writes: data.Writes, Words: r.L.Under("remark.js."), List: all}
	return data, nil
}

func langOf(site edition.Site, a article.Article) string {
	ed, _ := site.ByID(a.Edition)
	return ed.Lang
}

// remarks are for the page's script.
func (p *Pages) remarks(w http.ResponseWriter, r *desk.Request) error {
	a, err := p.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	return p.answer(w, r, a, 0)
}

type answered struct {
	List    []shownRemark `json:"list"`
	Version int           `json:"version"`
	ID      int64         `json:"id"`
}

func (p *Pages) answer(w http.ResponseWriter, r *desk.Request, a article.Article, id int64) error {
	list, err := p.shown(r, a)
	if err != nil {
		return err
	}
	if list == nil {
		list = []shownRemark{}
	}
	version, err := p.Articles.VersionNow(r.Context(), a.ID)
	if err != nil {
		return err
	}
	return r.JSON(w, answered{List: list, Version: version, ID: id})
}

// byScript tells a script's request, which is answered with JSON.
func byScript(r *desk.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
}

// asked is what a script sends, or a form.
type asked struct {
	anchor.Passage
	Version int    `json:"version"`
	Field   string `json:"field"`
	Kind    string `json:"kind"`
	Changes bool   `json:"changes"`
	Text    string `json:"text"`
	Note    string `json:"note"`
	Reason  string `json:"reason"`
	Done    bool   `json:"done"`
}

func ask(r *desk.Request) (in asked, err error) {
	if byScript(r) {
		err = r.ReadJSON(&in)
		return in, err
	}
	in = asked{Field: r.Form("field"), Kind: r.Form("kind"), Text: r.Form("text"), Note: r.Form("note"), Reason: r.Form("reason")}
	in.Exact, in.Changes = strings.ReplaceAll(r.Form("exact"), "\r\n", "\n"), in.Kind == string(Suggestion)
	return in, nil
}

// led answers a form: it leads back to the article and says word there, or what is wrong.
func (p *Pages) led(w http.ResponseWriter, r *desk.Request, a article.Article, id int64, word string, err error) error {
	if byScript(r) {
		if err != nil {
			return err
		}
		return p.answer(w, r, a, id)
	}
	to := articlePath + itoa(a.ID)
	if err != nil {
		if text, ok := r.L.Say(err); ok {
			return r.Go(w, to, "told.not_done", "why", text)
		}
		return err
	}
	return r.Go(w, to, word)
}

// remark makes one.
func (p *Pages) remark(w http.ResponseWriter, r *desk.Request) error {
	a, err := p.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	in, err := ask(r)
	if err != nil {
		return err
	}
	if in.Kind != string(Comment) && in.Kind != string(Suggestion) {
		return fault.Field("kind", "a colleague cannot make a %q", in.Kind)
	}
	x := Remark{Article: a.ID, Kind: RemarkKind(in.Kind), Version: in.Version, Field: in.Field, Replaces: in.Changes, Replacement: in.Text}
	folded := false
	err = p.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		if !byScript(r) { // what is there now
			c, err := p.Articles.Working(r.Context(), tx, a)
			if err != nil {
				return err
			}
			x.Version = c.Version
		}
		m, err := p.Articles.TextAt(r.Context(), tx, a, x.Version)
		if err != nil {
			return err
		}
		if x.Passage, err = Point(m, x.Field, in.Passage); err != nil {
			return err
		}
		if x, folded, err = p.Store.Make(r.Context(), tx, x, Voice{Staff: r.Who.ID, Note: in.Note}); err != nil {
			return err
		}
		return p.logRemark(r, tx, x, "remark")
	})
	word := "remark.made"
	if folded {
		word = "remark.made_again"
	}
	return p.led(w, r, a, x.ID, word, err)
}

func (p *Pages) logRemark(r *desk.Request, tx *db.Tx, x Remark, action string) error {
	return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: "article." + action, Kind: "article", RefID: x.Article,
		Detail: map[string]any{"remark": x.ID, "kind": string(x.Kind)}})
}

// decide applies or refuses one.
func (p *Pages) decide(w http.ResponseWriter, r *desk.Request, f func(tx *db.Tx, a article.Article, id int64, in asked) (Remark, error)) error {
	a, err := p.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	if err := p.Writes(r, a); err != nil {
		return err
	}
	id, err := r.ID("remark")
	if err != nil {
		return err
	}
	in, err := ask(r)
	if err != nil {
		return err
	}
	var x, was Remark
	err = p.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		if was, err = p.Store.Remark(r.Context(), tx, a.ID, id); err != nil {
			return err
		}
		if x, err = f(tx, a, id, in); err != nil || x.State == was.State {
			return err
		}
		return p.logRemark(r, tx, x, "remark_"+string(x.State))
	})
	if err == nil && !byScript(r) && x.State == Stale {
		err = remarkWrong("", "stale")
	}
	return p.led(w, r, a, id, "remark.done_"+string(x.State)+kindly(x), err)
}

func (p *Pages) apply(w http.ResponseWriter, r *desk.Request) error {
	return p.decide(w, r, func(tx *db.Tx, a article.Article, id int64, in asked) (Remark, error) {
		x, _, err := p.Store.Apply(r.Context(), tx, a.ID, id, r.Who.ID, in.Done)
		return x, err
	})
}

func (p *Pages) refuse(w http.ResponseWriter, r *desk.Request) error {
	return p.decide(w, r, func(tx *db.Tx, a article.Article, id int64, in asked) (Remark, error) {
		return p.Store.Refuse(r.Context(), tx, a.ID, id, r.Who.ID, in.Reason)
	})
}
