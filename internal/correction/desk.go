package correction

import (
	"context"
	"embed"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/anchor"
	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

// Rooms are those that the desk's side of this one needs.
type Rooms struct {
	DB       *db.DB
	Articles *article.Store
	Editions *edition.Store
	Users    *user.Store
	Store    *Store
	// Writes refuses whoever may not change an article's text.
	Writes func(r *desk.Request, a article.Article) error
	Now    func() time.Time
}

// Pages are what hangs on the desk's page of an article.
type Pages struct {
	Rooms
	pages *desk.Templates
}

// NewPages makes them.
func NewPages(r Rooms) *Pages { return &Pages{r, desk.NewTemplates(files, "desk")} }

const articlePath = "/desk/articles/"

// Desk hangs them in.
func (p *Pages) Desk(d *desk.Desk) {
	const one = articlePath + "{id}/told"
	route := func(pattern string, serve func(http.ResponseWriter, *desk.Request) error) desk.Route {
		return desk.Route{Method: "POST", Pattern: pattern, Room: "correction", Permission: user.PublishArticles, Serve: serve}
	}
	d.Handle(route(one, p.tell), route(one+"/{told}", p.say), route(one+"/{told}/withdraw", p.withdraw))
	d.Panel(desk.Panel{On: "article", Room: "correction", Order: 20, Side: true, Word: "told.panel", Permission: user.ReadArticles,
		Page: p.pages, Name: "told", Script: "desk/told.js", Load: p.told})
	p.remarkDesk(d)
}

// thing reads the article of a request, if whoever asks may do something to it.
func (p *Pages) thing(r *desk.Request, may user.Permission) (article.Article, error) {
	id, err := r.ID("id")
	if err != nil {
		return article.Article{}, err
	}
	a, err := p.Articles.Get(r.Context(), p.DB, id)
	if err != nil {
		return a, err
	}
	mine, err := p.Articles.Theirs(r.Context(), p.DB, id, r.Who.ID, r.Who.EntityID)
	if err != nil {
		return a, err
	}
	return a, r.May(may, mine)
}

type toldData struct {
	Path string
	Lang string
	Mine []toldLine
	Gone []toldLine
	May  bool
	New  []desk.Choice
}

type toldLine struct {
	Correction
	Word    string
	Who     string
	Path    string
	Public  string // readers'
	Compare string // at the desk; empty: the text stayed as it was
	Kinds   []desk.Choice
}

// told is what readers are told of an article.
func (p *Pages) told(r *desk.Request, of any) (any, error) {
	a, ok := of.(article.Article)
	if !ok || a.Kind != article.Text {
		return nil, nil
	}
	all, err := p.Store.All(r.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	mine, err := p.Articles.Theirs(r.Context(), p.DB, a.ID, r.Who.ID, r.Who.EntityID)
	if err != nil {
		return nil, err
	}
	public := a.Visibility().Public(p.Now())
	data := toldData{Path: articlePath + itoa(a.ID), May: public && r.May(user.PublishArticles, mine) == nil, New: kinds(r, Note)}
	if len(all) == 0 && !data.May {
		return nil, nil
	}
	site, err := p.Editions.Site(r.Context())
	if err != nil {
		return nil, err
	}
	ed, _ := site.ByID(a.Edition)
	data.Lang = ed.Lang
	names, err := p.names(r.Context(), a.Publication)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		l := toldLine{Correction: c, Word: r.T("told.kind." + string(c.Kind)), Who: names[c.Staff], Path: data.Path + "/told/" + itoa(c.ID), Kinds: kinds(r, c.Kind)}
		if c.After > c.Before && c.Before > 0 {
			l.Compare = data.Path + "/compare?a=" + strconv.Itoa(c.Before) + "&b=" + strconv.Itoa(c.After)
		}
		if !c.Withdrawn.IsZero() {
			data.Gone = append(data.Gone, l)
			continue
		}
		if public {
			l.Public = ed.Prefix + "/corrections/" + itoa(c.ID)
		}
		data.Mine = append(data.Mine, l)
	}
	return data, nil
}

func kinds(r *desk.Request, chosen Kind) []desk.Choice {
	var out []desk.Choice
	for _, k := range Kinds() {
		out = append(out, desk.Choice{Value: string(k), Label: r.T("told.kind." + string(k)), Chosen: k == chosen})
	}
	return out
}

func (p *Pages) names(ctx context.Context, publication int64) (map[int64]string, error) {
	list, err := p.Users.List(ctx, publication)
	out := make(map[int64]string, len(list))
	for _, l := range list {
		out[l.ID] = l.Name
	}
	return out, err
}

// Tell tells readers of a change that is being published, with its entry in the log.
func (p *Pages) Tell(ctx context.Context, tx *db.Tx, c Correction, name string) error {
	id, err := p.Store.Add(ctx, tx, c)
	if err != nil {
		return err
	}
	c.ID = id
	return p.log(ctx, tx, c, c.Staff, name, "told")
}

func (p *Pages) log(ctx context.Context, tx *db.Tx, c Correction, staff int64, name, action string) error {
	detail := map[string]any{"told": c.ID}
	if action != "told_withdraw" {
		detail["kind"], detail["text"] = string(c.Kind), c.Text
	}
	return audit.Log(ctx, tx, audit.Entry{Actor: name, ActorID: staff, Action: "article." + action, Kind: "article", RefID: c.Article, Detail: detail})
}

// deed does something, with its entry in the log, and leads back to the article, where
// it says that, or why it was not done.
func (p *Pages) deed(w http.ResponseWriter, r *desk.Request, c Correction, action string, f func(*db.Tx, *Correction) error) error {
	err := p.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		if err := f(tx, &c); err != nil {
			return err
		}
		return p.log(r.Context(), tx, c, r.Who.ID, r.Who.Name, action)
	})
	to := articlePath + itoa(c.Article)
	if err != nil {
		if text, ok := r.L.Say(err); ok {
			return r.Go(w, to, "told.not_done", "why", text)
		}
		return err
	}
	return r.Go(w, to, "told.done_"+action)
}

// tell tells readers something of a text that stays as it is.
func (p *Pages) tell(w http.ResponseWriter, r *desk.Request) error {
	a, err := p.thing(r, user.PublishArticles)
	if err != nil {
		return err
	}
	c := Correction{Article: a.ID, Edition: a.Edition, Kind: Kind(r.Form("kind")), Text: r.Form("note"), Staff: r.Who.ID,
		Before: a.Revision, After: a.Revision}
	return p.deed(w, r, c, "told", func(tx *db.Tx, c *Correction) (err error) {
		if a.Kind != article.Text || !a.Visibility().Public(p.Now()) {
			return wrong("", "not_public")
		}
		if err := p.point(r, tx, c); err != nil {
			return err
		}
		c.ID, err = p.Store.Add(r.Context(), tx, *c)
		return err
	})
}

// one reads the correction of a request.
func (p *Pages) one(r *desk.Request) (Correction, error) {
	a, err := p.thing(r, user.PublishArticles)
	if err != nil {
		return Correction{}, err
	}
	id, err := r.ID("told")
	if err != nil {
		return Correction{}, err
	}
	return p.Store.Get(r.Context(), p.DB, a.ID, id)
}

// say says it in other words.
func (p *Pages) say(w http.ResponseWriter, r *desk.Request) error {
	c, err := p.one(r)
	if err != nil {
		return err
	}
	c.Kind, c.Text, c.Shows = Kind(r.Form("kind")), strings.TrimSpace(r.Form("note")), r.Form("shows") != ""
	return p.deed(w, r, c, "told_change", func(tx *db.Tx, c *Correction) error {
		if err := p.point(r, tx, c); err != nil {
			return err
		}
		return p.Store.Change(r.Context(), tx, *c)
	})
}

// point takes over which passage a form names: what its article's page has pointed at,
// or words alone. A form without the field says nothing of that.
func (p *Pages) point(r *desk.Request, tx *db.Tx, c *Correction) (err error) {
	if err := r.ParseForm(); err != nil || !r.PostForm.Has("exact") {
		return err
	}
	exact := strings.ReplaceAll(r.Form("exact"), "\r\n", "\n")
	if c.Passage != nil && exact == c.Passage.Exact {
		return nil
	}
	if c.Passage = nil; strings.TrimSpace(exact) == "" {
		return nil
	}
	seen := anchor.Passage{Exact: exact}
	if place := r.Form("place"); place != "" { // nothing but a hint, which the text confirms
		if err := json.Unmarshal([]byte(place), &seen); err != nil || seen.Exact != exact {
			seen = anchor.Passage{Exact: exact}
		}
	}
	c.Passage, err = p.Store.Pointed(r.Context(), tx, *c, seen)
	return err
}

// withdraw takes it back.
func (p *Pages) withdraw(w http.ResponseWriter, r *desk.Request) error {
	c, err := p.one(r)
	if err != nil {
		return err
	}
	return p.deed(w, r, c, "told_withdraw", func(tx *db.Tx, c *Correction) error { return p.Store.Withdraw(r.Context(), tx, *c) })
}

func itoa(id int64) string { return strconv.FormatInt(id, 10) }
