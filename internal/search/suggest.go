package search

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Suggest gives what a reader may have meant who found nothing, the likeliest
// first, maxMeant at most: the query with one letter right in each word that is
// known to no article, or as it is with the other layout of the keyboard. What it
// proposes somebody wrote, and it is found in what is public.
func (s *Store) Suggest(ctx context.Context, r Request) ([]string, error) {
	if r.Query.Empty() {
		return nil, nil
	}
	tries, err := s.corrected(ctx, r)
	if err != nil {
		return nil, err
	}
	if len(tries) == 0 {
		tries = otherLayouts(r.Query.Text)
	}
	var out []string
	for _, t := range tries {
		q := r
		q.Query, q.Topic, q.Author, q.Topics, q.Authors, q.Skip, q.Limit = Parse(r.Language, t), 0, 0, nil, nil, 0, 1
		if strings.EqualFold(t, r.Query.Text) || q.Query.Empty() {
			continue
		}
		found, err := s.Search(ctx, q)
		if err != nil {
			return nil, err
		}
		if found.Total > 0 {
			out = append(out, t)
		}
	}
	return out[:min(len(out), maxMeant)], nil
}

// corrected is the query with its unknown words corrected: each as it is
// likeliest, then the first of them as it is next to that. Empty: none is
// unknown, or one cannot be corrected.
func (s *Store) corrected(ctx context.Context, r Request) ([]string, error) {
	best, next := r.Query.Text, ""
	for _, c := range r.Query.All {
		for i, w := range c.Words {
			begun := c.Prefix && i == len(c.Words)-1
			known, err := s.findable(ctx, r, w, begun)
			if err != nil {
				return nil, err
			}
			if known {
				continue
			}
			near, err := s.nearest(ctx, r, w, begun)
			if err != nil || len(near) == 0 {
				return nil, err
			}
			if next != "" {
				next = replaceWord(next, w, near[0])
			} else if len(near) > 1 {
				next = replaceWord(best, w, near[1])
			}
			best = replaceWord(best, w, near[0])
		}
	}
	switch {
	case best == r.Query.Text:
		return nil, nil
	case next == "":
		return []string{best}, nil
	}
	return []string{best, next}, nil
}

func replaceWord(text, word, with string) string {
	if r, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(r) {
		first, size := utf8.DecodeRuneInString(with)
		with = string(unicode.ToUpper(first)) + with[size:]
	}
	return strings.Replace(text, word, with, 1)
}

// findable reports whether a word alone, or the beginning of one, is found.
func (s *Store) findable(ctx context.Context, r Request, word string, begun bool) (bool, error) {
	n, err := s.howMany(ctx, r, word, begun, 1)
	return n > 0, err
}

// howMany counts articles with a word, or with one that begins so, up to a bound
// that is not exact.
func (s *Store) howMany(ctx context.Context, r Request, word string, begun bool, enough int) (int, error) {
	var terms []string
	var err error
	if begun {
		b := newBeginning(r.Language, word)
		_, err = s.begin(ctx, r.Edition, b, maxTerms/maxNear)
		terms = b.list
	} else {
		terms, err = s.spellings(ctx, r.Edition, r.Language, word)
	}
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
		word := s.clauses(ctx, p.id, []planned{{terms}})[0].words[0]
		for doc := high; n < enough; {
			ok, err := word.seek(doc)
			if err != nil {
				return n, err
			}
			if !ok || word.at().doc < low {
				break
			}
			if doc = word.at().doc; !gone[doc] {
				n++
			}
			doc--
		}
	}
	return n, nil
}

const (
	maxMeant = 2  // proposals
	maxNear  = 16 // known words near another are weighed
	minBegun = 4  // letters of a beginning: some word begins with nearly any three
	// asLikely is how many times as many articles a word stands in that is as
	// likely meant as one whose slip is likelier by one.
	asLikely = 16
)

// nearest gives the words that somebody wrote, or beginnings of such, that differ
// from a word in one slip, the likeliest first; none when it is too short to tell.
// Those that are less likely than the first by half a slip are left out.
func (s *Store) nearest(ctx context.Context, r Request, word string, begun bool) ([]string, error) {
	folded := r.Language.Folded(word)
	n := utf8.RuneCountInString(folded)
	if n < 3 || n > 24 || begun && n < minBegun {
		return nil, nil
	}
	among := s.wordsAmong
	if begun {
		among = s.begunAmong
	}
	known, err := among(ctx, r.Edition, variants(folded))
	if err != nil {
		return nil, err
	}
	type proposal struct {
		word string
		slip int
		odds float64 // a logarithm
	}
	var list []proposal
	for _, w := range known {
		k := utf8.RuneCountInString(w)
		if !proposable(w) || n == 3 && k < 4 || begun && k < minBegun { // other words of three letters are too many
			continue
		}
		list = append(list, proposal{word: w, slip: slip([]rune(folded), []rune(w))})
	}
	slices.SortFunc(list, func(a, b proposal) int { return cmp.Or(a.slip-b.slip, strings.Compare(a.word, b.word)) })
	list = list[:min(len(list), maxNear)]
	for i := range list {
		k, err := s.howMany(ctx, r, list[i].word, begun, 1000)
		if err != nil {
			return nil, err
		}
		list[i].odds = math.Log(float64(k)) - float64(list[i].slip)*math.Log(asLikely)
	}
	slices.SortStableFunc(list, func(a, b proposal) int { return cmp.Compare(b.odds, a.odds) })
	var out []string
	for _, p := range list {
		if !math.IsInf(p.odds, -1) && p.odds > list[0].odds-math.Log(asLikely)/2 {
			out = append(out, p.word)
		}
	}
	return out, nil
}

// slip tells how unlikely it is that a word is typed for another that is one edit
// away: the hand slips to the next key, strikes one twice or two in the wrong
// order, the ear takes one letter for another; then a letter is left out; then one
// is wrong or too many. The first letter is hardly ever wrong.
func slip(typed, meant []rune) int {
	i := 0
	for i < min(len(typed), len(meant)) && typed[i] == meant[i] {
		i++
	}
	cost := 0
	if i == 0 {
		cost = 2
	}
	twice := func(w []rune) bool { return i > 0 && w[i] == w[i-1] || i+1 < len(w) && w[i] == w[i+1] }
	switch {
	case len(typed) == len(meant) && i+1 < len(typed) && typed[i] == meant[i+1] && typed[i+1] == meant[i]:
		return cost
	case len(typed) == len(meant):
		if !alike(typed[i], meant[i]) {
			cost += 2
		}
	case len(typed) < len(meant):
		if !twice(meant) {
			cost++
		}
	case !twice(typed):
		cost++
		if !(i > 0 && alike(typed[i], typed[i-1]) || i+1 < len(typed) && alike(typed[i], typed[i+1])) {
			cost++
		}
	}
	return cost
}

// keyboards are the rows of keys of the layouts; sounds are letters of which one
// is written for another.
var (
	keyboards = [][]string{{"qwertyuiop", "asdfghjkl", "zxcvbnm"}, {".әіңғ..үұқөһ", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"}}
	sounds    = strings.Fields("aeiouy csz ckq gj vw mn bp dt оаё еиэёыя юу ъь шщч зс дт бп гкх вф жш аәя оөұ уұү ыіий еі кқ гғқ нң хһқ")
)

// alike reports whether one letter is easily typed for another.
func alike(a, b rune) bool {
	for _, s := range sounds {
		if strings.ContainsRune(s, a) && strings.ContainsRune(s, b) {
			return true
		}
	}
	for _, rows := range keyboards {
		ax, ay := keyAt(rows, a)
		bx, by := keyAt(rows, b)
		if ay < 0 || by < 0 {
			continue
		}
		// Each row stands half a key to the right of the one above.
		if dx := 2*(ax-bx) + ay - by; ay == by && dx*dx == 4 || (ay-by)*(ay-by) == 1 && dx*dx == 1 {
			return true
		}
	}
	return false
}

func keyAt(rows []string, r rune) (x, y int) {
	for y, row := range rows {
		if x := slices.Index([]rune(row), r); x >= 0 {
			return x, y
		}
	}
	return 0, -1
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
