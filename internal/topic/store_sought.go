package topic

import (
	"context"

	"dateline/internal/db"
	"dateline/internal/stem"
)

// seekMany is how many names are folded in one transaction.
const seekMany = 500

// Seek folds the names that were stored by a version of the program that did not.
func (s *Store) Seek(ctx context.Context) error {
	type row struct {
		id         int64
		lang, name string
	}
	return s.d.Parts(ctx, db.Jobs, seekMany, func(tx *db.Tx) (int, error) {
		list, err := db.List(ctx, tx, func(sc db.Scanner, r *row) error { return sc.Scan(&r.id, &r.lang, &r.name) },
			"SELECT topic_id, lang, name FROM topic_name WHERE sought IS NULL LIMIT $1", seekMany)
		for _, r := range list {
			if _, err := tx.Exec(ctx, "UPDATE topic_name SET sought = $1 WHERE topic_id = $2 AND lang = $3", stem.Sought(r.name), r.id, r.lang); err != nil {
				return 0, err
			}
		}
		return len(list), err
	})
}
