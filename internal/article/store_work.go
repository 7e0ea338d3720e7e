package article

import (
	"context"
	"database/sql"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Work is what the newsroom knows of an article and does not print.
type Work struct {
	Staff int64     // whose it is; 0: nobody's
	Due   time.Time // when the newsroom wants it; zero: not said
	Notes string

	// Embargo is until when readers may not see it, whoever wants that; zero: there is
	// none. LiftBy has asked to lift it; 0: nobody has.
	Embargo time.Time
	LiftBy  int64
}

// SetWork keeps whose it is, when it is wanted, and the notes.
func (s *Store) SetWork(ctx context.Context, tx *db.Tx, id int64, w Work) error {
	if len([]rune(w.Notes)) > mostText {
		return wrong("notes", "long", "most", mostText, "n", len([]rune(w.Notes)))
	}
	_, err := tx.Exec(ctx, "INSERT INTO article_work (article_id, staff_id, due_at, notes) VALUES ($1, $2, $3, $4)"+
		" ON CONFLICT (article_id) DO UPDATE SET staff_id = excluded.staff_id, due_at = excluded.due_at, notes = excluded.notes",
		id, orNull(w.Staff), orNull(millis(w.Due)), w.Notes)
	return err
}

// SetEmbargo says until when readers may not see an article; zero ends it. What was
// asked about another is void.
func (s *Store) SetEmbargo(ctx context.Context, tx *db.Tx, id int64, until time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO article_work (article_id, embargo_until) VALUES ($1, $2)"+
		" ON CONFLICT (article_id) DO UPDATE SET embargo_until = excluded.embargo_until, lift_staff_id = NULL", id, orNull(millis(until)))
	return err
}

// Lift ends an embargo before its time if somebody else has asked for that before;
// else it notes that somebody asks. A Conflict is one that there is not, or that the
// same person asked for.
func (s *Store) Lift(ctx context.Context, tx *db.Tx, id, staff int64) (lifted bool, err error) {
	if _, err := s.lock(ctx, tx, id); err != nil {
		return false, err
	}
	works, err := s.WorkOf(ctx, tx, id)
	if err != nil {
		return false, err
	}
	switch w := works[id]; {
	case !w.Embargo.After(s.d.Now()):
		return false, &fault.Error{Kind: fault.Conflict, What: "article " + itoa(id) + " is under no embargo", Word: "write.wrong.no_embargo"}
	case w.LiftBy == staff:
		return false, &fault.Error{Kind: fault.Conflict, What: "the embargo on article " + itoa(id) + " wants a second person", Word: "write.wrong.second"}
	case w.LiftBy != 0:
		return true, s.SetEmbargo(ctx, tx, id, time.Time{})
	}
	_, err = tx.Exec(ctx, "UPDATE article_work SET lift_staff_id = $1 WHERE article_id = $2", staff, id)
	return false, err
}

// WorkOf reads it, of those articles of which something is known.
func (s *Store) WorkOf(ctx context.Context, q db.Querier, ids ...int64) (map[int64]Work, error) {
	out := map[int64]Work{}
	if len(ids) == 0 {
		return out, nil
	}
	type row struct {
		id int64
		w  Work
	}
	in, args := db.In(nil, ids)
	rows, err := db.List(ctx, q, func(sc db.Scanner, r *row) error {
		var staff, due, embargo, lift sql.NullInt64
		err := sc.Scan(&r.id, &staff, &due, &r.w.Notes, &embargo, &lift)
		r.w.Staff, r.w.Due, r.w.Embargo, r.w.LiftBy = staff.Int64, instant(due.Int64), instant(embargo.Int64), lift.Int64
		return err
	}, "SELECT article_id, staff_id, due_at, notes, embargo_until, lift_staff_id FROM article_work WHERE article_id IN ("+in+")", args...)
	for _, r := range rows {
		out[r.id] = r.w
	}
	return out, err
}

// Theirs tells whether an article is somebody's: it was given to them, or bears their
// by-line. entity is whom they are credited as; 0: nobody.
func (s *Store) Theirs(ctx context.Context, q db.Querier, id, staff, entity int64) (bool, error) {
	n, err := db.Get(ctx, q, db.One[int], "SELECT (SELECT count(*) FROM article_work WHERE article_id = $1 AND staff_id = $2)"+
		" + (SELECT count(*) FROM byline WHERE article_id = $1 AND entity_id = $3 AND $3 <> 0)", id, staff, entity)
	return n > 0, err
}

// Here is somebody who has an article open.
type Here struct {
	Tab   string // tells this page of theirs from others
	Staff int64
	Name  string
	Block string // where they write; empty: nowhere
	Place int    // code points into that block's text
}

const hereFor = 20 * time.Second

// SetHere notes that somebody has an article open, and gives who else has. Who has
// closed it says so with an empty name; what that page still had on its way then may
// come after it and does not bring it back.
func (s *Store) SetHere(ctx context.Context, id int64, me Here) ([]Here, error) {
	now := s.d.Now()
	err := s.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM article_open WHERE article_id = $1 AND seen_at < $2", id, now.Add(-hereFor).UnixMilli()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO article_open (article_id, tab, staff_id, name, block, place, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"+
			" ON CONFLICT (article_id, tab) DO UPDATE SET name = excluded.name, block = excluded.block, place = excluded.place, seen_at = excluded.seen_at"+
			" WHERE article_open.name <> ''",
			id, me.Tab, me.Staff, me.Name, me.Block, me.Place, now.UnixMilli())
		return err
	})
	if err != nil {
		return nil, err
	}
	return db.List(ctx, s.d, func(sc db.Scanner, h *Here) error { return sc.Scan(&h.Tab, &h.Staff, &h.Name, &h.Block, &h.Place) },
		"SELECT tab, staff_id, name, block, place FROM article_open WHERE article_id = $1 AND tab <> $2 AND seen_at >= $3 AND name <> '' ORDER BY name, tab",
		id, me.Tab, now.Add(-hereFor).UnixMilli())
}
