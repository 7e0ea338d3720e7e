package views

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// add stores reads of an hour by article, there and in all, and what is known of
// others, if any. It names no change: numbers on kept pages are stamped by the cache
// itself.
func (s *Store) add(ctx context.Context, hour int64, n map[int64]int64, waited *aside) error {
	return s.d.Tx(ctx, db.Views, func(tx *db.Tx) error {
		total, hours := adds(tx, "view_total", "article_id", "counted"), adds(tx, "view_hour", "hour, article_id", "n")
		for _, id := range slices.Sorted(maps.Keys(n)) { // in order, or two nodes deadlock
			total.Add(id, n[id])
			hours.Add(hour, id, n[id])
		}
		into := []*db.Bulk{total, hours}
		if waited != nil {
			into = append(into, waited.in(tx)...)
		}
		for _, b := range into {
			if err := b.Flush(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// adds is what adds to the numbers n of a table, by its key.
func adds(tx *db.Tx, table, key, n string) *db.Bulk {
	return tx.Bulk(table, key+", "+n, "ON CONFLICT ("+key+") DO UPDATE SET "+n+" = "+table+"."+n+" + excluded."+n)
}

// in gives what is to be added to the tables of the charts, in order as well.
func (a *aside) in(tx *db.Tx) []*db.Bulk {
	slots, sources, hosts := adds(tx, "view_slot", "slot, article_id", "n"), adds(tx, "view_source", "hour, edition_id, source", "n"), adds(tx, "view_host", "hour, edition_id, host", "n")
	for _, k := range ordered(a.slots, cmp.Compare[int64]) {
		slots.Add(k.when, k.what, a.slots[k])
	}
	for _, k := range ordered(a.sources, func(x, y source) int {
		return cmp.Or(cmp.Compare(x.edition, y.edition), cmp.Compare(x.Source, y.Source))
	}) {
		sources.Add(k.when, k.what.edition, string(k.what.Source), a.sources[k])
	}
	for _, k := range ordered(a.sites, func(x, y site) int {
		return cmp.Or(cmp.Compare(x.edition, y.edition), cmp.Compare(x.host, y.host))
	}) {
		hosts.Add(k.when, k.what.edition, k.what.host, a.sites[k])
	}
	return []*db.Bulk{slots, sources, hosts}
}

func ordered[K comparable](of map[spot[K]]int64, compare func(x, y K) int) []spot[K] {
	return slices.SortedFunc(maps.Keys(of), func(x, y spot[K]) int {
		return cmp.Or(cmp.Compare(x.when, y.when), compare(x.what, y.what))
	})
}

// publicIn gives the edition of an article that everybody may read; fault NotFound
// for any other.
func (s *Store) publicIn(ctx context.Context, article int64, now time.Time) (edition int64, err error) {
	edition, err = db.Get(ctx, s.d, db.One[int64],
		"SELECT edition_id FROM article_public WHERE id = $1 AND visible_from <= $2", article, now.UnixMilli())
	if fault.Is(err, fault.NotFound) {
		return 0, fault.New(fault.NotFound, "article %d is not public", article)
	}
	return edition, err
}

// forget drops what is kept for what is read now and no longer is.
func (s *Store) forget(ctx context.Context, now time.Time) error {
	return s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM view_slot WHERE slot < $1", Slot(now.Add(-keepSlots)))
		return err
	})
}
