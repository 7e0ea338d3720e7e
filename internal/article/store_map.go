package article

import (
	"context"
	"slices"
	"strconv"
	"time"

	"dateline/internal/db"
)

// Place is where an article of a story stands.
type Place struct {
	ID, Story, Edition int64
	Path               string // without the edition's prefix
	Hidden             bool   // kept from search engines
}

// TranslationsOf reads where the public articles of stories stand, by story,
// in the order of Translations.
func (s *Store) TranslationsOf(ctx context.Context, stories []int64, now time.Time) (map[int64][]Place, error) {
	out := make(map[int64][]Place, len(stories))
	for part := range slices.Chunk(stories, perQuery) {
		in, args := db.In([]any{now.UnixMilli()}, part)
		rows, err := db.List(ctx, s.d, func(sc db.Scanner, p *Place) error { return sc.Scan(&p.ID, &p.Story, &p.Edition, &p.Path, &p.Hidden) },
			"SELECT id, story_id, edition_id, path, hidden FROM article_public WHERE visible_from <= $1 AND story_id IN ("+in+") ORDER BY story_id, edition_id, id", args...)
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			out[p.Story] = append(out[p.Story], p)
		}
	}
	return out, nil
}

// Newest gives, for those lists of an edition that have articles at now, when
// the newest became visible. kind is of the lists, refs are topics or
// contributors. It costs a look into an index for each.
func (s *Store) Newest(ctx context.Context, edition int64, kind int, refs []int64, now time.Time) (map[int64]time.Time, error) {
	type row struct{ ref, at int64 }
	out := make(map[int64]time.Time, len(refs))
	const most = 100 // terms of one statement
	for part := range slices.Chunk(refs, most) {
		query, args := "", []any{edition, kind, now.UnixMilli()}
		for i, ref := range part {
			if i > 0 {
				query += " UNION ALL "
			}
			n := strconv.Itoa(i + 4)
			query += "SELECT * FROM (SELECT ref_id, visible_from FROM listing WHERE edition_id = $1 AND kind = $2 AND ref_id = $" + n +
				" AND visible_from <= $3 ORDER BY visible_from DESC LIMIT 1) AS l" + n
			args = append(args, ref)
		}
		rows, err := db.List(ctx, s.d, func(sc db.Scanner, r *row) error { return sc.Scan(&r.ref, &r.at) }, query, args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ref] = instant(r.at)
		}
	}
	return out, nil
}

// Change tells that something of a day of an edition changed for readers.
type Change struct {
	Edition int64
	Day     int
	At      time.Time
}

// LastChanges reads the last changes of what is public, and of what was and
// was withdrawn, at most limit of each; the newest first of each.
func (s *Store) LastChanges(ctx context.Context, publication int64, now time.Time, limit int) ([]Change, error) {
	var out []Change
	for _, from := range []string{"article_public WHERE", "article WHERE state = 'withdrawn' AND live_revision_id IS NOT NULL AND"} {
		rows, err := db.List(ctx, s.d, func(sc db.Scanner, c *Change) error {
			var from, changed int64
			err := sc.Scan(&c.Edition, &c.Day, &from, &changed)
			c.At = instant(max(from, changed))
			return err
		}, "SELECT edition_id, day, visible_from, changed_at FROM "+from+" publication_id = $1 AND kind = 'article' AND visible_from <= $2"+
			" ORDER BY changed_at DESC LIMIT $3", publication, now.UnixMilli(), limit)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}
