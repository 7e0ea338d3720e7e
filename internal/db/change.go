package db

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"dateline/internal/fault"
	"dateline/internal/pace"
	"dateline/internal/tag"
)

// listeners are told what changed.
type listeners struct {
	mu sync.RWMutex
	fs []func(tags []string)
}

func (l *listeners) tell(tags []string) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, f := range l.fs {
		f(tags)
	}
}

// OnChange has f told of every change, by this process (before the writer has
// its answer) and by others (within 500 ms; an import's within a second more,
// then Soon is the first of the tags). The tag All stands for everything: it
// comes after a connection to the database was lost, because changes may have
// been missed meanwhile.
func (d *DB) OnChange(f func(tags []string)) {
	d.hear.mu.Lock()
	defer d.hear.mu.Unlock()
	d.hear.fs = append(d.hear.fs, f)
}

// laterEvery is how often at most an import's changes, and "everything
// changed", are passed on to other processes' listeners. An import names
// something many times a second; each would have pages rendered anew, and new
// articles need only be there within two seconds.
const laterEvery = time.Second

// Soon stands first among tags that listeners hear late anyway, because an
// import made the changes: what was made before may be shown a moment longer,
// while it is made anew. In a row of change it marks what may be told late.
const Soon = "~"

// held are changes from elsewhere that wait for their time.
type held struct {
	mu    sync.Mutex
	tags  map[string]tag.Span
	last  time.Time
	timer *time.Timer
}

// tellForeign passes on what another process changed: at once, but for All and
// what is marked to be told later. What must never be shown again never waits.
func (d *DB) tellForeign(tags []string) {
	waits := slices.Contains(tags, Soon)
	var now []string
	d.held.mu.Lock()
	for _, one := range tags {
		switch {
		case one == Soon:
		case one == All || waits && !strings.HasPrefix(one, "!"):
			if d.held.tags == nil {
				d.held.tags = map[string]tag.Span{}
			}
			gather(d.held.tags, one)
		default:
			now = append(now, one)
		}
	}
	if len(d.held.tags) > manyTags {
		d.held.tags = map[string]tag.Span{All: tag.Always}
	}
	if len(d.held.tags) > 0 && d.held.timer == nil {
		d.held.timer = time.AfterFunc(max(laterEvery-time.Since(d.held.last), 0), d.tellHeld)
	}
	d.held.mu.Unlock()
	if len(now) > 0 {
		d.hear.tell(now)
	}
}

// tellHeld passes on what was held.
func (d *DB) tellHeld() {
	d.held.mu.Lock()
	tags := []string{Soon}
	for _, name := range slices.Sorted(maps.Keys(d.held.tags)) {
		tags = append(tags, tag.Join(name, d.held.tags[name]))
	}
	d.held.tags, d.held.timer, d.held.last = nil, nil, time.Now()
	d.held.mu.Unlock()
	d.hear.tell(tags)
}

// record stores the changes in the transaction that makes them.
func (t *Tx) record(ctx context.Context, tags []string) error {
	var id int64
	err := t.QueryRow(ctx, "INSERT INTO change (at, origin, tags) VALUES ($1, $2, $3) RETURNING id",
		t.d.now().UnixMilli(), t.d.origin, strings.Join(tags, "\n")).Scan(&id)
	if err != nil || t.d.engine == SQLite {
		return err
	}
	_, err = t.Exec(ctx, "SELECT pg_notify('dateline_change', $1)", t.d.origin+" "+strconv.FormatInt(id, 10))
	return err
}

const (
	pollEvery  = 200 * time.Millisecond
	keepChange = time.Hour
)

// watch begins to listen for what other processes change.
func (d *DB) watch(ctx context.Context) error {
	if d.engine == Postgres {
		conn, err := d.listen(ctx)
		if refuses(err) {
			d.wait.Go(func() { d.watchStandby(ctx) })
		} else if err != nil {
			return err
		} else {
			d.wait.Go(func() { d.watchPostgres(ctx, conn) })
		}
	} else {
		conn, err := d.read.Conn(ctx)
		if err != nil {
			return Wrap(err)
		}
		d.wait.Go(func() { defer conn.Close(); d.watchSQLite(ctx, conn) })
	}
	d.wait.Go(func() { d.prune(ctx) })
	return nil
}

// watchSQLite asks for data_version, which changes when another connection
// commits. SQLite's writers queue, so ids grow in the order of commits and
// "above the last one" misses nothing here.
func (d *DB) watchSQLite(ctx context.Context, conn *sql.Conn) {
	var seen, version int64
	// A failure here repeats below, where it is told.
	_ = conn.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM change").Scan(&seen)
	_ = conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var v int64
		if err := conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&v); err != nil || v == version {
			continue
		}
		last, err := d.heardSince(ctx, conn, seen)
		if err != nil {
			if ctx.Err() == nil {
				d.log.Warn("reading changes of other processes", "error", err)
			}
			continue
		}
		seen, version = last, v
	}
}

func (d *DB) heardSince(ctx context.Context, conn *sql.Conn, seen int64) (int64, error) {
	rows, err := conn.QueryContext(ctx, "SELECT id, origin, tags FROM change WHERE id > $1 ORDER BY id", seen)
	if err != nil {
		return seen, err
	}
	defer rows.Close()
	last := seen
	for rows.Next() {
		var origin, tags string
		if err := rows.Scan(&seen, &origin, &tags); err != nil {
			return seen, err
		}
		if seen > last+1 { // this process slept while changes were forgotten
			d.tellForeign([]string{All})
		}
		last = seen
		if origin != d.origin {
			d.tellForeign(strings.Split(tags, "\n"))
		}
	}
	return seen, rows.Err()
}

func (d *DB) listen(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, d.url)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "listening for changes: %w", err)
	}
	_, err = conn.Exec(ctx, "LISTEN dateline_change")
	if err == nil && d.serves {
		_, err = conn.Exec(ctx, "SELECT pg_advisory_lock_shared("+lockKey+")", lockName(Serving))
	}
	if err != nil {
		conn.Close(context.Background())
		return nil, fault.New(fault.Unavailable, "listening for changes: %w", err)
	}
	return conn, nil
}

// watchPostgres waits for notifications. These arrive in the order of commits
// and only for what is committed; a lost connection may have lost some, so
// after it everything counts as changed.
func (d *DB) watchPostgres(ctx context.Context, conn *pgx.Conn) {
	for {
		n, err := conn.WaitForNotification(ctx)
		if ctx.Err() != nil {
			conn.Close(context.Background())
			return
		}
		if err == nil {
			d.notified(ctx, n.Payload)
			continue
		}
		d.log.Warn("lost the connection that listens for changes", "error", err)
		conn.Close(context.Background())
		for conn = nil; conn == nil; {
			if pace.Sleep(ctx, pollEvery) != nil {
				return
			}
			var err error
			if conn, err = d.listen(ctx); refuses(err) { // another server answers now, which follows
				d.hear.tell([]string{All})
				d.watchStandby(ctx)
				return
			}
		}
		d.hear.tell([]string{All})
	}
}

// standbyEvery is how often a standby is asked whether it has repeated changes.
const standbyEvery = 500 * time.Millisecond

// watchStandby asks a standby, where nobody can listen, whether the table of
// changes is another than it was: by its newest row and by how many there are,
// because a lower id may be committed later. Then everything counts as changed.
// Once the standby leads it is listened to.
func (d *DB) watchStandby(ctx context.Context) {
	type state struct{ last, rows int64 }
	look := func() (s state, err error) {
		return Get(ctx, d, func(r Scanner, s *state) error { return r.Scan(&s.last, &s.rows) }, "SELECT coalesce(max(id), 0), count(*) FROM change")
	}
	was, _ := look() // a failure here repeats below
	for pace.Sleep(ctx, standbyEvery) == nil {
		if now, err := look(); err == nil && now != was {
			was = now
			d.hear.tell([]string{All})
		}
		if d.follows(ctx) {
			continue
		}
		if conn, err := d.listen(ctx); err == nil {
			d.hear.tell([]string{All})
			d.watchPostgres(ctx, conn)
			return
		}
	}
}

func (d *DB) notified(ctx context.Context, payload string) {
	origin, idText, _ := strings.Cut(payload, " ")
	id, err := strconv.ParseInt(idText, 10, 64)
	if origin == d.origin || err != nil {
		return
	}
	tags, err := Get(ctx, d, One[string], "SELECT tags FROM change WHERE id = $1", id)
	if err != nil { // pruned or unreadable: better too much than too little
		d.hear.tell([]string{All})
		return
	}
	d.tellForeign(strings.Split(tags, "\n"))
}

// prune forgets changes that every process has long heard of.
func (d *DB) prune(ctx context.Context) {
	for pace.Sleep(ctx, keepChange/6) == nil {
		err := d.Tx(ctx, Jobs, func(t *Tx) error {
			_, err := t.Exec(ctx, "DELETE FROM change WHERE at < $1", d.now().Add(-keepChange).UnixMilli())
			return err
		})
		if err != nil && !refuses(err) && ctx.Err() == nil {
			d.log.Warn("forgetting old changes", "error", err)
		}
	}
}
