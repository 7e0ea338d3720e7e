package views

import (
	"context"
	"maps"
	"slices"
	"time"

	"dateline/internal/db"
)

// Store keeps the numbers.
type Store struct{ d *db.DB }

// New gives the store of d.
func New(d *db.DB) *Store { return &Store{d: d} }

// Hour is the number of an instant's hour in view_hour: hours since 1970 UTC.
func Hour(t time.Time) int64 { return t.Unix() / 3600 }

// Total gives the reads of articles, imported and counted; an article that was
// never read is absent (0).
func (s *Store) Total(ctx context.Context, ids []int64) (map[int64]int64, error) {
	return s.numbers(ctx, "base + counted", ids)
}

// Base gives what imports brought of the reads of articles, as Total does.
func (s *Store) Base(ctx context.Context, ids []int64) (map[int64]int64, error) {
	return s.numbers(ctx, "base", ids)
}

func (s *Store) numbers(ctx context.Context, what string, ids []int64) (map[int64]int64, error) {
	type row struct{ id, n int64 }
	out := make(map[int64]int64, len(ids))
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In(nil, part)
		rows, err := db.List(ctx, s.d, func(s db.Scanner, r *row) error { return s.Scan(&r.id, &r.n) },
			"SELECT article_id, "+what+" FROM view_total WHERE article_id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.id] = r.n
		}
	}
	return out, nil
}

// SetBase stores the numbers that an import brought, by article. A base only
// grows: a reader's number never goes backwards, and an older export that is
// imported again must not make it.
func (s *Store) SetBase(ctx context.Context, tx *db.Tx, base map[int64]int64) error {
	b := tx.Bulk("view_total", "article_id, base", "ON CONFLICT (article_id) DO UPDATE SET base ="+
		" CASE WHEN excluded.base > view_total.base THEN excluded.base ELSE view_total.base END")
	for _, id := range slices.Sorted(maps.Keys(base)) { // in order, or two imports deadlock
		b.Add(id, base[id])
	}
	return b.Flush(ctx)
}

// recent is how many of an edition's newest articles stand in for "read now"
// when nobody has read anything yet. Ordering a whole archive by its totals
// would cost more the older the newsroom is.
const recent = 500

// MostRead gives the articles of an edition, visible at now, that were read
// most from since on; at most limit. When none was, inWindow is false and they
// are those of the newest with the greatest totals; the never read are left out.
func (s *Store) MostRead(ctx context.Context, editionID int64, since, now time.Time, limit int) (ids []int64, inWindow bool, err error) {
	// A join's order is the planner's, but CROSS JOIN's on SQLite is as written: it
	// would begin with all of an edition's articles.
	ids, err = db.List(ctx, s.d, db.One[int64],
		"SELECT a.id FROM view_hour v CROSS JOIN article_public a"+
			" WHERE a.id = v.article_id AND v.hour >= $1 AND v.hour <= $2 AND a.edition_id + 0 = $3 AND a.kind = 'article' AND a.visible_from <= $4"+
			" GROUP BY a.id, a.visible_from ORDER BY sum(v.n) DESC, a.visible_from DESC, a.id DESC LIMIT $5",
		Hour(since), Hour(now), editionID, now.UnixMilli(), limit)
	if err != nil || len(ids) > 0 {
		return ids, true, err
	}
	ids, err = db.List(ctx, s.d, db.One[int64],
		"SELECT n.article_id FROM (SELECT article_id, visible_from FROM listing_public"+
			" WHERE edition_id = $1 AND kind = 0 AND ref_id = $2 AND visible_from <= $3"+
			" ORDER BY visible_from DESC, article_id DESC LIMIT $4) n JOIN view_total t ON t.article_id = n.article_id"+
			" WHERE t.base + t.counted > 0 ORDER BY t.base + t.counted DESC, n.visible_from DESC, n.article_id DESC LIMIT $5",
		editionID, 0, now.UnixMilli(), recent, limit)
	return ids, false, err
}
