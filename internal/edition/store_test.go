package edition

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
)

func write(t *testing.T, d *db.DB, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Tx(t.Context(), db.Desk, f); err != nil {
		t.Fatal(err)
	}
}

func setup(t *testing.T, d *db.DB, s *Store) Site {
	t.Helper()
	var site Site
	write(t, d, func(tx *db.Tx) (err error) {
		site, err = s.Setup(t.Context(), tx, PublicationInput{Key: "main", Zone: "Asia/Almaty", DefaultLang: "ru", Editions: []EditionInput{
			{Lang: "en", Name: "The Lamp", Hosts: []string{"Lamp.example"}}, {Lang: "ru", Name: "Фонарь"}, {Lang: "kk", Name: "Шам"},
		}})
		return err
	})
	return site
}

func TestSetup(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), New(d)
		if _, err := s.Site(ctx); !fault.Is(err, fault.NotFound) {
			t.Fatalf("nothing set up: %v", err)
		}
		made := setup(t, d, s)
		read, err := s.Site(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(made, read); diff != "" {
			t.Error(diff)
		}
		var prefixes []string
		for _, e := range read.Editions {
			prefixes = append(prefixes, e.Lang+e.Prefix)
		}
		if diff := cmp.Diff([]string{"ru", "en/en", "kk/kk"}, prefixes); diff != "" {
			t.Error(diff)
		}
		if e, ok := read.ByHost("lamp.EXAMPLE"); !ok || e.Lang != "en" {
			t.Errorf("host: %+v %v", e, ok)
		}
		err = d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			_, err := s.Setup(ctx, tx, PublicationInput{Key: "main", Zone: "UTC", Editions: []EditionInput{{Lang: "en"}}})
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("a second one of that key: %v", err)
		}
	})
}

func TestRefused(t *testing.T) {
	d := dbtest.New(t)
	ctx, s := t.Context(), New(d)
	site := setup(t, d, s)
	pub, en := site.Publication.ID, site.Editions[1].ID
	at := time.Unix(1000, 0)
	for name, f := range map[string]func(*db.Tx) error{
		"zone": func(tx *db.Tx) error { return s.SetZone(ctx, tx, pub, "Mars/Base") },
		"language": func(tx *db.Tx) error {
			_, err := s.AddEdition(ctx, tx, pub, EditionInput{Lang: "no language"})
			return err
		},
		"ends before": func(tx *db.Tx) error {
			_, err := s.PutAnnouncement(ctx, tx, Announcement{EditionID: en, Kind: "breaking", Text: "x", Begins: at, Ends: at})
			return err
		},
		"script": func(tx *db.Tx) error {
			return s.PutFollowLinks(ctx, tx, en, []FollowLink{{"vk", "VK", "javascript:alert(1)"}})
		},
		"other host": func(tx *db.Tx) error {
			_, err := s.PutAnnouncement(ctx, tx, Announcement{EditionID: en, Kind: "breaking", Text: "x", URL: "//evil.example", Begins: at, Ends: at.Add(1e9)})
			return err
		},
	} {
		if err := d.Tx(ctx, db.Desk, f); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSplit(t *testing.T) {
	s := Site{Publication: Publication{DefaultEdition: 1}, Editions: []Edition{{ID: 1, Lang: "en"}, {ID: 2, Lang: "ru"}, {ID: 3, Lang: "pt-BR"}}}
	s.arrange()
	for _, c := range []struct{ path, lang, rest string }{
		{"/", "en", "/"}, {"/ru", "ru", ""}, {"/ru/", "ru", "/"}, {"/ru/2022/02/", "ru", "/2022/02/"},
		{"/rust", "en", "/rust"}, {"/en/about", "en", "/en/about"}, {"/pt-br/x", "pt-BR", "/x"}, {"", "en", ""},
	} {
		e, rest := s.Split(c.path)
		if e.Lang != c.lang || rest != c.rest {
			t.Errorf("%q: %s %q", c.path, e.Lang, rest)
		}
		if e.Prefix+rest != c.path {
			t.Errorf("%q became %q", c.path, e.Prefix+rest)
		}
	}
}

func TestSiteFollowsChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), New(d)
		site := setup(t, d, s)
		pub := site.Publication.ID
		if _, err := s.Site(ctx); err != nil {
			t.Fatal(err)
		}
		var de Edition
		write(t, d, func(tx *db.Tx) (err error) {
			de, err = s.AddEdition(ctx, tx, pub, EditionInput{Lang: "de", Name: "Die Lampe"})
			return err
		})
		if de.Prefix != "/de" || de.Position != 3 {
			t.Errorf("added: %+v", de)
		}
		de.Name, de.Hosts = "Lampe", []string{"lampe.example"}
		write(t, d, func(tx *db.Tx) error { return s.UpdateEdition(ctx, tx, de) })
		write(t, d, func(tx *db.Tx) error { return s.SetDefault(ctx, tx, pub, de.ID) })
		write(t, d, func(tx *db.Tx) error { return s.SetZone(ctx, tx, pub, "Europe/Berlin") })
		got, err := s.Site(ctx)
		if err != nil {
			t.Fatal(err)
		}
		first := got.Default()
		if first.Name != "Lampe" || first.Prefix != "" || len(first.Hosts) != 1 || got.Editions[0].ID != de.ID {
			t.Errorf("the default edition: %+v", first)
		}
		if ru, _ := got.ByLang("RU"); ru.Prefix != "/ru" || got.Publication.Zone != "Europe/Berlin" {
			t.Errorf("the former default: %+v of %+v", ru, got.Publication)
		}
		if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return s.SetDefault(ctx, tx, pub+1, de.ID) }); !fault.Is(err, fault.NotFound) {
			t.Errorf("another publication's edition: %v", err)
		}
	})
}

func TestAnnouncements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), New(d)
		id := setup(t, d, s).Editions[0].ID
		at := func(h int) time.Time {
			return time.UnixMilli(1_700_000_000_000).UTC().Add(time.Duration(h) * time.Hour)
		}
		var changed []string
		d.OnChange(func(tags []string) { changed = tags })
		for _, a := range []Announcement{
			{Kind: "announcement", Text: "past", Begins: at(0), Ends: at(1)},
			{Kind: "announcement", Text: "long", Begins: at(0), Ends: at(10)},
			{Kind: "breaking", Text: "soon", Begins: at(3), Ends: at(5)},
		} {
			a.EditionID = id
			write(t, d, func(tx *db.Tx) error { _, err := s.PutAnnouncement(ctx, tx, a); return err })
		}
		if diff := cmp.Diff([]string{tag(id)}, changed); diff != "" {
			t.Error(diff)
		}
		for _, c := range []struct {
			now  int
			want []string
			next time.Time
		}{
			{2, []string{"long"}, at(3)}, {3, []string{"soon", "long"}, at(5)}, {5, []string{"long"}, at(10)}, {10, nil, time.Time{}},
		} {
			list, next, err := s.Announcements(ctx, id, at(c.now))
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, a := range list {
				texts = append(texts, a.Text)
			}
			if diff := cmp.Diff(c.want, texts); diff != "" || !next.Equal(c.next) {
				t.Errorf("hour %d: next %v, want %v; %s", c.now, next, c.next, diff)
			}
		}
		list, _, _ := s.Announcements(ctx, id, at(2))
		a := list[0]
		a.Ends = at(2)
		write(t, d, func(tx *db.Tx) error { _, err := s.PutAnnouncement(ctx, tx, a); return err })
		if list, _, err := s.Announcements(ctx, id, at(2)); err != nil || len(list) != 0 {
			t.Errorf("taken down: %v, %v", list, err)
		}
	})
}

func TestFollowLinks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), New(d)
		id := setup(t, d, s).Editions[0].ID
		for _, want := range [][]FollowLink{
			{{"telegram", "Телеграм", "https://t.example/lamp"}, {"rss", "RSS", "/feed.xml"}},
			{{"vk", "VK", "https://vk.example/lamp"}},
		} {
			write(t, d, func(tx *db.Tx) error { return s.PutFollowLinks(ctx, tx, id, want) })
			got, err := s.FollowLinks(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
	})
}
