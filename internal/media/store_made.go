package media

import (
	"context"
	"strconv"
	"strings"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// made is a file that was made of another, or why it could not be.
type made struct {
	Blob    string // key in the file store; "" with Failure
	Mime    string
	Bytes   int64
	Failure string // for the log; "" it is there
	At      int64  // milliseconds since 1970 UTC
}

// found is what is known of a recipe; fault NotFound when it was never made.
// A source that cannot be read fails for all of its recipes.
func (s *Store) found(ctx context.Context, source, recipe string) (made, error) {
	list, err := db.List(ctx, s.d, func(r db.Scanner, m *made) error {
		return r.Scan(&m.Blob, &m.Mime, &m.Bytes, &m.Failure, &m.At)
	}, "SELECT blob, mime, bytes, failure, made_at FROM rendition WHERE source = $1 AND recipe IN ($2, $3) ORDER BY failure", source, recipe, unreadable)
	if err != nil {
		return made{}, err
	}
	if len(list) == 0 {
		return made{}, fault.New(fault.NotFound, "nothing was made of %s by %q yet", source, recipe)
	}
	return list[0], nil
}

// keep stores what was made.
func (s *Store) keep(ctx context.Context, source, recipe string, m made) error {
	return s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO rendition (source, recipe, blob, mime, bytes, failure, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"+
			" ON CONFLICT (source, recipe) DO UPDATE SET blob = excluded.blob, mime = excluded.mime, bytes = excluded.bytes,"+
			" failure = excluded.failure, made_at = excluded.made_at", source, recipe, m.Blob, m.Mime, m.Bytes, m.Failure, m.At)
		tx.Changed(drawnTag(source, recipe))
		return err
	})
}

// drawnTag names what is known of a recipe, for those whose answer says it.
func drawnTag(source, recipe string) string {
	return "drawn:" + source + "/" + strings.ReplaceAll(recipe, " ", "-")
}

// colour gives the publication's media of this content their colour, where
// they have none.
func (s *Store) colour(ctx context.Context, m Media, colour string) error {
	return s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
		ids, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM media WHERE publication_id = (SELECT publication_id FROM media WHERE id = $1)"+
			" AND sha256 = $2 AND colour = ''", m.ID, m.SHA256)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if _, err := tx.Exec(ctx, "UPDATE media SET colour = $2 WHERE id = $1", id, colour); err != nil {
				return err
			}
			tx.Changed("media:" + strconv.FormatInt(id, 10))
		}
		return nil
	})
}

// forget drops what is known of a file that is not there any more.
func (s *Store) forget(ctx context.Context, source string, m made) error {
	return s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
		gone, err := db.List(ctx, tx, db.One[string], "DELETE FROM rendition WHERE source = $1 AND blob = $2 RETURNING recipe", source, m.Blob)
		for _, recipe := range gone {
			tx.Changed(drawnTag(source, recipe))
		}
		return err
	})
}
