package article

import (
	"context"
	"strings"

	"dateline/internal/address"
	"dateline/internal/db"
	"dateline/internal/fault"
)

// mostAbove is how many pages may stand above one.
const mostAbove = 5

// mostPages is how many pages the desk lists.
const mostPages = 2000

// DeskPages reads every page without a date, whatever its state, by edition and order.
func (s *Store) DeskPages(ctx context.Context, publication int64) ([]Item, error) {
	return db.List(ctx, s.d, scanItem, selectItem+"a.position"+itemsFrom+
		" WHERE a.publication_id = $1 AND a.kind = 'page' ORDER BY a.edition_id, a.position, a.id LIMIT $2", publication, mostPages)
}

// PlacePage hangs a page below another of its edition (0: below none) and says where
// it stands among those there. Its address and those of the pages below follow; the
// old ones lead on.
func (s *Store) PlacePage(ctx context.Context, tx *db.Tx, id, parent int64, position int) error {
	a, err := s.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if a.Kind != Page {
		return fault.New(fault.Conflict, "article %d is no page", id)
	}
	up := Article{}
	for above, n := parent, 0; above != 0; n++ {
		if above == id {
			return wrong("parent", "page_circle")
		}
		p, err := s.Get(ctx, tx, above)
		if err != nil {
			return err
		}
		if p.Kind != Page || p.Edition != a.Edition {
			return fault.Field("parent", "article %d is no page of edition %d", above, a.Edition)
		}
		if n == 0 {
			up = p
		}
		if n >= mostAbove {
			return wrong("parent", "page_deep", "most", mostAbove)
		}
		above = p.ParentID
	}
	if parent != 0 && up.Path == "" && a.Path != "" {
		return wrong("parent", "page_no_address") // what stands below it would have none
	}
	if _, err := tx.Exec(ctx, "UPDATE article SET parent_id = $1, position = $2, changed_at = $3 WHERE id = $4",
		orNull(parent), position, s.d.Now().UnixMilli(), id); err != nil {
		return err
	}
	tx.Changed("pages:"+itoa(a.Edition), "article:"+itoa(id), "story:"+itoa(a.StoryID))
	for _, p := range []int64{a.ParentID, parent} {
		if p != 0 {
			tx.Changed("article:" + itoa(p))
		}
	}
	if err := s.readdress(ctx, tx, id); err != nil {
		return err
	}
	return s.Repath(ctx, tx, id)
}

// PagePath is the address of a page with a slug, below another.
func (s *Store) PagePath(ctx context.Context, q db.Querier, parent int64, slug string) (string, error) {
	if parent == 0 {
		return slug, nil
	}
	up, err := s.Get(ctx, q, parent)
	if err != nil || up.Path == "" {
		return slug, err
	}
	return up.Path + "/" + slug, nil
}

// Repath gives the pages below one the addresses that follow from its own.
func (s *Store) Repath(ctx context.Context, tx *db.Tx, id int64) error {
	return s.repath(ctx, tx, id, 0)
}

func (s *Store) repath(ctx context.Context, tx *db.Tx, id int64, deep int) error {
	a, err := s.Get(ctx, tx, id)
	if err != nil || deep > 2*mostAbove || deep > 0 && a.Path == "" {
		return err
	}
	below, err := db.List(ctx, tx, db.One[int64], "SELECT id FROM article WHERE edition_id = $1 AND kind = 'page' AND parent_id = $2 ORDER BY id", a.Edition, id)
	if err != nil {
		return err
	}
	for _, child := range below {
		if err := s.readdress(ctx, tx, child); err != nil {
			return err
		}
		if err := s.repath(ctx, tx, child, deep+1); err != nil {
			return err
		}
	}
	return nil
}

// readdress gives a page that has an address the one that follows from what it hangs
// below; where that has none, it keeps its own.
func (s *Store) readdress(ctx context.Context, tx *db.Tx, id int64) error {
	a, err := s.Get(ctx, tx, id)
	if err != nil || a.Path == "" {
		return err
	}
	slug := a.Path[strings.LastIndexByte(a.Path, '/')+1:]
	want, err := s.PagePath(ctx, tx, a.ParentID, slug)
	if err != nil || want == a.Path || want == slug && a.ParentID != 0 {
		return err
	}
	got, err := s.addresses.Claim(ctx, tx, []address.Claim{{Edition: a.Edition, Path: want, Target: address.Target{Kind: "article", ID: id}}})
	if err != nil {
		return err
	}
	slug = got[0][strings.LastIndexByte(got[0], '/')+1:]
	tx.Changed("pages:"+itoa(a.Edition), "article:"+itoa(id), "story:"+itoa(a.StoryID))
	_, err = tx.Exec(ctx, "UPDATE article SET path = $1, slug = $2 WHERE id = $3", got[0], slug, id)
	return err
}
