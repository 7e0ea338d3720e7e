package stem

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ligatures are letters that are written as two.
var ligatures = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ĳ': "ij", 'ﬁ': "fi", 'ﬂ': "fl"}

// strokes are letters that Unicode does not take apart.
var strokes = map[rune]rune{'ø': 'o', 'đ': 'd', 'ð': 'd', 'ł': 'l', 'ħ': 'h', 'ŧ': 't', 'ı': 'i', 'ə': 'a', 'ŋ': 'n'}

// foldLatin drops the accents of Latin letters; others stay as they are.
func foldLatin(r rune) rune {
	if r < 0x80 || r >= 0x300 && (r < 0x1e00 || r >= 0x1f00) {
		return foldCommon(r)
	}
	if s, ok := strokes[r]; ok {
		return s
	}
	var buf [16]byte
	first, _ := utf8.DecodeRune(norm.NFD.AppendString(buf[:0], string(r)))
	return first
}

// foldCommon is what is folded in every language.
func foldCommon(r rune) rune {
	if r == 'ё' {
		return 'е'
	}
	return r
}

// russianOf are Kazakh letters and what is typed for them on a Russian keyboard.
var russianOf = map[rune]rune{'ә': 'а', 'ғ': 'г', 'қ': 'к', 'ң': 'н', 'ө': 'о', 'ұ': 'у', 'ү': 'у', 'һ': 'х', 'і': 'и'}

func foldRussian(r rune) rune {
	if s, ok := russianOf[r]; ok {
		return s
	}
	return foldLatin(r)
}

// foldKazakh keeps Kazakh letters. Latin letters keep their accents, which in
// the Latin alphabets of Kazakh make other letters of them.
func foldKazakh(r rune) rune { return foldCommon(r) }

// cyrillicOf are Latin letters that look like Cyrillic ones, and these.
var cyrillicOf = map[rune]rune{
	'a': 'а', 'c': 'с', 'e': 'е', 'o': 'о', 'p': 'р', 'x': 'х', 'y': 'у', 'i': 'і', 'h': 'һ', 'k': 'к', 'm': 'м', 't': 'т', 'ə': 'ә', 'ғ': 'ғ',
	'A': 'А', 'B': 'В', 'C': 'С', 'E': 'Е', 'H': 'Н', 'K': 'К', 'M': 'М', 'O': 'О', 'P': 'Р', 'T': 'Т', 'X': 'Х', 'Y': 'У', 'I': 'І', 'Ə': 'Ә',
}

// homoglyphs turns Latin letters in a word that holds Cyrillic ones into the
// Cyrillic letters they look like: many write і, ә and others so. A word with a
// Latin letter that looks like none stays as it is.
func homoglyphs(word string) string {
	latin, cyrillic := false, false
	for _, r := range word {
		switch {
		case r < 0x80 && unicode.IsLetter(r) || r == 'ə' || r == 'Ə':
			if cyrillicOf[r] == 0 {
				return word
			}
			latin = true
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic = true
		}
	}
	if !latin || !cyrillic {
		return word
	}
	return strings.Map(func(r rune) rune {
		if c := cyrillicOf[r]; c != 0 {
			return c
		}
		return r
	}, word)
}

// Cyrillic reports whether a word holds a Cyrillic letter.
func Cyrillic(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
}

// HasKazakh reports whether a word holds a letter that Kazakh has and Russian
// has not: who typed it has the keyboard for it, and means what they typed.
func HasKazakh(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool { return russianOf[unicode.ToLower(r)] != 0 })
}

// Skeleton is what a word has in common with itself typed in other letters:
// Kazakh without Kazakh letters, or in one of its Latin alphabets. It is a key to
// look words up by, not a term; empty in languages that need none.
func (l *Language) Skeleton(folded string) string {
	if l.tag != "kk" {
		return ""
	}
	return skeleton(folded)
}
