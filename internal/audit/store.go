package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
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

// Filter says which entries are looked for; what is empty does not narrow.
type Filter struct {
	Actor  string // a person's name, or a command, exactly as it was written down
	Action string // "publish"
	Kind   string // "article"
	RefID  int64  // id of the thing
	From   time.Time
	To     time.Time // not included
	Text   string    // anywhere in the details, in whatever case
	Before int64     // id of the last entry of the page before
}

// lookedThrough is how many entries are read for one page of a search by words: no
// index helps there, and the log of a newsroom may be long.
const lookedThrough = 20_000

// Find gives the entries that fit, the newest first. more tells whether there may be
// others: the page is full, or a search by words has read as much as it may. seen is
// the id to go on before.
func Find(ctx context.Context, q db.Querier, f Filter, limit int) (list []Entry, seen int64, more bool, err error) {
	seen = f.Before
	if seen == 0 {
		seen = 1<<63 - 1
	}
	batch := limit + 1
	if f.Text != "" {
		batch = 500
	}
	words := lang.Fold(f.Text)
	for read := 0; ; {
		where, args := f.where(seen)
		args = append(args, batch)
		found, err := db.List(ctx, q, scanEntry, columns+where+" ORDER BY id DESC LIMIT $"+strconv.Itoa(len(args)), args...)
		if err != nil {
			return nil, 0, false, err
		}
		for _, e := range found {
			if len(list) == limit {
				return list, seen, true, nil
			}
			seen = e.ID
			if words == "" || strings.Contains(lang.Fold(e.Actor+" "+string(e.Detail.(json.RawMessage))), words) {
				list = append(list, e)
			}
		}
		read += len(found)
		if len(found) < batch {
			return list, seen, false, nil
		}
		if read >= lookedThrough {
			return list, seen, true, nil
		}
	}
}

// where narrows. The text is folded in Go: SQLite knows of no letters but ASCII's.
func (f Filter) where(before int64) (string, []any) {
	args := []any{before}
	text := " WHERE id < $1"
	and := func(condition string, v any) {
		args = append(args, v)
		text += " AND " + condition + " $" + strconv.Itoa(len(args))
	}
	if f.Actor != "" {
		and("actor =", f.Actor)
	}
	if f.Action != "" {
		and("action =", f.Action)
	}
	if f.Kind != "" {
		and("kind =", f.Kind)
	}
	if f.RefID != 0 {
		and("ref_id =", f.RefID)
	}
	if !f.From.IsZero() {
		and("at >=", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		and("at <", f.To.UnixMilli())
	}
	return text, args
}

// Known are the names that entries have, each once, sorted by their bytes: what a
// search can be narrowed to.
type Known struct{ Actors, Actions, Kinds []string }

// mostKnown of each are offered.
const mostKnown = 500

// Names reads what entries are narrowed by. It leaps from one name to the next in an
// index, so a long log costs as little as a short one.
func Names(ctx context.Context, q db.Querier) (Known, error) {
	var k Known
	for _, one := range []struct {
		into  *[]string
		query string
	}{
		{&k.Actors, leap("actor")}, {&k.Actions, leap("action")}, {&k.Kinds, leap("kind")},
	} {
		var err error
		if *one.into, err = db.List(ctx, q, db.One[string], one.query, mostKnown); err != nil {
			return k, err
		}
	}
	return k, nil
}

func leap(column string) string {
	return "WITH RECURSIVE n(v) AS (SELECT min(" + column + ") FROM audit UNION ALL SELECT (SELECT min(" + column + ") FROM audit WHERE " + column +
		" > n.v) FROM n WHERE n.v IS NOT NULL) SELECT v FROM n WHERE v IS NOT NULL LIMIT $1"
}
