package editor

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/desk"
	"dateline/internal/lang"
	"dateline/internal/rendition"
	"dateline/internal/user"
	"dateline/internal/web"
)

// edit is what an article's text at work would say were it published at its time, or
// now.
func (e *Editor) edit(ctx context.Context, t thing) (article.Edit, error) {
	c, err := e.Articles.Working(ctx, e.DB, t.Article)
	if err != nil {
		return article.Edit{}, err
	}
	at := e.Now()
	if v := t.Visibility().At(at); v == article.Published || v == article.Scheduled {
		at = t.VisibleFrom
	}
	return e.print(ctx, e.DB, t, c.Text, at)
}

// preview is the page that readers would see of the text as it is worked on.
func (e *Editor) preview(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	edit, err := e.edit(r.Context(), t)
	if err != nil {
		return err
	}
	return e.Preview(w, r.Request, t.Article, edit, article.Before{Media: path(t.ID) + "/preview", Frame: true,
		Ahead: r.Who.Role.Reach(user.ReadArticles) == user.All})
}

// previewCard is the picture that is drawn for it.
func (e *Editor) previewCard(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	edit, err := e.edit(r.Context(), t)
	if err != nil {
		return err
	}
	return e.Card(w, r.Request, t.Article, edit)
}

// previewMedia sends a picture of the page that is looked at.
func (e *Editor) previewMedia(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	f, err := e.focal(r.Context(), t.Article)
	if err != nil {
		return err
	}
	m, err := e.Media.ByToken(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return e.Media.Preview(w, r.Request, m, r.PathValue("name"), e.Drawer, f)
}

// focal is the focal point that a text at work has for the picture above it.
func (e *Editor) focal(ctx context.Context, a article.Article) (rendition.Focal, error) {
	c, err := e.Articles.Working(ctx, e.DB, a)
	return c.Text.Lead.Focal, err
}

// ways are the looks at an article before readers have it.
var ways = []string{"page", "phone", "social", "search", "feed", "links"}

type previewsData struct {
	Path  string
	As    string
	Ways  []tab
	Frame string // address of what is framed
	Title string
	Else  article.Elsewhere
	Found found
	When  time.Time // when readers will have it; zero: not settled
	Zone  string
	Front string // the front page at that minute
	Links []linkLine
	New   string // a link that was made just now
	Until time.Time
	Days  []desk.Choice
	Can   bool // make and end links
	Held  time.Time
	Lang  *lang.Locale
}

// found is a result of a search: what is left of title and description.
type found struct {
	Title, About       string
	TitleCut, AboutCut bool
}

type linkLine struct {
	ID          int64
	By, EndedBy string
	Made, Until time.Time
	Ended       time.Time
	Alive       bool
}

// Search engines cut by the width of the letters; these are about as many as they
// show on a wide screen.
const (
	mostTitle = 60
	mostAbout = 158
)

// cut shortens a text at a space, as search engines do.
func cut(s string, most int) (string, bool) {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= most {
		return s, false
	}
	s = string(r[:most])
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return strings.TrimRight(s, " ,;:–—-") + " …", true
}

// previews is one page with every look at an article before readers have it.
func (e *Editor) previews(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	return e.showPreviews(w, r, t, r.URL.Query().Get("as"), "", time.Time{}, nil)
}

func (e *Editor) showPreviews(w http.ResponseWriter, r *desk.Request, t thing, as, link string, until time.Time, wrong error) error {
	ctx, now := r.Context(), e.Now()
	data := previewsData{Path: path(t.ID), As: ways[0], Zone: r.L.ZoneName(t.site.Publication.Zone, now), Lang: lang.Of(t.ed.Lang),
		Can: r.May(user.PublishArticles, t.mine) == nil, New: link, Until: until}
	for _, way := range ways {
		if way == as {
			data.As = as
		}
	}
	for _, way := range ways {
		data.Ways = append(data.Ways, tab{Key: way, Name: r.T("looks.way." + way), Path: data.Path + "/previews?as=" + way, Current: way == data.As})
	}
	edit, err := e.edit(ctx, t)
	if err != nil {
		return err
	}
	if t.Visibility().At(now) == article.Scheduled {
		data.When = t.VisibleFrom
		if r.Who.Can(user.ArrangeFront) && r.Who.Role.Reach(user.ReadArticles) == user.All && t.Kind == article.Text {
			at := t.VisibleFrom.In(r.Zone).Add(time.Minute - time.Millisecond) // the minute in which it has come
			data.Front = "/desk/front/" + itoa(t.Edition) + "/rehearsal?at=" + at.Format("2006-01-02T15:04")
		}
	}
	data.Title = edit.Content.Headline
	switch data.As {
	case "page", "phone":
		data.Frame = data.Path + "/preview"
		web.AllowFrames(w, "'self'")
	case "links":
		if err := e.fillLinks(r, t, &data); err != nil {
			return err
		}
	default:
		if data.Else, err = e.Elsewhere(ctx, t.Article, edit, data.Path+"/preview"); err != nil {
			return err
		}
		data.Found.Title, data.Found.TitleCut = cut(data.Else.Title, mostTitle)
		data.Found.About, data.Found.AboutCut = cut(data.Else.About, mostAbout)
	}
	page := desk.Page{Title: r.T("looks.title"), From: e.pages, Name: "previews", Back: data.Path, Data: data}
	if wrong != nil {
		return r.Again(w, page, wrong)
	}
	return r.Show(w, page)
}
