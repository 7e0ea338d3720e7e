package topic

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strconv"
	"sync"

	"dateline/internal/address"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/stem"
)

// Store keeps topics.
type Store struct {
	d         *db.DB
	addresses *address.Store
	moved     []func(ctx context.Context, tx *db.Tx, m Move) error
	merged    []func(ctx context.Context, tx *db.Tx, m Merge) error

	mu    sync.Mutex
	trees map[int64]*Tree
	epoch int // counts changes, so that what was read before one is not kept after it
}

// New gives the store of d.
func New(d *db.DB, addresses *address.Store) *Store {
	s := &Store{d: d, addresses: addresses, trees: map[int64]*Tree{}}
	d.OnChange(func(tags []string) {
		if slices.Contains(tags, "topics") || slices.Contains(tags, db.All) {
			s.mu.Lock()
			clear(s.trees)
			s.epoch++
			s.mu.Unlock()
		}
	})
	return s
}

// Tree gives every topic but the tags, from memory.
func (s *Store) Tree(ctx context.Context, pub int64) (*Tree, error) {
	s.mu.Lock()
	t, epoch := s.trees[pub], s.epoch
	s.mu.Unlock()
	if t != nil {
		return t, nil
	}
	list, err := read(ctx, s.d, "t.publication_id = $1 AND t.kind <> 'tag'", pub)
	if err != nil {
		return nil, err
	}
	t = newTree(list)
	s.mu.Lock()
	if s.epoch == epoch {
		s.trees[pub] = t
	}
	s.mu.Unlock()
	return t, nil
}

// read reads topics with their names, ascending by id.
func read(ctx context.Context, q db.Querier, where string, args ...any) ([]Topic, error) {
	type row struct {
		t    Topic
		lang string
		name Name
	}
	rows, err := db.List(ctx, q, func(s db.Scanner, r *row) error {
		return s.Scan(&r.t.ID, &r.t.ParentID, &r.t.OwnerID, &r.t.Kind, &r.t.Position, &r.t.SchemaType,
			&r.lang, &r.name.Name, &r.name.Slug, &r.name.Description)
	}, "SELECT t.id, coalesce(t.parent_id, 0), coalesce(t.owner_id, 0), t.kind, t.position, t.schema_type,"+
		" n.lang, n.name, n.slug, n.description FROM topic t JOIN topic_name n ON n.topic_id = t.id"+
		" WHERE "+where+" ORDER BY t.id, n.lang", args...)
	if err != nil {
		return nil, err
	}
	var out []Topic
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].ID != r.t.ID {
			r.t.Names = map[string]Name{}
			out = append(out, r.t)
		}
		out[len(out)-1].Names[r.lang] = r.name
	}
	return out, nil
}

// ByIDs gives the topics that there are, tags too. By the id of one that has become
// part of another it gives that other, whose ID tells it.
func (s *Store) ByIDs(ctx context.Context, ids []int64) (map[int64]Topic, error) {
	return byIDs(ctx, s.d, ids)
}

// Read is ByIDs through q, inside a transaction if q is one.
func (s *Store) Read(ctx context.Context, q db.Querier, ids []int64) (map[int64]Topic, error) {
	return byIDs(ctx, q, ids)
}

func byIDs(ctx context.Context, q db.Querier, ids []int64) (map[int64]Topic, error) {
	out := make(map[int64]Topic, len(ids))
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In(nil, part)
		list, err := read(ctx, q, "t.id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			out[t.ID] = t
		}
	}
	var lost []int64
	for _, id := range ids {
		if _, ok := out[id]; !ok {
			lost = append(lost, id)
		}
	}
	if len(lost) == 0 {
		return out, nil
	}
	merged, err := Followed(ctx, q, lost)
	maps.Copy(out, merged)
	return out, err
}

// Named gives topics of a kind with a name in any language in which each word of the
// text begins a word (stem.Sought): those that begin with the text first, then by that
// name.
func (s *Store) Named(ctx context.Context, pub int64, kind Kind, text string, limit int) ([]Topic, error) {
	return s.NamedFrom(ctx, pub, kind, text, 0, limit)
}

// NamedFrom is Named behind those that are skipped.
func (s *Store) NamedFrom(ctx context.Context, pub int64, kind Kind, text string, skip, limit int) ([]Topic, error) {
	folded := lang.Fold(text)
	args := []any{pub, string(kind), folded, folded + "\U0010ffff", limit, skip}
	sought := ""
	for _, p := range stem.Begins(text) {
		args = append(args, p)
		sought += " AND sought LIKE $" + strconv.Itoa(len(args))
	}
	ids, err := db.List(ctx, s.d, db.One[int64], "SELECT topic_id FROM topic_name WHERE publication_id = $1 AND kind = $2"+sought+
		" GROUP BY topic_id ORDER BY min(CASE WHEN folded >= $3 AND folded < $4 THEN 0 ELSE 1 END), min(folded), topic_id LIMIT $5 OFFSET $6", args...)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	known, err := s.ByIDs(ctx, ids)
	out := make([]Topic, 0, len(ids))
	for _, id := range ids {
		out = append(out, known[id])
	}
	return out, err
}

// ByName finds a topic of a kind by its whole name in any language.
func (s *Store) ByName(ctx context.Context, q db.Querier, pub int64, kind Kind, name string) (int64, bool, error) {
	id, err := db.Get(ctx, q, db.One[int64], "SELECT topic_id FROM topic_name WHERE publication_id = $1 AND kind = $2 AND folded = $3 ORDER BY topic_id LIMIT 1",
		pub, string(kind), lang.Fold(name))
	if fault.Is(err, fault.NotFound) {
		return 0, false, nil
	}
	return id, err == nil, err
}

// BySlug finds a topic of a kind by its slug in a language.
func (s *Store) BySlug(ctx context.Context, q db.Querier, pub int64, kind Kind, lang, slug string) (Topic, bool, error) {
	list, err := read(ctx, q, "t.id = (SELECT topic_id FROM topic_name WHERE publication_id = $1 AND kind = $2 AND lang = $3 AND slug = $4)",
		pub, string(kind), lang, slug)
	if err != nil || len(list) == 0 {
		return Topic{}, false, err
	}
	return list[0], true, nil
}

// parentsOf reads who stands below whom.
func parentsOf(ctx context.Context, q db.Querier, pub int64) (map[int64]int64, error) {
	type pair struct{ id, parent int64 }
	rows, err := db.List(ctx, q, func(s db.Scanner, p *pair) error { return s.Scan(&p.id, &p.parent) },
		"SELECT id, parent_id FROM topic WHERE publication_id = $1 AND parent_id IS NOT NULL", pub)
	out := make(map[int64]int64, len(rows))
	for _, p := range rows {
		out[p.id] = p.parent
	}
	return out, err
}

// SetParent hangs a topic below another (0: below none); fault Invalid where
// that would make a circle. Whoever asked by OnMove is told.
func (s *Store) SetParent(ctx context.Context, tx *db.Tx, id, parent int64) error {
	pub, err := db.Get(ctx, tx, db.One[int64], "SELECT publication_id FROM topic WHERE id = $1", id)
	if err != nil {
		return err
	}
	parents, err := parentsOf(ctx, tx, pub)
	if err != nil {
		return err
	}
	if parents[id] == parent {
		return nil
	}
	old, before := parents[id], maps.Clone(parents)
	parents[id] = parent
	if err := circle(parents, []int64{id}); err != nil {
		return err
	}
	tx.Changed("topics", tag(id))
	for _, p := range []int64{old, parent} {
		if p != 0 {
			tx.Changed(tag(p))
		}
	}
	if err := setParent(ctx, tx, id, parent); err != nil {
		return err
	}
	return s.tellMoves(ctx, tx, pub, before, map[int64]int64{id: parent})
}

func setParent(ctx context.Context, tx *db.Tx, id, parent int64) error {
	// On both engines a parent that is not there violates a foreign key.
	_, err := tx.Exec(ctx, "UPDATE topic SET parent_id = $2 WHERE id = $1", id, orNull(parent))
	if err != nil && !fault.Is(err, fault.Unavailable) {
		return fault.Field("parent", "hanging topic %d below %d: %w", id, parent, err)
	}
	return err
}

// slugsTaken tells which of the slugs belong to which topic.
func slugsTaken(ctx context.Context, q db.Querier, pub int64, kind Kind, lang string, slugs []string) (map[string]int64, error) {
	type pair struct {
		slug string
		id   int64
	}
	out := map[string]int64{}
	for part := range slices.Chunk(slugs, 256) {
		in, args := db.In([]any{pub, string(kind), lang}, part)
		rows, err := db.List(ctx, q, func(s db.Scanner, p *pair) error { return s.Scan(&p.slug, &p.id) },
			"SELECT slug, topic_id FROM topic_name WHERE publication_id = $1 AND kind = $2 AND lang = $3 AND slug IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			out[p.slug] = p.id
		}
	}
	return out, nil
}

// all reads every topic of the publication.
func all(ctx context.Context, q db.Querier, pub int64) ([]Topic, error) {
	return read(ctx, q, "t.publication_id = $1", pub)
}

func updateRow(ctx context.Context, tx *db.Tx, t Topic) error {
	_, err := tx.Exec(ctx, "UPDATE topic SET owner_id = $2, position = $3, schema_type = $4 WHERE id = $1",
		t.ID, orNull(t.OwnerID), t.Position, t.SchemaType)
	return err
}

// makeSlugRoom moves the slugs of topics out of the way of each other: two
// topics may swap theirs in one batch, which a unique index would refuse row
// by row.
func makeSlugRoom(ctx context.Context, tx *db.Tx, id int64, lang string) error {
	_, err := tx.Exec(ctx, "DELETE FROM topic_name WHERE topic_id = $1 AND lang = $2", id, lang)
	return err
}

func orNull(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }
