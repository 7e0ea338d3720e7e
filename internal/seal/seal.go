// Package seal encrypts and signs what somebody else keeps for us, with keys made of
// the installation's secret: one for each room that seals.
//
// Tables, Routes, Jobs, Events: none.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"dateline/internal/fault"
)

// Sealer encrypts what somebody else keeps for us: a browser between two requests,
// the database of what its copies must not give away.
type Sealer struct {
	aead cipher.AEAD
	sign []byte // the key of signatures
}

// Size is how long an installation's secret is at least, in bytes.
const Size = 32

// New makes the Sealer of a room.
func New(secret []byte, room string) (Sealer, error) {
	if len(secret) < Size {
		return Sealer{}, fault.New(fault.Invalid, "the secret has %d bytes, at least %d are wanted", len(secret), Size)
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "dateline: "+room+": seal", 32)
	if err != nil {
		return Sealer{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return Sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return Sealer{}, err
	}
	sign, err := hkdf.Key(sha256.New, secret, nil, "dateline: "+room+": sign", 32)
	return Sealer{aead, sign}, err
}

// Signed is a session's token as a browser has it: with a signature, so that one
// which somebody has made up is known without a question to the database, however
// many are tried.
func (s Sealer) Signed(token string) string {
	return token + "." + base64.RawURLEncoding.EncodeToString(s.mac(token))
}

func (s Sealer) mac(token string) []byte {
	h := hmac.New(sha256.New, s.sign)
	h.Write([]byte(token))
	return h.Sum(nil)[:16]
}

// Bare is the token under a signature of ours.
func (s Sealer) Bare(signed string) (token string, ok bool) {
	token, text, _ := strings.Cut(signed, ".")
	mac, err := base64.RawURLEncoding.DecodeString(text)
	return token, err == nil && hmac.Equal(mac, s.mac(token))
}

type sealed struct {
	Until int64           `json:"u"` // milliseconds; 0: for ever
	V     json.RawMessage `json:"v"`
}

// Seal makes a text that only Unseal with the same purpose reads, until the
// instant (zero: always).
func (s Sealer) Seal(purpose string, v any, until time.Time) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	box := sealed{V: raw}
	if !until.IsZero() {
		box.Until = until.UnixMilli()
	}
	plain, err := json.Marshal(box)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, []byte(purpose))), nil
}

// Unseal reads it.
func (s Sealer) Unseal(purpose, text string, v any, now time.Time) error {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return fault.New(fault.Invalid, "no seal of ours: %w", err)
	}
	plain, err := s.aead.Open(nil, nil, raw, []byte(purpose))
	if err != nil {
		return fault.New(fault.Invalid, "no seal of ours: %w", err)
	}
	var box sealed
	if err := json.Unmarshal(plain, &box); err != nil {
		return err
	}
	if box.Until != 0 && now.UnixMilli() >= box.Until {
		return fault.New(fault.Invalid, "sealed until %v", time.UnixMilli(box.Until))
	}
	return json.Unmarshal(box.V, v)
}
