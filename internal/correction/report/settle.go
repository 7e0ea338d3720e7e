package report

import (
	"context"
	"log/slog"

	"dateline/internal/article"
	"dateline/internal/correction"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/job"
)

// Teller writes to a reader, in the transaction in which their address is deleted: what
// it puts there is sent, once.
type Teller interface {
	Tell(ctx context.Context, tx *db.Tx, l Letter) error
}

// Letter is what a reader is told, once, of a report that was decided.
type Letter struct {
	To       string
	Lang     string // of the edition
	Edition  int64
	Headline string   // of the article, as it is now
	Decision Standing // Applied or Refused
	Reason   string   // of a refusal
	Path     string   // of the status page
}

// Telling carries the letters out.
type Telling struct {
	Store    *Store
	Articles *article.Store
	Editions *edition.Store
	Remarks  *correction.Store
	Teller   Teller
}

// Runner is what carries the letters out, for as long as it runs.
func (t Telling) Runner(d *db.DB, log *slog.Logger) *job.Runner {
	r := job.NewRunner(d, log)
	r.Plan(settled, t.tell)
	return r
}

func (t Telling) tell(ctx context.Context, tx *db.Tx, e job.Row) error {
	r, err := t.Store.Get(ctx, tx, e.Ref)
	if fault.Is(err, fault.NotFound) || err == nil && r.Email == "" {
		return nil // told, or deleted
	} else if err != nil {
		return err
	}
	x, err := t.Remarks.Remark(ctx, tx, r.Article, r.Remark)
	if err != nil {
		return err
	}
	l := Letter{To: r.Email, Edition: r.Edition, Decision: standing(x), Reason: x.Reason, Path: path + "/" + t.Store.token(r.Seed)}
	if l.Decision != Applied && l.Decision != Refused {
		return nil
	}
	if l.Decision == Applied {
		l.Reason = ""
	}
	site, err := t.Editions.Site(ctx)
	if err != nil {
		return err
	}
	ed, _ := site.ByID(r.Edition)
	l.Lang = ed.Lang
	if a, err := t.Articles.Get(ctx, tx, r.Article); err == nil {
		l.Headline = a.Headline
	} else if !fault.Is(err, fault.NotFound) {
		return err
	}
	if err := t.Teller.Tell(ctx, tx, l); err != nil {
		return err
	}
	return t.Store.told(ctx, tx, r.ID)
}
