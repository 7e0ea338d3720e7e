package article_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
)

// TestDayFrozenWhenSeen: the day in an address may change until somebody could
// have seen the article there, whatever had been planned; and a revision says
// when it was first live only if it ever was.
func TestDayFrozenWhenSeen(t *testing.T) {
	now := noon
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now = noon
		s := open(t, d)
		year := func(n int) time.Time { return noon.AddDate(n, 0, 0) }
		id := s.put(s.edit("planned", year(5)))[0].ID
		again := func(headline string, from time.Time, state article.State) article.Saved {
			e := s.edit(headline, from)
			e.ID, e.State = id, state
			if state != article.Approved {
				e.VisibleFrom, e.Day = time.Time{}, 0
			}
			return s.put(e)[0]
		}
		live := func(want string) {
			t.Helper()
			revs, err := s.store.Revisions(context.Background(), id)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range revs {
				y := "never"
				if !r.Published.IsZero() {
					y = fmt.Sprint(r.Published.Year())
				}
				got = append(got, r.Content.Headline+" "+y)
			}
			if g := strings.Join(got, ", "); g != want {
				t.Errorf("revisions %q, want %q", g, want)
			}
		}
		path := func(sv article.Saved, want string) {
			t.Helper()
			if sv.Path != want {
				t.Errorf("it is at %q, want %q", sv.Path, want)
			}
		}
		live("planned 2031")
		path(again("moved", year(3), article.Approved), "2029/11/14/slug")
		live("planned never, moved 2029")
		again("moved", time.Time{}, article.Draft)
		live("planned never, moved never")
		path(again("moved", year(1), article.Approved), "2027/11/14/slug")
		live("planned never, moved 2027")
		path(again("moved", year(-1), article.Approved), "2025/11/14/slug") // seen from now on
		live("planned never, moved 2025")
		path(again("seen", year(2), article.Approved), "2025/11/14/slug")
		live("planned never, moved 2025, seen 2028")
		now = noon.AddDate(3, 0, 0)
		again("seen", time.Time{}, article.Draft)
		path(again("back", year(4), article.Approved), "2025/11/14/slug")
		live("planned never, moved 2025, seen 2028, back 2030")
	}, func(c *db.Config) { c.Now = func() time.Time { return now } })
}
