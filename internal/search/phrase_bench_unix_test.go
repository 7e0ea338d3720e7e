//go:build unix

package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/stem"
)

// wordOf draws words of 700 a text as test/gen does: the n-th of 430 has a share
// of 1/(n+3), one in twelve is a name.
func wordOf() func(rng *rand.Rand) string {
	const words, names, places = 430, 5000, 4096
	var table [places]string
	sum, at := 0.0, 0.0
	for i := range words {
		sum += 1 / float64(i+3)
	}
	for i := range words {
		next := at + places/float64(i+3)/sum
		for k := int(at); k < int(next); k++ {
			table[k] = fmt.Sprintf("w%d", i)
		}
		at = next
	}
	rare := make([]string, names)
	for i := range rare {
		rare[i] = fmt.Sprintf("name%d", i)
	}
	return func(rng *rand.Rand) string {
		x := rng.Uint64()
		if x&0xfff < 0x155 {
			f := float64(x>>40) / (1 << 24)
			return rare[int(f*f*f*names)]
		}
		if w := table[x>>12&(places-1)]; w != "" {
			return w
		}
		return "w0"
	}
}

// generated makes an index of n articles of 25 years, without the articles.
func generated(b *testing.B, d *db.DB, n int) *Store {
	b.Helper()
	ctx := b.Context()
	s := &Store{d: d}
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	word := wordOf()
	step := 25 * 365 * 24 * time.Hour / time.Duration(n)
	at := time.Date(2001, 6, 30, 18, 0, 0, 0, time.UTC)
	for done := 0; done < n; {
		var list []*indexed
		for len(list) < 4096 && done < n {
			done++
			at = at.Add(step)
			t := newTally(loneEdition, &s.seen)
			place := uint32(1)
			put := func(words int, field byte) {
				for range words {
					t.put(word(rng), field, place)
					place++
				}
				place += gap
			}
			put(4+rng.IntN(6), inHeadline)
			put(12, inHead)
			place = bodyAt
			put(40, inLead)
			put(310+rng.IntN(701), inBody)
			list = append(list, &indexed{article: int64(done), edition: loneEdition, from: at, doc: placeOf(loneEdition, int64(done), at), terms: t.pack(nil)})
			tallies.Put(t)
		}
		storePart(b, s, list)
	}
	storeWords(b, s)
	if err := s.mergeAll(ctx, s.upkeep()); err != nil {
		b.Fatal(err)
	}
	return s
}

// storeWords puts the words of generated into the table of written ones, each in five
// forms.
func storeWords(b *testing.B, s *Store) {
	b.Helper()
	err := s.d.Tx(b.Context(), db.Import, func(tx *db.Tx) error {
		rows := wordRows(tx)
		for _, kind := range []struct {
			stem string
			n    int
		}{{"w", 430}, {"name", 5000}} {
			for i := range kind.n {
				for _, form := range []string{"", "a", "am", "ami", "ax"} {
					w := fmt.Sprint(kind.stem, i)
					rows.Add(loneEdition, w+form, w, "")
				}
			}
		}
		return rows.Flush(b.Context())
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkPhrases is the search, without its page, for phrases of common words
// on one processor: in one edition of a million articles in three languages, and
// in a million of one edition. The processor's time is told apart from the
// clock's, to which neighbours add; MB-grown is what the heap grew by.
func BenchmarkPhrases(b *testing.B) {
	for _, n := range []int{20_000, 333_000, 1_000_000} {
		b.Run(fmt.Sprintf("articles=%d", n), func(b *testing.B) {
			s := generated(b, dbtest.New(b), n)
			phrases(b, s)
		})
	}
}

func phrases(b *testing.B, s *Store) {
	asks := map[string]func(i int) string{
		"word":    func(i int) string { return fmt.Sprintf("w%d", i%20) },
		"both":    func(i int) string { return fmt.Sprintf("w%d w%d", i%20, (i*7+3)%20) },
		"phrase":  func(i int) string { return fmt.Sprintf(`"w%d w%d"`, i%20, (i*5+1)%20) },
		"three":   func(i int) string { return fmt.Sprintf(`"w%d w%d w%d"`, i%20, (i*5+1)%20, (i*7+2)%20) },
		"without": func(i int) string { return fmt.Sprintf(`w%d -"w%d w%d"`, i%20, (i*5+1)%20, (i*7+2)%20) },
		"rarer":   func(i int) string { return fmt.Sprintf(`"w%d w%d"`, i%20, 100+(i*5+1)%20) },
	}
	timed(b, s, []string{"word", "both", "phrase", "three", "without", "rarer"}, asks)
}

// timed asks on one processor and tells how long it took.
func timed(b *testing.B, s *Store, kinds []string, asks map[string]func(i int) string) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	now := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	ask := func(b *testing.B, q string) (Result, time.Duration) {
		l := stem.Of("tlh")
		began := time.Now()
		r, err := s.Search(context.Background(), Request{Edition: loneEdition, Language: l, Query: Parse(l, q), Now: now, Limit: 20})
		if err != nil {
			b.Fatal(err)
		}
		return r, time.Since(began)
	}
	for _, kind := range kinds {
		b.Run(kind, func(b *testing.B) {
			found := 0
			for i := range 20 {
				r, _ := ask(b, asks[kind](i))
				found += r.Total
			}
			times, cpu := make([]time.Duration, 0, 4000), make([]time.Duration, 0, 4000)
			before := held()
			for b.Loop() {
				for i := range 40 {
					began := worked()
					_, took := ask(b, asks[kind](i))
					times, cpu = append(times, took), append(cpu, worked()-began)
				}
			}
			b.ReportMetric((held()-before)/1e6, "MB-grown")
			for _, list := range []struct {
				of   string
				list []time.Duration
			}{{"", times}, {"-CPU", cpu}} {
				slices.Sort(list.list)
				b.ReportMetric(float64(list.list[len(list.list)/2])/1e6, "ms-median"+list.of)
				b.ReportMetric(float64(list.list[len(list.list)*95/100])/1e6, "ms-p95"+list.of)
			}
			b.ReportMetric(float64(found)/20, "found")
		})
	}
}

// worked is the processor time of the process, which neighbours do not add to.
func worked() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// held is the heap in bytes, without what nobody holds.
func held() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
