package comment

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Setting is what is decided for an article or a section; nil: nothing.
type Setting struct {
	Kind       string
	Ref        int64
	Moderation string
	Days, Slow *int64
}

func scanSetting(sc db.Scanner, s *Setting) error {
	var days, slow sql.NullInt64
	err := sc.Scan(&s.Kind, &s.Ref, &s.Moderation, &days, &slow)
	if days.Valid {
		s.Days = &days.Int64
	}
	if slow.Valid {
		s.Slow = &slow.Int64
	}
	return err
}

// settingsOf gives what is decided for the sections of an article, the first one last,
// and then for itself.
func (s *Store) settingsOf(ctx context.Context, articleID int64, topics []int64) ([]Setting, error) {
	in, args := db.In([]any{articleID}, topics)
	list, err := db.List(ctx, s.d, scanSetting, "SELECT kind, ref_id, coalesce(moderation, ''), days, slow FROM comment_setting"+
		" WHERE kind = 'article' AND ref_id = $1 OR kind = 'topic' AND ref_id IN ("+in+")", args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var out []Setting
	for i := len(topics) - 1; i >= 0; i-- {
		for _, x := range list {
			if x.Kind == "topic" && x.Ref == topics[i] {
				out = append(out, x)
			}
		}
	}
	for _, x := range list {
		if x.Kind == "article" {
			out = append(out, x)
		}
	}
	return out, nil
}

// SetFor decides for an article or a section; what is empty or nil is as elsewhere.
// Pages that show the discussion are made anew.
func (s *Store) SetFor(ctx context.Context, tx *db.Tx, x Setting) error {
	n := func(v *int64) sql.NullInt64 {
		if v == nil {
			return sql.NullInt64{}
		}
		return sql.NullInt64{Int64: *v, Valid: true}
	}
	_, err := tx.Exec(ctx, "INSERT INTO comment_setting (kind, ref_id, moderation, days, slow) VALUES ($1, $2, $3, $4, $5)"+
		" ON CONFLICT (kind, ref_id) DO UPDATE SET moderation = excluded.moderation, days = excluded.days, slow = excluded.slow",
		x.Kind, x.Ref, orNothing(x.Moderation), n(x.Days), n(x.Slow))
	if x.Kind == "article" {
		changed(tx, x.Ref)
	} else {
		tx.Changed(TalkTag)
	}
	return err
}

// TalkTag is of every page that shows a discussion: what is decided for many of them
// changes it.
const TalkTag = "talk"

// taken is the answer that a sending had before.
func (s *Store) taken(ctx context.Context, q db.Querier, request string) (Taken, error) {
	return db.Get(ctx, q, func(sc db.Scanner, t *Taken) error {
		t.Again, t.Token = true, tokenOf(request)
		if len(request) < 20 {
			t.Token = "" // nobody knows it any more
		}
		return sc.Scan(&t.ID, &t.State, &t.Held)
	}, "SELECT id, state, held_for FROM comment WHERE request = $1", hash(request))
}

// answers refuses an answer to what is not there to be answered.
func (s *Store) answers(ctx context.Context, tx *db.Tx, c Comment) error {
	type above struct {
		article, parent int64
		state           string
	}
	id := c.ParentID
	for deep := 0; id != 0; deep++ {
		a, err := db.Get(ctx, tx, func(sc db.Scanner, a *above) error { return sc.Scan(&a.article, &a.parent, &a.state) },
			"SELECT article_id, coalesce(parent_id, 0), state FROM comment WHERE id = $1", id)
		if err != nil || a.article != c.ArticleID {
			return fault.New(fault.NotFound, "no comment %d on article %d: %w", id, c.ArticleID, err)
		}
		if deep == 0 && a.state != "approved" {
			err := lang.Wrong("comments.wrong.parent_gone")
			err.Kind = fault.Gone
			if a.state == "pending" {
				err.Kind = fault.NotFound // nobody has seen it yet
			}
			return err
		}
		if deep > mostDeep {
			return wrong("parent", "deep")
		}
		id = a.parent
	}
	return nil
}

// writerOf is by what the writer of a private address is known.
func (s *Store) writerOf(ctx context.Context, q db.Querier, token string) (string, error) {
	return db.Get(ctx, q, db.One[string], "SELECT writer FROM comment WHERE token = $1", hash(token))
}

// same is where the same words were said lately.
type same struct {
	here      bool
	elsewhere int
}

func (s *Store) said(ctx context.Context, q db.Querier, articleID int64, print string, since time.Time) (same, error) {
	n, err := db.Get(ctx, q, db.One[int], "SELECT count(*) FROM comment WHERE article_id = $1 AND print = $2 AND created_at > $3", articleID, print, since.UnixMilli())
	if err != nil || n > 0 {
		return same{here: n > 0}, err
	}
	n, err = db.Get(ctx, q, db.One[int], "SELECT count(*) FROM (SELECT id FROM comment WHERE print = $1 AND created_at > $2 LIMIT 5) x", print, since.UnixMilli())
	return same{elsewhere: n}, err
}

// pastOf is what is known of a writer.
func (s *Store) pastOf(ctx context.Context, q db.Querier, writer string, now time.Time) (past, error) {
	return db.Get(ctx, q, func(sc db.Scanner, p *past) error { return sc.Scan(&p.Approved, &p.Removed, &p.Removed30) },
		"SELECT coalesce(sum(CASE WHEN state = 'approved' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN state IN ('trash', 'spam') THEN 1 ELSE 0 END), 0),"+
			" coalesce(sum(CASE WHEN state IN ('trash', 'spam') AND created_at > $2 THEN 1 ELSE 0 END), 0) FROM comment WHERE writer = $1",
		writer, now.Add(-30*24*time.Hour).UnixMilli())
}

// slow refuses a comment that comes too soon after another of its writer.
func (s *Store) slow(ctx context.Context, q db.Querier, c Comment, rest time.Duration) error {
	last, err := db.Get(ctx, q, db.One[int64], "SELECT coalesce(max(created_at), 0) FROM comment WHERE writer = $1 AND article_id = $2", c.Writer, c.ArticleID)
	if err != nil {
		return err
	}
	if wait := time.UnixMilli(last).Add(rest).Sub(c.At); wait > 0 {
		return slowly(wait)
	}
	return nil
}

// sanctioned gives why a writer's comment waits, or refuses it for as long as they are
// muted or banned.
func (s *Store) sanctioned(ctx context.Context, q db.Querier, writer string, now time.Time) (held string, err error) {
	type term struct {
		deed  string
		until int64
	}
	list, err := db.List(ctx, q, func(sc db.Scanner, t *term) error { return sc.Scan(&t.deed, &t.until) },
		"SELECT deed, until FROM comment_decision WHERE writer = $1 AND until > $2 AND stands AND deed IN ('mute', 'ban', 'watch')", writer, now.UnixMilli())
	for _, t := range list {
		if t.deed == "watch" {
			held = "watch"
			continue
		}
		return "", &Barred{Until: time.UnixMilli(t.until).UTC()}
	}
	return held, err
}

// Barred is somebody who may not write until then.
type Barred struct{ Until time.Time }

func (b *Barred) Error() string { return "may not write until " + b.Until.Format(time.RFC3339) }

// Say is the sentence that tells them.
func (b *Barred) Say(l *lang.Locale) string {
	return l.T("comments.barred", "until", l.Date(b.Until))
}

func (s *Store) insert(ctx context.Context, tx *db.Tx, c Comment) (int64, error) {
	list, err := json.Marshal(c.Signs)
	if err != nil {
		return 0, err
	}
	id, err := db.Get(ctx, tx, db.One[int64], "INSERT INTO comment (article_id, parent_id, author_kind, author_id, name, body, state, created_at,"+
		" writer, token, request, print, quote, role, rules_version, held_for, risk, signs) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id",
		c.ArticleID, orNull(c.ParentID), c.AuthorKind, orNull(c.AuthorID), c.Name, c.Body, c.State, c.At.UnixMilli(),
		c.Writer, orNothing(c.token), orNothing(c.request), c.print, c.Quote, c.Role, c.RulesVersion, c.Held, c.Risk, string(list))
	if err == nil && c.State == "approved" {
		changed(tx, c.ArticleID)
		err = s.answered(ctx, tx, id)
	}
	return id, err
}

// CountTag is of what counts comments of many articles.
const CountTag = "comments"

func changed(tx *db.Tx, articleID int64) {
	tx.Changed("comments:"+strconv.FormatInt(articleID, 10), CountTag)
}

const fields = "id, article_id, coalesce(parent_id, 0), author_kind, coalesce(author_id, 0), name, body, state, coalesce(old_id, 0), created_at," +
	" writer, quote, role, rules_version, version, coalesce(edited_at, 0), held_for, risk, signs, coalesce(gone, 0)"

func scan(sc db.Scanner, c *Comment) error {
	var at, edited, gone int64
	var list string
	err := sc.Scan(&c.ID, &c.ArticleID, &c.ParentID, &c.AuthorKind, &c.AuthorID, &c.Name, &c.Body, &c.State, &c.Old, &at,
		&c.Writer, &c.Quote, &c.Role, &c.RulesVersion, &c.Version, &edited, &c.Held, &c.Risk, &list, &gone)
	if err != nil {
		return err
	}
	c.At = time.UnixMilli(at).UTC()
	if edited != 0 {
		c.Edited = time.UnixMilli(edited).UTC()
	}
	if gone != 0 {
		c.Gone = &Gone{Decision: gone}
	}
	if list != "" {
		return json.Unmarshal([]byte(list), &c.Signs)
	}
	return nil
}

// Get gives a comment in whatever state.
func (s *Store) Get(ctx context.Context, q db.Querier, id int64) (Comment, error) {
	return db.Get(ctx, q, scan, "SELECT "+fields+" FROM comment WHERE id = $1", id)
}

func (s *Store) byToken(ctx context.Context, q db.Querier, token string) (Comment, error) {
	return db.Get(ctx, q, scan, "SELECT "+fields+" FROM comment WHERE token = $1", hash(token))
}

// decided tells whether a person has decided about a comment.
func (s *Store) decided(ctx context.Context, q db.Querier, id int64) (bool, error) {
	n, err := db.Get(ctx, q, db.One[int], "SELECT count(*) FROM comment_decision WHERE comment_id = $1 AND NOT by_machine", id)
	return n > 0, err
}

// rewrite stores what a comment says now, and keeps what it said.
func (s *Store) rewrite(ctx context.Context, tx *db.Tx, before, c Comment, version int64) error {
	n, err := tx.Exec(ctx, "UPDATE comment SET body = $2, state = $3, held_for = $4, edited_at = $5, print = $6, version = version + 1 WHERE id = $1 AND version = $7",
		c.ID, c.Body, c.State, c.Held, c.Edited.UnixMilli(), c.print, version)
	if err != nil {
		return err
	}
	if n == 0 {
		err := lang.Wrong("comments.wrong.moved_on")
		err.Kind = fault.Conflict
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO comment_past (comment_id, version, body, until) VALUES ($1, $2, $3, $4)", c.ID, version, before.Body, c.Edited.UnixMilli())
	changed(tx, c.ArticleID)
	return err
}

// Past is what a comment said before.
type Past struct {
	Body  string
	Until time.Time
}

// PastOf gives what comments said before, the oldest first.
func (s *Store) PastOf(ctx context.Context, ids []int64) (map[int64][]Past, error) {
	type row struct {
		id int64
		p  Past
	}
	in, args := db.In(nil, ids)
	list, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error {
		var until int64
		err := sc.Scan(&r.id, &r.p.Body, &until)
		r.p.Until = time.UnixMilli(until).UTC()
		return err
	}, "SELECT comment_id, body, until FROM comment_past WHERE comment_id IN ("+in+") ORDER BY comment_id, version", args...)
	out := map[int64][]Past{}
	for _, r := range list {
		out[r.id] = append(out[r.id], r.p)
	}
	return out, err
}
