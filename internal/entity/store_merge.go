package entity

import (
	"context"
	"slices"
	"strconv"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Merge tells that one entity has become part of another.
type Merge struct{ Publication, From, Into int64 }

// OnMerge has f told of every merge, within its transaction. Call it before the store
// is used.
func (s *Store) OnMerge(f func(ctx context.Context, tx *db.Tx, m Merge) error) {
	s.merged = append(s.merged, f)
}

// Merge makes one person, organisation or place part of another of its kind, which
// takes over its names in languages in which it has none. Whoever asked by OnMerge is
// told.
func (s *Store) Merge(ctx context.Context, tx *db.Tx, pub, from, into int64) error {
	if from == into {
		return fault.Field("into", "entity %d cannot become part of itself", from)
	}
	type row struct {
		id   int64
		kind string
	}
	rows, err := db.List(ctx, tx, func(sc db.Scanner, r *row) error { return sc.Scan(&r.id, &r.kind) },
		"SELECT id, kind FROM entity WHERE publication_id = $1 AND merged_into IS NULL AND id IN ($2, $3)", pub, from, into)
	if err != nil {
		return err
	}
	if len(rows) < 2 {
		return fault.New(fault.NotFound, "there are no two entities %d and %d", from, into)
	}
	if rows[0].kind != rows[1].kind {
		return fault.Field("into", "entity %d is another kind of thing than %d", from, into)
	}
	if _, err := tx.Exec(ctx, "UPDATE entity_name SET entity_id = $1 WHERE entity_id = $2"+
		" AND lang NOT IN (SELECT lang FROM entity_name WHERE entity_id = $1)", into, from); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM entity_name WHERE entity_id = $1", from); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE entity SET merged_into = $1 WHERE id = $2 OR merged_into = $2", into, from); err != nil {
		return err
	}
	for _, id := range []int64{from, into} {
		n := strconv.FormatInt(id, 10)
		tx.Changed("entity:"+n, "author:"+n)
	}
	for _, f := range s.merged {
		if err := f(ctx, tx, Merge{pub, from, into}); err != nil {
			return err
		}
	}
	return nil
}

// Followed gives the ids of what entities that were merged have become part of, by
// their own; those that were not are absent.
func Followed(ctx context.Context, q db.Querier, ids []int64) (map[int64]int64, error) {
	type pair struct{ id, into int64 }
	out := map[int64]int64{}
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In(nil, part)
		rows, err := db.List(ctx, q, func(s db.Scanner, p *pair) error { return s.Scan(&p.id, &p.into) },
			"SELECT id, merged_into FROM entity WHERE merged_into IS NOT NULL AND id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			out[p.id] = p.into
		}
	}
	return out, nil
}

// follow adds what those of the ids that out lacks have become part of.
func follow(ctx context.Context, q db.Querier, ids []int64, out map[int64]Entity) error {
	var lost []int64
	for _, id := range ids {
		if _, ok := out[id]; !ok {
			lost = append(lost, id)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	to, err := Followed(ctx, q, lost)
	if err != nil || len(to) == 0 {
		return err
	}
	var wanted []int64
	for _, into := range to {
		wanted = append(wanted, into)
	}
	found, err := Read(ctx, q, wanted)
	for id, into := range to {
		if e, ok := found[into]; ok {
			out[id] = e
		}
	}
	return err
}

// Spelt is an entity's name in a language.
type Spelt struct {
	ID         int64
	Lang, Name string
}

// Spellings are all names of the entities of a kind, by their letters: to look for
// doubles, not for pages of readers.
func (s *Store) Spellings(ctx context.Context, pub int64, kind string) ([]Spelt, error) {
	return db.List(ctx, s.d, func(sc db.Scanner, x *Spelt) error { return sc.Scan(&x.ID, &x.Lang, &x.Name) },
		"SELECT n.entity_id, n.lang, n.name FROM entity_name n JOIN entity e ON e.id = n.entity_id"+
			" WHERE e.publication_id = $1 AND e.kind = $2 ORDER BY n.folded, n.entity_id, n.lang", pub, kind)
}
