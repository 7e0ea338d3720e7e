package comment

import (
	"context"
	"time"

	"dateline/internal/db"
	"dateline/internal/job"
)

const (
	decidedDue  = "comment.decided"
	appealDue   = "comment.appealed"
	decidedRest = 2 * time.Minute // in which a moderator may take it back without anybody having heard
)

// concerns has those told whom a decision concerns, a little later.
func (s *Store) concerns(ctx context.Context, tx *db.Tx, d Decision, c Comment) error {
	n, err := db.Get(ctx, tx, db.One[int], "SELECT count(*) FROM comment_notice WHERE decision_id = $1 AND email <> ''", d.ID)
	if err != nil || n == 0 && (c.account() == 0 || !d.Deed.stated()) {
		return err
	}
	return job.PutOutbox(ctx, tx, job.Event{Kind: decidedDue, Ref: d.ID, NotBefore: s.d.Now().Add(decidedRest)})
}

// toTell are the notices that a decision has settled and whose givers are to be told.
func (s *Store) toTell(ctx context.Context, q db.Querier, decision int64) ([]Notice, error) {
	return db.List(ctx, q, scanNotice, "SELECT "+noticeFields+" FROM comment_notice WHERE decision_id = $1 AND email <> '' ORDER BY id", decision)
}

// notified takes the addresses away that are not needed any more.
func (s *Store) notified(ctx context.Context, tx *db.Tx, decision int64) error {
	_, err := tx.Exec(ctx, "UPDATE comment_notice SET email = '' WHERE decision_id = $1", decision)
	return err
}

// appeal is one, with the decision that it is about.
func (s *Store) appeal(ctx context.Context, q db.Querier, id int64) (a Appeal, d Decision, err error) {
	if a, err = db.Get(ctx, q, scanAppeal, "SELECT "+appealFields+" FROM comment_appeal WHERE id = $1", id); err == nil {
		d, err = s.Decision(ctx, q, a.Decision)
	}
	return a, d, err
}
