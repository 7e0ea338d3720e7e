package reader

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/mail"
	"dateline/internal/passkey"
)

const readerColumns = "r.id, r.publication_id, r.email, r.name, r.lang, r.tells_replies, r.tells_reports, r.created_at, r.going_at IS NOT NULL"

func readerFields(r *Reader, since *int64) []any {
	return []any{&r.ID, &r.Publication, &r.Email, &r.Name, &r.Lang, &r.Replies, &r.Reports, since, &r.Going}
}

func scanReader(s db.Scanner, r *Reader) error {
	var since int64
	err := s.Scan(readerFields(r, &since)...)
	r.Since = time.UnixMilli(since).UTC()
	return err
}

func byID(ctx context.Context, q db.Querier, id int64) (Reader, error) {
	return db.Get(ctx, q, scanReader, "SELECT "+readerColumns+" FROM reader r WHERE r.id = $1", id)
}

// digest is what the tables know of a token.
func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// newLink keeps a link's token until it is used or too old.
func newLink(ctx context.Context, tx *db.Tx, publication int64, email, lang, token string, until time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO reader_link (digest, publication_id, email, email_folded, lang, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
		digest(token), publication, email, mail.Fold(email), lang, until.UnixMilli())
	return err
}

// linked tells whether a link may be used still. It is not used up by looking.
func linked(ctx context.Context, q db.Querier, token string, now time.Time) (email string, err error) {
	return db.Get(ctx, q, db.One[string], "SELECT email FROM reader_link WHERE digest = $1 AND expires_at > $2", digest(token), now.UnixMilli())
}

// useLink uses a link up and gives whose it is: an account that is there, or that comes
// to be. The other links to the address end with it.
func useLink(ctx context.Context, tx *db.Tx, token string, now time.Time) (Reader, error) {
	type link struct {
		publication         int64
		email, folded, lang string
	}
	l, err := db.Get(ctx, tx, func(s db.Scanner, l *link) error { return s.Scan(&l.publication, &l.email, &l.folded, &l.lang) },
		"DELETE FROM reader_link WHERE digest = $1 AND expires_at > $2 RETURNING publication_id, email, email_folded, lang", digest(token), now.UnixMilli())
	if fault.Is(err, fault.NotFound) {
		return Reader{}, stale()
	}
	if err != nil {
		return Reader{}, err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM reader_link WHERE email_folded = $1 AND publication_id = $2", l.folded, l.publication); err != nil {
		return Reader{}, err
	}
	handle := make([]byte, 32)
	rand.Read(handle) // never fails (crypto/rand)
	if _, err := tx.Exec(ctx, `INSERT INTO reader (publication_id, email, email_folded, lang, handle, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (publication_id, email_folded) DO NOTHING`, l.publication, l.email, l.folded, l.lang, handle, now.UnixMilli()); err != nil {
		return Reader{}, err
	}
	r, err := db.Get(ctx, tx, scanReader, "SELECT "+readerColumns+" FROM reader r WHERE r.publication_id = $1 AND r.email_folded = $2", l.publication, l.folded)
	if err == nil && r.Going {
		err = stale() // it is on its way out; afterwards the address may come back
	}
	return r, err
}

// begin makes a session in the transaction that has proved who it is for.
func begin(ctx context.Context, tx *db.Tx, reader int64, via Via, agent string, now time.Time) (token string, err error) {
	token = rand.Text()
	_, err = tx.Exec(ctx, "INSERT INTO reader_session (digest, reader_id, via, agent, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
		digest(token), reader, string(via), agent, now.UnixMilli(), now.Add(SessionFor).UnixMilli())
	return token, err
}

// session finds whose a token is.
func session(ctx context.Context, q db.Querier, token string, now time.Time) (Reader, int64, error) {
	type row struct {
		r  Reader
		id int64
	}
	found, err := db.Get(ctx, q, func(s db.Scanner, f *row) error {
		var since int64
		err := s.Scan(append(readerFields(&f.r, &since), &f.id)...)
		f.r.Since = time.UnixMilli(since).UTC()
		return err
	}, "SELECT "+readerColumns+", s.id FROM reader_session s JOIN reader r ON r.id = s.reader_id WHERE s.digest = $1 AND s.expires_at > $2 AND r.going_at IS NULL",
		digest(token), now.UnixMilli())
	return found.r, found.id, err
}

func sessions(ctx context.Context, q db.Querier, reader int64, now time.Time) ([]Session, error) {
	return db.List(ctx, q, func(s db.Scanner, one *Session) error {
		var begun, ends int64
		err := s.Scan(&one.ID, &one.Via, &one.Agent, &begun, &ends)
		one.Begun, one.Ends = time.UnixMilli(begun).UTC(), time.UnixMilli(ends).UTC()
		return err
	}, "SELECT id, via, agent, created_at, expires_at FROM reader_session WHERE reader_id = $1 AND expires_at > $2 ORDER BY id DESC", reader, now.UnixMilli())
}

// endSession ends one of a reader's; NotFound where they have no such one.
func endSession(ctx context.Context, tx *db.Tx, reader, id int64) error {
	n, err := tx.Exec(ctx, "DELETE FROM reader_session WHERE id = $1 AND reader_id = $2", id, reader)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "no session %d of reader %d", id, reader)
	}
	return err
}

// endSessions ends all of a reader's but one; keep is 0 for none.
func endSessions(ctx context.Context, tx *db.Tx, reader, keep int64) error {
	_, err := tx.Exec(ctx, "DELETE FROM reader_session WHERE reader_id = $1 AND id <> $2", reader, keep)
	return err
}

func saveProfile(ctx context.Context, tx *db.Tx, r Reader) error {
	_, err := tx.Exec(ctx, "UPDATE reader SET name = $2, tells_replies = $3, tells_reports = $4, lang = $5 WHERE id = $1", r.ID, r.Name, r.Replies, r.Reports, r.Lang)
	return err
}

// tellNoMore ends letters of a kind; a reader who is gone hears of none anyway.
func tellNoMore(ctx context.Context, tx *db.Tx, reader int64, what string) (err error) {
	switch what {
	case "replies":
		_, err = tx.Exec(ctx, "UPDATE reader SET tells_replies = FALSE WHERE id = $1", reader)
	case "reports":
		_, err = tx.Exec(ctx, "UPDATE reader SET tells_reports = FALSE WHERE id = $1", reader)
	}
	return err
}

// Get is one reader.
func Get(ctx context.Context, q db.Querier, id int64) (Reader, error) { return byID(ctx, q, id) }

// leave notes that a reader wants to be gone: from now on nobody is signed in as them.
func leave(ctx context.Context, tx *db.Tx, reader int64, now time.Time) error {
	if _, err := tx.Exec(ctx, "UPDATE reader SET going_at = $2, name = '' WHERE id = $1", reader, now.UnixMilli()); err != nil {
		return err
	}
	return endSessions(ctx, tx, reader, 0)
}

// erase takes all that this room has of a reader out of its tables.
func erase(ctx context.Context, tx *db.Tx, w Who) error {
	for _, query := range []string{"DELETE FROM reader_session WHERE reader_id = $1", "DELETE FROM reader_passkey WHERE reader_id = $1", "DELETE FROM reader WHERE id = $1"} {
		if _, err := tx.Exec(ctx, query, w.ID); err != nil {
			return err
		}
	}
	return eraseLinks(ctx, tx, w)
}

func eraseLinks(ctx context.Context, tx *db.Tx, w Who) error {
	_, err := tx.Exec(ctx, "DELETE FROM reader_link WHERE email_folded = $1", w.Folded)
	return err
}

// forget throws away what is too old.
func forget(ctx context.Context, tx *db.Tx, now time.Time) error {
	for _, query := range []string{"DELETE FROM reader_link WHERE expires_at <= $1", "DELETE FROM reader_session WHERE expires_at <= $1", "DELETE FROM reader_spent WHERE expires_at <= $1"} {
		if _, err := tx.Exec(ctx, query, now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// holder finds the account that a passkey's handle is of.
func holder(ctx context.Context, q db.Querier, handle []byte) (passkey.Holder, error) {
	id, err := db.Get(ctx, q, db.One[int64], "SELECT id FROM reader WHERE handle = $1 AND going_at IS NULL", handle)
	if err != nil {
		return passkey.Holder{}, err
	}
	return holderOf(ctx, q, id)
}

func holderOf(ctx context.Context, q db.Querier, id int64) (passkey.Holder, error) {
	h, err := db.Get(ctx, q, func(s db.Scanner, h *passkey.Holder) error { return s.Scan(&h.ID, &h.Handle, &h.Login, &h.Name) },
		"SELECT id, handle, email, CASE WHEN name = '' THEN email ELSE name END FROM reader WHERE id = $1", id)
	if err != nil {
		return h, err
	}
	h.Keys, err = db.List(ctx, q, func(s db.Scanner, c *passkey.Credential) error {
		return s.Scan(&c.ID, &c.PublicKey, &c.Flags, &c.Signs, &c.AAGUID, &c.Format, &c.Transports)
	}, "SELECT credential, public_key, flags, signs, aaguid, format, transports FROM reader_passkey WHERE reader_id = $1 ORDER BY id", id)
	return h, err
}

func addKey(ctx context.Context, tx *db.Tx, reader int64, c passkey.Credential, called string, now time.Time) error {
	n, err := db.Get(ctx, tx, db.One[int64], "SELECT count(*) FROM reader_passkey WHERE reader_id = $1", reader)
	if err != nil {
		return err
	}
	if n >= mostKeys {
		return wrong("passkey", "passkeys", "n", mostKeys)
	}
	_, err = tx.Exec(ctx, `INSERT INTO reader_passkey (reader_id, credential, public_key, flags, signs, aaguid, format, transports, name, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, reader, c.ID, c.PublicKey, c.Flags, c.Signs, c.AAGUID, c.Format, c.Transports, called, now.UnixMilli())
	return err
}

// usedKey remembers what WebAuthn wants compared the next time. Of the time only the
// day is kept.
func usedKey(ctx context.Context, tx *db.Tx, reader int64, c passkey.Credential, now time.Time) error {
	n, err := tx.Exec(ctx, "UPDATE reader_passkey SET flags = $1, signs = $2, used_at = $3 WHERE credential = $4 AND reader_id = $5",
		c.Flags, c.Signs, now.UTC().Truncate(24*time.Hour).UnixMilli(), c.ID, reader)
	if err == nil && n == 0 {
		err = refused() // removed a moment ago
	}
	return err
}

func keysOf(ctx context.Context, q db.Querier, reader int64) ([]Passkey, error) {
	return db.List(ctx, q, func(s db.Scanner, p *Passkey) error {
		var flags, created, used int64
		err := s.Scan(&p.ID, &p.Name, &flags, &created, &used)
		p.Synced, p.Created = passkey.Synced(flags), time.UnixMilli(created).UTC()
		if used != 0 {
			p.Used = time.UnixMilli(used).UTC()
		}
		return err
	}, "SELECT id, name, flags, created_at, coalesce(used_at, 0) FROM reader_passkey WHERE reader_id = $1 ORDER BY id", reader)
}

func removeKey(ctx context.Context, tx *db.Tx, reader, id int64) error {
	n, err := tx.Exec(ctx, "DELETE FROM reader_passkey WHERE id = $1 AND reader_id = $2", id, reader)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "no passkey %d of reader %d", id, reader)
	}
	return err
}

// spend marks a challenge as answered, once, on whatever node.
func spend(ctx context.Context, tx *db.Tx, challenge string, until time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO reader_spent (digest, expires_at) VALUES ($1, $2)", digest(challenge), until.UnixMilli())
	if db.IsUnique(err) {
		return refused()
	}
	return err
}
