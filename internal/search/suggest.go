package search

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Suggest gives what a reader may have meant who found nothing: the query with
// one letter right in each word that is known to no article, or as it is with the
// other layout of the keyboard. Empty: there is no better one. What it proposes
// is found in what is public.
func (s *Store) Suggest(ctx context.Context, r Request) (string, error) {
	if r.Query.Empty() {
		return "", nil
	}
	tries := []string{}
	fixed, err := s.corrected(ctx, r)
	if err != nil {
		return "", err
	}
	if fixed != "" {
		tries = append(tries, fixed)
	}
	for _, t := range append(tries, otherLayouts(r.Query.Text)...) {
		q := r
		q.Query, q.Topic, q.Author, q.Topics, q.Authors, q.Skip, q.Limit = Parse(r.Language, t), 0, 0, nil, nil, 0, 1
		if strings.EqualFold(t, r.Query.Text) || q.Query.Empty() {
			continue
		}
		found, err := s.Search(ctx, q)
		if err != nil {
			return "", err
		}
		if found.Total > 0 {
			return t, nil
		}
	}
	return "", nil
}

// corrected is the query with its unknown words corrected; empty: none is, or
// one cannot be.
func (s *Store) corrected(ctx context.Context, r Request) (string, error) {
	out, changed := r.Query.Text, false
	for _, c := range r.Query.All {
		for _, w := range c.Words {
			known, err := s.findable(ctx, r, w)
			if err != nil {
				return "", err
			}
			if known {
				continue
			}
			best, err := s.nearest(ctx, r, w)
			if err != nil || best == "" {
				return "", err
			}
			out, changed = replaceWord(out, w, best), true
		}
	}
	if !changed {
		return "", nil
	}
	return out, nil
}

func replaceWord(text, word, with string) string {
	if r, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(r) {
		first, size := utf8.DecodeRuneInString(with)
		with = string(unicode.ToUpper(first)) + with[size:]
	}
	return strings.Replace(text, word, with, 1)
}

// findable reports whether a word alone is found.
func (s *Store) findable(ctx context.Context, r Request, word string) (bool, error) {
	n, err := s.howMany(ctx, r, word, 1)
	return n > 0, err
}

// howMany counts articles with a word, up to a bound that is not exact.
func (s *Store) howMany(ctx context.Context, r Request, word string, enough int) (int, error) {
	terms, err := s.spellings(ctx, r.Edition, r.Language, word)
	if err != nil {
		return 0, err
	}
	parts, err := liveParts(ctx, s.d, r.Edition)
	if err != nil {
		return 0, err
	}
	low, high := second(r.Edition, -epoch), second(r.Edition, r.Now.Unix())+slots-1
	gone, err := s.goneBetween(ctx, low, high)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, p := range parts {
		cs, err := s.cursors(ctx, p.id, []planned{{words: [][]string{terms}}})
		if err != nil {
			return n, err
		}
		for doc := high; n < enough; {
			ok, err := cs[0].seek(doc)
			if err != nil {
				return n, err
			}
			if !ok || cs[0].at().doc < low {
				break
			}
			if doc = cs[0].at().doc; !gone[doc] {
				n++
			}
			doc--
		}
	}
	return n, nil
}

// maxNear is how many of the known words near another are weighed.
const maxNear = 12

// nearest is the word with one letter more, less, other or two changed over
// that stands in most articles; empty: there is none.
func (s *Store) nearest(ctx context.Context, r Request, word string) (string, error) {
	folded := r.Language.Folded(word)
	n := utf8.RuneCountInString(folded)
	if n < 4 || n > 24 {
		return "", nil
	}
	near := variants(folded)
	asked := slices.Clone(near)
	for _, w := range near {
		asked = append(asked, r.Language.Term(w))
	}
	slices.Sort(asked)
	known, err := s.wordsAmong(ctx, r.Edition, slices.Compact(asked))
	if err != nil {
		return "", err
	}
	// What somebody wrote goes before what is only another form of it.
	var list []string
	for _, written := range []bool{true, false} {
		for _, w := range near {
			_, ok := known[w]
			_, form := known[r.Language.Term(w)]
			if written && ok || !written && !ok && form {
				list = append(list, w)
			}
		}
	}
	best, most := "", 0
	for _, w := range list[:min(len(list), maxNear)] {
		k, err := s.howMany(ctx, r, w, 1000)
		if err != nil {
			return "", err
		}
		if k > most {
			best, most = w, k
		}
	}
	return best, nil
}

// alphabets are the letters that may have been meant, by the script of a word.
var alphabets = []string{"abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі"}

// variants are the words one edit away from a word.
func variants(word string) []string {
	letters := []rune(word)
	alphabet := ""
	for _, a := range alphabets {
		if strings.ContainsRune(a, letters[0]) {
			alphabet = a
		}
	}
	set := map[string]struct{}{}
	put := func(parts ...[]rune) {
		var b strings.Builder
		for _, p := range parts {
			b.WriteString(string(p))
		}
		set[b.String()] = struct{}{}
	}
	for i := range len(letters) + 1 {
		for _, c := range alphabet {
			put(letters[:i], []rune{c}, letters[i:])
			if i < len(letters) {
				put(letters[:i], []rune{c}, letters[i+1:])
			}
		}
		if i < len(letters) {
			put(letters[:i], letters[i+1:])
		}
		if i+1 < len(letters) {
			put(letters[:i], []rune{letters[i+1], letters[i]}, letters[i+2:])
		}
	}
	delete(set, word)
	out := make([]string, 0, len(set))
	for w := range set {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

// The keys of a keyboard in its layouts, in one order.
const (
	keysEn = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
	keysRu = "ёйцукенгшщзхъфывапролджэячсмитьбю"
)

// keysKk are the digits' row of the Kazakh layout.
var keysKk = map[rune]rune{'2': 'ә', '3': 'і', '4': 'ң', '5': 'ғ', '8': 'ү', '9': 'ұ', '0': 'қ', '-': 'ө', '=': 'һ'}

// otherLayouts is a text as it would be had the keyboard been switched.
func otherLayouts(text string) []string {
	en, ru := []rune(keysEn), []rune(keysRu)
	swap := func(from, to []rune) string {
		return strings.Map(func(r rune) rune {
			if i := slices.Index(from, unicode.ToLower(r)); i >= 0 {
				return to[i]
			}
			return r
		}, text)
	}
	out := []string{}
	if strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }) {
		russian := swap(en, ru)
		out = append(out, russian)
		if kazakh := strings.Map(func(r rune) rune {
			if k, ok := keysKk[r]; ok {
				return k
			}
			return r
		}, russian); kazakh != russian {
			out = append(out, kazakh)
		}
	} else {
		out = append(out, swap(ru, en))
	}
	return out
}
