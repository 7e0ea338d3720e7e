package user

import (
	"crypto/sha256"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/lang"
)

// State says whether an account may be used.
type State string

// The states.
const (
	Active  State = "active"
	Blocked State = "blocked"
)

// Account is somebody who works at the desk.
type Account struct {
	ID, PublicationID int64
	Email             string // as it is written
	Name              string
	Role              Role
	Lang              string // of the desk, a tag that lang knows
	State             State
	EntityID          int64 // the contributor whose by-line is theirs (author); 0: none
	HasPassword       bool  // a password and the code that goes with it
	CreatedAt         time.Time
}

// Input is a new account, or what of one may be changed.
type Input struct {
	Email, Name string
	Role        Role
	Lang        string // "": English
	EntityID    int64
}

// Actor is who does something, for the audit log: somebody with an account, or a
// command.
type Actor struct {
	ID   int64 // 0: a command
	Name string
}

// Actor is the account as the one who does something.
func (a Account) Actor() Actor { return Actor{ID: a.ID, Name: a.Name} }

// Via is how somebody signed in.
type Via string

// The ways in.
const (
	ByPasskey  Via = "passkey"
	ByPassword Via = "password"
	ByLink     Via = "link"
	ByOIDC     Via = "oidc"
)

// Session is one browser that is signed in.
type Session struct {
	ID, AccountID int64
	Via           Via
	Agent         string // "Firefox, Linux": for its owner to know it again
	Begun, Ends   time.Time
}

// Passkey is one of somebody's.
type Passkey struct {
	ID      int64
	Name    string
	Synced  bool // its provider keeps copies on other devices
	Created time.Time
	Used    time.Time // the day of the last time; zero: never
}

// How long things last.
const (
	SessionFor = 14 * 24 * time.Hour
	LinkFor    = 24 * time.Hour
)

// wrong is a fault that names a field and has words for whoever filled it in.
func wrong(field, why string, args ...any) error {
	err := lang.Wrong("user.wrong."+why, args...)
	err.Field = field
	return err
}

// FoldEmail is the form in which two spellings of an address are one. Strictly the
// part before the @ may tell cases apart (RFC 5321 §2.4); no provider does.
func FoldEmail(email string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(email)))
}

const (
	mostEmail = 254 // RFC 5321 §4.5.3.1.3, less the brackets
	mostName  = 80
)

// canonical checks what was written and gives it as it is kept.
func (in Input) canonical() (Input, error) {
	in.Email = strings.TrimSpace(in.Email)
	a, err := mail.ParseAddress(in.Email)
	if err != nil || a.Address != in.Email || len(in.Email) > mostEmail {
		return in, wrong("email", "email", "value", in.Email)
	}
	if in.Name, err = name("name", in.Name); err != nil {
		return in, err
	}
	if err := in.Role.check(); err != nil {
		return in, err
	}
	in.Lang, err = tongue(in.Lang)
	return in, err
}

// name checks the name of a person or of a thing of theirs.
func name(field, s string) (string, error) {
	s = strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	switch {
	case s == "":
		return "", wrong(field, "empty")
	case utf8.RuneCountInString(s) > mostName:
		return "", wrong(field, "long", "n", mostName)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "", wrong(field, "signs")
	}
	return s, nil
}

// Languages are those that the desk can be in: all its words are there.
func Languages() []string {
	var out []string
	for _, tag := range lang.Known() {
		if len(lang.Of(tag).Missing()) == 0 {
			out = append(out, tag)
		}
	}
	return out
}

func tongue(tag string) (string, error) {
	if tag == "" {
		return "en", nil
	}
	for _, known := range Languages() {
		if strings.EqualFold(known, tag) {
			return known, nil
		}
	}
	return "", wrong("lang", "lang", "value", tag)
}

// digest is what the tables know of a token.
func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
