//go:build soak

package soak

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/test/fixtures"
)

// TestCommentsKilled kills a server at random moments while four readers write: every
// comment that was acknowledged is there once, also one that is sent again because no
// answer came.
func TestCommentsKilled(t *testing.T) {
	fixtures.Each(t, func(t *testing.T, s *fixtures.Store) {
		rnd, d := chance(t), brought(t, s)
		article := fixtures.Strings(t, d, "SELECT CAST(min(id) AS TEXT) FROM article WHERE state = 'approved' AND kind = 'article' AND comments = 'open'")[0]
		page := "/" + fixtures.Strings(t, d, "SELECT path FROM article WHERE id = "+article)[0]
		var mu sync.Mutex
		acked, open := map[string]int64{}, map[string]bool{} // by their keys; sent, and no answer came
		n, refused := 0, 0
		for range kills(t) {
			server := s.Serve(t, page, "--comments", "open")
			var writers sync.WaitGroup
			stop := make(chan struct{})
			for range 4 {
				writers.Go(func() {
					client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
					defer client.CloseIdleConnections()
					for {
						select {
						case <-stop:
							return
						default:
						}
						mu.Lock()
						key := ""
						for k := range open {
							key = k
							delete(open, k)
							break
						}
						if key == "" {
							n++
							key = fmt.Sprintf("soak-%020d", n)
						}
						mu.Unlock()
						body, _ := json.Marshal(map[string]any{"article": json.Number(article), "name": "Reader", "text": "Opinion " + key + " of a reader who counts.", "key": key})
						r, err := http.NewRequest("POST", server.Base+"/-/comments", strings.NewReader(string(body)))
						if err != nil {
							panic(err)
						}
						r.Header.Set("Content-Type", "application/json")
						r.Header.Set("Origin", server.Base)
						w, err := client.Do(r)
						var told struct {
							ID int64 `json:"id"`
						}
						if err == nil {
							err = json.NewDecoder(w.Body).Decode(&told)
							w.Body.Close()
						}
						mu.Lock()
						switch {
						case err != nil || w.StatusCode >= 500:
							open[key] = true
						case w.StatusCode == http.StatusCreated:
							acked[key] = told.ID
						default:
							refused++
						}
						mu.Unlock()
						if err != nil {
							time.Sleep(time.Millisecond)
						}
					}
				})
			}
			time.Sleep(time.Duration(50+rnd.IntN(500)) * time.Millisecond)
			server.Kill()
			close(stop)
			writers.Wait()
			if s.Engine == "postgres" {
				settle(t, s)
			}
		}
		stored := fixtures.Number(t, d, "SELECT count(*) FROM comment WHERE request IS NOT NULL")
		once := fixtures.Number(t, d, "SELECT count(DISTINCT body) FROM comment WHERE request IS NOT NULL")
		if int(stored) < len(acked) || stored != once || int(stored) > len(acked)+len(open) || refused > 0 {
			t.Errorf("%d acknowledged, %d stored, %d of them different, %d without an answer, %d refused", len(acked), stored, once, len(open), refused)
		}
		for key, id := range acked {
			if got := fixtures.Number(t, d, fmt.Sprintf("SELECT count(*) FROM comment WHERE id = %d AND body LIKE '%%%s%%'", id, key)); got != 1 {
				t.Fatalf("%s was acknowledged as %d, which is there %d times", key, id, got)
			}
		}
		if len(acked) == 0 {
			t.Error("nothing was acknowledged: that proves nothing")
		}
		t.Logf("%d comments were acknowledged, %d without an answer at the end", len(acked), len(open))
	})
}
