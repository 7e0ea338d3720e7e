package slug

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/lang"
)

const (
	// MaxMade is the longest slug made from a headline, in bytes.
	MaxMade = 80
	// MaxImported is the longest slug of all, in bytes. WordPress cuts its
	// post_name at 200.
	MaxImported = 200
)

// Make turns a headline into a slug: letters by the language's data ("slug" in
// locales/data), else Cyrillic by the general table, Latin letters without
// accents, other scripts as they are; lower case, words joined by hyphens, at
// most MaxMade bytes, cut at a word. tag is a BCP 47 tag. A text without letters or digits gives "".
func Make(tag, text string) string {
	own := lang.Of(tag).Letters()
	var b strings.Builder
	gap, ascii := false, true // ascii: what was last written
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "")) {
		r = unicode.ToLower(r)
		s, ok := letter(own, r, ascii)
		switch {
		case ok && s == "": // soft sign, apostrophe, stress mark
			continue
		case !ok:
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteString(s)
		ascii = s[0] < utf8.RuneSelf
	}
	s := cutWord(norm.NFC.String(b.String()), MaxMade)
	if !Valid(s) {
		return ""
	}
	return s
}

// letter gives what stands for a lower-case rune; ok is false for what
// separates words.
func letter(own map[string]string, r rune, afterASCII bool) (string, bool) {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return string(r), true
	case r == '\'' || r == '’' || r == 'ʼ' || r == '`' || r == 'ʹ' || r == '\u00ad' || r == '\u200b' || r == '\ufeff':
		return "", true
	case r == '\u200c' || r == '\u200d': // joins letters in Persian and in Indic scripts
		if afterASCII {
			return "", true
		}
		return string(r), true
	case r >= utf8.RuneSelf && own[string(r)] != "":
		return own[string(r)], true
	case unicode.Is(unicode.Cyrillic, r) && unicode.IsLetter(r):
		return cyrillic(r), true
	case unicode.Is(unicode.Latin, r):
		return latin(r), true
	case unicode.IsMark(r):
		if afterASCII { // an accent that no letter took up
			return "", true
		}
		return string(r), true
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return string(r), true
	}
	return "", false
}

func latin(r rune) string {
	if s, ok := latinPairs[r]; ok {
		return s
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if s, ok := latinPairs[d]; ok {
			b.WriteString(s)
		} else if d < utf8.RuneSelf && (d >= 'a' && d <= 'z' || d >= 'A' && d <= 'Z') {
			b.WriteRune(unicode.ToLower(d))
		}
	}
	return b.String()
}

// cutWord cuts s at the last hyphen that lets it fit; a single longer word is
// cut at a whole letter with its marks.
func cutWord(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	if i := strings.LastIndexByte(s[:limit+1], '-'); i > 0 {
		return s[:i]
	}
	return cutLetter(s, limit)
}

func cutLetter(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 {
		r, _ := utf8.DecodeRuneInString(s[limit:])
		if utf8.RuneStart(s[limit]) && !unicode.IsMark(r) {
			break
		}
		limit--
	}
	return strings.TrimRight(s[:limit], "-\u200c\u200d")
}

// Imported turns another system's name of a post into a slug, changing as
// little as possible: percent sequences are decoded (also where they were
// encoded twice, or cut in the middle, as WordPress does at 200 bytes), the
// text is NFC, control characters are dropped and whatever has a meaning in a
// URL becomes a hyphen. A name without a letter, digit or symbol gives "".
func Imported(postName string) string {
	s := postName
	for range 4 {
		d := decode(s)
		if d == s {
			break
		}
		s = d
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	var b strings.Builder
	for _, r := range s {
		switch {
		case keeps(r):
			b.WriteRune(r)
		case r == '%', unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r', unicode.Is(unicode.Cf, r), noncharacter(r):
			// dropped
		default:
			b.WriteByte('-')
		}
	}
	s = strings.Trim(norm.NFC.String(b.String()), "-.\u200c\u200d")
	s = strings.Trim(cutLetter(s, MaxImported), "-.\u200c\u200d")
	if !Valid(s) {
		return ""
	}
	return s
}

// decode undoes one layer of percent-encoding. What is no sequence stays,
// except at the end, where it is the rest of one that was cut.
func decode(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if c, err := url.PathUnescape(s[i:min(i+3, len(s))]); err == nil && len(c) == 1 {
			b.WriteString(c)
			i += 2
		} else if len(s)-i > 2 {
			b.WriteByte('%')
		} else {
			break
		}
	}
	return b.String()
}

// keeps tells which characters an imported slug may have.
func keeps(r rune) bool {
	switch {
	case r == utf8.RuneError, noncharacter(r):
		return false
	case r < utf8.RuneSelf:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.~", r)
	case r == '\u200c' || r == '\u200d':
		return true
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r)
}

// noncharacter: U+FDD0..U+FDEF mark places in rendered pages.
func noncharacter(r rune) bool {
	return r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe
}

// Valid reports whether s can stand in an address.
func Valid(s string) bool {
	if s == "" || len(s) > MaxImported || !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
		return false
	}
	if strings.Trim(s, "-.\u200c\u200d") != s {
		return false
	}
	substance := false
	for _, r := range s {
		if !keeps(r) {
			return false
		}
		substance = substance || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r)
	}
	return substance
}

// WithNumber makes the n-th slug of a name that is taken: "bridge-2". The
// name gives way where both do not fit.
func WithNumber(s string, n int) string {
	suffix := "-" + strconv.Itoa(n)
	return strings.TrimRight(cutLetter(s, MaxImported-len(suffix)), "-.\u200c\u200d") + suffix
}
