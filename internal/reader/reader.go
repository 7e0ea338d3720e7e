package reader

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Reader is somebody with an account.
type Reader struct {
	ID, Publication int64
	Email           string // as letters go to it
	Name            string // under which they discuss; "" until they have said one
	Lang            string
	Replies         bool // they want to hear of answers to their comments
	Reports         bool // and of what became of the errors they reported
	Since           time.Time
	Going           bool // the account is being deleted
}

// Via is how somebody signed in.
type Via string

// The ways in.
const (
	ByLink    Via = "link"
	ByPasskey Via = "passkey"
)

// Session is one browser that is signed in.
type Session struct {
	ID          int64
	Via         Via
	Agent       string // "Firefox, Linux": for its owner to know it again
	Begun, Ends time.Time
}

// Passkey is one of a reader's.
type Passkey struct {
	ID      int64
	Name    string
	Synced  bool // its provider keeps copies on other devices
	Created time.Time
	Used    time.Time // the day of the last time; zero: never
}

// How long things last, and how many there are.
const (
	LinkFor    = 15 * time.Minute
	SessionFor = 90 * 24 * time.Hour
	mostName   = 40
	mostKeys   = 10
)

// wrong is a fault that names a field and has words for whoever filled it in.
func wrong(field, why string, args ...any) *fault.Error {
	err := lang.Wrong("account.wrong."+why, args...)
	err.Field = field
	return err
}

func tooMany() error {
	err := wrong("", "many")
	err.Kind = fault.TooMany
	return err
}

func refused() error {
	err := wrong("", "passkey")
	err.Kind = fault.Forbidden
	return err
}

func stale() error {
	err := wrong("", "link")
	err.Kind = fault.NotFound
	return err
}

// Name checks what somebody wants to be called. "": they have not said.
func Name(field, s string) (string, error) {
	s = strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			letters++
		}
	}
	switch {
	case s == "":
		return "", nil
	case utf8.RuneCountInString(s) > mostName:
		return "", wrong(field, "name_long", "n", mostName)
	case !utf8.ValidString(s) || letters == 0 || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune("@/\\<>", r) }):
		// No addresses: a name is no place for advertising, nor for somebody's e-mail.
		return "", wrong(field, "name_signs", "signs", "@ / \\ < >")
	}
	return s, nil
}
