package entity

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/stem"
)

// Store keeps entities.
type Store struct {
	d      *db.DB
	merged []func(ctx context.Context, tx *db.Tx, m Merge) error
}

// New gives the store of d.
func New(d *db.DB) *Store { return &Store{d: d} }

// ByIDs gives the entities that there are. By the id of one that has become part of
// another it gives that other, whose ID tells it.
func (s *Store) ByIDs(ctx context.Context, ids []int64) (map[int64]Entity, error) {
	return Read(ctx, s.d, ids)
}

// Read is ByIDs through q, inside a transaction if q is one.
func Read(ctx context.Context, q db.Querier, ids []int64) (map[int64]Entity, error) {
	type row struct {
		id               int64
		kind, lang, name string
	}
	out := make(map[int64]Entity, len(ids))
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In(nil, part)
		rows, err := db.List(ctx, q, func(s db.Scanner, r *row) error { return s.Scan(&r.id, &r.kind, &r.lang, &r.name) },
			"SELECT e.id, e.kind, n.lang, n.name FROM entity e JOIN entity_name n ON n.entity_id = e.id WHERE e.id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			e, ok := out[r.id]
			if !ok {
				e = Entity{ID: r.id, Kind: r.kind, Names: map[string]string{}}
				out[r.id] = e
			}
			e.Names[r.lang] = r.name
		}
	}
	return out, follow(ctx, q, ids, out)
}

// Find finds an entity of a kind by a name in any language, upper and lower
// case alike; of several the oldest.
func (s *Store) Find(ctx context.Context, q db.Querier, pub int64, kind, name string) (int64, bool, error) {
	folded := lang.Fold(name)
	id, err := db.Get(ctx, q, db.One[int64], "SELECT e.id FROM entity_name n JOIN entity e ON e.id = n.entity_id"+
		" WHERE n.folded = $1 AND e.publication_id = $2 AND e.kind = $3 ORDER BY e.id LIMIT 1", folded, pub, kind)
	if fault.Is(err, fault.NotFound) {
		return 0, false, nil
	}
	return id, err == nil, err
}

// Named gives entities of a kind with a name in any language in which each word of
// the text begins a word (stem.Sought): those that begin with the text first, then by
// that name.
func (s *Store) Named(ctx context.Context, pub int64, kind, text string, limit int) ([]Entity, error) {
	return s.NamedFrom(ctx, pub, kind, text, 0, limit)
}

// NamedFrom is Named behind those that are skipped.
func (s *Store) NamedFrom(ctx context.Context, pub int64, kind, text string, skip, limit int) ([]Entity, error) {
	folded := lang.Fold(text)
	args := []any{pub, kind, folded, folded + "\U0010ffff", limit, skip}
	sought := ""
	for _, p := range stem.Begins(text) {
		args = append(args, p)
		sought += " AND n.sought LIKE $" + strconv.Itoa(len(args))
	}
	ids, err := db.List(ctx, s.d, db.One[int64], "SELECT n.entity_id FROM entity_name n JOIN entity e ON e.id = n.entity_id"+
		" WHERE e.publication_id = $1 AND e.kind = $2"+sought+" GROUP BY n.entity_id"+
		" ORDER BY min(CASE WHEN n.folded >= $3 AND n.folded < $4 THEN 0 ELSE 1 END), min(n.folded), n.entity_id LIMIT $5 OFFSET $6", args...)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	known, err := s.ByIDs(ctx, ids)
	out := make([]Entity, 0, len(ids))
	for _, id := range ids {
		out = append(out, known[id])
	}
	return out, err
}

// Put stores entities and gives their ids in order: new ones (ID 0) are made,
// of others the given names are stored and those in further languages kept.
// An entity needs a name.
func (s *Store) Put(ctx context.Context, tx *db.Tx, pub int64, list []Entity) ([]int64, error) {
	fresh := 0
	twice := map[int64]bool{} // PostgreSQL does not write a row twice in one statement
	for _, e := range list {
		if e.ID != 0 && twice[e.ID] {
			return nil, fault.New(fault.Invalid, "entity %d stands twice in one batch", e.ID)
		}
		twice[e.ID] = true
		if e.ID == 0 {
			fresh++
			if e.Kind != Person && e.Kind != Organisation && e.Kind != Place {
				return nil, fault.Field("kind", "%q is no kind of entity", e.Kind)
			}
		}
		for l, n := range e.Names {
			if l == "" || strings.TrimSpace(n) == "" {
				return nil, fault.Field("names", "an empty name or language: %q %q", l, n)
			}
		}
		if len(e.Names) == 0 {
			return nil, fault.Field("names", "an entity needs a name")
		}
	}
	made, err := tx.IDs(ctx, "entity", fresh)
	if err != nil {
		return nil, err
	}
	rows := tx.Bulk("entity", "id, publication_id, kind, created_at", "")
	names := tx.Bulk("entity_name", "entity_id, lang, name, folded, sort_key, sought",
		"ON CONFLICT (entity_id, lang) DO UPDATE SET name = excluded.name, folded = excluded.folded, sort_key = excluded.sort_key, sought = excluded.sought")
	locales := map[string]*lang.Locale{}
	ids := make([]int64, len(list))
	at := tx.DB().Now().UnixMilli()
	for i, e := range list {
		ids[i] = e.ID
		if e.ID == 0 {
			ids[i], made = made[0], made[1:]
			rows.Add(ids[i], pub, e.Kind, at)
		} else {
			// A new one is seen only through what names it, which tells its own change.
			n := strconv.FormatInt(e.ID, 10)
			tx.Changed("entity:"+n, "author:"+n)
		}
		for _, l := range slices.Sorted(maps.Keys(e.Names)) {
			if locales[l] == nil {
				locales[l] = lang.Of(l)
			}
			names.Add(ids[i], l, e.Names[l], lang.Fold(e.Names[l]), locales[l].SortKey(e.Names[l]), stem.Sought(e.Names[l]))
		}
	}
	if err := rows.Flush(ctx); err != nil {
		return nil, err
	}
	return ids, names.Flush(ctx)
}
