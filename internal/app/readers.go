package app

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"dateline/internal/db"
	"dateline/internal/mail"
	"dateline/internal/reader"
)

// readers makes the accounts of readers.
func (a *App) readers() error {
	if u, err := url.Parse(a.BaseURL); err != nil || u.Host == "" {
		return nil // nothing that names this address is served, letters and cookies neither
	}
	secret, err := a.sealing()
	if err != nil {
		return err
	}
	newsroom := ""
	if n, err := a.newsroom(context.Background()); err == nil {
		newsroom = n.Called(n.Lang)
	}
	a.Readers, err = reader.New(reader.Options{DB: a.DB, Editions: a.Editions, Post: a.Post, BaseURL: a.BaseURL, Newsroom: cmp.Or(newsroom, "Dateline"), Secret: secret,
		Holdings: a.Holdings(), Comments: a.ownComments, Show: a.Site.Private, Now: a.Now, Log: a.Log})
	if err == nil {
		a.Site.Account = a.Readers.Serve
	}
	return err
}

// Holdings are the tables that hold something about readers, by room: what a reader gets
// as a file, and what goes when they go. TestHoldings finds a table that is missing here.
func (a *App) Holdings() []reader.Holding {
	return append(slices.Concat(reader.Holdings(), a.commentHoldings(), a.answerHoldings()),
		reader.Holding{Table: "letter", Columns: []string{"recipient", "recipient_folded", "subject", "parts", "why"},
			Export: func(ctx context.Context, q db.Querier, w reader.Who) (any, error) {
				list, err := mail.To(ctx, q, w.Email)
				out := []any{}
				for _, l := range list {
					if l.Kind == "reader.sign_in" { // whoever has the file must not get in by it
						l.Parts = nil
					}
					out = append(out, map[string]any{"to": l.To, "subject": l.Subject, "parts": l.Parts, "written": l.At, "state": l.State})
				}
				return out, err
			},
			Forget: func(ctx context.Context, tx *db.Tx, w reader.Who) error { return mail.Forget(ctx, tx, w.Email) }},
		a.reportHolding(),
	)
}
