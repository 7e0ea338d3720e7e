package stem

import (
	"iter"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Language makes terms of words in one language. Its methods may be called from
// many goroutines.
type Language struct {
	tag   string
	fold  func(rune) rune                  // one letter, lower case already
	stem  func(word string) string         // of a folded word
	apos  bool                             // an apostrophe inside a word belongs to it
	cache [cacheSize]atomic.Pointer[known] // by the word as written
}

// cacheSize is how many words' terms a language remembers: some 4 MB when full.
const cacheSize = 1 << 15

type known struct{ word, term string }

// maxWord is how many bytes of a term are kept; what is longer is no word.
const maxWord = 96

var languages = map[string]*Language{
	"ru": {tag: "ru", fold: foldRussian, stem: russianStem},
	"en": {tag: "en", fold: foldLatin, stem: englishStem, apos: true},
	"kk": {tag: "kk", fold: foldKazakh, stem: Kazakh},
}

var other = &Language{fold: foldLatin, stem: func(w string) string { return w }}

// Of gives the language of a BCP 47 tag; one that has no stemmer here folds only.
func Of(tag string) *Language {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if l, ok := languages[primary]; ok {
		return l
	}
	if l, ok := snowballs[primary]; ok {
		return l
	}
	return other
}

// Term is what is compared of a single word. Empty: it holds no letter or digit.
func (l *Language) Term(word string) string {
	slot := &l.cache[hash(word)%cacheSize]
	if k := slot.Load(); k != nil && k.word == word {
		return k.term
	}
	term := l.Folded(word)
	if len(term) > maxWord { // no word of any language: stemming it would only cost
		term = strings.ToValidUTF8(term[:maxWord], "")
	} else {
		term = l.stem(term)
	}
	if len(word) <= maxWord {
		word = strings.Clone(word)
		slot.Store(&known{word, term})
	}
	return term
}

// hash is FNV-1a.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}

// Folded is a word before it is stemmed: lower case, folded, without marks.
func (l *Language) Folded(word string) string {
	if plain(word) {
		return strings.ToLower(word)
	}
	if !norm.NFC.IsNormalString(word) {
		word = norm.NFC.String(word)
	}
	if l.tag == "kk" {
		word = homoglyphs(word)
	}
	var b strings.Builder
	b.Grow(len(word))
	for _, r := range word {
		r = unicode.ToLower(r)
		switch {
		case r == '\'' || r == '’' || r == 'ʼ' || r == 'ʻ':
			if l.apos {
				b.WriteByte('\'')
			}
		case silent(r) || unicode.Is(unicode.Mn, r):
		default:
			if s, ok := ligatures[r]; ok {
				b.WriteString(s)
				continue
			}
			b.WriteRune(l.fold(r))
		}
	}
	return b.String()
}

// plain tells a word of ASCII letters and digits.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c == '\'' {
			return false
		}
	}
	return true
}

// silent are characters inside words that are not written: the soft hyphen, the
// joiners, the word joiner.
func silent(r rune) bool {
	return r == '\u00ad' || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u2060' || r == '\ufeff'
}

// Span is where a word stands in a text, in bytes.
type Span struct{ Start, End int }

// All yields the words of a text in their order, with their terms.
func (l *Language) All(text string) iter.Seq2[Span, string] {
	return func(yield func(Span, string) bool) {
		for i := 0; i < len(text); {
			start, end := l.next(text, i)
			if start < 0 {
				return
			}
			if term := l.Term(text[start:end]); term != "" {
				if !yield(Span{start, end}, term) {
					return
				}
			}
			i = end
		}
	}
}

// Words are the words of a text as written.
func (l *Language) Words(text string) []string {
	var out []string
	for i := 0; i < len(text); {
		start, end := l.next(text, i)
		if start < 0 {
			break
		}
		out = append(out, text[start:end])
		i = end
	}
	return out
}

// next finds the first word at or after i; start is -1 when there is none. A
// word is a run of letters, digits and their marks. A letter of a script that
// writes no spaces is a word of its own.
func (l *Language) next(text string, i int) (start, end int) {
	start = -1
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
				if start < 0 {
					start = i
				}
			} else if start >= 0 && !(c == '\'' && l.inside(text, i, 1)) {
				return start, i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r >= 0x400 && r < 0x530, unicode.IsLetter(r), unicode.IsDigit(r):
			if ideograph(r) {
				if start >= 0 {
					return start, i
				}
				return i, i + size
			}
			if start < 0 {
				start = i
			}
		case start >= 0 && (silent(r) || unicode.IsMark(r) || (r == '’' || r == 'ʼ') && l.inside(text, i, size)):
		case start >= 0:
			return start, i
		}
		i += size
	}
	return start, i
}

// inside reports whether an apostrophe belongs to the word around it: a letter
// follows, and the language writes them so.
func (l *Language) inside(text string, i, size int) bool {
	r, _ := utf8.DecodeRuneInString(text[i+size:])
	return l.apos && unicode.IsLetter(r)
}

// ideograph tells scripts whose words have no spaces between them.
func ideograph(r rune) bool {
	return r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
