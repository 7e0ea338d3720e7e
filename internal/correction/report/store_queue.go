package report

import (
	"context"
	"slices"
	"time"

	"dateline/internal/correction"
	"dateline/internal/db"
)

// place is a remark in the queue.
type place struct{ id, article int64 }

func scanPlace(sc db.Scanner, p *place) error { return sc.Scan(&p.id, &p.article) }

// orders are those of the queue: what most readers report first, or what waits longest;
// of what was decided the last first.
var orders = map[string]string{
	"voices": "state IN ('open', 'stale') ORDER BY voices DESC, id",
	"age":    "state IN ('open', 'stale') ORDER BY id",
	"done":   "state IN ('applied', 'refused') ORDER BY decided_at DESC, id DESC",
}

const mostQueue = 200

// queue are the remarks that readers' reports are, in an order.
func (s *Store) queue(ctx context.Context, order string) ([]correction.Remark, error) {
	list, err := db.List(ctx, s.d, scanPlace, "SELECT id, article_id FROM remark WHERE kind = 'report' AND "+orders[order]+" LIMIT $1", mostQueue)
	if err != nil {
		return nil, err
	}
	out := make([]correction.Remark, len(list))
	for i, p := range list {
		if out[i], err = s.remarks.Remark(ctx, s.d, p.article, p.id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// remark is one of the queue's.
func (s *Store) remark(ctx context.Context, q db.Querier, id int64) (correction.Remark, error) {
	p, err := db.Get(ctx, q, scanPlace, "SELECT id, article_id FROM remark WHERE kind = 'report' AND id = $1", id)
	if err != nil {
		return correction.Remark{}, err
	}
	return s.remarks.Remark(ctx, q, p.article, p.id)
}

// waits is how many wait, and since when.
func (s *Store) waits(ctx context.Context) (n int, since time.Time, err error) {
	type row struct {
		n  int
		at int64
	}
	r, err := db.Get(ctx, s.d, func(sc db.Scanner, r *row) error { return sc.Scan(&r.n, &r.at) },
		"SELECT count(*), coalesce(min(made_at), 0) FROM remark WHERE kind = 'report' AND state IN ('open', 'stale')")
	return r.n, time.UnixMilli(r.at).UTC(), err
}

// Figures are what readers report, in a time.
type Figures struct {
	Reports int           // that came in
	Settled int           // remarks that were decided
	Applied int           // of them
	Median  time.Duration // from the first report to the decision; 0: none was decided
}

// Figures counts since an instant.
func (s *Store) Figures(ctx context.Context, since time.Time) (f Figures, err error) {
	if f.Reports, err = db.Get(ctx, s.d, db.One[int], "SELECT count(*) FROM report WHERE made_at >= $1", since.UnixMilli()); err != nil {
		return f, err
	}
	type row struct {
		state     string
		made, end int64
	}
	rows, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error { return sc.Scan(&r.state, &r.made, &r.end) },
		"SELECT state, made_at, decided_at FROM remark WHERE kind = 'report' AND state IN ('applied', 'refused') AND decided_at >= $1 LIMIT 20000", since.UnixMilli())
	var took []time.Duration
	for _, r := range rows {
		f.Settled++
		if r.state == string(correction.Applied) {
			f.Applied++
		}
		took = append(took, time.Duration(r.end-r.made)*time.Millisecond)
	}
	if slices.Sort(took); len(took) > 0 {
		f.Median = took[len(took)/2]
	}
	return f, err
}
