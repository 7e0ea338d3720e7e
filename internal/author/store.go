package author

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/address"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/fault"
	"dateline/internal/slug"
)

// Store keeps contributors.
type Store struct {
	d         *db.DB
	entities  *entity.Store
	addresses *address.Store
}

// New gives the store of d.
func New(d *db.DB, entities *entity.Store, addresses *address.Store) *Store {
	return &Store{d: d, entities: entities, addresses: addresses}
}

// ByIDs gives the contributors among the entities.
func (s *Store) ByIDs(ctx context.Context, entityIDs []int64) (map[int64]Contributor, error) {
	return byIDs(ctx, s.d, entityIDs)
}

func byIDs(ctx context.Context, q db.Querier, ids []int64) (map[int64]Contributor, error) {
	out := make(map[int64]Contributor, len(ids))
	for part := range slices.Chunk(ids, 512) {
		in, args := db.In(nil, part)
		list, err := read(ctx, q, "c.entity_id IN ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			out[c.EntityID] = c
		}
	}
	return out, nil
}

// read reads contributors with their names and texts, ascending by id.
func read(ctx context.Context, q db.Querier, where string, args ...any) ([]Contributor, error) {
	type row struct {
		c    Contributor
		lang string
		text Text
	}
	rows, err := db.List(ctx, q, func(s db.Scanner, r *row) error {
		return s.Scan(&r.c.EntityID, &r.c.Slug, &r.c.URL, &r.c.PortraitID, &r.lang, &r.text.Role, &r.text.Bio)
	}, "SELECT c.entity_id, c.slug, c.url, coalesce(c.portrait_id, 0), coalesce(t.lang, ''), coalesce(t.role, ''), coalesce(t.bio, '')"+
		" FROM contributor c LEFT JOIN contributor_text t ON t.entity_id = c.entity_id WHERE "+where+" ORDER BY c.entity_id, t.lang", args...)
	if err != nil {
		return nil, err
	}
	var out []Contributor
	var ids []int64
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].EntityID != r.c.EntityID {
			r.c.Texts = map[string]Text{}
			out = append(out, r.c)
			ids = append(ids, r.c.EntityID)
		}
		if r.lang != "" {
			out[len(out)-1].Texts[r.lang] = r.text
		}
	}
	entities, err := entity.Read(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	for i := range out {
		e := entities[out[i].EntityID]
		out[i].Kind, out[i].Names = e.Kind, e.Names
	}
	return out, nil
}

// BySlug finds a contributor.
func (s *Store) BySlug(ctx context.Context, q db.Querier, pub int64, slug string) (Contributor, bool, error) {
	list, err := read(ctx, q, "c.publication_id = $1 AND c.slug = $2", pub, slug)
	if err != nil || len(list) == 0 {
		return Contributor{}, false, err
	}
	return list[0], true, nil
}

// All gives every contributor of the publication, by slug.
func (s *Store) All(ctx context.Context, pub int64) ([]Contributor, error) {
	list, err := read(ctx, s.d, "c.publication_id = $1", pub)
	slices.SortFunc(list, func(a, b Contributor) int { return strings.Compare(a.Slug, b.Slug) })
	return list, err
}

// Put stores contributors and gives the ids of their entities in order. One of
// EntityID 0 becomes a new person; an entity that was not a contributor becomes
// one. Of others everything is replaced but the names and texts in languages
// that are not given. An empty slug is made from the name; one that is taken
// gets "-2".
func (s *Store) Put(ctx context.Context, tx *db.Tx, pub int64, list []Contributor) ([]int64, error) {
	if len(list) == 0 {
		return nil, nil
	}
	list = slices.Clone(list)
	ids := make([]int64, len(list))
	for i, c := range list {
		if c.EntityID != 0 && slices.Contains(ids[:i], c.EntityID) {
			return nil, fault.New(fault.Invalid, "contributor %d stands twice in one batch", c.EntityID)
		}
		ids[i] = c.EntityID
	}
	old, err := byIDs(ctx, tx, slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return id == 0 }))
	if err != nil {
		return nil, err
	}
	editions, err := edition.Editions(ctx, tx, pub)
	if err != nil {
		return nil, err
	}
	if err := s.putEntities(ctx, tx, pub, list, old, ids); err != nil {
		return nil, err
	}
	var work []int // those that change
	for i := range list {
		c := &list[i]
		c.EntityID = ids[i]
		o, was := old[c.EntityID]
		texts := maps.Clone(o.Texts)
		if texts == nil {
			texts = map[string]Text{}
		}
		maps.Copy(texts, c.Texts)
		names := maps.Clone(o.Names)
		if names == nil {
			names = map[string]string{}
		}
		maps.Copy(names, c.Names)
		c.Texts, c.Names = texts, names
		if c.Slug == "" && was {
			c.Slug = o.Slug
		}
		if !was || !same(*c, o) {
			work = append(work, i)
		}
	}
	langs := edition.Site{Editions: editions}.Langs()
	if err := s.nameSlugs(ctx, tx, pub, list, work, langs); err != nil {
		return nil, err
	}
	var claims []address.Claim
	var whose []int
	for _, i := range work {
		o, was := old[ids[i]]
		if was && o.Slug == list[i].Slug {
			continue
		}
		for _, e := range editions {
			claims = append(claims, address.Claim{Edition: e.ID, Path: "author/" + list[i].Slug,
				Target: address.Target{Kind: "author", ID: ids[i]}, Fresh: !was})
			whose = append(whose, i)
		}
	}
	got, err := s.addresses.Claim(ctx, tx, claims)
	if err != nil {
		return nil, err
	}
	for k := len(got) - 1; k >= 0; k-- { // the default edition, the first, decides
		_, list[whose[k]].Slug, _ = strings.Cut(got[k], "/")
	}
	return ids, s.write(ctx, tx, pub, list, work, old)
}

// putEntities makes the persons that are new and stores names that changed.
func (s *Store) putEntities(ctx context.Context, tx *db.Tx, pub int64, list []Contributor, old map[int64]Contributor, ids []int64) error {
	var put []entity.Entity
	var at []int
	for i, c := range list {
		if c.EntityID != 0 {
			fresh := map[string]string{}
			for l, n := range c.Names {
				if old[c.EntityID].Names[l] != n {
					fresh[l] = n
				}
			}
			if len(fresh) == 0 {
				continue
			}
			c.Names = fresh
		}
		kind := c.Kind
		if kind == "" {
			kind = entity.Person
		}
		put = append(put, entity.Entity{ID: c.EntityID, Kind: kind, Names: c.Names})
		at = append(at, i)
	}
	made, err := s.entities.Put(ctx, tx, pub, put)
	for k, id := range made {
		ids[at[k]] = id
	}
	return err
}

// nameSlugs gives every contributor a slug that no other has.
func (s *Store) nameSlugs(ctx context.Context, tx *db.Tx, pub int64, list []Contributor, work []int, langs []string) error {
	taken := map[string]int64{}
	look := func(slugs []string) error {
		type pair struct {
			slug string
			id   int64
		}
		for part := range slices.Chunk(slugs, 256) {
			in, args := db.In([]any{pub}, part)
			rows, err := db.List(ctx, tx, func(s db.Scanner, p *pair) error { return s.Scan(&p.slug, &p.id) },
				"SELECT slug, entity_id FROM contributor WHERE publication_id = $1 AND slug IN ("+in+")", args...)
			if err != nil {
				return err
			}
			for _, p := range rows {
				taken[p.slug] = p.id
			}
		}
		return nil
	}
	var wanted []string
	for _, i := range work {
		c := &list[i]
		if c.Slug == "" {
			c.Slug = slug.Make(nameForSlug(c.Names, langs))
		} else if !slug.Valid(c.Slug) {
			c.Slug = slug.Imported(c.Slug)
		}
		if c.Slug == "" {
			c.Slug = "author-" + strconv.FormatInt(c.EntityID, 10)
		}
		wanted = append(wanted, c.Slug)
	}
	if err := look(wanted); err != nil {
		return err
	}
	for _, i := range work {
		c := &list[i]
		base := c.Slug
		for try := 2; ; try++ {
			if owner, is := taken[c.Slug]; !is || owner == c.EntityID {
				break
			}
			c.Slug = slug.WithNumber(base, try)
			if _, known := taken[c.Slug]; !known {
				if err := look([]string{c.Slug}); err != nil {
					return err
				}
			}
		}
		taken[c.Slug] = c.EntityID
	}
	return nil
}

func (s *Store) write(ctx context.Context, tx *db.Tx, pub int64, list []Contributor, work []int, old map[int64]Contributor) error {
	rows := tx.Bulk("contributor", "entity_id, publication_id, slug, portrait_id, url",
		"ON CONFLICT (entity_id) DO UPDATE SET slug = excluded.slug, portrait_id = excluded.portrait_id, url = excluded.url")
	texts := tx.Bulk("contributor_text", "entity_id, lang, role, bio",
		"ON CONFLICT (entity_id, lang) DO UPDATE SET role = excluded.role, bio = excluded.bio")
	for _, i := range work {
		c := list[i]
		if u := c.URL; u != "" && !strings.HasPrefix(u, "https://") && !strings.HasPrefix(u, "http://") {
			return fault.Field("url", "%q is no address on the web", u)
		}
		if _, was := old[c.EntityID]; was {
			n := strconv.FormatInt(c.EntityID, 10)
			tx.Changed("author:"+n, "entity:"+n)
		}
		rows.Add(c.EntityID, pub, c.Slug, sql.NullInt64{Int64: c.PortraitID, Valid: c.PortraitID != 0}, c.URL)
		for _, l := range slices.Sorted(maps.Keys(c.Texts)) {
			texts.Add(c.EntityID, l, c.Texts[l].Role, c.Texts[l].Bio)
		}
	}
	if err := rows.Flush(ctx); err != nil {
		return err
	}
	return texts.Flush(ctx)
}

// Readdress claims the addresses that contributors lack, after an edition was
// added.
func (s *Store) Readdress(ctx context.Context, tx *db.Tx, pub int64) error {
	list, err := read(ctx, tx, "c.publication_id = $1", pub)
	if err != nil {
		return err
	}
	editions, err := edition.Editions(ctx, tx, pub)
	if err != nil {
		return err
	}
	var claims []address.Claim
	for _, c := range list {
		for _, e := range editions {
			claims = append(claims, address.Claim{Edition: e.ID, Path: "author/" + c.Slug,
				Target: address.Target{Kind: "author", ID: c.EntityID}})
		}
	}
	_, err = s.addresses.Claim(ctx, tx, claims)
	return err
}
