package correction

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dateline/internal/anchor"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/fault"
)

// Store keeps what is said.
type Store struct {
	d        *db.DB
	articles *article.Store
	told     []func(ctx context.Context, tx *db.Tx, articles []int64) error
	decides  []func(ctx context.Context, tx *db.Tx, r Remark) error
}

// New gives the store of d.
func New(d *db.DB, articles *article.Store) *Store { return &Store{d: d, articles: articles} }

// OnChange has f told of the articles of which readers are told something else, inside
// the transaction. Listeners are added before the store is used.
func (s *Store) OnChange(f func(ctx context.Context, tx *db.Tx, articles []int64) error) {
	s.told = append(s.told, f)
}

const columns = "c.id, c.article_id, c.edition_id, c.kind, c.text, c.before_revision, c.after_revision, c.passage, c.shows, coalesce(c.staff_id, 0)," +
	" c.said_at, c.changed_at, coalesce(c.withdrawn_at, 0)"

func scan(sc db.Scanner, c *Correction) error {
	var passage string
	var at, changed, withdrawn int64
	err := sc.Scan(&c.ID, &c.Article, &c.Edition, &c.Kind, &c.Text, &c.Before, &c.After, &passage, &c.Shows, &c.Staff, &at, &changed, &withdrawn)
	if err != nil {
		return err
	}
	c.At, c.Changed = time.UnixMilli(at).UTC(), time.UnixMilli(changed).UTC()
	if withdrawn != 0 {
		c.Withdrawn = time.UnixMilli(withdrawn).UTC()
	}
	if passage != "" {
		c.Passage = &anchor.Passage{}
		if err := json.Unmarshal([]byte(passage), c.Passage); err != nil {
			return fault.New(fault.Internal, "the passage of correction %d: %w", c.ID, err)
		}
	}
	return nil
}

// public are those that readers may see: of articles that they have.
const public = " FROM correction c JOIN article_public a ON a.id = c.article_id" +
	" WHERE a.kind = 'article' AND c.withdrawn_at IS NULL AND a.visible_from <= $1"

// Of gives what readers are told of an article, the newest first. Whether they have
// the article is its caller's affair.
func (s *Store) Of(ctx context.Context, articleID int64) ([]Correction, error) {
	return db.List(ctx, s.d, scan, "SELECT "+columns+" FROM correction c WHERE c.article_id = $1 AND c.withdrawn_at IS NULL"+
		" ORDER BY c.said_at DESC, c.id DESC", articleID)
}

// All gives what readers are told of an article and what was taken back, for the desk.
func (s *Store) All(ctx context.Context, articleID int64) ([]Correction, error) {
	return db.List(ctx, s.d, scan, "SELECT "+columns+" FROM correction c WHERE c.article_id = $1 ORDER BY c.said_at DESC, c.id DESC", articleID)
}

// List gives an edition's, the newest first, and whether there are more.
func (s *Store) List(ctx context.Context, edition int64, now time.Time, skip, limit int) ([]Correction, bool, error) {
	out, err := db.List(ctx, s.d, scan, "SELECT "+columns+public+" AND c.edition_id = $2 ORDER BY c.said_at DESC, c.id DESC LIMIT $3 OFFSET $4",
		now.UnixMilli(), edition, limit+1, skip)
	return out[:min(len(out), limit)], len(out) > limit, err
}

// Public gives one of an edition that readers may see.
func (s *Store) Public(ctx context.Context, edition, id int64, now time.Time) (Correction, error) {
	return db.Get(ctx, s.d, scan, "SELECT "+columns+public+" AND c.edition_id = $2 AND c.id = $3", now.UnixMilli(), edition, id)
}

// NextChange is the first instant after now at which the clock alone brings one to an
// edition's readers, with its article; zero when none waits.
func (s *Store) NextChange(ctx context.Context, edition int64, now time.Time) (time.Time, error) {
	ms, err := db.Get(ctx, s.d, db.One[sql.NullInt64], "SELECT min(a.visible_from) FROM correction c JOIN article_public a ON a.id = c.article_id"+
		" WHERE a.kind = 'article' AND c.withdrawn_at IS NULL AND a.visible_from > $1 AND c.edition_id = $2", now.UnixMilli(), edition)
	if err != nil || !ms.Valid {
		return time.Time{}, err
	}
	return time.UnixMilli(ms.Int64).UTC(), nil
}

// Texts gives the words of what readers are told of articles.
func (s *Store) Texts(ctx context.Context, q db.Querier, articles []int64) (map[int64][]string, error) {
	type row struct {
		article int64
		text    string
	}
	in, args := db.In(nil, articles)
	rows, err := db.List(ctx, q, func(sc db.Scanner, r *row) error { return sc.Scan(&r.article, &r.text) },
		"SELECT article_id, text FROM correction WHERE article_id IN ("+in+") AND withdrawn_at IS NULL ORDER BY article_id, said_at DESC, id DESC", args...)
	out := map[int64][]string{}
	for _, r := range rows {
		out[r.article] = append(out[r.article], r.text)
	}
	return out, err
}

// Said is Texts for readers' pages.
func (s *Store) Said(ctx context.Context, articles []int64) (map[int64][]string, error) {
	return s.Texts(ctx, s.d, articles)
}

// Get reads one of an article, for the desk.
func (s *Store) Get(ctx context.Context, q db.Querier, articleID, id int64) (Correction, error) {
	return db.Get(ctx, q, scan, "SELECT "+columns+" FROM correction c WHERE c.article_id = $1 AND c.id = $2", articleID, id)
}

// Add tells readers something. c.Before and c.After are revisions of the article; where
// the change between them is in one place, that becomes the passage.
func (s *Store) Add(ctx context.Context, tx *db.Tx, c Correction) (int64, error) {
	if err := c.check(); err != nil {
		return 0, err
	}
	if c.At.IsZero() {
		c.At = s.d.Now()
	}
	if c.Passage == nil && c.Before != c.After {
		var err error
		if c.Passage, err = s.passage(ctx, tx, c); err != nil {
			return 0, err
		}
	}
	passage, err := c.passage()
	if err != nil {
		return 0, err
	}
	ids, err := tx.IDs(ctx, "correction", 1)
	if err != nil {
		return 0, err
	}
	staff := sql.NullInt64{Int64: c.Staff, Valid: c.Staff != 0}
	if _, err := tx.Exec(ctx, "INSERT INTO correction (id, article_id, edition_id, kind, text, before_revision, after_revision, passage, shows, staff_id,"+
		" said_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)", ids[0], c.Article, c.Edition, string(c.Kind), c.Text, c.Before,
		c.After, passage, c.Shows, staff, c.At.UnixMilli()); err != nil {
		return 0, err
	}
	return ids[0], s.changed(ctx, tx, c, "")
}

// Change says something else of the kind, the words, the passage and whether readers see
// what was before. When they were told, and by whom, stays.
func (s *Store) Change(ctx context.Context, tx *db.Tx, c Correction) error {
	if err := c.check(); err != nil {
		return err
	}
	passage, err := c.passage()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "UPDATE correction SET kind = $1, text = $2, shows = $3, changed_at = $4, passage = $7 WHERE id = $5 AND article_id = $6 AND withdrawn_at IS NULL",
		string(c.Kind), c.Text, c.Shows, s.d.Now().UnixMilli(), c.ID, c.Article, passage)
	if err == nil && n == 0 {
		err = gone(c)
	}
	if err != nil {
		return err
	}
	return s.changed(ctx, tx, c, "!") // it may have said what must not be read
}

// Withdraw takes back what readers were told. The row stays, for the desk.
func (s *Store) Withdraw(ctx context.Context, tx *db.Tx, c Correction) error {
	n, err := tx.Exec(ctx, "UPDATE correction SET withdrawn_at = $1, changed_at = $1 WHERE id = $2 AND article_id = $3 AND withdrawn_at IS NULL",
		s.d.Now().UnixMilli(), c.ID, c.Article)
	if err == nil && n == 0 {
		err = gone(c)
	}
	if err != nil {
		return err
	}
	return s.changed(ctx, tx, c, "!")
}

func gone(c Correction) error {
	return &fault.Error{Kind: fault.Conflict, What: fmt.Sprintf("correction %d of article %d does not stand", c.ID, c.Article), Word: "told.wrong.gone"}
}

// changed names what shows it.
func (s *Store) changed(ctx context.Context, tx *db.Tx, c Correction, hard string) error {
	tx.Changed(fmt.Sprintf("%sarticle:%d", hard, c.Article), fmt.Sprintf("%scorrections:%d", hard, c.Edition))
	for _, f := range s.told {
		if err := f(ctx, tx, []int64{c.Article}); err != nil {
			return err
		}
	}
	return nil
}

// passage is what is kept of it.
func (c Correction) passage() (string, error) {
	if c.Passage == nil {
		return "", nil
	}
	raw, err := json.Marshal(c.Passage)
	return string(raw), err
}

// Pointed is the passage that somebody points at in the revision in which readers have
// what a correction is about: a place, or words that it has once.
func (s *Store) Pointed(ctx context.Context, q db.Querier, c Correction, seen anchor.Passage) (*anchor.Passage, error) {
	r, err := s.articles.ReadRevision(ctx, q, c.Article, c.After)
	if err != nil {
		return nil, err
	}
	p, err := Point(article.Manuscript{Body: r.Content.Body}, "", seen)
	var f *fault.Error
	if errors.As(err, &f) && strings.HasPrefix(f.Word, "remark.wrong.") {
		err = wrong("exact", strings.TrimPrefix(f.Word, "remark.wrong."), "n", f.Args["n"])
	}
	if err != nil {
		return nil, err
	}
	return &p, nil
}

func (s *Store) passage(ctx context.Context, q db.Querier, c Correction) (*anchor.Passage, error) {
	before, after, ok, err := s.pair(ctx, q, c)
	if err != nil || !ok {
		return nil, err
	}
	return passageOf(before, after)
}

// pair reads the revisions between which a change lies; false: it is not known.
func (s *Store) pair(ctx context.Context, q db.Querier, c Correction) (before, after article.Content, ok bool, err error) {
	if c.Before < 1 || c.After <= c.Before {
		return before, after, false, nil
	}
	was, err := s.articles.ReadRevision(ctx, q, c.Article, c.Before)
	if err != nil {
		return before, after, false, err
	}
	is, err := s.articles.ReadRevision(ctx, q, c.Article, c.After)
	return was.Content, is.Content, err == nil, err
}

// Changes are the words as they were and are, for readers: nothing where the newsroom
// does not show it. What not everybody may read, nobody is shown here.
func (s *Store) Changes(ctx context.Context, c Correction, access string) ([]Change, error) {
	if !c.Shows || !article.Anyone.May(access) {
		return nil, nil
	}
	before, after, ok, err := s.pair(ctx, s.d, c)
	if err != nil || !ok {
		return nil, err
	}
	return differences(before, after, c.Passage)
}
