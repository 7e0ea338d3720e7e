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

// Window is how far back a ranking of the most read looks.
type Window string

// The windows, shortest first.
const (
	Day   Window = "day"
	Week  Window = "week"
	Month Window = "month"
	Ever  Window = "all" // what an import brought, too
)

// What a ranking may look at, so that it costs the same in an archive of any
// age: a window that has more hours of articles in it is not added up (only an
// edition hardly read, beside one read much, comes there), and of all time only
// what was read latest, what an older system had counted most in all editions,
// and an edition's newest are compared.
const (
	mostHours = 50_000
	mostEver  = 1000
	mostNew   = 500
)

// MostRead gives the articles of an edition, visible at now, that were read
// most within the shortest window that has as many as limit, or all that were
// ever read where those are fewer. The never read are left out.
func (s *Store) MostRead(ctx context.Context, editionID int64, now time.Time, limit int) (best []int64, w Window, err error) {
	for _, within := range []struct {
		Window
		days int
	}{{Day, 1}, {Week, 7}, {Month, 30}, {Ever, 0}} {
		since := Hour(now.AddDate(0, 0, -within.days))
		var ids []int64
		switch within.Window {
		case Ever:
			ids, err = s.mostEver(ctx, editionID, now, limit)
		case Day:
			ids, err = s.mostSince(ctx, editionID, since, now, limit)
		default:
			var n int
			n, err = db.Get(ctx, s.d, db.One[int], "SELECT count(*) FROM (SELECT 1 FROM view_hour WHERE hour >= $1 AND hour <= $2 LIMIT $3) x",
				since, Hour(now), mostHours)
			if err == nil && n < mostHours {
				ids, err = s.mostSince(ctx, editionID, since, now, limit)
			}
		}
		if err != nil {
			return nil, "", err
		}
		if len(ids) > len(best) {
			best, w = ids, within.Window
		}
		if len(best) == limit {
			break
		}
	}
	return best, w, nil
}

func (s *Store) mostSince(ctx context.Context, editionID, hour int64, now time.Time, limit int) ([]int64, error) {
	// A join's order is the planner's, but CROSS JOIN's on SQLite is as written: it
	// would begin with all of an edition's articles.
	return db.List(ctx, s.d, db.One[int64],
		"SELECT a.id FROM view_hour v CROSS JOIN article_public a"+
			" WHERE a.id = v.article_id AND v.hour >= $1 AND v.hour <= $2 AND a.edition_id + 0 = $3 AND a.kind = 'article' AND a.visible_from <= $4"+
			" GROUP BY a.id, a.visible_from ORDER BY sum(v.n) DESC, a.visible_from DESC, a.id DESC LIMIT $5",
		hour, Hour(now), editionID, now.UnixMilli(), limit)
}

func (s *Store) mostEver(ctx context.Context, editionID int64, now time.Time, limit int) ([]int64, error) {
	return db.List(ctx, s.d, db.One[int64],
		"SELECT a.id FROM (SELECT article_id FROM (SELECT article_id FROM view_total ORDER BY base DESC LIMIT $1) m"+
			" UNION SELECT article_id FROM (SELECT article_id FROM view_hour WHERE hour <= $7 ORDER BY hour DESC LIMIT $6) h"+
			" UNION SELECT article_id FROM (SELECT article_id FROM listing_public WHERE edition_id = $2 AND kind = 0 AND ref_id = 0 AND visible_from <= $3"+
			" ORDER BY visible_from DESC, article_id DESC LIMIT $4) n) c"+
			" CROSS JOIN view_total t CROSS JOIN article_public a"+
			" WHERE t.article_id = c.article_id AND a.id = c.article_id AND t.base + t.counted > 0"+
			" AND a.edition_id + 0 = $2 AND a.kind = 'article' AND a.visible_from <= $3"+
			" ORDER BY t.base + t.counted DESC, a.visible_from DESC, a.id DESC LIMIT $5",
		mostEver, editionID, now.UnixMilli(), mostNew, limit, mostHours, Hour(now))
}
