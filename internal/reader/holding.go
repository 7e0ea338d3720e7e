package reader

import (
	"context"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Who is the reader whose data are asked for.
type Who struct {
	ID            int64
	Email, Folded string
}

// Holding is a table that holds something about readers. Whoever keeps one declares it
// where the house is wired; a test walks the schema and finds what nobody has declared.
type Holding struct {
	Table   string
	Columns []string // those that are about a reader
	// Export gives what is known of a reader there, as JSON can write it; nil: see Not.
	Export func(ctx context.Context, q db.Querier, w Who) (any, error)
	// Not says why nothing of it is in the file.
	Not string
	// Forget takes a reader out, or leaves a tombstone without them. nil: another holding
	// of the same room does, see With.
	Forget func(ctx context.Context, tx *db.Tx, w Who) error
	With   string
}

func (h Holding) check() error {
	if h.Table == "" || len(h.Columns) == 0 || (h.Export == nil) == (h.Not == "") || (h.Forget == nil) == (h.With == "") {
		return fault.New(fault.Internal, "the holding %q does not say what is exported and forgotten, and how", h.Table)
	}
	return nil
}

// Holdings are those of this room.
func Holdings() []Holding {
	const row = "the account's row goes last, and with it what refers to it"
	return []Holding{
		{Table: "reader", Columns: []string{"id", "email", "email_folded", "name", "lang", "handle", "tells_replies", "tells_reports", "created_at", "going_at"},
			Export: func(ctx context.Context, q db.Querier, w Who) (any, error) {
				r, err := byID(ctx, q, w.ID)
				return map[string]any{"id": r.ID, "email": r.Email, "name": r.Name, "language": r.Lang, "since": r.Since,
					"told_of_replies": r.Replies, "told_of_reports": r.Reports}, err
			}, Forget: erase},
		{Table: "reader_session", Columns: []string{"reader_id", "via", "agent", "created_at", "expires_at"},
			Export: func(ctx context.Context, q db.Querier, w Who) (any, error) {
				list, err := sessions(ctx, q, w.ID, time.Time{})
				out := []any{}
				for _, s := range list {
					out = append(out, map[string]any{"browser": s.Agent, "by": s.Via, "begun": s.Begun, "ends": s.Ends})
				}
				return out, err
			}, With: row},
		{Table: "reader_passkey", Columns: []string{"reader_id", "credential", "public_key", "name", "created_at", "used_at"},
			Export: func(ctx context.Context, q db.Querier, w Who) (any, error) {
				list, err := keysOf(ctx, q, w.ID)
				out := []any{}
				for _, k := range list {
					one := map[string]any{"name": k.Name, "added": k.Created}
					if !k.Used.IsZero() {
						one["used"] = k.Used.Format(time.DateOnly)
					}
					out = append(out, one)
				}
				return out, err
			}, With: row},
		{Table: "reader_link", Columns: []string{"email", "email_folded", "lang"},
			Not: "a link that was asked for is gone within half an hour, used or not", Forget: eraseLinks},
	}
}
