package comment

import (
	"context"
	"log/slog"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/job"
)

// Stating writes to those whom a decision concerns: its statement of reasons to the
// writer who has an account (Regulation (EU) 2022/2065, article 17), the outcome to
// whoever reported the comment and left an address (article 16(5)), and what became of a
// complaint to whom it was (article 20(5)). All of it in the transaction in which it is
// noted as told.
type Stating struct {
	Store    *Store
	State    func(ctx context.Context, tx *db.Tx, reader int64, c Comment, d Decision) error
	Answer   func(ctx context.Context, tx *db.Tx, reader int64, c Comment, d Decision, a Appeal) error
	Notified func(ctx context.Context, tx *db.Tx, c Comment, n Notice) error
}

// Runner is what carries the letters out, for as long as it runs.
func (t Stating) Runner(d *db.DB, log *slog.Logger) *job.Runner {
	r := job.NewRunner(d, log)
	r.Plan(decidedDue, t.decided)
	r.Plan(appealDue, t.appealed)
	return r
}

// stated tells a deed of which the writer of a comment is told.
func (d Deed) stated() bool { return d.Restricts() || d == Restore || d == Lift }

// account is the reader's account under which a comment was written; 0: none.
func (c Comment) account() int64 {
	if c.AuthorKind != "reader" {
		return 0
	}
	return c.AuthorID
}

func (t Stating) decided(ctx context.Context, tx *db.Tx, e job.Row) error {
	d, err := t.Store.Decision(ctx, tx, e.Ref)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := t.Store.Get(ctx, tx, d.Comment)
	if err != nil {
		return err
	}
	if id := c.account(); id != 0 && d.Stands && d.Deed.stated() {
		if err := t.State(ctx, tx, id, c, d); err != nil {
			return err
		}
	}
	// Whoever reported it hears how their report ended, whatever has been decided since.
	list, err := t.Store.toTell(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for _, n := range list {
		if err := t.Notified(ctx, tx, c, n); err != nil {
			return err
		}
	}
	return t.Store.notified(ctx, tx, d.ID)
}

func (t Stating) appealed(ctx context.Context, tx *db.Tx, e job.Row) error {
	a, d, err := t.Store.appeal(ctx, tx, e.Ref)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := t.Store.Get(ctx, tx, d.Comment)
	if err != nil || c.account() == 0 {
		return err
	}
	return t.Answer(ctx, tx, c.account(), c, d, a)
}
