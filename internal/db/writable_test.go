package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// word is the key of what a fault says to people.
func word(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Word
	}
	return fmt.Sprint(err)
}

func write(d *db.DB, query string, args ...any) error {
	return d.Tx(context.Background(), db.Desk, func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), query, args...)
		return err
	})
}

// TestWritable: a database that takes writes says so, and one that is only read
// says that, in words, and goes on being read.
func TestWritable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Writable(ctx); err != nil {
			t.Fatal(err)
		}
		shut, want := d, "database.no_rights"
		if d.Engine() == db.SQLite {
			if err := write(d, "PRAGMA query_only = 1"); err != nil {
				t.Fatal(err)
			}
		} else {
			name, err := db.Get(ctx, d, db.One[string], "SELECT current_database()")
			if err != nil {
				t.Fatal(err)
			}
			if err := write(d, `ALTER DATABASE "`+name+`" SET default_transaction_read_only = on`); err != nil {
				t.Fatal(err)
			}
			shut, want = dbtest.Second(t, d), "database.only_read"
			t.Cleanup(func() { write(d, `ALTER DATABASE "`+name+`" RESET default_transaction_read_only`) })
		}
		// A write that the database refuses is noted, although it was asked a moment ago.
		if err := write(shut, "INSERT INTO change (at, origin, tags) VALUES (1, 'x', 'y')"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("a refused write is %v", err)
		}
		if err := shut.Writable(ctx); word(err) != want || !fault.Is(err, fault.Unavailable) {
			t.Errorf("%v says %q, want %q", err, word(err), want)
		}
		if err := shut.Ping(ctx); err != nil {
			t.Errorf("it is not read any more: %v", err)
		}
	})
}

// TestFull: a full disk is told from missing rights, and it is over when
// something can be stored again.
func TestFull(t *testing.T) {
	d := dbtest.New(t)
	ctx := t.Context()
	pages, err := db.Get(ctx, d, db.One[int], "PRAGMA page_count")
	if err != nil {
		t.Fatal(err)
	}
	if err := write(d, fmt.Sprint("PRAGMA max_page_count = ", pages+8)); err != nil {
		t.Fatal(err)
	}
	row := "INSERT INTO change (at, origin, tags) VALUES (1, 'x', $1)"
	for err == nil {
		err = write(d, row, strings.Repeat("x", 5000))
	}
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("a full disk is %v", err)
	}
	if err := d.Writable(ctx); word(err) != "database.disk_full" {
		t.Errorf("%v says %q", err, word(err))
	}
	if err := write(d, "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if err := write(d, row, strings.Repeat("x", 5000)); err != nil {
		t.Fatal(err)
	}
	if err := d.Writable(ctx); err != nil {
		t.Errorf("there is room again: %v", err)
	}
}

// TestRefusalWords: every reason has words in the languages of the desk, with
// nothing left open in them.
func TestRefusalWords(t *testing.T) {
	n := 0
	for _, key := range lang.Of("en").Keys() {
		if !strings.HasPrefix(key, "database.") {
			continue
		}
		n++
		for _, tag := range []string{"en", "ru", "kk"} {
			if l := lang.Of(tag); !l.Has(key) || l.Lent(key) != "" || strings.Contains(l.T(key, "flag", "--database", "setting", "x", "engine", "PostgreSQL"), "{") {
				t.Errorf("%s has no words of its own for %s", tag, key)
			}
		}
	}
	if n < 8 {
		t.Errorf("only %d reasons", n)
	}
}
