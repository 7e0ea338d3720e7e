package cache

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline/internal/coding"
)

// get asks in the background; the answer is sent to the channel.
func get(c *Cache, ctx context.Context, key string, render func(context.Context) (*Page, error)) <-chan string {
	out := make(chan string, 1)
	go func() {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", nil).WithContext(ctx)
		if err := c.Serve(w, r, key, render); err != nil {
			out <- "error: " + err.Error()
			return
		}
		out <- w.Body.String()
	}()
	return out
}

// versions renders "1", "2", … and takes a second for each.
func versions(n *atomic.Int32, tags ...string) func(context.Context) (*Page, error) {
	return pausing(n, time.Second, tags...)
}

func pausing(n *atomic.Int32, pause time.Duration, tags ...string) func(context.Context) (*Page, error) {
	return func(context.Context) (*Page, error) {
		v := n.Add(1)
		time.Sleep(pause)
		return &Page{Body: fmt.Append(nil, v), Tags: tags}, nil
	}
}

func TestThousandWaitersOneRendering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{})
		var n atomic.Int32
		var answers []<-chan string
		for range 1000 {
			answers = append(answers, get(c, t.Context(), "k", versions(&n, "a")))
		}
		for _, a := range answers {
			if got := <-a; got != "1" {
				t.Fatalf("got %q", got)
			}
		}
		if s := c.Stats(); s.Renders != 1 || s.Misses != 1000 {
			t.Errorf("stats: %+v", s)
		}
	})
}

func TestPurgeDuringRendering(t *testing.T) {
	for _, tt := range []struct {
		name        string
		purge       func(*Cache)
		late, later string // who came after the purge; who came after everything
	}{
		{"its tag", func(c *Cache) { c.Purge("other", "a") }, "2", "2"},
		{"its tag, withdrawn", func(c *Cache) { c.Purge("!a") }, "2", "2"},
		{"its tag, then others", func(c *Cache) { c.Purge("a"); c.Purge("x"); c.Purge("y") }, "2", "2"},
		{"all", func(c *Cache) { c.PurgeAll() }, "2", "2"},
		{"another tag", func(c *Cache) { c.Purge("ab", "x") }, "1", "1"},
		{"more than is remembered", func(c *Cache) {
			for i := range maxRecent + 1 {
				c.Purge(fmt.Sprint("x", i))
			}
		}, "2", "2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := New(Options{})
				var n atomic.Int32
				early := get(c, t.Context(), "k", versions(&n, "a", "b"))
				time.Sleep(500 * time.Millisecond)
				tt.purge(c)
				late := get(c, t.Context(), "k", versions(&n, "a", "b"))
				if got := <-early; got != "1" {
					t.Errorf("who came before the purge got %q", got)
				}
				if got := <-late; got != tt.late {
					t.Errorf("who came after the purge got %q, want %q", got, tt.late)
				}
				if got := <-get(c, t.Context(), "k", versions(&n, "a", "b")); got != tt.later {
					t.Errorf("the next got %q, want %q", got, tt.later)
				}
				if len(c.recent) != 0 || len(c.flights) != 0 {
					t.Errorf("left over: %d purges, %d flights", len(c.recent), len(c.flights))
				}
			})
		})
	}
}

// The first purge concerns the page, the second comes after the waiter: the
// last number alone would not tell that the waiter must not have it.
func TestTwoPurgesAroundAWaiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{})
		var n atomic.Int32
		early := get(c, t.Context(), "k", versions(&n, "a"))
		time.Sleep(300 * time.Millisecond)
		c.Purge("a")
		late := get(c, t.Context(), "k", versions(&n, "a"))
		time.Sleep(300 * time.Millisecond)
		c.Purge("a")
		if a, b := <-early, <-late; a != "1" || b != "2" {
			t.Errorf("got %q and %q", a, b)
		}
	})
}

// "Not here" said before the page was published is no answer to who asks
// afterwards, although such an answer has no tags.
func TestPublishedWhileNotFound(t *testing.T) {
	missing := errors.New("not found")
	for name, answer := range map[string]func() (*Page, error){
		"error":    func() (*Page, error) { return nil, missing },
		"no store": func() (*Page, error) { return &Page{Body: []byte("404"), NoStore: true}, nil },
	} {
		synctest.Test(t, func(t *testing.T) {
			c := New(Options{})
			get(c, t.Context(), "k", func(context.Context) (*Page, error) {
				time.Sleep(time.Second)
				return answer()
			})
			synctest.Wait()
			c.Purge("front:1")
			if got := <-get(c, t.Context(), "k", page("published")); got != "published" {
				t.Errorf("%s: got %q", name, got)
			}
		})
	}
}

func TestClockPassesUntilWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{})
		until := time.Now().Add(500 * time.Millisecond)
		early := get(c, t.Context(), "k", func(context.Context) (*Page, error) {
			time.Sleep(time.Second)
			return &Page{Body: []byte("before"), Until: until}, nil
		})
		time.Sleep(600 * time.Millisecond)
		late := get(c, t.Context(), "k", page("after"))
		if a, b := <-early, <-late; a != "before" || b != "after" {
			t.Errorf("got %q and %q", a, b)
		}
	})
}

func TestWhoAskedFirstMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{})
		var n atomic.Int32
		ctx, cancel := context.WithCancel(t.Context())
		first := get(c, ctx, "k", versions(&n))
		synctest.Wait()
		second := get(c, t.Context(), "k", versions(&n))
		cancel()
		if got := <-first; !strings.Contains(got, "canceled") {
			t.Errorf("the first got %q", got)
		}
		if got := <-second; got != "1" || n.Load() != 1 {
			t.Errorf("the second got %q after %d renderings", got, n.Load())
		}
	})
}

func TestRenderingHasATimeLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{})
		<-get(c, t.Context(), "k", page("old", "a"))
		c.Purge("a")
		began := time.Now()
		got := <-get(c, t.Context(), "k", func(ctx context.Context) (*Page, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		if got != "old" || time.Since(began) != 30*time.Second {
			t.Errorf("got %q after %v", got, time.Since(began))
		}
	})
}

func TestOutage(t *testing.T) {
	c := newRig(Options{})
	show := func(key string, render func(context.Context) (*Page, error)) string {
		return <-get(c.Cache, t.Context(), key, render)
	}
	away := fails(fmt.Errorf("page: %w", errAway))
	show("a", page("a1", "article:1", "front:1"))
	show("b", page("b1", "article:2", "front:1"))
	show("c", func(context.Context) (*Page, error) {
		return &Page{Body: []byte("c1"), Until: start.Add(time.Hour)}, nil
	})
	c.Purge("front:1")
	if got := show("a", away); got != "a1" {
		t.Errorf("during the outage a shows %q", got)
	}
	if got := show("a", unasked(t)); got != "a1" { // the outage is believed for two seconds
		t.Errorf("during the outage a shows %q", got)
	}
	c.Purge("article:1") // a change has come through: so must the next request
	if got := show("a", page("a2", "article:1", "front:1")); got != "a2" {
		t.Errorf("after the outage a shows %q", got)
	}
	c.Purge("!article:2")
	if got := show("b", away); !strings.HasPrefix(got, "error") {
		t.Errorf("withdrawn, b shows %q", got)
	}
	c.now = start.Add(24 * time.Hour)
	if got := show("c", away); got != "c1" {
		t.Errorf("within a day after its end c shows %q", got)
	}
	c.now = c.now.Add(time.Second)
	if got := show("c", unasked(t)); got != "c1" {
		t.Errorf("within two seconds of a failure c shows %q", got)
	}
	c.now = start.Add(25*time.Hour + time.Second)
	if got := show("c", away); !strings.HasPrefix(got, "error") {
		t.Errorf("more than a day after its end c shows %q", got)
	}
	if got := c.Stats().Stale; got != 4 {
		t.Errorf("%d stale answers, want 4", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	c := New(Options{MaxBytes: 100_000, StampEvery: time.Nanosecond,
		Stamp: func(_ context.Context, tokens []string) (map[string]string, error) {
			return map[string]string{tokens[0]: fmt.Sprint(time.Now().UnixNano())}, nil
		}})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 300 {
				key := fmt.Sprint("k", (i*7+g)%20)
				switch i % 10 {
				case 3:
					c.Purge(key, "!"+fmt.Sprint("k", i%20))
				case 7:
					c.Stats()
				default:
					r := httptest.NewRequest("GET", "/", nil)
					r.Header.Set("Accept-Encoding", coding.Coding(i%4).String())
					err := c.Serve(httptest.NewRecorder(), r, key, func(context.Context) (*Page, error) {
						text := strings.Repeat("word and word ", 100+i) + "\uFDD0views:1:en\uFDD1"
						return &Page{ContentType: "text/html", Body: []byte(text), Tags: []string{key}}, nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	checkBooks(t, c)
}
