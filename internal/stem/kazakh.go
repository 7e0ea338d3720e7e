package stem

import "strings"

// Kazakh takes inflection off a folded Kazakh word, from its end: number,
// possession, case and person of nouns, and person, tense, mood and negation of
// verbs. Derivation stays: жұмыс and жұмысшы are two words.
//
// It knows few words (kazakh_words.go); it goes by sounds. Which form a suffix has
// depends on the sound before it (лар, дар, тар) and on the word's last vowel
// (лар, лер), so most of what only looks like a suffix is told from one. A suffix
// of verbs ends what may be taken for suffixes of nouns: қолдау (support) is
// not қол (hand). What the last sound of a stem became before a vowel is undone
// (кітап, кітабы). A stem need not be a word, only the same for all its forms.
func Kazakh(word string) string {
	if !Cyrillic(word) {
		return word
	}
	if s, ok := listed(word); ok {
		return s
	}
	w := []rune(word)
	verb := false
	for len(w) > 2 {
		s := ending(w, verb)
		if s == nil {
			break
		}
		w = w[:len(w)-len(s.runes)]
		verb = verb || s.verb
		if isVowel(s.runes[0]) {
			harden(w)
		}
		if s, ok := listed(string(w)); ok && (!verb || stems[string(w)] != "") {
			return s
		}
	}
	return settle(w)
}

// The sounds that decide which form a suffix has.
const (
	vowels  = "аәеёиіоөуұүыэюя"
	high    = "ыі"
	low     = "аеә"
	nasals  = "мнң"
	liquids = "лрйуи"
	buzzing = "зж"
	dull    = "кқпстшхфчцщбвгғдһ"
	voiced  = liquids + nasals + buzzing
	any     = vowels + voiced + dull
)

// onlyKnown letters stay of no word: such a suffix is taken off one of
// kazakh_words.go alone.
const onlyKnown = 1 << 10

// suffix is an ending.
type suffix struct {
	runes []rune
	after string // the sounds it may follow
	min   int    // letters that must stay
	verb  bool
}

// suffixes by their last letter. А is а or е, Ы is ы or і, қ also к, ғ also г, by
// the harmony of the word.
var suffixes = func() map[rune][]suffix {
	out := map[rune][]suffix{}
	back := strings.NewReplacer("А", "а", "Ы", "ы")
	soft := strings.NewReplacer("А", "е", "Ы", "і", "қ", "к", "ғ", "г")
	add := func(verb bool, min int, after string, list string) {
		for _, s := range strings.Fields(list) {
			for _, f := range []*strings.Replacer{back, soft} {
				r := []rune(f.Replace(s))
				last := r[len(r)-1]
				out[last] = append(out[last], suffix{r, after, min, verb})
			}
		}
	}
	noun := func(min int, after, list string) { add(false, min, after, list) }
	verb := func(min int, after, list string) { add(true, min, after, list) }
	// Number.
	noun(2, vowels+"рй", "лАр")
	noun(2, "л"+nasals+buzzing, "дАр")
	noun(2, dull, "тАр")
	// Case.
	noun(2, vowels+nasals, "нЫң")
	noun(2, liquids+buzzing, "дЫң")
	noun(2, dull, "тЫң")
	noun(2, vowels, "нЫ")
	noun(2, voiced, "дЫ")
	noun(2, dull, "тЫ")
	noun(2, vowels+voiced, "дА дАғЫ")
	noun(2, dull, "тА тАғЫ")
	noun(2, vowels+liquids+buzzing, "дАн")
	noun(2, nasals, "нАн")
	noun(2, dull, "тАн")
	noun(2, vowels+voiced, "ғА")
	noun(2, dull, "қА")
	noun(2, vowels+liquids+nasals, "мен")
	noun(2, buzzing, "бен")
	noun(2, dull, "пен")
	noun(4, high, "нА ндА ндАғЫ нАн н") // after a possessive
	// Possession.
	noun(3, voiced+dull, "Ы")
	noun(3, low, "сЫ")
	noun(onlyKnown, high, "сЫ ған") // ған after pronouns: осыған
	noun(onlyKnown, voiced+dull, "Ын ЫнА ЫндА ЫндАғЫ ЫнАн")
	noun(3, "ш", "ЫсЫ") // after a high vowel with those who do something alone: жұмысы is жұмыс
	noun(3, voiced+dull, "Ым Ың ЫмЫз ЫңЫз ЫмА ЫңА")
	noun(3, low+high, "м ң мЫз ңЫз")
	noun(3, low+high, "мА ңА")
	noun(2, vowels+nasals, "нікі")
	noun(2, liquids+buzzing, "дікі")
	noun(2, dull, "тікі")
	// Person of a predicate.
	noun(3, vowels+liquids+nasals, "мЫн мЫз")
	noun(3, buzzing, "бЫн бЫз")
	noun(3, dull, "пЫн пЫз")
	noun(3, nasals, "сЫң сЫз сЫздАр сЫңдАр") // after others сЫз is "without"
	// Verbs: present and aorist with person, past, conditional, imperative.
	for _, p := range strings.Fields("мЫн сЫң сЫз мЫз сЫздАр сЫңдАр") {
		verb(2, voiced+dull, "А"+p)
		verb(2, low, "й"+p)
		verb(2, voiced+dull, "Ар"+p)
		verb(2, low+high, "р"+p)
	}
	verb(2, voiced+dull, "АдЫ АтЫн")
	verb(2, low+high, "йдЫ йтЫн")
	for _, p := range strings.Fields("м ң ңЫз ңдАр ңЫздАр") {
		verb(2, vowels+voiced, "дЫ"+p)
		verb(2, dull, "тЫ"+p)
		verb(2, any, "сА"+p)
	}
	verb(2, vowels, "дЫқ") // after others it makes nouns
	verb(3, any, "сАқ")
	verb(2, vowels, "дЫ")
	verb(2, any, "сА")
	verb(2, voiced+dull, "ЫңЫз ЫңЫздАр ЫңдАр")
	verb(3, low+high, "ңЫз ңЫздАр ңдАр")
	verb(2, voiced+dull+low, "сЫн")
	// Participles, converbs, infinitives.
	verb(2, vowels+voiced, "ғАн ғАлЫ ғАндАй ғАнША")
	verb(2, dull, "қАн қАлЫ қАндАй")
	verb(2, voiced+dull, "Ып")
	verb(3, low+high, "п")
	verb(3, vowels+liquids, "мАқ мАқшЫ мАс")
	verb(3, nasals+buzzing, "бАқ бАқшЫ бАс")
	verb(3, dull, "пАқ пАқшЫ пАс")
	verb(2, voiced+dull+low, "у")
	// After a stem's high vowel й is written и.
	for _, p := range strings.Fields("мЫн сЫң сЫз мЫз сЫздАр сЫңдАр дЫ тЫн") {
		verb(2, voiced+dull, "и"+p)
	}
	// Negation, with what follows it.
	for _, n := range [][2]string{{vowels + liquids, "мА"}, {nasals + buzzing, "бА"}, {dull, "пА"}} {
		verb(2, n[0], n[1])
		for _, p := range strings.Fields("й йдЫ йтЫн тЫн дЫ дЫм дЫң дЫңЫз дЫңдАр дЫңЫздАр дЫқ ғАн йсЫң йсЫз ймЫн ймЫз йсЫздАр йсЫңдАр") {
			verb(2, n[0], n[1]+p)
		}
	}
	return out
}()

// front vowels, and back ones; и, у and those of loan words may be either.
var front = map[rune]bool{'ә': true, 'е': true, 'і': true, 'ө': true, 'ү': true, 'э': true, 'а': false, 'о': false, 'ұ': false, 'ы': false, 'я': false}

func isVowel(r rune) bool { return strings.ContainsRune(vowels, r) }

// ending is the longest suffix that may be taken off; nil: none.
func ending(w []rune, verb bool) *suffix {
	var best *suffix
	list := suffixes[w[len(w)-1]]
	for i := range list {
		s := &list[i]
		n := len(s.runes)
		if verb && !s.verb || best != nil && n <= len(best.runes) || len(w)-n < s.min || string(w[len(w)-n:]) != string(s.runes) {
			continue
		}
		rest := w[:len(w)-n]
		if !stands(rest) || !s.fits(rest) {
			continue
		}
		if s.verb && s.runes[0] != 'ы' && s.runes[0] != 'і' && isVowel(s.runes[0]) && crowded(rest) {
			continue
		}
		best = s
	}
	for i := range list { // what leaves a known word goes before what is longer
		s := &list[i]
		if rest := len(w) - len(s.runes); (!verb || s.verb) && rest >= 2 && string(w[rest:]) == string(s.runes) && s.fits(w[:rest]) &&
			(stems[string(w[:rest])] != "" || !s.verb && whole[string(w[:rest])] != "") {
			return s
		}
	}
	return best
}

// fits reports whether a suffix may follow a stem, by its sounds.
func (s *suffix) fits(stem []rune) bool {
	return strings.ContainsRune(s.after, stem[len(stem)-1]) && agrees(stem, s.runes)
}

// crowded tells an end that no stem has: бастады is баста and ды, not баст and ады.
func crowded(w []rune) bool {
	n := len(w)
	if n < 3 || isVowel(w[n-2]) {
		return false
	}
	switch w[n-1] {
	case 'л', 'д':
		return true
	case 'т':
		return !strings.ContainsRune("рлйн", w[n-2])
	}
	return false
}

// stands reports whether a stem can stand: two letters only as ел and үй do.
func stands(w []rune) bool {
	if len(w) > 2 {
		return true
	}
	return isVowel(w[0]) && (!isVowel(w[1]) || w[1] == 'у' || w[1] == 'и')
}

// agrees reports whether a suffix has the harmony of the last vowel before it,
// and whether there is one.
func agrees(stem, ending []rune) bool {
	if strings.HasSuffix(string(stem), "ев") { // names: Тоқаевтың and Медведевтің
		return true
	}
	for i := len(stem) - 1; i >= 0; i-- {
		if !isVowel(stem[i]) {
			continue
		}
		want, known := front[stem[i]]
		for _, r := range ending {
			if f, ok := front[r]; ok && known && f != want {
				s := string(ending)
				return s == "мен" || s == "бен" || s == "пен" || strings.HasSuffix(s, "ікі")
			}
		}
		return true
	}
	return false
}

// harden undoes what a vowel made of the sound before it.
func harden(w []rune) {
	if n := len(w); n > 2 {
		switch w[n-1] {
		case 'б':
			w[n-1] = 'п'
		case 'г':
			w[n-1] = 'к'
		case 'ғ':
			w[n-1] = 'қ'
		}
	}
}

// settle gives all forms of a stem one end: a verb's last high vowel goes before
// у (оқы, оқу), a noun's between consonants before a vowel (орын, орны).
func settle(w []rune) string {
	n := len(w)
	if n > 2 && (w[n-1] == 'ы' || w[n-1] == 'і') && stands(w[:n-1]) {
		w = w[:n-1]
		n--
	}
	harden(w)
	if n > 3 && (w[n-2] == 'ы' || w[n-2] == 'і') && strings.ContainsRune("нлрқкп", w[n-1]) && !isVowel(w[n-3]) {
		w = append(w[:n-2:n-2], w[n-1])
	}
	return string(w)
}
