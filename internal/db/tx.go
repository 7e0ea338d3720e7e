package db

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/fault"
	"dateline/internal/tag"
)

// Class is whose work a write is: it decides who goes first on SQLite, which
// has one writer.
type Class int

// The classes, the most urgent first.
const (
	Desk   Class = iota // somebody at the desk, or a reader, waits for the answer
	Views               // view counts: many waiters, held for a group commit
	Jobs                // work in the background
	Import              // an import: many transactions of at most 100 ms
)

// Tx is a writing transaction.
type Tx struct {
	d       *DB
	tx      *sql.Tx
	changed map[string]tag.Span
	after   []func()
}

// Tx runs f in a transaction: committed when f returns nil, else rolled back.
// What f named with Changed is stored in the same transaction and handed to
// this process's listeners before Tx returns. f must not call d's own methods
// that write.
func (d *DB) Tx(ctx context.Context, class Class, f func(*Tx) error) error {
	err := d.transact(ctx, class, f)
	d.noted(ctx, err)
	return err
}

// transact is Tx, unnoted.
func (d *DB) transact(ctx context.Context, class Class, f func(*Tx) error) error {
	if d.engine == SQLite {
		if err := d.enter(ctx, class); err != nil {
			return fault.New(fault.Unavailable, "waiting for the writer: %w", err)
		}
		defer d.leave(class)
	}
	write := d.write
	if d.engine == Postgres {
		write = d.pool(ctx).DB
	}
	stx, err := write.BeginTx(ctx, nil)
	if err != nil {
		return Wrap(err)
	}
	t := &Tx{d: d, tx: stx}
	defer stx.Rollback() // does nothing after Commit
	if err := f(t); err != nil {
		return err
	}
	tags := t.tags()
	if len(tags) > 0 {
		told := tags
		if class == Import {
			told = append(slices.Clone(tags), Soon)
		}
		if err := t.record(ctx, told); err != nil {
			return Wrap(err)
		}
	}
	if err := stx.Commit(); err != nil {
		return Wrap(err)
	}
	if len(tags) > 0 {
		d.hear.tell(tags)
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

// Changed names what the transaction changes in the eyes of readers: tags such
// as "article:17" (packages tag and cache). Spans of one list become one.
func (t *Tx) Changed(tags ...string) {
	if t.changed == nil {
		t.changed = map[string]tag.Span{}
	}
	gather(t.changed, tags...)
}

func gather(all map[string]tag.Span, tags ...string) {
	for _, one := range tags {
		name, span := tag.Split(one)
		if had, ok := all[name]; ok {
			span = span.With(had)
		}
		all[name] = span
	}
}

// After runs f once the transaction is committed.
func (t *Tx) After(f func()) { t.after = append(t.after, f) }

// DB is the database that the transaction belongs to.
func (t *Tx) DB() *DB { return t.d }

// All is the tag that stands for everything.
const All = "*"

// manyTags is how many changes are named: more than an import makes in the
// second for which they are held (change.go).
const manyTags = 20_000

// tags are the changes; beyond manyTags naming them costs more than rendering
// anew, so All stands for them. What must never be shown again stays named.
func (t *Tx) tags() []string {
	out := make([]string, 0, len(t.changed))
	for name, span := range t.changed {
		if len(t.changed) <= manyTags || strings.HasPrefix(name, "!") {
			out = append(out, tag.Join(name, span))
		}
	}
	if len(t.changed) > manyTags {
		out = append(out, All)
	}
	slices.Sort(out)
	return out
}

func (t *Tx) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	// Preparing on the pool would wait for the one connection that this very
	// transaction holds, so a new text is prepared inside the transaction, and
	// kept only once it has been prepared outside one.
	if s, ok := t.d.wstmts.Load(query); ok {
		return t.tx.StmtContext(ctx, s.(*sql.Stmt)), nil
	}
	t.after = append(t.after, func() { prepared(context.Background(), t.d.write, &t.d.wstmts, query) })
	return nil, nil
}

// Exec runs a statement and gives the number of rows it touched.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	var r sql.Result
	var err error
	if t.d.engine == SQLite {
		if s, _ := t.stmt(ctx, query); s != nil {
			r, err = s.ExecContext(ctx, args...)
		} else {
			r, err = t.tx.ExecContext(ctx, query, args...)
		}
	} else {
		r, err = t.tx.ExecContext(ctx, query, args...)
	}
	if err != nil {
		return 0, Wrap(err)
	}
	return r.RowsAffected()
}

// Query reads rows inside the transaction.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if t.d.engine == SQLite {
		if s, _ := t.stmt(ctx, query); s != nil {
			return s.QueryContext(ctx, args...)
		}
	}
	return t.tx.QueryContext(ctx, query, args...)
}

// QueryRow reads one row inside the transaction.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if t.d.engine == SQLite {
		if s, _ := t.stmt(ctx, query); s != nil {
			return s.QueryRowContext(ctx, args...)
		}
	}
	return t.tx.QueryRowContext(ctx, query, args...)
}

// IDs reserves n ids of a table, ascending. Rows that point at each other can
// then be written many at a time.
func (t *Tx) IDs(ctx context.Context, table string, n int) ([]int64, error) {
	if n <= 0 {
		return nil, nil
	}
	if t.d.engine == Postgres {
		return List(ctx, t, One[int64],
			"SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)", table, n)
	}
	var last int64
	err := t.QueryRow(ctx, "UPDATE sqlite_sequence SET seq = seq + $1 WHERE name = $2 RETURNING seq", n, table).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) { // nothing was ever written to the table
		last = int64(n)
		_, err = t.Exec(ctx, "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)", table, n)
	}
	if err != nil {
		return nil, Wrap(err)
	}
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = last - int64(n-1-i)
	}
	return ids, nil
}

// Bulk writes many rows of one table with few statements.
type Bulk struct {
	t     *Tx
	head  string
	tail  string
	width int
	args  []any
	done  int64
}

// Bulk begins a list of rows. tail may end the statement ("ON CONFLICT …").
func (t *Tx) Bulk(table, columns, tail string) *Bulk {
	return &Bulk{t: t, head: "INSERT INTO " + table + " (" + columns + ") VALUES ", tail: tail,
		width: strings.Count(columns, ",") + 1}
}

// Add appends a row.
func (b *Bulk) Add(values ...any) {
	if len(values) != b.width {
		panic("db: a row of " + strconv.Itoa(len(values)) + " values for " + b.head)
	}
	b.args = append(b.args, values...)
}

// Len is the number of rows not yet written.
func (b *Bulk) Len() int { return len(b.args) / b.width }

// Written is how many rows Flush has really written: those that a tail such as
// ON CONFLICT DO NOTHING left out are not among them.
func (b *Bulk) Written() int64 { return b.done }

// maxParameters of one statement. SQLite takes 32,766, but a statement of a
// thousand is as fast to a row and its text is kept. To PostgreSQL (65,535)
// every statement is a journey.
var maxParameters = map[Engine]int{SQLite: 1024, Postgres: 16384}

// Flush writes the rows.
func (b *Bulk) Flush(ctx context.Context) error {
	rows := b.args
	for len(rows) > 0 {
		n := 1
		for _, size := range []int{256, 64, 16, 4} {
			if len(rows) >= size*b.width && size*b.width <= maxParameters[b.t.d.engine] {
				n = size
				break
			}
		}
		done, err := b.t.Exec(ctx, b.text(n), rows[:n*b.width]...)
		if err != nil {
			return err
		}
		b.done += done
		rows = rows[n*b.width:]
	}
	b.args = b.args[:0]
	return nil
}

// text is the statement for a number of rows. SQLite gets bare question marks:
// its driver looks up the name of every numbered parameter in a list, which
// costs the square of their number.
func (b *Bulk) text(rows int) string {
	var s strings.Builder
	s.WriteString(b.head)
	k := 1
	for r := range rows {
		if r > 0 {
			s.WriteByte(',')
		}
		s.WriteByte('(')
		for c := range b.width {
			if c > 0 {
				s.WriteByte(',')
			}
			if b.t.d.engine == SQLite {
				s.WriteByte('?')
				continue
			}
			s.WriteByte('$')
			s.WriteString(strconv.Itoa(k))
			k++
		}
		s.WriteByte(')')
	}
	s.WriteByte(' ')
	s.WriteString(b.tail)
	return s.String()
}
