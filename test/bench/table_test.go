//go:build bench

package bench

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"dateline/test/fixtures"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == bareArg {
		bare(os.Args[2], os.Args[3])
		return
	}
	if len(os.Args) > 1 && os.Args[1] == countArg {
		count()
	}
	status := fixtures.Main(m)
	if table.print() && os.Getenv("BENCH_STRICT") != "" {
		status = 1
	}
	os.Exit(status)
}

// figure is a line of the table at the end.
type figure struct {
	what, value, aim string
	missed           bool
}

type figures struct {
	mu   sync.Mutex
	list []figure
}

var table figures

// add notes a figure; good says whether it is what is aimed at. A figure measured
// again replaces the one before.
func (f *figures) add(what, value, aim string, good bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.list {
		if f.list[i].what == what {
			f.list[i] = figure{what, value, aim, !good}
			return
		}
	}
	f.list = append(f.list, figure{what, value, aim, !good})
}

// print writes the table and tells whether something was missed.
func (f *figures) print() (missed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == 0 {
		return false
	}
	fmt.Printf("\n%d processors, %s\n", runtime.NumCPU(), runtime.Version())
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "what\tmeasured\taim\t")
	for _, l := range f.list {
		word := "ok"
		switch {
		case l.aim == "":
			word = ""
		case l.missed:
			word, missed = "MISSED", true
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", l.what, l.value, l.aim, word)
	}
	w.Flush()
	return missed
}

// env reads a number, with k, M, MB or GB behind it if need be.
func env(b *testing.B, name string, otherwise int64) int64 {
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	unit := int64(1)
	for _, u := range []struct {
		name string
		n    int64
	}{{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"M", 1e6}, {"k", 1e3}} {
		if rest, ok := strings.CutSuffix(s, u.name); ok {
			s, unit = rest, u.n
			break
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		b.Fatalf("%s=%s is no number", name, os.Getenv(name))
	}
	return n * unit
}

// quantile gives the q-th part of 1 of times, which it sorts.
func quantile(times []time.Duration, q float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[min(int(q*float64(len(times))), len(times)-1)]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond)) }

func us(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// client keeps n connections and follows nothing.
func client(n int) *http.Client {
	return &http.Client{Timeout: 30 * time.Second,
		Transport: &http.Transport{MaxIdleConns: n, MaxIdleConnsPerHost: n, DisableCompression: true,
			DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
