package topic

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/address"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/slug"
	"dateline/internal/stem"
)

func tag(id int64) string { return "topic:" + strconv.FormatInt(id, 10) }

// change is a topic on its way in.
type change struct {
	Topic
	old   Topic // as it stands; zero for a new one
	fresh bool
}

// Put stores topics and gives their ids in order. New ones have ID 0. Of others
// everything is replaced but the names in languages that are not given. A slug
// that is empty is made from the name; one that another topic of the kind has,
// or whose address was another's, gets "-2". Circles of parents are refused
// (fault Invalid).
func (s *Store) Put(ctx context.Context, tx *db.Tx, pub int64, topics []Topic) ([]int64, error) {
	list, err := s.changes(ctx, tx, topics)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	before, err := s.hang(ctx, tx, pub, list)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(c change) bool { return !c.fresh && same(c.Topic, c.old) })
	if err := s.nameSlugs(ctx, tx, pub, list); err != nil {
		return nil, err
	}
	if err := s.claim(ctx, tx, pub, list); err != nil {
		return nil, err
	}
	if err := s.write(ctx, tx, pub, list); err != nil {
		return nil, err
	}
	moved := map[int64]int64{}
	for _, c := range list {
		if !c.fresh && c.ParentID != c.old.ParentID {
			moved[c.ID] = c.ParentID
		}
	}
	if len(moved) > 0 {
		if err := s.tellMoves(ctx, tx, pub, before, moved); err != nil {
			return nil, err
		}
	}
	for _, c := range list {
		if !c.fresh {
			tx.Changed(tag(c.ID))
		} else if c.ParentID != 0 {
			tx.Changed(tag(c.ParentID))
		}
		if c.Kind != Tag {
			tx.Changed("topics")
		}
	}
	return ids, nil
}

func same(a, b Topic) bool {
	return a.ParentID == b.ParentID && a.OwnerID == b.OwnerID && a.Position == b.Position &&
		a.SchemaType == b.SchemaType && maps.Equal(a.Names, b.Names)
}

// changes checks what comes, gives ids to the new and merges names into the old.
func (s *Store) changes(ctx context.Context, tx *db.Tx, topics []Topic) ([]change, error) {
	list := make([]change, len(topics))
	var known []int64
	for i, t := range topics {
		if t.ID != 0 {
			if slices.Contains(known, t.ID) {
				return nil, fault.New(fault.Invalid, "topic %d stands twice in one batch", t.ID)
			}
			known = append(known, t.ID)
		}
		if t.ID == 0 && (!t.Kind.Valid() || len(t.Names) == 0) {
			return nil, fault.Field("kind", "a topic needs a kind and a name: %q", t.Kind)
		}
		if t.ParentIndex < 0 || t.ParentIndex > len(topics) {
			return nil, fault.Field("parent", "there is no topic %d in the batch", t.ParentIndex)
		}
		list[i] = change{Topic: t, fresh: t.ID == 0}
	}
	old, err := byIDs(ctx, tx, known)
	if err != nil {
		return nil, err
	}
	made, err := tx.IDs(ctx, "topic", len(topics)-len(known))
	if err != nil {
		return nil, err
	}
	for i := range list {
		c := &list[i]
		names := map[string]Name{}
		if c.fresh {
			c.ID, made = made[0], made[1:]
		} else {
			var ok bool
			if c.old, ok = old[c.ID]; !ok || c.old.ID != c.ID {
				return nil, fault.New(fault.NotFound, "there is no topic %d", c.ID)
			}
			c.Kind = c.old.Kind
			maps.Copy(names, c.old.Names)
		}
		for l, n := range c.Names {
			n.Name = strings.TrimSpace(n.Name)
			if l == "" || n.Name == "" {
				return nil, fault.Field("names", "an empty name or language: %q %q", l, n.Name)
			}
			if n.Slug == "" && !c.fresh {
				n.Slug = c.old.Names[l].Slug
			}
			names[l] = n
		}
		c.Names = names
	}
	for i := range list {
		if k := list[i].ParentIndex; k != 0 {
			list[i].ParentID = list[k-1].ID
			list[i].ParentIndex = 0
		}
	}
	return list, nil
}

// hang looks for circles. It gives who stands below whom, the new ones at
// their places and the others as they stood; nil when no parent changes.
func (s *Store) hang(ctx context.Context, tx *db.Tx, pub int64, list []change) (map[int64]int64, error) {
	if !slices.ContainsFunc(list, func(c change) bool { return c.ParentID != c.old.ParentID }) {
		return nil, nil
	}
	before, err := parentsOf(ctx, tx, pub)
	if err != nil {
		return nil, err
	}
	after := maps.Clone(before)
	var ids []int64
	for _, c := range list {
		after[c.ID] = c.ParentID
		ids = append(ids, c.ID)
		if c.fresh && c.ParentID != 0 {
			before[c.ID] = c.ParentID
		}
	}
	return before, circle(after, ids)
}

type slot struct {
	kind Kind
	lang string
}

// nameSlugs gives every name a slug that no other topic of its kind has.
func (s *Store) nameSlugs(ctx context.Context, tx *db.Tx, pub int64, list []change) error {
	wanted := map[slot][]string{}
	for i := range list {
		c := &list[i]
		for _, l := range slices.Sorted(maps.Keys(c.Names)) {
			n := c.Names[l]
			if n.Slug == "" {
				n.Slug = slug.Make(l, n.Name)
			} else if !slug.Valid(n.Slug) {
				n.Slug = slug.Imported(n.Slug)
			}
			if n.Slug == "" {
				n.Slug = string(c.Kind) + "-" + strconv.FormatInt(c.ID, 10)
			}
			c.Names[l] = n
			k := slot{c.Kind, l}
			wanted[k] = append(wanted[k], n.Slug)
		}
	}
	taken := map[slot]map[string]int64{}
	moving := map[slot]map[int64]string{} // what topics of this batch are about to give up
	for k, slugs := range wanted {
		var err error
		if taken[k], err = slugsTaken(ctx, tx, pub, k.kind, k.lang, slugs); err != nil {
			return err
		}
		moving[k] = map[int64]string{}
	}
	for _, c := range list {
		for l, n := range c.Names {
			moving[slot{c.Kind, l}][c.ID] = n.Slug
		}
	}
	for i := range list {
		c := &list[i]
		for _, l := range slices.Sorted(maps.Keys(c.Names)) {
			k := slot{c.Kind, l}
			n := c.Names[l]
			base := n.Slug
			for try := 2; ; try++ {
				owner, isTaken := taken[k][n.Slug]
				if !isTaken || owner == c.ID {
					break
				}
				if next, leaves := moving[k][owner]; leaves && next != n.Slug {
					break
				}
				n.Slug = slug.WithNumber(base, try)
				if _, known := taken[k][n.Slug]; !known {
					more, err := slugsTaken(ctx, tx, pub, c.Kind, l, []string{n.Slug})
					if err != nil {
						return err
					}
					maps.Copy(taken[k], more)
				}
			}
			taken[k][n.Slug] = c.ID
			moving[k][c.ID] = n.Slug
			c.Names[l] = n
		}
	}
	return nil
}

// claim takes an address in every edition, and the slug that came with it
// where the edition's language has a name.
func (s *Store) claim(ctx context.Context, tx *db.Tx, pub int64, list []change) error {
	editions, err := edition.Editions(ctx, tx, pub)
	if err != nil {
		return err
	}
	langs := edition.Site{Editions: editions}.Langs()
	var claims []address.Claim
	type place struct {
		i    int
		lang string
	}
	var places []place
	for i, c := range list {
		for _, e := range editions {
			l := c.NameLang(e.Lang, langs...)
			if !c.fresh && c.Names[l].Slug == c.old.Name(e.Lang, langs...).Slug {
				continue
			}
			claims = append(claims, address.Claim{Edition: e.ID, Path: string(c.Kind) + "/" + c.Names[l].Slug,
				Target: address.Target{Kind: "topic", ID: c.ID}, Fresh: c.fresh})
			if l != e.Lang {
				l = ""
			}
			places = append(places, place{i, l})
		}
	}
	got, err := s.addresses.Claim(ctx, tx, claims)
	if err != nil {
		return err
	}
	for k, path := range got {
		if p := places[k]; p.lang != "" {
			c := &list[p.i]
			n := c.Names[p.lang]
			_, n.Slug, _ = strings.Cut(path, "/")
			c.Names[p.lang] = n
		}
	}
	return nil
}

func (s *Store) write(ctx context.Context, tx *db.Tx, pub int64, list []change) error {
	rows := tx.Bulk("topic", "id, publication_id, kind, owner_id, position, schema_type", "")
	names := tx.Bulk("topic_name", "topic_id, lang, publication_id, kind, name, slug, description, folded, sort_key, sought", "")
	locales := map[string]*lang.Locale{}
	for _, c := range list {
		if c.fresh {
			rows.Add(c.ID, pub, string(c.Kind), orNull(c.OwnerID), c.Position, c.SchemaType)
		} else if err := updateRow(ctx, tx, c.Topic); err != nil {
			return err
		}
		for _, l := range slices.Sorted(maps.Keys(c.Names)) {
			n := c.Names[l]
			if !c.fresh {
				if n == c.old.Names[l] {
					continue
				}
				if err := makeSlugRoom(ctx, tx, c.ID, l); err != nil {
					return err
				}
			}
			if locales[l] == nil {
				locales[l] = lang.Of(l)
			}
			names.Add(c.ID, l, pub, string(c.Kind), n.Name, n.Slug, n.Description, lang.Fold(n.Name), locales[l].SortKey(n.Name), stem.Sought(n.Name))
		}
	}
	if err := rows.Flush(ctx); err != nil {
		return err
	}
	if err := names.Flush(ctx); err != nil {
		return err
	}
	for _, c := range list { // a parent may come later in the batch
		if c.ParentID != c.old.ParentID {
			if err := setParent(ctx, tx, c.ID, c.ParentID); err != nil {
				return err
			}
		}
	}
	return nil
}

// Readdress claims the addresses that topics lack, after an edition was added.
func (s *Store) Readdress(ctx context.Context, tx *db.Tx, pub int64) error {
	topics, err := all(ctx, tx, pub)
	if err != nil {
		return err
	}
	list := make([]change, len(topics))
	for i, t := range topics {
		list[i] = change{Topic: t, old: Topic{ID: t.ID, ParentID: t.ParentID}}
		list[i].Names = maps.Clone(t.Names)
	}
	if err := s.claim(ctx, tx, pub, list); err != nil {
		return err
	}
	for i := range list {
		list[i].old = topics[i]
	}
	list = slices.DeleteFunc(list, func(c change) bool { return same(c.Topic, c.old) })
	for _, c := range list {
		tx.Changed(tag(c.ID))
	}
	return s.write(ctx, tx, pub, list)
}
