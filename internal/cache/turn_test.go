package cache

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline/internal/fault"
)

// slow renders its text in a second and counts how many did so at once.
type slow struct{ now, most, all atomic.Int32 }

func (s *slow) page(text string, tags ...string) func(context.Context) (*Page, error) {
	return func(context.Context) (*Page, error) {
		n := s.now.Add(1)
		for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); most = s.most.Load() {
		}
		s.all.Add(1)
		time.Sleep(time.Second)
		s.now.Add(-1)
		return &Page{Body: []byte(text), Tags: tags}, nil
	}
}

func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		c := New(Options{MaxRenders: 2, Log: slog.New(slog.NewTextHandler(&log, nil))})
		var s slow
		<-get(c, t.Context(), "kept", s.page("kept"))
		<-get(c, t.Context(), "changed", s.page("before", "a"))
		c.Purge("a")
		s.all.Store(0)

		const room = 2 + 2*queueFactor
		var taken []<-chan string
		for i := range room {
			taken = append(taken, get(c, t.Context(), fmt.Sprint("invented", i), s.page(fmt.Sprint(i))))
			synctest.Wait()
		}
		began := time.Now()
		for i := range 1000 {
			if got := <-get(c, t.Context(), fmt.Sprint("more", i), unasked(t)); !strings.Contains(got, "more pages are asked for") {
				t.Fatalf("beyond the room: %q", got)
			}
		}
		if got := <-get(c, t.Context(), "kept", unasked(t)); got != "kept" {
			t.Errorf("a kept page during the flood: %q", got)
		}
		if d := time.Since(began); d != 0 {
			t.Errorf("refusals and kept pages took %v", d)
		}
		// Somebody who waits for an address in line waits with it; a page that
		// was kept goes before all of them.
		again := get(c, t.Context(), fmt.Sprint("invented", room-1), unasked(t))
		if got := <-get(c, t.Context(), "changed", s.page("after", "a")); got != "after" || time.Since(began) != 2*time.Second {
			t.Errorf("a page that changed: %q after %v", got, time.Since(began))
		}
		for i, a := range taken {
			if got := <-a; got != fmt.Sprint(i) {
				t.Errorf("address %d got %q", i, got)
			}
		}
		if got := <-again; got != fmt.Sprint(room-1) {
			t.Errorf("who joined the line got %q", got)
		}
		if s.most.Load() != 2 || s.all.Load() != room+1 {
			t.Errorf("%d renderings, %d at once; want %d, 2", s.all.Load(), s.most.Load(), room+1)
		}
		synctest.Wait()
		if st := c.Stats(); st.Refused != 1000 || st.Running != 0 || st.Waiting != 0 || len(c.flights) != 0 {
			t.Errorf("afterwards: %+v, %d flights", st, len(c.flights))
		}
		if n := strings.Count(log.String(), "level=WARN"); n != 1 {
			t.Errorf("%d complaints, want 1: %s", n, log.String())
		}
		checkBooks(t, c)
	})
}

func TestBusyIsAKindOfItsOwn(t *testing.T) {
	if !fault.Is(fmt.Errorf("page: %w", ErrBusy), fault.Busy) {
		t.Error("web would not answer 503")
	}
}

// Whoever has left is not rendered for.
func TestFloodThatDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{MaxRenders: 1})
		var s slow
		first := get(c, t.Context(), "first", s.page("1"))
		synctest.Wait()
		ctx, leave := context.WithCancel(t.Context())
		for i := range queueFactor {
			get(c, ctx, fmt.Sprint(i), unasked(t))
		}
		synctest.Wait()
		leave()
		synctest.Wait()
		if got := <-first; got != "1" {
			t.Error(got)
		}
		if got := <-get(c, t.Context(), "3", s.page("there")); got != "there" || s.all.Load() != 2 {
			t.Errorf("%q after %d renderings", got, s.all.Load())
		}
	})
}

// A rendering that waited for its turn sees what changed meanwhile, and is
// good for who came after the change.
func TestChangeWhileInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{MaxRenders: 1})
		var n atomic.Int32
		get(c, t.Context(), "first", versions(new(atomic.Int32)))
		synctest.Wait()
		early := get(c, t.Context(), "k", versions(&n, "a"))
		synctest.Wait()
		c.Purge("a")
		late := get(c, t.Context(), "k", versions(&n, "a"))
		if a, b := <-early, <-late; a != "1" || b != "1" {
			t.Errorf("got %q and %q", a, b)
		}
	})
}

// Two old sites may have used the same path.
func TestHostsShareOnlyWhatIsKept(t *testing.T) {
	ask := func(c *Cache, host string, render func(context.Context) (*Page, error)) <-chan string {
		out := make(chan string, 1)
		go func() {
			w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "http://"+host+"/x", nil)
			if err := c.Serve(w, r, "/x", render); err != nil {
				out <- err.Error()
				return
			}
			out <- w.Header().Get("Location") + w.Body.String()
		}()
		return out
	}
	for name, tt := range map[string]struct {
		answer  func(host string) (*Page, error)
		renders uint64
		want    [2]string
	}{
		"redirects": {func(host string) (*Page, error) {
			return &Page{Status: 301, NoStore: true, Header: map[string][]string{"Location": {"/of/" + host}}}, nil
		}, 2, [2]string{"/of/a.example", "/of/b.example"}},
		"none": {func(host string) (*Page, error) { return nil, errors.New("nothing on " + host) }, 2,
			[2]string{"nothing on a.example", "nothing on b.example"}},
		"pages": {func(string) (*Page, error) { return &Page{Body: []byte("page")}, nil }, 1, [2]string{"page", "page"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := New(Options{})
				var got [2]<-chan string
				for i, host := range []string{"a.example", "b.example"} {
					got[i] = ask(c, host, func(context.Context) (*Page, error) {
						time.Sleep(time.Second)
						return tt.answer(host)
					})
					synctest.Wait()
				}
				for i := range got {
					if s := <-got[i]; s != tt.want[i] {
						t.Errorf("host %d got %q, want %q", i, s, tt.want[i])
					}
				}
				if n := c.Stats().Renders; n != tt.renders {
					t.Errorf("%d renderings, want %d", n, tt.renders)
				}
			})
		})
	}
}
