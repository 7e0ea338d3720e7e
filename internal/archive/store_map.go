package archive

import (
	"context"
	"time"

	"dateline/internal/db"
)

// Months gives every month of an edition that has articles, as yyyymm,
// ascending. It skips through the index from month to month.
func (s *Store) Months(ctx context.Context, edition int64, now time.Time) ([]int, error) {
	list, err := db.List(ctx, s.d, db.One[int], months, edition, 0, 99999999, now.UnixMilli())
	for i := range list {
		list[i] /= 100
	}
	return list, err
}

// Count is how many articles a span of days has (both ends included). It
// counts rows of an index.
func (s *Store) Count(ctx context.Context, edition int64, from, to int, now time.Time) (int, error) {
	return db.Get(ctx, s.d, db.One[int], "SELECT count(*) FROM listing_day_public WHERE edition_id = $1 AND day >= $2 AND day <= $3 AND visible_from <= $4",
		edition, from, to, now.UnixMilli())
}

// Ascending gives the ids of the articles of a span of days (both ends
// included), oldest first: what is added later does not move what is there.
func (s *Store) Ascending(ctx context.Context, edition int64, from, to int, now time.Time, skip, limit int) ([]int64, error) {
	return db.List(ctx, s.d, db.One[int64],
		"SELECT article_id FROM listing_day_public WHERE edition_id = $1 AND day >= $2 AND day <= $3 AND visible_from <= $4"+
			" ORDER BY day, visible_from, article_id LIMIT $5 OFFSET $6",
		edition, from, to, now.UnixMilli(), limit, skip)
}
