package user

import (
	"context"
	"errors"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/passkey"
)

func (g *Gate) noPasskeys() error {
	return fault.New(fault.Conflict, "the desk's address %s can have no passkeys", g.o.URL)
}

// BeginSignIn gives the options of navigator.credentials.get as JSON, and what the
// browser is to keep and bring back with the answer.
func (g *Gate) BeginSignIn() (options any, kept string, err error) {
	if g.keys == nil {
		return nil, "", g.noPasskeys()
	}
	return g.keys.BeginSignIn()
}

// FinishSignIn signs in by what an authenticator answered.
func (g *Gate) FinishSignIn(ctx context.Context, kept string, answer []byte, from From) (*Opened, error) {
	if g.keys == nil {
		return nil, g.noPasskeys()
	}
	if err := g.try(from, ""); err != nil {
		return nil, err
	}
	h, key, err := g.keys.FinishSignIn(kept, answer, func(handle []byte) (passkey.Holder, error) { return g.holder(ctx, handle) })
	if err != nil {
		if errors.Is(err, passkey.ErrCopied) {
			g.o.Log.Warn("a passkey may have been copied, and was refused", "account", h.ID)
		}
		return nil, g.said(err)
	}
	return g.open(ctx, ByPasskey, from, func(tx *db.Tx) (int64, error) {
		if err := spend(ctx, tx, kept, g.o.Now().Add(passkey.For)); err != nil {
			return 0, refused()
		}
		return h.ID, usedPasskey(ctx, tx, h.ID, key, g.o.Now())
	})
}

// said is an error of a ceremony as whoever tried hears it; the log has the rest.
func (g *Gate) said(err error) error {
	switch {
	case errors.Is(err, passkey.ErrLate):
		return g.late(err)
	case errors.Is(err, passkey.ErrRefused):
		g.o.Log.Info("a passkey was refused", "error", err)
		return refused()
	}
	return err
}

// late is what is said of a seal that is too old, or no seal of ours: a browser that
// has lost its cookie looks the same.
func (g *Gate) late(err error) error {
	g.o.Log.Debug("a ceremony cannot go on", "error", err)
	return wrong("", "late")
}

// BeginPasskey gives the options of navigator.credentials.create as JSON, and what
// the browser is to keep.
func (g *Gate) BeginPasskey(ctx context.Context, a Account) (options any, kept string, err error) {
	if g.keys == nil {
		return nil, "", g.noPasskeys()
	}
	h, err := g.holderOf(ctx, a.ID)
	if err != nil {
		return nil, "", err
	}
	return g.keys.BeginAdd(h)
}

// FinishPasskey adds the passkey that an authenticator made.
func (g *Gate) FinishPasskey(ctx context.Context, a Account, kept string, answer []byte, called string) error {
	if g.keys == nil {
		return g.noPasskeys()
	}
	called, err := name("passkey", called)
	if err != nil {
		return err
	}
	h, err := g.holderOf(ctx, a.ID)
	if err != nil {
		return err
	}
	key, err := g.keys.FinishAdd(h, kept, answer)
	if err != nil {
		return g.said(err)
	}
	return g.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if err := spend(ctx, tx, kept, g.o.Now().Add(passkey.For)); err != nil {
			return err
		}
		if err := addPasskey(ctx, tx, a.ID, key, called, g.o.Now()); err != nil {
			return err
		}
		return note(ctx, tx, a.Actor(), "passkey_add", a.ID, a.Name, "passkey", called)
	})
}
