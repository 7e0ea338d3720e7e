package db

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"dateline/internal/fault"
)

// Querier runs SQL: a DB (reading only) or a Tx.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
}

// pool is connections that are taken together, and what was prepared on them.
type pool struct {
	*sql.DB
	stmts sync.Map // SQL text → *sql.Stmt (SQLite only)
}

type deskKey struct{}

// AtDesk marks what is asked of the database for somebody at the desk: it is read,
// and on PostgreSQL written, on connections of its own, which readers cannot use
// up however many come.
func AtDesk(ctx context.Context) context.Context { return context.WithValue(ctx, deskKey{}, true) }

func (d *DB) pool(ctx context.Context) *pool {
	if ctx.Value(deskKey{}) != nil {
		return &d.desk
	}
	return &d.read
}

// prepared gives a statement for the text, made once. SQLite parses and plans
// a text anew at each call otherwise (10–30 µs); pgx keeps its own cache.
func prepared(ctx context.Context, pool *sql.DB, cache *sync.Map, query string) (*sql.Stmt, error) {
	if s, ok := cache.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := pool.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if old, loaded := cache.LoadOrStore(query, s); loaded {
		s.Close()
		return old.(*sql.Stmt), nil
	}
	return s, nil
}

// Query reads rows on the reading pool.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p := d.pool(ctx)
	if d.engine == Postgres {
		return p.QueryContext(ctx, query, args...)
	}
	s, err := prepared(ctx, p.DB, &p.stmts, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRow reads one row on the reading pool.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	p := d.pool(ctx)
	if d.engine == Postgres {
		return p.QueryRowContext(ctx, query, args...)
	}
	s, err := prepared(ctx, p.DB, &p.stmts, query)
	if err != nil {
		return p.QueryRowContext(ctx, query, args...) // gives the same error at Scan
	}
	return s.QueryRowContext(ctx, args...)
}

// Scanner is a row to read from.
type Scanner interface{ Scan(dest ...any) error }

// List reads every row with scan.
func List[T any](ctx context.Context, q Querier, scan func(Scanner, *T) error, query string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, Wrap(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, Wrap(err)
		}
		out = append(out, v)
	}
	return out, Wrap(rows.Err())
}

// Get reads one row with scan; no row is a fault of kind NotFound.
func Get[T any](ctx context.Context, q Querier, scan func(Scanner, *T) error, query string, args ...any) (T, error) {
	var v T
	err := scan(q.QueryRow(ctx, query, args...), &v)
	return v, Wrap(err)
}

// One scans a row of a single value, for List and Get.
func One[T any](s Scanner, v *T) error { return s.Scan(v) }

// Wrap sorts a driver's error: no row is NotFound, a lost or refused
// connection Unavailable, a violated unique constraint Conflict.
func Wrap(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.NotFound, "no such row: %w", err)
	case IsUnique(err):
		return fault.New(fault.Conflict, "there is one already: %w", err)
	case refuses(err):
		return fault.New(fault.Unavailable, "the database takes no writes: %w", err)
	case isAway(err):
		return fault.New(fault.Unavailable, "the database is away: %w", err)
	}
	return err
}

// IsUnique reports whether err is a violated unique or primary key constraint.
func IsUnique(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == 2067 || e.Code() == 1555 // SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	return false
}

// isAway tells a database that cannot be reached, or that is busy, full or
// failing, from a statement that is wrong.
func isAway(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff {
		case 5, 6, 8, 10, 11, 13, 14, 26: // BUSY LOCKED READONLY IOERR CORRUPT FULL CANTOPEN NOTADB
			return true
		}
		return false
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code[:2] {
		case "08", "53", "57", "58": // connection, resources, operator's intervention, system
			return true
		}
		return false
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	return errors.Is(err, sql.ErrConnDone) || errors.Is(err, net.ErrClosed)
}

// In gives the inside of IN (…) for the values and the arguments with these
// appended. The list is filled up to a power of two by repeating its last
// value, so that a few statement texts serve lists of any length. An empty
// list gives "NULL", which equals nothing.
func In[T any](args []any, values []T) (string, []any) {
	if len(values) == 0 {
		return "NULL", args
	}
	n := 1
	for n < len(values) {
		n *= 2
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		args = append(args, values[min(i, len(values)-1)])
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(len(args)))
	}
	return b.String(), args
}
