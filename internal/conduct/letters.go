package conduct

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// alike are letters of other alphabets that look like Latin ones in most faces
// (Unicode's confusables, UTS #39, for letters of names in the Domain Name System).
var alike = map[rune]rune{
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'ё': 'e', 'һ': 'h', 'н': 'h', 'і': 'i', 'ї': 'i', 'ј': 'j', 'к': 'k', 'ӏ': 'l', 'м': 'm', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'г': 'r', 'ѕ': 's', 'т': 't', 'ц': 'u', 'ѵ': 'v', 'ԝ': 'w', 'х': 'x', 'у': 'y',
	'α': 'a', 'β': 'b', 'ϲ': 'c', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x', 'γ': 'y', 'ω': 'w',
	'օ': 'o', 'ո': 'n', 'ս': 'u', 'հ': 'h', 'ց': 'g', 'ı': 'i', 'ɑ': 'a', 'ɡ': 'g', 'ɩ': 'i', 'ʀ': 'r', 'ᴏ': 'o', 'ᴄ': 'c', 'ᴍ': 'm', 'ł': 'l', 'ø': 'o', 'đ': 'd', 'ħ': 'h',
}

// dots are signs that pass for a full stop in an address.
const dots = "。．｡․·•∙⋅・‧᛫ꞏ٠۰܁܂﹒●○◦"

// plain is a text as a machine reads an address: compatibility forms undone, marks
// and signs without width gone, dots made one, lower case. Letters keep their
// alphabet.
func plain(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range norm.NFKD.String(text) {
		switch {
		case r == '\u00ad' || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) && r != '\u0306' || r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' || unicode.Is(unicode.Variation_Selector, r):
		case strings.ContainsRune(dots, r):
			b.WriteByte('.')
		case r == '\u00a0' || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case r == '⁄' || r == '∕' || r == '⧸':
			b.WriteByte('/')
		case r == '∶' || r == 'ː' || r == '꞉':
			b.WriteByte(':')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return norm.NFC.String(b.String())
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }

func isCyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

// latin is a word with what looks Latin made so.
func latin(word string) string {
	return strings.Map(func(r rune) rune {
		if l, ok := alike[r]; ok {
			return l
		}
		return r
	}, word)
}

// ascii tells a word that the Domain Name System has as it is.
func ascii(word string) bool {
	for _, r := range word {
		if r >= 0x80 {
			return false
		}
	}
	return true
}
