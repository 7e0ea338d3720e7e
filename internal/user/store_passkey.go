package user

import (
	"context"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/passkey"
)

const mostPasskeys = 20

// holder finds an account that may sign in by the handle that its passkeys know.
func (s *Store) holder(ctx context.Context, handle []byte) (passkey.Holder, error) {
	id, err := db.Get(ctx, s.d, db.One[int64], "SELECT id FROM staff WHERE handle = $1 AND state = 'active'", handle)
	if err != nil {
		return passkey.Holder{}, err
	}
	return s.holderOf(ctx, id)
}

func (s *Store) holderOf(ctx context.Context, id int64) (passkey.Holder, error) {
	a, err := byID(ctx, s.d, id)
	if err != nil {
		return passkey.Holder{}, err
	}
	h := passkey.Holder{ID: a.ID, Login: a.Email, Name: a.Name}
	if h.Handle, err = db.Get(ctx, s.d, db.One[[]byte], "SELECT handle FROM staff WHERE id = $1", id); err != nil {
		return h, err
	}
	h.Keys, err = db.List(ctx, s.d, func(row db.Scanner, c *passkey.Credential) error {
		return row.Scan(&c.ID, &c.PublicKey, &c.Flags, &c.Signs, &c.AAGUID, &c.Format, &c.Transports)
	}, "SELECT credential, public_key, flags, signs, aaguid, format, transports FROM staff_passkey WHERE staff_id = $1 ORDER BY id", id)
	return h, err
}

// Passkeys lists an account's, in the order in which they came.
func (s *Store) PasskeysOf(ctx context.Context, id int64) ([]Passkey, error) {
	return db.List(ctx, s.d, func(row db.Scanner, p *Passkey) error {
		var flags, created, used int64
		err := row.Scan(&p.ID, &p.Name, &flags, &created, &used)
		p.Synced = passkey.Synced(flags)
		p.Created = time.UnixMilli(created).UTC()
		if used != 0 {
			p.Used = time.UnixMilli(used).UTC()
		}
		return err
	}, "SELECT id, name, flags, created_at, coalesce(used_at, 0) FROM staff_passkey WHERE staff_id = $1 ORDER BY id", id)
}

func addPasskey(ctx context.Context, tx *db.Tx, id int64, c passkey.Credential, called string, now time.Time) error {
	n, err := db.Get(ctx, tx, db.One[int64], "SELECT count(*) FROM staff_passkey WHERE staff_id = $1", id)
	if err != nil {
		return err
	}
	if n >= mostPasskeys {
		return wrong("passkey", "passkeys", "n", mostPasskeys)
	}
	_, err = tx.Exec(ctx, `INSERT INTO staff_passkey (staff_id, credential, public_key, flags, signs, aaguid, format, transports, name, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, c.ID, c.PublicKey, c.Flags, c.Signs, c.AAGUID, c.Format, c.Transports, called, now.UnixMilli())
	return err
}

// usedPasskey remembers what WebAuthn wants compared the next time (§7.2, step 24
// and on). Of the time only the day is kept.
func usedPasskey(ctx context.Context, tx *db.Tx, id int64, c passkey.Credential, now time.Time) error {
	n, err := tx.Exec(ctx, "UPDATE staff_passkey SET flags = $1, signs = $2, used_at = $3 WHERE credential = $4 AND staff_id = $5",
		c.Flags, c.Signs, now.UTC().Truncate(24*time.Hour).UnixMilli(), c.ID, id)
	if err == nil && n == 0 {
		err = refused() // removed a moment ago
	}
	return err
}

// RenamePasskey gives one of an account's passkeys another name.
func (s *Store) RenamePasskey(ctx context.Context, a Account, key int64, called string) error {
	called, err := name("passkey", called)
	if err != nil {
		return err
	}
	return s.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "UPDATE staff_passkey SET name = $1 WHERE id = $2 AND staff_id = $3", called, key, a.ID)
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "no passkey %d of %s", key, a.Name)
		}
		return err
	})
}

// RemovePasskey takes one of an account's passkeys away, unless it is the last way
// in that the account has.
func (s *Store) RemovePasskey(ctx context.Context, a Account, key int64) error {
	return s.change(ctx, a.ID, func(tx *db.Tx, a Account) error {
		called, err := db.Get(ctx, tx, db.One[string], "DELETE FROM staff_passkey WHERE id = $1 AND staff_id = $2 RETURNING name", key, a.ID)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.NotFound, "no passkey %d of %s", key, a.Name)
		}
		if err != nil {
			return err
		}
		if err := s.waysIn(ctx, tx, a); err != nil {
			return err
		}
		return note(ctx, tx, a.Actor(), "passkey_remove", a.ID, a.Name, "passkey", called)
	})
}

// waysIn refuses to leave an account without any.
func (s *Store) waysIn(ctx context.Context, tx *db.Tx, a Account) error {
	n, err := db.Get(ctx, tx, db.One[int64], `SELECT (SELECT count(*) FROM staff_passkey WHERE staff_id = $1)
		+ (SELECT count(*) FROM staff_identity WHERE staff_id = $1) + (SELECT count(*) FROM staff WHERE id = $1 AND password <> '')`, a.ID)
	if err == nil && n == 0 {
		err = wrong("", "only_way")
		err.(*fault.Error).Kind = fault.Conflict
	}
	return err
}
