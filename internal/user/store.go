package user

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"

	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Store keeps accounts and sessions.
type Store struct{ d *db.DB }

// New makes a Store.
func New(d *db.DB) *Store { return &Store{d: d} }

const accountColumns = "a.id, a.publication_id, a.email, a.name, a.role, a.lang, a.state, coalesce(a.entity_id, 0), a.password <> '', a.created_at"

func accountFields(a *Account, created *int64) []any {
	return []any{&a.ID, &a.PublicationID, &a.Email, &a.Name, &a.Role, &a.Lang, &a.State, &a.EntityID, &a.HasPassword, created}
}

func scanAccount(s db.Scanner, a *Account) error {
	var created int64
	err := s.Scan(accountFields(a, &created)...)
	a.CreatedAt = time.UnixMilli(created).UTC()
	return err
}

// Add makes an account. A Conflict says that the address has one.
func (s *Store) Add(ctx context.Context, by Actor, publication int64, in Input) (Account, error) {
	in, err := in.canonical()
	if err != nil {
		return Account{}, err
	}
	handle := make([]byte, 64)
	if _, err := rand.Read(handle); err != nil {
		return Account{}, err
	}
	var id int64
	err = s.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		now := s.d.Now().UnixMilli()
		err := tx.QueryRow(ctx, `INSERT INTO staff (publication_id, email, email_folded, name, sort_key, role, lang, entity_id, handle, created_at, changed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) RETURNING id`,
			publication, in.Email, FoldEmail(in.Email), in.Name, lang.Of(in.Lang).SortKey(in.Name), in.Role, in.Lang, orNull(in.EntityID), handle, now).Scan(&id)
		if db.IsUnique(err) {
			return taken(in.Email)
		}
		if err != nil {
			return db.Wrap(err)
		}
		return note(ctx, tx, by, "add", id, in.Name, "role", string(in.Role))
	})
	if err != nil {
		return Account{}, err
	}
	return s.ByID(ctx, id)
}

func taken(email string) error {
	err := wrong("email", "taken", "value", email)
	err.(*fault.Error).Kind = fault.Conflict
	return err
}

func orNull(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }

// note writes into the audit log what was done to an account. more are pairs.
func note(ctx context.Context, tx *db.Tx, by Actor, action string, id int64, name string, more ...string) error {
	detail := map[string]string{"name": name}
	for i := 0; i+1 < len(more); i += 2 {
		detail[more[i]] = more[i+1]
	}
	return audit.Log(ctx, tx, audit.Entry{Actor: by.Name, ActorID: by.ID, Action: action, Kind: "staff", RefID: id, Detail: detail})
}

// ByID reads an account.
func (s *Store) ByID(ctx context.Context, id int64) (Account, error) { return byID(ctx, s.d, id) }

func byID(ctx context.Context, q db.Querier, id int64) (Account, error) {
	return one(db.Get(ctx, q, scanAccount, "SELECT "+accountColumns+" FROM staff a WHERE a.id = $1", id))
}

// ByEmail reads the account of an address, however it is written.
func (s *Store) ByEmail(ctx context.Context, publication int64, email string) (Account, error) {
	return one(db.Get(ctx, s.d, scanAccount, "SELECT "+accountColumns+" FROM staff a WHERE a.publication_id = $1 AND a.email_folded = $2",
		publication, FoldEmail(email)))
}

func one(a Account, err error) (Account, error) {
	if fault.Is(err, fault.NotFound) {
		return a, fault.New(fault.NotFound, "no such account")
	}
	return a, err
}

// Listed is an account in a list of them.
type Listed struct {
	Account
	Passkeys, Sessions int
}

// List gives everybody, by name.
func (s *Store) List(ctx context.Context, publication int64) ([]Listed, error) {
	return db.List(ctx, s.d, func(row db.Scanner, l *Listed) error {
		var created int64
		err := row.Scan(append(accountFields(&l.Account, &created), &l.Passkeys, &l.Sessions)...)
		l.CreatedAt = time.UnixMilli(created).UTC()
		return err
	}, "SELECT "+accountColumns+`, (SELECT count(*) FROM staff_passkey p WHERE p.staff_id = a.id),
		(SELECT count(*) FROM staff_session s WHERE s.staff_id = a.id AND s.expires_at > $2)
		FROM staff a WHERE a.publication_id = $1 ORDER BY a.state, a.sort_key, a.id`, publication, s.d.Now().UnixMilli())
}

// Change sets what somebody else may change of an account: address, name, role,
// contributor. Another role ends the account's sessions.
func (s *Store) Change(ctx context.Context, by Actor, id int64, in Input) error {
	return s.change(ctx, id, func(tx *db.Tx, a Account) error {
		in.Lang = a.Lang
		in, err := in.canonical()
		if err != nil {
			return err
		}
		if in.Role != a.Role {
			if err := s.setRole(ctx, tx, by, a, in.Role); err != nil {
				return err
			}
		}
		if in.Email == a.Email && in.Name == a.Name && in.EntityID == a.EntityID {
			return nil
		}
		_, err = tx.Exec(ctx, "UPDATE staff SET email = $1, email_folded = $2, name = $3, sort_key = $4, entity_id = $5, changed_at = $6 WHERE id = $7",
			in.Email, FoldEmail(in.Email), in.Name, lang.Of(a.Lang).SortKey(in.Name), orNull(in.EntityID), s.d.Now().UnixMilli(), id)
		if db.IsUnique(err) {
			return taken(in.Email)
		}
		if err != nil {
			return err
		}
		return note(ctx, tx, by, "change", id, in.Name, changes("name", a.Name, in.Name, "email", a.Email, in.Email)...)
	})
}

// changes lists what was and is, of triples of a name and two values.
func changes(triples ...string) []string {
	var out []string
	for i := 0; i+2 < len(triples); i += 3 {
		if triples[i+1] != triples[i+2] {
			out = append(out, "was_"+triples[i], triples[i+1], "new_"+triples[i], triples[i+2])
		}
	}
	return out
}

// SetRole gives an account another role and ends its sessions.
func (s *Store) SetRole(ctx context.Context, by Actor, id int64, role Role) error {
	if err := role.check(); err != nil {
		return err
	}
	return s.change(ctx, id, func(tx *db.Tx, a Account) error {
		if a.Role == role {
			return nil
		}
		return s.setRole(ctx, tx, by, a, role)
	})
}

func (s *Store) setRole(ctx context.Context, tx *db.Tx, by Actor, a Account, role Role) error {
	if err := s.notLast(ctx, tx, a); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE staff SET role = $1, changed_at = $2 WHERE id = $3", role, s.d.Now().UnixMilli(), a.ID); err != nil {
		return err
	}
	if err := endAll(ctx, tx, a.ID, 0); err != nil {
		return err
	}
	return note(ctx, tx, by, "role", a.ID, a.Name, "was", string(a.Role), "role", string(role))
}

// Block shuts an account out; its sessions and links end. Unblock lets it in again.
func (s *Store) Block(ctx context.Context, by Actor, id int64) error {
	return s.change(ctx, id, func(tx *db.Tx, a Account) error {
		if a.State == Blocked {
			return nil
		}
		if err := s.notLast(ctx, tx, a); err != nil {
			return err
		}
		if err := s.setState(ctx, tx, id, Blocked); err != nil {
			return err
		}
		if err := endAll(ctx, tx, id, 0); err != nil {
			return err
		}
		return note(ctx, tx, by, "block", id, a.Name)
	})
}

// Unblock lets an account in again.
func (s *Store) Unblock(ctx context.Context, by Actor, id int64) error {
	return s.change(ctx, id, func(tx *db.Tx, a Account) error {
		if a.State == Active {
			return nil
		}
		if err := s.setState(ctx, tx, id, Active); err != nil {
			return err
		}
		return note(ctx, tx, by, "unblock", id, a.Name)
	})
}

func (s *Store) setState(ctx context.Context, tx *db.Tx, id int64, state State) error {
	_, err := tx.Exec(ctx, "UPDATE staff SET state = $1, changed_at = $2 WHERE id = $3", state, s.d.Now().UnixMilli(), id)
	return err
}

// Reset takes from an account every way in: passkeys, password, single sign-on,
// links and sessions. Only a new link lets its owner in again.
func (s *Store) Reset(ctx context.Context, by Actor, id int64) error {
	return s.change(ctx, id, func(tx *db.Tx, a Account) error {
		for _, query := range []string{
			"DELETE FROM staff_passkey WHERE staff_id = $1", "DELETE FROM staff_recovery WHERE staff_id = $1",
			"DELETE FROM staff_identity WHERE staff_id = $1", "UPDATE staff SET password = '', totp = '', totp_step = 0 WHERE id = $1",
		} {
			if _, err := tx.Exec(ctx, query, id); err != nil {
				return err
			}
		}
		if err := endAll(ctx, tx, id, 0); err != nil {
			return err
		}
		return note(ctx, tx, by, "reset", id, a.Name)
	})
}

// SetSelf sets what people change of their own account.
func (s *Store) SetSelf(ctx context.Context, id int64, called, tag string) error {
	called, err := name("name", called)
	if err != nil {
		return err
	}
	if tag, err = tongue(tag); err != nil {
		return err
	}
	return s.change(ctx, id, func(tx *db.Tx, a Account) error {
		if a.Name == called && a.Lang == tag {
			return nil
		}
		if _, err := tx.Exec(ctx, "UPDATE staff SET name = $1, sort_key = $2, lang = $3, changed_at = $4 WHERE id = $5",
			called, lang.Of(tag).SortKey(called), tag, s.d.Now().UnixMilli(), id); err != nil {
			return err
		}
		return note(ctx, tx, a.Actor(), "change", id, called, changes("name", a.Name, called, "lang", a.Lang, tag)...)
	})
}

// change runs f in a transaction with the account as it is.
func (s *Store) change(ctx context.Context, id int64, f func(*db.Tx, Account) error) error {
	return s.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		a, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		return f(tx, a)
	})
}

// notLast refuses to take away the last administrator: nobody could give the desk
// one again but the operator.
func (s *Store) notLast(ctx context.Context, tx *db.Tx, a Account) error {
	if a.Role != Admin || a.State != Active {
		return nil
	}
	// Two who demote each other at one moment both see the other: on PostgreSQL
	// only a lock of the same rows has the second one wait and look again.
	if _, err := tx.Exec(ctx, "UPDATE staff SET changed_at = changed_at WHERE publication_id = $1 AND role = 'admin'", a.PublicationID); err != nil {
		return err
	}
	others, err := db.Get(ctx, tx, db.One[int64], "SELECT count(*) FROM staff WHERE publication_id = $1 AND role = 'admin' AND state = 'active' AND id <> $2",
		a.PublicationID, a.ID)
	if err == nil && others == 0 {
		err = wrong("role", "last", "name", a.Name)
		err.(*fault.Error).Kind = fault.Conflict
	}
	return err
}

// Admins counts administrators who can be let in.
func (s *Store) Admins(ctx context.Context, publication int64) (int64, error) {
	return db.Get(ctx, s.d, db.One[int64], "SELECT count(*) FROM staff WHERE publication_id = $1 AND role = 'admin' AND state = 'active'", publication)
}
