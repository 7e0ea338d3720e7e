package gen

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed words
var lists embed.FS

type term struct{ name, slug string }

// A language makes sentences. Words stand in a table of 4,096 places, each as often
// as it is used, so that picking one is an index.
type language struct {
	code, own, locale, site, tagline string
	table                            [4096]string
	words                            []string
	rare                             []string // invented names
	first                            []string
	sections                         []term
	roots                            int // the first so many sections have no parent
	tags                             []term
	openQuote, shutQuote             string
	latin                            bool
}

type spec struct {
	own, locale, site, tagline, quotes string
	syllables, ends, first             string
	sections, children                 string
}

var specs = map[string]spec{
	"en": {
		"English", "en-GB", "The Old Quay", "News of the harbour and the hills", "“”",
		"ba bel bor cal dan der fal gar hol kel lan mar mor nor pel ran sal tam tor val wes win yar", "by den field ford ham ley mouth ster ton wick",
		"Anna Ben Clara Daniel Edith Frank Grace Henry Irene James Kate Leo Mary Nora Owen Paul Ruth Simon Tess Victor",
		"Politics,Economy,Society,Culture,Sport,Science,Opinion,World", "Elections,Markets,Schools,Theatre,Football,Climate,Letters,Neighbours",
	},
	"ru": {
		"Русский", "ru-RU", "Старый причал", "Новости гавани и холмов", "«»",
		"ба бел бор вал гор дар дол зар кал кор лис мар мор нов пал ряб сав тар тул фед хар чер шум", "ово ино ск ень ский енко ов ев град поль",
		"Анна Борис Вера Глеб Дарья Егор Жанна Иван Кира Лев Мария Николай Ольга Пётр Раиса Сергей Тамара Фёдор Юлия Яков",
		"Политика,Экономика,Общество,Культура,Спорт,Наука,Мнения,Мир", "Выборы,Рынки,Школы,Театр,Футбол,Климат,Письма,Соседи",
	},
	"kk": {
		"Қазақша", "kk-KZ", "Ескі айлақ", "Айлақ пен төбелердің жаңалықтары", "«»",
		"ай ал бай бек дос ер жан қар құл мұр нұр ораз өте сар тал тоқ ұл үш шың ың әлі ғали һан", "бай бек ғали жан құл мырза нұр тау төбе өзен",
		"Айгүл Әсел Бауыржан Ғалия Дәурен Ерлан Жанар Қайрат Ләззат Мұрат Нұрлан Өміржан Сәуле Тимур Ұлжан Үміт Шолпан Ілияс Гүлнәр Абай",
		"Саясат,Экономика,Қоғам,Мәдениет,Спорт,Ғылым,Пікір,Әлем", "Сайлау,Нарық,Мектеп,Театр,Футбол,Климат,Хаттар,Көршілер",
	},
}

func newLanguage(code string) (*language, error) {
	s, ok := specs[code]
	if !ok {
		return nil, fmt.Errorf("no words of language %q: there are en, ru, kk", code)
	}
	text, err := lists.ReadFile("words/" + code + ".txt")
	if err != nil {
		return nil, err
	}
	l := &language{code: code, own: s.own, locale: s.locale, site: s.site, tagline: s.tagline, latin: code == "en"}
	quotes := []rune(s.quotes)
	l.openQuote, l.shutQuote = string(quotes[0]), string(quotes[1])
	l.words = strings.Fields(string(text))
	l.first = strings.Fields(s.first)

	// Zipf's law, a little flattened: the n-th word has a share of 1/(n+3).
	sum := 0.0
	for i := range l.words {
		sum += 1 / float64(i+3)
	}
	at := 0.0
	for i, w := range l.words {
		next := at + float64(len(l.table))/float64(i+3)/sum
		for k := int(at); k < int(next) && k < len(l.table); k++ {
			l.table[k] = w
		}
		at = next
	}
	for k := range l.table {
		if l.table[k] == "" {
			l.table[k] = l.words[k%len(l.words)]
		}
	}

	syllables, ends := strings.Fields(s.syllables), strings.Fields(s.ends)
	for _, a := range syllables {
		for _, b := range syllables {
			for _, c := range ends {
				l.rare = append(l.rare, capital(a+b+c))
			}
		}
	}
	// Mixed once, always alike, so that neighbours do not resemble each other.
	mix := rand.New(rand.NewPCG(1, uint64(len(l.rare))))
	mix.Shuffle(len(l.rare), func(i, j int) { l.rare[i], l.rare[j] = l.rare[j], l.rare[i] })

	names := strings.Split(s.sections+","+s.children, ",")
	l.roots = strings.Count(s.sections, ",") + 1
	for _, n := range names {
		l.sections = append(l.sections, l.term(n))
	}
	seen := map[string]bool{}
	for _, w := range l.words {
		if utf8.RuneCountInString(w) >= 6 && !seen[w] && len(l.tags) < 200 {
			seen[w] = true
			l.tags = append(l.tags, l.term(w))
		}
	}
	for i := range 200 {
		l.tags = append(l.tags, l.term(l.rare[i*11]))
	}
	return l, nil
}

func (l *language) term(name string) term {
	slug := string(l.slugOf(nil, []byte(name)))
	if !l.latin {
		slug = l.code + "-" + slug
	}
	return term{name, slug}
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// word appends a word, one in twelve an invented name.
func (l *language) word(b []byte, rnd *rand.Rand, first bool) []byte {
	x := rnd.Uint64()
	if x&0xfff < 0x155 {
		// The cube makes some names much more common than others.
		f := float64(x>>40) / (1 << 24)
		return append(b, l.rare[int(f*f*f*float64(len(l.rare)))]...)
	}
	w := l.table[x>>12&0xfff]
	if first {
		r, n := utf8.DecodeRuneInString(w)
		b = utf8.AppendRune(b, unicode.ToUpper(r))
		return append(b, w[n:]...)
	}
	return append(b, w...)
}

// sentence appends a sentence of 5 to 20 words, with commas, sometimes a number, a
// dash or words in quotation marks.
func (l *language) sentence(b []byte, rnd *rand.Rand) []byte {
	n := 5 + rnd.IntN(16)
	shape := rnd.Uint32()
	for i := range n {
		if i > 0 {
			b = append(b, ' ')
		}
		switch {
		case i == n/2 && shape&7 == 0:
			b = append(b, "— "...)
		case i == n-2 && shape&15 == 3:
			b = fmt.Appendf(b, "%d ", 2+shape>>8%900)
		}
		quoted := i == 3 && shape&31 == 5
		if quoted {
			b = append(b, l.openQuote...)
		}
		b = l.word(b, rnd, i == 0)
		if quoted {
			b = append(b, l.shutQuote...)
		}
		if i > 1 && i < n-1 && (i+int(shape>>16))%6 == 0 {
			b = append(b, ',')
		}
	}
	if shape&63 == 9 {
		return append(b, '?')
	}
	return append(b, '.')
}

// headline appends 4 to 9 words.
func (l *language) headline(b []byte, rnd *rand.Rand) []byte {
	for i := range 4 + rnd.IntN(6) {
		if i > 0 {
			b = append(b, ' ')
		}
		b = l.word(b, rnd, i == 0)
	}
	return b
}

// slugOf appends a title as WordPress makes an address of it: hyphens, lower case,
// other letters than Latin percent-encoded, at most 200 bytes cut at a letter.
func (l *language) slugOf(b, title []byte) []byte {
	start := len(b)
	for i := 0; i < len(title); {
		r, n := utf8.DecodeRune(title[i:])
		i += n
		if len(b)-start > 190 {
			break
		}
		switch {
		case r == ' ':
			b = append(b, '-')
		case r < utf8.RuneSelf:
			b = append(b, byte(unicode.ToLower(r)))
		default:
			var enc [4]byte
			for _, c := range enc[:utf8.EncodeRune(enc[:], unicode.ToLower(r))] {
				b = append(b, '%', hex[c>>4], hex[c&15])
			}
		}
	}
	return b
}

const hex = "0123456789abcdef"
