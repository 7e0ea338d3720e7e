package user

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	encoding "encoding/base32"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Passwords are hashed with argon2id at OWASP's second setting: 19 MiB, two passes,
// one lane. About 30 ms.
const (
	argonMemory = 19 << 10 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonSalt   = 16
	argonKey    = 32

	leastPassword = 12
	mostPassword  = 200 // runes: more is an attempt to keep us busy
	hashWait      = 5 * time.Second
)

// hash computes argon2id, a few at a time: each takes 19 MiB.
func (g *Gate) hash(ctx context.Context, password string, salt []byte, memory, passes uint32, lanes uint8, size uint32) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, hashWait)
	defer stop()
	select {
	case g.hashing <- struct{}{}:
		defer func() { <-g.hashing }()
	case <-ctx.Done():
		return nil, fault.New(fault.Busy, "too many passwords at once")
	}
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, passes, memory, lanes, size), nil
}

var b64 = base64.RawStdEncoding

// newHash gives a password as it is kept: PHC's string format.
func (g *Gate) newHash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := g.hash(ctx, password, salt, argonMemory, argonTime, argonLanes, argonKey)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		b64.EncodeToString(salt), b64.EncodeToString(key)), err
}

// nobody's password takes as long to compare as anybody's and fits none.
var nobodys = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
	b64.EncodeToString(make([]byte, argonSalt)), b64.EncodeToString(make([]byte, argonKey)))

// fits compares a password with what is kept.
func (g *Gate) fits(ctx context.Context, kept, password string) (bool, error) {
	var version int
	var memory, passes uint32
	var lanes uint8
	parts := strings.Split(kept, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fault.New(fault.Internal, "a password is kept in an unknown form")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil || version != argon2.Version {
		return false, fault.New(fault.Internal, "a password is kept in an unknown form: %v", err)
	}
	salt, err1 := b64.DecodeString(parts[4])
	want, err2 := b64.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) == 0 {
		return false, fault.New(fault.Internal, "a password is kept in an unknown form")
	}
	got, err := g.hash(ctx, password, salt, memory, passes, lanes, uint32(len(want)))
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1, err
}

// good refuses passwords that are guessed first. There is no rule about signs: a
// second factor stands beside the password.
func good(password string, a Account) error {
	low := strings.ToLower(password)
	switch n := utf8.RuneCountInString(password); {
	case n < leastPassword:
		return wrong("password", "short", "n", leastPassword)
	case n > mostPassword:
		return wrong("password", "long", "n", mostPassword)
	}
	local, _, _ := strings.Cut(FoldEmail(a.Email), "@")
	for _, easy := range []string{FoldEmail(a.Email), local, strings.ToLower(a.Name)} {
		if easy != "" && strings.Trim(strings.ReplaceAll(low, easy, ""), "0123456789 !.-_") == "" {
			return wrong("password", "easy")
		}
	}
	first, _ := utf8.DecodeRuneInString(low)
	if strings.Trim(low, string(first)) == "" {
		return wrong("password", "easy")
	}
	return nil
}

const (
	totpStep   = 30 // seconds
	totpDrift  = 1  // steps before and after
	totpFor    = 30 * time.Minute
	recoveries = 10
)

// NewCode is a secret for an authenticator that is being set up.
type NewCode struct {
	Kept   string // to be brought back with the first code
	Secret string // for whoever cannot scan, in groups of four
	URL    string // otpauth://…
	Size   int    // of the drawing, in modules
	Path   string // its dark modules, as SVG draws a path
}

// NewCode makes a secret. It is nothing until SetPassword has seen a code of it.
func (g *Gate) NewCode(a Account) (NewCode, error) {
	secret := make([]byte, 20)
	if _, err := rand.Read(secret); err != nil {
		return NewCode{}, err
	}
	return g.codeOf(a, secret)
}

// SameCode gives the same secret once more, because the form it was brought back
// in had a mistake; another one where it is too old.
func (g *Gate) SameCode(a Account, kept string) (NewCode, error) {
	var secret []byte
	if err := g.seal.Unseal(totpPurpose(a.ID)+": new", kept, &secret, g.o.Now()); err != nil {
		return g.NewCode(a)
	}
	return g.codeOf(a, secret)
}

func (g *Gate) codeOf(a Account, secret []byte) (NewCode, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: g.o.Newsroom, AccountName: a.Email, Secret: secret})
	if err != nil {
		return NewCode{}, err
	}
	c := NewCode{URL: key.URL(), Secret: grouped(key.Secret(), " ")}
	if c.Kept, err = g.seal.Seal(totpPurpose(a.ID)+": new", secret, g.o.Now().Add(totpFor)); err != nil {
		return NewCode{}, err
	}
	drawn, err := qr.Encode(c.URL, qr.M, qr.Auto)
	if err != nil {
		return NewCode{}, err
	}
	c.Size = drawn.Bounds().Dx()
	var path strings.Builder
	for y := range c.Size {
		for x := range c.Size {
			if r, _, _, _ := drawn.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	c.Path = path.String()
	return c, nil
}

func totpPurpose(id int64) string { return fmt.Sprintf("totp: %d", id) }

func grouped(s, between string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteString(between)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// base32 is how authenticators' apps write a secret (RFC 4648 §6).
var base32 = encoding.StdEncoding.WithPadding(encoding.NoPadding)

// step finds which of the steps around now a code belongs to; ok is false for a
// code that belongs to none.
func step(secret []byte, code string, now time.Time) (n int64, ok bool) {
	text := base32.EncodeToString(secret)
	code = strings.ReplaceAll(code, " ", "")
	at := now.Unix() / totpStep
	for i := at - totpDrift; i <= at+totpDrift; i++ {
		want, err := totp.GenerateCode(text, time.Unix(i*totpStep, 0))
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			n, ok = i, true
		}
	}
	return n, ok
}

// SetPassword gives an account a password and the authenticator whose secret is
// kept and whose code is given, in place of those before, and new recovery codes,
// which are shown once. Other sessions end.
func (g *Gate) SetPassword(ctx context.Context, a Account, session int64, password, kept, code string) (recovery []string, err error) {
	if err := good(password, a); err != nil {
		return nil, err
	}
	var secret []byte
	if err := g.seal.Unseal(totpPurpose(a.ID)+": new", kept, &secret, g.o.Now()); err != nil {
		return nil, g.late(err)
	}
	n, ok := step(secret, code, g.o.Now())
	if !ok {
		return nil, wrong("code", "code")
	}
	hash, err := g.newHash(ctx, password)
	if err != nil {
		return nil, err
	}
	sealed, err := g.seal.Seal(totpPurpose(a.ID), secret, time.Time{})
	if err != nil {
		return nil, err
	}
	for range recoveries {
		recovery = append(recovery, grouped(strings.ToLower(rand.Text()[:16]), "-")) // 80 bits
	}
	err = g.change(ctx, a.ID, func(tx *db.Tx, a Account) error {
		if err := setPassword(ctx, tx, a.ID, hash, sealed, n, recovery, g.o.Now()); err != nil {
			return err
		}
		if err := endAll(ctx, tx, a.ID, session); err != nil {
			return err
		}
		return note(ctx, tx, a.Actor(), "password_set", a.ID, a.Name)
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

// Password signs in by address, password and a code: of the authenticator, or one
// of recovery.
func (g *Gate) Password(ctx context.Context, email, password, code string, from From) (*Opened, error) {
	folded := FoldEmail(email)
	if len(folded) > mostEmail || utf8.RuneCountInString(password) > mostPassword || len(code) > 64 {
		return nil, refused()
	}
	if err := g.try(from, folded); err != nil {
		return nil, err
	}
	publication, err := g.o.Publication(ctx)
	if err != nil {
		return nil, err
	}
	known, err := g.secrets(ctx, publication, folded)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	hash := known.password
	if hash == "" {
		hash = nobodys
	}
	fits, err := g.fits(ctx, hash, password)
	if err != nil {
		return nil, err
	}
	if !fits || known.password == "" {
		return nil, refused()
	}
	o, err := g.open(ctx, ByPassword, from, func(tx *db.Tx) (int64, error) {
		return known.id, g.second(ctx, tx, known, code)
	})
	if err == nil {
		g.accounts.Clear(folded)
	}
	return o, err
}

// second asks for the second factor, and uses it up.
func (g *Gate) second(ctx context.Context, tx *db.Tx, known secrets, code string) error {
	var secret []byte
	if err := g.seal.Unseal(totpPurpose(known.id), known.totp, &secret, g.o.Now()); err != nil {
		// Another secret than the one it was sealed with: recovery codes still work.
		g.o.Log.Warn("the secret of an authenticator cannot be read", "account", known.id, "error", err)
	} else if n, ok := step(secret, code, g.o.Now()); ok {
		return usedStep(ctx, tx, known.id, n)
	}
	return useRecovery(ctx, tx, known.id, code)
}

// RemovePassword takes an account's password and authenticator away, unless they
// are its last way in.
func (g *Gate) RemovePassword(ctx context.Context, a Account) error {
	return g.change(ctx, a.ID, func(tx *db.Tx, a Account) error {
		if err := setPassword(ctx, tx, a.ID, "", "", 0, nil, g.o.Now()); err != nil {
			return err
		}
		if err := g.waysIn(ctx, tx, a); err != nil {
			return err
		}
		return note(ctx, tx, a.Actor(), "password_remove", a.ID, a.Name)
	})
}
