package app_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/user"
	"dateline/internal/views"
)

// Whoever may read numbers sees them, of all editions and of one, in the hours of the
// newsroom's zone; nobody else does.
func TestNumbers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		ctx, now := context.Background(), n.clock.now()
		ed := n.site.Default()
		ids, _, err := n.app.Views.MostRead(ctx, ed.ID, now, 2)
		if err != nil || len(ids) != 2 {
			t.Fatalf("%v %v", ids, err)
		}
		n.change(func(ctx context.Context, tx *db.Tx) error {
			hours, sources := tx.Bulk("view_hour", "hour, article_id, n", ""), tx.Bulk("view_source", "hour, edition_id, source, n", "")
			for back, reads := range map[int]int64{0: 1234, 7 * 24: 1000, 30 * 24: 77} {
				h := views.Hour(now.Add(-time.Duration(back+1) * time.Hour)) // whole and over
				hours.Add(h, ids[0], reads-34)
				hours.Add(h, ids[1], 34)
				sources.Add(h, ed.ID, "search", reads-34)
				sources.Add(h, ed.ID, "none", 34)
			}
			if err := hours.Flush(ctx); err != nil {
				return err
			}
			return sources.Flush(ctx)
		})
		list, err := n.app.Articles.PublicByIDs(ctx, ids, now)
		if err != nil {
			t.Fatal(err)
		}
		for role, who := range n.staff {
			cookie := n.enter(who)
			w := at(n.desk, "GET", "/desk/numbers", cookie, nil)
			if may := role.Reach(user.ReadNumbers) != user.No; (w.Code == http.StatusOK) != may {
				t.Errorf("%s: %d", role, w.Code)
			} else if !may {
				if today := at(n.desk, "GET", "/desk/", cookie, nil).Body.String(); strings.Contains(today, `class="kpi"`) {
					t.Errorf("%s sees numbers on the first page", role)
				}
				continue
			}
			if err := n.app.Users.SetSelf(ctx, who.ID, who.Name, "en"); err != nil {
				t.Fatal(err)
			}
			for path, want := range map[string][]string{
				"/desk/numbers":                   {"1,234", ">1,200<", "97%", "Search engines", list[0].Headline, list[1].Headline},
				"/desk/numbers?span=7":            {"1,234", "23% more than in the seven days before"},
				"/desk/numbers?span=28&edition=1": {"2,234"},
				"/desk/numbers?edition=2":         {"<dd>0"},
				"/desk/numbers?edition=x&span=99": {"1,234"},
				"/desk/":                          {"1,234", `role="img"`, list[0].Headline},
			} {
				w := at(n.desk, "GET", path, cookie, nil)
				for _, text := range want {
					if !strings.Contains(w.Body.String(), text) {
						t.Errorf("%s as %s: %d without %q", path, role, w.Code, text)
					}
				}
			}
			// What an author sees of others' articles is what readers see.
			own := strings.Contains(at(n.desk, "GET", "/desk/numbers", cookie, nil).Body.String(), fmt.Sprintf(`href="/desk/articles/%d"`, ids[0]))
			if own != (role.Reach(user.ReadArticles) == user.All) {
				t.Errorf("%s: links to the desk's pages of articles: %v", role, own)
			}
		}
	})
}
