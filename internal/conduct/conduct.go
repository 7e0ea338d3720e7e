package conduct

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a rule has a machine look for.
type Kind string

// The kinds. None is a rule that people alone can judge.
const (
	None       Kind = ""
	Links      Kind = "links"
	Length     Kind = "length"
	Repetition Kind = "repetition"
	Shouting   Kind = "shouting"
	Words      Kind = "words"
)

// Kinds are all that a machine looks for.
func Kinds() []Kind { return []Kind{Links, Length, Repetition, Shouting, Words} }

// Test is what is looked for.
type Test struct {
	Kind  Kind     `json:"kind"`
	Most  int      `json:"most,omitempty"`  // signs, of Length; 0: DefaultLength
	Words []string `json:"words,omitempty"` // of Words, in any of their forms
}

// DefaultLength is how many signs a comment has at most where nobody says.
const DefaultLength = 4000

// Finding is something that a rule does not want.
type Finding struct {
	Kind Kind
	Sure bool   // else it is for a person to look at
	What string // the passage, as it was written
}

// Look gives the first thing that a test finds, what is sure before what is not.
func (t Test) Look(text string) (Finding, bool) {
	var f Finding
	var ok bool
	switch t.Kind {
	case Links:
		f, ok = links(text)
	case Length:
		most := t.Most
		if most <= 0 {
			most = DefaultLength
		}
		ok, f.Sure = utf8.RuneCountInString(text) > most, true
	case Repetition:
		f, ok = repetition(text)
	case Shouting:
		f, ok = shouting(text)
	case Words:
		f, ok = words(text, t.Words)
	}
	f.Kind = t.Kind
	return f, ok
}

// leastShouted is how many letters somebody has to write before they can shout.
const leastShouted = 20

// shouting is a text most of whose letters are capitals. Words of up to four capitals
// are names of offices and of laws as often as not.
func shouting(text string) (Finding, bool) {
	upper, lower, loud, all, small := 0, 0, 0, 0, 0
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		u, l := 0, 0
		for _, r := range w {
			switch {
			case unicode.IsUpper(r):
				u++
			case unicode.IsLower(r):
				l++
			}
		}
		all, small = all+u, small+l
		lower += l
		if l == 0 && u <= 4 {
			lower += u / 2
			upper += u - u/2
			continue
		}
		if upper += u; l == 0 {
			loud++
		}
	}
	if small == 0 && loud > 0 && all >= leastShouted {
		return Finding{Sure: true, What: cut(text)}, true
	}
	if upper+lower < leastShouted || upper*10 < (upper+lower)*7 || loud < 2 {
		return Finding{}, false
	}
	return Finding{Sure: true, What: cut(text)}, true
}

// What is more than these is repetition: the same sign in a row, the same word in a
// row, the same line in a text.
const (
	mostSigns = 9
	mostWords = 4
	mostLines = 3
)

func repetition(text string) (Finding, bool) {
	last, n := rune(-1), 0
	for i, r := range text {
		if r != last {
			last, n = r, 0
		}
		if n++; n > mostSigns && !unicode.IsSpace(r) && !strings.ContainsRune(".-_=*—–…", r) && !unicode.IsDigit(r) {
			return Finding{Sure: true, What: cut(text[max(0, i-n*utf8.RuneLen(r)):])}, true
		}
	}
	before, n := "", 0
	total, same := 0, map[string]int{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }) {
		if w != before {
			before, n = w, 0
		}
		if n++; n > mostWords && !unicode.IsDigit([]rune(w)[0]) {
			return Finding{Sure: true, What: w}, true
		}
		total++
		same[w]++
	}
	lines := map[string]int{}
	for _, l := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '.' || r == '!' || r == '?' }) {
		if l = strings.ToLower(strings.Join(strings.Fields(l), " ")); utf8.RuneCountInString(l) >= 12 {
			if lines[l]++; lines[l] > mostLines {
				return Finding{Sure: true, What: cut(l)}, true
			}
		}
	}
	for w, k := range same { // "buy now please buy now please": no row, yet nothing else
		if total >= 12 && k*2 > total && utf8.RuneCountInString(w) > 2 {
			return Finding{Sure: true, What: w}, true
		}
	}
	return Finding{}, false
}

// cut shortens a passage to what a sentence about it can hold.
func cut(s string) string {
	const most = 60
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
