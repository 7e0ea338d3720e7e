package article

import (
	"context"
	"strings"

	"dateline/internal/db"
	"dateline/internal/stem"
)

// sought is the condition that an article's headline, or the one it is to have, holds
// each word of a text, upper and lower case alike on both engines.
func sought(text string, arg func(any) string) string {
	words := strings.Fields(stem.Sought(text))
	if len(words) == 0 {
		return "1 = 0"
	}
	var all []string
	for _, w := range words {
		p := arg("%" + w + "%")
		all = append(all, "(headline LIKE "+p+" OR working LIKE "+p+")")
	}
	return "a.id IN (SELECT article_id FROM article_sought WHERE " + strings.Join(all, " AND ") + ")"
}

const soughtHeadline = "ON CONFLICT (article_id) DO UPDATE SET headline = excluded.headline"

// seek keeps by what the articles' headlines are found.
func (b *batch) seek(ctx context.Context) error {
	rows := b.tx.Bulk("article_sought", "article_id, headline", soughtHeadline)
	last := map[int64]int{} // PostgreSQL does not write a row twice in one statement
	for i := range b.saved {
		last[b.saved[i].ID] = i
	}
	for i := range b.edits {
		if id := b.saved[i].ID; last[id] == i {
			rows.Add(id, stem.Sought(b.edits[i].Content.Headline))
		}
	}
	return rows.Flush(ctx)
}

// seekWorking keeps by what a headline that is being written is found.
func seekWorking(ctx context.Context, tx *db.Tx, id int64, headline string) error {
	_, err := tx.Exec(ctx, "INSERT INTO article_sought (article_id, working) VALUES ($1, $2)"+
		" ON CONFLICT (article_id) DO UPDATE SET working = excluded.working", id, stem.Sought(headline))
	return err
}

// seekMany is how many articles' headlines are folded in one transaction.
const seekMany = 500

// Seek folds the headlines of articles that were stored by a version of the program
// that did not.
func (s *Store) Seek(ctx context.Context) error {
	type row struct {
		id                int64
		headline, working string
	}
	above := int64(0)
	return s.d.Parts(ctx, db.Jobs, seekMany, func(tx *db.Tx) (int, error) {
		list, err := db.List(ctx, tx, func(sc db.Scanner, r *row) error { return sc.Scan(&r.id, &r.headline, &r.working) },
			"SELECT a.id, a.headline, coalesce(w.headline, '') FROM article a LEFT JOIN working_copy w ON w.article_id = a.id"+
				" WHERE a.id > $1 AND NOT EXISTS (SELECT 1 FROM article_sought s WHERE s.article_id = a.id) ORDER BY a.id LIMIT $2", above, seekMany)
		if err != nil {
			return 0, err
		}
		rows := tx.Bulk("article_sought", "article_id, headline, working", "ON CONFLICT DO NOTHING")
		for _, r := range list {
			rows.Add(r.id, stem.Sought(r.headline), stem.Sought(r.working))
			above = r.id
		}
		return len(list), rows.Flush(ctx)
	})
}
