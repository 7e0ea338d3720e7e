package comment

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Rules gives an edition's house rules as they are now.
func (s *Store) Rules(ctx context.Context, q db.Querier, edition int64, tag string) (Rules, error) {
	return s.rules(ctx, q, edition, tag, 0)
}

// RulesAt gives a version of them.
func (s *Store) RulesAt(ctx context.Context, q db.Querier, edition int64, tag string, version int) (Rules, error) {
	if version < 1 {
		return Rules{}, fault.New(fault.NotFound, "no version %d of rules", version)
	}
	return s.rules(ctx, q, edition, tag, version)
}

func (s *Store) rules(ctx context.Context, q db.Querier, edition int64, tag string, version int) (Rules, error) {
	r := Rules{Edition: edition, Lang: tag}
	var text string
	var at int64
	var staff sql.NullInt64
	where, args := "", []any{edition}
	if version > 0 {
		where, args = " AND version = $2", append(args, version)
	}
	_, err := db.Get(ctx, q, func(sc db.Scanner, _ *struct{}) error { return sc.Scan(&r.Version, &text, &at, &staff) },
		"SELECT version, rules, made_at, staff_id FROM house_rules WHERE edition_id = $1"+where+" ORDER BY version DESC LIMIT 1", args...)
	if fault.Is(err, fault.NotFound) && version < 2 {
		return startingRules(edition, tag)
	}
	if err != nil {
		return r, err
	}
	r.Made, r.Staff = time.UnixMilli(at).UTC(), staff.Int64
	return readRules(r, []byte(text))
}

// SetRules makes a new version of an edition's rules. last is the version that
// whoever writes them has seen: rules that somebody else has changed since are not
// written over.
func (s *Store) SetRules(ctx context.Context, tx *db.Tx, r Rules, tag string, last int) (int, error) {
	if err := r.check(); err != nil {
		return 0, err
	}
	now, err := s.Rules(ctx, tx, r.Edition, tag)
	if err != nil {
		return 0, err
	}
	if now.Version != last {
		return 0, conflict("rules_changed")
	}
	text, err := json.Marshal(r.List)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, "INSERT INTO house_rules (edition_id, version, rules, made_at, staff_id) VALUES ($1, $2, $3, $4, $5)",
		r.Edition, last+1, string(text), s.d.Now().UnixMilli(), orNull(r.Staff))
	if fault.Is(db.Wrap(err), fault.Conflict) {
		return 0, conflict("rules_changed")
	}
	tx.Changed("rules:" + strconv.FormatInt(r.Edition, 10))
	return last + 1, err
}

// conflict says to whoever was slower that somebody else was faster.
func conflict(word string, args ...any) error {
	err := lang.Wrong("talk.wrong."+word, args...)
	err.Kind = fault.Conflict
	return err
}

func orNull(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }

func orNothing(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }
