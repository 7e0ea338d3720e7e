package user

import (
	"context"

	"dateline/internal/db"
)

// BylineMerged has the accounts whose by-line became part of another bear that one.
func (s *Store) BylineMerged(ctx context.Context, tx *db.Tx, from, into int64) error {
	_, err := tx.Exec(ctx, "UPDATE staff SET entity_id = $1 WHERE entity_id = $2", into, from)
	return err
}
