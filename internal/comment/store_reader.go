package comment

import (
	"context"
	"strconv"
	"time"

	"dateline/internal/db"
)

// ByReader gives what a reader with an account wrote, the newest first; at most so many,
// 0: all.
func (s *Store) ByReader(ctx context.Context, q db.Querier, id int64, most int) ([]Comment, error) {
	if most == 0 {
		most = 1 << 30
	}
	return db.List(ctx, q, scan, "SELECT "+fields+" FROM comment WHERE author_kind = 'reader' AND author_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2", id, most)
}

// Forget takes a reader out of what they wrote: its place stays for the answers of
// others, without name and words, and no measure knows them any more.
func (s *Store) Forget(ctx context.Context, tx *db.Tx, id int64) error {
	list, err := s.ByReader(ctx, tx, id, 0)
	if err != nil || len(list) == 0 {
		return err
	}
	for _, c := range list {
		if _, err := tx.Exec(ctx, "DELETE FROM comment_past WHERE comment_id = $1", c.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE comment_appeal SET text = '-' WHERE decision_id IN (SELECT id FROM comment_decision WHERE comment_id = $1)", c.ID); err != nil {
			return err
		}
		changed(tx, c.ArticleID)
	}
	if _, err := tx.Exec(ctx, "UPDATE comment_decision SET writer = 'gone' WHERE writer = $1", "r:"+strconv.FormatInt(id, 10)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE comment SET author_id = NULL, name = '', email = '', body = '', quote = '', writer = '', token = NULL, request = NULL, print = '', signs = '', version = version + 1"+
		" WHERE author_kind = 'reader' AND author_id = $1", id)
	return err
}

// Told is a report of a comment, as whoever gave it gets it back.
type Told struct {
	Comment int64     `json:"comment"`
	Text    string    `json:"text"`
	Name    string    `json:"name"`
	Email   string    `json:"email"`
	At      time.Time `json:"sent"`
}

// NoticesFrom gives the open reports that came with an address.
func (s *Store) NoticesFrom(ctx context.Context, q db.Querier, email string) ([]Told, error) {
	list, err := db.List(ctx, q, scanNotice, "SELECT "+noticeFields+" FROM comment_notice WHERE email <> '' AND email = $1 ORDER BY id", email)
	out := []Told{}
	for _, n := range list {
		out = append(out, Told{n.Comment, n.Text, n.Name, n.Email, n.At})
	}
	return out, err
}

// ForgetNotices takes name and address out of the reports that came with it.
func (s *Store) ForgetNotices(ctx context.Context, tx *db.Tx, email string) error {
	_, err := tx.Exec(ctx, "UPDATE comment_notice SET name = '', email = '' WHERE email <> '' AND email = $1", email)
	return err
}
