package edition

import (
	"sync"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
)

func TestNamingHost(t *testing.T) {
	for host, want := range map[string]string{
		"lamp.kz": "lamp.kz", "news.lamp.co.uk": "news.lamp.co.uk", "xn--80aa.xn--80ao21a": "xn--80aa.xn--80ao21a", "лампа.қаз": "xn--80aa5afp.xn--80ao21a", "4lamp.kz": "4lamp.kz",
		"localhost": "", "x.localhost": "", "127.0.0.1": "", "10.1.2.3": "", "[::1]": "", "::1": "", "server": "", "": "", "lamp.test": "", "lamp.example": "",
		"lamp.local": "", "lamp.internal": "", "lamp.home.arpa": "", "lamp..kz": "", "lamp_x.kz": "", ".kz": "",
	} {
		if got := NamingHost(host); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}

// Of several processes that settle a name at the same time one does, and all
// know which.
func TestSettleNaming(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := New(d)
		var site Site
		err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) (err error) {
			site, err = s.Setup(t.Context(), tx, PublicationInput{Key: "main", Zone: "UTC", Editions: []EditionInput{{Lang: "kk", Name: "Шам"}}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if site, err := s.Site(t.Context()); err != nil || site.Publication.Naming != (Naming{}) {
			t.Errorf("%+v, %v", site.Publication, err)
		}
		day := time.Date(2027, 1, 31, 23, 59, 0, 0, time.FixedZone("", -3600)) // the next day in UTC
		got := make([]Naming, 4)
		var all sync.WaitGroup
		for i, host := range []string{"a.kz", "b.kz", "c.kz", "d.kz"} {
			all.Go(func() {
				n, err := s.SettleNaming(t.Context(), site.Publication.ID, host, day)
				if got[i] = n; err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, n := range got {
			if n != got[0] || n.Host == "" || n.Date != "2027-02-01" {
				t.Errorf("settled are %v", got)
			}
		}
		if site, err := s.Site(t.Context()); err != nil || site.Publication.Naming != got[0] {
			t.Errorf("%+v, %v", site.Publication, err)
		}
	})
}
