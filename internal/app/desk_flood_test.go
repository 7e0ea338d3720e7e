package app_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	demofiles "dateline/demo"
	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/demo"
	"dateline/internal/desk"
	"dateline/internal/user"
)

// mostWait is how long somebody at the desk may wait for a page while readers flood
// the site (field: R14 asks for one second; two processors carry the flood, too).
const mostWait = 2 * time.Second

// TestDeskDuringAFlood: while readers ask for more than can be answered, and some of
// them are sent away, people sign in at the desk, read and change things; where it
// has a listener of its own and where it shares the readers'.
func TestDeskDuringAFlood(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		t.Run("alone", func(t *testing.T) { flooded(t, h, true) })
		t.Run("shared", func(t *testing.T) { flooded(t, h, false) })
	})
}

func flooded(t *testing.T, h *house, alone bool) {
	ctx, stop := context.WithCancel(context.Background())
	conf := h.conf
	readers, own := listen(t), listen(t)
	conf.BaseURL = "http://" + readers.Addr().String()
	on := app.Doors{Readers: readers}
	base := conf.BaseURL
	if alone {
		on.Desk, conf.DeskURL = own, "http://"+own.Addr().String()
		base = conf.DeskURL
	}
	a := h.openWith(conf)
	if err := a.Desk(alone); err != nil {
		t.Fatal(err)
	}
	who, err := demo.Staff(ctx, demo.Rooms{DB: a.DB, Editions: a.Editions, Authors: a.Authors, Users: a.Users}, demofiles.Files)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, on) }()
	var flood sync.WaitGroup
	var asked, sentAway atomic.Int64
	underWay := make(chan struct{})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 400, DialContext: (&net.Dialer{}).DialContext}}
	for g := range 200 {
		flood.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				path := fmt.Sprintf("/search?q=bridge+%d+%d", g, i)
				if i%2 == 1 {
					path = fmt.Sprintf("/old-%d-%d/", g, i)
				}
				r, err := http.NewRequestWithContext(ctx, "GET", conf.BaseURL+path, nil)
				if err != nil {
					return
				}
				w, err := client.Do(r)
				if err != nil {
					continue
				}
				io.Copy(io.Discard, w.Body)
				w.Body.Close()
				if asked.Add(1) == 500 {
					close(underWay)
				}
				if w.StatusCode == http.StatusServiceUnavailable {
					sentAway.Add(1)
				}
			}
		})
	}
	defer func() {
		stop()
		flood.Wait()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	<-underWay
	var worst time.Duration
	ask := beside(ctx, t, base, &worst)
	for i := range 10 {
		token, _, err := a.Users.NewLink(ctx, user.Actor{Name: "a test"}, who.ID)
		if err != nil {
			t.Fatal(err)
		}
		cookie := ""
		for _, c := range ask("POST", desk.LinkPath(token), "", nil, 303).Cookies() {
			if c.Name == "s" {
				cookie = c.Name + "=" + c.Value
			}
		}
		ask("GET", "/desk/", cookie, nil, 200)
		ask("POST", "/desk/account", cookie, url.Values{"name": {fmt.Sprint("Ainur ", i)}, "lang": {"kk"}}, 303)
		ask("GET", "/desk/audit", cookie, nil, 200)
	}
	if sentAway.Load() == 0 {
		t.Error("nobody was sent away: that was no flood")
	}
	t.Logf("%d asked for, %d sent away; at the desk %v at most", asked.Load(), sentAway.Load(), worst)
}

// beside gives what somebody of the desk does during a flood: each answer is the wanted
// one, and comes soon; worst is the longest that one took.
func beside(ctx context.Context, t *testing.T, base string, worst *time.Duration) func(method, path, cookie string, form url.Values, want int) *http.Response {
	person := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return func(method, path, cookie string, form url.Values, want int) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Cookie", cookie)
		began := time.Now()
		w, err := person.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, w.Body)
		w.Body.Close()
		took := time.Since(began)
		*worst = max(*worst, took)
		if w.StatusCode != want || took > mostWait {
			t.Errorf("%s %s during the flood: %d after %v", method, path, w.StatusCode, took)
		}
		return w
	}
}
