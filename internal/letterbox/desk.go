package letterbox

import (
	"context"
	"embed"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/mail"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

const (
	path    = "/desk/outbox"
	perPage = 50
)

// Box is the page.
type Box struct {
	DB      *db.DB
	Post    *mail.Post
	BaseURL string
}

// Desk hangs it in.
func (b Box) Desk(d *desk.Desk) {
	pages := desk.NewTemplates(files, "desk")
	d.Menu(desk.Entry{Group: desk.House, Order: 80, Word: "letterbox.menu", Path: path, Icon: "send", Permission: user.ChangeSettings, Count: b.failed})
	d.Handle(
		desk.Route{Method: "GET", Pattern: path, Room: "letterbox", Permission: user.ChangeSettings,
			Serve: func(w http.ResponseWriter, r *desk.Request) error { return b.list(w, r, pages) }},
		desk.Route{Method: "POST", Pattern: path + "/{id}/again", Room: "letterbox", Permission: user.ChangeSettings, Serve: b.decide("again", b.Post.Again)},
		desk.Route{Method: "POST", Pattern: path + "/{id}/drop", Room: "letterbox", Permission: user.ChangeSettings, Serve: b.decide("drop", b.Post.Drop)},
	)
}

// failed counts what the mail server would not take.
func (b Box) failed(r *desk.Request) (int, bool, error) {
	if !b.Post.Sends() {
		return 0, false, nil
	}
	n, err := b.Post.Count(r.Context())
	return n[mail.Failed], n[mail.Failed] > 0, err
}

// line is a letter.
type line struct {
	ID              int64
	Kind            string
	To              string
	Lang            string
	Subject         string
	Parts           []part
	State, Class    string
	At              time.Time
	Tries           int64
	Why             string
	MayTry, MayDrop bool
}

type part struct {
	Lines []string
	URL   string
	Quote bool
}

var classes = map[mail.State]string{mail.Waiting: "sch", mail.Sent: "live", mail.Kept: "", mail.Failed: "bad", mail.Late: ""}

type page struct {
	Path         string
	Sends        bool
	Server, From string
	Days         int64
	Lines        []line
	Older        string
}

func (b Box) list(w http.ResponseWriter, r *desk.Request, pages *desk.Templates) error {
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // no number: the newest
	list, err := b.Post.List(r.Context(), before, perPage+1)
	if err != nil {
		return err
	}
	data := page{Path: path, Sends: b.Post.Sends(), Days: int64(mail.KeptFor / (24 * time.Hour))}
	data.Server, data.From = b.Post.Server()
	if len(list) > perPage {
		list = list[:perPage]
		data.Older = path + "?before=" + strconv.FormatInt(list[perPage-1].ID, 10)
	}
	for _, l := range list {
		state := string(l.State)
		if l.State == mail.Waiting && l.Why != "" {
			state = "retried"
		}
		one := line{ID: l.ID, Kind: r.T("letterbox.kind." + l.Kind), To: l.To, Lang: l.Lang, Subject: l.Subject, State: r.T("letterbox.state." + state), Class: classes[l.State],
			At: l.At, Tries: l.Tries, Why: l.Why, MayTry: data.Sends && (l.State == mail.Failed || state == "retried"), MayDrop: l.State != mail.Sent && l.State != mail.Late}
		if l.State == mail.Kept { // nobody has it but whoever reads it here; what is on its way is its reader's
			for _, p := range l.Parts {
				shown := part{Lines: strings.Split(p.Text, "\n"), Quote: p.Quote}
				if p.Path != "" {
					shown.URL = strings.TrimRight(b.BaseURL, "/") + p.Path
				}
				one.Parts = append(one.Parts, shown)
			}
		}
		data.Lines = append(data.Lines, one)
	}
	return r.Show(w, desk.Page{Title: r.T("letterbox.menu"), From: pages, Name: "outbox", Data: &data})
}

// decide is what an administrator decides of a letter.
func (b Box) decide(action string, do func(context.Context, *db.Tx, int64) error) func(http.ResponseWriter, *desk.Request) error {
	return func(w http.ResponseWriter, r *desk.Request) error {
		id, err := r.ID("id")
		if err != nil {
			return err
		}
		l, err := b.Post.Get(r.Context(), id)
		if err != nil {
			return err
		}
		err = b.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
			if err := do(r.Context(), tx, id); err != nil {
				return err
			}
			// The log lasts longer than an address may: it names the kind alone.
			return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: "letter." + action, Kind: "letter", RefID: id,
				Detail: map[string]any{"name": r.T("letterbox.kind." + l.Kind)}})
		})
		if err != nil {
			return err
		}
		return r.Go(w, path, "letterbox.said."+action)
	}
}
