package app_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	demofiles "dateline/demo"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/search"
	"dateline/internal/stem"
)

// TestSlips makes one slip in each of a hundred words of the demo's headlines,
// and asks what was meant: of four slips one leaves a letter out, one puts one
// in, one changes two over, and one writes another, every second time that of
// the next key. A slip that gives a word or a form that is found needs no answer
// and is not counted.
func TestSlips(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouseOf(t, d, &clock{t: monday}, 1, demofiles.Files)
		for _, c := range []struct {
			lang, letters string
			rows          []string
			right         float64 // of the first proposals
		}{
			{"en", "abcdefghijklmnopqrstuvwxyz", []string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}, 0.9},
			{"ru", "абвгдежзийклмнопрстуфхцчшщъыьэюя", []string{"йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"}, 0.9},
			{"kk", "аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшщыіьэюя", []string{"йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "әіңғ", "үұқөһ"}, 0.9},
		} {
			ed, _ := h.site.ByLang(c.lang)
			l := stem.Of(c.lang)
			ask := func(text string) search.Request {
				return search.Request{Edition: ed.ID, Language: l, Query: search.Parse(l, text), Now: monday, Limit: 1}
			}
			found := func(text string) bool {
				r, err := h.app.Search.Search(context.Background(), ask(text))
				if err != nil {
					t.Fatal(err)
				}
				return r.Total > 0
			}
			words := map[string]bool{}
			for file, head := range heads(t) {
				if !strings.HasSuffix(file, "."+c.lang) {
					continue
				}
				for _, w := range l.Words(head["headline"]) {
					if w = l.Folded(w); len([]rune(w)) >= 4 && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) && found(w) {
						words[w] = true
					}
				}
			}
			rng := rand.New(rand.NewPCG(19, 3))
			list := slices.Sorted(maps.Keys(words))
			rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			letters := []rune(c.letters)
			asked, first, either := 0, 0, 0
			for n, w := range list {
				if asked == 100 {
					break
				}
				wrong := misspelled(rng, n%8, []rune(w), letters, c.rows)
				if wrong == w || found(wrong) {
					continue
				}
				asked++
				got, err := h.app.Search.Suggest(context.Background(), ask(wrong))
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case len(got) > 0 && got[0] == w:
					first++
					either++
				case slices.Contains(got, w):
					either++
				default:
					t.Logf("%s: for %s (%s) %q is proposed", c.lang, wrong, w, got)
				}
			}
			t.Logf("%s: %d slips, %d right, %d with the second proposal", c.lang, asked, first, either)
			if float64(first) < c.right*float64(asked) || asked < 60 {
				t.Errorf("%s: only %d of %d are right", c.lang, first, asked)
			}
		}
	})
}

// misspelled is a word with one slip.
func misspelled(rng *rand.Rand, kind int, w, letters []rune, rows []string) string {
	i := 1 + rng.IntN(len(w)-1) // the first letter is hardly ever wrong
	other := letters[rng.IntN(len(letters))]
	switch kind {
	case 0, 4:
		return string(slices.Delete(w, i, i+1))
	case 1, 5:
		return string(slices.Insert(w, i, other))
	case 2, 6:
		i = min(i, len(w)-2)
		w[i], w[i+1] = w[i+1], w[i]
		return string(w)
	case 3:
		for _, row := range rows {
			if keys := []rune(row); slices.Contains(keys, w[i]) {
				if at := slices.Index(keys, w[i]) + 1 - 2*rng.IntN(2); at >= 0 && at < len(keys) {
					other = keys[at]
				}
			}
		}
	}
	w[i] = other
	return string(w)
}
