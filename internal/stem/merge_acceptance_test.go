//go:build acceptance

package stem_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"dateline/internal/stem"
)

// TestKazakhMergers looks in texts whose words are told apart by hand for
// lemmas that share a stem. Lemmas of which one begins with the other count as
// related here; TestKazakhSuspects judges them.
func TestKazakhMergers(t *testing.T) {
	l := stem.Of("kk")
	freq := map[string]int{}
	stems := map[string]map[string]int{}
	tokens, lemmaFound := 0, 0
	for _, file := range glob(t, "04-corpora/apertium-kaz-texts/*.txt") {
		surface := ""
		for _, line := range lines(t, file) {
			if s, ok := strings.CutPrefix(line, `"<`); ok {
				surface = strings.TrimSuffix(s, `>"`)
				continue
			}
			f := strings.Split(strings.TrimSpace(line), `"`)
			if len(f) < 3 || surface == "" {
				continue
			}
			lemma, tags := strings.ToLower(f[1]), f[2]
			pos := strings.Fields(tags)
			s := surface
			surface = ""
			if len(pos) == 0 || len(l.Words(s)) != 1 || len(l.Words(lemma)) != 1 || strings.ContainsAny(lemma, "0123456789") || !stem.Cyrillic(lemma) {
				continue
			}
			if !slices.Contains([]string{"n", "np", "v", "adj", "adv"}, pos[0]) {
				continue
			}
			tokens++
			got := l.Term(s)
			if got == l.Term(lemma) {
				lemmaFound++
			}
			freq[lemma]++
			if stems[got] == nil {
				stems[got] = map[string]int{}
			}
			stems[got][lemma]++
		}
	}
	t.Logf("%d words, %d of them found by their lemma: %.3f", tokens, lemmaFound, float64(lemmaFound)/float64(tokens))
	type merger struct {
		stem   string
		lemmas []string
		weight int
	}
	var list []merger
	wrong := 0
	for s, of := range stems {
		var lemmas []string
		for x := range of {
			lemmas = append(lemmas, x)
		}
		sort.Slice(lemmas, func(i, j int) bool {
			return of[lemmas[i]] > of[lemmas[j]] || of[lemmas[i]] == of[lemmas[j]] && lemmas[i] < lemmas[j]
		})
		m := merger{stem: s}
		for _, x := range lemmas {
			if related := slices.ContainsFunc(m.lemmas, func(y string) bool { return strings.HasPrefix(x, y) || strings.HasPrefix(y, x) }); !related || len(m.lemmas) == 0 {
				m.lemmas = append(m.lemmas, x)
				if len(m.lemmas) > 1 {
					m.weight += of[x]
				}
			}
		}
		if len(m.lemmas) > 1 {
			wrong += m.weight
			list = append(list, m)
		}
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].weight > list[j].weight || list[i].weight == list[j].weight && list[i].stem < list[j].stem
	})
	for _, m := range list[:min(len(list), 70)] {
		var out []string
		for _, x := range m.lemmas {
			out = append(out, fmt.Sprintf("%s %d", x, stems[m.stem][x]))
		}
		t.Logf("  %s: %s", m.stem, strings.Join(out, ", "))
	}
	t.Logf("%d stems of %d hold unrelated lemmas: %.4f of the words stand with a larger unrelated one", len(list), len(stems), float64(wrong)/float64(tokens))
}

// TestKazakhSuspects looks at the 2,000 most frequent words of the texts: one
// that stands in a lexicon and has the stem of another word of it is a suspect,
// whether or not the one begins with the other. Each was judged by hand
// (testdata/kazakh_suspects.txt): a form or a relation of the other, after a
// colon; another word, after ≠. A suspect that nobody judged fails.
func TestKazakhSuspects(t *testing.T) {
	l := stem.Of("kk")
	freq, lexicon := map[string]int{}, map[string]bool{}
	written := func(text string) {
		for _, w := range l.Words(text) {
			freq[l.Folded(w)]++
		}
	}
	// A verb stands in the lexicon as its infinitive: its bare stem is a form
	// that is hardly written.
	word := func(w string, verb bool) {
		w = l.Folded(w)
		if verb && !strings.HasSuffix(w, "у") {
			w = strings.TrimRight(w, "ыі") + "у"
		}
		if len([]rune(w)) > 1 && len(l.Words(w)) == 1 && stem.Cyrillic(w) {
			lexicon[w] = true
		}
	}
	for _, file := range []string{"kaz", "kaz.noun.tsv", "kaz.sm"} {
		for _, line := range lines(t, "05-stemming/unimorph-kaz/"+file) {
			if f := strings.Split(line, "\t"); len(f) > 2 {
				word(f[0], false) // verbs are infinitives there
			}
		}
	}
	for _, file := range glob(t, "04-corpora/ud-kk-ktb/*.conllu") {
		for _, line := range lines(t, file) {
			f := strings.Split(line, "\t")
			if len(f) < 5 || strings.Contains(f[0], "-") {
				continue
			}
			written(f[1])
			word(f[2], f[3] == "VERB" || f[3] == "AUX")
		}
	}
	for _, file := range glob(t, "04-corpora/apertium-kaz-texts/*.txt") {
		surface := ""
		for _, line := range lines(t, file) {
			if s, ok := strings.CutPrefix(line, `"<`); ok {
				surface = strings.TrimSuffix(s, `>"`)
				written(surface)
			} else if f := strings.Split(line, `"`); len(f) == 3 && surface != "" {
				pos := strings.Fields(f[2])
				word(f[1], len(pos) > 0 && slices.Contains([]string{"v", "vaux", "cop"}, pos[0]))
				surface = ""
			}
		}
	}
	for _, line := range lines(t, "04-corpora/kaznerd-kk-valid.jsonl.gz") {
		var sentence struct{ Text string }
		if err := json.Unmarshal([]byte(line), &sentence); err != nil {
			t.Fatal(err)
		}
		written(sentence.Text)
	}
	words := slices.DeleteFunc(slices.Collect(maps.Keys(freq)), func(w string) bool { return len([]rune(w)) < 2 || !stem.Cyrillic(w) })
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(freq[b]-freq[a], strings.Compare(a, b)) })
	words = words[:2000]
	list, err := os.ReadFile("testdata/kazakh_suspects.txt")
	if err != nil {
		t.Fatal(err)
	}
	related, other := map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(string(list)) {
		f := strings.Fields(strings.NewReplacer(":", " : ", "≠", " ≠ ").Replace(line))
		into := related
		for i, w := range f {
			switch {
			case w == "≠":
				into = other
			case i > 1:
				into[f[0]+" "+w], into[w+" "+f[0]] = true, true
			}
		}
	}
	stems := map[string][]string{}
	for w := range lexicon {
		stems[l.Term(w)] = append(stems[l.Term(w)], w)
	}
	judged, wrong, tokens, all := 0, 0, 0, 0
	for _, w := range words {
		all += freq[w]
		if !lexicon[w] {
			continue
		}
		judged++
		merged := false
		for _, o := range slices.Sorted(slices.Values(stems[l.Term(w)])) {
			switch {
			case o == w || related[w+" "+o]:
			case other[w+" "+o]:
				merged = true
			default:
				t.Errorf("%s (%d times) has the stem %s of %s", w, freq[w], l.Term(w), o)
			}
		}
		if merged {
			wrong++
			tokens += freq[w]
		}
	}
	t.Logf("%d of the %d most frequent words stand in the lexicon of %d; %d, or %.4f of the running words, have the stem of another word",
		judged, len(words), len(lexicon), wrong, float64(tokens)/float64(all))
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	dir := os.Getenv("DATELINE_MATERIAL")
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(files) == 0 {
		t.Fatal("no texts", pattern, err)
	}
	for i, f := range files {
		files[i] = strings.TrimPrefix(f, dir+"/")
	}
	return files
}
