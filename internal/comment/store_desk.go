package comment

import (
	"context"
	"strconv"

	"dateline/internal/db"
)

// The sights of the queue.
const (
	Waiting   = "waiting"
	Appealed  = "appeals"
	Published = "published"
	Removed   = "removed"
)

const reported = "id IN (SELECT comment_id FROM comment_notice WHERE outcome = '')"

// Queue gives comments for moderators: what waits by risk and then by age, what readers
// report first; the others newest first.
func (s *Store) Queue(ctx context.Context, sight string, skip, limit int) ([]Comment, error) {
	read := func(where, order string, skip, limit int) ([]Comment, error) {
		return db.List(ctx, s.d, scan, "SELECT "+fields+" FROM comment WHERE "+where+" ORDER BY "+order+" LIMIT $1 OFFSET $2", limit, skip)
	}
	switch sight {
	case Appealed:
		return read("id IN (SELECT d.comment_id FROM comment_appeal p JOIN comment_decision d ON d.id = p.decision_id WHERE p.outcome = '')", "created_at, id", skip, limit)
	case Published:
		return read("state = 'approved'", "created_at DESC, id DESC", skip, limit)
	case Removed:
		return read("state IN ('trash', 'spam')", "created_at DESC, id DESC", skip, limit)
	}
	first, err := db.Get(ctx, s.d, db.One[int], "SELECT count(*) FROM comment WHERE "+reported+" AND state IN ('approved', 'pending')")
	if err != nil {
		return nil, err
	}
	var list []Comment
	if skip < first {
		if list, err = read(reported+" AND state IN ('approved', 'pending')", "created_at, id", skip, limit); err != nil || len(list) == limit {
			return list, err
		}
	}
	more, err := read("state = 'pending' AND NOT "+reported, "risk DESC, created_at, id", max(0, skip-first), limit-len(list))
	return append(list, more...), err
}

// WaitingCounts is how many comments and how many complaints wait.
func (s *Store) WaitingCounts(ctx context.Context) (comments, appeals int, err error) {
	_, err = db.Get(ctx, s.d, func(sc db.Scanner, _ *struct{}) error {
		var shown int
		err := sc.Scan(&comments, &shown, &appeals)
		comments += shown
		return err
	}, "SELECT (SELECT count(*) FROM comment WHERE state = 'pending'), (SELECT count(*) FROM comment WHERE "+reported+" AND state = 'approved'),"+
		" (SELECT count(*) FROM comment_appeal WHERE outcome = '')")
	return comments, appeals, err
}

// pasts are what is known of writers.
func (s *Store) pasts(ctx context.Context, writers []string) (map[string]past, error) {
	type row struct {
		writer string
		p      past
	}
	in, args := db.In(nil, writers)
	list, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error { return sc.Scan(&r.writer, &r.p.Approved, &r.p.Removed) },
		"SELECT writer, sum(CASE WHEN state = 'approved' THEN 1 ELSE 0 END), sum(CASE WHEN state IN ('trash', 'spam') THEN 1 ELSE 0 END) FROM comment WHERE writer <> '' AND writer IN ("+in+") GROUP BY writer", args...)
	out := map[string]past{}
	for _, r := range list {
		out[r.writer] = r.p
	}
	return out, err
}

// Around gives what stands about a comment: what it answers, the answers to it, and what
// else its writer wrote lately.
func (s *Store) Around(ctx context.Context, c Comment) (above *Comment, below, same []Comment, err error) {
	if c.ParentID != 0 {
		p, err := s.Get(ctx, s.d, c.ParentID)
		if err != nil {
			return nil, nil, nil, err
		}
		above = &p
	}
	if below, err = db.List(ctx, s.d, scan, "SELECT "+fields+" FROM comment WHERE parent_id = $1 ORDER BY created_at, id LIMIT 20", c.ID); err != nil {
		return
	}
	if c.Writer != "" {
		same, err = db.List(ctx, s.d, scan, "SELECT "+fields+" FROM comment WHERE writer = $1 AND id <> $2 ORDER BY created_at DESC, id DESC LIMIT 20", c.Writer, c.ID)
	}
	return above, below, same, err
}

// answer stores what somebody of the newsroom says, who is known by name there.
func (s *Store) answer(ctx context.Context, tx *db.Tx, c Comment) (int64, error) {
	if err := s.answers(ctx, tx, c); err != nil {
		return 0, err
	}
	c.AuthorKind, c.State, c.At, c.print = "staff", "approved", s.d.Now(), print(c.Body)
	c.Writer = "s:" + strconv.FormatInt(c.AuthorID, 10)
	return s.insert(ctx, tx, c)
}

// settingFor is what is decided for one article.
func (s *Store) settingFor(ctx context.Context, kind string, id int64) (Setting, error) {
	list, err := db.List(ctx, s.d, scanSetting, "SELECT kind, ref_id, coalesce(moderation, ''), days, slow FROM comment_setting WHERE kind = $1 AND ref_id = $2", kind, id)
	if err != nil || len(list) == 0 {
		return Setting{Kind: kind, Ref: id}, err
	}
	return list[0], nil
}
