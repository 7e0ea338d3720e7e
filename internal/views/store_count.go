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

// add stores reads: by article, in the hour, in the minutes and in all, and from where
// they came. It names no change: numbers on kept pages are stamped by the cache itself.
func (s *Store) add(ctx context.Context, now time.Time, b *batch) error {
	hour, slot := Hour(now), Slot(now)
	return s.d.Tx(ctx, db.Views, func(tx *db.Tx) error {
		adds := func(table, key, n string) *db.Bulk {
			return tx.Bulk(table, key+", "+n, "ON CONFLICT ("+key+") DO UPDATE SET "+n+" = "+table+"."+n+" + excluded."+n)
		}
		total, hours, slots := adds("view_total", "article_id", "counted"), adds("view_hour", "hour, article_id", "n"), adds("view_slot", "slot, article_id", "n")
		for _, id := range slices.Sorted(maps.Keys(b.n)) { // in order, or two nodes deadlock
			total.Add(id, b.n[id])
			hours.Add(hour, id, b.n[id])
			slots.Add(slot, id, b.n[id])
		}
		sources, hosts := adds("view_source", "hour, edition_id, source", "n"), adds("view_host", "hour, edition_id, host", "n")
		for _, k := range slices.SortedFunc(maps.Keys(b.sources), func(x, y source) int {
			return cmp.Or(cmp.Compare(x.edition, y.edition), cmp.Compare(x.Source, y.Source))
		}) {
			sources.Add(hour, k.edition, string(k.Source), b.sources[k])
		}
		for _, k := range slices.SortedFunc(maps.Keys(b.sites), func(x, y site) int {
			return cmp.Or(cmp.Compare(x.edition, y.edition), cmp.Compare(x.host, y.host))
		}) {
			hosts.Add(hour, k.edition, k.host, b.sites[k])
		}
		for _, into := range []*db.Bulk{total, hours, slots, sources, hosts} {
			if err := into.Flush(ctx); err != nil {
				return err
			}
		}
		return nil
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
