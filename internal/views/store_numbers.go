package views

import (
	"context"
	"slices"
	"strconv"
	"time"

	"dateline/internal/db"
)

// What the desk reads costs as much as was read in the hours that are asked for,
// however old and large the archive is.

// slot is how finely it is known what is read now, and keepSlots how long.
const (
	slot      = 5 * time.Minute
	keepSlots = 2 * time.Hour
)

// Slot is the number of an instant's span of minutes in view_slot.
func Slot(t time.Time) int64 { return t.Unix() / int64(slot/time.Second) }

// Read is how much an article was read.
type Read struct {
	Article int64
	N       int64
}

// mostRead is how many hours of articles are added up for a ranking at the desk.
const mostRead = 100_000

// within is a condition on the edition, if one is asked for, and its argument.
func within(column string, edition int64, args []any) (string, []any) {
	if edition == 0 {
		return "", args
	}
	args = append(args, edition)
	return " AND " + column + " = $" + strconv.Itoa(len(args)), args
}

// Top gives the articles that were read most in hours, those at from and before until;
// edition 0: of all. Where that is too much to add up, only the last of it is:
// since is the first hour that counts.
func (s *Store) Top(ctx context.Context, edition, from, until int64, now time.Time, limit int) (list []Read, since int64, err error) {
	cut, err := db.List(ctx, s.d, db.One[int64], "SELECT hour FROM view_hour WHERE hour >= $1 AND hour < $2 ORDER BY hour DESC LIMIT 1 OFFSET $3", from, until, mostRead)
	if err != nil {
		return nil, 0, err
	}
	since = from
	if len(cut) > 0 {
		since = cut[0] + 1
	}
	more, args := within("a.edition_id + 0", edition, []any{since, until, now.UnixMilli(), limit})
	list, err = db.List(ctx, s.d, scanRead, "SELECT a.id, g.n FROM (SELECT article_id, sum(n) AS n FROM view_hour WHERE hour >= $1 AND hour < $2 GROUP BY article_id) g"+
		" CROSS JOIN article_public a WHERE a.id = g.article_id AND a.visible_from <= $3"+more+" ORDER BY g.n DESC, a.visible_from DESC, a.id DESC LIMIT $4", args...)
	return list, since, err
}

// Now gives the articles that were read most in the last half hour, and how much was
// read then in all.
func (s *Store) Now(ctx context.Context, edition int64, now time.Time, limit int) (list []Read, all int64, err error) {
	more, args := within("a.edition_id + 0", edition, []any{Slot(now.Add(-30 * time.Minute)), Slot(now), now.UnixMilli()})
	const from = " FROM (SELECT article_id, sum(n) AS n FROM view_slot WHERE slot > $1 AND slot <= $2 GROUP BY article_id) g" +
		" CROSS JOIN article_public a WHERE a.id = g.article_id AND a.visible_from <= $3"
	if all, err = db.Get(ctx, s.d, db.One[int64], "SELECT coalesce(sum(g.n), 0)"+from+more, args...); err != nil || all == 0 {
		return nil, all, err
	}
	args = append(args, limit)
	list, err = db.List(ctx, s.d, scanRead, "SELECT a.id, g.n"+from+more+" ORDER BY g.n DESC, a.visible_from DESC, a.id DESC LIMIT $"+strconv.Itoa(len(args)), args...)
	return list, all, err
}

func scanRead(s db.Scanner, r *Read) error { return s.Scan(&r.Article, &r.N) }

// Hours gives how much was read in each hour at from and before until; those without
// reads are absent.
func (s *Store) Hours(ctx context.Context, edition, from, until int64) (map[int64]int64, error) {
	more, args := within("edition_id", edition, []any{from, until})
	rows, err := db.List(ctx, s.d, scanRead, "SELECT hour, sum(n) FROM view_source WHERE hour >= $1 AND hour < $2"+more+" GROUP BY hour", args...)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]int64, len(rows))
	for _, r := range rows {
		out[r.Article] = r.N
	}
	return out, nil
}

// HoursOf gives the same of articles, each by hour.
func (s *Store) HoursOf(ctx context.Context, ids []int64, from, until int64) (map[int64]map[int64]int64, error) {
	out := make(map[int64]map[int64]int64, len(ids))
	type row struct{ id, hour, n int64 }
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In([]any{from, until}, part)
		rows, err := db.List(ctx, s.d, func(s db.Scanner, r *row) error { return s.Scan(&r.id, &r.hour, &r.n) },
			"SELECT article_id, hour, n FROM view_hour WHERE hour >= $1 AND hour < $2 AND article_id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if out[r.id] == nil {
				out[r.id] = map[int64]int64{}
			}
			out[r.id][r.hour] = r.n
		}
	}
	return out, nil
}

// Came is how many came from a kind of site, or from one by name.
type Came struct {
	From string
	N    int64
}

// Sources gives from where readers came in hours, the most first.
func (s *Store) Sources(ctx context.Context, edition, from, until int64) ([]Came, error) {
	more, args := within("edition_id", edition, []any{from, until})
	return db.List(ctx, s.d, scanCame, "SELECT source, sum(n) FROM view_source WHERE hour >= $1 AND hour < $2"+more+
		" GROUP BY source ORDER BY sum(n) DESC, source", args...)
}

// Hosts gives the other sites by name, as far as they are named, the most first.
func (s *Store) Hosts(ctx context.Context, edition, from, until int64, limit int) ([]Came, error) {
	more, args := within("edition_id", edition, []any{from, until, limit})
	return db.List(ctx, s.d, scanCame, "SELECT host, sum(n) FROM view_host WHERE hour >= $1 AND hour < $2"+more+
		" GROUP BY host ORDER BY sum(n) DESC, host LIMIT $3", args...)
}

func scanCame(s db.Scanner, c *Came) error { return s.Scan(&c.From, &c.N) }

// Published counts the articles that readers have had since an instant, until another.
func (s *Store) Published(ctx context.Context, editions []int64, from, until time.Time) (n int64, err error) {
	for _, ed := range editions {
		one, err := db.Get(ctx, s.d, db.One[int64], "SELECT count(*) FROM listing_public WHERE edition_id = $1 AND kind = 0 AND ref_id = 0"+
			" AND visible_from >= $2 AND visible_from <= $3", ed, from.UnixMilli(), until.UnixMilli())
		if err != nil {
			return 0, err
		}
		n += one
	}
	return n, nil
}
