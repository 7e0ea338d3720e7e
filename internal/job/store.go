package job

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Event is something that the world outside is to hear of.
type Event struct {
	Kind      string    // "article.published", "article.withdrawn" …: room, dot, what happened
	Ref       int64     // id of the thing it happened to
	NotBefore time.Time // zero: at once
	Payload   any       // becomes a JSON object; nil: {}
}

// PutOutbox writes the event in the transaction that causes it.
func PutOutbox(ctx context.Context, tx *db.Tx, e Event) error {
	if e.Kind == "" {
		return fault.Field("kind", "an event without a kind reaches nobody")
	}
	payload := []byte("{}")
	if e.Payload != nil {
		var err error
		if payload, err = json.Marshal(e.Payload); err != nil {
			return fault.New(fault.Invalid, "writing down the event %s: %w", e.Kind, err)
		}
	}
	now := tx.DB().Now().UnixMilli()
	due := now
	if !e.NotBefore.IsZero() {
		due = e.NotBefore.UnixMilli()
	}
	_, err := tx.Exec(ctx, "INSERT INTO outbox (at, not_before, kind, ref_id, payload) VALUES ($1, $2, $3, $4, $5)",
		now, due, e.Kind, e.Ref, string(payload))
	return err
}

// Row is an event as it stands in the outbox.
type Row struct {
	ID            int64
	At, NotBefore time.Time
	Kind          string
	Ref           int64
	Payload       string // JSON
	State         string // waiting, running, done, failed, dropped
	Attempts      int64
	LastError     string
}

func scanRow(s db.Scanner, r *Row) error {
	var at, due int64
	err := s.Scan(&r.ID, &at, &due, &r.Kind, &r.Ref, &r.Payload, &r.State, &r.Attempts, &r.LastError)
	r.At, r.NotBefore = time.UnixMilli(at).UTC(), time.UnixMilli(due).UTC()
	return err
}

const columns = "id, at, not_before, kind, ref_id, payload, state, attempts, last_error"

// due lists what may be carried out at now, of the kinds that somebody carries out:
// also what a node began that has not been heard of since.
func due(ctx context.Context, q db.Querier, kinds []string, now time.Time, limit int) ([]Row, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	in, args := db.In([]any{now.UnixMilli(), limit}, kinds)
	return db.List(ctx, q, scanRow, "SELECT "+columns+" FROM outbox WHERE state IN ('waiting', 'running') AND not_before <= $1 AND kind IN ("+in+")"+
		" ORDER BY not_before, id LIMIT $2", args...)
}

// claim takes an event for this node until the given instant; mine is false where
// another was quicker. While an event runs, not_before is when it is anybody's again.
func claim(ctx context.Context, tx *db.Tx, e Row, until time.Time) (mine bool, err error) {
	n, err := tx.Exec(ctx, "UPDATE outbox SET state = 'running', not_before = $1, attempts = attempts + 1 WHERE id = $2 AND state = $3 AND not_before = $4",
		until.UnixMilli(), e.ID, e.State, e.NotBefore.UnixMilli())
	return n == 1, err
}

// An event that somebody at the desk has dropped meanwhile stays so.
func finish(ctx context.Context, tx *db.Tx, e Row, now time.Time) error {
	_, err := tx.Exec(context.WithoutCancel(ctx), "UPDATE outbox SET state = 'done', last_error = '', done_at = $1 WHERE id = $2 AND state = 'running'", now.UnixMilli(), e.ID)
	return err
}

func fail(ctx context.Context, tx *db.Tx, e Row, state string, next time.Time, why string) error {
	if len(why) > 1000 {
		why = strings.ToValidUTF8(why[:1000], "") + "…"
	}
	_, err := tx.Exec(ctx, "UPDATE outbox SET state = $1, not_before = $2, last_error = $3 WHERE id = $4 AND state = 'running'", state, next.UnixMilli(), why, e.ID)
	return err
}

// Kept lists the events of some kinds, newest first, in any state that is given; before
// is the id below which they are, 0 for the newest.
func Kept(ctx context.Context, q db.Querier, kinds, states []string, before int64, limit int) ([]Row, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	inKinds, args := db.In([]any{before, limit}, kinds)
	inStates, args := db.In(args, states)
	return db.List(ctx, q, scanRow, "SELECT "+columns+" FROM outbox WHERE id < $1 AND kind IN ("+inKinds+") AND state IN ("+inStates+") ORDER BY id DESC LIMIT $2", args...)
}

// Count is how many events of some kinds are in each state.
func Count(ctx context.Context, q db.Querier, kinds []string) (map[string]int, error) {
	in, args := db.In(nil, kinds)
	type sum struct {
		state string
		n     int
	}
	list, err := db.List(ctx, q, func(s db.Scanner, c *sum) error { return s.Scan(&c.state, &c.n) },
		"SELECT state, count(*) FROM outbox WHERE kind IN ("+in+") GROUP BY state", args...)
	out := map[string]int{}
	for _, c := range list {
		out[c.state] = c.n
	}
	return out, err
}

// Get is one event.
func Get(ctx context.Context, q db.Querier, id int64) (Row, error) {
	return db.Get(ctx, q, scanRow, "SELECT "+columns+" FROM outbox WHERE id = $1", id)
}

// Again has an event tried at once that waits for its next try, failed or was dropped.
// A Conflict: it is under way or done.
func Again(ctx context.Context, tx *db.Tx, id int64) error {
	return restate(ctx, tx, id, "waiting", "attempts = 0, not_before = $3", tx.DB().Now().UnixMilli(), "'waiting', 'failed', 'dropped'")
}

// Drop gives up an event that waits or has failed. A Conflict: it is under way or done.
func Drop(ctx context.Context, tx *db.Tx, id int64) error {
	return restate(ctx, tx, id, "dropped", "done_at = $3", tx.DB().Now().UnixMilli(), "'waiting', 'failed'")
}

func restate(ctx context.Context, tx *db.Tx, id int64, state, set string, at int64, from string) error {
	n, err := tx.Exec(ctx, "UPDATE outbox SET state = $1, "+set+" WHERE id = $2 AND state IN ("+from+")", state, id, at)
	if err != nil || n == 1 {
		return err
	}
	e, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	return &fault.Error{Kind: fault.Conflict, What: "event " + strconv.FormatInt(id, 10) + " is " + e.State, Word: "channel.wrong." + e.State}
}

// Forget throws away events that were done or dropped long ago.
func Forget(ctx context.Context, d *db.DB) error {
	return d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM outbox WHERE state IN ('done', 'dropped') AND done_at < $1", d.Now().Add(-kept).UnixMilli())
		return err
	})
}

// Of lists the events of some kinds about one thing, newest first.
func Of(ctx context.Context, q db.Querier, kinds []string, ref int64, limit int) ([]Row, error) {
	in, args := db.In([]any{ref, limit}, kinds)
	return db.List(ctx, q, scanRow, "SELECT "+columns+" FROM outbox WHERE ref_id = $1 AND kind IN ("+in+") ORDER BY id DESC LIMIT $2", args...)
}
