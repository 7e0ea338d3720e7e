package views_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/richtext"
	"dateline/internal/views"
)

const (
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	phone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)

// none is nowhere that somebody came from.
var none = views.From{Source: views.None}

// clock is set by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

// counting gives a counter, its store, and a public and an unpublished article.
func counting(t testing.TB, d *db.DB, c *clock) (*views.Counter, *views.Store, int64, int64) {
	t.Helper()
	ctx := context.Background()
	var saved []article.Saved
	err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		site, err := edition.New(d).Setup(ctx, tx, edition.PublicationInput{Key: "main", Zone: "UTC", DefaultLang: "en",
			Editions: []edition.EditionInput{{Lang: "en", Name: "Lamp"}}})
		if err != nil {
			return err
		}
		e := article.Edit{Publication: site.Publication.ID, Edition: site.Editions[0].ID, State: article.Approved, VisibleFrom: c.now(),
			Day: 20261114, Slug: "a", Actor: "test", Body: richtext.Doc{}, Content: article.Content{Lang: "en", Kind: article.Text, Headline: "A"}}
		later := e
		later.VisibleFrom, later.Slug = c.now().Add(30*24*time.Hour), "b"
		saved, err = article.New(d, address.New(d)).Put(ctx, tx, []article.Edit{e, later})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s := views.New(d)
	counter := views.NewCounter(s, c.now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	run, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { counter.Run(run) })
	t.Cleanup(func() { stop(); wg.Wait() })
	return counter, s, saved[0].ID, saved[1].ID
}

func total(t *testing.T, s *views.Store, id int64) int64 {
	t.Helper()
	n, err := s.Total(context.Background(), []int64{id})
	if err != nil {
		t.Fatal(err)
	}
	return n[id]
}

func TestCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := &clock{t: time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)}
		counter, s, id, hidden := counting(t, d, c)
		ctx := context.Background()
		read := func(ip, agent string) {
			t.Helper()
			if err := counter.Count(ctx, id, netip.MustParseAddr(ip), agent, none); err != nil {
				t.Fatal(err)
			}
		}
		for _, step := range []struct {
			what      string
			ip, agent string
			wait      time.Duration
			want      int64
		}{
			{"somebody", "203.0.113.1", firefox, 0, 1},
			{"the same again", "203.0.113.1", firefox, 0, 1},
			{"the same within half an hour", "203.0.113.1", firefox, 29 * time.Minute, 1},
			{"the same later", "203.0.113.1", firefox, 2 * time.Minute, 2},
			{"another agent there", "203.0.113.1", phone, 0, 3},
			{"another address", "2001:db8::1", firefox, 0, 4},
			{"a crawler", "203.0.113.9", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", 0, 4},
			{"a crawler's browser", "203.0.113.9", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0 Safari/537.36", 0, 4},
			{"nobody", "203.0.113.9", "", 0, 4},
			{"the first a day later", "203.0.113.1", firefox, 25 * time.Hour, 5},
			{"and at once again", "203.0.113.1", firefox, 0, 5},
		} {
			c.add(step.wait)
			read(step.ip, step.agent)
			if got := total(t, s, id); got != step.want {
				t.Errorf("%s: %d, want %d", step.what, got, step.want)
			}
		}
		for _, bad := range []int64{hidden, 987654} {
			if err := counter.Count(ctx, bad, netip.MustParseAddr("203.0.113.1"), firefox, none); !fault.Is(err, fault.NotFound) {
				t.Errorf("article %d, not public: %v", bad, err)
			}
			if got := total(t, s, bad); got != 0 {
				t.Errorf("article %d, not public, has %d views", bad, got)
			}
		}
	})
}

// TestCountCrowd lets a thousand people read at once: each counts once, in
// few commits.
func TestCountCrowd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := &clock{t: time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)}
		counter, s, id, _ := counting(t, d, c)
		var wg sync.WaitGroup
		for i := range 1000 {
			wg.Go(func() {
				addr := netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})
				if err := counter.Count(context.Background(), id, addr, firefox, none); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := total(t, s, id); got != 1000 {
			t.Errorf("%d views, want 1000", got)
		}
	})
}

func TestCountFails(t *testing.T) {
	d := dbtest.New(t)
	c := &clock{t: time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)}
	counter, _, id, _ := counting(t, d, c)
	read := func() error {
		return counter.Count(context.Background(), id, netip.MustParseAddr("203.0.113.1"), firefox, none)
	}
	breakIt := func(to string) {
		t.Helper()
		err := d.Tx(context.Background(), db.Desk, func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), to)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	breakIt("ALTER TABLE view_hour RENAME TO view_hour_gone")
	if read() == nil {
		t.Fatal("a read that could not be stored was acknowledged")
	}
	breakIt("ALTER TABLE view_hour_gone RENAME TO view_hour")
	if err := read(); err != nil {
		t.Fatal(err)
	}
	if n := total(t, views.New(d), id); n != 1 {
		t.Errorf("after the second try %d views, want 1", n)
	}
}

func TestHTTP(t *testing.T) {
	d := dbtest.New(t)
	c := &clock{t: time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)}
	counter, _, id, _ := counting(t, d, c)
	mux := http.NewServeMux()
	mux.Handle("POST /-/views/{id}", counter.Beacon())
	mux.Handle("GET /-/views/{id}", counter.Number())
	do := func(method, path, agent string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("User-Agent", agent)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	own := fmt.Sprintf("/-/views/%d", id)
	if w := do("POST", own, firefox); w.Code != 204 || w.Body.Len() != 0 {
		t.Errorf("beacon: %d %q", w.Code, w.Body)
	}
	if w := do("GET", own+".gif", phone); w.Code != 200 || w.Header().Get("Content-Type") != "image/gif" || !strings.HasPrefix(w.Body.String(), "GIF89a") {
		t.Errorf("pixel: %d %v", w.Code, w.Header())
	}
	do("HEAD", own+".gif", phone+" other")
	if w := do("GET", own, firefox); strings.TrimSpace(w.Body.String()) != `{"views":2}` || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("number: %d %q", w.Code, w.Body)
	}
	for tag, want := range map[string]string{"en": "12,345,678", "kk": "12\u00a0345\u00a0678", "x?": "12,345,678"} {
		var answer struct {
			Views int64
			Text  string
		}
		add(t, d, id, 12_345_678)
		w := do("GET", own+"?lang="+url.QueryEscape(tag), firefox)
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Views != 12_345_678 || answer.Text != want {
			t.Errorf("number in %s: %q %v, want %q", tag, w.Body, err, want)
		}
	}
	for _, path := range []string{"/-/views/0", "/-/views/-1", "/-/views/x", "/-/views/999", "/-/views/99999999999999999999"} {
		if w := do("POST", path, firefox); w.Code != 404 {
			t.Errorf("POST %s: %d", path, w.Code)
		}
	}
}

// add makes the number of an article n.
func add(t *testing.T, d *db.DB, id, n int64) {
	t.Helper()
	err := d.Tx(t.Context(), db.Views, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE view_total SET counted = $1 WHERE article_id = $2", n, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestIsBot(t *testing.T) {
	for agent, want := range map[string]bool{
		firefox: false, phone: false,
		"Mozilla/5.0 (Linux; Android 12; CUBOT KINGKONG) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36": false,
		"Lynx/2.9.0 libwww-FM/2.14":                           true,
		"Opera/9.80 (J2ME/MIDP; Opera Mini/9.80) Presto/2.12": false,
		"curl/8.14.1": true,
		"Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)": true,
		"Mozilla/5.0 (compatible; AhrefsBot/7.0)":                          true,
		"TelegramBot (like TwitterBot)":                                    true,
		"facebookexternalhit/1.1":                                          true,
		"Go-http-client/1.1":                                               true,
		"":                                                                 true,
		"Mozilla":                                                          true,
	} {
		if got := views.IsBot(agent); got != want {
			t.Errorf("IsBot(%q) = %v", agent, got)
		}
	}
}
