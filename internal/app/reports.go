package app

import (
	"context"

	"dateline/internal/article/editor"
	"dateline/internal/correction/report"
	"dateline/internal/db"
	"dateline/internal/lang"
	"dateline/internal/mail"
	"dateline/internal/reader"
	"dateline/internal/web"
)

// reports opens readers' error reports.
func (a *App) reports() error {
	secret, err := a.sealing()
	if err != nil {
		return err
	}
	if a.Teller == nil {
		a.Teller = postman{a}
	}
	a.Reports = report.NewStore(a.DB, a.Articles, a.Corrections, secret)
	a.ReportDoor = report.NewPublic(report.Public{Store: a.Reports, Remarks: a.Corrections, Articles: a.Articles, Editions: a.Editions,
		Mails: true, BaseURL: a.BaseURL, Page: a.Site.Own, Now: a.Now})
	a.Site.ReportForm = report.FormPath
	return nil
}

// reportRoutes adds the readers' addresses.
func (a *App) reportRoutes(r *web.Router) {
	for _, one := range a.ReportDoor.Routes() {
		r.Handle(one)
	}
}

// reportDesk is the queue at the desk.
func (a *App) reportDesk() {
	report.Desk{DB: a.DB, Store: a.Reports, Remarks: a.Corrections, Articles: a.Articles, Editions: a.Editions, Users: a.Users, Live: a.Editor.Live, Now: a.Now,
		Mend: func(ctx context.Context, tx *db.Tx, m report.Mended) error {
			_, err := a.Editor.Mend(ctx, tx, m.Article, m.Was, m.Is, editor.Change{Told: m.Told, Staff: m.Staff, Name: m.Name})
			return err
		}}.Desk(a.desk)
}

// letters sends what readers who left an address are told, until ctx ends.
func (a *App) letters(ctx context.Context) {
	report.Telling{Store: a.Reports, Articles: a.Articles, Editions: a.Editions, Remarks: a.Corrections, Teller: a.Teller}.
		Runner(a.DB, a.Log).Run(ctx)
}

// postman writes to readers by mail.
type postman struct{ *App }

// Tell is report.Teller.
func (p postman) Tell(ctx context.Context, tx *db.Tx, x report.Letter) error {
	site, err := p.Editions.Site(ctx)
	if err != nil {
		return err
	}
	ed, _ := site.ByID(x.Edition)
	l := lang.Of(x.Lang)
	letter := mail.Letter{Kind: "report.settled", To: x.To, Lang: x.Lang, Subject: l.T("report.mail.subject", "site", ed.Name),
		Parts: []mail.Part{{Text: l.T("report.mail."+string(x.Decision), "headline", x.Headline)}}}
	if x.Reason != "" {
		letter.Parts = append(letter.Parts, mail.Part{Text: x.Reason, Quote: true})
	}
	letter.Parts = append(letter.Parts, mail.Part{Text: l.T("report.mail.link"), Path: x.Path}, mail.Part{Text: l.T("report.mail.once")})
	return p.Post.Send(ctx, tx, letter)
}

// reportHolding is what reports hold of a reader: the address for one letter.
func (a *App) reportHolding() reader.Holding {
	return reader.Holding{Table: "report", Columns: []string{"email", "seed"},
		Export: func(ctx context.Context, q db.Querier, w reader.Who) (any, error) {
			list, err := a.Reports.With(ctx, q, w.Email)
			out := []any{}
			for _, r := range list {
				out = append(out, map[string]any{"article": r.Article, "passage": r.Passage.Exact, "suggestion": r.Replacement, "note": r.Note, "email": r.Email, "sent": r.At})
			}
			return out, err
		},
		Forget: func(ctx context.Context, tx *db.Tx, w reader.Who) error { return a.Reports.Unaddress(ctx, tx, w.Email) }}
}
