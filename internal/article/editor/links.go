package editor

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/fault"
	"dateline/internal/richtext"
	"dateline/internal/user"
	"dateline/internal/web"
)

// linkDays are for how long a link may lead to a text.
var linkDays = []int{1, 3, 7}

// linkPath is where links of previews answer, on the readers' side: whoever is given
// one may be kept from the desk's.
const linkPath = "/-/preview/"

// fillLinks lists an article's links.
func (e *Editor) fillLinks(r *desk.Request, t thing, data *previewsData) error {
	list, err := e.Articles.Links(r.Context(), t.ID)
	if err != nil {
		return err
	}
	names, err := e.staff(r.Context(), t.site)
	if err != nil {
		return err
	}
	for _, l := range list {
		data.Links = append(data.Links, linkLine{ID: l.ID, By: names[l.Staff], EndedBy: names[l.EndedBy], Made: l.Made, Until: l.Until, Ended: l.Ended, Alive: l.Alive(e.Now())})
	}
	for _, d := range linkDays {
		data.Days = append(data.Days, desk.Choice{Value: strconv.Itoa(d), Label: r.T("looks.days", "n", d), Chosen: d == linkDays[0]})
	}
	data.Held, err = e.held(r.Context(), t)
	return err
}

// held is until when no link leads to a text: it is under an embargo, and the newsroom
// has not decided that links may be given all the same. Zero: they do.
func (e *Editor) held(ctx context.Context, t thing) (time.Time, error) {
	if !t.work.Embargo.After(e.Now()) {
		return time.Time{}, nil
	}
	values, err := e.Editions.Settings(ctx)
	if err != nil || values.Bool("preview_embargo", "") {
		return time.Time{}, err
	}
	return t.work.Embargo, nil
}

// newLink makes a link and shows it, once: it is kept nowhere.
func (e *Editor) newLink(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.PublishArticles)
	if err != nil {
		return err
	}
	days := int(number(r.Form("days")))
	if !slices.Contains(linkDays, days) {
		return e.showPreviews(w, r, t, "links", "", time.Time{}, linkWrong("days"))
	}
	if shut(t) {
		return e.showPreviews(w, r, t, "links", "", time.Time{}, linkWrong("shut"))
	}
	held, err := e.held(r.Context(), t)
	if err != nil {
		return err
	}
	if !held.IsZero() {
		return e.showPreviews(w, r, t, "links", "", time.Time{}, linkWrong("embargo"))
	}
	now, token := e.Now(), ""
	until := now.AddDate(0, 0, days)
	err = e.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		var l article.Link
		var err error
		if token, l, err = e.Articles.NewLink(r.Context(), tx, t.ID, r.Who.ID, now, until); err != nil {
			return err
		}
		return e.log(r, tx, "link", t.ID, map[string]any{"link": l.ID, "until": until.UTC().Format(time.RFC3339)})
	})
	if err != nil {
		return e.showPreviews(w, r, t, "links", "", time.Time{}, err)
	}
	return e.showPreviews(w, r, t, "links", e.BaseURL+linkPath+token, until, nil)
}

func linkWrong(why string) error {
	return &fault.Error{Kind: fault.Invalid, What: "a link to a preview: " + why, Word: "looks.wrong." + why}
}

// endLink ends one.
func (e *Editor) endLink(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.PublishArticles)
	if err != nil {
		return err
	}
	id := number(r.PathValue("link"))
	err = e.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		if err := e.Articles.EndLink(r.Context(), tx, t.ID, id, r.Who.ID, e.Now()); err != nil {
			return err
		}
		return e.log(r, tx, "link_end", t.ID, map[string]any{"link": id})
	})
	if err != nil {
		return e.showPreviews(w, r, t, "links", "", time.Time{}, err)
	}
	return r.Go(w, path(t.ID)+"/previews?as=links", "looks.ended")
}

// shut tells that there is nothing to look at any more.
func shut(t thing) bool {
	return t.Article.State == article.Spiked || t.Article.State == article.Withdrawn
}

// linked reads the article that a link leads to. Each time it is asked anew whether it
// still does, so one that was ended is over on every node at once.
func (e *Editor) linked(ctx context.Context, token string) (t thing, l article.Link, err error) {
	l, over := e.Articles.ByLink(ctx, token, e.Now())
	if over != nil && !fault.Is(over, fault.Gone) {
		return t, l, over
	}
	if t, err = e.read(ctx, l.Article); err != nil {
		return t, l, err
	}
	held, err := e.held(ctx, t)
	switch {
	case err != nil || over != nil:
		err = cmp.Or(err, over)
	case shut(t):
		err = fault.New(fault.Gone, "link %d leads to article %d, of which there is nothing to look at", l.ID, t.ID)
	case !held.IsZero():
		err = fault.New(fault.NotFound, "link %d leads to article %d, which it may not", l.ID, t.ID)
	}
	return t, l, err
}

// unkept says of an answer that nobody keeps it, no engine lists it, and that no other
// site is told its address.
func unkept(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set("Referrer-Policy", "no-referrer")
}

// Linked answers GET /-/preview/{token} with the page, for somebody without an account.
func (e *Editor) Linked() http.Handler {
	return web.Func(func(w http.ResponseWriter, r *http.Request) error {
		unkept(w)
		token := r.PathValue("token")
		t, l, err := e.linked(r.Context(), token)
		if fault.Is(err, fault.Gone) {
			return e.Over(w, r, t.Edition)
		} else if err != nil {
			return err
		}
		edit, err := e.edit(r.Context(), t)
		if err != nil {
			return err
		}
		return e.Preview(w, r, t.Article, edit, article.Before{Media: linkPath + token, Until: l.Until})
	})
}

// LinkedMedia answers for the pictures of that page, and for no others.
func (e *Editor) LinkedMedia() http.Handler {
	return web.Func(func(w http.ResponseWriter, r *http.Request) error {
		unkept(w)
		ctx := r.Context()
		t, _, err := e.linked(ctx, r.PathValue("token"))
		if fault.Is(err, fault.Gone) { // a picture has no page that could say so
			return fault.New(fault.NotFound, "a picture of a preview: %w", err)
		} else if err != nil {
			return err
		}
		m, err := e.Media.ByToken(ctx, r.PathValue("medium"))
		if err != nil {
			return err
		}
		c, err := e.Articles.Working(ctx, e.DB, t.Article)
		if err != nil {
			return err
		}
		if c.Text.Lead.ID != m.ID {
			doc, err := richtext.Parse(c.Text.Body)
			if err != nil {
				return err
			}
			links, used := doc.Refs()
			if !slices.Contains(used, m.ID) && !slices.Contains(links, "ref:media/"+itoa(m.ID)) {
				// Of another article on the page, or of nobody's: as everybody has it.
				if m, err = e.Media.PublicByID(ctx, m.ID, e.Now()); err != nil {
					return err
				}
			}
		}
		return e.Media.Preview(w, r, m, r.PathValue("name"), e.Drawer, c.Text.Lead.Focal)
	})
}
