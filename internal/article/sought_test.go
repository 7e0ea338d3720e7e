package article_test

import (
	"context"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
)

// TestSought: the desk finds headlines whatever case and letters they are typed in,
// the one that readers see and the one that is being written, and those of a version
// before once they are folded.
func TestSought(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := open(t, d), context.Background()
		live := s.put(s.edit("Ёлка в Қостанай 100%", noon.Add(-time.Hour)))[0].ID
		s.put(s.edit("Other news", noon.Add(-time.Hour)))
		find := func(text string) (out []int64) {
			t.Helper()
			items, _, err := s.store.Desk(ctx, article.DeskQuery{Publication: s.pub, Sight: article.SightPublished, Text: text, Limit: 9, Now: noon})
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range items {
				out = append(out, i.ID)
			}
			return out
		}
		all := func(when string) {
			t.Helper()
			for _, text := range []string{"ёлка", "ЕЛКА", "костанай", "ҚОСТ ёл", "100%", "станай"} {
				if got := find(text); len(got) != 1 || got[0] != live {
					t.Errorf("%s: %q finds %v", when, text, got)
				}
			}
			for _, text := range []string{"сосна", "%", "_", "елка сосна"} {
				if got := find(text); len(got) != 0 {
					t.Errorf("%s: %q finds %v", when, text, got)
				}
			}
		}
		all("stored")
		// As a version before stored it.
		if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { _, err := tx.Exec(ctx, "DELETE FROM article_sought"); return err }); err != nil {
			t.Fatal(err)
		}
		if got := find("ёлка"); len(got) != 0 {
			t.Errorf("found %v without what it is found by", got)
		}
		if err := s.store.Seek(ctx); err != nil {
			t.Fatal(err)
		}
		all("folded later")
		save := func(headline string) {
			t.Helper()
			err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
				a, err := s.store.Get(ctx, tx, live)
				if err != nil {
					return err
				}
				c, err := s.store.Working(ctx, tx, a)
				if err != nil {
					return err
				}
				c.Text.Headline = headline
				_, _, err = s.store.Save(ctx, tx, live, c.Version, c.Text, 1)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		save("Пихта")
		if got := find("ПИХТА"); len(got) != 1 {
			t.Errorf("by what is being written: %v", got)
		}
		if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return s.store.Discard(ctx, tx, live) }); err != nil {
			t.Fatal(err)
		}
		if got := find("пихта"); len(got) != 0 {
			t.Errorf("thrown away, and found: %v", got)
		}
	})
}
