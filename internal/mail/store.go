package mail

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"dateline/internal/db"
)

// State is what has become of a letter.
type State string

// The states.
const (
	Waiting State = "waiting" // to be sent, again perhaps
	Sent    State = "sent"
	Kept    State = "kept"   // nothing is sent: it lies in the outbox
	Failed  State = "failed" // the server will not take it
	Late    State = "late"   // it could not be sent in its time
)

// Row is a letter as it is kept.
type Row struct {
	ID int64
	Letter
	State State
	At    time.Time
	Tries int64
	Why   string // of the last try that failed, in the server's words
}

type row struct {
	Row
	Key string // of its Message-ID
}

const columns = "id, message_key, kind, recipient, lang, subject, parts, state, at, until_at, tries, why"

func scan(s db.Scanner, r *row) error {
	var at, until int64
	var parts string
	if err := s.Scan(&r.ID, &r.Key, &r.Kind, &r.To, &r.Lang, &r.Subject, &parts, &r.State, &at, &until, &r.Tries, &r.Why); err != nil {
		return err
	}
	r.At = time.UnixMilli(at).UTC()
	if until > 0 {
		r.Until = time.UnixMilli(until).UTC()
	}
	return json.Unmarshal([]byte(parts), &r.Parts)
}

func put(ctx context.Context, tx *db.Tx, l Letter, key string, state State, now time.Time) (id int64, err error) {
	parts, err := json.Marshal(l.Parts)
	if err != nil {
		return 0, err
	}
	until := int64(0)
	if !l.Until.IsZero() {
		until = l.Until.UnixMilli()
	}
	err = tx.QueryRow(ctx, `INSERT INTO letter (message_key, kind, recipient, recipient_folded, lang, subject, parts, state, at, until_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		key, l.Kind, l.To, Fold(l.To), l.Lang, l.Subject, string(parts), string(state), now.UnixMilli(), until).Scan(&id)
	return id, db.Wrap(err)
}

func get(ctx context.Context, q db.Querier, id int64) (row, error) {
	return db.Get(ctx, q, scan, "SELECT "+columns+" FROM letter WHERE id = $1", id)
}

// settle notes what has become of a letter. What is sent or too late keeps neither
// address nor words.
func settle(ctx context.Context, tx *db.Tx, id int64, state State, why string, now time.Time) error {
	tried := 0
	if why != "" || state == Sent {
		tried = 1
	}
	_, err := tx.Exec(ctx, "UPDATE letter SET state = $2, why = $3, done_at = $4, tries = tries + $5 WHERE id = $1",
		id, string(state), why, now.UnixMilli(), tried)
	if err == nil && (state == Sent || state == Late) {
		_, err = tx.Exec(ctx, "UPDATE letter SET recipient = '', recipient_folded = '', subject = '', parts = '[]' WHERE id = $1", id)
	}
	return err
}

func forget(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, "DELETE FROM letter WHERE at < $1", before.UnixMilli())
	return err
}

// List gives letters, the newest first; before is the id below which they are, 0 for
// the newest.
func (p *Post) List(ctx context.Context, before int64, limit int) ([]Row, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	list, err := db.List(ctx, p.d, scan, "SELECT "+columns+" FROM letter WHERE id < $1 ORDER BY id DESC LIMIT $2", before, limit)
	out := make([]Row, len(list))
	for i, r := range list {
		out[i] = r.Row
	}
	return out, err
}

// Get is one letter.
func (p *Post) Get(ctx context.Context, id int64) (Row, error) {
	r, err := get(ctx, p.d, id)
	return r.Row, err
}

// Count is how many letters are in each state.
func (p *Post) Count(ctx context.Context) (map[State]int, error) {
	type sum struct {
		state State
		n     int
	}
	list, err := db.List(ctx, p.d, func(s db.Scanner, c *sum) error { return s.Scan(&c.state, &c.n) }, "SELECT state, count(*) FROM letter GROUP BY state")
	out := map[State]int{}
	for _, c := range list {
		out[c.state] = c.n
	}
	return out, err
}

// Drop throws a letter away.
func (p *Post) Drop(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, "DELETE FROM letter WHERE id = $1", id)
	return err
}

// To gives the letters to an address that are kept: what is sent is kept no more.
func To(ctx context.Context, q db.Querier, address string) ([]Row, error) {
	list, err := db.List(ctx, q, scan, "SELECT "+columns+" FROM letter WHERE recipient_folded = $1 ORDER BY id", Fold(address))
	out := make([]Row, len(list))
	for i, r := range list {
		out[i] = r.Row
	}
	return out, err
}

// Forget throws away every letter to an address.
func Forget(ctx context.Context, tx *db.Tx, address string) error {
	_, err := tx.Exec(ctx, "DELETE FROM letter WHERE recipient_folded = $1", Fold(address))
	return err
}
