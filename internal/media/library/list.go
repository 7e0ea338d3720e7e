package library

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/media"
	"dateline/internal/user"
)

// card is a medium in a list.
type card struct {
	ID            int64
	Path, File    string
	Width, Height int
	Name          string
	Caption       string
	Lang          string // of the caption
	Credit        string
	Picture       bool
	NoAlt         bool
	Ends          time.Time // if that is soon
	Ended         bool
	Uses          int
	Always        bool
}

type tab struct {
	Name, Path string
	Current    bool
}

type listData struct {
	Path   string
	Sights []tab
	Sight  string
	Text   string
	Cards  []card
	More   string
	First  string
	Any    bool // something is searched or filtered
	Words  map[string]any
	Lang   string
	Wrong  []string
}

func (l *Library) list(w http.ResponseWriter, r *desk.Request) error {
	data, err := l.listed(r)
	if err != nil {
		return err
	}
	return r.Show(w, l.listPage(r, data))
}

func (l *Library) listPage(r *desk.Request, data *listData) desk.Page {
	return desk.Page{Title: r.T("pictures.menu"), From: l.pages, Name: "list", Data: data, Scripts: []string{"desk/picker.js", "desk/library.js"}}
}

func (l *Library) listed(r *desk.Request) (*listData, error) {
	ctx := r.Context()
	site, err := l.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	q := r.URL.Query()
	query := media.Query{Publication: site.Publication.ID, Sight: media.Sight(q.Get("show")), Text: strings.TrimSpace(q.Get("q")), Before: number(q.Get("before")),
		Limit: perPage, Now: l.Now()}
	if !slices.Contains(media.Sights(), query.Sight) {
		query.Sight = media.SightAll
	}
	list, more, err := l.Media.List(ctx, query)
	if err != nil {
		return nil, err
	}
	data := &listData{Path: media.DeskPath, Sight: string(query.Sight), Text: query.Text, Any: query.Text != "" || query.Sight != media.SightAll,
		Words: r.L.Under("pictures.js."), Lang: r.L.Tag()}
	for _, s := range media.Sights() {
		data.Sights = append(data.Sights, tab{r.T("pictures.sight." + word(s)), link(q, "show", string(s)), s == query.Sight})
	}
	if more {
		data.More = link(q, "before", strconv.FormatInt(list[len(list)-1].ID, 10))
	}
	if query.Before != 0 {
		data.First = link(q, "before", "")
	}
	data.Cards, err = l.cards(r, site, list)
	return data, err
}

func word(s media.Sight) string {
	if s == media.SightAll {
		return "all"
	}
	return string(s)
}

func (l *Library) cards(r *desk.Request, site edition.Site, list []media.Media) ([]card, error) {
	ids := make([]int64, len(list))
	for i, m := range list {
		ids[i] = m.ID
	}
	uses, err := l.Media.Uses(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	now := l.Now()
	out := make([]card, len(list))
	for i, m := range list {
		s := m.Shown(now, r.L.Tag(), site.Langs()...)
		c := card{ID: m.ID, Path: media.PageAt(m.ID), File: media.FileAt(m.ID) + "?w=320", Width: m.Width, Height: m.Height, Name: m.FileName,
			Caption: s.Caption, Credit: s.Credit, Picture: m.Kind == media.Image, Ended: s.Ended, Uses: len(uses[m.ID]), Always: m.Always}
		c.Lang = captionLang(m, s.Caption)
		if c.NoAlt = c.Picture && !m.Decorative; c.NoAlt {
			for _, t := range m.Texts {
				c.NoAlt = c.NoAlt && t.Alt == ""
			}
		}
		if !m.Expires.IsZero() && m.Expires.Before(now.Add(media.EndsSoon)) {
			c.Ends = m.Expires
		}
		out[i] = c
	}
	return out, nil
}

// captionLang is the language that a caption is in; "" of one that nobody has looked at.
func captionLang(m media.Media, caption string) string {
	for tag, t := range m.Texts {
		if caption != "" && t.Caption == caption {
			return tag
		}
	}
	return ""
}

// find gives pictures that may be put into a text.
func (l *Library) find(w http.ResponseWriter, r *desk.Request) error {
	ctx := r.Context()
	site, err := l.Editions.Site(ctx)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	list, more, err := l.Media.List(ctx, media.Query{Publication: site.Publication.ID, Sight: media.SightOffered, Text: strings.TrimSpace(q.Get("q")),
		Before: number(q.Get("before")), Limit: atOnce, Now: l.Now()})
	if err != nil {
		return err
	}
	ed := editionOf(site, q.Get("lang"))
	out := struct {
		List []media.Shown `json:"list"`
		More int64         `json:"more"` // where the next ones begin; 0: there are none
	}{List: []media.Shown{}}
	for _, m := range list {
		out.List = append(out.List, m.Shown(l.Now().In(r.Zone), ed.Lang, site.Langs()...))
	}
	if more {
		out.More = list[len(list)-1].ID
	}
	return r.JSON(w, out)
}

// file sends a medium to somebody at the desk, public or not.
func (l *Library) file(w http.ResponseWriter, r *desk.Request) error {
	m, err := l.one(r)
	if err != nil {
		return err
	}
	width := 800
	if r.URL.Query().Get("w") == "320" {
		width = 320
	}
	return l.Media.Desk(w, r.Request, m, l.Drawer, width)
}

// one is the medium that a path names.
func (l *Library) one(r *desk.Request) (media.Media, error) {
	id, err := r.ID("id")
	if err != nil {
		return media.Media{}, err
	}
	list, err := l.Media.ByIDs(r.Context(), []int64{id})
	if err != nil {
		return media.Media{}, err
	}
	m, ok := list[id]
	if !ok {
		return m, fault.New(fault.NotFound, "there is no medium %d", id)
	}
	return m, nil
}

// endingSoon is how long before the rights of a picture that readers see end Today
// says so.
const endingSoon = 14 * 24 * time.Hour

// ending are pictures in articles that readers see whose rights have ended or are
// about to.
func (l *Library) ending(r *desk.Request, _ any) (any, error) {
	site, err := l.Editions.Site(r.Context())
	if err != nil {
		return nil, err
	}
	list, err := l.Media.Ending(r.Context(), site.Publication.ID, l.Now().Add(endingSoon), 10)
	if err != nil || len(list) == 0 || !r.Who.Can(user.KeepMedia) {
		return nil, err
	}
	return l.cards(r, site, list)
}
