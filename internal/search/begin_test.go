package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/stem"
)

func TestBeginningOf(t *testing.T) {
	for _, c := range []struct {
		lang, typed, word string
		want              bool
	}{
		{"en", "Timetab", "timetables", true}, {"en", "timetabler", "timetables", false}, {"en", "stori", "story", false},
		{"en", "Obri", "o'brien", true}, {"en", "o'bri", "obrien", true}, {"en", "cafe", "cafeteria", true},
		{"ru", "возможнос", "возможность", true}, {"ru", "возможнос", "возможно", false}, {"ru", "Ёлк", "елка", true},
		{"kk", "көпі", "көпірлер", true}, {"kk", "копи", "көпірлер", true}, {"kk", "kópi", "көпірлер", true}, {"kk", "kopi", "көпірлер", true},
		{"kk", "көл", "қолы", false}, {"kk", "кол", "қолы", true}, {"kk", "кол", "көлі", true},
		// A letter that is two in the other script is whole or not there.
		{"kk", "кас", "қашан", false}, {"kk", "kash", "қашан", true}, {"kk", "qaş", "қашан", true}, {"kk", "кат", "кацо", false}, {"kk", "парти", "партия", true},
		{"kk", "partia", "партиясы", true}, {"kk", "partiia", "партиясы", true}, {"kk", "partiya", "партиясы", true},
		// ng is ң to some, but n is no beginning of ng.
		{"kk", "конги", "көңіл", true}, {"kk", "kong", "көңіл", true}, {"kk", "конг", "конгресс", true}, {"kk", "конг", "конкурс", false}, {"kk", "tangy", "таңғы", true},
		{"kk", "ььь", "жаңа", false}, {"kk", "kaspi", "kaspi", true}, {"kk", "casp", "kaspi", true},
	} {
		l := stem.Of(c.lang)
		if got := newBeginning(l, c.typed).of(l.Folded(c.word)); got != c.want {
			t.Errorf("%s: %s* is the beginning of %s: %v", c.lang, c.typed, c.word, got)
		}
	}
}

// TestTooManyBegin: of more words than are looked for those of which most forms
// are written are, and of these the shortest; whoever asks is told.
func TestTooManyBegin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &Store{d: d}
		const many = maxTerms + 500
		now := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
		l := stem.Of("tlh")
		// Every third word is written in two forms, and the last half in longer ones.
		word := func(i int) string {
			w := "pre" + strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprintf("%04d", i))
			if i >= many/2 {
				w += "zzz"
			}
			return w
		}
		var list []*indexed
		want := map[int64]bool{}
		for i := range many {
			ta := newTally(loneEdition, &s.seen)
			ta.put(word(i), inBody, bodyAt)
			ta.put("every", inBody, bodyAt+1)
			id := int64(i + 1)
			list = append(list, &indexed{article: id, edition: loneEdition, doc: placeOf(loneEdition, id, now.Add(-time.Duration(i)*time.Hour)), terms: ta.pack(nil)})
			tallies.Put(ta)
			want[id] = i%3 == 0
		}
		left := maxTerms - (many+2)/3
		for i := 0; left > 0; i++ {
			if !want[int64(i+1)] {
				want[int64(i+1)] = true
				left--
			}
		}
		storePart(t, s, list[:many/2])
		storePart(t, s, list[many/2:], "every")
		err := d.Tx(context.Background(), db.Desk, func(tx *db.Tx) error {
			rows := wordRows(tx)
			for i := range many {
				rows.Add(loneEdition, word(i), word(i), "")
				if i%3 == 0 {
					rows.Add(loneEdition, word(i)+"form", word(i), "")
				}
			}
			return rows.Flush(context.Background())
		})
		if err != nil {
			t.Fatal(err)
		}
		ask := func(q string, wide ...string) []int64 {
			t.Helper()
			got, err := s.Search(t.Context(), Request{Edition: loneEdition, Language: l, Query: Parse(l, q), Order: Newest, Now: now, Limit: many})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Wide, wide) {
				t.Errorf("%s: too wide are %q, want %q", q, got.Wide, wide)
			}
			return got.Articles
		}
		var all, others []int64
		for i := range many {
			if id := int64(i + 1); want[id] {
				all = append(all, id)
			} else {
				others = append(others, id)
			}
		}
		if got := ask("pre*", "pre"); !slices.Equal(got, all) {
			t.Errorf("pre* finds %d, want %d", len(got), len(all))
		}
		if got := ask("every -pre*", "pre"); !slices.Equal(got, others) {
			t.Errorf("without pre* %d are found, want %d", len(got), len(others))
		}
		if got := ask("preaa*"); len(got) != 100 {
			t.Errorf("preaa* finds %d", len(got))
		}
		if got := ask(`"preab* every" "preaa* every"`); len(got) != 0 { // a star inside a phrase is none
			t.Errorf("%d are found", len(got))
		}
		// Several beginnings share what a query may cost.
		if got := ask("pre* prea*", "pre", "prea"); len(got) != maxTerms/2 {
			t.Errorf("pre* prea* finds %d", len(got))
		}
	})
}
