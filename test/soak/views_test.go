//go:build soak

package soak

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/test/fixtures"
)

// firstPage is how soon a restarted site must answer.
const firstPage = time.Second

// TestViewsKilled kills a server at random moments while four readers report what
// they read: acknowledged ≤ stored ≤ sent.
func TestViewsKilled(t *testing.T) {
	fixtures.Each(t, func(t *testing.T, s *fixtures.Store) {
		rnd, d := chance(t), brought(t, s)
		ids := fixtures.Strings(t, d, "SELECT CAST(id AS TEXT) FROM article WHERE state = 'approved' ORDER BY id LIMIT 50")
		page := "/" + fixtures.Strings(t, d, "SELECT path FROM article WHERE state = 'approved' AND edition_id = (SELECT default_edition_id FROM publication) LIMIT 1")[0]
		base := fixtures.Number(t, d, "SELECT sum(base) FROM view_total")
		var sent, acked atomic.Int64
		var person atomic.Uint32
		var ups []time.Duration
		for killed := range kills(t) {
			server := s.Serve(t, page, "--proxy", "127.0.0.0/8")
			ups = append(ups, server.Up)
			var readers sync.WaitGroup
			stop := make(chan struct{})
			for range 4 {
				readers.Go(func() { read(server.Base, ids, &person, &sent, &acked, stop) })
			}
			time.Sleep(time.Duration(20+rnd.IntN(400)) * time.Millisecond)
			server.Kill()
			close(stop)
			readers.Wait()
			if s.Engine == "postgres" {
				// The server of the database may still be committing what its client sent.
				settle(t, s)
			}
			a, n := acked.Load(), sent.Load()
			stored := fixtures.Number(t, d, "SELECT sum(counted) FROM view_total")
			hours := fixtures.Number(t, d, "SELECT sum(n) FROM view_hour")
			if stored < a || stored > n || hours != stored {
				t.Fatalf("after %d kills: %d acknowledged, %d stored (%d by hours), %d sent", killed+1, a, stored, hours, n)
			}
			if got := fixtures.Number(t, d, "SELECT sum(base) FROM view_total"); got != base {
				t.Fatalf("the imported numbers add up to %d, before to %d", got, base)
			}
		}
		if acked.Load() == 0 || sent.Load() == acked.Load() {
			t.Errorf("%d sent, %d acknowledged: that proves nothing", sent.Load(), acked.Load())
		}
		slices.Sort(ups)
		t.Logf("%d kills: %d sent, %d stored, %d acknowledged; from start to the first 200: median %v, 95 of 100 below %v, longest %v", len(ups),
			sent.Load(), fixtures.Number(t, d, "SELECT sum(counted) FROM view_total"), acked.Load(), ups[len(ups)/2], ups[len(ups)*95/100], ups[len(ups)-1])
		if ups[len(ups)*95/100] > firstPage {
			t.Errorf("after a restart the first page takes longer than %v", firstPage)
		}
		if s.Engine == "sqlite" {
			if got := fixtures.Strings(t, d, "PRAGMA integrity_check"); len(got) != 1 || got[0] != "ok" {
				t.Errorf("integrity: %v", got)
			}
		}
	})
}

// settle waits until no other connection of ours is busy.
func settle(t *testing.T, s *fixtures.Store) {
	d := s.Open(t)
	defer d.Close()
	for range 200 {
		if fixtures.Number(t, d, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()") == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("PostgreSQL is still busy after two seconds")
}

// read reports reads, each by a person of its own, until stop.
func read(base string, ids []string, person *atomic.Uint32, sent, acked *atomic.Int64, stop <-chan struct{}) {
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for {
		select {
		case <-stop:
			return
		default:
		}
		n := person.Add(1)
		r, err := http.NewRequest("POST", base+"/-/views/"+ids[int(n)%len(ids)], nil)
		if err != nil {
			panic(err)
		}
		// 10.0.0.0/8 holds sixteen million people.
		r.Header.Set("X-Forwarded-For", netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}).String())
		r.Header.Set("User-Agent", fixtures.Browser)
		r.Header.Set("Origin", base)
		sent.Add(1)
		w, err := client.Do(r)
		if err != nil {
			time.Sleep(time.Millisecond) // it is gone; the next look at stop ends this
			continue
		}
		_, err = io.Copy(io.Discard, w.Body)
		w.Body.Close()
		if err == nil && w.StatusCode == http.StatusNoContent {
			acked.Add(1)
		} else if w.StatusCode != http.StatusNoContent && w.StatusCode != http.StatusServiceUnavailable {
			panic(fmt.Sprintf("a beacon was answered %s", w.Status))
		}
	}
}
