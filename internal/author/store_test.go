package author

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/address"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/fault"
)

type house struct {
	*testing.T
	d         *db.DB
	s         *Store
	addresses *address.Store
	editions  *edition.Store
	site      edition.Site
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{T: t, d: d, addresses: address.New(d), editions: edition.New(d)}
	h.s = New(d, entity.New(d), h.addresses)
	h.write(func(tx *db.Tx) (err error) {
		h.site, err = h.editions.Setup(t.Context(), tx, edition.PublicationInput{Key: "main", Zone: "UTC",
			Editions: []edition.EditionInput{{Lang: "en", Name: "The Lamp"}, {Lang: "ru", Name: "Фонарь"}}})
		return err
	})
	return h
}

func (h *house) pub() int64 { return h.site.Publication.ID }

func (h *house) write(f func(*db.Tx) error) {
	h.Helper()
	if err := h.d.Tx(h.Context(), db.Desk, f); err != nil {
		h.Fatal(err)
	}
}

func (h *house) put(list ...Contributor) []int64 {
	h.Helper()
	var ids []int64
	h.write(func(tx *db.Tx) (err error) { ids, err = h.s.Put(h.Context(), tx, h.pub(), list); return err })
	return ids
}

func (h *house) path(edition int, id int64) string {
	h.Helper()
	m, err := h.addresses.Paths(h.Context(), "author", h.site.Editions[edition].ID, []int64{id})
	if err != nil {
		h.Fatal(err)
	}
	return m[id]
}

func TestPut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		anna := Contributor{PortraitID: 4, URL: "https://anna.example", Names: map[string]string{"ru": "Анна Ким", "en": "Anna Kim"},
			Texts: map[string]Text{"ru": {"редактор", "Пишет о городе."}}}
		ids := h.put(anna, Contributor{Names: map[string]string{"en": "Anna Kim"}}, Contributor{Kind: entity.Organisation, Slug: "%D0%B1", Names: map[string]string{"ru": "Бюро"}})
		got, err := h.s.ByIDs(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		anna.EntityID, anna.Slug, anna.Kind = ids[0], "anna-kim", entity.Person
		want := map[int64]Contributor{
			ids[0]: anna,
			ids[1]: {EntityID: ids[1], Kind: entity.Person, Slug: "anna-kim-2", Names: map[string]string{"en": "Anna Kim"}, Texts: map[string]Text{}},
			ids[2]: {EntityID: ids[2], Kind: entity.Organisation, Slug: "б", Names: map[string]string{"ru": "Бюро"}, Texts: map[string]Text{}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for i, want := range []string{"author/anna-kim", "author/anna-kim-2", "author/б"} {
			for e := range h.site.Editions {
				if got := h.path(e, ids[i]); got != want {
					t.Errorf("edition %d: %q, want %q", e, got, want)
				}
			}
		}
		all, err := h.s.All(t.Context(), h.pub())
		if err != nil || len(all) != 3 || all[0].EntityID != ids[0] {
			t.Errorf("all: %+v, %v", all, err)
		}
	})
}

func TestChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		id := h.put(Contributor{Slug: "a", Names: map[string]string{"en": "Anna"}, Texts: map[string]Text{"en": {Role: "editor"}}})[0]
		c, ok, err := h.s.BySlug(t.Context(), d, h.pub(), "a")
		if err != nil || !ok || c.EntityID != id {
			t.Fatalf("by slug: %+v %v %v", c, ok, err)
		}
		var changed []string
		d.OnChange(func(tags []string) { changed = tags })
		h.put(c)
		if changed != nil {
			t.Errorf("nothing changed, told %v", changed)
		}
		h.put(Contributor{EntityID: id, Slug: "b", Names: map[string]string{"ru": "Анна"}, Texts: map[string]Text{"ru": {Role: "редактор"}}})
		if len(changed) != 2 || h.path(0, id) != "author/b" || h.path(1, id) != "author/b" {
			t.Errorf("told %v, at %s", changed, h.path(0, id))
		}
		got, err := h.s.ByIDs(t.Context(), []int64{id})
		want := Contributor{EntityID: id, Kind: entity.Person, Slug: "b", Names: map[string]string{"en": "Anna", "ru": "Анна"},
			Texts: map[string]Text{"en": {Role: "editor"}, "ru": {Role: "редактор"}}}
		if diff := cmp.Diff(map[int64]Contributor{id: want}, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
		// What was Anna's address stays hers.
		other := h.put(Contributor{Slug: "a", Names: map[string]string{"en": "Alex"}})[0]
		if p := h.path(0, other); p != "author/a-2" {
			t.Errorf("the second a is at %q", p)
		}
		if c, ok, _ := h.s.BySlug(t.Context(), d, h.pub(), "a-2"); !ok || c.EntityID != other {
			t.Errorf("its slug is another: %+v", c)
		}
		h.write(func(tx *db.Tx) error {
			if _, err := h.editions.AddEdition(t.Context(), tx, h.pub(), edition.EditionInput{Lang: "kk"}); err != nil {
				return err
			}
			return h.s.Readdress(t.Context(), tx, h.pub())
		})
		if h.site, err = h.editions.Site(t.Context()); err != nil || h.path(2, id) != "author/b" {
			t.Errorf("in the new edition: %q, %v", h.path(2, id), err)
		}
	})
}

func TestRefused(t *testing.T) {
	d := dbtest.New(t)
	h := open(t, d)
	for name, list := range map[string][]Contributor{
		"address": {{Names: map[string]string{"en": "x"}, URL: "javascript:alert(1)"}},
		"name":    {{Slug: "x"}},
		"twice":   {{EntityID: 1, Slug: "x"}, {EntityID: 1, Slug: "y"}},
	} {
		err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { _, err := h.s.Put(t.Context(), tx, h.pub(), list); return err })
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
