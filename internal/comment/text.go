package comment

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/stem"
)

func hash(token string) string {
	sum := sha256.Sum256([]byte("comment " + token))
	return hex.EncodeToString(sum[:20])
}

// tokenOf is the secret of a comment's private address: made of what the browser calls
// its sending, so that one sent twice has one address, where that cannot be guessed.
func tokenOf(request string) string {
	if len(request) < 20 {
		return rand.Text()
	}
	sum := sha256.Sum256([]byte("own " + request))
	return strings.ToUpper(hex.EncodeToString(sum[:16]))
}

// clean makes plain text of what a browser sent: paragraphs by \n\n, no signs that
// nobody sees or that turn the line round.
func clean(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), ""))
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff', r == '\ufffe':
			return -1
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	s = strings.TrimSpace(strings.Join(lines, "\n"))
	for strings.Contains(s, "\n\n\n") {
		s = strings.ReplaceAll(s, "\n\n\n", "\n\n")
	}
	return s
}

// oneLine is a clean text in one line.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// empty tells a text of signs that nobody sees.
func empty(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// print is what two texts that say the same have in common.
func print(text string) string {
	sum := sha256.Sum256([]byte(stem.Sought(text)))
	return hex.EncodeToString(sum[:12])
}
