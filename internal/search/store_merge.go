package search

import (
	"context"
	"slices"
	"time"

	"dateline/internal/db"
)

// partEditions reads which editions have parts.
func partEditions(ctx context.Context, q db.Querier) ([]int64, error) {
	return db.List(ctx, q, db.One[int64], "SELECT DISTINCT edition_id FROM search_part WHERE state = 'live' ORDER BY edition_id")
}

// rowsAfter reads a part's rows in the order of terms.
func (s *Store) rowsAfter(ctx context.Context, part int64, term string, low int64, limit int) ([]row, error) {
	return db.List(ctx, s.d, func(sc db.Scanner, r *row) error { return sc.Scan(&r.term, &r.low, &r.posts, &r.places) },
		"SELECT term, low, posts, places FROM search_post WHERE part = $1 AND (term, low) > ($2, $3) ORDER BY term, low LIMIT $4",
		part, term, low, limit)
}

// replaceParts makes a merged part live and those it was made of dead, and
// forgets what had gone out of them.
func replaceParts(ctx context.Context, tx *db.Tx, into int64, docs int, parts []part, left map[int64]bool, now time.Time) error {
	if _, err := tx.Exec(ctx, "UPDATE search_part SET state = 'live', docs = $2, at = $3 WHERE id = $1", into, docs, now.UnixMilli()); err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := tx.Exec(ctx, "UPDATE search_part SET state = 'dead', at = $2 WHERE id = $1", p.id, now.UnixMilli()); err != nil {
			return err
		}
	}
	var gone []int64
	for d := range left {
		gone = append(gone, d)
	}
	slices.Sort(gone)
	for chunk := range slices.Chunk(gone, perQuery) {
		in, args := db.In(nil, chunk)
		if _, err := tx.Exec(ctx, "DELETE FROM search_gone WHERE doc IN ("+in+")", args...); err != nil {
			return err
		}
	}
	return nil
}

// deadParts reads parts that nobody reads any more. A part that is being made
// belongs to a merge that broke off: merges are made by one process at a time,
// and by this one not now.
func deadParts(ctx context.Context, q db.Querier, before time.Time) ([]int64, error) {
	return db.List(ctx, q, db.One[int64], "SELECT id FROM search_part WHERE state = 'making' OR state = 'dead' AND at < $1 ORDER BY id", before.UnixMilli())
}

// removeSome deletes some rows of a part, and with the last of them the part.
func removeSome(ctx context.Context, tx *db.Tx, part int64, limit int) (more bool, err error) {
	list, err := db.List(ctx, tx, db.One[string], "SELECT term FROM search_post WHERE part = $1 ORDER BY term LIMIT $2", part, limit)
	if err != nil {
		return false, err
	}
	if len(list) > 0 {
		_, err = tx.Exec(ctx, "DELETE FROM search_post WHERE part = $1 AND term <= $2", part, list[len(list)-1])
		return true, err
	}
	_, err = tx.Exec(ctx, "DELETE FROM search_part WHERE id = $1", part)
	return false, err
}
