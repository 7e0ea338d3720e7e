package article

import (
	"context"
	"fmt"

	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/topic"
)

// TopicMerged has the articles of a topic that became part of another stand under that
// one. The cost is a row for each article and list.
func (s *Store) TopicMerged(ctx context.Context, tx *db.Tx, m topic.Merge) error {
	if err := s.relist(ctx, tx, m.Publication, ListTopic, m.From, m.Into); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "INSERT INTO article_topic (article_id, topic_id, position) SELECT article_id, CAST($1 AS BIGINT), position FROM article_topic"+
		" WHERE topic_id = $2 ON CONFLICT DO NOTHING", m.Into, m.From); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "DELETE FROM article_topic WHERE topic_id = $1", m.From)
	return err
}

// EntityMerged has the by-lines and datelines of somebody or of a place that became
// part of another lead there. What was printed stays as it was printed.
func (s *Store) EntityMerged(ctx context.Context, tx *db.Tx, m entity.Merge) error {
	if err := s.relist(ctx, tx, m.Publication, ListAuthor, m.From, m.Into); err != nil {
		return err
	}
	for _, query := range []string{
		// Who stood in a by-line twice, under two names, stands in it once.
		"DELETE FROM byline WHERE entity_id = $2 AND article_id IN (SELECT article_id FROM byline WHERE entity_id = $1)",
		"UPDATE byline SET entity_id = $1 WHERE entity_id = $2",
		"UPDATE article SET dateline_place_id = $1 WHERE dateline_place_id = $2",
	} {
		if _, err := tx.Exec(ctx, query, m.Into, m.From); err != nil {
			return err
		}
	}
	return nil
}

// relist moves what stands in a list into another.
func (s *Store) relist(ctx context.Context, tx *db.Tx, publication int64, kind int, from, into int64) error {
	editions, err := edition.Editions(ctx, tx, publication)
	if err != nil {
		return err
	}
	for _, e := range editions {
		if _, err := tx.Exec(ctx, "INSERT INTO listing (edition_id, kind, ref_id, visible_from, article_id) SELECT edition_id, kind, CAST($1 AS BIGINT), visible_from, article_id"+
			" FROM listing WHERE edition_id = $2 AND kind = $3 AND ref_id = $4 ON CONFLICT DO NOTHING", into, e.ID, kind, from); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM listing WHERE edition_id = $1 AND kind = $2 AND ref_id = $3", e.ID, kind, from); err != nil {
			return err
		}
	}
	name := map[int]string{ListTopic: "topic", ListAuthor: "author"}[kind]
	for _, id := range []int64{from, into} {
		tx.Changed(fmt.Sprintf("%s-list:%d", name, id))
	}
	return nil
}

// Carry tells how many articles, public or not, have each of the topics (ListTopic) or
// by-lines (ListAuthor); those that none has are absent.
func (s *Store) Carry(ctx context.Context, kind int, ids []int64) (map[int64]int, error) {
	query := "SELECT topic_id, count(*) FROM article_topic WHERE topic_id IN ("
	group := ") GROUP BY topic_id"
	if kind == ListAuthor {
		query, group = "SELECT entity_id, count(DISTINCT article_id) FROM byline WHERE entity_id IN (", ") GROUP BY entity_id"
	}
	in, args := db.In(nil, ids)
	rows, err := db.List(ctx, s.d, scanListing, query+in+group, args...)
	out := make(map[int64]int, len(rows))
	for _, r := range rows {
		out[r[0]] = int(r[1])
	}
	return out, err
}

// Placed is how many articles have a place in their datelines. It goes through all of
// them: for one place at a time.
func (s *Store) Placed(ctx context.Context, place int64) (int, error) {
	return db.Get(ctx, s.d, db.One[int], "SELECT count(*) FROM article WHERE dateline_place_id = $1", place)
}

// Follow names in what was printed the topics, people and places that became part of
// others since as those, for who goes by ids: the words stay as they were printed, but
// for tags.
func (s *Store) Follow(ctx context.Context, q db.Querier, c *Content) error {
	var topics, people []int64
	for _, t := range c.Topics {
		topics = append(topics, t.ID)
	}
	for _, x := range c.Credits {
		if x.Entity != 0 {
			people = append(people, x.Entity)
		}
	}
	merged, err := topic.Followed(ctx, q, topics)
	if err != nil {
		return err
	}
	var list []TopicRef
	seen := map[int64]bool{}
	for _, t := range c.Topics {
		if x, ok := merged[t.ID]; ok {
			t.ID, t.Name = x.ID, x.Name(c.Lang).Name
		}
		if !seen[t.ID] {
			list = append(list, t)
		}
		seen[t.ID] = true
	}
	c.Topics = list
	into, err := entity.Followed(ctx, q, people)
	if err != nil {
		return err
	}
	for i, x := range c.Credits {
		if id, ok := into[x.Entity]; ok {
			c.Credits[i].Entity = id
		}
	}
	return nil
}
