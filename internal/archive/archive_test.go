package archive_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/address"
	"dateline/internal/archive"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
)

func TestDates(t *testing.T) {
	for day, want := range map[int]bool{20260228: true, 20260229: false, 20240229: true, 20261301: false, 20260100: false, 20260132: false, 10101: true, 0: false} {
		if got := archive.Valid(day); got != want {
			t.Errorf("Valid(%d) = %v", day, got)
		}
	}
	almaty := time.FixedZone("", 5*3600)
	if got := archive.DayOf(time.Date(2026, 11, 14, 20, 0, 0, 0, time.UTC), almaty); got != 20261115 {
		t.Errorf("the day in Almaty is %d", got)
	}
}

func TestCalendar(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		now := time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)
		var ed int64
		var ids []int64
		days := []int{20241231, 20250105, 20250105, 20250107, 20250301, 20261114, 20261120} // the last is not yet visible
		err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			site, err := edition.New(d).Setup(ctx, tx, edition.PublicationInput{Key: "main", Zone: "UTC", DefaultLang: "en",
				Editions: []edition.EditionInput{{Lang: "en", Name: "Lamp"}, {Lang: "ru", Name: "Лампа"}}})
			if err != nil {
				return err
			}
			ed = site.Editions[0].ID
			var edits []article.Edit
			for i, day := range days {
				y, m, n := archive.Split(day)
				edits = append(edits, article.Edit{Publication: site.Publication.ID, Edition: ed, State: article.Approved, Day: day, Slug: fmt.Sprint("a", i),
					VisibleFrom: time.Date(y, m, n, 9, i, 0, 0, time.UTC), Content: article.Content{Kind: article.Text, Headline: "h"}})
			}
			other := edits[5]
			other.Edition = site.Editions[1].ID
			other.Day, other.VisibleFrom = 20250106, time.Date(2025, 1, 6, 9, 0, 0, 0, time.UTC)
			saved, err := article.New(d, address.New(d)).Put(ctx, tx, append(edits, other))
			for _, s := range saved {
				ids = append(ids, s.ID)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s := archive.New(d)
		for _, c := range []struct {
			y    int
			m    time.Month
			want archive.Month
		}{
			{2025, 1, archive.Month{Year: 2025, Month: 1, Days: []int{5, 7}, Prev: 20241231, Next: 20250301}},
			{2025, 2, archive.Month{Year: 2025, Month: 2, Prev: 20250107, Next: 20250301}},
			{2026, 11, archive.Month{Year: 2026, Month: 11, Days: []int{14}, Prev: 20250301}},
			{2024, 12, archive.Month{Year: 2024, Month: 12, Days: []int{31}, Next: 20250105}},
		} {
			got, err := s.Month(ctx, ed, c.y, c.m, now)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%d-%d (-want +got): %s %v", c.y, c.m, diff, err)
			}
		}
		year, err := s.Year(ctx, ed, 2025, now)
		if diff := cmp.Diff(archive.Year{Year: 2025, Months: []time.Month{1, 3}, Prev: 2024, Next: 2026}, year); diff != "" || err != nil {
			t.Errorf("2025 (-want +got): %s %v", diff, err)
		}
		got, more, err := s.Articles(ctx, ed, 20250100, 20250131, now, 0, 2)
		if diff := cmp.Diff([]int64{ids[3], ids[2]}, got); diff != "" || !more || err != nil {
			t.Errorf("January (-want +got): %s more %v %v", diff, more, err)
		}
		next, err := s.NextChange(ctx, ed, now)
		if want := time.Date(2026, 11, 20, 9, 6, 0, 0, time.UTC); !next.Equal(want) || err != nil {
			t.Errorf("next change %v, %v; want %v", next, err, want)
		}
		for _, c := range []struct {
			from, to int
			want     bool
		}{
			{20250100, 20250131, true}, {20250105, 20250105, true}, {20250106, 20250106, false}, {20250201, 20250231, false},
			{20250101, 20251231, true}, {20241231, 20241231, true}, {20230101, 20231231, false}, {20261120, 20261120, false}, // it is not yet
		} {
			if got, err := s.Any(ctx, ed, c.from, c.to, now); got != c.want || err != nil {
				t.Errorf("%d–%d has an article: %v, %v", c.from, c.to, got, err)
			}
		}
		newest, _ := s.Newest(ctx, ed, now)
		oldest, _ := s.Oldest(ctx, ed, now)
		if newest != 20261114 || oldest != 20241231 {
			t.Errorf("from %d to %d", oldest, newest)
		}
		later, err := s.Month(ctx, ed, 2026, 11, now.AddDate(0, 0, 7))
		if diff := cmp.Diff([]int{14, 20}, later.Days); diff != "" || err != nil {
			t.Errorf("a week later (-want +got): %s %v", diff, err)
		}
	})
}
