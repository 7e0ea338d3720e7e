package mail

import (
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Letter is what somebody is to get.
type Letter struct {
	Kind    string // what it is of, "reader.sign_in"; the desk names it by the word "letterbox.kind." + Kind
	To      string // an address
	Lang    string // of its words
	Subject string
	Parts   []Part
	Until   time.Time // it is in vain afterwards; zero: it is not
}

// Part is a paragraph.
type Part struct {
	Text  string `json:"text,omitempty"`
	Path  string `json:"path,omitempty"`  // "/account/in/…": a link into the site, Text is its words
	Quote bool   `json:"quote,omitempty"` // somebody else's words
	// Off makes the link the one that ends letters of this kind: a POST to it does, by
	// whoever has the letter (RFC 8058). It stands last.
	Off bool `json:"off,omitempty"`
}

const (
	mostSubject = 200    // characters
	mostBytes   = 64_000 // of all parts
	mostAddress = 254    // bytes: RFC 5321 §4.5.3.1.3, less the brackets
)

// Address is an address as letters go to it: its host in ASCII (RFC 5891), its local
// part as it was written. The error has words for whoever wrote it.
func Address(s string) (string, error) {
	s = norm.NFC.String(strings.TrimSpace(s))
	bad := lang.Wrong("mail.wrong.address")
	bad.Field = "email"
	at := strings.LastIndexByte(s, '@')
	if at < 1 || !utf8.ValidString(s) || len(s) > mostAddress || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) {
		return "", bad
	}
	host, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil || host == "" || !strings.Contains(host, ".") && host != "localhost" {
		return "", bad
	}
	// Quoted local parts ("a b"@example.org) are legal, and nobody's.
	a, err := mail.ParseAddress(s[:at] + "@" + host)
	if err != nil || a.Name != "" || a.Address != s[:at]+"@"+host || strings.ContainsAny(s[:at], `"\<>()[]:;, `) || len(s[:at]) > 64 || len(a.Address) > mostAddress {
		return "", bad
	}
	return a.Address, nil
}

// Fold is the form in which two spellings of an address are one. Strictly the part
// before the @ may tell cases apart (RFC 5321 §2.4); no provider does.
func Fold(address string) string { return strings.ToLower(norm.NFKC.String(address)) }

// ascii tells whether a server without SMTPUTF8 (RFC 6531) can take an address.
func ascii(address string) bool {
	return !strings.ContainsFunc(address, func(r rune) bool { return r >= utf8.RuneSelf })
}

// line is a text on one line, without what could end it or turn it round.
func line(s string, most int) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return ' '
		case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069': // embeddings and overrides of direction
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))), " ")
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return s
}

// text is a paragraph without signs that no text has.
func text(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s))
}

// canonical checks a letter and gives it as it is kept.
func (l Letter) canonical() (Letter, error) {
	var err error
	if l.To, err = Address(l.To); err != nil {
		return l, err
	}
	if l.Subject = line(l.Subject, mostSubject); l.Kind == "" || l.Subject == "" || len(l.Parts) == 0 {
		return l, fault.New(fault.Internal, "a letter of kind %q without a subject or a word", l.Kind)
	}
	size, parts := 0, make([]Part, len(l.Parts))
	for i, p := range l.Parts {
		p.Text = text(p.Text)
		if p.Path != "" {
			u, err := url.Parse(p.Path)
			if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(p.Path, "/") || strings.HasPrefix(p.Path, "//") || strings.ContainsAny(p.Path, "\\\r\n") {
				return l, fault.New(fault.Internal, "a letter of kind %q leads to %q, which is no path of the site", l.Kind, p.Path)
			}
		}
		size += len(p.Text) + len(p.Path)
		parts[i] = p
	}
	if l.Parts = parts; size > mostBytes {
		return l, fault.New(fault.Invalid, "a letter of %d bytes", size)
	}
	return l, nil
}
