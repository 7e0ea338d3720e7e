package dbtest

import (
	"context"
	"os"
	"sync"
	"testing"

	"dateline/internal/db"
)

// An Option changes how the database is opened: its clock, its log.
type Option func(*db.Config)

// Each runs f as subtest "sqlite" and, where there is a server, as "postgres",
// each time on a fresh database that is closed and removed afterwards.
func Each(t *testing.T, f func(t *testing.T, d *db.DB), opts ...Option) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, New(t, opts...)) })
	url, err := server(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if url != "" {
		t.Run("postgres", func(t *testing.T) { f(t, NewPostgres(t, opts...)) })
	}
}

// New gives a fresh SQLite database in a temporary folder.
func New(t testing.TB, opts ...Option) *db.DB {
	t.Helper()
	files, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	dir := t.TempDir()
	if err := files.writeTo(dir); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return open(t, db.Config{Dir: dir}, opts)
}

// NewPostgres gives a fresh PostgreSQL database. It fails the test where there is
// no server; most tests want Each.
func NewPostgres(t testing.TB, opts ...Option) *db.DB {
	t.Helper()
	url, err := server(os.Getenv)
	if err == nil && url == "" {
		err = errNoServer
	}
	if err != nil {
		t.Fatal(err)
	}
	fresh, drop, err := postgresFresh(url)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Errorf("dbtest: %v", err)
		}
	})
	return open(t, db.Config{URL: fresh, Conns: 6}, opts)
}

var configs sync.Map // *db.DB → db.Config

// Second opens the database of d once more, as another process would.
func Second(t testing.TB, d *db.DB) *db.DB {
	t.Helper()
	return open(t, Config(t, d), nil)
}

// Serving is Second for a process that serves readers. It may be closed early.
func Serving(t testing.TB, d *db.DB) *db.DB {
	t.Helper()
	return open(t, Config(t, d), []Option{func(c *db.Config) { c.Serves = true }})
}

// Config tells how d was opened, for tests that start a program on the same data.
func Config(t testing.TB, d *db.DB) db.Config {
	t.Helper()
	c, ok := configs.Load(d)
	if !ok {
		t.Fatal("dbtest: a database is wanted that dbtest has opened")
	}
	return c.(db.Config)
}

func open(t testing.TB, c db.Config, opts []Option) *db.DB {
	t.Helper()
	for _, o := range opts {
		o(&c)
	}
	d, err := db.Open(context.Background(), c)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	configs.Store(d, c)
	t.Cleanup(func() {
		configs.Delete(d)
		if err := d.Close(); err != nil {
			t.Errorf("dbtest: closing: %v", err)
		}
	})
	return d
}
