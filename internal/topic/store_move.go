package topic

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Move tells that a topic hangs elsewhere in the tree.
type Move struct {
	Publication, Topic int64

	From, To []int64 // what stood above it and what stands above it now, the nearest first
	// Below gives for each of From that is not in To the topics that still stand
	// below it, itself among them.
	Below map[int64][]int64
}

// OnMove has f told of every move, within its transaction: lists of articles
// hold those of the topics below, so they change with the tree. Call it before
// the store is used.
func (s *Store) OnMove(f func(ctx context.Context, tx *db.Tx, m Move) error) {
	s.moved = append(s.moved, f)
}

// tellMoves tells of topics that have other parents now than before. Several of
// one batch are first taken out and then hung in, so that no order of telling
// makes a circle.
func (s *Store) tellMoves(ctx context.Context, tx *db.Tx, pub int64, parents map[int64]int64, to map[int64]int64) error {
	steps := []map[int64]int64{to}
	if len(to) > 1 {
		out := map[int64]int64{}
		for id := range to {
			out[id] = 0
		}
		steps = []map[int64]int64{out, to}
	}
	now := maps.Clone(parents)
	for _, step := range steps {
		for _, id := range slices.Sorted(maps.Keys(step)) {
			m := Move{Publication: pub, Topic: id, From: above(now, id), Below: map[int64][]int64{}}
			if now[id] = step[id]; step[id] == 0 {
				delete(now, id)
			}
			m.To = above(now, id)
			if slices.Equal(m.From, m.To) {
				continue
			}
			for _, old := range m.From {
				if !slices.Contains(m.To, old) {
					m.Below[old] = below(now, old)
				}
			}
			for _, f := range s.moved {
				if err := f(ctx, tx, m); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// above are the ancestors, the nearest first; a circle ends where it closes.
func above(parents map[int64]int64, id int64) []int64 {
	var out []int64
	for p := parents[id]; p != 0 && p != id && !slices.Contains(out, p); p = parents[p] {
		out = append(out, p)
	}
	return out
}

// below are a topic and all that stand below it.
func below(parents map[int64]int64, id int64) []int64 {
	out := []int64{id}
	for child := range parents {
		if slices.Contains(above(parents, child), id) {
			out = append(out, child)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Unplaced is where the positions begin of sections that nobody has put in
// order yet: an import's.
const Unplaced = 1 << 20

// Place puts the sections that have no place yet behind their siblings that
// have one: the most used first, those used alike as they stand. Nothing else
// changes, so whoever has put sections in order keeps it.
func (s *Store) Place(ctx context.Context, tx *db.Tx, pub int64, used map[int64]int64) error {
	list, err := read(ctx, tx, "t.publication_id = $1 AND t.kind = 'section'", pub)
	if err != nil {
		return err
	}
	last := map[int64]int{}
	var waiting []Topic
	for _, t := range list {
		if t.Position >= Unplaced {
			waiting = append(waiting, t)
		} else {
			last[t.ParentID] = max(last[t.ParentID], t.Position)
		}
	}
	slices.SortFunc(waiting, func(a, b Topic) int {
		return cmp.Or(cmp.Compare(used[b.ID], used[a.ID]), cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	for _, t := range waiting {
		last[t.ParentID]++
		t.Position = last[t.ParentID]
		if err := updateRow(ctx, tx, t); err != nil {
			return err
		}
		tx.Changed("topics", tag(t.ID))
	}
	return nil
}

// Recast makes a shelf of another kind of a topic: all that stands on it stands
// there still, and its addresses lead to the new ones. What is no section hangs
// nowhere; the sections below move up.
func (s *Store) Recast(ctx context.Context, tx *db.Tx, id int64, kind Kind) error {
	if !kind.Valid() {
		return fault.Field("kind", "%q is no kind of topic", kind)
	}
	found, err := byIDs(ctx, tx, []int64{id})
	if err != nil {
		return err
	}
	t, ok := found[id]
	if !ok || t.ID != id {
		return fault.New(fault.NotFound, "there is no topic %d", id)
	}
	if t.Kind == kind {
		return nil
	}
	if t.Kind == Section {
		below, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM topic WHERE parent_id = $1 ORDER BY id", id)
		if err != nil {
			return err
		}
		for _, child := range below {
			if err := s.SetParent(ctx, tx, child, t.ParentID); err != nil {
				return err
			}
		}
		if err := s.SetParent(ctx, tx, id, 0); err != nil {
			return err
		}
		t.ParentID = 0
	}
	pub, err := db.Get(ctx, tx, db.One[int64], "SELECT publication_id FROM topic WHERE id = $1", id)
	if err != nil {
		return err
	}
	t.Kind, t.Position = kind, 0
	if kind == Section {
		t.Position = Unplaced
	}
	list := []change{{Topic: t, old: Topic{ID: id, ParentID: t.ParentID}}} // without its names: every address is a new one
	if err := s.nameSlugs(ctx, tx, pub, list); err != nil {
		return err
	}
	if err := s.claim(ctx, tx, pub, list); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE topic SET kind = $2 WHERE id = $1", id, string(kind)); err != nil {
		return err
	}
	tx.Changed("topics", tag(id), "topic-list:"+strconv.FormatInt(id, 10))
	return s.write(ctx, tx, pub, list)
}
