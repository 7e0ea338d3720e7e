package views

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/db"
	"dateline/internal/dbtest"
)

func write(t *testing.T, d *db.DB, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Tx(t.Context(), db.Desk, f); err != nil {
		t.Fatal(err)
	}
}

func TestTotals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), New(d)
		write(t, d, func(tx *db.Tx) error { return s.SetBase(ctx, tx, map[int64]int64{1: 3537, 2: 10, 3: 1 << 40}) })
		write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE view_total SET counted = 5 WHERE article_id = 1")
			return err
		})
		// Imported again, older and newer: a number never goes backwards.
		write(t, d, func(tx *db.Tx) error { return s.SetBase(ctx, tx, map[int64]int64{1: 3000, 2: 20}) })
		got, err := s.Total(ctx, []int64{1, 2, 3, 4})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[int64]int64{1: 3542, 2: 20, 3: 1 << 40}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMostRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), New(d)
		now := time.Unix(1_700_000_000, 0)
		write(t, d, func(tx *db.Tx) error {
			run := func(q string, args ...any) {
				if _, err := tx.Exec(ctx, q, args...); err != nil {
					t.Fatal(q, err)
				}
			}
			run("INSERT INTO publication (id, key, zone, created_at) VALUES (1, 'main', 'UTC', 0)")
			run("INSERT INTO edition (id, publication_id, lang, name) VALUES (1, 1, 'en', 'x'), (2, 1, 'ru', 'y')")
			run("INSERT INTO story (id, publication_id, created_at) VALUES (1, 1, 0)")
			for _, a := range []struct {
				id, edition int64
				state       string
				after       time.Duration
			}{
				{1, 1, "approved", -time.Hour}, {2, 1, "approved", -2 * time.Hour}, {3, 1, "withdrawn", -time.Hour},
				{4, 1, "approved", time.Hour}, {5, 2, "approved", -time.Hour}, {6, 1, "approved", -3 * time.Hour},
			} {
				from := now.Add(a.after).UnixMilli()
				run("INSERT INTO article (id, publication_id, story_id, edition_id, kind, state, visible_from, live_revision_id, created_at, changed_at)"+
					" VALUES ($1, 1, 1, $2, 'article', $3, $4, 1, 0, 0)", a.id, a.edition, a.state, from)
				if a.state == "approved" {
					run("INSERT INTO listing (edition_id, kind, ref_id, visible_from, article_id) VALUES ($1, 0, 0, $2, $3)", a.edition, from, a.id)
				}
			}
			return s.SetBase(ctx, tx, map[int64]int64{1: 5, 2: 50, 3: 500, 4: 600, 5: 700})
		})
		read := func(rows ...[3]int64) { // hours ago, article, how often
			write(t, d, func(tx *db.Tx) error {
				b := tx.Bulk("view_hour", "hour, article_id, n", "")
				for _, r := range rows {
					b.Add(Hour(now)-r[0], r[1], r[2])
				}
				return b.Flush(ctx)
			})
		}
		most := func(limit int, within Window, want ...int64) {
			t.Helper()
			got, w, err := s.MostRead(ctx, 1, now, limit)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" || w != within {
				t.Errorf("%s instead of %s: %s", w, within, diff)
			}
		}
		most(5, Ever, 2, 1) // nobody read anything yet: by totals, without the never read
		read([3]int64{0, 3, 99}, [3]int64{0, 4, 99}, [3]int64{0, 5, 99})
		most(5, Ever, 2, 1) // withdrawn, to come, of another edition
		read([3]int64{500, 1, 3})
		most(1, Month, 1)
		most(2, Ever, 2, 1)
		read([3]int64{30, 2, 2}, [3]int64{26, 1, 1})
		most(2, Week, 2, 1)
		most(5, Week, 2, 1) // all that were ever read
		read([3]int64{0, 1, 3}, [3]int64{5, 1, 4}, [3]int64{0, 6, 9})
		most(1, Day, 6)
		most(2, Day, 6, 1)
		most(3, Week, 6, 1, 2)
	})
}

// An edition hardly read, beside one that is read much, must not have the whole
// month of that one added up every minute.
func TestMostReadIsBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), New(d)
		now := time.Unix(1_700_000_000, 0)
		write(t, d, func(tx *db.Tx) error {
			b := tx.Bulk("view_hour", "hour, article_id, n", "")
			for id := range int64(mostHours) {
				b.Add(Hour(now)-48, id+1, 1)
			}
			if err := b.Flush(ctx); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "INSERT INTO publication (id, key, zone, created_at) VALUES (1, 'main', 'UTC', 0)")
			if err == nil {
				_, err = tx.Exec(ctx, "INSERT INTO edition (id, publication_id, lang, name) VALUES (1, 1, 'en', 'x')")
			}
			if err == nil {
				_, err = tx.Exec(ctx, "INSERT INTO story (id, publication_id, created_at) VALUES (1, 1, 0)")
			}
			if err == nil {
				_, err = tx.Exec(ctx, "INSERT INTO article (id, publication_id, story_id, edition_id, kind, state, visible_from, live_revision_id, created_at, changed_at)"+
					" VALUES (1, 1, 1, 1, 'article', 'approved', 0, 1, 0, 0)")
			}
			if err == nil {
				err = s.SetBase(ctx, tx, map[int64]int64{1: 5})
			}
			return err
		})
		ids, w, err := s.MostRead(ctx, 1, now, 5)
		if err != nil || w != Ever || !cmp.Equal(ids, []int64{1}) {
			t.Errorf("%v %s %v", ids, w, err)
		}
	})
}
