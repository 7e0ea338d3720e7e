package importer

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"dateline/locales"
)

// Words says in a language what an import tells in English: the lines of a report and
// why an import ended. Notes are kept as English sentences, which programs that read
// the JSON form may compare; whoever reads the text is told in their own language.
//
// locales/report/TAG.json holds the sentences: what differs from note to note is {}
// in the English one, {1}, {2} … in the other. A {} of several words may be a sentence
// of the file itself and is said, too; one of a single word is said only as {=1}, for
// it may be a name.
type Words struct {
	exact map[string]string
	holed []sentence
}

// sentence is one with something to fill in.
type sentence struct {
	re     *regexp.Regexp
	weight int // letters that are the sentence's own: the more, the better it fits
	as     string
}

var wordsOf = struct {
	mu sync.Mutex
	by map[string]*Words
}{by: map[string]*Words{}}

// WordsOf gives the words of a language; a language that has none speaks English.
func WordsOf(tag string) *Words {
	wordsOf.mu.Lock()
	defer wordsOf.mu.Unlock()
	w := wordsOf.by[tag]
	if w == nil {
		w = &Words{}
		if raw, err := fs.ReadFile(locales.Files, "report/"+tag+".json"); err == nil {
			var book map[string]string
			if err := json.Unmarshal(raw, &book); err == nil { // a test reads the files
				w = newWords(book)
			}
		}
		wordsOf.by[tag] = w
	}
	return w
}

func newWords(book map[string]string) *Words {
	w := &Words{exact: map[string]string{}}
	for english, other := range book {
		w.know(english, other)
		// Of notes that were only counted the beginning is told, without numbers.
		if short := shape(english); short != english {
			if i := strings.LastIndexAny(other, ":«"); i > 0 && strings.ContainsAny(english, ":\"“«") {
				other = strings.TrimRight(other[:i], " «")
			}
			if _, ok := w.exact[short]; !ok && short != "" {
				w.know(short, other)
			}
		}
	}
	slices.SortFunc(w.holed, func(a, b sentence) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.re.String(), b.re.String()))
	})
	return w
}

func (w *Words) know(english, other string) {
	if !strings.Contains(english, "{}") {
		w.exact[english] = other
		return
	}
	parts := strings.Split(english, "{}")
	pattern, weight := "", 0
	for i, p := range parts {
		if i > 0 {
			pattern += `(.*?)`
		}
		pattern += regexp.QuoteMeta(p)
		weight += len(p)
	}
	w.holed = append(w.holed, sentence{regexp.MustCompile(`(?s)^` + pattern + `$`), weight, other})
}

var (
	titled  = regexp.MustCompile(`(?s)^“(.*?)”: (.+)$`)
	counted = regexp.MustCompile(`(?s)^(.+): (\d+)$`)
	hole    = regexp.MustCompile(`\{(=?)(\d+)\}`)
)

// Say gives the sentence in the language, or as it is where that has none.
func (w *Words) Say(s string) string {
	if out, ok := w.say(s); ok {
		return out
	}
	return s
}

func (w *Words) say(s string) (string, bool) {
	if len(w.exact) == 0 {
		return "", false
	}
	if out, ok := w.exact[s]; ok {
		return out, true
	}
	if m := titled.FindStringSubmatch(s); m != nil {
		out, ok := w.say(m[2])
		return "«" + m[1] + "»: " + out, ok
	}
	for _, k := range w.holed {
		if k.weight < 4 {
			break // of itself it says nothing
		}
		if m := k.re.FindStringSubmatch(s); m != nil {
			return w.fill(k.as, m), true
		}
	}
	if m := counted.FindStringSubmatch(s); m != nil {
		out, ok := w.say(m[1])
		return out + ": " + m[2], ok
	}
	return "", false
}

func (w *Words) fill(as string, with []string) string {
	return hole.ReplaceAllStringFunc(as, func(h string) string {
		m := hole.FindStringSubmatch(h)
		n, err := strconv.Atoi(m[2])
		if err != nil || n >= len(with) {
			return h
		}
		part := with[n]
		name := part
		if c := counted.FindStringSubmatch(part); c != nil {
			name = c[1]
		}
		if m[1] != "" || strings.Contains(strings.TrimSpace(name), " ") {
			return w.Say(part)
		}
		return part
	})
}
