package views

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"dateline/internal/db"
)

// Past is what was read of an article in an hour that has gone by.
type Past struct {
	Article, Edition int64
	Hour             int64
	N                int64
	Source           Source
}

// Remember tells of hours that were not counted here. What they have is taken from what
// was known of an article without its hours, its base: readers are shown the same
// numbers as before.
func (s *Store) Remember(ctx context.Context, tx *db.Tx, list []Past) error {
	hours, sources, totals := map[[2]int64]int64{}, map[[2]int64]map[Source]int64{}, map[int64]int64{}
	for _, p := range list {
		hours[[2]int64{p.Hour, p.Article}] += p.N
		of := [2]int64{p.Hour, p.Edition}
		if sources[of] == nil {
			sources[of] = map[Source]int64{}
		}
		sources[of][p.Source] += p.N
		totals[p.Article] += p.N
	}
	byPair := func(a, b [2]int64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }
	into := adds(tx, "view_hour", "hour, article_id", "n")
	for _, k := range slices.SortedFunc(maps.Keys(hours), byPair) {
		into.Add(k[0], k[1], hours[k])
	}
	if err := into.Flush(ctx); err != nil {
		return err
	}
	into = adds(tx, "view_source", "hour, edition_id, source", "n")
	for _, k := range slices.SortedFunc(maps.Keys(sources), byPair) {
		for _, source := range Sources() {
			if n := sources[k][source]; n > 0 {
				into.Add(k[0], k[1], string(source), n)
			}
		}
	}
	if err := into.Flush(ctx); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(totals)) { // in order, or two nodes deadlock
		if _, err := tx.Exec(ctx, "UPDATE view_total SET counted = counted + $1, base = CASE WHEN base > $1 THEN base - $1 ELSE 0 END WHERE article_id = $2", totals[id], id); err != nil {
			return err
		}
	}
	return nil
}
