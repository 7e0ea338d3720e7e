package views_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/views"
)

// Readers come from several places: every read has a kind of place, and a site is
// named only once five different people came from it within an hour.
func TestFrom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := &clock{t: time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)}
		counter, s, id, _ := counting(t, d, c)
		ctx, person := context.Background(), byte(0)
		read := func(from string, who byte) {
			t.Helper()
			r := httptest.NewRequest("POST", fmt.Sprintf("/-/views/%d", id), strings.NewReader(from))
			r.SetPathValue("id", fmt.Sprint(id))
			r.RemoteAddr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, who}), 1).String()
			r.Header.Set("User-Agent", firefox)
			r.Header.Set("Origin", "https://lamp.example")
			w := httptest.NewRecorder()
			counter.Beacon().ServeHTTP(w, r)
			if w.Code != 204 {
				t.Fatalf("from %s: %d", from, w.Code)
			}
		}
		come := func(from string, n int) {
			t.Helper()
			for range n {
				person++
				read(from, person)
			}
		}
		come("lamp.example", 3)
		come("www.google.com", 2)
		come("", 1)
		come("rare.example", 4)
		come("often.example", 6)
		hour := views.Hour(c.now())
		check := func(what string, sources, hosts []views.Came) {
			t.Helper()
			for _, ed := range []int64{0, 1} {
				soon(t, fmt.Sprintf("%s, edition %d", what, ed), sources, func() ([]views.Came, error) { return s.Sources(ctx, ed, hour, hour+1) })
			}
			soon(t, what, hosts, func() ([]views.Came, error) { return s.Hosts(ctx, 0, hour, hour+1, 9) })
		}
		check("at first", []views.Came{{From: "other", N: 10}, {From: "own", N: 3}, {From: "search", N: 2}, {From: "none", N: 1}}, []views.Came{{From: "often.example", N: 6}})

		// One of those who came from there comes again and again: that is not a fifth.
		c.add(31 * time.Minute)
		read("rare.example", person-6)
		check("one again", []views.Came{{From: "other", N: 11}, {From: "own", N: 3}, {From: "search", N: 2}, {From: "none", N: 1}}, []views.Came{{From: "often.example", N: 6}})
		come("rare.example", 1)
		check("a fifth", []views.Came{{From: "other", N: 12}, {From: "own", N: 3}, {From: "search", N: 2}, {From: "none", N: 1}},
			[]views.Came{{From: "often.example", N: 6}, {From: "rare.example", N: 6}})

		// The next hour knows nobody of the one before.
		c.add(time.Hour)
		come("often.example", 4)
		// What was read is the sum of what is known of where readers came from.
		soon(t, "hours", map[int64]int64{hour: 18, hour + 1: 4}, func() (map[int64]int64, error) { return s.Hours(ctx, 0, hour, hour+2) })
		if got, err := s.Hosts(ctx, 0, hour+1, hour+2, 9); err != nil || len(got) != 0 {
			t.Errorf("four in another hour: %v %v", got, err)
		}
		if n := total(t, s, id); n != 22 {
			t.Errorf("%d reads in all", n)
		}
	})
}

// soon asks until the answer is the wanted one: what only charts show is stored up to
// a second later than the reads.
func soon[T any](t *testing.T, what string, want T, ask func() (T, error)) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		got, err := ask()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		diff := cmp.Diff(want, got)
		if diff == "" {
			return
		}
		if time.Now().After(end) {
			t.Errorf("%s: %s", what, diff)
			return
		}
	}
}

// A counter that ends leaves nothing of the charts behind, and nothing twice.
func TestEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := &clock{t: time.Date(2026, 11, 14, 12, 1, 0, 0, time.UTC)}
		_, s, id, _ := counting(t, d, c)
		ctx := context.Background()
		hour, want := views.Hour(c.now()), int64(0)
		for round := range byte(3) {
			counter := views.NewCounter(s, c.now, slog.New(slog.DiscardHandler))
			run, stop := context.WithCancel(ctx)
			done := make(chan struct{})
			go func() { defer close(done); counter.Run(run) }()
			for who := range 5 + round {
				if err := counter.Count(ctx, id, netip.AddrFrom4([4]byte{10, 0, round, who}), firefox, none); err != nil {
					t.Fatal(err)
				}
				want++
			}
			stop()
			<-done
			if got, err := s.Hours(ctx, 0, hour, hour+1); err != nil || got[hour] != want || total(t, s, id) != want {
				t.Errorf("%d reads in charts (%v), %d in all, want %d", got[hour], err, total(t, s, id), want)
			}
		}
	})
}

// What is read now is what was read in the last half hour, by those that readers may
// still see; what is older is dropped.
func TestNow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := &clock{t: time.Date(2026, 11, 14, 12, 1, 0, 0, time.UTC)}
		counter, s, id, _ := counting(t, d, c)
		ctx := context.Background()
		read := func(who byte) {
			t.Helper()
			if err := counter.Count(ctx, id, netip.AddrFrom4([4]byte{10, 0, 0, who}), firefox, none); err != nil {
				t.Fatal(err)
			}
		}
		now := func(what string, want int64) {
			t.Helper()
			type now struct {
				List []views.Read
				All  int64
			}
			wanted := now{All: want}
			if want > 0 {
				wanted.List = []views.Read{{Article: id, N: want}}
			}
			soon(t, what, wanted, func() (n now, err error) {
				n.List, n.All, err = s.Now(ctx, 1, c.now(), 5)
				return n, err
			})
			if _, other, err := s.Now(ctx, 2, c.now(), 5); err != nil || other != 0 {
				t.Errorf("%s: another edition has %d (%v)", what, other, err)
			}
		}
		now("at first", 0)
		read(1)
		read(2)
		now("two", 2)
		c.add(20 * time.Minute)
		read(3)
		now("a third later", 3)
		c.add(15 * time.Minute)
		now("when the first are over", 1)
		if err := counter.Forget(ctx); err != nil {
			t.Fatal(err)
		}
		now("with the old still kept", 1)
		c.add(3 * time.Hour)
		if err := counter.Forget(ctx); err != nil {
			t.Fatal(err)
		}
		c.add(-3 * time.Hour)
		now("after they were dropped", 0)
		if total(t, s, id) != 3 {
			t.Error("a number went backwards")
		}
	})
}

// The list of what is read most, as the desk has it: by what was read in some hours.
func TestTop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := &clock{t: time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)}
		counter, s, id, hidden := counting(t, d, c)
		ctx, hour := context.Background(), views.Hour(c.now())
		for who := range byte(3) {
			if err := counter.Count(ctx, id, netip.AddrFrom4([4]byte{10, 0, 0, who}), firefox, none); err != nil {
				t.Fatal(err)
			}
			c.add(time.Hour)
		}
		addHour(t, d, hour, hidden, 50)
		for span, want := range map[[2]int64][]views.Read{
			{hour, hour + 3}:     {{Article: id, N: 3}},
			{hour + 1, hour + 2}: {{Article: id, N: 1}},
			{hour + 3, hour + 9}: nil,
		} {
			got, since, err := s.Top(ctx, 0, span[0], span[1], c.now(), 5)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" || since != span[0] {
				t.Errorf("%v since %d: %s", span, since, diff)
			}
		}
		if got, _, err := s.Top(ctx, 99, hour, hour+3, c.now(), 5); err != nil || len(got) != 0 {
			t.Errorf("of another edition: %v %v", got, err)
		}
		of, err := s.HoursOf(ctx, []int64{id}, hour+1, hour+9)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[int64]map[int64]int64{id: {hour + 1: 1, hour + 2: 1}}, of); diff != "" {
			t.Error(diff)
		}
		if n, err := s.Published(ctx, []int64{1}, c.now().Add(-24*time.Hour), c.now()); err != nil || n != 1 {
			t.Errorf("%d published (%v), want 1", n, err)
		}
	})
}

// addHour writes reads of an article in an hour.
func addHour(t *testing.T, d *db.DB, hour, id, n int64) {
	t.Helper()
	err := d.Tx(t.Context(), db.Views, func(tx *db.Tx) error {
		b := tx.Bulk("view_hour", "hour, article_id, n", "")
		b.Add(hour, id, n)
		return b.Flush(t.Context())
	})
	if err != nil {
		t.Fatal(err)
	}
}
