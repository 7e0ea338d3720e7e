//go:build bench

package bench

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/test/fixtures"
	"dateline/test/gen"
)

// rate is how many cached pages a second are asked for beside an import: about
// what a large newsroom has, and far from what the machine can.
const rate = 50

// articlesOfToday is how many are looked for on the front page.
const articlesOfToday = 5

// BenchmarkImportWhileServing: what readers feel of an import, and how soon the
// front page shows what it brought.
func BenchmarkImportWhileServing(b *testing.B) {
	posts := int(env(b, "BENCH_POSTS", 20_000))
	first, _ := archive(b, gen.Options{Posts: 1000, Plain: true, Seed: 3})
	second, _ := archive(b, gen.Options{Posts: posts, Plain: true, Seed: 4, FirstID: 1_000_000})
	var third []string
	for n := range articlesOfToday + 1 {
		file, _ := archive(b, gen.Options{Posts: posts / 10, Plain: true, Seed: 5 + uint64(n), FirstID: 2_000_000 + n*100_000})
		third = append(third, file)
	}
	engines(b, func(b *testing.B, fresh func() *fixtures.Store) {
		for b.Loop() {
			importWhileServing(b, fresh(), first, second, third)
		}
	})
}

func importWhileServing(b *testing.B, s *fixtures.Store, first, second string, third []string) {
	engine := filepath.Base(b.Name())
	bring(b, s, first)
	d := s.Open(b)
	var paths []string
	for _, p := range fixtures.Strings(b, d, "SELECT path FROM article WHERE state = 'approved' ORDER BY id LIMIT 20") {
		paths = append(paths, "/"+p)
	}
	server := s.Serve(b, "/")
	for _, p := range paths {
		status(b, server.Base+p)
	}
	idle := steady(server.Base, paths, func(stop func()) { time.Sleep(16 * time.Second); stop() })

	counting := steady(server.Base, paths, func(stop func()) { beside(b, 16*time.Second, stop) })

	var took time.Duration
	busy := steady(server.Base, paths, func(stop func()) {
		defer stop()
		began := time.Now()
		if err := <-background(b, s, second); err != nil {
			b.Errorf("the import: %v", err)
		}
		took = time.Since(began)
	})

	// Another import meets articles of today between its files. It is another one
	// because looking for them disturbs readers more than the import does.
	slugs, files := mixed(b, third)
	done := background(b, s, files...)
	var fresh []time.Duration
	for _, slug := range slugs {
		fresh = append(fresh, shown(b, d, server.Base, slug))
	}
	if err := <-done; err != nil {
		b.Errorf("the import: %v", err)
	}
	p, q, n := quantile(idle.times, 0.99), quantile(busy.times, 0.99), quantile(counting.times, 0.99)
	if p == 0 || q == 0 || n == 0 || idle.failed+busy.failed+counting.failed > 0 {
		b.Fatalf("%d and %d pages, %d and %d failed", len(idle.times), len(busy.times), idle.failed, busy.failed)
	}
	ratio, longest := float64(q)/float64(p), quantile(fresh, 1)
	b.ReportMetric(ratio, "p99-ratio")
	b.ReportMetric(us(quantile(idle.times, 0.5)), "µs-p50-idle")
	b.ReportMetric(us(quantile(busy.times, 0.5)), "µs-p50-import")
	b.ReportMetric(us(p), "µs-p99-idle")
	b.ReportMetric(us(q), "µs-p99-import")
	b.ReportMetric(longest.Seconds(), "s-to-front")
	table.add("p99 of cached pages beside an import, "+engine,
		fmt.Sprintf("%.2f × (%s; idle %s; %d pages in %.0f s)", ratio, ms(q), ms(p), len(busy.times), took.Seconds()), "≤ 1.5 ×", ratio <= 1.5)
	table.add("the same beside a program that counts half the time, "+engine,
		fmt.Sprintf("%.2f × (%s); p95 %s beside it, %s beside the import, %s idle", float64(n)/float64(p), ms(n), ms(quantile(counting.times, 0.95)),
			ms(quantile(busy.times, 0.95)), ms(quantile(idle.times, 0.95))), "", true)
	table.add("a new article is on the front page beside an import after, "+engine, fmt.Sprintf("%.2f s at most", longest.Seconds()), "≤ 2 s", longest <= 2*time.Second)
}

// measured are pages asked for at a steady rate.
type measured struct {
	times  []time.Duration
	failed int
}

// steady asks for pages at the rate until during calls stop. A page's time runs
// from when it was due, so that a server that stands still is not let off.
func steady(base string, paths []string, during func(stop func())) measured {
	c := client(64)
	defer c.CloseIdleConnections()
	var (
		mu    sync.Mutex
		out   measured
		ended atomic.Bool
		group sync.WaitGroup
	)
	go during(func() { ended.Store(true) })
	began := time.Now()
	for n := 0; !ended.Load() && time.Since(began) < 30*time.Minute; n++ {
		due := began.Add(time.Duration(n) * time.Second / rate)
		time.Sleep(time.Until(due))
		group.Go(func() {
			code, err := get(c, base+paths[n%len(paths)])
			took := time.Since(due)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || code != http.StatusOK {
				out.failed++
				return
			}
			out.times = append(out.times, took)
		})
	}
	group.Wait()
	return out
}

func get(c *http.Client, url string) (int, error) {
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	w, err := c.Do(r)
	if err != nil {
		return 0, err
	}
	defer w.Body.Close()
	_, err = io.Copy(io.Discard, w.Body)
	return w.StatusCode, err
}

func status(b *testing.B, url string) {
	c := client(1)
	defer c.CloseIdleConnections()
	if code, err := get(c, url); err != nil || code != http.StatusOK {
		b.Fatalf("%s: %d %v", url, code, err)
	}
}

// background begins an import and gives a channel that tells how it ended.
func background(b *testing.B, s *fixtures.Store, files ...string) <-chan error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Minute)
	cmd := s.ImportCommand(ctx, b, filepath.Join(b.TempDir(), "report.json"), files)
	var said bytes.Buffer
	cmd.Stderr = &said
	done := make(chan error, 1)
	if err := cmd.Start(); err != nil {
		cancel()
		done <- err
		return done
	}
	go func() {
		defer cancel()
		err := cmd.Wait()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, said.Bytes())
		}
		done <- err
	}()
	return done
}

// mixed puts files of one article of the present between others.
func mixed(b *testing.B, others []string) (slugs, files []string) {
	folder := b.TempDir()
	for n, other := range others {
		if files = append(files, other); n == len(others)-1 {
			break
		}
		now := time.Now().UTC().Add(time.Duration(n-len(others)) * time.Second)
		slug := fmt.Sprintf("of-today-%d-%d", n, now.UnixNano())
		path := filepath.Join(folder, slug+".xml")
		if err := os.WriteFile(path, fmt.Appendf(nil, todays, 9_000_000+n, slug, now.Format(time.DateTime), now.Format("2006/01/02")), 0o600); err != nil {
			b.Fatal(err)
		}
		slugs, files = append(slugs, slug), append(files, path)
	}
	return slugs, files
}

// shown gives the time from when an article stands in the database until it
// stands on the front page.
func shown(b *testing.B, d *sql.DB, base, slug string) time.Duration {
	wait(b, slug+" in the database", func() bool {
		return fixtures.Number(b, d, "SELECT count(*) FROM article WHERE slug = $1", slug) > 0
	})
	stored := time.Now()
	c := client(1)
	defer c.CloseIdleConnections()
	wait(b, slug+" on the front page", func() bool {
		w, err := c.Get(base + "/")
		if err != nil {
			b.Fatal(err)
		}
		defer w.Body.Close()
		page, err := io.ReadAll(w.Body)
		if err != nil {
			b.Fatal(err)
		}
		return strings.Contains(string(page), slug)
	})
	return time.Since(stored)
}

// wait asks again and again, for a minute.
func wait(b *testing.B, what string, ready func() bool) {
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(5 * time.Millisecond) {
		if ready() {
			return
		}
	}
	b.Fatalf("not %s after a minute", what)
}

// todays is an export of one post: id, slug, instant, day.
const todays = `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Old</title><link>https://old.example</link><language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>
<item><title>%[2]s</title><link>https://old.example/%[4]s/%[2]s/</link><dc:creator>author1</dc:creator>
<guid isPermaLink="false">https://old.example/?p=%[1]d</guid><content:encoded><![CDATA[It happened just now.]]></content:encoded>
<excerpt:encoded></excerpt:encoded><wp:post_id>%[1]d</wp:post_id><wp:post_date>%[3]s</wp:post_date><wp:post_date_gmt>%[3]s</wp:post_date_gmt>
<wp:comment_status>open</wp:comment_status><wp:post_name>%[2]s</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>
</channel></rss>
`
