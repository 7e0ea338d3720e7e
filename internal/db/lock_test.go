package db_test

import (
	"context"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
)

func TestExclusive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		other := dbtest.Second(t, d)
		release, err := d.Exclusive(ctx, "import")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Exclusive(ctx, "import"); !fault.Is(err, fault.Conflict) {
			t.Errorf("held by another: %v", err)
		}
		if free, err := other.Exclusive(ctx, "something else"); err != nil {
			t.Errorf("another lock: %v", err)
		} else {
			free()
		}
		// Whoever waits for nothing goes on writing.
		if err := other.Tx(ctx, db.Desk, func(tx *db.Tx) error { tx.Changed("x"); return nil }); err != nil {
			t.Error(err)
		}
		release()
		again, err := other.Exclusive(ctx, "import")
		if err != nil {
			t.Fatalf("released, and yet: %v", err)
		}
		again()
	})
}

// TestServed: whoever serves readers is seen by others, also when there are
// several and also after the database was away.
func TestServed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if d.Held(ctx, db.Serving) {
			t.Error("nobody serves, and yet")
		}
		one, two := dbtest.Serving(t, d), dbtest.Serving(t, d)
		for _, gone := range []*db.DB{one, two} {
			if !d.Held(ctx, db.Serving) || !d.Held(ctx, db.Serving) {
				t.Error("served, and not seen")
			}
			if d.Engine() == db.Postgres {
				if _, err := db.Get(ctx, d, db.One[int], `SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
					AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS gone`); err != nil {
					t.Fatal(err)
				}
				for began := time.Now(); !d.Held(ctx, db.Serving); time.Sleep(20 * time.Millisecond) {
					if time.Since(began) > 10*time.Second {
						t.Fatal("not seen after its connection was lost")
					}
				}
			}
			gone.Close()
		}
		for began := time.Now(); d.Held(ctx, db.Serving); time.Sleep(20 * time.Millisecond) { // PostgreSQL's end of a connection takes a moment
			if time.Since(began) > 10*time.Second {
				t.Fatal("nobody serves any more, and yet")
			}
		}
	})
}
