package article

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Link is a way to a text that readers do not see yet, for somebody without an
// account. What it is called is known to whoever was given it; only its hash is kept.
type Link struct {
	ID, Article int64
	Staff       int64 // who made it
	Made, Until time.Time
	Ended       time.Time // before its time; zero: not
	EndedBy     int64
}

// Alive tells whether it still leads anywhere.
func (l Link) Alive(now time.Time) bool { return l.Ended.IsZero() && now.Before(l.Until) }

const (
	mostLinks = 20                  // of an article that are alive at once
	keepLinks = 30 * 24 * time.Hour // for whoever asks who could see a text, when it is over
)

const linkColumns = "id, article_id, staff_id, made_at, until_at, ended_at, ended_by"

func scanLink(s db.Scanner, l *Link) error {
	var made, until int64
	var ended, by sql.NullInt64
	err := s.Scan(&l.ID, &l.Article, &l.Staff, &made, &until, &ended, &by)
	l.Made, l.Until, l.Ended, l.EndedBy = instant(made), instant(until), instant(ended.Int64), by.Int64
	return err
}

func linkHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// NewLink makes a link that leads to an article's text until an instant. The token is
// given once and kept nowhere.
func (s *Store) NewLink(ctx context.Context, tx *db.Tx, article, staff int64, now, until time.Time) (token string, l Link, err error) {
	if _, err := s.lock(ctx, tx, article); err != nil {
		return "", l, err
	}
	alive, err := db.Get(ctx, tx, db.One[int], "SELECT count(*) FROM preview_link WHERE article_id = $1 AND until_at > $2 AND ended_at IS NULL", article, now.UnixMilli())
	if err != nil {
		return "", l, err
	}
	if alive >= mostLinks {
		return "", l, &fault.Error{Kind: fault.Conflict, What: "article " + itoa(article) + " has " + itoa(mostLinks) + " links", Word: "looks.wrong.many"}
	}
	token = rand.Text()
	l = Link{Article: article, Staff: staff, Made: instant(now.UnixMilli()), Until: instant(until.UnixMilli())}
	l.ID, err = db.Get(ctx, tx, db.One[int64], "INSERT INTO preview_link (article_id, hash, staff_id, made_at, until_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
		article, linkHash(token), staff, now.UnixMilli(), until.UnixMilli())
	return token, l, err
}

// EndLink ends a link of an article at once, everywhere: every look asks the table.
// NotFound: there is none that leads anywhere.
func (s *Store) EndLink(ctx context.Context, tx *db.Tx, article, id, staff int64, now time.Time) error {
	_, err := db.Get(ctx, tx, db.One[int64], "UPDATE preview_link SET ended_at = $1, ended_by = $2 WHERE id = $3 AND article_id = $4 AND ended_at IS NULL AND until_at > $1 RETURNING id",
		now.UnixMilli(), staff, id, article)
	if fault.Is(err, fault.NotFound) {
		return &fault.Error{Kind: fault.NotFound, What: "link " + itoa(id) + " of article " + itoa(article) + " leads nowhere", Word: "looks.wrong.over"}
	}
	return err
}

// Links are an article's, the newest first; over ones stay for a month.
func (s *Store) Links(ctx context.Context, article int64) ([]Link, error) {
	return db.List(ctx, s.d, scanLink, "SELECT "+linkColumns+" FROM preview_link WHERE article_id = $1 ORDER BY id DESC LIMIT 100", article)
}

// ByLink is the link that a token is of, while it leads anywhere; Gone, with the link, if
// it did and does no more; NotFound for any other.
func (s *Store) ByLink(ctx context.Context, token string, now time.Time) (Link, error) {
	if len(token) != len("ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		return Link{}, fault.New(fault.NotFound, "no link is called so")
	}
	l, err := db.Get(ctx, s.d, scanLink, "SELECT "+linkColumns+" FROM preview_link WHERE hash = $1", linkHash(token))
	if err == nil && !l.Alive(now) {
		err = fault.New(fault.Gone, "link %d has ended", l.ID)
	}
	return l, err
}

// forgetLinks drops what has long been over.
func forgetLinks(ctx context.Context, tx *db.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, "DELETE FROM preview_link WHERE until_at < $1", now.Add(-keepLinks).UnixMilli())
	return err
}
