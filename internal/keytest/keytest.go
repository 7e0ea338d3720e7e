// Package keytest holds a passkey for tests.
package keytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// Authenticator is a passkey's holder, as a browser and its machine are one
// (WebAuthn Level 3 §6.1, §6.5.1). One key.
type Authenticator struct {
	Origin string
	Host   string
	key    *ecdsa.PrivateKey
	id     []byte
	Handle []byte
	Signs  uint32
	Flags  byte // user present, user verified, backup eligible, backup state
}

const (
	Present  = 1 << 0
	Verified = 1 << 2
	Eligible = 1 << 3
	BackedUp = 1 << 4
	Attested = 1 << 6
)

var b64url = base64.RawURLEncoding

// New makes one for an origin and its host.
func New(t *testing.T, origin, host string) *Authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	if _, err := rand.Read(id); err != nil {
		t.Fatal(err)
	}
	return &Authenticator{Origin: origin, Host: host, key: key, id: id, Flags: Present | Verified | Eligible | BackedUp}
}

func (a *Authenticator) data(flags byte) []byte {
	sum := sha256.Sum256([]byte(a.Host))
	return binary.BigEndian.AppendUint32(append(sum[:], flags), a.Signs)
}

func (a *Authenticator) client(t *testing.T, kind, challenge string) []byte {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.Origin, "crossOrigin": false})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Options reads what the server asks of a browser.
func Options(t *testing.T, v any) (o struct {
	Challenge string
	RPID      string `json:"rpId"`
	User      struct{ ID string }
	Selection struct {
		Resident     string `json:"residentKey"`
		Verification string `json:"userVerification"`
	} `json:"authenticatorSelection"`
	Verification string `json:"userVerification"`
	Exclude      []any  `json:"excludeCredentials"`
}) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// Create answers navigator.credentials.create.
func (a *Authenticator) Create(t *testing.T, asked any) []byte {
	t.Helper()
	o := Options(t, asked)
	var err error
	if a.Handle, err = b64url.DecodeString(o.User.ID); err != nil {
		t.Fatal(err)
	}
	public, err := a.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		t.Fatal(err)
	}
	data := append(a.data(a.Flags|Attested), make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.id)))
	data = append(data, a.id...)
	data = append(data, 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32) // COSE: EC2, ES256, P-256, x
	data = append(append(data, public[1:33]...), 0x22, 0x58, 32)
	data = append(data, public[33:]...)
	object := []byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58")
	object = append(append(object, byte(len(data))), data...)
	return a.answer(t, map[string]any{"clientDataJSON": b64url.EncodeToString(a.client(t, "webauthn.create", o.Challenge)),
		"attestationObject": b64url.EncodeToString(object), "transports": []string{"internal", "hybrid"}})
}

// Get answers navigator.credentials.get.
func (a *Authenticator) Get(t *testing.T, asked any) []byte {
	t.Helper()
	a.Signs++
	client, data := a.client(t, "webauthn.get", Options(t, asked).Challenge), a.data(a.Flags)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte(nil), data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return a.answer(t, map[string]any{"clientDataJSON": b64url.EncodeToString(client), "authenticatorData": b64url.EncodeToString(data),
		"signature": b64url.EncodeToString(signature), "userHandle": b64url.EncodeToString(a.Handle)})
}

func (a *Authenticator) answer(t *testing.T, response map[string]any) []byte {
	t.Helper()
	id := b64url.EncodeToString(a.id)
	raw, err := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
