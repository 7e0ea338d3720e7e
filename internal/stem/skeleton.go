package stem

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// roman gives each letter's sound in a coarse Latin spelling that the Cyrillic
// alphabet and all Latin ones have in common: that of 2021 (ä ğ ı ñ ö ū ü ş), that
// of 2018 (á ǵ ı ń ó ú ý sh ch), and what people type (q or k, kh, zh, y, w).
var roman = map[rune]string{
	'а': "a", 'ә': "a", 'б': "b", 'в': "v", 'г': "g", 'ғ': "g", 'д': "d", 'е': "e", 'э': "e", 'ж': "j", 'з': "z",
	'и': "i", 'й': "i", 'і': "i", 'ы': "i", 'к': "k", 'қ': "k", 'л': "l", 'м': "m", 'н': "n", 'ң': "n", 'о': "o", 'ө': "o",
	'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ұ': "u", 'ү': "u", 'ф': "f", 'х': "h", 'һ': "h", 'ц': "ts", 'ч': "sh",
	'ш': "sh", 'щ': "sh", 'ъ': "", 'ь': "", 'ю': "iu", 'я': "ia",
	'q': "k", 'c': "k", 'w': "u", 'y': "i", 'ý': "u", 'ı': "i", 'x': "ks", 'ğ': "g", 'ǵ': "g", 'ş': "sh", 'ș': "sh", 'š': "sh",
	'ç': "sh", 'č': "sh", 'ž': "j", 'ə': "a",
}

// pairs are read before single letters.
var pairs = strings.NewReplacer("shch", "sh", "sch", "sh", "zh", "j", "kh", "h", "gh", "g", "ch", "sh")

// skeleton gives the coarse spelling of a folded word.
func skeleton(word string) string {
	word = pairs.Replace(word)
	var b strings.Builder
	last := rune(0)
	put := func(s string) {
		for _, r := range s {
			if r != last { // doubled letters are written singly by some, партия partia
				b.WriteRune(r)
			}
			last = r
		}
	}
	for _, r := range word {
		if s, ok := roman[r]; ok {
			put(s)
			continue
		}
		for _, first := range norm.NFD.String(string(r)) {
			if s, ok := roman[first]; ok {
				put(s)
			} else {
				put(string(first))
			}
			break
		}
	}
	// ң is written ng by some, and ңғ by all as two letters.
	return strings.ReplaceAll(b.String(), "ng", "n")
}

// Guesses are a folded word and its stem as they may be looked up by Skeleton:
// of one in Latin script, the stem of its likely Cyrillic spelling.
func (l *Language) Guesses(folded string) []string {
	out := []string{folded}
	stemmed := l.stem(folded)
	if !Cyrillic(folded) {
		stemmed = l.stem(cyrillic(folded))
	}
	if stemmed != folded {
		out = append(out, stemmed)
	}
	return out
}

// letters are the likely Cyrillic spelling of Latin ones, longer ones first.
var letters = strings.NewReplacer("shch", "щ", "sch", "щ", "sh", "ш", "ch", "ч", "zh", "ж", "kh", "х", "gh", "ғ", "ng", "ң",
	"ts", "ц", "yu", "ю", "ya", "я", "iu", "ю", "ia", "я",
	"a", "а", "á", "ә", "ä", "ә", "ə", "ә", "b", "б", "c", "с", "ç", "ч", "č", "ч", "d", "д", "e", "е", "f", "ф", "g", "г", "ğ", "ғ", "ǵ", "ғ",
	"h", "х", "i", "і", "ı", "и", "j", "ж", "ž", "ж", "k", "к", "l", "л", "m", "м", "n", "н", "ñ", "ң", "ń", "ң", "o", "о", "ó", "ө", "ö", "ө",
	"p", "п", "q", "қ", "r", "р", "s", "с", "ş", "ш", "š", "ш", "t", "т", "u", "у", "ú", "ү", "ü", "ү", "ū", "ұ", "v", "в", "w", "у", "x", "х",
	"y", "ы", "ý", "у", "z", "з")

func cyrillic(word string) string { return letters.Replace(word) }
