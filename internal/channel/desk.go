package channel

import (
	"context"
	"embed"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/fault"
	"dateline/internal/job"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

const (
	path    = "/desk/delivery"
	perPage = 50
)

// sights are the parts of the ledger: what is under way or needs somebody, and all.
var sights = map[string][]string{
	"open": {"waiting", "running", "failed"},
	"all":  {"waiting", "running", "failed", "done", "dropped"},
}

// Desk hangs the ledger in.
func (c *Channels) Desk(d *desk.Desk) {
	pages := desk.NewTemplates(files, "desk")
	d.Menu(desk.Entry{Group: desk.House, Order: 10, Word: "channel.menu", Path: path, Icon: "send", Permission: user.PublishArticles, Count: c.failed})
	d.Handle(
		desk.Route{Method: "GET", Pattern: path, Room: "channel", Permission: user.PublishArticles,
			Serve: func(w http.ResponseWriter, r *desk.Request) error { return c.ledger(w, r, pages) }},
		desk.Route{Method: "POST", Pattern: path + "/{id}/again", Room: "channel", Permission: user.PublishArticles, Serve: c.decide("again", job.Again)},
		desk.Route{Method: "POST", Pattern: path + "/{id}/drop", Room: "channel", Permission: user.PublishArticles, Serve: c.decide("drop", job.Drop)},
	)
	d.Panel(desk.Panel{On: "article", Room: "channel", Order: 80, Side: true, Word: "channel.menu", Permission: user.ReadArticles, Page: pages, Name: "delivery",
		Load: c.ofArticle})
}

// failed counts what nobody tries any more.
func (c *Channels) failed(r *desk.Request) (int, bool, error) {
	n, err := job.Count(r.Context(), c.DB, c.kinds)
	return n["failed"], n["failed"] > 0, err
}

// line is a delivery in the ledger.
type line struct {
	ID              int64
	Article         string
	Lang            string
	Path            string // of the article at the desk
	What            string
	State           string
	Class           string
	At              time.Time // when it was planned
	Next            time.Time // when it is tried
	Tried           int64
	Why             string
	MayTry, MayDrop bool
}

var classes = map[string]string{"waiting": "sch", "running": "rev", "retried": "rev", "failed": "bad", "done": "live", "dropped": ""}

func lines(r *desk.Request, list []job.Row, may bool) []line {
	out := make([]line, len(list))
	for i, e := range list {
		state := e.State
		if state == "waiting" && e.LastError != "" {
			state = "retried"
		}
		out[i] = line{ID: e.ID, What: r.T("channel.kind."+e.Kind, "to", to(e)), State: r.T("channel.state." + state), Class: classes[state], At: e.At, Tried: e.Attempts, Why: e.LastError,
			MayTry: may && (state == "retried" || e.State == "failed" || e.State == "dropped"), MayDrop: may && (e.State == "waiting" || e.State == "failed")}
		if e.State == "waiting" {
			out[i].Next = e.NotBefore
		}
	}
	return out
}

// name says of which articles the lines are; one that is no more has no name.
func (c *Channels) name(r *desk.Request, lines []line, list []job.Row) error {
	site, err := c.Editions.Site(r.Context())
	if err != nil {
		return err
	}
	for i, e := range list {
		a, err := c.Articles.Get(r.Context(), c.DB, e.Ref)
		if fault.Is(err, fault.NotFound) {
			continue
		} else if err != nil {
			return err
		}
		ed, _ := site.ByID(a.Edition)
		lines[i].Article, lines[i].Path, lines[i].Lang = a.Headline, "/desk/articles/"+strconv.FormatInt(a.ID, 10), ed.Lang
	}
	return nil
}

// to is where an errand leads, as its channel wrote it down.
func to(e job.Row) string {
	var p struct {
		To string `json:"to"`
	}
	_ = json.Unmarshal([]byte(e.Payload), &p) // without one the ledger shows the kind alone
	return p.To
}

type ledgerData struct {
	Path   string
	Sights []sight
	Lines  []line
	Older  string
	All    bool
}

type sight struct {
	Name, Path string
	Current    bool
}

func (c *Channels) ledger(w http.ResponseWriter, r *desk.Request, pages *desk.Templates) error {
	in := r.URL.Query().Get("in")
	if sights[in] == nil {
		in = "open"
	}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // no number: the newest
	list, err := job.Kept(r.Context(), c.DB, c.kinds, sights[in], before, perPage+1)
	if err != nil {
		return err
	}
	data := ledgerData{Path: path, All: in == "all"}
	for _, name := range []string{"open", "all"} {
		data.Sights = append(data.Sights, sight{r.T("channel.sight." + name), path + "?in=" + name, name == in})
	}
	if len(list) > perPage {
		list = list[:perPage]
		data.Older = path + "?in=" + in + "&before=" + strconv.FormatInt(list[perPage-1].ID, 10)
	}
	data.Lines = lines(r, list, true)
	if err := c.name(r, data.Lines, list); err != nil {
		return err
	}
	return r.Show(w, desk.Page{Title: r.T("channel.menu"), From: pages, Name: "ledger", Data: &data})
}

// ofArticle are the deliveries of one article, the newest first; nil where there are none.
func (c *Channels) ofArticle(r *desk.Request, of any) (any, error) {
	a, ok := of.(article.Article)
	if !ok {
		return nil, fault.New(fault.Internal, "the panel of deliveries hangs on %T", of)
	}
	list, err := job.Of(r.Context(), c.DB, c.kinds, a.ID, 20)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return lines(r, list, false), nil
}

// decide is what somebody at the desk decides of a delivery.
func (c *Channels) decide(action string, do func(context.Context, *db.Tx, int64) error) func(http.ResponseWriter, *desk.Request) error {
	return func(w http.ResponseWriter, r *desk.Request) error {
		id, err := r.ID("id")
		if err != nil {
			return err
		}
		err = c.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
			e, err := job.Get(r.Context(), tx, id)
			if err != nil {
				return err
			}
			if !slices.Contains(c.kinds, e.Kind) {
				return fault.New(fault.NotFound, "event %d is no delivery", id)
			}
			if err := do(r.Context(), tx, id); err != nil {
				return err
			}
			return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: "delivery." + action, Kind: "delivery", RefID: id,
				Detail: map[string]any{"name": r.T("channel.kind."+e.Kind, "to", to(e)), "article": e.Ref}})
		})
		if err != nil {
			return err
		}
		return r.Go(w, path, "channel.said."+action)
	}
}
