//go:build acceptance

package stem_test

import (
	"fmt"
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
// related.
func TestKazakhMergers(t *testing.T) {
	l := stem.Of("kk")
	files, err := filepath.Glob(filepath.Join(os.Getenv("DATELINE_MATERIAL"), "04-corpora/apertium-kaz-texts/*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no texts", err)
	}
	freq := map[string]int{}
	stems := map[string]map[string]int{}
	tokens, lemmaFound := 0, 0
	for _, file := range files {
		surface := ""
		for _, line := range lines(t, strings.TrimPrefix(file, os.Getenv("DATELINE_MATERIAL")+"/")) {
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
