//go:build bench

package bench

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/test/fixtures"
)

const (
	rounds  = 15  // of each server in turn; the median of their ratios counts, as a round in which the machine had something else to do says nothing
	readers = 256 // at once; each waits for its answer. With fewer the server idles while a commit gathers views
	// and what is measured is what the machine takes to wake a processor: a bare handler that only waits 25 ms
	// costs 49 µs instead of 28 with 64 readers, and 49 instead of 45 with 256.
	perTurn = 6400 // pages of a round
)

// BenchmarkCachedPage: processor time of the server for a cached article page as
// gzip, against a bare net/http handler in a process of its own that writes the
// same bytes and the same headers, in turns.
//
// The main figure counts views: each page is followed by its beacon, from an
// address of its own, so each one is stored; the bare server answers beacons 204
// without looking. The second has no beacons. The third holds page and beacon
// against the bare server's page alone.
func BenchmarkCachedPage(b *testing.B) {
	fixtures.Binary(b)
	path, _ := archive(b, ordinary(2000))
	engines(b, func(b *testing.B, fresh func() *fixtures.Store) {
		engine := filepath.Base(b.Name())
		s := fresh()
		bring(b, s, path)
		d := s.Open(b)
		article := "/" + fixtures.Strings(b, d, "SELECT path FROM article WHERE state = 'approved' AND words BETWEEN 650 AND 750 ORDER BY id LIMIT 1")[0]
		id := fixtures.Strings(b, d, "SELECT CAST(id AS TEXT) FROM article WHERE path = $1", article[1:])[0]
		ours := s.Serve(b, article, "--proxy", "127.0.0.0/8")
		plain := startBare(b, ours.Base, article)
		var person atomic.Uint32
		for b.Loop() {
			var with, without [2][]float64
			for _, server := range []*fixtures.Server{ours, plain} { // warm
				turn(b, server, article, id, &person, perTurn/4)
				turn(b, server, article, "", &person, perTurn/4)
			}
			before := fixtures.Number(b, d, "SELECT sum(counted) FROM view_total")
			for range rounds {
				for i, server := range []*fixtures.Server{ours, plain} {
					with[i] = append(with[i], us(turn(b, server, article, id, &person, perTurn)))
					without[i] = append(without[i], us(turn(b, server, article, "", &person, 2*perTurn)))
				}
			}
			if n := fixtures.Number(b, d, "SELECT sum(counted) FROM view_total") - before; n != rounds*perTurn {
				b.Errorf("%d beacons were answered 204, %d reads were stored", rounds*perTurn, n)
			}
			counted, quiet := middle(with), middle(without)
			against := mean(with[0]) / mean(without[1])
			b.ReportMetric(counted, "ratio")
			b.ReportMetric(quiet, "ratio-no-views")
			b.ReportMetric(mean(with[0]), "µs-CPU/page+beacon")
			b.ReportMetric(mean(with[1]), "µs-CPU/bare-page+204")
			b.ReportMetric(mean(without[0]), "µs-CPU/page")
			b.ReportMetric(mean(without[1]), "µs-CPU/bare-page")
			table.add("CPU of a cached page and its counted view against bare page and 204, "+engine,
				fmt.Sprintf("%.2f × (%.1f µs; bare %.1f; rounds %s)", counted, mean(with[0]), mean(with[1]), spread(with)), "≤ 1.3 ×", counted <= 1.3)
			table.add("the same without beacons, "+engine,
				fmt.Sprintf("%.2f × (%.1f µs; bare %.1f; rounds %s)", quiet, mean(without[0]), mean(without[1]), spread(without)), "≤ 1.3 ×", quiet <= 1.3)
			table.add("page and counted view against the bare page alone, "+engine, fmt.Sprintf("%.2f ×", against), "", true)
		}
	})
}

// ratios are those of the rounds, the least first.
func ratios(list [2][]float64) (out []float64) {
	for i := range list[0] {
		out = append(out, list[0][i]/list[1][i])
	}
	slices.Sort(out)
	return out
}

// middle is the median of the rounds' ratios.
func middle(list [2][]float64) float64 { return ratios(list)[len(list[0])/2] }

// spread gives the least and the largest ratio of a round.
func spread(list [2][]float64) string {
	ratios := ratios(list)
	return fmt.Sprintf("%.2f to %.2f", slices.Min(ratios), slices.Max(ratios))
}

func mean(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// turn asks for the page n times, each time followed by a beacon if id is not
// empty, and gives the server's processor time for one.
func turn(b *testing.B, server *fixtures.Server, page, id string, person *atomic.Uint32, n int) time.Duration {
	b.Helper()
	c := client(readers)
	defer c.CloseIdleConnections()
	var left, failed atomic.Int64
	left.Store(int64(n))
	var group sync.WaitGroup
	before := server.CPU(b)
	for range readers {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				if code, err := get(c, server.Base+page); err != nil || code != http.StatusOK {
					failed.Add(1)
				}
				if id != "" && !beacon(c, server.Base, id, person.Add(1)) {
					failed.Add(1)
				}
			}
		})
	}
	group.Wait()
	used := server.CPU(b) - before
	if k := failed.Load(); k > 0 {
		b.Fatalf("%d of %d requests failed", k, n)
	}
	return used / time.Duration(n)
}

func beacon(c *http.Client, base, id string, person uint32) bool {
	r, err := http.NewRequest("POST", base+"/-/views/"+id, nil)
	if err != nil {
		return false
	}
	r.Header.Set("X-Forwarded-For", netip.AddrFrom4([4]byte{10, byte(person >> 16), byte(person >> 8), byte(person)}).String())
	r.Header.Set("User-Agent", fixtures.Browser)
	r.Header.Set("Origin", base)
	w, err := c.Do(r)
	if err != nil {
		return false
	}
	defer w.Body.Close()
	_, err = io.Copy(io.Discard, w.Body)
	return err == nil && w.StatusCode == http.StatusNoContent
}
