package user

import (
	"context"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// secrets are what a password is compared with.
type secrets struct {
	id             int64
	password, totp string
}

func (s *Store) secrets(ctx context.Context, publication int64, folded string) (secrets, error) {
	return db.Get(ctx, s.d, func(row db.Scanner, k *secrets) error { return row.Scan(&k.id, &k.password, &k.totp) },
		"SELECT id, password, totp FROM staff WHERE publication_id = $1 AND email_folded = $2 AND state = 'active'", publication, folded)
}

func setPassword(ctx context.Context, tx *db.Tx, id int64, hash, totp string, step int64, recovery []string, now time.Time) error {
	if _, err := tx.Exec(ctx, "UPDATE staff SET password = $1, totp = $2, totp_step = $3, changed_at = $4 WHERE id = $5",
		hash, totp, step, now.UnixMilli(), id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM staff_recovery WHERE staff_id = $1", id); err != nil {
		return err
	}
	rows := tx.Bulk("staff_recovery", "staff_id, digest", "")
	for _, code := range recovery {
		rows.Add(id, digest(bare(code)))
	}
	return rows.Flush(ctx)
}

// bare is a recovery code however it was typed.
func bare(code string) string {
	return strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
}

// usedStep refuses a code that was used before, and those before it (RFC 6238 §5.2).
func usedStep(ctx context.Context, tx *db.Tx, id, step int64) error {
	n, err := tx.Exec(ctx, "UPDATE staff SET totp_step = $1 WHERE id = $2 AND totp_step < $1", step, id)
	if err == nil && n == 0 {
		err = refused()
	}
	return err
}

func useRecovery(ctx context.Context, tx *db.Tx, id int64, code string) error {
	n, err := tx.Exec(ctx, "DELETE FROM staff_recovery WHERE staff_id = $1 AND digest = $2", id, digest(bare(code)))
	if err != nil {
		return err
	}
	if n == 0 {
		return refused()
	}
	a, err := byID(ctx, tx, id)
	if err != nil {
		return err
	}
	return note(ctx, tx, a.Actor(), "recovery_used", id, a.Name)
}

// Recoveries counts the recovery codes that an account has left.
func (s *Store) Recoveries(ctx context.Context, id int64) (int64, error) {
	return db.Get(ctx, s.d, db.One[int64], "SELECT count(*) FROM staff_recovery WHERE staff_id = $1", id)
}

// identified finds whose identity at a single sign-on it is.
func (s *Store) identified(ctx context.Context, issuer, subject string) (int64, error) {
	return db.Get(ctx, s.d, db.One[int64], "SELECT staff_id FROM staff_identity WHERE issuer = $1 AND subject = $2", issuer, subject)
}

// identify binds an account to an identity, the first time that it signs in so.
func (s *Store) identify(ctx context.Context, tx *db.Tx, id int64, issuer, subject string) error {
	other, err := db.Get(ctx, tx, db.One[string], "SELECT subject FROM staff_identity WHERE issuer = $1 AND staff_id = $2", issuer, id)
	switch {
	case err == nil && other != subject: // the address went to somebody else there
		return refused()
	case err == nil:
		return nil
	case !fault.Is(err, fault.NotFound):
		return err
	}
	if _, err = tx.Exec(ctx, "INSERT INTO staff_identity (issuer, subject, staff_id, created_at) VALUES ($1, $2, $3, $4)",
		issuer, subject, id, s.d.Now().UnixMilli()); err != nil {
		return err
	}
	a, err := byID(ctx, tx, id)
	if err != nil {
		return err
	}
	return note(ctx, tx, a.Actor(), "sso_add", id, a.Name, "issuer", issuer)
}
