package search

import (
	"context"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/topic"
)

// TopicMerged has the articles of a topic that becomes part of another indexed anew,
// by Fill. It is told before the lists are another's.
func (s *Store) TopicMerged(ctx context.Context, tx *db.Tx, m topic.Merge) error {
	return outdated(ctx, tx, m.Publication, article.ListTopic, m.From)
}

// EntityMerged is TopicMerged for somebody who becomes part of another.
func (s *Store) EntityMerged(ctx context.Context, tx *db.Tx, m entity.Merge) error {
	return outdated(ctx, tx, m.Publication, article.ListAuthor, m.From)
}

// outdated has what stands in a list be indexed anew; until it is, it is found as
// before.
func outdated(ctx context.Context, tx *db.Tx, publication int64, kind int, ref int64) error {
	editions, err := edition.Editions(ctx, tx, publication)
	if err != nil {
		return err
	}
	for _, e := range editions {
		_, err := tx.Exec(ctx, "UPDATE search_doc SET version = 0 WHERE article_id IN"+
			" (SELECT article_id FROM listing_public WHERE edition_id = $1 AND kind = $2 AND ref_id = $3)", e.ID, kind, ref)
		if err != nil {
			return err
		}
	}
	return nil
}
