package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
)

const newPublication = "INSERT INTO publication (key, zone, created_at) VALUES ($1, 'UTC', 0)"

func TestBulkAndIDs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var all []int64
		for range 3 {
			err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, newPublication+" ON CONFLICT DO NOTHING", "main"); err != nil {
					return err
				}
				pub, err := db.Get(ctx, tx, db.One[int64], "SELECT id FROM publication")
				if err != nil {
					return err
				}
				ids, err := tx.IDs(ctx, "story", 87)
				if err != nil {
					return err
				}
				all = append(all, ids...)
				b := tx.Bulk("story", "id, publication_id, created_at", "")
				for _, id := range ids {
					b.Add(id, pub, 0)
				}
				return b.Flush(ctx)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		stored, err := db.List(ctx, d, db.One[int64], "SELECT id FROM story ORDER BY id")
		if err != nil || !slices.Equal(stored, all) {
			t.Errorf("stored %d ids, reserved %d, %v", len(stored), len(all), err)
		}
		// The table's own numbering goes on behind what was reserved.
		err = d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			id, err := db.Get(ctx, tx, db.One[int64], "INSERT INTO story (publication_id, created_at) VALUES ((SELECT id FROM publication), 0) RETURNING id")
			if err == nil && slices.Contains(all, id) {
				return fmt.Errorf("id %d was reserved", id)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for n := range 9 {
			values := make([]int64, n)
			for i := range values {
				values[i] = int64(i)
			}
			in, args := db.In([]any{100}, values)
			got, err := db.List(context.Background(), d, db.One[int64],
				"SELECT n FROM (SELECT 0 AS n UNION SELECT 3 UNION SELECT 5 UNION SELECT 8) AS few WHERE n < CAST($1 AS BIGINT) AND n IN ("+in+") ORDER BY n", args...)
			if err != nil {
				t.Fatal(err)
			}
			var want []int64
			for _, v := range []int64{0, 3, 5, 8} {
				if v < int64(n) {
					want = append(want, v)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d values: %v, want %v", n, got, want)
			}
		}
	})
}

func TestErrorsHaveKinds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		add := func(tx *db.Tx) error { _, err := tx.Exec(ctx, newPublication, "twice"); return err }
		if err := d.Tx(ctx, db.Desk, add); err != nil {
			t.Fatal(err)
		}
		if err := d.Tx(ctx, db.Desk, add); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second row of a unique key: %v", err)
		}
		if _, err := db.Get(ctx, d, db.One[int64], "SELECT id FROM publication WHERE key = 'none'"); !fault.Is(err, fault.NotFound) {
			t.Errorf("no row: %v", err)
		}
		if _, err := db.Get(ctx, d, db.One[int64], "SELECT no_such_column FROM publication"); !fault.Is(err, fault.Internal) {
			t.Errorf("a wrong statement: %v", err)
		}
	})
}

func TestRollback(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var heard []string
		d.OnChange(func(tags []string) { heard = append(heard, tags...) })
		boom := errors.New("boom")
		err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			tx.Changed("front:1")
			if _, err := tx.Exec(ctx, newPublication, "gone"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		n, err := db.Get(ctx, d, db.One[int], "SELECT count(*) FROM publication")
		if n != 0 || err != nil || len(heard) != 0 {
			t.Errorf("after a failure: %d rows, heard %q, %v", n, heard, err)
		}
	})
}

// TestOtherProcess opens the database twice: what one changes the other hears,
// once, and nobody hears their own change twice.
func TestOtherProcess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		other := dbtest.Second(t, d)
		var mu sync.Mutex
		var mine []string
		theirs := make(chan string, 100)
		d.OnChange(func(tags []string) { mu.Lock(); mine = append(mine, tags...); mu.Unlock() })
		other.OnChange(func(tags []string) {
			for _, tag := range tags {
				theirs <- tag
			}
		})
		for i := range 5 {
			err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { tx.Changed(fmt.Sprintf("article:%d", i)); return nil })
			if err != nil {
				t.Fatal(err)
			}
			mu.Lock()
			if len(mine) != i+1 {
				t.Errorf("after the transaction its own process has heard %q", mine)
			}
			mu.Unlock()
		}
		for i := range 5 {
			select {
			case tag := <-theirs:
				if want := fmt.Sprintf("article:%d", i); tag != want {
					t.Errorf("the other process heard %q, want %q", tag, want)
				}
			case <-time.After(5 * time.Second):
				t.Fatalf("the other process did not hear of change %d", i)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if len(mine) != 5 {
			t.Errorf("its own process heard %q", mine)
		}
	})
}

func TestManyChangesAreEverything(t *testing.T) {
	d := dbtest.New(t)
	ctx := context.Background()
	var heard []string
	d.OnChange(func(tags []string) { heard = append(heard, tags...) })
	err := d.Tx(ctx, db.Import, func(tx *db.Tx) error {
		for i := range 20_000 {
			tx.Changed(fmt.Sprintf("article:%d", i))
		}
		tx.Changed("!article:3")
		return nil
	})
	if err != nil || !slices.Equal(heard, []string{"!article:3", db.All}) {
		t.Errorf("heard %d tags, %.5q, %v", len(heard), heard, err)
	}
}

// TestTurns lets writers of all classes queue behind one: the most urgent goes first.
func TestTurns(t *testing.T) {
	d := dbtest.New(t)
	ctx := context.Background()
	begun, release := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		d.Tx(ctx, db.Import, func(*db.Tx) error { close(begun); <-release; return nil })
	})
	<-begun
	var mu sync.Mutex
	var order []db.Class
	classes := []db.Class{db.Import, db.Jobs, db.Views, db.Desk}
	for i, class := range classes {
		wg.Go(func() {
			d.Tx(ctx, class, func(*db.Tx) error { mu.Lock(); order = append(order, class); mu.Unlock(); return nil })
		})
		for d.Waiting() != i+1 {
			runtime.Gosched()
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := d.Tx(cancelled, db.Desk, func(*db.Tx) error { return nil }); err == nil {
		t.Error("a cancelled writer got its turn")
	}
	close(release)
	wg.Wait()
	if want := []db.Class{db.Desk, db.Views, db.Jobs, db.Import}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
}

// TestImportsRest lets two goroutines of an import write one transaction after
// another: between them there is time for another process.
func TestImportsRest(t *testing.T) {
	d := dbtest.New(t)
	ctx := context.Background()
	var begun []time.Time // by whose turn it is
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 5 {
				err := d.Tx(ctx, db.Import, func(*db.Tx) error {
					begun = append(begun, time.Now())
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for i := 1; i < len(begun); i++ {
		if gap := begun[i].Sub(begun[i-1]); gap < 4*time.Millisecond {
			t.Errorf("transaction %d began %v after another", i, gap)
		}
	}
	if len(begun) != 10 {
		t.Errorf("%d transactions", len(begun))
	}
	cancelled, cancel := context.WithTimeout(ctx, time.Microsecond)
	defer cancel()
	if err := d.Tx(cancelled, db.Import, func(*db.Tx) error { return nil }); err == nil {
		t.Error("an import that was stopped got its turn")
	}
}

func TestTextComparesByBytes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			for _, k := range []string{"b", "A", "a", "Ä", "Б", "Z", "ұ", "-"} {
				if _, err := tx.Exec(ctx, newPublication, k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.List(ctx, d, db.One[string], "SELECT key FROM publication ORDER BY key")
		if want := []string{"-", "A", "Z", "a", "b", "Ä", "Б", "ұ"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("order %q, want %q, %v", got, want, err)
		}
	})
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"postgres://u:secret@db:5432/x":        "postgres://u:xxxxx@db:5432/x",
		"postgres://u:%zz@db/x":                "postgres://…@db/x",
		"host=db password=secret dbname=x":     "postgres://…",
		"postgres://db/x?password=hunter2&a=b": "postgres://db/x?…",
	} {
		if got := db.Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestOthersEverythingIsHeld lets another process change everything many times:
// it is heard at once, and then once more, not each time.
func TestOthersEverythingIsHeld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		other := dbtest.Second(t, d)
		heard := make(chan string, 1000)
		other.OnChange(func(tags []string) {
			for _, tag := range tags {
				heard <- tag
			}
		})
		for range 10 {
			if err := d.Tx(ctx, db.Import, func(tx *db.Tx) error { tx.Changed(db.All); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { tx.Changed("last"); return nil }); err != nil {
			t.Fatal(err)
		}
		all, last := 0, false
		for all == 0 || !last {
			select {
			case tag := <-heard:
				last = last || tag == "last"
				if tag == db.All {
					all++
				}
			case <-time.After(5 * time.Second):
				t.Fatalf("heard everything %d times, last %v", all, last)
			}
		}
		if all > 2 || len(heard) > 1 {
			t.Errorf("ten times everything was passed on %d times, and %d more", all, len(heard))
		}
	})
}

// TestSettle: what was stored is found in an index alone.
func TestSettle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Tx(ctx, db.Import, func(tx *db.Tx) error {
			tx.Changed("x")
			if d.Engine() == db.SQLite {
				return nil
			}
			_, err := tx.Exec(ctx, "SET LOCAL synchronous_commit = on") // what is not on disk yet is not for everybody
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Settle(ctx, "change"); err != nil {
			t.Fatal(err)
		}
		if d.Engine() == db.Postgres {
			n, err := db.Get(ctx, d, db.One[int], "SELECT relallvisible FROM pg_class WHERE relname = 'change'")
			if err != nil || n == 0 {
				t.Errorf("%d pages are known to be visible; %v", n, err)
			}
		}
	})
}

// TestDeskHasItsOwnConnections: with every connection for readers taken, and
// more asked for, somebody at the desk reads and writes as ever.
func TestDeskHasItsOwnConnections(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var open []interface{ Close() error }
		defer func() {
			for _, rows := range open {
				rows.Close()
			}
		}()
		full := false
		for range 20 {
			waiting, leave := context.WithCancel(ctx)
			defer leave() // not before the end: it would give the connection back
			tired := time.AfterFunc(200*time.Millisecond, leave)
			rows, err := d.Query(waiting, "SELECT id FROM publication") // holds its connection until it is closed
			if full = errors.Is(err, context.Canceled); full {
				break
			}
			if err != nil || !tired.Stop() {
				t.Fatalf("a connection was not to be had in time: %v", err)
			}
			open = append(open, rows)
		}
		if !full {
			t.Fatalf("%d connections and no end", len(open))
		}
		desk, stop := context.WithTimeout(db.AtDesk(ctx), 5*time.Second)
		defer stop()
		err := d.Tx(desk, db.Desk, func(tx *db.Tx) error {
			_, err := tx.Exec(desk, newPublication, "written while readers waited")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if key, err := db.Get(desk, d, db.One[string], "SELECT key FROM publication"); err != nil || key != "written while readers waited" {
			t.Errorf("%q, %v", key, err)
		}
	})
}
