package comment

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Store keeps comments.
type Store struct{ d *db.DB }

// New gives the store of d.
func New(d *db.DB) *Store { return &Store{d: d} }

// Of gives a page of an article's approved comments. There is always a first
// page; others than there are are NotFound.
func (s *Store) Of(ctx context.Context, articleID int64, page int) (Part, error) {
	list, err := s.outline(ctx, articleID)
	if err != nil {
		return Part{}, err
	}
	starts := parts(list)
	out := Part{Page: page, Pages: len(starts)}
	for _, c := range list {
		if c.State == "approved" {
			out.Total++
		}
	}
	if page < 1 || page > max(1, len(starts)) {
		return Part{}, fault.New(fault.NotFound, "the comments of article %d have no page %d", articleID, page)
	}
	if len(list) == 0 {
		return out, nil
	}
	from, to := starts[page-1], len(list)
	if page < len(starts) {
		to = starts[page]
	}
	out.Comments = list[from:to]
	for _, c := range list[to:] {
		if c.State == "approved" {
			out.Later++
		}
	}
	return out, s.words(ctx, out.Comments)
}

// Find tells on which page of an article's comments one stands, and its number
// as it is now; with orID it may be asked for by its id, too, which was the
// number before an import brought old ones. 0 when it is not shown.
func (s *Store) Find(ctx context.Context, articleID, number int64, orID bool) (page int, now int64, err error) {
	list, err := s.outline(ctx, articleID)
	if err != nil {
		return 0, 0, err
	}
	at := slices.IndexFunc(list, func(c Comment) bool { return c.Number == number })
	if at < 0 && orID {
		at = slices.IndexFunc(list, func(c Comment) bool { return c.ID == number })
	}
	if at < 0 {
		return 0, 0, nil
	}
	for _, start := range parts(list) {
		if start <= at {
			page++
		}
	}
	return page, list[at].Number, nil
}

// Place tells on which page of an article's comments one stands, by its id, and under
// which number; page is 0 when it is not shown.
func (s *Store) Place(ctx context.Context, articleID, id int64) (page int, number int64, err error) {
	list, err := s.outline(ctx, articleID)
	at := slices.IndexFunc(list, func(c Comment) bool { return c.ID == id })
	if err != nil || at < 0 {
		return 0, 0, err
	}
	for _, start := range parts(list) {
		if start <= at {
			page++
		}
	}
	return page, list[at].Number, nil
}

// Pages is how many pages an article's comments have.
func (s *Store) Pages(ctx context.Context, articleID int64) (int, error) {
	list, err := s.outline(ctx, articleID)
	return len(parts(list)), err
}

// outline is all of an article's approved comments, and what stands in the place of
// removed ones, in the order of reading, without names and texts: of three thousand,
// fifty are read.
func (s *Store) outline(ctx context.Context, articleID int64) ([]Comment, error) {
	var shown []Comment
	parents := map[int64]int64{} // of all, since an answer to a hidden one moves up
	_, err := db.List(ctx, s.d, func(sc db.Scanner, _ *struct{}) error {
		c := Comment{ArticleID: articleID}
		var at, gone int64
		var approved bool
		if err := sc.Scan(&c.ID, &c.ParentID, &approved, &c.Old, &at, &c.size, &gone); err != nil {
			return err
		}
		if c.ParentID != 0 {
			parents[c.ID] = c.ParentID
		}
		switch {
		case approved:
			c.State = "approved"
		case gone != 0:
			c.Gone, c.size = &Gone{Decision: gone}, 0
		default:
			return nil
		}
		c.At = time.UnixMilli(at).UTC()
		shown = append(shown, c)
		return nil
	}, "SELECT id, coalesce(parent_id, 0), state = 'approved', coalesce(old_id, 0), created_at, length(body), coalesce(gone, 0) FROM comment WHERE article_id = $1", articleID)
	if err != nil || len(shown) == 0 {
		return nil, err
	}
	inTime(shown)
	number(shown)
	return thread(shown, parents), nil
}

// words reads names and texts, and the names of those whom a page's comments
// answer across its beginning.
func (s *Store) words(ctx context.Context, list []Comment) error {
	here := make(map[int64]bool, len(list))
	ids := make([]int64, 0, len(list))
	for _, c := range list {
		here[c.ID] = true
		ids = append(ids, c.ID)
	}
	for i := range list {
		if c := &list[i]; c.ParentID != 0 && !here[c.ParentID] {
			c.Cut = true
			ids = append(ids, c.ParentID)
		}
	}
	type row struct {
		id                      int64
		name, body, quote, role string
		kind                    string
		edited                  int64
	}
	said := make(map[int64]row, len(ids))
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In(nil, part)
		rows, err := db.List(ctx, s.d, func(s db.Scanner, r *row) error {
			return s.Scan(&r.id, &r.name, &r.body, &r.quote, &r.role, &r.edited, &r.kind)
		},
			"SELECT id, name, body, quote, role, coalesce(edited_at, 0), author_kind FROM comment WHERE gone IS NULL AND id IN ("+in+")", args...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			said[r.id] = r
		}
	}
	for i := range list {
		c := &list[i]
		c.Name, c.Body, c.Quote, c.Role = said[c.ID].name, said[c.ID].body, said[c.ID].quote, said[c.ID].role
		c.Edited, c.AuthorKind = instant(said[c.ID].edited), said[c.ID].kind
		if c.Cut {
			c.To = said[c.ParentID].name
		}
	}
	return s.gone(ctx, list)
}

// Counts gives the numbers of approved comments; articles without any are absent.
func (s *Store) Counts(ctx context.Context, articleIDs []int64) (map[int64]int, error) {
	type row struct {
		id int64
		n  int
	}
	out := make(map[int64]int, len(articleIDs))
	for part := range slices.Chunk(articleIDs, 512) {
		in, args := db.In(nil, part)
		rows, err := db.List(ctx, s.d, func(s db.Scanner, r *row) error { return s.Scan(&r.id, &r.n) },
			"SELECT article_id, count(*) FROM comment WHERE article_id IN ("+in+") AND state = 'approved' GROUP BY article_id", args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.id] = r.n
		}
	}
	return out, nil
}

// PutMany stores new comments and gives their ids in order. A parent is named
// by its id or, within the batch, by its place from 1 (ParentIndex).
func (s *Store) PutMany(ctx context.Context, tx *db.Tx, list []Comment) ([]int64, error) {
	ids, err := tx.IDs(ctx, "comment", len(list))
	if err != nil {
		return nil, err
	}
	b := tx.Bulk("comment", "id, article_id, parent_id, author_kind, name, email, body, state, old_id, created_at", "")
	// A parent may come later in the batch, and a foreign key wants it to be
	// there already: such links are drawn afterwards.
	type link struct{ child, parent int64 }
	var later []link
	for i, c := range list {
		parent := c.ParentID
		if c.ParentIndex != 0 {
			if c.ParentIndex < 1 || c.ParentIndex > len(list) || c.ParentIndex == i+1 {
				return nil, fault.New(fault.Invalid, "comment %d answers number %d of %d", i+1, c.ParentIndex, len(list))
			}
			parent = ids[c.ParentIndex-1]
			if c.ParentIndex > i {
				later = append(later, link{ids[i], parent})
				parent = 0
			}
		}
		b.Add(ids[i], c.ArticleID, sql.NullInt64{Int64: parent, Valid: parent != 0}, c.AuthorKind, c.Name, c.Email, c.Body, c.State,
			sql.NullInt64{Int64: c.Old, Valid: c.Old != 0}, c.At.UnixMilli())
		if c.State == "approved" {
			changed(tx, c.ArticleID)
		}
	}
	if err := b.Flush(ctx); err != nil {
		return nil, err
	}
	for _, l := range later {
		if _, err := tx.Exec(ctx, "UPDATE comment SET parent_id = $2 WHERE id = $1", l.child, l.parent); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// Update stores state, body and name of a comment that was imported before, and
// its old number where it has none yet. What somebody here has decided about it stays.
func (s *Store) Update(ctx context.Context, tx *db.Tx, c Comment) error {
	article, err := db.Get(ctx, tx, db.One[int64], "UPDATE comment SET state = CASE WHEN version = 1 THEN $2 ELSE state END,"+
		" body = CASE WHEN version = 1 THEN $3 ELSE body END, name = CASE WHEN version = 1 THEN $4 ELSE name END, old_id = coalesce(old_id, $5)"+
		" WHERE id = $1 RETURNING article_id", c.ID, c.State, c.Body, c.Name, sql.NullInt64{Int64: c.Old, Valid: c.Old != 0})
	if err != nil {
		return err
	}
	changed(tx, article)
	return nil
}

// DB is where it is read from.
func (s *Store) DB() *db.DB { return s.d }
