package article

import (
	"context"
	"database/sql"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Beside gives the articles before and after one in a list, by their time of
// publication. At an end of the list the id is 0. Each is one step in an index.
func (s *Store) Beside(ctx context.Context, l ListQuery, a Article) (earlier, later int64, err error) {
	const in = "SELECT article_id FROM listing WHERE edition_id = $1 AND kind = $2 AND ref_id = $3 AND visible_from <= $4"
	now, at := l.Now.UnixMilli(), a.VisibleFrom.UnixMilli()
	// SQLite takes one upper end for its walk through the index, and it is to be
	// the nearer one: from now it would walk through all that came after.
	earlier, err = orZero(db.Get(ctx, s.d, db.One[int64], in+
		" AND (visible_from, article_id) < ($5, $6) ORDER BY visible_from DESC, article_id DESC LIMIT 1",
		l.Edition, l.Kind, l.Ref, min(now, at), at, a.ID))
	if err != nil {
		return 0, 0, err
	}
	later, err = orZero(db.Get(ctx, s.d, db.One[int64], in+
		" AND (visible_from, article_id) > ($5, $6) ORDER BY visible_from, article_id LIMIT 1",
		l.Edition, l.Kind, l.Ref, now, at, a.ID))
	return earlier, later, err
}

func orZero(id int64, err error) (int64, error) {
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return id, err
}

// Part tells which of a list's articles one is, the oldest being 1, and how
// many there are. Both are 0 where there are more than most: counting a long
// list would cost more the longer it is.
func (s *Store) Part(ctx context.Context, l ListQuery, a Article, most int) (n, of int, err error) {
	of, err = s.Count(ctx, l, most)
	if err != nil || of == 0 {
		return 0, 0, err
	}
	n, err = db.Get(ctx, s.d, db.One[int], counted+" AND (visible_from, article_id) <= ($5, $6)) AS x",
		l.Edition, l.Kind, l.Ref, l.Now.UnixMilli(), a.VisibleFrom.UnixMilli(), a.ID)
	return n, of, err
}

const counted = "SELECT count(*) FROM (SELECT 1 FROM listing WHERE edition_id = $1 AND kind = $2 AND ref_id = $3 AND visible_from <= $4"

// Count is how many articles a list has at l.Now; 0 where there are more than
// most.
func (s *Store) Count(ctx context.Context, l ListQuery, most int) (int, error) {
	n, err := db.Get(ctx, s.d, db.One[int], counted+" LIMIT $5) AS x", l.Edition, l.Kind, l.Ref, l.Now.UnixMilli(), most+1)
	if n > most {
		n = 0
	}
	return n, err
}

// Oldest is when the oldest article of a list became visible; zero where the list
// has none at l.Now. It is one step in an index.
func (s *Store) Oldest(ctx context.Context, l ListQuery) (time.Time, error) {
	at, err := orZero(db.Get(ctx, s.d, db.One[int64], "SELECT visible_from FROM listing WHERE edition_id = $1 AND kind = $2 AND ref_id = $3"+
		" AND visible_from <= $4 ORDER BY visible_from, article_id LIMIT 1", l.Edition, l.Kind, l.Ref, l.Now.UnixMilli()))
	if err != nil || at == 0 {
		return time.Time{}, err
	}
	return instant(at), nil
}

// Shelves gives the topics (kind ListTopic) or contributors (ListAuthor) in
// whose list of an edition something stands at now, ascending by id. It skips
// from one to the next in an index, so it costs a step for each of them,
// however much they hold.
func (s *Store) Shelves(ctx context.Context, edition int64, kind int, now time.Time) ([]int64, error) {
	list, err := db.List(ctx, s.d, db.One[sql.NullInt64], `WITH RECURSIVE step(ref) AS (
  SELECT (SELECT l.ref_id FROM listing l WHERE l.edition_id = $1 AND l.kind = $2 AND l.visible_from <= $3 ORDER BY l.ref_id LIMIT 1)
  UNION ALL
  SELECT (SELECT l.ref_id FROM listing l WHERE l.edition_id = $1 AND l.kind = $2 AND l.ref_id > step.ref AND l.visible_from <= $3
    ORDER BY l.ref_id LIMIT 1)
  FROM step WHERE step.ref IS NOT NULL
) SELECT ref FROM step WHERE ref IS NOT NULL`, edition, kind, now.UnixMilli())
	out := make([]int64, 0, len(list))
	for _, id := range list {
		out = append(out, id.Int64)
	}
	return out, err
}

// ListRef is a list in which an article stands.
type ListRef struct {
	Kind int // ListEdition, ListTopic, ListAuthor
	ID   int64
}

// ListsOf are the lists in which an article stands.
func (s *Store) ListsOf(ctx context.Context, id int64) ([]ListRef, error) {
	return db.List(ctx, s.d, func(sc db.Scanner, l *ListRef) error { return sc.Scan(&l.Kind, &l.ID) },
		"SELECT kind, ref_id FROM listing WHERE article_id = $1 ORDER BY kind, ref_id", id)
}
