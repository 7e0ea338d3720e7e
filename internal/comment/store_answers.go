package comment

import (
	"context"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/job"
)

const answersDue = "comment.answers"

// Letters about answers: the first one waits, because answers come in flocks and are
// put right or removed soon if at all; the next keeps its distance.
const (
	answersRest = 5 * time.Minute
	answersGap  = time.Hour
)

// answered notes, once a comment can be seen, whose it answers: somebody with an
// account is told of it. Where it does not answer such a one nothing happens.
func (s *Store) answered(ctx context.Context, tx *db.Tx, id int64) error {
	to, err := db.Get(ctx, tx, db.One[int64], "SELECT p.author_id FROM comment c JOIN comment p ON p.id = c.parent_id WHERE c.id = $1 AND c.state = 'approved'"+
		" AND p.author_kind = 'reader' AND p.author_id IS NOT NULL AND NOT (c.author_kind = 'reader' AND coalesce(c.author_id, 0) = p.author_id)", id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "INSERT INTO comment_answer (comment_id, reader_id) VALUES ($1, $2) ON CONFLICT (comment_id) DO NOTHING", id, to)
	if err != nil || n == 0 {
		return err
	}
	return tellAt(ctx, tx, to, s.d.Now().Add(answersRest))
}

// tellAt has a reader told at an instant, unless they will be before.
func tellAt(ctx context.Context, tx *db.Tx, reader int64, at time.Time) error {
	list, err := job.Of(ctx, tx, []string{answersDue}, reader, 3)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.State == "waiting" {
			return nil
		}
	}
	return job.PutOutbox(ctx, tx, job.Event{Kind: answersDue, Ref: reader, NotBefore: at})
}

// untold are the answers that a reader is to hear of and that can be seen, the oldest
// first. What they have answered themselves they have seen.
func (s *Store) untold(ctx context.Context, q db.Querier, reader int64) ([]Comment, error) {
	return db.List(ctx, q, scan, "SELECT "+fields+" FROM comment WHERE id IN (SELECT comment_id FROM comment_answer WHERE reader_id = $1 AND NOT told)"+
		" AND state = 'approved' AND body <> ''"+
		" AND NOT EXISTS (SELECT 1 FROM comment own WHERE own.parent_id = comment.id AND own.author_kind = 'reader' AND own.author_id = $1)"+
		" ORDER BY created_at, id", reader)
}

// turn takes the right to write to a reader now. Of two nodes one gets it; whoever does
// not is told when.
func (s *Store) turn(ctx context.Context, tx *db.Tx, reader int64, now time.Time) (mine bool, next time.Time, err error) {
	n, err := tx.Exec(ctx, "INSERT INTO comment_told (reader_id, at) VALUES ($1, $2) ON CONFLICT (reader_id) DO UPDATE SET at = excluded.at WHERE comment_told.at <= $3",
		reader, now.UnixMilli(), now.Add(-answersGap).UnixMilli())
	if err != nil || n == 1 {
		return n == 1, now, err
	}
	last, err := db.Get(ctx, tx, db.One[int64], "SELECT at FROM comment_told WHERE reader_id = $1", reader)
	return false, time.UnixMilli(last).Add(answersGap), err
}

// tellOf notes what a reader was told of. What could not be seen is forgotten: if it
// comes back, it is an answer like any other.
func (s *Store) tellOf(ctx context.Context, tx *db.Tx, reader int64, list []Comment) error {
	var ids []int64
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	if len(ids) > 0 {
		in, args := db.In([]any{reader}, ids)
		if _, err := tx.Exec(ctx, "UPDATE comment_answer SET told = TRUE WHERE reader_id = $1 AND comment_id IN ("+in+")", args...); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, "DELETE FROM comment_answer WHERE reader_id = $1 AND NOT told", reader)
	return err
}

// AnswersTo gives the answers that are noted for a reader, by id, and whether they have
// been told of each.
func (s *Store) AnswersTo(ctx context.Context, q db.Querier, reader int64) (map[int64]bool, error) {
	out := map[int64]bool{}
	type row struct {
		id   int64
		told bool
	}
	list, err := db.List(ctx, q, func(sc db.Scanner, r *row) error { return sc.Scan(&r.id, &r.told) },
		"SELECT comment_id, told FROM comment_answer WHERE reader_id = $1", reader)
	for _, r := range list {
		out[r.id] = r.told
	}
	return out, err
}

// LastTold is when a reader was last told of answers; zero: never.
func (s *Store) LastTold(ctx context.Context, q db.Querier, reader int64) (time.Time, error) {
	at, err := db.Get(ctx, q, db.One[int64], "SELECT coalesce(max(at), 0) FROM comment_told WHERE reader_id = $1", reader)
	return instant(at), err
}

// ForgetAnswers forgets what a reader was to be told of.
func (s *Store) ForgetAnswers(ctx context.Context, tx *db.Tx, reader int64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM comment_told WHERE reader_id = $1", reader); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "DELETE FROM comment_answer WHERE reader_id = $1", reader)
	return err
}
