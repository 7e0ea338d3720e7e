package cache

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline/internal/coding"
)

// TestRefresh: the former copy bridges half a second, no more; what nobody
// reads is left to the next request; what was withdrawn is not served at all.
func TestRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{})
		var n, m, w atomic.Int32
		want := func(key, text string, n *atomic.Int32, tag string) {
			t.Helper()
			if got := <-get(c, t.Context(), key, versions(n, tag)); got != text {
				t.Errorf("%s: got %q, want %q", key, got, text)
			}
		}
		want("read", "1", &n, "a")
		want("read", "1", &n, "a")
		want("once", "1", &m, "a")
		want("gone", "1", &w, "b")

		c.Refresh("a", "!b")
		want("read", "1", &n, "a") // while it is rendered, which takes a second here
		want("gone", "2", &w, "b") // waits for a second
		synctest.Wait()
		if n.Load() != 2 || m.Load() != 1 {
			t.Errorf("read: %d renderings, once: %d", n.Load(), m.Load())
		}
		want("read", "2", &n, "a")
		want("once", "2", &m, "a") // over half a second later: it waits

		c.Refresh("a")
		want("once", "2", &m, "a")
		time.Sleep(refreshFor)
		want("once", "3", &m, "a") // joins the rendering under way
		c.RefreshAll()
		c.Purge("a")
		want("read", "4", &n, "a") // a purge ends what a refresh allows
		checkBooks(t, c)
	})
}

// TestRefreshOfWhatIsRead renders anew without being asked, until the time is
// over for which the former copies are good.
func TestRefreshOfWhatIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{})
		var n [8]atomic.Int32
		render := func(i int) func() string {
			return func() string {
				return <-get(c, t.Context(), string(rune('a'+i)), pausing(&n[i], 200*time.Millisecond))
			}
		}
		for i := range n {
			render(i)()
			render(i)()
		}
		c.RefreshAll()
		time.Sleep(2 * time.Second)
		anew := 0
		for i := range n {
			anew += int(n[i].Load()) - 1
		}
		if anew != 3 { // begun after 0, 200 and 400 ms
			t.Errorf("%d pages were rendered anew in half a second, at 200 ms each", anew)
		}
		for i := range n {
			if got := render(i)(); got != "2" {
				t.Errorf("%d: %q", i, got)
			}
		}
	})
}

// TestRefreshReadies: what was rendered anew beside the readers has its numbers
// and encoded forms before one asks, and what says the same as before keeps them.
func TestRefreshReadies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stamps, version := 0, "first"
		c := New(Options{Stamp: func(context.Context, []string) (map[string]string, error) {
			stamps++
			return map[string]string{"views:1": "5"}, nil
		}})
		filler := strings.Repeat("words ", 200)
		render := func(context.Context) (*Page, error) {
			return &Page{ContentType: "text/html", Body: []byte(version + " \uFDD0views:1\uFDD1 " + filler), Tags: []string{"a"}}, nil
		}
		forms := func() (out [coding.Count]*variant) {
			for i := range out {
				out[i] = c.kept("k").look.Load().variants[i].Load()
			}
			return out
		}
		for range 2 {
			ask(t, c, "k", render, "Accept-Encoding", "gzip")
		}
		before := forms()
		if before[coding.Gzip] == nil || before[coding.Brotli] != nil || stamps != 1 {
			t.Fatalf("%v after %d numbers", before, stamps)
		}

		c.Refresh("a")
		synctest.Wait()
		if c.Stats().Renders != 2 || forms() != before || stamps != 1 {
			t.Errorf("the same page: %d renderings, %d numbers, forms %v, before %v", c.Stats().Renders, stamps, forms(), before)
		}

		ask(t, c, "k", render, "Accept-Encoding", "gzip") // it is read still
		version = "second"
		c.Refresh("a")
		synctest.Wait()
		after := forms()
		if c.Stats().Renders != 3 || stamps != 2 || after[coding.Gzip] == nil || after[coding.Gzip] == before[coding.Gzip] || after[coding.Brotli] != nil {
			t.Errorf("another page: %d renderings, %d numbers, forms %v", c.Stats().Renders, stamps, after)
		}
		if got := decode(t, "gzip", ask(t, c, "k", render, "Accept-Encoding", "gzip").Body.Bytes()); got != "second 5 "+filler {
			t.Errorf("shows %.20q", got)
		}
		checkBooks(t, c)

		version = "third"
		c.Purge("a")
		if got := body(ask(t, c, "k", render)); got != "third 5 "+filler {
			t.Errorf("after a purge: %.20q", got)
		}
		if forms()[coding.Gzip] != nil {
			t.Error("who waits for a page waited for a form that nobody asked for")
		}
		checkBooks(t, c)
	})
}

// TestRefreshWhileRefreshing: what changes while pages are being rendered anew
// is put in line behind them.
func TestRefreshWhileRefreshing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{})
		var n [2]atomic.Int32
		render := func(i int) string {
			return <-get(c, t.Context(), string(rune('a'+i)), pausing(&n[i], 100*time.Millisecond, string(rune('a'+i))))
		}
		for i := range n {
			render(i)
			render(i)
		}
		c.Refresh("a")
		time.Sleep(50 * time.Millisecond)
		c.Refresh("b")
		if got := render(1); got != "1" { // in line: no second rendering beside the first
			t.Errorf("b: %q", got)
		}
		synctest.Wait()
		if got := n[1].Load(); got != 1 {
			t.Errorf("b was rendered %d times beside a", got)
		}
		time.Sleep(time.Second)
		if n[0].Load() != 2 || n[1].Load() != 2 {
			t.Errorf("renderings: %d and %d", n[0].Load(), n[1].Load())
		}
		checkBooks(t, c)
	})
}
