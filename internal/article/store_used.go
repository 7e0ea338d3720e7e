package article

import (
	"context"
	"slices"

	"dateline/internal/db"
	"dateline/internal/richtext"
)

// Used are the media that a text shows or links to, its lead picture first.
func (d Manuscript) Used() []int64 {
	var out []int64
	if d.Lead.ID != 0 {
		out = append(out, d.Lead.ID)
	}
	doc, err := richtext.Parse(d.Body)
	if err != nil {
		return out
	}
	_, media := doc.Refs()
	for _, id := range media {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// storeUsed keeps which media a text at work uses. Most saves change nothing of that.
func storeUsed(ctx context.Context, tx *db.Tx, id int64, used []int64) error {
	had, err := db.List(ctx, tx, db.One[int64], "SELECT media_id FROM working_media WHERE article_id = $1", id)
	if err != nil {
		return err
	}
	for _, m := range had {
		if slices.Contains(used, m) {
			continue
		}
		if _, err := tx.Exec(ctx, "DELETE FROM working_media WHERE article_id = $1 AND media_id = $2", id, m); err != nil {
			return err
		}
	}
	rows := tx.Bulk("working_media", "article_id, media_id", "ON CONFLICT DO NOTHING")
	for _, m := range used {
		if !slices.Contains(had, m) {
			rows.Add(id, m)
		}
	}
	return rows.Flush(ctx)
}

// Items gives articles by their ids, as the desk lists them, the one that was changed
// last first.
func (s *Store) Items(ctx context.Context, ids []int64) ([]Item, error) {
	var out []Item
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In(nil, part)
		list, err := db.List(ctx, s.d, scanItem, selectItem+"coalesce(w.changed_at, a.changed_at)"+itemsFrom+" WHERE a.id IN ("+in+")"+
			" ORDER BY coalesce(w.changed_at, a.changed_at) DESC, a.id DESC", args...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}
