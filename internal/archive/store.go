package archive

import (
	"context"
	"database/sql"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Store reads the calendar.
type Store struct{ d *db.DB }

// New gives the store of d.
func New(d *db.DB) *Store { return &Store{d: d} }

// days skips from one day with articles to the next through the index: at
// most one step for each day of the span, however many articles there are.
const days = `WITH RECURSIVE step(day) AS (
  SELECT (SELECT l.day FROM listing_day_public l WHERE l.edition_id = $1 AND l.day >= $2 AND l.day <= $3
    AND l.visible_from <= $4 ORDER BY l.day LIMIT 1)
  UNION ALL
  SELECT (SELECT l.day FROM listing_day_public l WHERE l.edition_id = $1 AND l.day > step.day AND l.day <= $3
    AND l.visible_from <= $4 ORDER BY l.day LIMIT 1)
  FROM step WHERE step.day IS NOT NULL
) SELECT day FROM step WHERE day IS NOT NULL`

// Days gives the days from one to another, as yyyymmdd, that have articles,
// ascending: a step in an index for each.
func (s *Store) Days(ctx context.Context, edition int64, from, to int, now time.Time) ([]int, error) {
	return db.List(ctx, s.d, db.One[int], days, edition, from, to, now.UnixMilli())
}

// Month reads a month.
func (s *Store) Month(ctx context.Context, edition int64, y int, m time.Month, now time.Time) (Month, error) {
	out := Month{Year: y, Month: m}
	list, err := db.List(ctx, s.d, db.One[int], days, edition, Date(y, m, 1), monthEnd(y, m), now.UnixMilli())
	if err != nil {
		return out, err
	}
	for _, day := range list {
		out.Days = append(out.Days, day%100)
	}
	if out.Prev, err = s.before(ctx, edition, Date(y, m, 1), now); err != nil {
		return out, err
	}
	out.Next, err = s.after(ctx, edition, monthEnd(y, m), now)
	return out, err
}

// months skips from month to month.
const months = `WITH RECURSIVE step(day) AS (
  SELECT (SELECT l.day FROM listing_day_public l WHERE l.edition_id = $1 AND l.day >= $2 AND l.day <= $3
    AND l.visible_from <= $4 ORDER BY l.day LIMIT 1)
  UNION ALL
  SELECT (SELECT l.day FROM listing_day_public l WHERE l.edition_id = $1 AND l.day > step.day - step.day % 100 + 31
    AND l.day <= $3 AND l.visible_from <= $4 ORDER BY l.day LIMIT 1)
  FROM step WHERE step.day IS NOT NULL
) SELECT day FROM step WHERE day IS NOT NULL`

// Year reads a year.
func (s *Store) Year(ctx context.Context, edition int64, y int, now time.Time) (Year, error) {
	out := Year{Year: y}
	list, err := db.List(ctx, s.d, db.One[int], months, edition, Date(y, 1, 1), Date(y, 12, 31), now.UnixMilli())
	if err != nil {
		return out, err
	}
	for _, day := range list {
		_, m, _ := Split(day)
		out.Months = append(out.Months, m)
	}
	prev, err := s.before(ctx, edition, Date(y, 1, 1), now)
	if err != nil {
		return out, err
	}
	next, err := s.after(ctx, edition, Date(y, 12, 31), now)
	out.Prev, out.Next = prev/10000, next/10000
	return out, err
}

// Around gives the nearest days with articles before and after a day.
func (s *Store) Around(ctx context.Context, edition int64, day int, now time.Time) (prev, next int, err error) {
	if prev, err = s.before(ctx, edition, day, now); err != nil {
		return 0, 0, err
	}
	next, err = s.after(ctx, edition, day, now)
	return prev, next, err
}

// Newest is the newest day with articles, 0 when there is none; Oldest the
// first one.
func (s *Store) Newest(ctx context.Context, edition int64, now time.Time) (int, error) {
	return s.before(ctx, edition, 99999999, now)
}

// Oldest is the first day with articles, 0 when there is none.
func (s *Store) Oldest(ctx context.Context, edition int64, now time.Time) (int, error) {
	return s.after(ctx, edition, 0, now)
}

func (s *Store) before(ctx context.Context, edition int64, day int, now time.Time) (int, error) {
	return s.one(ctx, "SELECT day FROM listing_day_public WHERE edition_id = $1 AND day < $2 AND visible_from <= $3 ORDER BY day DESC LIMIT 1",
		edition, day, now.UnixMilli())
}

func (s *Store) after(ctx context.Context, edition int64, day int, now time.Time) (int, error) {
	return s.one(ctx, "SELECT day FROM listing_day_public WHERE edition_id = $1 AND day > $2 AND visible_from <= $3 ORDER BY day LIMIT 1",
		edition, day, now.UnixMilli())
}

func (s *Store) one(ctx context.Context, query string, args ...any) (int, error) {
	day, err := db.Get(ctx, s.d, db.One[int], query, args...)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return day, err
}

// Articles gives the ids of the articles of a span of days (both ends
// included), newest day first, and whether there are more.
func (s *Store) Articles(ctx context.Context, edition int64, from, to int, now time.Time, skip, limit int) ([]int64, bool, error) {
	ids, err := db.List(ctx, s.d, db.One[int64],
		"SELECT article_id FROM listing_day_public WHERE edition_id = $1 AND day >= $2 AND day <= $3 AND visible_from <= $4"+
			" ORDER BY day DESC, visible_from DESC, article_id DESC LIMIT $5 OFFSET $6",
		edition, from, to, now.UnixMilli(), limit+1, skip)
	if len(ids) > limit {
		return ids[:limit], true, err
	}
	return ids, false, err
}

// Any reports whether a span of days (both ends included) has an article: one
// step in an index.
func (s *Store) Any(ctx context.Context, edition int64, from, to int, now time.Time) (bool, error) {
	day, err := s.after(ctx, edition, from-1, now)
	return day != 0 && day <= to, err
}

// NextChange is the first instant after now at which the clock alone adds an
// article to the calendar; zero when nothing is scheduled.
func (s *Store) NextChange(ctx context.Context, edition int64, now time.Time) (time.Time, error) {
	ms, err := db.Get(ctx, s.d, db.One[sql.NullInt64],
		"SELECT min(visible_from) FROM listing_public WHERE edition_id = $1 AND kind = 0 AND ref_id = 0 AND visible_from > $2",
		edition, now.UnixMilli())
	if err != nil || !ms.Valid {
		return time.Time{}, err
	}
	return time.UnixMilli(ms.Int64).UTC(), nil
}
