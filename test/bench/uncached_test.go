//go:build bench

package bench

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"dateline/internal/app"
	"dateline/test/fixtures"
	"dateline/test/gen"
)

// BenchmarkUncachedPage: each of many article pages asked for once, on a server
// that has just started; rendered, compressed and sent.
func BenchmarkUncachedPage(b *testing.B) {
	fixtures.Binary(b)
	path, _ := archive(b, ordinary(5000))
	engines(b, func(b *testing.B, fresh func() *fixtures.Store) {
		s := fresh()
		bring(b, s, path)
		paths := fixtures.Strings(b, s.Open(b), "SELECT path FROM article WHERE state = 'approved' ORDER BY path LIMIT 2000")
		for b.Loop() {
			server := s.Serve(b, "/privacy")
			c := client(1)
			var times []time.Duration
			before := server.CPU(b)
			for i, p := range paths {
				began := time.Now()
				if code, err := get(c, server.Base+"/"+p); err != nil || code != http.StatusOK {
					b.Fatalf("/%s: %d %v", p, code, err)
				}
				if i >= 100 { // the first ones warm what a process has
					times = append(times, time.Since(began))
				}
			}
			cpu := (server.CPU(b) - before) / time.Duration(len(paths))
			c.CloseIdleConnections()
			server.Stop()
			half, slow := quantile(times, 0.5), quantile(times, 0.99)
			b.ReportMetric(us(half)/1000, "ms-median")
			b.ReportMetric(us(slow)/1000, "ms-p99")
			b.ReportMetric(us(cpu)/1000, "ms-CPU/page")
			table.add("an article page that is not in the cache, "+filepath.Base(b.Name()),
				fmt.Sprintf("%s median, %s p99, %s CPU", ms(half), ms(slow), ms(cpu)), "", true)
		}
	})
}

// perYear is the density of the archives that are compared.
const perYear = 10_000

// longest is the most years that a generated archive spans.
const longest = 25

// BenchmarkScale: what archive, section and article pages and searches cost, uncached, in a
// small archive and in a large one: 10,000 articles of one year, and
// BENCH_MILLION (100,000 without it) of as many years as give the same density,
// 25 at most; a million articles are therefore four times as dense. The import
// of a million takes most of an hour: BENCH_ARCHIVE names a data folder that holds
// such an archive already (SQLite), then BENCH_MILLION only says how many those are.
func BenchmarkScale(b *testing.B) {
	fixtures.Binary(b)
	many := int(env(b, "BENCH_MILLION", 100_000))
	engines(b, func(b *testing.B, fresh func() *fixtures.Store) {
		small, large := fresh(), fresh()
		fill(b, small, perYear)
		if kept := os.Getenv("BENCH_ARCHIVE"); kept != "" && large.Engine == "sqlite" {
			large.Data = kept
		} else {
			fill(b, large, many)
		}
		for b.Loop() {
			scale(b, small, large, many)
		}
	})
}

// fill imports an archive in three languages.
func fill(b *testing.B, s *fixtures.Store, posts int) {
	path, _ := archive(b, gen.Options{Posts: posts, Langs: []string{"en", "ru", "kk"}, SpanYears: min(max(1, posts/perYear), longest), Plain: true, Seed: 5})
	got := bring(b, s, path)
	b.Logf("%d posts in %.0f s, %.0f MB at most", posts, got.Took.Seconds(), float64(got.Peak)/mb)
}

// pages are what is compared, by kind: the same number of each in both archives.
const pages = 60

func scale(b *testing.B, small, large *fixtures.Store, many int) {
	engine := filepath.Base(b.Name())
	houses := [2]*house{open(b, small), open(b, large)}
	for _, kind := range []string{"month", "section", "article"} {
		lists := [2][]string{houses[0].paths(b, kind), houses[1].paths(b, kind)}
		var times [2][]time.Duration
		for turn := range 6 {
			for i := range pages {
				for k, h := range houses { // in turns, so that what disturbs disturbs both
					took := h.cold(b, lists[k][i%len(lists[k])])
					if turn > 0 {
						times[k] = append(times[k], took)
					}
				}
			}
		}
		a, z := quantile(times[0], 0.5), quantile(times[1], 0.5)
		ratio := float64(z) / float64(a)
		b.Logf("%s: %.2f × (%s; %s)", kind, ratio, ms(z), ms(a))
		b.ReportMetric(ratio, kind+"-ratio")
		b.ReportMetric(us(z)/1000, "ms-"+kind)
		table.add(fmt.Sprintf("%s page, uncached, %d articles against %d, %s", kind, many, perYear, engine),
			fmt.Sprintf("%.2f × (%s; %s)", ratio, ms(z), ms(a)), "≤ 1.5 ×", ratio <= 1.5)
	}
	searches(b, houses[1], many)
}

// house is the program without its socket, so that its cache can be emptied
// between two pages.
type house struct {
	app     *app.App
	handler http.Handler
	db      *sql.DB
}

func open(b *testing.B, s *fixtures.Store) *house {
	a, err := app.Open(context.Background(), app.Config{Data: s.Data, Database: s.URL, BaseURL: "http://bench.test",
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { a.Close() })
	if err := a.Public(); err != nil {
		b.Fatal(err)
	}
	return &house{a, a.Handler(), s.Open(b)}
}

// cold is the time of a page that is in no cache of ours.
func (h *house) cold(b *testing.B, path string) time.Duration {
	h.app.Cache.PurgeAll()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	began := time.Now()
	h.handler.ServeHTTP(w, r)
	took := time.Since(began)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d", path, w.Code)
	}
	return took
}

// paths gives pages of a kind, spread over the archive and its languages.
func (h *house) paths(b *testing.B, kind string) []string {
	prefix := "CASE WHEN e.id = p.default_edition_id THEN '/' ELSE '/' || e.lang || '/' END"
	from := " JOIN edition e ON e.id = x.edition_id JOIN publication p ON p.id = e.publication_id"
	var query string
	switch kind {
	case "month":
		// A day is YYYYMMDD; the archive's address YYYY/MM/.
		query = "SELECT DISTINCT " + prefix + " || CAST(x.day / 10000 AS TEXT) || '/' || substr(CAST(x.day AS TEXT), 5, 2) || '/' FROM listing_day x" + from
	case "section":
		query = "SELECT " + prefix + " || x.path FROM address x" + from + " JOIN topic t ON t.id = x.ref_id" +
			" JOIN topic_name n ON n.topic_id = t.id AND n.lang = e.lang WHERE x.kind = 'topic' AND x.current AND t.kind = 'section'" +
			" AND EXISTS (SELECT 1 FROM listing l WHERE l.edition_id = x.edition_id AND l.kind = 1 AND l.ref_id = t.id)"
	case "article":
		query = "SELECT " + prefix + " || x.path FROM article x" + from + " WHERE x.state = 'approved' AND x.id % 97 = 0"
	}
	all := fixtures.Strings(b, h.db, query)
	if len(all) == 0 {
		b.Fatalf("no pages of kind %s", kind)
	}
	slices.Sort(all)
	step := math.Max(1, float64(len(all))/pages)
	var out []string
	for x := 0.0; int(x) < len(all) && len(out) < pages; x += step {
		out = append(out, all[int(x)])
	}
	return out
}
