package editor

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"time"

	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/glossary"
	"dateline/internal/media"
	"dateline/internal/topic"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

// Rooms are those whose things an article is made of.
type Rooms struct {
	DB       *db.DB
	Articles *article.Store
	Editions *edition.Store
	Entities *entity.Store
	Topics   *topic.Store
	Authors  *author.Store
	Media    *media.Store
	Drawer   *media.Drawer
	Glossary *glossary.Store
	Users    *user.Store
	// Preview answers with the page that readers would see of an article were an edit
	// stored.
	Preview func(w http.ResponseWriter, r *http.Request, a article.Article, e article.Edit, b article.Before) error
	// Card answers with the picture that would be drawn of it, and Elsewhere tells how
	// others would show it; media stands before the addresses of its pictures.
	Card      func(w http.ResponseWriter, r *http.Request, a article.Article, e article.Edit) error
	Elsewhere func(ctx context.Context, a article.Article, e article.Edit, media string) (article.Elsewhere, error)
	// Over answers in an edition that a preview has ended.
	Over    func(w http.ResponseWriter, r *http.Request, edition int64) error
	BaseURL string // how readers reach the site
	// Search finds what readers have of an edition by its words: ids, the best first.
	Search func(ctx context.Context, ed edition.Edition, text string, limit int) ([]int64, error)
	// Tell is told of a change of which readers are told something; nil: nobody is.
	Tell func(ctx context.Context, tx *db.Tx, t Telling) error
	Now  func() time.Time
	Log  *slog.Logger
}

// Editor is the closet.
type Editor struct {
	Rooms
	pages *desk.Templates
}

// New makes it.
func New(r Rooms) *Editor {
	if r.Now == nil {
		r.Now = time.Now
	}
	if r.Log == nil {
		r.Log = slog.Default()
	}
	return &Editor{Rooms: r, pages: desk.NewTemplates(files, "desk")}
}

// The addresses.
const (
	listPath = "/desk/articles"
	newPath  = listPath + "/new"
)

const maxSave = 4 << 20 // bytes of a text with its fields

// Desk hangs the pages in.
func (e *Editor) Desk(d *desk.Desk) {
	route := func(method, pattern string, p user.Permission, serve func(http.ResponseWriter, *desk.Request) error) desk.Route {
		return desk.Route{Method: method, Pattern: pattern, Room: "article", Permission: p, Serve: serve}
	}
	big := func(r desk.Route, most int64) desk.Route { r.MaxBody = most; return r }
	one := listPath + "/{id}"
	d.Handle(
		route("GET", listPath, user.ReadArticles, e.list),
		route("GET", newPath, user.WriteArticles, e.newPage),
		route("POST", listPath, user.WriteArticles, e.begin),
		route("GET", one, user.ReadArticles, e.open),
		big(route("POST", one+"/save", user.Translate, e.save), maxSave),
		route("GET", one+"/glossary", user.ReadArticles, e.glossaryNow),
		route("POST", one+"/here", user.ReadArticles, e.here),
		route("POST", one+"/move", user.Translate, e.move),
		route("POST", one+"/publish", user.PublishArticles, e.publish),
		route("POST", one+"/lift", user.PublishArticles, e.lift),
		route("POST", one+"/unschedule", user.PublishArticles, e.unschedule),
		route("POST", one+"/withdraw", user.PublishArticles, e.withdraw),
		route("POST", one+"/spike", user.WriteArticles, e.spike),
		route("POST", one+"/unspike", user.WriteArticles, e.unspike),
		route("POST", one+"/discard", user.WriteArticles, e.discard),
		route("POST", one+"/work", user.WriteArticles, e.setWork),
		route("POST", one+"/translate", user.Translate, e.translate),
		route("POST", one+"/caught-up", user.Translate, e.caughtUp),
		route("GET", one+"/revisions", user.ReadArticles, e.revisions),
		route("GET", one+"/compare", user.ReadArticles, e.compare),
		route("POST", one+"/restore", user.WriteArticles, e.restore),
		route("GET", one+"/preview", user.ReadArticles, e.preview),
		route("GET", pagesPath, user.ReadArticles, e.staticPages),
		route("GET", pagesPath+"/new", user.PublishArticles, e.newStatic),
		route("POST", pagesPath+"/new", user.PublishArticles, e.beginStatic),
		route("POST", pagesPath+"/{id}/place", user.PublishArticles, e.placeStatic),
		route("POST", pagesPath+"/{id}/move", user.PublishArticles, e.moveStatic),
		route("GET", one+"/preview/card", user.ReadArticles, e.previewCard),
		route("GET", one+"/preview/media/{token}/{name...}", user.ReadArticles, e.previewMedia),
		route("GET", one+"/previews", user.ReadArticles, e.previews),
		route("POST", one+"/links", user.PublishArticles, e.newLink),
		route("POST", one+"/links/{link}/end", user.PublishArticles, e.endLink),
		route("GET", planPath, user.ReadArticles, e.plan),
		route("GET", "/desk/find/{what}", user.ReadArticles, e.find),
		route("POST", "/desk/add/tags", user.Translate, e.addTag),
		route("POST", "/desk/add/people", user.WriteArticles, e.addPerson),
		route("POST", "/desk/add/places", user.Translate, e.addPlace),
	)
	d.Menu(
		desk.Entry{Group: desk.Work, Order: 5, Word: "write.menu.new", Path: newPath, Icon: "plus", Permission: user.WriteArticles, Button: true},
		desk.Entry{Group: desk.Work, Order: 20, Word: "write.menu", Path: listPath, Icon: "page", Permission: user.ReadArticles, Tab: true},
		desk.Entry{Group: desk.Work, Order: 30, Word: "write.menu.plan", Path: planPath, Icon: "calendar", Permission: user.ReadArticles, Tab: true},
		desk.Entry{Group: desk.House, Order: 20, Word: "pages.menu", Path: pagesPath, Icon: "folder", Permission: user.ReadArticles},
		desk.Entry{Group: desk.Waiting, Order: 5, Word: "write.menu.review", Path: listPath + "/review", Icon: "check", Permission: user.ReviewArticles,
			Count: e.waiting},
	)
	d.Handle(route("GET", listPath+"/review", user.ReviewArticles, e.list))
	d.Panel(desk.Panel{On: desk.Today, Room: "article", Order: 30, Word: "write.being_written", Permission: user.ReadArticles,
		Page: e.pages, Name: "written", Load: e.written})
	d.Panel(desk.Panel{On: desk.Today, Room: "article", Order: 20, Side: true, Word: "write.rest_of_day", Permission: user.ReadArticles,
		Page: e.pages, Name: "ahead", Load: e.ahead})
}

// thing is an article that somebody asked for, and whether it is theirs.
type thing struct {
	article.Article
	work article.Work
	mine bool
	ed   edition.Edition
	site edition.Site
}

// thing reads the article that a path names, if whoever asks may do something to it.
// What is theirs is what was given to them, and what bears their by-line.
func (e *Editor) thing(r *desk.Request, p user.Permission) (thing, error) {
	id, err := r.ID("id")
	if err != nil {
		return thing{}, err
	}
	return e.thingOf(r, id, p)
}

func (e *Editor) thingOf(r *desk.Request, id int64, p user.Permission) (t thing, err error) {
	ctx := r.Context()
	if t, err = e.read(ctx, id); err != nil {
		return t, err
	}
	if t.mine, err = e.Articles.Theirs(ctx, e.DB, id, r.Who.ID, r.Who.EntityID); err != nil {
		return t, err
	}
	return t, r.May(p, t.mine)
}

// read reads an article for whoever has been found to be allowed to.
func (e *Editor) read(ctx context.Context, id int64) (t thing, err error) {
	if t.site, err = e.Editions.Site(ctx); err != nil {
		return t, err
	}
	if t.Article, err = e.Articles.Get(ctx, e.DB, id); err != nil {
		return t, err
	}
	t.ed, _ = t.site.ByID(t.Edition)
	works, err := e.Articles.WorkOf(ctx, e.DB, id)
	t.work = works[id]
	return t, err
}

// writes is what somebody needs to change an article's text: the right to write it,
// or, of a translation, the right to translate.
func (e *Editor) writes(r *desk.Request, t thing) error {
	if r.May(user.WriteArticles, t.mine) == nil {
		return nil
	}
	original, err := e.original(r.Context(), t)
	if err != nil {
		return err
	}
	if original == t.ID {
		return r.May(user.WriteArticles, t.mine)
	}
	return r.May(user.Translate, t.mine)
}

// Writes is what somebody needs to change an article's text.
func (e *Editor) Writes(r *desk.Request, a article.Article) error {
	mine, err := e.Articles.Theirs(r.Context(), e.DB, a.ID, r.Who.ID, r.Who.EntityID)
	if err != nil {
		return err
	}
	return e.writes(r, thing{Article: a, mine: mine})
}

func (e *Editor) original(ctx context.Context, t thing) (int64, error) {
	all, err := e.Articles.OfStory(ctx, e.DB, t.StoryID)
	if err != nil || len(all) == 0 {
		return t.ID, err
	}
	return all[0].ID, nil
}

// Path is the page of an article.
func Path(id int64) string { return listPath + "/" + itoa(id) }

func path(id int64) string { return Path(id) }
