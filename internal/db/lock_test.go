package db_test

import (
	"context"
	"testing"

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
