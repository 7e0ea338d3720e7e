package editor

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/user"
)

const perPage = 30

func itoa(id int64) string { return strconv.FormatInt(id, 10) }

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return max(n, 0)
}

// versionOf is the version of a text that whoever sends a form has seen; below zero for
// one that is what a revision says.
func versionOf(r *desk.Request) int {
	n, _ := strconv.Atoi(r.Form("version"))
	return n
}

// status is where an article stands, as the desk's marks show it.
type status struct{ Word, Class string }

var classes = map[string]string{"published": "live", "in_review": "rev", "scheduled": "sch", "withdrawn": "bad", "spiked": "bad", "ready": "rev"}

// statusOf says where an article and its text stand: "published, being changed".
func statusOf(r *desk.Request, a article.Article, text article.State, working bool, now time.Time) (out []status) {
	at := a.Visibility().At(now)
	out = []status{{r.T("write.status." + string(at)), classes[string(at)]}}
	if working && (at == article.Published || at == article.Scheduled) {
		s := string(text)
		if text == article.Draft {
			s = "changed"
		}
		out = append(out, status{r.T("write.status.copy_" + s), classes[string(text)]})
	}
	return out
}

// line is an article in a list.
type line struct {
	Title   string
	Lang    string
	Path    string
	Edition string
	Status  []status
	By      string // whose it is
	At      time.Time
	Due     time.Time // when the newsroom wants it
	From    time.Time // when readers will see it
	Words   int
	Late    bool
}

type listData struct {
	Sights   []tab
	Lines    []line
	Editions []desk.Choice
	Staff    []desk.Choice
	Text     string
	Path     string
	More     string
	Filtered bool
	CanBegin bool
}

type tab struct {
	Key, Name, Path string
	Current         bool
}

// list is the articles of a state.
func (e *Editor) list(w http.ResponseWriter, r *desk.Request) error {
	ctx := r.Context()
	site, err := e.Editions.Site(ctx)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	query := article.DeskQuery{Publication: site.Publication.ID, Sight: article.Sight(q.Get("in")), Edition: number(q.Get("edition")),
		Staff: number(q.Get("whose")), Text: strings.TrimSpace(q.Get("q")), Before: q.Get("before"), Limit: perPage, Now: e.Now()}
	if r.URL.Path == listPath+"/review" {
		query.Sight = article.SightReview
	}
	if !slices.Contains(article.Sights(), query.Sight) {
		query.Sight = article.SightWork
	}
	query.Staff = whose(r, query.Staff)
	items, more, err := e.Articles.Desk(ctx, query)
	if err != nil {
		return err
	}
	names, err := e.staff(ctx, site)
	if err != nil {
		return err
	}
	data := listData{Text: query.Text, Path: listPath, CanBegin: r.Who.Can(user.WriteArticles),
		Lines: e.lines(r, site, items, names)}
	link := func(key, value string) string { return filtered(r, listPath, "in", string(query.Sight), key, value) }
	for _, s := range article.Sights() {
		data.Sights = append(data.Sights, tab{string(s), r.T("write.sight." + string(s)), link("in", string(s)), s == query.Sight})
	}
	if more {
		data.More = link("before", items[len(items)-1].Mark())
	}
	data.Filtered = query.Text != "" || query.Edition != 0 || q.Get("whose") != ""
	data.Editions = e.editionChoices(r, site, query.Edition)
	data.Staff = e.staffChoices(r, names, query.Staff)
	return r.Show(w, desk.Page{Title: r.T("write.menu"), From: e.pages, Name: "list", Data: data})
}

func (e *Editor) editionChoices(r *desk.Request, site edition.Site, chosen int64) []desk.Choice {
	out := []desk.Choice{{Value: "", Label: r.T("write.all_editions"), Chosen: chosen == 0}}
	for _, ed := range site.Editions {
		out = append(out, desk.Choice{Value: itoa(ed.ID), Label: langName(ed.Lang), Chosen: ed.ID == chosen})
	}
	return out
}

// filtered is an address of a list with the filters of this one, and further pairs of
// a name and a value.
func filtered(r *desk.Request, path string, pairs ...string) string {
	v := url.Values{}
	for _, k := range []string{"edition", "whose", "q"} {
		if x := r.URL.Query().Get(k); x != "" {
			v.Set(k, x)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + v.Encode()
}

// whose is whose articles a list is of: those who may read no others' see their own.
func whose(r *desk.Request, asked int64) int64 {
	if r.Who.Role.Reach(user.ReadArticles) == user.Mine {
		return r.Who.ID
	}
	return asked
}

// staffChoices are whose articles somebody may choose to see; nil: their own alone.
func (e *Editor) staffChoices(r *desk.Request, names map[int64]string, chosen int64) []desk.Choice {
	if r.Who.Role.Reach(user.ReadArticles) != user.All {
		return nil
	}
	out := []desk.Choice{{Value: "", Label: r.T("write.everybodys"), Chosen: chosen == 0},
		{Value: itoa(r.Who.ID), Label: r.T("write.mine"), Chosen: chosen == r.Who.ID}}
	for _, id := range byName(r, names) {
		if id != r.Who.ID {
			out = append(out, desk.Choice{Value: itoa(id), Label: names[id], Chosen: id == chosen})
		}
	}
	return out
}

func byName(r *desk.Request, names map[int64]string) []int64 {
	ids := make([]int64, 0, len(names))
	for id := range names {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int { return strings.Compare(r.L.SortKey(names[a]), r.L.SortKey(names[b])) })
	return ids
}

// staff are the names of those who work here.
func (e *Editor) staff(ctx context.Context, site edition.Site) (map[int64]string, error) {
	list, err := e.Users.List(ctx, site.Publication.ID)
	out := make(map[int64]string, len(list))
	for _, l := range list {
		out[l.ID] = l.Name
	}
	return out, err
}

func (e *Editor) lines(r *desk.Request, site edition.Site, items []article.Item, names map[int64]string) []line {
	now := e.Now()
	var out []line
	for _, i := range items {
		ed, _ := site.ByID(i.Edition)
		l := line{Title: i.Title, Lang: ed.Lang, Edition: ed.Lang, Path: path(i.ID), By: names[i.Assigned], At: i.Changed, Due: i.Wanted,
			Words: i.Length, Status: statusOf(r, i.Article, i.Text, i.Copy, now)}
		if l.Title == "" {
			l.Title, l.Lang = r.T("write.untitled"), ""
		}
		switch {
		case !i.Due.IsZero():
			l.From = i.Due
		case i.Visibility().At(now) == article.Scheduled || i.Visibility().At(now) == article.Published:
			l.From = i.VisibleFrom
		}
		l.Late = !l.Due.IsZero() && l.Due.Before(now) && i.Visibility().At(now) != article.Published
		out = append(out, l)
	}
	return out
}

// waiting counts what waits for review.
func (e *Editor) waiting(r *desk.Request) (int, bool, error) {
	items, more, err := e.Articles.Desk(r.Context(), article.DeskQuery{Publication: r.Newsroom.ID, Sight: article.SightReview, Limit: 99, Now: e.Now()})
	n := len(items)
	if more {
		n++
	}
	return n, n > 0, err
}

// written is the panel of what is being written.
func (e *Editor) written(r *desk.Request, _ any) (any, error) {
	return e.panel(r, article.SightWork, 8)
}

// ahead is the panel of what the clock will show.
func (e *Editor) ahead(r *desk.Request, _ any) (any, error) {
	return e.panel(r, article.SightScheduled, 8)
}

func (e *Editor) panel(r *desk.Request, sight article.Sight, limit int) (any, error) {
	site, err := e.Editions.Site(r.Context())
	if err != nil {
		return nil, err
	}
	q := article.DeskQuery{Publication: site.Publication.ID, Sight: sight, Staff: whose(r, 0), Limit: limit, Now: e.Now()}
	items, _, err := e.Articles.Desk(r.Context(), q)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	names, err := e.staff(r.Context(), site)
	if err != nil {
		return nil, err
	}
	lines := e.lines(r, site, items, names)
	if sight == article.SightScheduled { // the next one first
		slices.SortStableFunc(lines, func(a, b line) int { return a.From.Compare(b.From) })
	}
	return struct {
		Lines []line
		All   string
	}{lines, listPath + "?in=" + string(sight)}, nil
}
