package entity

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/fault"
)

func publication(t *testing.T, d *db.DB) int64 {
	t.Helper()
	var site edition.Site
	err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) (err error) {
		site, err = edition.New(d).Setup(t.Context(), tx, edition.PublicationInput{Key: "main", Zone: "UTC", Editions: []edition.EditionInput{{Lang: "en"}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return site.Publication.ID
}

func put(t *testing.T, d *db.DB, pub int64, list ...Entity) []int64 {
	t.Helper()
	var ids []int64
	err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) (err error) {
		ids, err = New(d).Put(t.Context(), tx, pub, list)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestPut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s, pub := t.Context(), New(d), publication(t, d)
		ids := put(t, d, pub,
			Entity{Kind: Person, Names: map[string]string{"ru": "Фёдор Ёлкин", "kk": "Фёдор Ёлкин"}},
			Entity{Kind: Place, Names: map[string]string{"en": "Almaty", "ru": "Алматы"}})
		var changed []string
		d.OnChange(func(tags []string) { changed = tags })
		again := put(t, d, pub,
			Entity{ID: ids[1], Names: map[string]string{"kk": "Алматы", "en": "Alma-Ata"}},
			Entity{Kind: Organisation, Names: map[string]string{"en": "The Lamp"}})
		if again[0] != ids[1] || again[1] == ids[0] || again[1] == ids[1] {
			t.Errorf("ids: %v then %v", ids, again)
		}
		if len(changed) != 2 {
			t.Errorf("changed: %v", changed)
		}
		got, err := s.ByIDs(ctx, append(ids, again[1], 999))
		if err != nil {
			t.Fatal(err)
		}
		want := map[int64]Entity{
			ids[0]:   {ids[0], Person, map[string]string{"ru": "Фёдор Ёлкин", "kk": "Фёдор Ёлкин"}},
			ids[1]:   {ids[1], Place, map[string]string{"en": "Alma-Ata", "ru": "Алматы", "kk": "Алматы"}},
			again[1]: {again[1], Organisation, map[string]string{"en": "The Lamp"}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for _, c := range []struct {
			kind, name string
			id         int64
		}{
			{Person, "федор елкин", ids[0]}, {Place, "АЛМАТЫ", ids[1]}, {Place, "Almaty", 0}, {Person, "Алматы", 0},
		} {
			if id, ok, err := s.Find(ctx, d, pub, c.kind, c.name); err != nil || id != c.id || ok != (c.id != 0) {
				t.Errorf("%s %s: %d %v %v, want %d", c.kind, c.name, id, ok, err, c.id)
			}
		}
		if _, ok, err := s.Find(ctx, d, pub+1, Place, "Алматы"); ok || err != nil {
			t.Errorf("found in another publication: %v %v", ok, err)
		}
	})
}

func TestRefused(t *testing.T) {
	d := dbtest.New(t)
	pub := publication(t, d)
	for name, e := range map[string]Entity{
		"no kind":  {Names: map[string]string{"en": "x"}},
		"no name":  {Kind: Person},
		"blank":    {Kind: Person, Names: map[string]string{"en": " "}},
		"language": {Kind: Person, Names: map[string]string{"": "x"}},
	} {
		err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { _, err := New(d).Put(t.Context(), tx, pub, []Entity{e}); return err })
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestName(t *testing.T) {
	e := Entity{Names: map[string]string{"ru": "Москва", "kk": "Мәскеу"}}
	for _, c := range []struct {
		lang string
		back []string
		want string
	}{{"ru", nil, "Москва"}, {"en", []string{"de", "ru"}, "Москва"}, {"en", nil, "Мәскеу"}} {
		if got := e.Name(c.lang, c.back...); got != c.want {
			t.Errorf("%s %v: %s", c.lang, c.back, got)
		}
	}
	if got := (Entity{}).Name("en"); got != "" {
		t.Errorf("of none: %q", got)
	}
}
