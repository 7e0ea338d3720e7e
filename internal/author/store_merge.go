package author

import (
	"context"
	"strconv"

	"dateline/internal/db"
	"dateline/internal/entity"
)

// EntityMerged has the page of a contributor who became part of another entity lead
// there. An entity that had no page gets this one, addresses and all.
func (s *Store) EntityMerged(ctx context.Context, tx *db.Tx, m entity.Merge) error {
	known, err := db.List(ctx, tx, db.One[int64], "SELECT entity_id FROM contributor WHERE entity_id IN ($1, $2)", m.From, m.Into)
	if err != nil || len(known) == 0 || len(known) == 1 && known[0] == m.Into {
		return err
	}
	tx.Changed("author:"+strconv.FormatInt(m.From, 10), "author:"+strconv.FormatInt(m.Into, 10))
	alone := len(known) == 1
	if alone {
		// The slug is one of a kind, so the row itself goes over.
		if _, err := tx.Exec(ctx, "INSERT INTO contributor (entity_id, publication_id, slug, portrait_id, url)"+
			" SELECT CAST($1 AS BIGINT), publication_id, slug || '-merged', portrait_id, url FROM contributor WHERE entity_id = $2", m.Into, m.From); err != nil {
			return err
		}
	} else if _, err := tx.Exec(ctx, "UPDATE contributor SET portrait_id = coalesce(portrait_id, (SELECT f.portrait_id FROM contributor f WHERE f.entity_id = $2)),"+
		" url = CASE WHEN url = '' THEN (SELECT f.url FROM contributor f WHERE f.entity_id = $2) ELSE url END WHERE entity_id = $1", m.Into, m.From); err != nil {
		return err
	}
	slug, err := db.Get(ctx, tx, db.One[string], "SELECT slug FROM contributor WHERE entity_id = $1", m.From)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE contributor_text SET entity_id = $1 WHERE entity_id = $2"+
		" AND lang NOT IN (SELECT lang FROM contributor_text WHERE entity_id = $1)", m.Into, m.From); err != nil {
		return err
	}
	for _, table := range []string{"contributor_text", "contributor"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE entity_id = $1", m.From); err != nil {
			return err
		}
	}
	if !alone {
		return s.addresses.Inherit(ctx, tx, "author", m.From, m.Into)
	}
	if _, err := tx.Exec(ctx, "UPDATE contributor SET slug = $2 WHERE entity_id = $1", m.Into, slug); err != nil {
		return err
	}
	return s.addresses.HandOver(ctx, tx, "author", m.From, m.Into)
}
