package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/internal/stem"
)

// Limits of what a reader may ask.
const (
	MaxQuery = 300 // letters of the text; what follows is not read
	maxWords = 12
)

// Query is what a reader asked, understood.
type Query struct {
	Text    string   // as typed, cleaned of white space
	All     []Clause // every one must be met
	Without []Clause // none may be met
	Cut     bool     // there was more than is looked for
}

// Clause is a word or a phrase.
type Clause struct {
	Words  []string // as typed
	Prefix bool     // the last word is the beginning of one
}

// Empty reports whether there is nothing to look for: no word, or only words
// that must not be there.
func (q Query) Empty() bool { return len(q.All) == 0 }

// quotes are what opens and closes a phrase.
var quotes = map[rune]string{'"': "\"", '«': "»", '“': "”", '„': "“”", '”': "”"}

// Parse understands what a reader typed: words, "phrases" in whatever quotation
// marks, -words and -"phrases" that must not be there, beginnings of words with a
// star, also of the last word of a phrase. It never fails: what means nothing is
// left out.
func Parse(l *stem.Language, text string) Query {
	text = strings.ToValidUTF8(text, "")
	q := Query{Text: strings.Join(strings.Fields(text), " ")}
	if utf8.RuneCountInString(q.Text) > MaxQuery {
		q.Text, q.Cut = strings.TrimSpace(string([]rune(q.Text)[:MaxQuery])), true
	}
	words := 0
	for rest := q.Text; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		if unicode.IsSpace(r) {
			rest = rest[size:]
			continue
		}
		not := false
		if r == '-' || r == '−' {
			next, _ := utf8.DecodeRuneInString(rest[size:])
			if quotes[next] == "" && !unicode.IsLetter(next) && !unicode.IsDigit(next) {
				rest = rest[size:]
				continue
			}
			not, rest = true, rest[size:]
			r, size = utf8.DecodeRuneInString(rest)
		}
		var token string
		if closing := quotes[r]; closing != "" {
			body := rest[size:]
			if end := strings.IndexAny(body, closing); end >= 0 {
				_, n := utf8.DecodeRuneInString(body[end:])
				token, rest = body[:end], body[end+n:]
			} else {
				token, rest = body, "" // not closed: to the end
			}
		} else if end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || quotes[r] != "" }); end >= 0 {
			token, rest = rest[:end], rest[end:]
		} else {
			token, rest = rest, ""
		}
		c := Clause{Words: l.Words(token)}
		if len(c.Words) == 0 {
			continue
		}
		last := c.Words[len(c.Words)-1]
		c.Prefix = starred(token, last) && beginnable(l, last)
		if words += len(c.Words); words > maxWords {
			q.Cut = true
			break
		}
		if not {
			q.Without = append(q.Without, c)
		} else {
			q.All = append(q.All, c)
		}
	}
	return q
}

// starred reports whether a star follows the last word of a token. An apostrophe
// before it belongs to the word, and yet ends it: don’*.
func starred(token, last string) bool {
	token, ok := strings.CutSuffix(strings.TrimSpace(token), "*")
	return ok && strings.HasSuffix(strings.TrimRight(token, "*'’ʼ"), last)
}
