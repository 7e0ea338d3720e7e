package search

import (
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// seen remembers words that are stored in search_word, so that common ones are
// not written again with each article. It forgets: then one is written twice.
type seen struct{ slots [1 << 16]atomic.Uint64 }

func wordHash(edition int64, w string) uint64 {
	h := fnv1a(fnvBasis^uint64(edition), w)
	return h ^ h>>29
}

// fnvBasis is what FNV-1a of 64 bits begins with.
const fnvBasis uint64 = 14695981039346656037

// fnv1a goes on with a hash. The one of hash/fnv takes a word only as a copy.
func fnv1a[T string | []byte](h uint64, s T) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func (s *seen) has(edition int64, w string) bool {
	h := wordHash(edition, w)
	return s.slots[h%uint64(len(s.slots))].Load() == h
}

func (s *seen) mark(edition int64, w string) {
	h := wordHash(edition, w)
	s.slots[h%uint64(len(s.slots))].Store(h)
}

// proposable tells words that may be proposed to a reader: letters only, of a
// word's length.
func proposable(w string) bool {
	n := utf8.RuneCountInString(w)
	return n >= 2 && n <= 32 && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
}

// storable tells words that are stored as they are written, folded: also numbers, and
// words with an apostrophe, which somebody may type the beginning of.
func storable(w string) bool {
	return proposable(w) || len(w) <= maxKept && utf8.RuneCountInString(w) >= minPrefix
}

// maxKept is how many bytes of a word are at most compared (stem).
const maxKept = 96
