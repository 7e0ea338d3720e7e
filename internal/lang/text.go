package lang

import (
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Title makes the first letter upper-case, by the language's own rule
// (Turkish i is İ). The rest stays as it is.
func (l *Locale) Title(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 || r == utf8.RuneError {
		return s
	}
	return cases.Title(l.tag).String(string(r)) + s[size:]
}

// List joins names: "a, b and c" · «a, b и c» · «a, b және c».
func (l *Locale) List(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := len(items) - 1
	return l.T("list.last", "list", strings.Join(items[:last], ", "), "last", items[last])
}

// Quote puts a name or a search phrase in the language's quotation marks,
// turning such marks inside into inner ones.
func (l *Locale) Quote(s string) string {
	q := l.forms.Quotes
	return q[0] + strings.NewReplacer(q[0], q[2], q[1], q[3]).Replace(s) + q[1]
}

// SortKey makes a string whose byte order is the language's order of names,
// in hexadecimal: І after Ш in Kazakh, Ё with Е in Russian. Keys of different
// languages cannot be compared.
func (l *Locale) SortKey(s string) string {
	c := l.collators.Get().(*collator)
	defer l.collators.Put(c)
	c.buf.Reset()
	return hex.EncodeToString(c.KeyFromString(&c.buf, s))
}

// Fold makes what two spellings have in common, for comparison and for folded
// columns: lower case, ё as е, accents off Latin and Greek letters and stress
// marks off Cyrillic ones. й, ї and the Kazakh letters are letters, not
// accented ones, and stay. It is not for display.
func Fold(s string) string {
	if s = strings.ToValidUTF8(s, ""); asciiLower(s) {
		return s
	}
	s = norm.NFC.String(s)
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		foldRune(&b, unicode.ToLower(r))
	}
	return norm.NFC.String(b.String())
}

func asciiLower(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] >= 'A' && s[i] <= 'Z' {
			return false
		}
	}
	return true
}

// foldPairs are letters that Unicode does not take apart.
var foldPairs = map[rune]string{
	'ё': "е", 'ѐ': "е", 'ѝ': "и", 'ς': "σ", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "n",
}

func foldRune(b *strings.Builder, r rune) {
	switch {
	case r < utf8.RuneSelf:
		b.WriteRune(r)
	case r >= 0x300 && r <= 0x36f: // a mark that no letter took up: stress
	case foldPairs[r] != "":
		b.WriteString(foldPairs[r])
	case unicode.In(r, unicode.Latin, unicode.Greek):
		for _, d := range norm.NFD.String(string(r)) {
			switch {
			case unicode.Is(unicode.Mn, d):
			case foldPairs[d] != "":
				b.WriteString(foldPairs[d])
			default:
				b.WriteRune(d)
			}
		}
	default:
		b.WriteRune(r)
	}
}

// Detect guesses cheaply whether a text is Kazakh ("kk"), Russian ("ru") or
// English ("en"), by its letters; "" where it is none of them or there are no
// letters. Any language in plain Latin letters passes for English.
func Detect(text string) string {
	var cyrillic, kazakh, turkic, latin, accented, other int
	for i, r := range text {
		if i > 20_000 {
			break
		}
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			latin++
		case r < utf8.RuneSelf || !unicode.IsLetter(r):
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
			switch unicode.ToLower(r) {
			case 'ә', 'ғ', 'қ', 'ұ', 'һ', 'і':
				kazakh++
			case 'ң', 'ө', 'ү': // Kyrgyz has these too
				turkic++
			case 'ї', 'є', 'ґ', 'ў', 'ј', 'љ', 'њ', 'ћ', 'ђ', 'џ', 'ҳ', 'ҷ', 'ӣ', 'ӯ', 'ҡ', 'ҙ', 'ҫ', 'җ':
				other++
			}
		case unicode.Is(unicode.Latin, r):
			accented++
		default:
			other++
		}
	}
	switch {
	case other*20 > cyrillic+latin+accented:
		return ""
	case cyrillic > latin+accented:
		return detectCyrillic(cyrillic, kazakh, turkic, other)
	case latin == 0 || accented*25 > latin:
		return ""
	}
	return "en"
}

func detectCyrillic(letters, kazakh, turkic, other int) string {
	switch {
	case other > 0 && other*200 > letters: // Ukrainian, Belarusian, Serbian, Tajik …
		return ""
	case kazakh > 0 && (kazakh+turkic)*25 > letters:
		return "kk"
	case turkic*25 > letters && letters > 40: // Kyrgyz
		return ""
	case turkic*25 > letters:
		return "kk"
	}
	return "ru"
}
