package address

import (
	"context"

	"dateline/internal/db"
)

// Inherit gives every address that one thing has or had to another of its kind, as
// addresses that lead to it: those of older systems, too.
func (s *Store) Inherit(ctx context.Context, tx *db.Tx, kind string, from, to int64) error {
	if _, err := tx.Exec(ctx, "UPDATE address SET current = $1 WHERE kind = $2 AND ref_id = $3", false, kind, from); err != nil {
		return err
	}
	return s.HandOver(ctx, tx, kind, from, to)
}

// HandOver gives a thing that has no address those of another, as they are.
func (s *Store) HandOver(ctx context.Context, tx *db.Tx, kind string, from, to int64) error {
	if _, err := tx.Exec(ctx, "UPDATE address SET ref_id = $1 WHERE kind = $2 AND ref_id = $3", to, kind, from); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "UPDATE redirect SET ref_id = $1 WHERE kind = $2 AND ref_id = $3", to, kind, from)
	if n > 0 {
		tx.Changed("redirects")
	}
	return err
}
