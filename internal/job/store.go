package job

import (
	"context"
	"encoding/json"
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

// Waiting lists what is due at now, the longest waiting first.
func Waiting(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Row, error) {
	return db.List(ctx, q, scanRow, "SELECT id, at, not_before, kind, ref_id, payload, state, attempts, last_error FROM outbox"+
		" WHERE state = 'waiting' AND not_before <= $1 ORDER BY not_before, id LIMIT $2", now.UnixMilli(), limit)
}
