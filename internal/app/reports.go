package app

import (
	"context"
	"crypto/rand"

	"dateline/internal/article/editor"
	"dateline/internal/correction/report"
	"dateline/internal/db"
	"dateline/internal/web"
)

// reports opens readers' error reports. Teller is who writes to readers: where nobody
// does, no address is asked for.
func (a *App) reports() {
	secret, err := a.secret()
	if err != nil { // nothing can be kept either; a desk says what is wrong
		secret = make([]byte, 32)
		rand.Read(secret) // never fails (crypto/rand)
	}
	a.Reports = report.NewStore(a.DB, a.Articles, a.Corrections, secret)
	a.ReportDoor = report.NewPublic(report.Public{Store: a.Reports, Remarks: a.Corrections, Articles: a.Articles, Editions: a.Editions,
		Mails: a.Teller != nil, BaseURL: a.BaseURL, Page: a.Site.Own, Now: a.Now})
	a.Site.ReportForm = report.FormPath
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
	if a.Teller == nil {
		return
	}
	report.Telling{Store: a.Reports, Articles: a.Articles, Editions: a.Editions, Remarks: a.Corrections, Teller: a.Teller, BaseURL: a.BaseURL}.
		Runner(a.DB, a.Log).Run(ctx)
}
