//go:build e2e

package e2e

import (
	"context"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/views"
)

// reads fills the hours of some weeks as a newsroom of that size has them: quiet
// nights, a peak before noon, the newest articles read most. What is read today and a
// week ago is given back.
func (k *atDesk) reads(ids []int64, edition int64) (today int64) {
	k.t.Helper()
	ctx, now := context.Background(), time.Now()
	site, err := k.app.Editions.Site(ctx)
	if err != nil {
		k.t.Fatal(err)
	}
	zone, err := time.LoadLocation(site.Publication.Zone)
	if err != nil {
		k.t.Fatal(err)
	}
	y, m, d := now.In(zone).Date()
	midnight := views.Hour(time.Date(y, m, d, 0, 0, 0, 0, zone))
	err = k.app.DB.Tx(ctx, db.Views, func(tx *db.Tx) error {
		hours, sources := tx.Bulk("view_hour", "hour, article_id, n", ""), tx.Bulk("view_source", "hour, edition_id, source, n", "")
		hosts, slots := tx.Bulk("view_host", "hour, edition_id, host, n", ""), tx.Bulk("view_slot", "slot, article_id, n", "")
		for h := views.Hour(now) - 57*24; h <= views.Hour(now); h++ {
			local := time.Unix(h*3600, 0).In(zone).Hour()
			busy := 12 + 300*math.Exp(-math.Pow(float64(local-11), 2)/14) + 140*math.Exp(-math.Pow(float64(local-20), 2)/8)
			if h >= midnight {
				busy *= 1.31
			}
			all := int64(0)
			for i, id := range ids {
				n := int64(busy / float64(1+i*i))
				if n == 0 {
					continue
				}
				all += n
				hours.Add(h, id, n)
			}
			if h >= midnight {
				today += all
			}
			rest := all
			for i, s := range views.Sources() {
				n := all * []int64{38, 18, 27, 4, 3, 4, 6}[i] / 100
				if i == len(views.Sources())-1 {
					n = rest
				}
				if rest -= n; n > 0 {
					sources.Add(h, edition, string(s), n)
				}
				if n > 0 && s == views.Other {
					hosts.Add(h, edition, "ferry-timetable.example", n)
				}
			}
		}
		for i, id := range ids {
			slots.Add(views.Slot(now.Add(-10*time.Minute)), id, 30/(1+i))
		}
		for _, b := range []*db.Bulk{hours, sources, hosts, slots} {
			if err := b.Flush(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return today
}

// digits is a number without what groups it.
func digits(s string) int64 {
	n, _ := strconv.ParseInt(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s), 10, 64)
	return n
}

// An editor looks at what is read: today beside a week ago, the last weeks, one
// article's curve, from where readers come. A reader who comes is in it at once. All
// of it without scripts.
func TestDeskNumbers(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	site, err := k.app.Editions.Site(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ed := site.Default()
	ids, _, err := k.app.Views.MostRead(ctx, ed.ID, time.Now(), 5)
	if err != nil || len(ids) < 5 {
		t.Fatalf("%d articles that were read (%v)", len(ids), err)
	}
	want := k.reads(ids, ed.ID)

	p := k.b.open(t, k.link(k.chief), false, 1440, 900)
	p.submit(t, "main form button")
	p.arrived(t, "/desk/account")
	p.self = k.url + "/desk/numbers"
	p.goTo(t, p.self)
	shown := func(what string) int64 {
		t.Helper()
		return digits(eval[string](t, p, `document.querySelector(".kpi dd").firstChild.textContent`))
	}
	if got := shown("today"); got != want {
		t.Errorf("%d views today, want %d", got, want)
	}
	sum := eval[int64](t, p, `[...document.querySelectorAll(".chart-f tbody tr")].reduce((n, r) => n + (+r.cells[1].textContent.replace(/\D/g, "") || 0), 0)`)
	if sum != want {
		t.Errorf("the table under the chart adds up to %d, want %d", sum, want)
	}
	if n := eval[int](t, p, `document.querySelectorAll(".chart rect").length`); n == 0 {
		t.Error("the chart has no bars")
	}
	if text := visibleText(t, p); !strings.Contains(text, "more than a week ago by this time") || !strings.Contains(text, "ferry-timetable.example") {
		t.Errorf("the page says\n%s", text)
	}
	// Somebody comes to the first article from the front page.
	list, err := k.app.Articles.PublicByIDs(ctx, ids[:1], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	own := func() int64 {
		t.Helper()
		all, err := k.app.Views.Sources(ctx, ed.ID, views.Hour(time.Now())-1, views.Hour(time.Now())+1)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			if c.From == string(views.Own) {
				return c.N
			}
		}
		return 0
	}
	counting, stop := context.WithCancel(ctx)
	defer stop()
	go k.app.Counter.Run(counting)
	before := own()
	k.b.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	q := k.b.open(t, k.url+"/", true, 1280, 900)
	eval[bool](t, q, `(location.href = `+text(ed.Prefix+"/"+list[0].Path)+`, true)`)
	for range 100 {
		if own() > before {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if got := own(); got != before+1 {
		t.Errorf("%d came from our own pages, want %d", got, before+1)
	}
	q.close()
	p.goTo(t, k.url+"/desk/numbers")
	if got := shown("today"); got < want+1 {
		t.Errorf("with one more reader %d views today, want %d", got, want+1)
	}

	one := "/desk/articles/" + strconv.FormatInt(ids[0], 10)
	pages := []string{"/desk/numbers?span=7", "/desk/numbers?span=28&edition=" + strconv.FormatInt(ed.ID, 10), "/desk/", one}
	for _, page := range pages {
		p.self = k.url + page
		p.goTo(t, p.self)
		if n := eval[int](t, p, `document.querySelectorAll(".chart rect").length`); n == 0 {
			t.Errorf("%s has no bars", page)
		}
	}
	p.goTo(t, k.url+"/desk/numbers?edition="+strconv.FormatInt(site.Editions[1].ID, 10))
	if got := shown("another edition"); got != 0 {
		t.Errorf("another edition has %d views today", got)
	}
	p.quiet(t, "numbers")
	k.b.agent = ""
	for _, page := range append(pages, "/desk/numbers") {
		x := k.signIn(k.chief) // a tab has two minutes
		x.self = k.url + page
		x.goTo(t, x.self)
		x.deskSound(t, "numbers "+page)
		x.quiet(t, page)
		x.close()
	}
}
