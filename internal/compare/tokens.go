package compare

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/internal/richtext"
)

// A Token is the smallest part of a text that is taken or left as a whole: a word,
// a space, a sign, a line break, the reference to a footnote; with its marks.
type Token = richtext.Span

// Tokens divides words. Put together again they are the words: richtext.Normal of
// the tokens of words in normal form is these words.
func Tokens(spans []richtext.Span) []Token {
	n := 0
	for i := range spans {
		n += 1 + len(spans[i].Text)/3
	}
	out := make([]Token, 0, n)
	for _, s := range spans {
		if s.Kind != richtext.Text {
			out = append(out, s)
			continue
		}
		for rest := s.Text; rest != ""; {
			n := first(rest)
			s.Text = rest[:n]
			out = append(out, s)
			rest = rest[n:]
		}
	}
	return out
}

// Plain divides a line that has no marks.
func Plain(s string) []Token {
	if s == "" {
		return nil
	}
	return Tokens([]richtext.Span{{Text: s}})
}

// first is the length in bytes of the token that s begins with.
func first(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case unicode.IsSpace(r):
		return n
	case letter(r):
		for n < len(s) {
			r, size := utf8.DecodeRuneInString(s[n:])
			if letter(r) || clings(r) {
				n += size
				continue
			}
			if r == '\'' || r == '’' || r == '\u02bc' { // don't
				if next, _ := utf8.DecodeRuneInString(s[n+size:]); letter(next) {
					n += size
					continue
				}
			}
			return n
		}
		return n
	}
	// A sign, or what is seen as one: an emoji of several code points is not cut.
	flag := regional(r)
	for n < len(s) {
		next, size := utf8.DecodeRuneInString(s[n:])
		switch {
		case clings(next):
			n += size
			if next == zwj && n < len(s) {
				r, size := utf8.DecodeRuneInString(s[n:])
				if !letter(r) && !unicode.IsSpace(r) {
					n += size
				}
			}
			continue
		case flag && regional(next):
			flag = false
			n += size
			continue
		}
		break
	}
	return n
}

const zwj = '\u200d'

// letter reports whether a word goes on with r. Han, Thai and the like have no
// spaces between words, so each of their letters is one.
func letter(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.In(r, unicode.L, unicode.N) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// clings reports whether r is never seen alone: it belongs to what stands before.
func clings(r rune) bool {
	if r < 0xad {
		return false
	}
	return r == 0xad || r == zwj || r == 0x200c || r == 0x2060 || unicode.Is(unicode.M, r) ||
		r >= 0x1f3fb && r <= 0x1f3ff || r >= 0xe0020 && r <= 0xe007f
}

func regional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// IsWord reports whether a token is a word: not a space, not a sign.
func IsWord(t Token) bool {
	if t.Kind != richtext.Text {
		return false
	}
	r, _ := utf8.DecodeRuneInString(t.Text)
	return letter(r) || unicode.IsLetter(r)
}

// Joined reports whether two words would be read as one if nothing stood between.
func Joined(a, b Token) bool {
	if a.Kind != richtext.Text || b.Kind != richtext.Text {
		return false
	}
	r, _ := utf8.DecodeRuneInString(a.Text)
	s, _ := utf8.DecodeRuneInString(b.Text)
	return letter(r) && (letter(s) || clings(s))
}

// IsSpace reports whether a token parts others and says nothing.
func IsSpace(t Token) bool {
	if t.Kind == richtext.Break {
		return true
	}
	r, _ := utf8.DecodeRuneInString(t.Text)
	return t.Kind == richtext.Text && unicode.IsSpace(r)
}

// Like reports whether two tokens say the same, whatever their marks.
func Like(a, b Token) bool { return a.Kind == b.Kind && a.Text == b.Text }

// ends reports whether a sentence ends with a token, if a space follows.
func ends(t Token) bool {
	return t.Kind == richtext.Break || t.Kind == richtext.Text && strings.ContainsAny(t.Text, ".!?…。！？")
}

// closes reports signs that belong to the sentence that has ended before them.
func closes(t Token) bool {
	return t.Kind == richtext.NoteRef || t.Kind == richtext.Text && strings.ContainsAny(t.Text, `"'’”»)]`)
}

// sentences gives where the sentences of a text begin and end, without the spaces
// between them.
func sentences(t []Token) [][2]int {
	var out [][2]int
	start := -1
	for i := 0; i < len(t); i++ {
		if start < 0 {
			if IsSpace(t[i]) {
				continue
			}
			start = i
		}
		if !ends(t[i]) {
			continue
		}
		j := i + 1
		for j < len(t) && closes(t[j]) {
			j++
		}
		if j == len(t) || IsSpace(t[j]) || t[i].Kind == richtext.Break {
			out = append(out, [2]int{start, j})
			start = -1
			i = j - 1
		}
	}
	if start >= 0 {
		out = append(out, [2]int{start, len(t)})
	}
	return out
}
