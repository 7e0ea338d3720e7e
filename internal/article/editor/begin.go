package editor

import (
	"net/http"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/richtext"
	"dateline/internal/user"
)

func langName(tag string) string { return lang.Of(tag).Title(lang.Of(tag).Name()) }

// newPage asks in which edition an article begins.
func (e *Editor) newPage(w http.ResponseWriter, r *desk.Request) error {
	site, err := e.Editions.Site(r.Context())
	if err != nil {
		return err
	}
	type choice struct {
		ID         int64
		Name, Lang string
	}
	var data struct {
		Editions []choice
		Path     string
	}
	data.Path = listPath
	for _, ed := range site.Editions {
		data.Editions = append(data.Editions, choice{ed.ID, langName(ed.Lang), ed.Lang})
	}
	return r.Show(w, desk.Page{Title: r.T("write.menu.new"), From: e.pages, Name: "new", Back: listPath, Data: data})
}

// begin makes an article and leads to it.
func (e *Editor) begin(w http.ResponseWriter, r *desk.Request) error {
	ctx := r.Context()
	site, err := e.Editions.Site(ctx)
	if err != nil {
		return err
	}
	ed, ok := site.ByID(number(r.Form("edition")))
	if !ok {
		return fault.Field("edition", "there is no edition %q", r.Form("edition"))
	}
	text := article.Manuscript{Zone: site.Publication.Zone}
	if r.Who.EntityID != 0 {
		text.Credits = []article.Credit{{Entity: r.Who.EntityID, Role: "author"}}
	}
	var id int64
	err = e.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		var err error
		if id, err = e.Articles.Begin(ctx, tx, article.Start{Publication: site.Publication.ID, Edition: ed.ID, Kind: article.Text, Text: text, Staff: r.Who.ID}); err != nil {
			return err
		}
		return e.log(r, tx, "begin", id, nil)
	})
	if err != nil {
		return err
	}
	return r.Go(w, path(id), "")
}

// log writes down what somebody did to an article.
func (e *Editor) log(r *desk.Request, tx *db.Tx, action string, id int64, detail any) error {
	return e.note(r, tx, "article", action, id, detail)
}

// note is log of another kind of thing.
func (e *Editor) note(r *desk.Request, tx *db.Tx, kind, action string, id int64, detail any) error {
	return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: kind + "." + action, Kind: kind, RefID: id, Detail: detail})
}

// translate begins an edition of a story from an article of it: its text, to be
// written over, and what is filed in every language alike.
func (e *Editor) translate(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.Translate)
	if err != nil {
		return err
	}
	ctx := r.Context()
	ed, ok := t.site.ByID(number(r.Form("edition")))
	if !ok {
		return fault.Field("edition", "there is no edition %q", r.Form("edition"))
	}
	all, err := e.Articles.OfStory(ctx, e.DB, t.StoryID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Edition == ed.ID {
			return r.Go(w, path(a.ID), "write.translation_is_there")
		}
	}
	c, err := e.Articles.Working(ctx, e.DB, t.Article)
	if err != nil {
		return err
	}
	text := c.Text
	text.Slug, text.SEOTitle, text.SEODescription, text.SocialTitle, text.SocialDescription, text.PlaceName = "", "", "", "", "", ""
	var id int64
	err = e.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		var err error
		if id, err = e.Articles.Begin(ctx, tx, article.Start{Publication: t.Publication, Edition: ed.ID, Story: t.StoryID, Kind: t.Kind, Text: text, Staff: r.Who.ID}); err != nil {
			return err
		}
		if err := e.Articles.Translated(ctx, tx, id, t.ID, t.Revision, c.Text.Body); err != nil {
			return err
		}
		if t.Kind == article.Page {
			if err := e.hang(ctx, tx, t.site, id, ed, t.ParentID); err != nil {
				return err
			}
		}
		return e.log(r, tx, "translate", id, map[string]any{"from": t.ID})
	})
	if err != nil {
		return err
	}
	return r.Go(w, path(id), "")
}

// caughtUp notes that a translation says what its original says now.
func (e *Editor) caughtUp(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	if err := e.writes(r, t); err != nil {
		return err
	}
	err = e.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		made, err := e.Articles.TranslationOf(r.Context(), tx, t.ID)
		if err != nil {
			return err
		}
		_, source, text, err := e.Articles.Behind(r.Context(), tx, made)
		if err != nil {
			return err
		}
		if err := e.Articles.Translated(r.Context(), tx, t.ID, source.ID, source.Revision, text.Body); err != nil {
			return err
		}
		return e.log(r, tx, "caught_up", t.ID, map[string]any{"revision": source.Revision})
	})
	if err != nil {
		return err
	}
	return r.Go(w, path(t.ID), "write.done_caught_up")
}

// parsed reads the body that a browser sends: the stored form, which then passes
// the sanitiser like everything that comes from outside.
func parsed(stored, tag string) (string, error) {
	if _, err := richtext.Parse(stored); err != nil {
		return "", fault.Field("body", "what was sent is not the stored form of a body: %w", err)
	}
	doc, _ := richtext.FromHTML(stored, richtext.Options{Lang: tag})
	return doc.Store(), nil
}
