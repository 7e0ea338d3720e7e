package search

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/stem"
)

// loneEdition is the edition of indexes without articles.
const loneEdition = 1

// storePart puts articles that nobody wrote into the index, as a part. Each of
// the words is its own term.
func storePart(t testing.TB, s *Store, list []*indexed, words ...string) {
	t.Helper()
	ctx := context.Background()
	err := s.d.Tx(ctx, db.Import, func(tx *db.Tx) error {
		docs := docRows(tx)
		for _, x := range list {
			docs.Add(x.doc, x.article, version, x.hash)
		}
		if err := docs.Flush(ctx); err != nil {
			return err
		}
		rows := wordRows(tx)
		for _, w := range words {
			rows.Add(loneEdition, w, w, "")
		}
		if err := rows.Flush(ctx); err != nil {
			return err
		}
		return s.write(ctx, tx, loneEdition, list)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// written is an article of which every word is looked at.
type written struct {
	article int64
	doc     int64
	gone    bool
	fields  []byte
	texts   [][]string // one for each field
}

// flags are what the index should say of a clause in an article; 0: it has not
// got it.
func (x *written) flags(c Clause) byte {
	last := len(c.Words) - 1
	meets := func(i int, term string) bool {
		return term == c.Words[i] || c.Prefix && i == last && strings.HasPrefix(term, c.Words[i])
	}
	if last == 0 {
		fields, times := byte(0), map[string]int{}
		for i, text := range x.texts {
			for _, term := range text {
				if meets(0, term) {
					fields |= x.fields[i]
					times[term]++
				}
			}
		}
		n := 0
		for _, k := range times {
			n += min(k, 15)
		}
		return fields | byte(min(n, 15))<<4
	}
	fields, found := byte(15), 0
	for k := range c.Words {
		here := byte(0)
		for i, text := range x.texts {
			if slices.ContainsFunc(text, func(term string) bool { return meets(k, term) }) {
				here |= x.fields[i]
			}
		}
		fields &= here
	}
	if fields == 0 {
		return 0
	}
	for _, text := range x.texts {
		for i := range max(len(text)-last, 0) {
			k := 0
			for k <= last && meets(k, text[i+k]) {
				k++
			}
			if k > last {
				found++
			}
		}
	}
	if found == 0 {
		return 0
	}
	return fields | byte(min(found, 15))<<4
}

// scan finds what a search for the request should: all of it, and each one's score.
func scan(docs []*written, r Request, low, high int64) (ids []int64, scores map[int64]float64) {
	scores = map[int64]float64{}
next:
	for _, x := range docs {
		if x.gone || x.doc < low || x.doc > high {
			continue
		}
		sum := 0.0
		for _, c := range r.Query.All {
			f := x.flags(c)
			if f == 0 {
				continue next
			}
			n := float64(f >> 4)
			sum += 1 + 1.5*n/(n+4)
			switch {
			case f&inHeadline != 0:
				sum += 8
			case f&inHead != 0:
				sum += 4
			case f&inLead != 0:
				sum += 2
			}
		}
		for _, c := range r.Query.Without {
			if x.flags(c) != 0 {
				continue next
			}
		}
		ids = append(ids, x.article)
		years := r.Now.Sub(instantOf(x.doc)).Hours() / (24 * 365)
		scores[x.article] = sum/float64(len(r.Query.All)) + 2/(1+years)
	}
	return ids, scores
}

// TestPhrasesAgainstScan compares what is found, and in which order, with what
// looking at every word of every article finds: texts of few words, so that
// phrases are common and rare, long ones among them, in several parts that lie
// across one another in time, before and after they are merged.
func TestPhrasesAgainstScan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const many = 16_000 // more than are counted
		ctx := context.Background()
		s := &Store{d: d}
		rng := rand.New(rand.NewPCG(5, 1))
		words := strings.Fields("aa ab ac ad ba bb bc ca cb da")
		word := func() string {
			switch rng.IntN(20_000) {
			case 0:
				return "rarest" // in some of a term's rows only
			case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10:
				return "rare"
			}
			f := rng.Float64()
			return words[int(f*f*f*float64(len(words)))]
		}
		now := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
		var docs []*written
		byPart := make([][]*indexed, 5)
		for i := range many {
			at := now.Add(-time.Duration(i) * 7 * time.Hour)
			x := &written{article: int64(i + 1)}
			x.doc = placeOf(loneEdition, x.article, at)
			docs = append(docs, x)
			ta := newTally(loneEdition, &s.seen)
			place := uint32(1)
			put := func(n int, field byte) {
				text := make([]string, n)
				for k := range text {
					text[k] = word()
					ta.put(text[k], field, place)
					place++
				}
				x.fields, x.texts = append(x.fields, field), append(x.texts, text)
			}
			put(rng.IntN(3), inHeadline)
			place += gap
			put(rng.IntN(3), inHead)
			place = bodyAt
			put(1+rng.IntN(4), inLead)
			place++
			if i%3000 == 77 {
				put(9000+rng.IntN(3000), inBody) // farther than there are marks
			} else {
				put(rng.IntN(12), inBody)
			}
			// Later parts have newer articles, as a rule.
			part := min(max(int(float64(len(byPart))*(1-float64(i)/many)+3*rng.Float64()-1.5), 0), len(byPart)-1)
			byPart[part] = append(byPart[part], &indexed{article: x.article, edition: loneEdition, from: at, doc: x.doc, terms: ta.pack(nil)})
			tallies.Put(ta)
		}
		for _, list := range byPart {
			storePart(t, s, list, append(words, "rare", "rarest")...)
		}
		err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			gone := map[int64]kept{}
			for _, x := range docs {
				if x.gone = rng.IntN(50) == 0; x.gone {
					gone[x.article] = kept{doc: x.doc}
				}
			}
			return drop(ctx, tx, gone)
		})
		if err != nil {
			t.Fatal(err)
		}
		clause := func() Clause {
			var c Clause
			for range 1 + rng.IntN(4) {
				switch w := rng.IntN(16); w {
				case 0:
					c.Words = append(c.Words, "rare")
				case 1:
					c.Words = append(c.Words, "rarest")
				default:
					c.Words = append(c.Words, word())
				}
			}
			if rng.IntN(6) == 0 {
				c.Words[len(c.Words)-1], c.Prefix = string(word()[0]), true
			}
			return c
		}
		check := func(n int) {
			t.Helper()
			for i := range n {
				r := Request{Edition: loneEdition, Language: stem.Of("tlh"), Now: now, Limit: many}
				if i < 2 { // in more articles than are counted
					r.Query.All = []Clause{{Words: []string{"aa", "aa"}[i:]}}
				}
				for range (1 + rng.IntN(2)) * min(i/2, 1) {
					r.Query.All = append(r.Query.All, clause())
				}
				for range rng.IntN(2) * min(i/2, 1) {
					r.Query.Without = append(r.Query.Without, clause())
				}
				low, high := second(loneEdition, -epoch), second(loneEdition, now.Unix())+slots-1
				if i >= 2 && rng.IntN(3) == 0 {
					r.From = now.Add(-time.Duration(rng.IntN(many)|15) * 7 * time.Hour) // where one has the second's first place
					low = second(loneEdition, r.From.Unix())
				}
				if i >= 2 && rng.IntN(3) == 0 {
					r.Until = now.Add(-time.Duration(rng.IntN(many/3)|15) * 7 * time.Hour)
					high = second(loneEdition, r.Until.Unix()) - 1
				}
				all, scores := scan(docs, r, low, high)
				for _, order := range []Order{Newest, Best} {
					r.Order = order
					got, err := s.Search(ctx, r)
					if err != nil {
						t.Fatal(err)
					}
					want := all[:min(len(all), MaxCount)]
					if order == Best {
						want = slices.Clone(want[:min(len(want), MaxCandidates)])
						slices.SortStableFunc(want, func(a, b int64) int { return cmp.Compare(scores[b], scores[a]) })
					}
					asked := fmt.Sprintf("%v without %v from %v until %v, order %d", r.Query.All, r.Query.Without, r.From, r.Until, order)
					if i < 2 && len(all) <= MaxCount {
						t.Fatalf("%s: %d articles are too few", asked, len(all))
					}
					if got.Total != min(len(all), MaxCount) || got.More != (len(all) > MaxCount) {
						t.Fatalf("%s: %d found, more %v, want %d", asked, got.Total, got.More, len(all))
					}
					if !slices.Equal(got.Articles, want) {
						for i, id := range want {
							if i >= len(got.Articles) || got.Articles[i] != id {
								t.Fatalf("%s: differs from the %d-th of %d on", asked, i, len(want))
							}
						}
						t.Fatalf("%s: %d given, want %d", asked, len(got.Articles), len(want))
					}
				}
			}
		}
		check(40)
		parts, err := liveParts(ctx, d, loneEdition)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.merge(ctx, s.upkeep(), loneEdition, parts[1:4]); err != nil {
			t.Fatal(err)
		}
		check(40)
	})
}
