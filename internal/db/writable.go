package db

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"dateline/internal/fault"
	"dateline/internal/lang"
)

// A database that can be read and not written serves readers as ever, and
// nothing else: no read is counted, nothing is edited or imported. Whoever runs
// the site is to hear of it before the newsroom does.

const (
	// askedFor is for how long an answer of Writable holds: the question costs a
	// write, and the address that asks it is public.
	askedFor = 5 * time.Second
	// refusedFor is for how long a write for which there was no room stands against
	// the database, unless one succeeds: a full disk may take the small one that we try.
	refusedFor = time.Minute
	// probeWait is how long the trial waits for its turn.
	probeWait = 3 * time.Second
)

// pulse is what is known of whether the database takes writes.
type pulse struct {
	asking sync.Mutex // one trial at a time
	mu     sync.Mutex
	asked  time.Time
	answer error
	failed error // the last real write, when there was no room for it
	at     time.Time
}

// Writable tells whether the database takes writes: nil, or a fault
// (Unavailable) with words for people that say why not and what to do. A
// database that only has too much to do is writable.
func (d *DB) Writable(ctx context.Context) error {
	d.pulse.asking.Lock()
	defer d.pulse.asking.Unlock()
	d.pulse.mu.Lock()
	failed, at, answer, asked := d.pulse.failed, d.pulse.at, d.pulse.answer, d.pulse.asked
	d.pulse.mu.Unlock()
	if failed != nil && time.Since(at) < refusedFor {
		return failed
	}
	if time.Since(asked) < askedFor {
		return answer
	}
	wctx, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	answer = d.transact(wctx, Views, func(t *Tx) error {
		_, err := t.Exec(wctx, "UPDATE pulse SET at = $1 WHERE id = 1", d.now().UnixMilli())
		return err
	})
	if answer != nil {
		if refused := d.refusal(ctx, answer); refused != nil {
			answer = refused
		} else if wctx.Err() != nil {
			return ctx.Err() // others write: that is an answer, too
		}
	}
	d.pulse.mu.Lock()
	d.pulse.asked, d.pulse.answer = time.Now(), answer
	d.pulse.mu.Unlock()
	return answer
}

// noted remembers what became of a real write: that there was no room for it,
// which a small one might find. What else was refused is tried anew.
func (d *DB) noted(ctx context.Context, err error) {
	var refused error
	if err != nil {
		if refused = d.refusal(ctx, err); refused == nil {
			return
		}
	}
	d.pulse.mu.Lock()
	defer d.pulse.mu.Unlock()
	if err == nil && d.pulse.failed == nil && d.pulse.answer == nil {
		return
	}
	d.pulse.failed, d.pulse.at, d.pulse.asked = refused, time.Now(), time.Time{}
	if refuses(err) {
		d.pulse.failed = nil
	}
}

// refusal puts into words why a database takes no writes; nil when err is
// something else.
func (d *DB) refusal(ctx context.Context, err error) error {
	word := ""
	args := []any{"engine", "PostgreSQL"}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff {
		case 8, 14: // SQLITE_READONLY, _CANTOPEN
			word = "database.no_rights"
		case 10: // SQLITE_IOERR
			word = "database.disk_fails"
		case 13: // SQLITE_FULL
			word = "database.disk_full"
		}
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "25006": // read_only_sql_transaction
			word, args = "database.only_read", append(args, "setting", "default_transaction_read_only")
			if d.follows(ctx) {
				word, args = "database.standby", append(args, "flag", "--database")
			}
		case "42501": // insufficient_privilege
			word = "database.no_grant"
		case "53100": // disk_full
			word = "database.server_full"
		case "58030": // io_error
			word = "database.disk_fails"
		}
	}
	if word == "" {
		return nil
	}
	out := lang.Wrong(word, args...)
	out.Kind = fault.Unavailable
	out.What += " (" + err.Error() + ")"
	return out
}

// follows tells a standby, which repeats what another PostgreSQL server did.
func (d *DB) follows(ctx context.Context) bool {
	if d.engine != Postgres {
		return false
	}
	follows, err := Get(context.WithoutCancel(ctx), d, One[bool], "SELECT pg_is_in_recovery()")
	return err == nil && follows
}

// refuses tells errors of a database that can be read and not written.
func refuses(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()&0xff == 8 || e.Code()&0xff == 14
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "25006"
	}
	return false
}
