package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Entry is one deed.
type Entry struct {
	ID      int64
	At      time.Time // when it was written; Log takes the database's clock
	Actor   string    // name of the person, or of the command ("import wordpress")
	ActorID int64     // 0: not a person with an account
	Action  string    // "publish", "withdraw", "import" …
	Kind    string    // of the thing: "article", "edition" …
	RefID   int64     // id of the thing
	Detail  any       // becomes JSON; nil: {}. List gives it as json.RawMessage
}

// Log writes the entry in the transaction of the deed.
func Log(ctx context.Context, tx *db.Tx, e Entry) error {
	if e.Actor == "" || e.Action == "" || e.Kind == "" {
		return fault.New(fault.Invalid, "an audit entry needs actor, action and kind: %q %q %q", e.Actor, e.Action, e.Kind)
	}
	detail := []byte("{}")
	if e.Detail != nil {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return fault.New(fault.Invalid, "writing down %s of %s %d: %w", e.Action, e.Kind, e.RefID, err)
		}
	}
	actor := sql.NullInt64{Int64: e.ActorID, Valid: e.ActorID != 0}
	_, err := tx.Exec(ctx, "INSERT INTO audit (at, actor_id, actor, action, kind, ref_id, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		tx.DB().Now().UnixMilli(), actor, e.Actor, e.Action, e.Kind, e.RefID, string(detail))
	return err
}

const columns = "SELECT id, at, coalesce(actor_id, 0), actor, action, kind, ref_id, detail FROM audit"

func scanEntry(s db.Scanner, e *Entry) error {
	var at int64
	var detail string
	err := s.Scan(&e.ID, &at, &e.ActorID, &e.Actor, &e.Action, &e.Kind, &e.RefID, &detail)
	e.At, e.Detail = time.UnixMilli(at).UTC(), json.RawMessage(detail)
	return err
}

// Of lists what was done to one thing, the newest first.
func Of(ctx context.Context, q db.Querier, kind string, ref int64, limit int) ([]Entry, error) {
	return db.List(ctx, q, scanEntry, columns+" WHERE kind = $1 AND ref_id = $2 ORDER BY id DESC LIMIT $3", kind, ref, limit)
}

// List gives everything, the newest first; before is the id of the last entry
// of the page before, 0 for the first page.
func List(ctx context.Context, q db.Querier, before int64, limit int) ([]Entry, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return db.List(ctx, q, scanEntry, columns+" WHERE id < $1 ORDER BY id DESC LIMIT $2", before, limit)
}
