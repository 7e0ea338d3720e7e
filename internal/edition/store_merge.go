package edition

import (
	"context"

	"dateline/internal/db"
)

// PlaceMerged has the editions of a place that became part of another be of that one.
func (s *Store) PlaceMerged(ctx context.Context, tx *db.Tx, from, into int64) error {
	n, err := tx.Exec(ctx, "UPDATE edition SET place_id = $1 WHERE place_id = $2", into, from)
	if n > 0 {
		tx.Changed("settings", "publication")
	}
	return err
}
