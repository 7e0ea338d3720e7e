package glossary

import (
	"context"
	"strconv"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/stem"
)

// Store keeps the terms.
type Store struct{ d *db.DB }

// New gives the store of d.
func New(d *db.DB) *Store { return &Store{d: d} }

// Query asks for terms; what is empty does not narrow.
type Query struct {
	Publication int64
	From, To    string // To: terms that stay as they are in every language, too
	Text        string // beginnings of words of the term, its translations or the note
	Skip, Limit int    // Limit 0: all
}

const columns = "id, from_lang, to_lang, stays, term, translation, never, note, changed_at"

func scan(s db.Scanner, e *Entry) error {
	var at int64
	err := s.Scan(&e.ID, &e.From, &e.To, &e.Stays, &e.Term, &e.Translation, &e.Never, &e.Note, &at)
	e.Changed = time.UnixMilli(at).UTC()
	return err
}

// where is the condition of a query.
func (f Query) where() (string, []any) {
	args, where := []any{f.Publication}, "publication_id = $1"
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if f.From != "" {
		where += " AND from_lang = " + arg(f.From)
	}
	if f.To != "" {
		where += " AND to_lang IN (" + arg(f.To) + ", '')"
	}
	if f.Text != "" {
		patterns := stem.Begins(f.Text)
		if len(patterns) == 0 {
			where += " AND 1 = 0"
		}
		for _, p := range patterns {
			where += " AND sought LIKE " + arg(p)
		}
	}
	return where, args
}

// List gives terms by their letters.
func (s *Store) List(ctx context.Context, q db.Querier, f Query) ([]Entry, error) {
	where, args := f.where()
	text := "SELECT " + columns + " FROM glossary_term WHERE " + where + " ORDER BY folded, from_lang, to_lang, id"
	if f.Limit > 0 {
		text += " LIMIT $" + strconv.Itoa(len(args)+1) + " OFFSET $" + strconv.Itoa(len(args)+2)
		args = append(args, f.Limit, f.Skip)
	}
	return db.List(ctx, q, scan, text, args...)
}

// Count is how many terms a query has.
func (s *Store) Count(ctx context.Context, f Query) (int, error) {
	where, args := f.where()
	return db.Get(ctx, s.d, db.One[int], "SELECT count(*) FROM glossary_term WHERE "+where, args...)
}

// Get reads a term.
func (s *Store) Get(ctx context.Context, q db.Querier, publication, id int64) (Entry, error) {
	return db.Get(ctx, q, scan, "SELECT "+columns+" FROM glossary_term WHERE publication_id = $1 AND id = $2", publication, id)
}

// Put stores a term, a new one (ID 0) or a changed one, and gives its id. One that
// there is already for the languages is a Conflict.
func (s *Store) Put(ctx context.Context, tx *db.Tx, publication int64, langs []string, e Entry) (int64, error) {
	if err := e.tidy(langs); err != nil {
		return 0, err
	}
	other, err := s.id(ctx, tx, publication, e)
	if err != nil {
		return 0, err
	}
	if other != 0 && other != e.ID {
		return 0, wrong("term", "there", "term", e.Term)
	}
	return s.write(ctx, tx, publication, e)
}

// Take stores terms of a list that somebody brings: those that there are for the same
// languages are replaced. It tells how many are new and how many changed. An error
// names the line of the first that cannot be stored; lines are those of the list.
func (s *Store) Take(ctx context.Context, tx *db.Tx, publication int64, langs []string, list []Entry, line func(int) int) (added, changed int, err error) {
	if len(list) > mostList {
		return 0, 0, wrong("file", "many", "most", mostList)
	}
	for i, e := range list {
		if err := e.tidy(langs); err != nil {
			return 0, 0, inLine(line(i), err)
		}
		if e.ID, err = s.id(ctx, tx, publication, e); err != nil {
			return 0, 0, err
		}
		if e.ID != 0 {
			old, err := s.Get(ctx, tx, publication, e.ID)
			if err != nil {
				return 0, 0, err
			}
			if old.Changed = e.Changed; old == e {
				continue
			}
			changed++
		} else {
			added++
		}
		if _, err := s.write(ctx, tx, publication, e); err != nil {
			return 0, 0, err
		}
	}
	return added, changed, nil
}

// id is that of a term for a pair of languages; 0: there is none.
func (s *Store) id(ctx context.Context, tx *db.Tx, publication int64, e Entry) (int64, error) {
	id, err := db.Get(ctx, tx, db.One[int64], "SELECT id FROM glossary_term WHERE publication_id = $1 AND from_lang = $2 AND to_lang = $3 AND folded = $4",
		publication, e.From, e.To, lang.Fold(e.Term))
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return id, err
}

func (s *Store) write(ctx context.Context, tx *db.Tx, publication int64, e Entry) (int64, error) {
	now := s.d.Now().UnixMilli()
	sought := stem.Sought(strings.Join([]string{e.Term, e.Translation, e.Never, e.Note}, " "))
	if e.ID == 0 {
		return db.Get(ctx, tx, db.One[int64], "INSERT INTO glossary_term (publication_id, from_lang, to_lang, stays, term, translation, never, note, folded, sought, changed_at)"+
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
			publication, e.From, e.To, e.Stays, e.Term, e.Translation, e.Never, e.Note, lang.Fold(e.Term), sought, now)
	}
	n, err := tx.Exec(ctx, "UPDATE glossary_term SET from_lang = $3, to_lang = $4, stays = $5, term = $6, translation = $7, never = $8, note = $9,"+
		" folded = $10, sought = $11, changed_at = $12 WHERE publication_id = $1 AND id = $2",
		publication, e.ID, e.From, e.To, e.Stays, e.Term, e.Translation, e.Never, e.Note, lang.Fold(e.Term), sought, now)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "there is no term %d", e.ID)
	}
	return e.ID, err
}

// Drop takes a term away.
func (s *Store) Drop(ctx context.Context, tx *db.Tx, publication, id int64) error {
	n, err := tx.Exec(ctx, "DELETE FROM glossary_term WHERE publication_id = $1 AND id = $2", publication, id)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "there is no term %d", id)
	}
	return err
}
