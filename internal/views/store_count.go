package views

import (
	"context"
	"maps"
	"slices"
	"time"

	"dateline/internal/db"
)

// add stores reads by article, in the hour and in all. It names no change:
// numbers on kept pages are stamped by the cache itself.
func (s *Store) add(ctx context.Context, hour int64, n map[int64]int64) error {
	return s.d.Tx(ctx, db.Views, func(tx *db.Tx) error {
		total := tx.Bulk("view_total", "article_id, counted",
			"ON CONFLICT (article_id) DO UPDATE SET counted = view_total.counted + excluded.counted")
		hours := tx.Bulk("view_hour", "hour, article_id, n",
			"ON CONFLICT (hour, article_id) DO UPDATE SET n = view_hour.n + excluded.n")
		for _, id := range slices.Sorted(maps.Keys(n)) { // in order, or two nodes deadlock
			total.Add(id, n[id])
			hours.Add(hour, id, n[id])
		}
		if err := total.Flush(ctx); err != nil {
			return err
		}
		return hours.Flush(ctx)
	})
}

// isPublic reports whether everybody may read an article.
func (s *Store) isPublic(ctx context.Context, article int64, now time.Time) (bool, error) {
	n, err := db.Get(ctx, s.d, db.One[int],
		"SELECT count(*) FROM article_public WHERE id = $1 AND visible_from <= $2", article, now.UnixMilli())
	return n > 0, err
}
