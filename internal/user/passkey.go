package user

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// ceremonyFor is how long somebody may take over their authenticator.
const ceremonyFor = 5 * time.Minute

// holder is an account as WebAuthn sees it.
type holder struct {
	Account
	handle []byte
	keys   []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.handle }
func (h holder) WebAuthnName() string                       { return h.Email }
func (h holder) WebAuthnDisplayName() string                { return h.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func (g *Gate) noPasskeys() error {
	return fault.New(fault.Conflict, "the desk's address %s can have no passkeys", g.o.URL)
}

// BeginSignIn gives the options of navigator.credentials.get as JSON, and what the
// browser is to keep and bring back with the answer.
func (g *Gate) BeginSignIn() (options any, kept string, err error) {
	if g.keys == nil {
		return nil, "", g.noPasskeys()
	}
	assertion, session, err := g.keys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", err
	}
	kept, err = g.seal.seal("passkey: sign in", session, g.o.Now().Add(ceremonyFor))
	return assertion.Response, kept, err
}

// FinishSignIn signs in by what an authenticator answered.
func (g *Gate) FinishSignIn(ctx context.Context, kept string, answer []byte, from From) (*Opened, error) {
	if g.keys == nil {
		return nil, g.noPasskeys()
	}
	if err := g.try(from, ""); err != nil {
		return nil, err
	}
	var session webauthn.SessionData
	if err := g.seal.unseal("passkey: sign in", kept, &session, g.o.Now()); err != nil {
		return nil, g.late(err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return nil, fault.New(fault.Invalid, "reading an authenticator's answer: %w", err)
	}
	var away error
	found, key, err := g.keys.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		h, err := g.holder(ctx, handle)
		if !fault.Is(err, fault.NotFound) {
			away = err
		}
		return h, err
	}, session, parsed)
	switch {
	case away != nil:
		return nil, away
	case err != nil:
		g.o.Log.Info("a passkey was refused", "error", told(err))
		return nil, refused()
	case key.Authenticator.CloneWarning:
		// Its counter went back: two copies of a key that was to have none.
		g.o.Log.Warn("a passkey may have been copied, and was refused", "account", found.(holder).ID)
		return nil, refused()
	}
	return g.open(ctx, ByPasskey, from, func(tx *db.Tx) (int64, error) {
		if err := spend(ctx, tx, kept, g.o.Now().Add(ceremonyFor)); err != nil {
			return 0, refused()
		}
		h := found.(holder)
		return h.ID, usedPasskey(ctx, tx, h.ID, *key, g.o.Now())
	})
}

// told is all that WebAuthn's library says of an error.
func told(err error) string {
	text := err.Error()
	if e, ok := errors.AsType[*protocol.Error](err); ok && e.DevInfo != "" {
		text += ": " + e.DevInfo
	}
	return text
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
	creation, session, err := g.keys.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return nil, "", err
	}
	kept, err = g.seal.seal("passkey: add", session, g.o.Now().Add(ceremonyFor))
	return creation.Response, kept, err
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
	var session webauthn.SessionData
	if err := g.seal.unseal("passkey: add", kept, &session, g.o.Now()); err != nil {
		return g.late(err)
	}
	h, err := g.holderOf(ctx, a.ID)
	if err != nil {
		return err
	}
	if !bytes.Equal(session.UserID, h.handle) {
		return fault.New(fault.Forbidden, "a challenge of another account")
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return fault.New(fault.Invalid, "reading a new passkey: %w", err)
	}
	key, err := g.keys.CreateCredential(h, session, parsed)
	if err != nil {
		return fault.New(fault.Invalid, "a new passkey: %s", told(err))
	}
	return g.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if err := spend(ctx, tx, kept, g.o.Now().Add(ceremonyFor)); err != nil {
			return err
		}
		if err := addPasskey(ctx, tx, a.ID, *key, called, g.o.Now()); err != nil {
			return err
		}
		return note(ctx, tx, a.Actor(), "passkey_add", a.ID, a.Name, "passkey", called)
	})
}
