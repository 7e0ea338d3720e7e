package front

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// keepVersions is how many changes of a front page are kept.
const keepVersions = 500

// Store keeps arrangements.
type Store struct {
	d        *db.DB
	articles *article.Store
}

// New gives the store of d.
func New(d *db.DB, articles *article.Store) *Store { return &Store{d, articles} }

// SlotsTag and StripTag name what a change of an arrangement changes for readers: the
// front page, and the line on every page of an edition.
func SlotsTag(edition int64) string { return "slots:" + itoa(edition) }
func StripTag(edition int64) string { return "strip:" + itoa(edition) }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

const versionColumns = "SELECT number, content_of, before_that, arrangement, deed, place, article_id, staff_id, made_at FROM front_version"

func scanVersion(s db.Scanner, v *Version) error {
	var text string
	var at int64
	var art, staff sql.NullInt64
	if err := s.Scan(&v.Number, &v.of, &v.before, &text, &v.Deed, &v.Place, &art, &staff, &at); err != nil {
		return err
	}
	v.Article, v.Staff, v.At = art.Int64, staff.Int64, time.UnixMilli(at).UTC()
	return json.Unmarshal([]byte(text), &v.Arrangement)
}

// Now is how an edition's front page is arranged.
func (s *Store) Now(ctx context.Context, edition int64) (Version, error) {
	return s.Read(ctx, s.d, edition)
}

// Read is Now, within a transaction, too.
func (s *Store) Read(ctx context.Context, q db.Querier, edition int64) (Version, error) {
	v, err := db.Get(ctx, q, scanVersion, versionColumns+" WHERE edition_id = $1 ORDER BY number DESC LIMIT 1", edition)
	if fault.Is(err, fault.NotFound) {
		return Version{}, nil
	}
	return v, err
}

// version is one that there was; number 0 is the beginning.
func version(ctx context.Context, q db.Querier, edition int64, number int) (Version, error) {
	if number == 0 {
		return Version{}, nil
	}
	return db.Get(ctx, q, scanVersion, versionColumns+" WHERE edition_id = $1 AND number = $2", edition, number)
}

// History lists changes, the newest first.
func (s *Store) History(ctx context.Context, edition int64, limit int) ([]Version, error) {
	return db.List(ctx, s.d, scanVersion, versionColumns+" WHERE edition_id = $1 ORDER BY number DESC LIMIT $2", edition, limit)
}

// By is who makes a change.
type By struct {
	Staff int64 // 0: nobody with an account
	Name  string
	Seen  int // the version that they looked at
}

// Do carries out a deed, and writes it into the log. Where somebody else has changed
// the page since it was looked at, nothing is done: a Conflict.
func (s *Store) Do(ctx context.Context, tx *db.Tx, ed edition.Edition, by By, d Deed) (Version, error) {
	old, err := s.Read(ctx, tx, ed.ID)
	if err != nil {
		return old, err
	}
	if old.Number != by.Seen {
		return old, conflict("changed", ed.ID)
	}
	if err := s.fits(ctx, tx, ed.ID, d); err != nil {
		return old, err
	}
	at := s.d.Now()
	v := Version{Arrangement: old.Arrangement, Number: old.Number + 1, Deed: d.What, Place: d.Place, Article: d.Article, Staff: by.Staff, At: at,
		of: old.Number + 1, before: old.of}
	if d.What == Move {
		v.Place = d.To
	}
	switch d.What {
	case Undo:
		if !old.CanUndo() {
			return old, conflict("nothing", ed.ID)
		}
		then, err := version(ctx, tx, ed.ID, old.before)
		if fault.Is(err, fault.NotFound) { // longer ago than is kept
			return old, conflict("nothing", ed.ID)
		} else if err != nil {
			return old, err
		}
		v.Arrangement, v.of, v.before = then.Arrangement, then.of, then.before
	case Restore:
		then, err := version(ctx, tx, ed.ID, d.Number)
		if err != nil {
			return old, err
		}
		v.Arrangement = then.Arrangement
	default:
		if err := v.apply(d, at); err != nil {
			return old, err
		}
	}
	if err := s.put(ctx, tx, ed.ID, v); err != nil {
		return old, err
	}
	tx.Changed(SlotsTag(ed.ID))
	if !v.Strip.equal(old.Strip) {
		tx.Changed(StripTag(ed.ID))
	}
	return v, audit.Log(ctx, tx, audit.Entry{Actor: by.Name, ActorID: by.Staff, Action: d.What, Kind: "front", RefID: ed.ID, Detail: d.detail(ed)})
}

func (s *Strip) equal(o *Strip) bool { return s == o || s != nil && o != nil && *s == *o }

func conflict(why string, edition int64) error {
	return &fault.Error{Kind: fault.Conflict, What: "the front page of edition " + itoa(edition) + ": " + lang.Of("en").T("arrange.wrong."+why), Word: "arrange.wrong." + why}
}

// fits refuses an article that has no business on the page: of another edition, a
// static page, or one that nobody will see.
func (s *Store) fits(ctx context.Context, q db.Querier, edition int64, d Deed) error {
	if d.Article == 0 {
		return nil
	}
	a, err := s.articles.Get(ctx, q, d.Article)
	if err == nil && (a.Edition != edition || a.Kind != article.Text || a.State == article.Withdrawn || a.State == article.Spiked) {
		err = wrong("article", "article")
	}
	if fault.Is(err, fault.NotFound) {
		err = wrong("article", "article")
	}
	return err
}

func (s *Store) put(ctx context.Context, tx *db.Tx, edition int64, v Version) error {
	text, err := json.Marshal(v.Arrangement)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO front_version (edition_id, number, content_of, before_that, arrangement, deed, place, article_id, staff_id, made_at)"+
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", edition, v.Number, v.of, v.before, string(text), v.Deed, string(v.Place),
		orNull(v.Article), orNull(v.Staff), v.At.UnixMilli())
	if fault.Is(err, fault.Conflict) { // two at once, on PostgreSQL
		return conflict("changed", edition)
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "DELETE FROM front_version WHERE edition_id = $1 AND number <= $2", edition, v.Number-keepVersions)
	return err
}

func orNull(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }

// detail is what the log keeps of a deed.
func (d Deed) detail(ed edition.Edition) map[string]any {
	out := map[string]any{"edition": ed.Lang}
	for key, value := range map[string]string{"place": string(d.Place), "to": string(d.To), "rule": string(d.Rule), "text": d.Text} {
		if value != "" {
			out[key] = value
		}
	}
	for key, value := range map[string]int64{"article": d.Article, "topic": d.Topic, "version": int64(d.Number)} {
		if value != 0 {
			out[key] = value
		}
	}
	if !d.Until.IsZero() {
		out["until"] = d.Until.UTC().Format(time.RFC3339)
	}
	return out
}
