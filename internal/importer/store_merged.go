package importer

import (
	"context"

	"dateline/internal/db"
)

// Merged has what an import made, and the newsroom has merged since, lead to what it
// is part of now, so that another run makes it no second time. kind is "term" or
// "author".
func Merged(ctx context.Context, tx *db.Tx, kind string, from, into int64) error {
	_, err := tx.Exec(ctx, "UPDATE import_item SET ref_id = $1 WHERE kind = $2 AND ref_id = $3", into, kind, from)
	return err
}
