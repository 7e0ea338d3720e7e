package address_test

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/address"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
)

func TestKey(t *testing.T) {
	for in, want := range map[string]string{
		"https://old.example/2014/05/slug/":             "/2014/05/slug",
		"https://old.example/2014/05/slug?utm_source=x": "/2014/05/slug",
		"https://old.example/?p=123":                    "/?p=123",
		"https://old.example/index.php?p=123&utm=1":     "/?p=123",
		"https://old.example/?page_id=7":                "/?page_id=7",
		"https://old.example/?utm_source=x&cat=3":       "/?cat=3",
		"https://old.example/%D0%BC%D0%B8%D1%80/":       "/мир",
		"https://old.example":                           "/",
		"https://old.example/?s=search":                 "/",
		"https://old.example/feed/":                     "/feed",
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := address.Key(u); got != want {
			t.Errorf("Key(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHost(t *testing.T) {
	for in, want := range map[string]string{"WWW.Example.ORG:8080": "example.org", "example.org.": "example.org", "[::1]:80": "[::1]", "[::1]": "[::1]", "": ""} {
		if got := address.Host(in); got != want {
			t.Errorf("Host(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestReserved(t *testing.T) {
	langs := []string{"en", "ru"}
	for path, want := range map[string]bool{"about": false, "about/team": false, "section/x": true, "2014/plan": true, "ru": true, "RU/x": true,
		"desk": true, "columns": true, "authors": true, "series": true, ".well-known/x": true, "20144": false, "feed.xml": true} {
		if got := address.Reserved(path, langs); got != want {
			t.Errorf("Reserved(%q) = %v", path, got)
		}
	}
}

func TestClaims(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := address.New(d)
		claim := func(claims ...address.Claim) []string {
			t.Helper()
			var got []string
			err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
				var err error
				got, err = s.Claim(ctx, tx, claims)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		of := func(edition int64, path string, id int64, fresh bool) address.Claim {
			return address.Claim{Edition: edition, Path: path, Target: address.Target{Kind: "article", ID: id}, Fresh: fresh}
		}
		// Rivals in one batch, and the same path in another edition.
		got := claim(of(1, "a", 1, true), of(1, "a", 2, true), of(2, "a", 3, true), of(1, "a-2", 4, true))
		if diff := cmp.Diff([]string{"a", "a-2", "a", "a-2-2"}, got); diff != "" {
			t.Errorf("claims (-want +got): %s", diff)
		}
		if got := claim(of(1, "b", 1, false)); got[0] != "b" {
			t.Errorf("renamed to %q", got[0])
		}
		look := func(path string, id int64, current bool) {
			t.Helper()
			target, cur, err := s.Lookup(ctx, 1, path)
			if err != nil || target.ID != id || cur != current {
				t.Errorf("%q: article %d current %v, %v; want %d %v", path, target.ID, cur, err, id, current)
			}
		}
		look("a", 1, false)
		look("b", 1, true)
		if got := claim(of(1, "a", 9, true)); got[0] != "a-3" {
			t.Errorf("an address once given stays its thing's; the rival got %q", got[0])
		}
		claim(of(1, "a", 1, false)) // back to the first name
		look("a", 1, true)
		look("b", 1, false)
		if _, _, err := s.Lookup(ctx, 1, "nowhere"); !fault.Is(err, fault.NotFound) {
			t.Errorf("nothing there: %v", err)
		}
		paths, err := s.Paths(ctx, "article", 1, []int64{1, 2, 3})
		if diff := cmp.Diff(map[int64]string{1: "a", 2: "a-2"}, paths); diff != "" || err != nil {
			t.Errorf("paths (-want +got): %s %v", diff, err)
		}
	})
}

func TestRedirects(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := address.New(d)
		r := func(host, path string, seq, id int64) address.Redirect {
			return address.Redirect{Publication: 1, Host: host, Path: path, Seq: seq, Edition: 1, Target: address.Target{Kind: "article", ID: id}}
		}
		err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			return errors.Join(
				s.AddRedirects(ctx, tx, []address.Redirect{r("two.example", "/?p=1", 2, 20), r("one.example", "/?p=1", 1, 10)}),
				s.AddRedirects(ctx, tx, []address.Redirect{r("one.example", "/?p=1", 1, 99), r("one.example", "/x", 1, 11)}))
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			host, key string
			want      int64
		}{
			{"one.example", "/?p=1", 10}, {"two.example", "/?p=1", 20}, {"new.example", "/?p=1", 10}, {"two.example", "/x", 11},
		} {
			got, err := s.Old(ctx, 1, c.host, c.key)
			if err != nil || got.ID != c.want {
				t.Errorf("%s%s leads to %d, %v; want %d", c.host, c.key, got.ID, err, c.want)
			}
		}
		if _, err := s.Old(ctx, 1, "one.example", "/y"); !fault.Is(err, fault.NotFound) {
			t.Errorf("no such address: %v", err)
		}
		many, err := s.OldMany(ctx, 1, "one.example", []string{"/x", "/y", "/?p=1"})
		if err != nil || len(many) != 2 || many["/x"].ID != 11 {
			t.Errorf("many: %v, %v", many, err)
		}
		if _, err := s.OldOn(ctx, 1, "two.example", "/x"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another host's address: %v", err)
		}
		list := func(path string, id int64) address.Redirect {
			out := r("one.example", path, 1, id)
			out.Kind = "topic"
			return out
		}
		// A list yields to an article, in one statement or later, and to nothing else.
		for _, add := range [][]address.Redirect{{list("/a", 1), list("/a/b", 2), list("/a/c", 3), list("/ab", 4), list("/a/d", 5), r("one.example", "/a/d", 1, 50)},
			{r("one.example", "/a/b", 1, 20)}, {list("/a/b", 6), list("/a/c", 7), r("one.example", "/a/b", 1, 21)}} {
			if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return s.AddRedirects(ctx, tx, add) }); err != nil {
				t.Fatal(err)
			}
		}
		var got []int64
		for after := "/a/"; ; {
			part, err := s.OldBelow(ctx, 1, "one.example", "/a", after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range part {
				got, after = append(got, o.ID), o.Path
			}
			if len(part) < 2 {
				break
			}
		}
		if diff := cmp.Diff([]int64{20, 3, 50}, got); diff != "" {
			t.Errorf("below /a (-want +got): %s", diff)
		}
		missing, err := s.Missing(ctx, []address.Redirect{list("/a/b", 1), list("/a/e", 8), r("one.example", "/a/c", 1, 30), r("two.example", "/a/b", 2, 31), r("one.example", "/x", 1, 32)})
		got = nil
		for _, m := range missing {
			got = append(got, m.ID)
		}
		if diff := cmp.Diff([]int64{8, 30, 31}, got); diff != "" || err != nil {
			t.Errorf("missing (-want +got): %s %v", diff, err)
		}
		for _, ed := range []int64{1, 1, 2} {
			if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
				return s.PutHost(ctx, tx, address.OldHost{Publication: 1, Host: "one.example", Edition: ed})
			}); err != nil {
				t.Fatal(err)
			}
			hosts, err := s.OldHosts(ctx, 1)
			if diff := cmp.Diff(map[string]int64{"one.example": ed}, hosts); diff != "" || err != nil {
				t.Errorf("hosts (-want +got): %s %v", diff, err)
			}
		}
	})
}
