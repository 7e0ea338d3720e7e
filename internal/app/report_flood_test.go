package app_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
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

// TestDeskDuringReports: a thousand reports a second, each from a network of its own,
// leave the desk usable; no more are taken than limits say, and each that was answered
// so is there once.
func TestDeskDuringReports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		ctx, stop := context.WithCancel(context.Background())
		conf := h.conf
		conf.Now = time.Now
		conf.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
		door := listen(t)
		conf.BaseURL = "http://" + door.Addr().String()
		a := h.openWith(conf)
		if err := a.Desk(false); err != nil {
			t.Fatal(err)
		}
		who, err := demo.Staff(ctx, demo.Rooms{DB: a.DB, Editions: a.Editions, Authors: a.Authors, Users: a.Users}, demofiles.Files)
		if err != nil {
			t.Fatal(err)
		}
		of, err := a.Articles.Get(ctx, a.DB, 1)
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- a.Serve(ctx, app.Doors{Readers: door}) }()
		var flood sync.WaitGroup
		var sent, taken, refused, odd atomic.Int64
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100, DialContext: (&net.Dialer{}).DialContext}}
		beat := time.NewTicker(time.Millisecond)
		defer beat.Stop()
		const long = 4 * time.Second
		began := time.Now()
		for range 50 {
			flood.Go(func() {
				for time.Since(began) < long {
					<-beat.C
					n := sent.Add(1)
					r, err := http.NewRequestWithContext(ctx, "POST", conf.BaseURL+"/-/reports",
						strings.NewReader(fmt.Sprintf(`{"article":1,"exact":%q,"note":"report %d"}`, of.Headline, n)))
					if err != nil {
						return
					}
					r.Header.Set("Content-Type", "application/json")
					r.Header.Set("Sec-Fetch-Site", "same-origin")
					r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.9", n>>8&255, n&255))
					w, err := client.Do(r)
					if err != nil {
						odd.Add(1)
						continue
					}
					io.Copy(io.Discard, w.Body)
					w.Body.Close()
					switch w.StatusCode {
					case http.StatusCreated:
						taken.Add(1)
					case http.StatusTooManyRequests:
						refused.Add(1)
					default:
						odd.Add(1)
					}
				}
			})
		}
		var worst time.Duration
		ask := beside(ctx, t, conf.BaseURL, &worst)
		for i := range 5 {
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
			ask("GET", "/desk/reports", cookie, nil, 200)
			ask("POST", "/desk/account", cookie, url.Values{"name": {fmt.Sprint("Ainur ", i)}, "lang": {"kk"}}, 303)
		}
		flood.Wait()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		var stored, voices int64
		if err := d.QueryRow(context.Background(), "SELECT count(*), count(DISTINCT voice_id) FROM report").Scan(&stored, &voices); err != nil {
			t.Fatal(err)
		}
		most := int64(60 + 20*(long/time.Second+2))
		if stored != taken.Load() || voices != stored || stored == 0 || stored > most || refused.Load() == 0 || odd.Load() > 0 {
			t.Errorf("of %d sent %d were taken, %d refused, %d answered otherwise; %d stored, at most %d", sent.Load(), taken.Load(), refused.Load(), odd.Load(), stored, most)
		}
		t.Logf("%d sent in %v, %d taken; at the desk %v at most", sent.Load(), long, taken.Load(), worst)
	})
}
