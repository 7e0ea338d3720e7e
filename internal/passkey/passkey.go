// Package passkey is what browsers and their authenticators are asked and what they
// answer (WebAuthn Level 3): discoverable keys, with the person verified, which tell
// by themselves whose they are. It keeps nothing: what waits between two requests is
// sealed and kept by the browser, what a key is is kept by the room whose people
// sign in. Each answer is to be spent in the transaction that believes it, by that
// room.
//
// Tables, Routes, Jobs, Events: none.
package passkey

import (
	"bytes"
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"dateline/internal/fault"
	"dateline/internal/seal"
)

// For is how long somebody may take over their authenticator.
const For = 5 * time.Minute

// Credential is a key as it is kept.
type Credential struct {
	ID, PublicKey, AAGUID []byte
	Flags, Signs          int64
	Format, Transports    string
}

// Synced tells whether a key's provider keeps copies on other devices.
func Synced(flags int64) bool { return protocol.AuthenticatorFlags(flags).HasBackupState() }

// Holder is somebody who has keys.
type Holder struct {
	ID          int64
	Handle      []byte // what keys know them by, and nothing else
	Login, Name string
	Keys        []Credential
}

type user struct {
	h    Holder
	keys []webauthn.Credential
}

func (u user) WebAuthnID() []byte                         { return u.h.Handle }
func (u user) WebAuthnName() string                       { return u.h.Login }
func (u user) WebAuthnDisplayName() string                { return u.h.Name }
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.keys }

func of(h Holder) user {
	u := user{h: h}
	for _, k := range h.Keys {
		c := webauthn.Credential{ID: k.ID, PublicKey: k.PublicKey, AttestationFormat: k.Format, Flags: webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(k.Flags))}
		c.Authenticator.AAGUID, c.Authenticator.SignCount = k.AAGUID, uint32(k.Signs)
		for _, t := range strings.Fields(k.Transports) {
			c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
		}
		u.keys = append(u.keys, c)
	}
	return u
}

func from(c webauthn.Credential) Credential {
	transports := make([]string, len(c.Transport))
	for i, t := range c.Transport {
		transports[i] = string(t)
	}
	return Credential{ID: c.ID, PublicKey: c.PublicKey, AAGUID: c.Authenticator.AAGUID, Flags: int64(c.Flags.ProtocolValue()),
		Signs: int64(c.Authenticator.SignCount), Format: c.AttestationFormat, Transports: strings.Join(transports, " ")}
}

// Errors that their room has words for: Refused is wrapped with why, for the log.
var (
	ErrRefused = errors.New("the passkey was refused")
	ErrCopied  = errors.New("the passkey may have been copied, and was refused")
	ErrLate    = errors.New("the challenge is too old, or none of ours")
)

// Keys asks and believes.
type Keys struct {
	w    *webauthn.WebAuthn
	seal seal.Sealer
	now  func() time.Time
}

// New makes Keys for an address; nil where its host can have none: an address of
// numbers, or one that is reached without TLS, but for localhost.
func New(address, newsroom string, s seal.Sealer, now func() time.Time) (*Keys, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, fault.New(fault.Invalid, "%q is no address that passkeys could be for", address)
	}
	host := u.Hostname()
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	if _, err := netip.ParseAddr(host); err == nil || u.Scheme != "https" && !local {
		return nil, nil
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: newsroom, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fault.New(fault.Invalid, "passkeys for %s: %w", address, err)
	}
	return &Keys{w, s, now}, nil
}

// BeginSignIn gives the options of navigator.credentials.get as JSON, and what the
// browser is to keep and bring back with the answer.
func (k *Keys) BeginSignIn() (options any, kept string, err error) {
	assertion, session, err := k.w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", err
	}
	kept, err = k.seal.Seal("passkey: sign in", session, k.now().Add(For))
	return assertion.Response, kept, err
}

// FinishSignIn tells whose key answered, and what of it is to be remembered for the
// next time (§7.2, step 24 and on). find gives the holder of a handle, NotFound for nobody.
func (k *Keys) FinishSignIn(kept string, answer []byte, find func(handle []byte) (Holder, error)) (Holder, Credential, error) {
	var session webauthn.SessionData
	if err := k.seal.Unseal("passkey: sign in", kept, &session, k.now()); err != nil {
		return Holder{}, Credential{}, errors.Join(ErrLate, err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Holder{}, Credential{}, fault.New(fault.Invalid, "reading an authenticator's answer: %w", err)
	}
	var away error
	found, key, err := k.w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		h, err := find(handle)
		if !fault.Is(err, fault.NotFound) {
			away = err
		}
		return of(h), err
	}, session, parsed)
	switch {
	case away != nil:
		return Holder{}, Credential{}, away
	case err != nil:
		return Holder{}, Credential{}, errors.Join(ErrRefused, told(err))
	case key.Authenticator.CloneWarning:
		// Its counter went back: two copies of a key that was to have none.
		return found.(user).h, Credential{}, errors.Join(ErrRefused, ErrCopied)
	}
	return found.(user).h, from(*key), nil
}

// told is all that WebAuthn's library says of an error.
func told(err error) error {
	text := err.Error()
	if e, ok := errors.AsType[*protocol.Error](err); ok && e.DevInfo != "" {
		text += ": " + e.DevInfo
	}
	return errors.New(text)
}

// BeginAdd gives the options of navigator.credentials.create as JSON, and what the
// browser is to keep.
func (k *Keys) BeginAdd(h Holder) (options any, kept string, err error) {
	u := of(h)
	creation, session, err := k.w.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.keys).CredentialDescriptors()))
	if err != nil {
		return nil, "", err
	}
	kept, err = k.seal.Seal("passkey: add", session, k.now().Add(For))
	return creation.Response, kept, err
}

// FinishAdd gives the key that an authenticator made.
func (k *Keys) FinishAdd(h Holder, kept string, answer []byte) (Credential, error) {
	var session webauthn.SessionData
	if err := k.seal.Unseal("passkey: add", kept, &session, k.now()); err != nil {
		return Credential{}, errors.Join(ErrLate, err)
	}
	if !bytes.Equal(session.UserID, h.Handle) {
		return Credential{}, fault.New(fault.Forbidden, "a challenge of another account")
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Credential{}, fault.New(fault.Invalid, "reading a new passkey: %w", err)
	}
	key, err := k.w.CreateCredential(of(h), session, parsed)
	if err != nil {
		return Credential{}, fault.New(fault.Invalid, "a new passkey: %w", told(err))
	}
	return from(*key), nil
}
