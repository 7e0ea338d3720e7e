package app

import (
	"context"
	"net/http"

	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/lang"
	"dateline/internal/reader"
)

// Reader tells the forum which account a request is of (comment.Writer).
func (a *App) Reader(r *http.Request) (comment.Reader, bool) {
	if a.Readers == nil {
		return comment.Reader{}, false
	}
	who, ok := a.Readers.Asks(r)
	return comment.Reader{ID: who.ID, Name: who.Name}, ok
}

// ownComments are a reader's, as their page lists them.
func (a *App) ownComments(ctx context.Context, id int64, ed edition.Edition) ([]reader.Own, error) {
	list, err := a.Comments.ByReader(ctx, a.DB, id, 100)
	if err != nil {
		return nil, err
	}
	l := lang.Of(ed.Lang)
	var out []reader.Own
	for _, c := range list {
		x := reader.Own{At: c.At, Text: c.Body, State: l.T("account.comment_" + c.State)}
		if art, err := a.Articles.Public(ctx, c.ArticleID, a.Now()); err == nil {
			x.Headline = art.Headline
			if c.State == "approved" {
				x.URL = a.Site.CommentURL(c.ID)
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// commentHoldings are what the forum has of readers. What was decided about a comment
// stays, without them: others rely on it.
func (a *App) commentHoldings() []reader.Holding {
	return []reader.Holding{
		{Table: "comment", Columns: []string{"name", "email"},
			Export: func(ctx context.Context, q db.Querier, w reader.Who) (any, error) {
				list, err := a.Comments.ByReader(ctx, q, w.ID, 0)
				out := []any{}
				for _, c := range list {
					out = append(out, map[string]any{"article": c.ArticleID, "name": c.Name, "text": c.Body, "quote": c.Quote, "written": c.At, "state": c.State})
				}
				return out, err
			},
			Forget: func(ctx context.Context, tx *db.Tx, w reader.Who) error { return a.Comments.Forget(ctx, tx, w.ID) }},
		{Table: "comment_notice", Columns: []string{"name", "email"},
			Export: func(ctx context.Context, q db.Querier, w reader.Who) (any, error) {
				return a.Comments.NoticesFrom(ctx, q, w.Email)
			},
			Forget: func(ctx context.Context, tx *db.Tx, w reader.Who) error {
				return a.Comments.ForgetNotices(ctx, tx, w.Email)
			}},
	}
}
