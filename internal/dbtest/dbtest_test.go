package dbtest

import (
	"context"
	"testing"
	"time"

	"dateline/internal/db"
)

func TestEachIsFresh(t *testing.T) {
	at := time.Date(2022, 2, 14, 6, 49, 0, 0, time.UTC)
	clock := func(c *db.Config) { c.Now = func() time.Time { return at } }
	for range 2 { // the second must not see what the first wrote
		Each(t, func(t *testing.T, d *db.DB) {
			ctx := context.Background()
			if !d.Now().Equal(at) {
				t.Errorf("the clock says %v", d.Now())
			}
			count := func(d *db.DB) (n int) {
				if err := d.QueryRow(ctx, "SELECT count(*) FROM audit").Scan(&n); err != nil {
					t.Fatal(err)
				}
				return n
			}
			if n := count(d); n != 0 {
				t.Fatalf("%d rows in a fresh database", n)
			}
			err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, "INSERT INTO audit (at, actor, action, kind, ref_id) VALUES ($1, $2, $3, $4, $5)", 1, "a", "b", "c", 1)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if n := count(Second(t, d)); n != 1 {
				t.Errorf("a second handle sees %d rows, want 1", n)
			}
		}, clock)
	}
}

func TestServer(t *testing.T) {
	for _, c := range []struct {
		postgres, require, want string
		fails                   bool
	}{
		{"", "", "", false},
		{"postgres://x", "", "postgres://x", false},
		{"postgres://x", "1", "postgres://x", false},
		{"", "1", "", true},
	} {
		got, err := server(func(name string) string {
			if name == "DATELINE_TEST_POSTGRES" {
				return c.postgres
			}
			return c.require
		})
		if got != c.want || (err != nil) != c.fails {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}
