package editor

import (
	"context"
	"slices"

	"dateline/internal/article"
	"dateline/internal/db"
)

// Live is what an article says to readers, as a text to be worked on, and what its
// pictures printed.
func (e *Editor) Live(ctx context.Context, q db.Querier, a article.Article) (article.Manuscript, []article.MediaRef, error) {
	c, _, err := e.Articles.ReadLive(ctx, q, a, article.Staff)
	return article.ManuscriptOf(a, c), c.Media, err
}

// Mend publishes a change of what readers see, whatever else is being written: that is
// changed, too, and stays unpublished. The article is held (article.Store.Hold), and was
// is what it says now.
func (e *Editor) Mend(ctx context.Context, tx *db.Tx, a article.Article, was, mended article.Manuscript, ch Change) (article.Saved, error) {
	if err := ch.check(); err != nil {
		return article.Saved{}, err
	}
	site, err := e.Editions.Site(ctx)
	if err != nil {
		return article.Saved{}, err
	}
	values, err := e.Editions.Settings(ctx)
	if err != nil {
		return article.Saved{}, err
	}
	if values.Bool("review", "") {
		return article.Saved{}, wrong("", "review")
	}
	now := e.Now()
	if a.Visibility().At(now) != article.Published {
		return article.Saved{}, wrong("", "not_live")
	}
	t := thing{Article: a, site: site}
	t.ed, _ = site.ByID(a.Edition)
	edit, err := e.print(ctx, tx, t, mended, a.VisibleFrom)
	if err != nil {
		return article.Saved{}, err
	}
	edit.Actor, edit.Why, edit.At = ch.Name, ch.Told.Kind, now
	tells := slices.Contains([]string{"correction", "clarification", "update", "note"}, ch.Told.Kind)
	if tells {
		edit.UpdatedAt = now
	}
	saved, err := e.Articles.Mend(ctx, tx, edit, was, mended)
	if err != nil {
		return saved, err
	}
	if tells && ch.Told.Text != "" && e.Tell != nil {
		if err := e.Tell(ctx, tx, Telling{Told: ch.Told, Article: a, Before: a.Revision, After: saved.Revision, At: now, Staff: ch.Staff, Name: ch.Name}); err != nil {
			return saved, err
		}
	}
	return saved, e.logAs(ctx, tx, ch, "change", a.ID, map[string]any{"revision": saved.Revision, "change": ch.Told.Kind})
}
