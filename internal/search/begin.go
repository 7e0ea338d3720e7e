package search

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline/internal/stem"
)

// Bounds of a beginning of a word.
const (
	minPrefix = 3     // letters before a star
	maxTerms  = 500   // that the beginnings of a query stand for, together
	maxBegun  = 20000 // written words are looked at
)

// beginning is the beginning of a word that somebody typed, and the terms of the
// written words that begin so.
//
// What the index holds of a word is its term, which the beginning may be longer
// than (timetab* and timet) or not begin (storie* and stori). So it is the words
// as they are written that are compared, and then all their forms are looked for,
// as those of a whole word are: within an article the index cannot tell them apart.
type beginning struct {
	l        *stem.Language
	letters  string          // folded, without apostrophes
	skeleton string          // typed in other letters than Kazakh ones; empty: it means what it says
	nasal    bool            // its skeleton has lost a g: ng is ң to some
	terms    map[string]bool // of the words that begin so
	list     []string        // the same, in order
	loose    bool            // whatever form of these words will do
}

func newBeginning(l *stem.Language, word string) *beginning {
	b := &beginning{l: l, letters: bare(l.Folded(word))}
	if !stem.HasKazakh(b.letters) {
		b.skeleton = l.Skeleton(b.letters)
		b.nasal = strings.HasSuffix(b.skeleton, "n") && endsIn(b.letters, dropped)
	}
	return b
}

// dropped are letters that a skeleton has not after an n.
const dropped = "гғgğǵ"

func endsIn(word, letters string) bool {
	r, _ := utf8.DecodeLastRuneInString(word)
	return strings.ContainsRune(letters, r)
}

// bare is a folded word without its apostrophes: obri* is the beginning of O'Brien.
func bare(folded string) string { return strings.ReplaceAll(folded, "'", "") }

// beginnable reports whether a star after a word counts.
func beginnable(l *stem.Language, word string) bool {
	return utf8.RuneCountInString(bare(l.Folded(word))) >= minPrefix
}

// of reports whether a written word, folded, begins so.
func (b *beginning) of(word string) bool {
	if strings.HasPrefix(bare(word), b.letters) {
		return true
	}
	if b.skeleton == "" || !strings.HasPrefix(b.l.Skeleton(word), b.skeleton) {
		return false
	}
	// Skeletons may agree up to the middle of a letter: қаш does not begin with кас.
	for i, r := range word {
		k := b.l.Skeleton(word[:i+utf8.RuneLen(r)])
		if k == b.skeleton && (!b.nasal || strings.ContainsRune("ң"+dropped, r)) {
			return true
		}
		if len(k) > len(b.skeleton)+1 { // sh may still become s of shch
			break
		}
	}
	return false
}

// marked stands before the letters of a word with an apostrophe, where search_word
// keeps skeletons: whoever looks for skeletons does not meet it.
const marked = "'"

// key is what stands in search_word for a word that is typed in other letters.
func key(l *stem.Language, folded string) string {
	if k := l.Skeleton(folded); k != "" {
		return k
	}
	if b := bare(folded); b != folded {
		return marked + b
	}
	return ""
}

// begin finds the terms of the words in an edition that begin so, most at most.
// It reports whether there are more: then it has those of which most forms are
// written, and of these the shortest. That goes by the words that were ever
// written, so that it does not change as the index is merged.
func (s *Store) begin(ctx context.Context, edition int64, b *beginning, most int) (bool, error) {
	keys := marked + b.letters
	if b.l.Skeleton(b.letters) != "" {
		keys = b.skeleton
	}
	words, more, err := s.wordsBegun(ctx, edition, b.letters, keys, maxBegun)
	if err != nil {
		return false, err
	}
	forms := map[string]int{}
	for w, term := range words {
		if b.of(w) {
			forms[term]++
		}
	}
	b.list = slices.Sorted(maps.Keys(forms))
	if len(b.list) > most {
		slices.SortStableFunc(b.list, func(x, y string) int {
			return cmp.Or(forms[y]-forms[x], utf8.RuneCountInString(x)-utf8.RuneCountInString(y))
		})
		b.list, more = b.list[:most], true
		slices.Sort(b.list)
	}
	b.terms = make(map[string]bool, len(b.list))
	for _, t := range b.list {
		b.terms[t] = true
	}
	return more, nil
}
