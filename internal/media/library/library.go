package library

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/media"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

// Use is an article that uses a picture.
type Use struct {
	ID     int64
	Title  string
	Lang   string
	Path   string // at the desk
	Public bool   // readers see it
}

// Rooms are those that the library needs.
type Rooms struct {
	DB       *db.DB
	Editions *edition.Store
	Media    *media.Store
	Drawer   *media.Drawer
	// Articles names articles by their ids, for somebody: those that they may read.
	Articles func(r *desk.Request, ids []int64) ([]Use, error)
	Now      func() time.Time
	Log      *slog.Logger
}

// Library is the closet.
type Library struct {
	Rooms
	pages *desk.Templates
}

// New makes it.
func New(r Rooms) *Library {
	if r.Now == nil {
		r.Now = time.Now
	}
	if r.Log == nil {
		r.Log = slog.Default()
	}
	return &Library{Rooms: r, pages: desk.NewTemplates(files, "desk")}
}

const (
	maxUpload = 64 << 20  // bytes of a file
	maxForm   = 256 << 20 // and of a form with several
	perPage   = 48
	atOnce    = 24 // offered beside a text
)

// Desk hangs the pages in.
func (l *Library) Desk(d *desk.Desk) {
	route := func(method, pattern string, serve func(http.ResponseWriter, *desk.Request) error) desk.Route {
		return desk.Route{Method: method, Pattern: pattern, Room: "media", Permission: user.KeepMedia, Serve: serve}
	}
	take := route("POST", media.DeskPath, l.take)
	take.MaxBody = maxForm
	one := media.DeskPath + "/{id}"
	d.Handle(
		route("GET", media.DeskPath, l.list),
		take,
		route("GET", media.DeskPath+"/find", l.find),
		route("GET", one, l.open),
		route("POST", one, l.describe),
		route("POST", one+"/add", l.add),
		route("GET", one+"/file", l.file),
	)
	d.Menu(desk.Entry{Group: desk.House, Order: 10, Word: "pictures.menu", Path: media.DeskPath, Icon: "picture", Permission: user.KeepMedia})
	d.Panel(desk.Panel{On: desk.Today, Room: "media", Order: 40, Word: "pictures.rights_end", Permission: user.KeepMedia, Page: l.pages, Name: "ending", Load: l.ending})
}

// Look is the job that looks at pictures which came before there was a library, or by
// an import: a few in its turn.
func (l *Library) Look(ctx context.Context) error {
	for more := true; more; {
		var err error
		if more, err = l.Drawer.LookAtSome(ctx, 10); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(2 * time.Second): // readers come first
		}
	}
	return nil
}

// note writes down what somebody did to a picture.
func note(r *desk.Request, tx *db.Tx, action string, id int64, detail any) error {
	return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: "media." + action, Kind: "media", RefID: id, Detail: detail})
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return max(n, 0)
}

// link is the library with a filter.
func link(q url.Values, key, value string) string {
	out := url.Values{}
	for k, v := range q {
		if len(v) == 1 && v[0] != "" && k != "before" {
			out.Set(k, v[0])
		}
	}
	if out.Del(key); value != "" {
		out.Set(key, value)
	}
	if len(out) == 0 {
		return media.DeskPath
	}
	return media.DeskPath + "?" + out.Encode()
}

// edition is the one of a language, or the default.
func editionOf(site edition.Site, tag string) edition.Edition {
	if ed, ok := site.ByLang(tag); ok {
		return ed
	}
	return site.Default()
}
