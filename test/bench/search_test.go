//go:build bench

package bench

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"dateline/test/fixtures"
)

// searches: search pages on one processor, over an archive in three languages:
// words that nearly every article has, words that few have, and what is asked
// with them. The page is made whole; it is never kept. Then how much memory the
// searches needed.
func searches(b *testing.B, h *house, many int) {
	engine := filepath.Base(b.Name())
	began := time.Now()
	if err := h.app.Search.Maintain(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.Logf("merging took %s", time.Since(began).Round(time.Second))
	words := wordsBySize(b, h.db)
	n := len(words)
	common, rare := words[:20], words[n-n/4:]
	asks := map[string]func(i int) string{
		"a common word":     func(i int) string { return common[i%20] },
		"two common words":  func(i int) string { return common[i%20] + " " + common[(i*7+3)%20] },
		"a rare word":       func(i int) string { return rare[i*37%len(rare)] },
		"a common and rare": func(i int) string { return common[i%20] + " " + rare[i*41%len(rare)] },
		"a common phrase":   func(i int) string { return `"` + common[i%20] + " " + common[(i*5+1)%20] + `"` },
		"without a word":    func(i int) string { return common[i%20] + " -" + words[20+i%20] },
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, kind := range slices.Sorted(maps.Keys(asks)) {
		var times []time.Duration
		var before, after runtime.MemStats
		for turn := range 3 {
			if turn == 1 {
				runtime.GC()
				runtime.ReadMemStats(&before)
			}
			for i := range 40 {
				path := "/ru/search?q=" + url.QueryEscape(asks[kind](i))
				if i%2 == 1 {
					path = "/ru/search?order=newest&q=" + url.QueryEscape(asks[kind](i))
				}
				if took := h.cold(b, path); turn > 0 {
					times = append(times, took)
				}
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		p95 := quantile(times, 0.95)
		grown := (float64(after.HeapAlloc) - float64(before.HeapAlloc)) / mb
		b.Logf("%s: p95 %s, median %s", kind, ms(p95), ms(quantile(times, 0.5)))
		table.add(fmt.Sprintf("search for %s in %d articles, %s", kind, many, engine),
			fmt.Sprintf("%s p95, %s median, %+.1f MB", ms(p95), ms(quantile(times, 0.5)), grown), "< 100 ms", p95 < 100*time.Millisecond)
	}
}

// wordsBySize are words of the Russian edition as they were written, those in
// most articles first.
func wordsBySize(b *testing.B, d *sql.DB) []string {
	return fixtures.Strings(b, d, "SELECT w.word FROM search_word w JOIN (SELECT term, sum(length(posts)) AS n FROM search_post"+
		" WHERE part IN (SELECT p.id FROM search_part p JOIN edition e ON e.id = p.edition_id WHERE e.lang = 'ru' AND p.state = 'live') GROUP BY term) t ON t.term = w.term"+
		" WHERE w.edition_id = (SELECT id FROM edition WHERE lang = 'ru') ORDER BY t.n DESC, w.word")
}
