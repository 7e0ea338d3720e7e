package article

import (
	"context"
	"slices"

	"dateline/internal/db"
)

// guids notes what older systems called the articles. The first name stays:
// with it they may have been in feeds.
func (b *batch) guids(ctx context.Context) error {
	rows := b.tx.Bulk("article_guid", "article_id, guid", "ON CONFLICT (article_id) DO NOTHING")
	for i, e := range b.edits {
		if e.GUID != "" {
			rows.Add(b.saved[i].ID, e.GUID)
		}
	}
	return rows.Flush(ctx)
}

// GUIDs gives what older systems called those articles that came from one.
func (s *Store) GUIDs(ctx context.Context, ids []int64) (map[int64]string, error) {
	type row struct {
		id   int64
		guid string
	}
	out := map[int64]string{}
	for part := range slices.Chunk(ids, perQuery) {
		in, args := db.In(nil, part)
		rows, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error { return sc.Scan(&r.id, &r.guid) },
			"SELECT article_id, guid FROM article_guid WHERE article_id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.id] = r.guid
		}
	}
	return out, nil
}
