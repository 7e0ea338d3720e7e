package filing

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// mergeData is the page on which a thing is made part of another: first which, then
// what will happen.
type mergeData struct {
	Path  string
	Name  string
	N     int
	Words words
	Find  desk.Field
	Text  string
	Offer []line // what it may become part of
	// Into is what was chosen; nil: nothing yet.
	Into   *line
	IntoID int64
	Leads  []lead
	Takes  []other // names that go over
	Lost   []other // names that nothing bears any more
}

// lead is an address that will lead to another.
type lead struct{ From, To string }

// ask shows what a thing may become part of, and then what will happen.
func (f *Filing) ask(w http.ResponseWriter, r *desk.Request, s shelf) error {
	p, err := f.mergePage(r, s, number(r.URL.Query().Get("into")))
	if err != nil {
		return err
	}
	return r.Show(w, p)
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return max(n, 0)
}

func (f *Filing) mergePage(r *desk.Request, s shelf, into int64) (desk.Page, error) {
	ctx := r.Context()
	t, site, err := f.asked(r, s)
	if err != nil {
		return desk.Page{}, err
	}
	langs := site.Langs()
	d := &mergeData{Path: s.path(t.ID) + "/merge", Name: t.name(langs), Words: s.words(), Text: strings.TrimSpace(r.URL.Query().Get("q"))}
	d.Find = desk.Field{Kind: "search", Name: "q", Label: r.T("filing.into"), Value: d.Text}
	n, err := s.counts(ctx, []int64{t.ID})
	if err != nil {
		return desk.Page{}, err
	}
	d.N = n[t.ID]
	page := desk.Page{Title: r.T("filing.merge_of", "name", d.Name), From: f.pages, Name: "merge", Back: s.path(t.ID), Data: d}
	if into != 0 && into != t.ID {
		to, ok, err := s.get(ctx, f.DB, into)
		if err != nil {
			return page, err
		}
		if !ok {
			return page, fault.New(fault.NotFound, "there is no %d among the %s", into, s.key)
		}
		return page, f.consequences(r, s, d, t, to, site)
	}
	list, err := f.candidates(r, s, t, site, d.Text)
	if err != nil {
		return page, err
	}
	if d.Offer, err = f.lines(r, s, list, langs); err != nil {
		return page, err
	}
	for i := range d.Offer {
		d.Offer[i].Path = d.Path + "?into=" + itoa(list[i].ID)
	}
	return page, nil
}

// candidates are what somebody looks for, or what is likely the same thing.
func (f *Filing) candidates(r *desk.Request, s shelf, t thing, site edition.Site, text string) ([]thing, error) {
	ctx := r.Context()
	var list []thing
	var err error
	if text != "" {
		if list, err = s.list(ctx, site.Publication.ID, text, 0, perPage); err != nil {
			return nil, err
		}
		return slices.DeleteFunc(list, func(x thing) bool { return x.ID == t.ID }), nil
	}
	all, err := s.all(ctx, site.Publication.ID)
	if err != nil {
		return nil, err
	}
	for _, ids := range alike(all) {
		if !slices.Contains(ids, t.ID) {
			continue
		}
		for _, id := range ids {
			x, ok, err := s.get(ctx, f.DB, id)
			if err != nil {
				return nil, err
			}
			if ok && id != t.ID {
				list = append(list, x)
			}
		}
	}
	return list, nil
}

// consequences says what will happen when t becomes part of to.
func (f *Filing) consequences(r *desk.Request, s shelf, d *mergeData, t, to thing, site edition.Site) error {
	lines, err := f.lines(r, s, []thing{to}, site.Langs())
	if err != nil {
		return err
	}
	d.Into, d.IntoID = &lines[0], to.ID
	from, err := f.at(r.Context(), s, site, t.ID)
	if err != nil {
		return err
	}
	into, err := f.at(r.Context(), s, site, to.ID)
	if err != nil {
		return err
	}
	for _, e := range site.Editions {
		if from[e.ID] != "" {
			d.Leads = append(d.Leads, lead{from[e.ID], into[e.ID]})
		}
	}
	for _, tag := range tongues(t, site.Langs()) {
		if _, has := to.Names[tag]; !has {
			d.Takes = append(d.Takes, other{tag, t.Names[tag]})
		} else if t.Names[tag] != to.Names[tag] {
			d.Lost = append(d.Lost, other{tag, t.Names[tag]})
		}
	}
	return nil
}

// merge makes a thing part of another, once that was confirmed.
func (f *Filing) merge(w http.ResponseWriter, r *desk.Request, s shelf) error {
	t, site, err := f.asked(r, s)
	if err != nil {
		return err
	}
	ctx, into := r.Context(), number(r.Form("into"))
	to, ok, err := s.get(ctx, f.DB, into)
	if err != nil {
		return err
	}
	if !ok || into == t.ID {
		return fault.New(fault.NotFound, "there is no %d among the %s", into, s.key)
	}
	if r.Form("sure") == "" {
		p, err := f.mergePage(r, s, into)
		if err != nil {
			return err
		}
		return r.Again(w, p, lang.Wrong("filing.wrong.sure"))
	}
	n, err := s.counts(ctx, []int64{t.ID})
	if err != nil {
		return err
	}
	err = f.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if err := s.merge(ctx, tx, site.Publication.ID, t.ID, into); err != nil {
			return err
		}
		// All names stand in the log: what was made one by mistake can be told apart again.
		return note(r, tx, s, "merge", t.ID, map[string]any{"name": t.name(site.Langs()), "names": listed(t.Names), "into": into, "into_name": to.name(site.Langs()), "articles": n[t.ID]})
	})
	if err != nil {
		return err
	}
	return r.Go(w, s.path(into), "filing.merged", "from", t.name(site.Langs()), "into", to.name(site.Langs()))
}

// page is the address of a further page of a list.
func page(path, text string, n int) string {
	v := url.Values{"page": {strconv.Itoa(n)}}
	if text != "" {
		v.Set("q", text)
	}
	return path + "?" + v.Encode()
}
