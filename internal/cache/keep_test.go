package cache

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline/internal/coding"
)

// checkBooks counts anew what the cache counts as it goes.
func checkBooks(t *testing.T, c *Cache) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	var bytes int64
	count, tagged := 0, 0
	for e := c.head; e != nil; e = e.next {
		bytes += e.size
		count++
		if c.shard(e.key).m[e.key] != e {
			t.Errorf("%s is in the list but not under its key", e.key)
		}
		for tag := range e.tags {
			if _, ok := c.byTag[tag][e]; !ok {
				t.Errorf("%s is not under its tag %s", e.key, tag)
			}
			tagged++
		}
		if e.next == nil && c.tail != e {
			t.Error("the tail is elsewhere")
		}
		sum := e.size
		if l := e.look.Load(); len(e.tokens) > 0 && l.variants[coding.Identity].Load() != nil {
			sum -= int64(len(l.variants[coding.Identity].Load().body))
		}
		for _, v := range []coding.Coding{coding.Gzip, coding.Brotli, coding.Zstd} {
			if v := e.look.Load().variants[v].Load(); v != nil && v.encoding != nil {
				sum -= int64(len(v.body))
			}
		}
		if sum <= 0 {
			t.Errorf("%s: variants are larger than the size counted", e.key)
		}
	}
	keyed, byTag := 0, 0
	for i := range c.shards {
		keyed += len(c.shards[i].m)
	}
	for _, set := range c.byTag {
		byTag += len(set)
	}
	if bytes != c.bytes || count != c.count || keyed != count || tagged != byTag {
		t.Errorf("counted %d bytes, %d entries, %d keys, %d of %d tags; the books say %d bytes, %d entries",
			bytes, count, keyed, byTag, tagged, c.bytes, c.count)
	}
	if c.bytes > c.opts.MaxBytes {
		t.Errorf("%d bytes, allowed %d", c.bytes, c.opts.MaxBytes)
	}
}

func TestBytesAreBounded(t *testing.T) {
	const limit = 200_000
	c := newRig(Options{MaxBytes: limit})
	rnd := rand.New(rand.NewPCG(1, 2))
	hot := strings.Repeat("what everybody reads ", 100)
	ask(t, c.Cache, "hot", page(hot))
	again := 0
	for i := range 2000 {
		text := strings.Repeat(fmt.Sprint("page ", i, " "), 1+rnd.IntN(1500))
		ask(t, c.Cache, fmt.Sprint("k", rnd.IntN(500)), page(text, "all", fmt.Sprint("t", i%10)),
			"Accept-Encoding", coding.Coding(i%4).String())
		ask(t, c.Cache, "hot", func(context.Context) (*Page, error) { again++; return page(hot)(nil) })
		if i%50 == 0 {
			c.Purge(fmt.Sprint("t", rnd.IntN(10)))
		}
		if got := c.Stats().Bytes; got > limit {
			t.Fatalf("%d bytes after %d pages", got, i)
		}
	}
	checkBooks(t, c.Cache)
	if again > 20 {
		t.Errorf("the page that everybody reads was thrown out %d times", again)
	}
	if n := c.Stats().Entries; n < 5 {
		t.Errorf("only %d pages are kept", n)
	}
}

func TestPageTooLargeToKeep(t *testing.T) {
	c := newRig(Options{MaxBytes: 10_000})
	ask(t, c.Cache, "small", page("small"))
	big := strings.Repeat("x", 9000)
	if got := body(ask(t, c.Cache, "big", page(big))); got != big {
		t.Error("it must be served all the same")
	}
	ask(t, c.Cache, "small", unasked(t))
	if s := c.Stats(); s.Entries != 1 {
		t.Errorf("%+v", s)
	}
	checkBooks(t, c.Cache)
}

// TestNeverOlderThanAPurge drives a world of facts, pages made of them, slow
// renderings, purges, and readers, in a random order under a false clock. A
// page shows the version of every fact it was made of, read one after another
// during the rendering. Whatever a reader gets must be at least as new as
// every fact whose purge had returned when he asked, and no older than the
// last change made by the clock alone.
func TestNeverOlderThanAPurge(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) { playModel(t, seed) })
	}
}

func playModel(t *testing.T, seed uint64) {
	const facts, pages, tick = 5, 6, 700 * time.Millisecond
	var (
		rnd     = rand.New(rand.NewPCG(seed, 7))
		versn   [facts]atomic.Int64 // what is true
		purged  [facts]atomic.Int64 // what every later reader must see
		down    atomic.Bool
		renders atomic.Int64
		wg      sync.WaitGroup
		began   = time.Now()
	)
	limit := int64(8_000) // with churn
	if seed%2 == 0 {
		limit = 0
	}
	c := New(Options{MaxBytes: limit, IsUnavailable: func(err error) bool { return err == errAway }})
	uses := func(p int) []int { return []int{p % facts, (p*3 + 1) % facts} }
	render := func(p int, pause time.Duration) func(context.Context) (*Page, error) {
		return func(context.Context) (*Page, error) {
			renders.Add(1)
			if down.Load() {
				return nil, errAway
			}
			now := time.Since(began) / tick
			var text strings.Builder
			var tags []string
			for _, f := range uses(p) {
				fmt.Fprintf(&text, "%d ", versn[f].Load())
				tags = append(tags, fmt.Sprint("fact:", f))
				time.Sleep(pause)
			}
			fmt.Fprint(&text, int64(now))
			text.WriteString(strings.Repeat(" ", 200))
			page := &Page{Body: []byte(text.String()), Tags: tags}
			if p%2 == 0 {
				page.Until = began.Add((now + 1) * tick)
			}
			return page, nil
		}
	}
	var outage atomic.Bool // there was one: readers may get old pages from here on
	for range 400 {
		switch n := rnd.IntN(22); {
		case n < 4: // a change, told to the cache a moment later
			f := rnd.IntN(facts)
			v := versn[f].Add(1)
			wg.Go(func() {
				c.Purge(fmt.Sprint("fact:", f))
				for old := purged[f].Load(); old < v && !purged[f].CompareAndSwap(old, v); old = purged[f].Load() {
				}
			})
		case n < 5:
			c.PurgeAll()
		case n < 8:
			time.Sleep(time.Duration(rnd.IntN(300)) * time.Millisecond)
		case n >= 20: // a change that may be seen a moment later
			f := rnd.IntN(facts)
			v := versn[f].Add(1)
			wg.Go(func() {
				if n == 20 {
					c.Refresh(fmt.Sprint("fact:", f))
				} else {
					c.RefreshAll()
				}
				time.Sleep(refreshFor)
				for old := purged[f].Load(); old < v && !purged[f].CompareAndSwap(old, v); old = purged[f].Load() {
				}
			})
		case n == 8 && seed%5 == 0:
			outage.Store(true)
			down.Store(!down.Load())
		default:
			p, pause := rnd.IntN(pages), time.Duration(rnd.IntN(80))*time.Millisecond
			var least [2]int64
			for i, f := range uses(p) {
				least[i] = purged[f].Load()
			}
			at := int64(time.Since(began) / tick)
			wg.Go(func() {
				w := httptest.NewRecorder()
				r := httptest.NewRequest("GET", "/", nil)
				if err := c.Serve(w, r, fmt.Sprint("page:", p), render(p, pause)); err != nil {
					if err != errAway {
						t.Error(err)
					}
					return
				}
				var got [3]int64
				if _, err := fmt.Sscan(w.Body.String(), &got[0], &got[1], &got[2]); err != nil {
					t.Error(err)
				}
				if outage.Load() {
					return
				}
				for i := range least {
					if got[i] < least[i] {
						t.Errorf("seed %d: page %d shows version %d, purged before the request: %d", seed, p, got[i], least[i])
					}
				}
				if p%2 == 0 && got[2] < at {
					t.Errorf("seed %d: page %d of hour %d was served in hour %d", seed, p, got[2], at)
				}
			})
		}
		if rnd.IntN(3) == 0 {
			synctest.Wait()
		}
	}
	wg.Wait()
	checkBooks(t, c)
	if s := c.Stats(); s.Hits == 0 || s.Renders == s.Misses {
		t.Errorf("seed %d: the world is too simple: %+v", seed, s)
	}
}
