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
		// PostgreSQL takes a moment to end a connection, and we one to make another.
		seen := func(want bool, when string) {
			t.Helper()
			for began := time.Now(); d.Held(ctx, db.Serving) != want; time.Sleep(20 * time.Millisecond) {
				if time.Since(began) > 20*time.Second {
					t.Fatalf("%s: served is %v", when, !want)
				}
			}
		}
		cut := func(want int) {
			t.Helper()
			if d.Engine() != db.Postgres {
				return
			}
			for n, began := 0, time.Now(); n < want; time.Sleep(20 * time.Millisecond) { // those that have come back
				more, err := db.Get(ctx, d, db.One[int], `SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
					AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS gone`)
				if n += more; err != nil || time.Since(began) > 20*time.Second {
					t.Fatalf("%d connections cut; %v", n, err)
				}
			}
		}
		if d.Held(ctx, db.Serving) {
			t.Error("nobody serves, and yet")
		}
		one, two := dbtest.Serving(t, d), dbtest.Serving(t, d)
		for range 2 { // asking takes nothing away
			if !d.Held(ctx, db.Serving) {
				t.Error("two serve, and are not seen")
			}
		}
		cut(2)
		seen(true, "after both connections were lost")
		one.Close()
		seen(true, "after one has ended")
		cut(1)
		seen(true, "after the other's connection was lost")
		two.Close()
		seen(false, "after both have ended")
	})
}
