package front

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"dateline/internal/article"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/lang"
	"dateline/internal/user"
	"dateline/internal/web"
)

// event is an instant at which the clock changes the page.
type event struct {
	At   time.Time
	What string
	Href string
}

type rehearsalData struct {
	Path, Back string
	Lang       string
	At         time.Time
	Value      string
	Frame      string // address of the page in the frame
	Wide       string // this page with the frame as wide as there is room
	Phone      string // and as wide as a phone
	IsPhone    bool
	Editions   []desk.Choice
	Events     []event
	Zone       string
}

// instant is the one that an address asks for; the present where it asks for none, or
// for none that there is. A rehearsal guesses where clocks are put back: the first.
func (b *Board) instant(r *desk.Request) time.Time {
	if day := r.URL.Query().Get("at"); len(day) == len(wallClock) {
		if at, err := lang.ResolveWall(day[:10]+" "+day[11:]+":00", r.Zone); err == nil && at.At.Year() >= 1970 && at.At.Year() <= 2200 {
			return at.At
		}
	}
	return b.Now().Truncate(time.Minute)
}

// may refuses a rehearsal to those who may not read what is in it.
func (b *Board) may(r *desk.Request) error { return r.May(user.ReadArticles, false) }

// page is the front page of an instant, as readers would get it.
func (b *Board) page(w http.ResponseWriter, r *desk.Request) error {
	_, ed, err := b.meant(r)
	if err == nil {
		err = b.may(r)
	}
	if err != nil {
		return err
	}
	return b.Rehearse(w, r.Request, ed.ID, b.instant(r))
}

// rehearsal shows that page in a frame, with the instants that are worth a look.
func (b *Board) rehearsal(w http.ResponseWriter, r *desk.Request) error {
	site, ed, err := b.meant(r)
	if err == nil {
		err = b.may(r)
	}
	if err != nil {
		return err
	}
	at := b.instant(r)
	phone := r.URL.Query().Get("width") == "phone"
	link := func(edition int64, at time.Time, phone bool) string {
		q := url.Values{"at": {wall(r, at)}}
		if phone {
			q.Set("width", "phone")
		}
		return pathOf(edition) + "/rehearsal?" + q.Encode()
	}
	data := rehearsalData{Path: pathOf(ed.ID) + "/rehearsal", Lang: ed.Lang, At: at, Value: wall(r, at), IsPhone: phone,
		Frame: pathOf(ed.ID) + "/page?at=" + url.QueryEscape(wall(r, at)), Wide: link(ed.ID, at, false), Phone: link(ed.ID, at, true),
		Zone: r.L.ZoneName(r.Newsroom.Zone, at)}
	for _, e := range site.Editions {
		l := lang.Of(e.Lang)
		data.Editions = append(data.Editions, desk.Choice{Value: link(e.ID, at, phone), Label: l.Title(l.Name()), Chosen: e.ID == ed.ID})
	}
	if data.Events, err = b.events(r, site, ed, func(at time.Time) string { return link(ed.ID, at, phone) }); err != nil {
		return err
	}
	web.AllowFrames(w, "'self'")
	return r.Show(w, desk.Page{Title: r.T("arrange.rehearsal"), From: b.pages, Name: "rehearsal", Back: pathOf(ed.ID), Data: data})
}

// mostEvents is how many instants are offered.
const mostEvents = 12

// events are the instants, from now on, at which the clock changes the page.
func (b *Board) events(r *desk.Request, site edition.Site, ed edition.Edition, link func(time.Time) string) ([]event, error) {
	ctx, now := r.Context(), b.Now()
	var out []event
	add := func(at time.Time, what string) {
		if at.After(now) {
			// Whole minutes can be asked for: the first in which it is so.
			at := toMinute(at)
			out = append(out, event{at, what, link(at)})
		}
	}
	v, err := b.Front.Now(ctx, ed.ID)
	if err != nil {
		return nil, err
	}
	for i, s := range v.Slots {
		if s.pinned(now) != 0 && s.Until != 0 {
			add(time.UnixMilli(s.Until), r.T("arrange.event.until", "place", r.T("arrange.place."+string(places[i]))))
		}
	}
	if v.Strip != nil {
		add(time.UnixMilli(v.Strip.Begins), r.T("arrange.event.strip"))
		add(time.UnixMilli(v.Strip.Ends), r.T("arrange.event.strip_ends"))
	}
	items, _, err := b.Articles.Desk(ctx, article.DeskQuery{Publication: site.Publication.ID, Sight: article.SightScheduled, Edition: ed.ID, Limit: 100, Now: now})
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if i.Kind == article.Text {
			add(i.VisibleFrom, orUntitled(r, i.Title))
		}
	}
	slices.SortStableFunc(out, func(a, c event) int { return a.At.Compare(c.At) })
	return out[:min(len(out), mostEvents)], nil
}
