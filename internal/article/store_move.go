package article

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/topic"
)

// Moved rewrites the lists after a topic was hung elsewhere: its articles come
// into the lists of what stands above it now, and leave those above which it
// stood, unless they stand on another topic that is still below. The cost is a
// row for each article and list.
func (s *Store) Moved(ctx context.Context, tx *db.Tx, m topic.Move) error {
	editions, err := edition.Editions(ctx, tx, m.Publication)
	if err != nil {
		return err
	}
	for _, e := range editions {
		for _, to := range m.To {
			if slices.Contains(m.From, to) {
				continue
			}
			_, err := tx.Exec(ctx, "INSERT INTO listing (edition_id, kind, ref_id, visible_from, article_id)"+
				" SELECT edition_id, kind, CAST($1 AS BIGINT), visible_from, article_id FROM listing"+
				" WHERE edition_id = $2 AND kind = $3 AND ref_id = $4 ON CONFLICT DO NOTHING", to, e.ID, ListTopic, m.Topic)
			if err != nil {
				return err
			}
		}
		for old, below := range m.Below {
			in, args := db.In([]any{e.ID, ListTopic, old, m.Topic}, below)
			_, err := tx.Exec(ctx, "DELETE FROM listing WHERE edition_id = $1 AND kind = $2 AND ref_id = $3 AND article_id IN"+
				" (SELECT article_id FROM listing WHERE edition_id = $1 AND kind = $2 AND ref_id = $4)"+
				" AND NOT EXISTS (SELECT 1 FROM article_topic t WHERE t.article_id = listing.article_id AND t.topic_id IN ("+in+"))", args...)
			if err != nil {
				return err
			}
		}
	}
	for _, id := range slices.Concat(m.From, m.To, []int64{m.Topic}) {
		tx.Changed(fmt.Sprintf("topic-list:%d", id))
	}
	return nil
}

// Counts tells how many articles stand in the lists of topics at now, in all
// editions together. It reads every row of them: for jobs, not for pages.
func (s *Store) Counts(ctx context.Context, q db.Querier, publication int64, now time.Time) (map[int64]int64, error) {
	editions, err := edition.Editions(ctx, q, publication)
	if err != nil {
		return nil, err
	}
	out := map[int64]int64{}
	for _, e := range editions {
		rows, err := db.List(ctx, q, scanListing, "SELECT ref_id, count(*) FROM listing"+
			" WHERE edition_id = $1 AND kind = $2 AND visible_from <= $3 GROUP BY ref_id", e.ID, ListTopic, now.UnixMilli())
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r[0]] += r[1]
		}
	}
	return out, nil
}
