package correction

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// remarkWrong is an error with words for whoever makes or decides a remark.
func remarkWrong(field, why string, args ...any) error {
	err := lang.Wrong("remark.wrong."+why, args...)
	err.Field = field
	return err
}

const remarkColumns = "id, article_id, edition_id, kind, state, version, field, block, exact, prefix, suffix, from_point, to_point, once, replaces, replacement," +
	" voices, made_at, coalesce(decided_at, 0), coalesce(decided_by, 0), reason, coalesce(seen_at, 0)"

func scanRemark(sc db.Scanner, r *Remark) error {
	var at, decided, seen int64
	p := &r.Passage
	err := sc.Scan(&r.ID, &r.Article, &r.Edition, &r.Kind, &r.State, &r.Version, &r.Field, &p.Block, &p.Exact, &p.Prefix, &p.Suffix, &p.From, &p.To, &p.Once,
		&r.Replaces, &r.Replacement, &r.Count, &at, &decided, &r.By, &r.Reason, &seen)
	r.At = time.UnixMilli(at).UTC()
	if decided != 0 {
		r.Decided = time.UnixMilli(decided).UTC()
	}
	if seen != 0 {
		r.Seen = time.UnixMilli(seen).UTC()
	}
	return err
}

// Remarks gives an article's remarks: those that are open, the oldest first, and before
// them so many of the last that were decided.
func (s *Store) Remarks(ctx context.Context, q db.Querier, articleID int64, decided int) ([]Remark, error) {
	done, err := db.List(ctx, q, scanRemark, "SELECT "+remarkColumns+" FROM remark WHERE article_id = $1 AND state <> 'open' ORDER BY decided_at DESC, id DESC LIMIT $2",
		articleID, decided)
	if err != nil {
		return nil, err
	}
	open, err := db.List(ctx, q, scanRemark, "SELECT "+remarkColumns+" FROM remark WHERE article_id = $1 AND state = 'open' ORDER BY id", articleID)
	if err != nil {
		return nil, err
	}
	list := append(done, open...)
	return list, s.voices(ctx, q, list)
}

// Remark reads one of an article.
func (s *Store) Remark(ctx context.Context, q db.Querier, articleID, id int64) (Remark, error) {
	r, err := db.Get(ctx, q, scanRemark, "SELECT "+remarkColumns+" FROM remark WHERE article_id = $1 AND id = $2", articleID, id)
	if err != nil {
		return r, err
	}
	list := []Remark{r}
	err = s.voices(ctx, q, list)
	return list[0], err
}

// voices reads who says what.
func (s *Store) voices(ctx context.Context, q db.Querier, list []Remark) error {
	if len(list) == 0 {
		return nil
	}
	at := make(map[int64]int, len(list))
	ids := make([]int64, len(list))
	for i, r := range list {
		at[r.ID], ids[i] = i, r.ID
	}
	type row struct {
		remark int64
		v      Voice
	}
	in, args := db.In(nil, ids)
	rows, err := db.List(ctx, q, func(sc db.Scanner, r *row) error {
		var ms int64
		err := sc.Scan(&r.remark, &r.v.Staff, &r.v.Note, &ms)
		r.v.At = time.UnixMilli(ms).UTC()
		return err
	}, "SELECT remark_id, coalesce(staff_id, 0), note, made_at FROM remark_voice WHERE remark_id IN ("+in+") ORDER BY remark_id, id", args...)
	for _, r := range rows {
		x := &list[at[r.remark]]
		x.Voices = append(x.Voices, r.v)
	}
	return err
}

// Make keeps a remark on a passage (Point). One that is open and wants the same words in
// the same place becomes one with it; folded tells that.
func (s *Store) Make(ctx context.Context, tx *db.Tx, r Remark, v Voice) (made Remark, folded bool, err error) {
	v.Note = strings.TrimSpace(strings.ReplaceAll(v.Note, "\r\n", "\n"))
	if err := r.check(v); err != nil {
		return r, false, err
	}
	a, m, err := s.articles.Hold(ctx, tx, r.Article) // two who say the same at once become one
	if err != nil {
		return r, false, err
	}
	if a.State == article.Withdrawn || a.State == article.Spiked {
		return r, false, remarkWrong("", "closed")
	}
	now := s.d.Now()
	r.Edition, r.State, r.Count, r.At = a.Edition, Open, 1, now
	if r.Replaces {
		same, err := s.same(ctx, tx, r, m.Text)
		if err != nil {
			return r, false, err
		}
		if same != 0 {
			if _, err := tx.Exec(ctx, "UPDATE remark SET voices = voices + 1 WHERE id = $1", same); err != nil {
				return r, false, err
			}
			if err := s.speak(ctx, tx, same, v, now); err != nil {
				return r, false, err
			}
			made, err = s.Remark(ctx, tx, r.Article, same)
			return made, true, err
		}
	}
	ids, err := tx.IDs(ctx, "remark", 1)
	if err != nil {
		return r, false, err
	}
	r.ID = ids[0]
	p := r.Passage
	if _, err := tx.Exec(ctx, "INSERT INTO remark (id, article_id, edition_id, kind, state, version, field, block, exact, prefix, suffix, from_point, to_point, once,"+
		" replaces, replacement, voices, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17)",
		r.ID, r.Article, r.Edition, string(r.Kind), string(Open), r.Version, r.Field, p.Block, p.Exact, p.Prefix, p.Suffix, p.From, p.To, p.Once,
		r.Replaces, r.Replacement, now.UnixMilli()); err != nil {
		return r, false, err
	}
	if err := s.speak(ctx, tx, r.ID, v, now); err != nil {
		return r, false, err
	}
	made, err = s.Remark(ctx, tx, r.Article, r.ID)
	return made, false, err
}

func (s *Store) speak(ctx context.Context, tx *db.Tx, remark int64, v Voice, now time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO remark_voice (remark_id, staff_id, note, made_at) VALUES ($1, $2, $3, $4)",
		remark, sql.NullInt64{Int64: v.Staff, Valid: v.Staff != 0}, v.Note, now.UnixMilli())
	return err
}

// same is the open remark that wants the same words in the same place of a text; 0: none.
func (s *Store) same(ctx context.Context, q db.Querier, r Remark, m article.Manuscript) (int64, error) {
	like, err := db.List(ctx, q, scanRemark, "SELECT "+remarkColumns+" FROM remark WHERE article_id = $1 AND state = 'open' AND (kind = 'report' OR kind = 'suggestion' AND $4 <> 'report')"+
		" AND field = $2 AND replaces AND replacement = $3 ORDER BY id", r.Article, r.Field, r.Replacement, string(r.Kind))
	if err != nil || len(like) == 0 {
		return 0, err
	}
	here, ok := r.Where(m)
	for _, x := range like {
		if there, found := x.Where(m); ok && found && there == here {
			return x.ID, nil
		}
	}
	return 0, nil
}

// Apply puts what a remark wants into the text that is worked on, where its passage is
// now, and gives the text. Where the passage is no more the remark is stale, which is no
// error: the text stays as it is. One that was decided already stays as it was decided,
// and says so: two who apply it at once apply it once. A comment is done with.
//
// with done whoever asks has put the words there already (they were shown in the text).
func (s *Store) Apply(ctx context.Context, tx *db.Tx, articleID, id, staff int64, done bool) (Remark, article.Copy, error) {
	_, c, err := s.articles.Hold(ctx, tx, articleID)
	if err != nil {
		return Remark{}, c, err
	}
	r, err := s.Remark(ctx, tx, articleID, id)
	if err != nil || r.State != Open {
		return r, c, err
	}
	if r.Kind == Comment || done {
		return s.decided(ctx, tx, r, Applied, staff, "", c)
	}
	if !r.Replaces {
		return r, c, remarkWrong("", "no_words")
	}
	m, err := r.apply(c.Text)
	switch {
	case fault.Is(err, fault.Conflict):
		return s.decided(ctx, tx, r, Stale, staff, "", c)
	case fault.Is(err, fault.Invalid):
		return r, c, remarkWrong("", "cannot")
	case err != nil:
		return r, c, err
	}
	if c, _, err = s.articles.Save(ctx, tx, articleID, c.Version, m, staff); err != nil {
		return r, c, err
	}
	return s.decided(ctx, tx, r, Applied, staff, "", c)
}

// Refuse refuses a remark. A reader is told why.
func (s *Store) Refuse(ctx context.Context, tx *db.Tx, articleID, id, staff int64, reason string) (Remark, error) {
	_, c, err := s.articles.Hold(ctx, tx, articleID)
	if err != nil {
		return Remark{}, err
	}
	r, err := s.Remark(ctx, tx, articleID, id)
	if err != nil || r.State != Open && r.State != Stale {
		return r, err
	}
	if reason = strings.TrimSpace(reason); r.Kind == Report && reason == "" {
		return r, remarkWrong("reason", "no_reason")
	}
	if len(reason) > longest || strings.ToValidUTF8(reason, "") != reason || strings.ContainsRune(reason, 0) {
		return r, remarkWrong("reason", "long")
	}
	r, _, err = s.decided(ctx, tx, r, Refused, staff, reason, c)
	return r, err
}

func (s *Store) decided(ctx context.Context, tx *db.Tx, r Remark, to State, staff int64, reason string, c article.Copy) (Remark, article.Copy, error) {
	now := s.d.Now()
	n, err := tx.Exec(ctx, "UPDATE remark SET state = $1, decided_at = $2, decided_by = $3, reason = $4, applied_version = $5 WHERE id = $6 AND state = $7",
		string(to), now.UnixMilli(), staff, reason, sql.NullInt64{Int64: int64(c.Version), Valid: to == Applied}, r.ID, string(r.State))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "remark %d was decided meanwhile", r.ID)
	}
	r.State, r.Decided, r.By, r.Reason = to, now, staff, reason
	for _, f := range s.decides {
		if err == nil {
			err = f(ctx, tx, r)
		}
	}
	return r, c, err
}

// OpenRemarks counts what is open, of the articles that have some.
func (s *Store) OpenRemarks(ctx context.Context, articles []int64) (map[int64]int, error) {
	type row struct {
		id int64
		n  int
	}
	in, args := db.In(nil, articles)
	rows, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error { return sc.Scan(&r.id, &r.n) },
		"SELECT article_id, count(*) FROM remark WHERE article_id IN ("+in+") AND state = 'open' GROUP BY article_id", args...)
	out := map[int64]int{}
	for _, r := range rows {
		out[r.id] = r.n
	}
	return out, err
}
