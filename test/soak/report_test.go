//go:build soak

package soak

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/test/fixtures"
)

// TestReportsKilled kills a server at random moments while readers report errors: each
// report that was acknowledged is there once, whole, and none is there by half.
func TestReportsKilled(t *testing.T) {
	fixtures.Each(t, func(t *testing.T, s *fixtures.Store) {
		rnd, d := chance(t), brought(t, s)
		const public = "FROM article WHERE state = 'approved' AND kind = 'article' AND headline <> '' ORDER BY article.id LIMIT 50"
		ids, headlines := fixtures.Strings(t, d, "SELECT CAST(id AS TEXT) "+public), fixtures.Strings(t, d, "SELECT headline "+public)
		page := "/" + fixtures.Strings(t, d, "SELECT path FROM article WHERE state = 'approved' AND edition_id = (SELECT default_edition_id FROM publication) LIMIT 1")[0]
		var person, sent atomic.Int64
		var mu sync.Mutex
		acked := map[string]bool{}
		for killed := range kills(t) {
			server := s.Serve(t, page, "--proxy", "127.0.0.0/8")
			var readers sync.WaitGroup
			stop := make(chan struct{})
			for range 4 {
				readers.Go(func() {
					client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
					defer client.CloseIdleConnections()
					for {
						select {
						case <-stop:
							return
						case <-time.After(time.Millisecond):
						}
						n := person.Add(1)
						note, of := fmt.Sprintf("report %d", n), int(n)%len(ids)
						body, err := json.Marshal(map[string]any{"article": json.Number(ids[of]), "exact": headlines[of], "suggestion": note, "note": note})
						if err != nil {
							panic(err)
						}
						r, err := http.NewRequest("POST", server.Base+"/-/reports", strings.NewReader(string(body)))
						if err != nil {
							panic(err)
						}
						r.Header.Set("X-Forwarded-For", netip.AddrFrom4([4]byte{10, byte(n >> 8), byte(n), 7}).String())
						r.Header.Set("Content-Type", "application/json")
						r.Header.Set("Origin", server.Base)
						sent.Add(1)
						w, err := client.Do(r)
						if err != nil {
							continue
						}
						_, err = io.Copy(io.Discard, w.Body)
						w.Body.Close()
						if err == nil && w.StatusCode == http.StatusCreated {
							mu.Lock()
							acked[note] = true
							mu.Unlock()
						}
					}
				})
			}
			time.Sleep(time.Duration(20+rnd.IntN(400)) * time.Millisecond)
			server.Kill()
			close(stop)
			readers.Wait()
			if s.Engine == "postgres" {
				settle(t, s)
			}
			stored := map[string]int{}
			for _, note := range fixtures.Strings(t, d, "SELECT v.note FROM report r JOIN remark_voice v ON v.id = r.voice_id AND v.remark_id = r.remark_id") {
				stored[note]++
			}
			for note := range acked {
				if stored[note] != 1 {
					t.Fatalf("after %d kills %s is stored %d times", killed+1, note, stored[note])
				}
			}
			reports, voices := fixtures.Number(t, d, "SELECT count(*) FROM report"), fixtures.Number(t, d, "SELECT count(*) FROM remark_voice")
			counted := fixtures.Number(t, d, "SELECT coalesce(sum(voices), 0) FROM remark")
			if reports != voices || counted != voices || int64(len(stored)) != reports {
				t.Fatalf("after %d kills: %d reports, %d voices, %d counted", killed+1, reports, voices, counted)
			}
		}
		if len(acked) == 0 {
			t.Error("nothing was acknowledged: that proves nothing")
		}
		t.Logf("%d sent, %d acknowledged, each there once", sent.Load(), len(acked))
	})
}
