package topic

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/fault"
)

// Merge tells that one topic has become part of another.
type Merge struct{ Publication, From, Into int64 }

// OnMerge has f told of every merge, within its transaction. Call it before the store
// is used.
func (s *Store) OnMerge(f func(ctx context.Context, tx *db.Tx, m Merge) error) {
	s.merged = append(s.merged, f)
}

// Merge makes one tag part of another: what stood under it stands under the other, its
// addresses lead there, in every edition, and the other takes over its names in
// languages in which it has none. Whoever asked by OnMerge is told.
func (s *Store) Merge(ctx context.Context, tx *db.Tx, pub, from, into int64) error {
	if from == into {
		return fault.Field("into", "topic %d cannot become part of itself", from)
	}
	known, err := read(ctx, tx, "t.publication_id = $1 AND t.id IN ($2, $3)", pub, from, into)
	if err != nil {
		return err
	}
	byID := map[int64]Topic{}
	for _, t := range known {
		byID[t.ID] = t
	}
	for _, id := range []int64{from, into} {
		if t, ok := byID[id]; !ok {
			return fault.New(fault.NotFound, "there is no topic %d", id)
		} else if t.Kind != Tag {
			return fault.Field("into", "topic %d is a %s: only tags are merged", id, t.Kind)
		}
	}
	if err := s.addresses.Inherit(ctx, tx, "topic", from, into); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM topic_name WHERE topic_id = $1", from); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE topic SET merged_into = $1 WHERE id = $2 OR merged_into = $2", into, from); err != nil {
		return err
	}
	if err := s.takeNames(ctx, tx, pub, byID[from], byID[into]); err != nil {
		return err
	}
	tx.Changed(tag(from), tag(into))
	for _, id := range []int64{from, into} {
		tx.Changed("topic-list:" + strconv.FormatInt(id, 10))
	}
	for _, f := range s.merged {
		if err := f(ctx, tx, Merge{pub, from, into}); err != nil {
			return err
		}
	}
	return nil
}

// takeNames gives a topic another's names in languages in which it has none. Its
// addresses stay as they are.
func (s *Store) takeNames(ctx context.Context, tx *db.Tx, pub int64, from, into Topic) error {
	editions, err := edition.Editions(ctx, tx, pub)
	if err != nil {
		return err
	}
	langs := edition.Site{Editions: editions}.Langs()
	taken := Topic{ID: into.ID, OwnerID: into.OwnerID, Position: into.Position, SchemaType: into.SchemaType, Names: map[string]Name{}}
	for l, n := range from.Names {
		if _, has := into.Names[l]; !has {
			n.Slug = into.Name(l, langs...).Slug
			taken.Names[l] = n
		}
	}
	if len(taken.Names) == 0 {
		return nil
	}
	_, err = s.Put(ctx, tx, pub, []Topic{taken})
	return err
}

// Followed gives what topics that were merged have become part of, by their own ids;
// those that were not are absent.
func Followed(ctx context.Context, q db.Querier, ids []int64) (map[int64]Topic, error) {
	type pair struct{ id, into int64 }
	out, to := map[int64]Topic{}, map[int64]int64{}
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In(nil, part)
		rows, err := db.List(ctx, q, func(s db.Scanner, p *pair) error { return s.Scan(&p.id, &p.into) },
			"SELECT id, merged_into FROM topic WHERE merged_into IS NOT NULL AND id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			to[p.id] = p.into
		}
	}
	if len(to) == 0 {
		return out, nil
	}
	in, args := db.In(nil, slices.Collect(maps.Values(to)))
	list, err := read(ctx, q, "t.id IN ("+in+")", args...)
	for id, into := range to {
		for _, t := range list {
			if t.ID == into {
				out[id] = t
			}
		}
	}
	return out, err
}

// EntityMerged has the columns of somebody who became part of another be that one's.
func (s *Store) EntityMerged(ctx context.Context, tx *db.Tx, m entity.Merge) error {
	ids, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM topic WHERE owner_id = $1 ORDER BY id", m.From)
	if err != nil || len(ids) == 0 {
		return err
	}
	for _, id := range ids {
		tx.Changed("topics", tag(id))
	}
	_, err = tx.Exec(ctx, "UPDATE topic SET owner_id = $1 WHERE owner_id = $2", m.Into, m.From)
	return err
}

// Spelt is a topic's name in a language.
type Spelt struct {
	ID         int64
	Lang, Name string
}

// Spellings are all names of the topics of a kind, by their letters: to look for
// doubles, not for pages of readers.
func (s *Store) Spellings(ctx context.Context, pub int64, kind Kind) ([]Spelt, error) {
	return db.List(ctx, s.d, func(sc db.Scanner, x *Spelt) error { return sc.Scan(&x.ID, &x.Lang, &x.Name) },
		"SELECT topic_id, lang, name FROM topic_name WHERE publication_id = $1 AND kind = $2 ORDER BY folded, topic_id, lang", pub, string(kind))
}
