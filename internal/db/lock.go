package db

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"

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
	dsn := "file:" + (&url.URL{Path: filepath.Join(d.dir, name+".lock")}).EscapedPath() + "?_pragma=busy_timeout(0)"
	lock, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	lock.SetMaxOpenConns(1)
	if _, err := lock.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		lock.Close()
		return nil, fault.New(fault.Conflict, "another process holds %q: %w", name, err)
	}
	return func() { lock.Close() }, nil
}

func (d *DB) advisory(ctx context.Context, name string) (func(), error) {
	conn, err := d.read.Conn(ctx)
	if err != nil {
		return nil, Wrap(err)
	}
	var got bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock(hashtext($1))", "dateline "+name).Scan(&got); err != nil || !got {
		conn.Close()
		if err == nil {
			err = fault.New(fault.Conflict, "another process holds %q", name)
		}
		return nil, Wrap(err)
	}
	return func() {
		// The lock is the session's, and the pool would keep the session.
		conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(hashtext($1))", "dateline "+name)
		conn.Close()
	}, nil
}
