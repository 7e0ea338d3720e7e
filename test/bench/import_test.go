//go:build bench

package bench

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"dateline/test/fixtures"
	"dateline/test/gen"
)

// mb is a million bytes.
const mb = 1e6

// peakAim is what an import may hold in memory.
const peakAim = 150 * mb

var made sync.Map // gen.Options as text → path

// archive makes an export once in a run and gives its path.
func archive(b *testing.B, o gen.Options) (string, gen.Stats) {
	b.Helper()
	type result struct {
		path  string
		stats gen.Stats
	}
	key := fmt.Sprintf("%+v", o)
	if r, ok := made.Load(key); ok {
		return r.(result).path, r.(result).stats
	}
	f, err := os.CreateTemp(fixtures.Scratch(b), "export-*.xml")
	if err != nil {
		b.Fatal(err)
	}
	out := bufio.NewWriterSize(f, 1<<20)
	stats, err := gen.Write(out, o)
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	made.Store(key, result{f.Name(), stats})
	return f.Name(), stats
}

// ordinary are posts as DECISIONS.md calls them so: 700 words, three sections,
// three tags, no picture.
func ordinary(posts int) gen.Options { return gen.Options{Posts: posts, Plain: true, Seed: 1} }

func engines(b *testing.B, f func(b *testing.B, fresh func() *fixtures.Store)) {
	b.Run("sqlite", func(b *testing.B) { f(b, func() *fixtures.Store { return fixtures.SQLite(b) }) })
	b.Run("postgres", func(b *testing.B) { f(b, func() *fixtures.Store { return fixtures.Postgres(b) }) })
}

// bring imports and fails if it fails.
func bring(b *testing.B, s *fixtures.Store, files ...string) fixtures.Imported {
	b.Helper()
	got := s.Import(b, files)
	if got.Exit != 0 {
		b.Fatalf("exit %d: %s", got.Exit, got.Said)
	}
	return got
}

// BenchmarkImport: BENCH_POSTS ordinary posts, 20,000 without it, process start
// and report included.
func BenchmarkImport(b *testing.B) {
	fixtures.Binary(b)
	path, stats := archive(b, ordinary(int(env(b, "BENCH_POSTS", 20_000))))
	engines(b, func(b *testing.B, fresh func() *fixtures.Store) {
		var took, cpu float64
		var peak int64
		n := 0
		for b.Loop() {
			s := fresh()
			got := bring(b, s, path)
			if got.Report.Taken.Articles.All() != stats.Posts {
				b.Fatalf("%d articles of %d posts", got.Report.Taken.Articles.All(), stats.Posts)
			}
			took, cpu, peak = took+got.Took.Seconds(), cpu+got.CPU.Seconds(), max(peak, got.Peak)
			n++
		}
		rate := float64(n*stats.Posts) / took
		b.ReportMetric(rate, "posts/s")
		b.ReportMetric(float64(peak)/mb, "MB-peak")
		b.ReportMetric(cpu/float64(n*stats.Posts)*1e6, "µs-CPU/post")
		aim := 1500.0
		engine := filepath.Base(b.Name())
		if engine == "postgres" {
			aim = 1000
		}
		table.add("import of ordinary posts, "+engine, fmt.Sprintf("%.0f posts/s", rate), fmt.Sprintf("≥ %.0f", aim), rate >= aim)
		table.add("its memory, "+engine, fmt.Sprintf("%.0f MB", float64(peak)/mb), "< 150 MB", peak < peakAim)
	})
}

// BenchmarkImportBig: a file of BENCH_BIG bytes, 1GB without it, into SQLite, with
// comments and pictures' items.
func BenchmarkImportBig(b *testing.B) {
	fixtures.Binary(b)
	path, stats := archive(b, gen.Options{Size: env(b, "BENCH_BIG", 1e9), Langs: []string{"en", "ru", "kk"}, Comments: 2, Attachments: true, Seed: 2})
	defer os.Remove(path)
	var got fixtures.Imported
	for b.Loop() {
		got = bring(b, fixtures.SQLite(b), path)
	}
	b.ReportMetric(float64(got.Peak)/mb, "MB-peak")
	b.ReportMetric(float64(stats.Posts)/got.Took.Seconds(), "posts/s")
	table.add(fmt.Sprintf("memory for a file of %.2f GB (%d posts)", float64(stats.Bytes)/1e9, stats.Posts),
		fmt.Sprintf("%.0f MB", float64(got.Peak)/mb), "< 150 MB", got.Peak < peakAim)
}
