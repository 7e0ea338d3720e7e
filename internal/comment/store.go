package comment

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Store keeps comments.
type Store struct{ d *db.DB }

// New gives the store of d.
func New(d *db.DB) *Store { return &Store{d: d} }

// Of gives an article's approved comments in the order of reading: by time,
// answers under what they answer. Names and bodies are plain text.
func (s *Store) Of(ctx context.Context, articleID int64) ([]Comment, error) {
	shown, err := db.List(ctx, s.d, func(s db.Scanner, c *Comment) error {
		var at int64
		err := s.Scan(&c.ID, &c.ArticleID, &c.ParentID, &c.AuthorKind, &c.Name, &c.Body, &c.State, &at)
		c.At = time.UnixMilli(at).UTC()
		return err
	}, "SELECT id, article_id, coalesce(parent_id, 0), author_kind, name, body, state, created_at FROM comment"+
		" WHERE article_id = $1 AND state = 'approved' ORDER BY created_at, id", articleID)
	if err != nil || len(shown) == 0 {
		return nil, err
	}
	type pair struct{ id, parent int64 }
	all, err := db.List(ctx, s.d, func(s db.Scanner, p *pair) error { return s.Scan(&p.id, &p.parent) },
		"SELECT id, parent_id FROM comment WHERE article_id = $1 AND parent_id IS NOT NULL", articleID)
	if err != nil {
		return nil, err
	}
	parents := make(map[int64]int64, len(all))
	for _, p := range all {
		parents[p.id] = p.parent
	}
	return thread(shown, parents), nil
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
	b := tx.Bulk("comment", "id, article_id, parent_id, author_kind, name, email, body, state, created_at", "")
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
			c.At.UnixMilli())
		if c.State == "approved" {
			n := strconv.FormatInt(c.ArticleID, 10)
			tx.Changed("comments:" + n)
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

// Update stores state, body and name of a comment that was imported before.
func (s *Store) Update(ctx context.Context, tx *db.Tx, c Comment) error {
	article, err := db.Get(ctx, tx, db.One[int64], "UPDATE comment SET state = $2, body = $3, name = $4 WHERE id = $1 RETURNING article_id",
		c.ID, c.State, c.Body, c.Name)
	if err != nil {
		return err
	}
	tx.Changed("comments:" + strconv.FormatInt(article, 10))
	return nil
}
