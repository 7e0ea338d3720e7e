package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"modernc.org/sqlite"

	"dateline/internal/fault"
)

// Exclusive takes a lock that one process at a time can hold, by name, and
// gives what releases it; the end of the process does so too, however it ends.
// fault Conflict when somebody else holds it.
//
// On PostgreSQL it is an advisory lock of a connection. On SQLite it is the
// write lock of a database of its own beside the other: that of the newsroom's
// is needed by everybody.
func (d *DB) Exclusive(ctx context.Context, name string) (release func(), err error) {
	if d.engine == Postgres {
		return d.advisory(ctx, name)
	}
	lock, err := d.lockFile(ctx, name, heldFor, "BEGIN EXCLUSIVE")
	if refuses(err) {
		return nil, d.refusal(ctx, err)
	}
	if err != nil {
		return nil, fault.New(fault.Conflict, "another process holds %q: %w", name, err)
	}
	return func() { lock.Close() }, nil
}

// Locks that others ask about.
const (
	// Serving is held by every process, together with the others, whose pages
	// readers wait for (Config.Serves). On PostgreSQL it belongs to the connection
	// that listens for changes: that one is made anew whenever it is lost.
	Serving   = "serve"
	Importing = "import"
)

// Held reports that a process, this one or another, holds the lock of a name.
// One that cannot be asked about counts as free.
func (d *DB) Held(ctx context.Context, name string) bool {
	if d.engine == Postgres {
		held, err := Get(ctx, d, One[bool], `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
			AND classid::bigint << 32 | objid::bigint = `+lockKey+`::bigint)`, lockName(name))
		return err == nil && held
	}
	lock, err := d.lockFile(ctx, name, 0, "BEGIN EXCLUSIVE")
	if err == nil {
		lock.Close()
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == 5 // SQLITE_BUSY
}

// heldFor is how long a lock file may be busy because somebody looks at it.
const heldFor = 200 * time.Millisecond

// lockFile begins a transaction of a database that has nothing in it but its
// lock; the statements say how it is locked. Closing it lets it go.
func (d *DB) lockFile(ctx context.Context, name string, wait time.Duration, statements ...string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: filepath.Join(d.dir, name+".lock")}).EscapedPath() + fmt.Sprintf("?_pragma=busy_timeout(%d)", wait.Milliseconds())
	lock, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	lock.SetMaxOpenConns(1)
	for _, one := range statements {
		if _, err := lock.ExecContext(ctx, one); err != nil {
			lock.Close()
			return nil, err
		}
	}
	return lock, nil
}

// lockKey is the number of an advisory lock, lockName what it is made of.
const lockKey = "hashtext($1)"

func lockName(name string) string { return "dateline " + name }

func (d *DB) advisory(ctx context.Context, name string) (func(), error) {
	conn, err := d.read.Conn(ctx)
	if err != nil {
		return nil, Wrap(err)
	}
	var got bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock("+lockKey+")", lockName(name)).Scan(&got); err != nil || !got {
		conn.Close()
		if err == nil {
			err = fault.New(fault.Conflict, "another process holds %q", name)
		}
		return nil, Wrap(err)
	}
	return func() {
		// The lock is the session's, and the pool would keep the session.
		conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock("+lockKey+")", lockName(name))
		conn.Close()
	}, nil
}
