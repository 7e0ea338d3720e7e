package user

import (
	"context"
	"crypto/rand"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// NewLink makes a link's token: whoever has it signs in as the account once,
// within LinkFor. It takes the place of an older one.
func (s *Store) NewLink(ctx context.Context, by Actor, id int64) (token string, until time.Time, err error) {
	token = rand.Text()
	now := s.d.Now()
	until = now.Add(LinkFor)
	err = s.change(ctx, id, func(tx *db.Tx, a Account) error {
		if a.State != Active {
			return fault.New(fault.Conflict, "the account of %s is blocked; unblock it first", a.Name)
		}
		if _, err := tx.Exec(ctx, "DELETE FROM staff_link WHERE staff_id = $1 OR expires_at <= $2", id, now.UnixMilli()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO staff_link (digest, staff_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
			digest(token), id, now.UnixMilli(), until.UnixMilli()); err != nil {
			return err
		}
		return note(ctx, tx, by, "link", id, a.Name)
	})
	return token, until, err
}

// LinkedTo is whose link it is. It is not used up by looking.
func (s *Store) LinkedTo(ctx context.Context, token string) (Account, error) {
	return one(db.Get(ctx, s.d, scanAccount, "SELECT "+accountColumns+` FROM staff_link l JOIN staff a ON a.id = l.staff_id
		WHERE l.digest = $1 AND l.expires_at > $2 AND a.state = 'active'`, digest(token), s.d.Now().UnixMilli()))
}

// useLink uses a link up, in the transaction that lets its holder in.
func useLink(ctx context.Context, tx *db.Tx, token string, now time.Time) (int64, error) {
	id, err := db.Get(ctx, tx, db.One[int64], "DELETE FROM staff_link WHERE digest = $1 AND expires_at > $2 RETURNING staff_id", digest(token), now.UnixMilli())
	if fault.Is(err, fault.NotFound) {
		return 0, fault.New(fault.NotFound, "no such link, or used, or too old")
	}
	return id, err
}

const sessionColumns = "s.id, s.staff_id, s.via, s.agent, s.created_at, s.expires_at"

func sessionFields(s *Session, begun, ends *int64) []any {
	return []any{&s.ID, &s.AccountID, &s.Via, &s.Agent, begun, ends}
}

// begin makes a session in the transaction that has proved who it is for.
func (s *Store) begin(ctx context.Context, tx *db.Tx, a Account, via Via, agent string) (token string, session Session, err error) {
	now := s.d.Now()
	token = rand.Text()
	session = Session{AccountID: a.ID, Via: via, Agent: agent, Begun: now.UTC(), Ends: now.Add(SessionFor).UTC()}
	for _, query := range []string{"DELETE FROM staff_session WHERE expires_at <= $1", "DELETE FROM staff_spent WHERE expires_at <= $1"} {
		if _, err := tx.Exec(ctx, query, now.UnixMilli()); err != nil {
			return "", session, err
		}
	}
	err = tx.QueryRow(ctx, `INSERT INTO staff_session (digest, staff_id, via, agent, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		digest(token), a.ID, via, agent, now.UnixMilli(), session.Ends.UnixMilli()).Scan(&session.ID)
	if err != nil {
		return "", session, db.Wrap(err)
	}
	return token, session, note(ctx, tx, a.Actor(), "sign_in", a.ID, a.Name, "via", string(via), "agent", agent)
}

// session finds who a token belongs to.
func (s *Store) session(ctx context.Context, token string) (Account, Session, error) {
	var a Account
	var own Session
	_, err := db.Get(ctx, s.d, func(row db.Scanner, _ *struct{}) error {
		var created, begun, ends int64
		err := row.Scan(append(accountFields(&a, &created), sessionFields(&own, &begun, &ends)...)...)
		a.CreatedAt, own.Begun, own.Ends = time.UnixMilli(created).UTC(), time.UnixMilli(begun).UTC(), time.UnixMilli(ends).UTC()
		return err
	}, "SELECT "+accountColumns+", "+sessionColumns+` FROM staff_session s JOIN staff a ON a.id = s.staff_id
		WHERE s.digest = $1 AND s.expires_at > $2 AND a.state = 'active'`, digest(token), s.d.Now().UnixMilli())
	return a, own, err
}

// Sessions lists an account's, the newest first.
func (s *Store) Sessions(ctx context.Context, id int64) ([]Session, error) {
	return db.List(ctx, s.d, func(row db.Scanner, one *Session) error {
		var begun, ends int64
		err := row.Scan(sessionFields(one, &begun, &ends)...)
		one.Begun, one.Ends = time.UnixMilli(begun).UTC(), time.UnixMilli(ends).UTC()
		return err
	}, "SELECT "+sessionColumns+" FROM staff_session s WHERE s.staff_id = $1 AND s.expires_at > $2 ORDER BY s.id DESC", id, s.d.Now().UnixMilli())
}

// EndSession ends one session of an account; NotFound where it has no such one.
func (s *Store) EndSession(ctx context.Context, by Actor, id, session int64) error {
	return s.change(ctx, id, func(tx *db.Tx, a Account) error {
		agent, err := db.Get(ctx, tx, db.One[string], "DELETE FROM staff_session WHERE id = $1 AND staff_id = $2 RETURNING agent", session, id)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.NotFound, "no session %d of %s", session, a.Name)
		}
		if err != nil {
			return err
		}
		return note(ctx, tx, by, "session_end", id, a.Name, "agent", agent)
	})
}

// EndSessions ends all sessions and links of an account but one; keep is 0 for none.
func (s *Store) EndSessions(ctx context.Context, by Actor, id, keep int64) error {
	return s.change(ctx, id, func(tx *db.Tx, a Account) error {
		if err := endAll(ctx, tx, id, keep); err != nil {
			return err
		}
		return note(ctx, tx, by, "sessions_end", id, a.Name)
	})
}

func endAll(ctx context.Context, tx *db.Tx, id, keep int64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM staff_session WHERE staff_id = $1 AND id <> $2", id, keep); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "DELETE FROM staff_link WHERE staff_id = $1", id)
	return err
}

// SignOut ends the session that asks for it.
func (s *Store) SignOut(ctx context.Context, a Account, session int64) error {
	return s.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM staff_session WHERE id = $1 AND staff_id = $2", session, a.ID); err != nil {
			return err
		}
		return note(ctx, tx, a.Actor(), "sign_out", a.ID, a.Name)
	})
}

// spend marks a challenge as answered. A Conflict says that it was before.
func spend(ctx context.Context, tx *db.Tx, challenge string, until time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO staff_spent (digest, expires_at) VALUES ($1, $2)", digest(challenge), until.UnixMilli())
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "answered once before")
	}
	return err
}
