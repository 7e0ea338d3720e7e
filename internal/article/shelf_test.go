package article_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
)

// A series has an order, an article neighbours, and an edition the shelves on
// which something stands; what is still to come counts nowhere.
func TestShelf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		ctx := context.Background()
		var edits []article.Edit
		at := func(hours int, topic, author int64) {
			edits = append(edits, article.Edit{Publication: s.pub, Edition: s.en, State: article.Approved, Day: 20261114, Slug: "a" + string(rune('a'+len(edits))),
				VisibleFrom: noon.Add(time.Duration(hours) * time.Hour), Content: article.Content{Kind: article.Text, Headline: "h",
					Topics: []article.TopicRef{{ID: topic, Kind: "series"}}, Credits: []article.Credit{{Entity: author, Role: "author"}}}})
		}
		at(-3, 7, 21)
		at(-2, 7, 22)
		at(-2, 7, 21) // at the same instant: the id decides
		at(-1, 8, 23)
		at(+1, 7, 24) // not yet
		saved := s.put(edits...)
		get := func(i int) article.Article {
			a, err := s.store.Get(ctx, d, saved[i].ID)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		list := article.ListQuery{Edition: s.en, Kind: article.ListTopic, Ref: 7, Now: noon}
		type place struct{ Earlier, Later, N, Of int }
		index := map[int64]int{0: -1}
		for i, x := range saved {
			index[x.ID] = i
		}
		for i, want := range []place{{-1, 1, 1, 3}, {0, 2, 2, 3}, {1, -1, 3, 3}} {
			earlier, later, err := s.store.Beside(ctx, list, get(i))
			if err != nil {
				t.Fatal(err)
			}
			n, of, err := s.store.Part(ctx, list, get(i), 3)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, place{index[earlier], index[later], n, of}); diff != "" {
				t.Errorf("article %d (-want +got): %s", i, diff)
			}
		}
		if n, of, err := s.store.Part(ctx, list, get(0), 2); n != 0 || of != 0 || err != nil {
			t.Errorf("a list that is too long to count: %d of %d, %v", n, of, err)
		}
		for kind, want := range map[int][]int64{article.ListTopic: {7, 8}, article.ListAuthor: {21, 22, 23}} {
			got, err := s.store.Shelves(ctx, s.en, kind, noon)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("shelves of kind %d (-want +got): %s %v", kind, diff, err)
			}
		}
		if got, err := s.store.Shelves(ctx, s.ru, article.ListAuthor, noon); len(got) > 0 || err != nil {
			t.Errorf("the other edition has %d, %v", got, err)
		}
		list.Oldest, list.Limit = true, 2
		first, more, err := s.store.List(ctx, list)
		if err != nil || !more || len(first) != 2 || index[first[0].ID] != 0 || index[first[1].ID] != 1 {
			t.Errorf("the oldest first: %v, more %v, %v", first, more, err)
		}
	})
}
