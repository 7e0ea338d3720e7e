package conduct

import (
	"regexp"
	"strings"
	"unicode"

	"dateline/internal/stem"
)

// The languages whose forms of words are known.
var tongues = []string{"ru", "kk", "en"}

// signs are what is written for letters by whoever hides a word; for Cyrillic words
// and for Latin ones.
var (
	cyrillicSigns = map[rune]rune{'0': 'о', '3': 'з', '4': 'ч', '6': 'б', '@': 'а', '$': 'с', 'a': 'а', 'b': 'в', 'c': 'с', 'e': 'е', 'h': 'н', 'k': 'к', 'm': 'м', 'o': 'о', 'p': 'р', 't': 'т', 'x': 'х', 'y': 'у', 'i': 'і', 'u': 'и', 'n': 'п', 'd': 'д', 'g': 'г', 'r': 'р'}
	latinSigns    = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i'}
)

// hidden are the single letters of a word with something between.
var hidden = regexp.MustCompile(`(?:^|[^\p{L}\p{N}])((?:[\p{L}\p{N}@$][ .\-_*]{1,2}){2,}[\p{L}\p{N}@$])(?:$|[^\p{L}\p{N}])`)

// words finds a word of a list in any of its forms. A word is compared whole: what
// contains it is another word.
func words(text string, list []string) (Finding, bool) {
	want := map[string]map[string]bool{}
	for _, tag := range tongues {
		want[tag] = map[string]bool{}
		l := stem.Of(tag)
		for _, w := range list {
			w = strings.TrimSpace(w)
			if w == "" || strings.ContainsFunc(w, isCyrillic) == (tag == "en") {
				continue
			}
			if t := l.Term(strings.ToLower(w)); t != "" {
				want[tag][t] = true
			}
		}
	}
	try := func(token, shown string) (Finding, bool) {
		for _, w := range spellings(token) {
			for _, tag := range tongues {
				if strings.ContainsFunc(w, isCyrillic) == (tag == "en") {
					continue
				}
				if want[tag][stem.Of(tag).Term(w)] {
					return Finding{What: cut(shown), Sure: false}, true
				}
			}
		}
		return Finding{}, false
	}
	s := plain(text)
	for _, w := range strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '@' && r != '$' && r != '\'' && r != '’'
	}) {
		if f, ok := try(w, w); ok {
			return f, true
		}
	}
	for _, m := range hidden.FindAllStringSubmatch(s, -1) {
		if f, ok := try(strings.Map(func(r rune) rune {
			if strings.ContainsRune(" .-_*", r) {
				return -1
			}
			return r
		}, m[1]), m[1]); ok {
			return f, true
		}
	}
	return Finding{}, false
}

// spellings are a word as written and as it may be meant: signs as letters, letters
// of one alphabet, none of them thrice.
func spellings(w string) []string {
	out := []string{w}
	add := func(v string) {
		for _, o := range out {
			if o == v {
				return
			}
		}
		out = append(out, v)
	}
	mapped := func(w string, m map[rune]rune) string {
		return strings.Map(func(r rune) rune {
			if l, ok := m[r]; ok {
				return l
			}
			return r
		}, w)
	}
	letters := strings.IndexFunc(w, unicode.IsLetter) >= 0
	if strings.ContainsFunc(w, isCyrillic) {
		add(mapped(w, cyrillicSigns))
	}
	if letters && !ascii(w) || strings.ContainsAny(w, "013457@$") && letters {
		if l := mapped(latin(w), latinSigns); ascii(l) {
			add(l)
		}
	}
	for _, v := range out {
		add(squeezed(v, 1))
		add(squeezed(v, 2))
	}
	return out
}

// squeezed has no letter more than n times in a row.
func squeezed(w string, n int) string {
	var b strings.Builder
	last, k := rune(-1), 0
	long := false
	for _, r := range w {
		if r != last {
			last, k = r, 0
		}
		if k++; k > 2 {
			long = true
		}
		if k <= n {
			b.WriteRune(r)
		}
	}
	if !long {
		return w
	}
	return b.String()
}
