package cache

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
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
