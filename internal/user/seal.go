package user

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

// sealer encrypts what somebody else keeps for us: a browser between two requests,
// the database of what its copies must not give away.
type sealer struct {
	aead cipher.AEAD
	sign []byte // the key of signatures
}

// SecretSize is how long an installation's secret is at least, in bytes.
const SecretSize = 32

func newSealer(secret []byte) (sealer, error) {
	if len(secret) < SecretSize {
		return sealer{}, fault.New(fault.Invalid, "the secret has %d bytes, at least %d are wanted", len(secret), SecretSize)
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "dateline: user: seal", 32)
	if err != nil {
		return sealer{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, err
	}
	sign, err := hkdf.Key(sha256.New, secret, nil, "dateline: user: sign", 32)
	return sealer{aead, sign}, err
}

// signed is a session's token as a browser has it: with a signature, so that one
// which somebody has made up is known without a question to the database, however
// many are tried.
func (s sealer) signed(token string) string {
	return token + "." + base64.RawURLEncoding.EncodeToString(s.mac(token))
}

func (s sealer) mac(token string) []byte {
	h := hmac.New(sha256.New, s.sign)
	h.Write([]byte(token))
	return h.Sum(nil)[:16]
}

// bare is the token under a signature of ours.
func (s sealer) bare(signed string) (token string, ok bool) {
	token, text, _ := strings.Cut(signed, ".")
	mac, err := base64.RawURLEncoding.DecodeString(text)
	return token, err == nil && hmac.Equal(mac, s.mac(token))
}

type sealed struct {
	Until int64           `json:"u"` // milliseconds; 0: for ever
	V     json.RawMessage `json:"v"`
}

// seal makes a text that only unseal with the same purpose reads, until the
// instant (zero: always).
func (s sealer) seal(purpose string, v any, until time.Time) (string, error) {
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

func (s sealer) unseal(purpose, text string, v any, now time.Time) error {
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
