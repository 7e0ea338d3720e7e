package editor

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/user"
)

const pagesPath = "/desk/pages"

// pageLine is a page without a date in the list of them.
type pageLine struct {
	Title, Lang string
	Path        string // at the desk
	Address     string // that readers have; empty: none
	Status      []status
	At          time.Time
	Depth       int
	First, Last bool // among those beside it
	ID          int64
}

type pagesOf struct {
	Name, Lang string
	ID         int64
	Lines      []pageLine
}

// staticPages lists the pages without a date, as they hang below each other.
func (e *Editor) staticPages(w http.ResponseWriter, r *desk.Request) error {
	ctx := r.Context()
	site, err := e.Editions.Site(ctx)
	if err != nil {
		return err
	}
	items, err := e.Articles.DeskPages(ctx, site.Publication.ID)
	if err != nil {
		return err
	}
	data := struct {
		Editions []pagesOf
		New      string
		Can      bool
		Any      bool
	}{New: pagesPath + "/new", Can: r.May(user.PublishArticles, false) == nil, Any: len(items) > 0}
	for _, ed := range site.Editions {
		of := pagesOf{Name: langName(ed.Lang), Lang: ed.Lang, ID: ed.ID}
		for _, i := range treeOf(items, ed.ID) {
			l := pageLine{ID: i.ID, Title: i.Title, Lang: ed.Lang, Path: path(i.ID), Status: statusOf(r, i.Article, i.Text, i.Copy, e.Now()), At: i.Changed, Depth: i.depth,
				First: i.first, Last: i.last}
			if l.Title == "" {
				l.Title, l.Lang = r.T("write.untitled"), ""
			}
			if i.Path != "" && i.Visibility().At(e.Now()) == article.Published {
				l.Address = ed.Prefix + "/" + i.Path
			}
			of.Lines = append(of.Lines, l)
		}
		if len(of.Lines) > 0 {
			data.Editions = append(data.Editions, of)
		}
	}
	return r.Show(w, desk.Page{Title: r.T("pages.menu"), From: e.pages, Name: "pages", Data: data})
}

// hung is a page with how many stand above it.
type hung struct {
	article.Item
	depth       int
	first, last bool
}

// treeOf are the pages of an edition, each before those below it. What hangs below
// something that is not there hangs below none.
func treeOf(items []article.Item, edition int64) (out []hung) {
	below, is := map[int64][]article.Item{}, map[int64]bool{}
	for _, i := range items {
		is[i.ID] = is[i.ID] || i.Edition == edition
	}
	for _, i := range items {
		if i.Edition == edition {
			parent := i.ParentID
			if !is[parent] {
				parent = 0
			}
			below[parent] = append(below[parent], i)
		}
	}
	done := map[int64]bool{}
	var walk func(parent int64, depth int)
	walk = func(parent int64, depth int) {
		list := below[parent]
		for n, i := range list {
			if done[i.ID] {
				continue
			}
			done[i.ID] = true
			out = append(out, hung{i, depth, n == 0, n == len(list)-1})
			walk(i.ID, depth+1)
		}
	}
	walk(0, 0)
	return out
}

// newStatic asks what a page without a date is to be called, and where it stands.
func (e *Editor) newStatic(w http.ResponseWriter, r *desk.Request) error {
	p, err := e.staticForm(r, number(r.URL.Query().Get("edition")), "", 0)
	if err != nil {
		return err
	}
	return r.Show(w, p)
}

type staticForm struct {
	Path           string
	Edition, Named desk.Field
	Parents        []parentsOf
	Parent         string
}

// parentsOf are the pages of an edition that another may hang below.
type parentsOf struct {
	Name    string
	Choices []desk.Choice
}

func (f *staticForm) fields() []*desk.Field { return []*desk.Field{&f.Edition, &f.Named} }

func (e *Editor) staticForm(r *desk.Request, ed int64, title string, parent int64) (desk.Page, error) {
	site, err := e.Editions.Site(r.Context())
	if err != nil {
		return desk.Page{}, err
	}
	items, err := e.Articles.DeskPages(r.Context(), site.Publication.ID)
	if err != nil {
		return desk.Page{}, err
	}
	f := &staticForm{Path: pagesPath + "/new",
		Edition: desk.Field{Kind: "choice", Name: "edition", Label: r.T("write.edition"), Required: true},
		Named:   desk.Field{Name: "title", Label: r.T("pages.title"), Value: title, Required: true, Most: 200, Focus: true, Hint: r.T("pages.title_hint")}}
	for _, x := range site.Editions {
		f.Edition.Choices = append(f.Edition.Choices, desk.Choice{Value: itoa(x.ID), Label: langName(x.Lang), Chosen: x.ID == ed})
		if list := parentChoices(items, x.ID, 0, parent); len(list) > 0 {
			f.Parents = append(f.Parents, parentsOf{langName(x.Lang), list})
		}
	}
	return desk.Page{Title: r.T("pages.new"), From: e.pages, Name: "newpage", Back: pagesPath, Data: f}, nil
}

// parentChoices are the pages of an edition that one may hang below: not itself, nor
// what hangs below it.
func parentChoices(items []article.Item, edition, self, chosen int64) (out []desk.Choice) {
	below := -1
	for _, i := range treeOf(items, edition) {
		if below >= 0 && i.depth > below {
			continue
		}
		below = -1
		if i.ID == self {
			below = i.depth
			continue
		}
		title := i.Title
		if title == "" {
			title = "№ " + itoa(i.ID)
		}
		out = append(out, desk.Choice{Value: itoa(i.ID), Label: strings.Repeat("— ", i.depth) + title, Chosen: i.ID == chosen})
	}
	return out
}

// beginStatic makes a page and leads to it.
func (e *Editor) beginStatic(w http.ResponseWriter, r *desk.Request) error {
	ctx := r.Context()
	site, err := e.Editions.Site(ctx)
	if err != nil {
		return err
	}
	title, parent := one(r.Form("title")), number(r.Form("parent"))
	ed, ok := site.ByID(number(r.Form("edition")))
	var id int64
	switch {
	case !ok:
		err = fault.Field("edition", "there is no edition %q", r.Form("edition"))
	case title == "":
		err = wrong("title", "name")
	default:
		err = e.DB.Tx(ctx, db.Desk, func(tx *db.Tx) (err error) {
			text := article.Manuscript{Headline: title, Zone: site.Publication.Zone, Comments: "hidden"}
			if id, err = e.Articles.Begin(ctx, tx, article.Start{Publication: site.Publication.ID, Edition: ed.ID, Kind: article.Page, Text: text, Staff: r.Who.ID}); err != nil {
				return err
			}
			if err = e.hang(ctx, tx, site, id, ed, parent); err != nil {
				return err
			}
			return e.log(r, tx, "begin", id, map[string]any{"name": title})
		})
	}
	if err != nil {
		p, perr := e.staticForm(r, number(r.Form("edition")), title, parent)
		if perr != nil {
			return perr
		}
		desk.Mark(r.L, err, p.Data.(*staticForm).fields()...)
		return r.Again(w, p, err)
	}
	return r.Go(w, path(id), "")
}

// hang puts a page behind those that stand where it is to stand. A page of another
// edition that was chosen stands for the one of this edition that says the same.
func (e *Editor) hang(ctx context.Context, tx *db.Tx, site edition.Site, id int64, ed edition.Edition, parent int64) error {
	if parent != 0 {
		up, err := e.Articles.Get(ctx, tx, parent)
		if err != nil {
			return err
		}
		if up.Edition != ed.ID {
			parent = 0
			all, err := e.Articles.OfStory(ctx, tx, up.StoryID)
			if err != nil {
				return err
			}
			for _, a := range all {
				if a.Edition == ed.ID && a.Kind == article.Page {
					parent = a.ID
				}
			}
		}
	}
	items, err := e.Articles.DeskPages(ctx, site.Publication.ID)
	if err != nil {
		return err
	}
	last := 0
	for _, i := range items {
		if i.Edition == ed.ID && i.ParentID == parent && i.ID != id {
			last = max(last, i.Position)
		}
	}
	return e.Articles.PlacePage(ctx, tx, id, parent, last+1)
}

// placeStatic hangs a page elsewhere.
func (e *Editor) placeStatic(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.PublishArticles)
	if err != nil {
		return err
	}
	parent := number(r.Form("parent"))
	return e.carry(w, r, t, "place", map[string]any{"parent": parent}, "pages.placed", func(tx *db.Tx) error {
		if parent == t.ParentID {
			return nil
		}
		return e.hang(r.Context(), tx, t.site, t.ID, t.ed, parent)
	})
}

// moveStatic has a page change places with the one before or after it.
func (e *Editor) moveStatic(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.PublishArticles)
	if err != nil {
		return err
	}
	step := 1
	if r.Form("to") == "up" {
		step = -1
	}
	ctx := r.Context()
	err = e.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		items, err := e.Articles.DeskPages(ctx, t.Publication)
		if err != nil {
			return err
		}
		beside := slices.DeleteFunc(items, func(i article.Item) bool { return i.Edition != t.Edition || i.ParentID != t.ParentID })
		at := slices.IndexFunc(beside, func(i article.Item) bool { return i.ID == t.ID })
		if to := at + step; at >= 0 && to >= 0 && to < len(beside) {
			beside[at], beside[to] = beside[to], beside[at]
		}
		for n, i := range beside {
			if i.Position == n+1 {
				continue
			}
			if err := e.Articles.PlacePage(ctx, tx, i.ID, i.ParentID, n+1); err != nil {
				return err
			}
		}
		return e.log(r, tx, "place", t.ID, nil)
	})
	if err != nil {
		return err
	}
	return r.Go(w, pagesPath+"#p"+strconv.FormatInt(t.ID, 10), "")
}

// addressOf completes a page's edit: its slug, and its address below what it hangs
// below. The house's own addresses are refused.
func (e *Editor) addressOf(ctx context.Context, q db.Querier, t thing, edit *article.Edit) (err error) {
	edit.Position = t.Position
	if t.Path != "" && strings.HasSuffix("/"+t.Path, "/"+edit.Slug) {
		edit.Path = t.Path
		return nil
	}
	if edit.Path, err = e.Articles.PagePath(ctx, q, t.ParentID, edit.Slug); err != nil {
		return err
	}
	if address.Reserved(edit.Path, t.site.Langs()) {
		return wrong("slug", "page_reserved", "path", "/"+edit.Path)
	}
	return nil
}

// staticData is what an article's page says besides of a page without a date.
type staticData struct {
	Path    string
	Address string // as it is, or will be
	Parents []desk.Choice
	Can     bool
}

func (e *Editor) static(r *desk.Request, t thing) (*staticData, error) {
	items, err := e.Articles.DeskPages(r.Context(), t.Publication)
	if err != nil {
		return nil, err
	}
	d := &staticData{Path: pagesPath + "/" + itoa(t.ID), Can: r.May(user.PublishArticles, t.mine) == nil,
		Parents: []desk.Choice{{Value: "0", Label: r.T("pages.no_parent"), Chosen: t.ParentID == 0}}}
	d.Parents = append(d.Parents, parentChoices(items, t.Edition, t.ID, t.ParentID)...)
	if t.Path != "" {
		d.Address = t.ed.Prefix + "/" + t.Path
	}
	return d, nil
}
