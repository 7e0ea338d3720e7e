package article_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/topic"
)

// TestMovedShelf: the lists hold what stands below them, wherever it is hung.
func TestMovedShelf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		topics := topic.New(d, address.New(d))
		topics.OnMove(s.store.Moved)
		named := func(name string, parent int) topic.Topic {
			return topic.Topic{Kind: topic.Section, ParentIndex: parent, Names: map[string]topic.Name{"en": {Name: name}}}
		}
		// world > asia > steppe, world > sea, home
		var ids []int64
		s.tx(func(tx *db.Tx) (err error) {
			ids, err = topics.Put(context.Background(), tx, s.pub, []topic.Topic{named("world", 0), named("asia", 1), named("steppe", 2), named("sea", 1), named("home", 0)})
			return err
		})
		world, asia, steppe, sea, home := ids[0], ids[1], ids[2], ids[3], ids[4]
		on := func(headline string, from time.Time, shelves ...article.TopicRef) article.Edit {
			e := s.edit(headline, from)
			e.Slug, e.Content.Topics = headline, shelves
			return e
		}
		ref := func(id int64, above ...int64) article.TopicRef {
			return article.TopicRef{ID: id, Kind: "section", Name: "x", Above: above}
		}
		later := noon.Add(time.Hour)
		s.put(on("grass", noon, ref(steppe, asia, world)), on("both", noon, ref(steppe, asia, world), ref(sea, world)),
			on("waves", noon, ref(sea, world)), on("soon", later, ref(steppe, asia, world)))
		check := func(when string, want map[int64][]string) {
			t.Helper()
			for id, w := range want {
				got := s.headlines(article.ListTopic, id, later)
				slices.Sort(got)
				if !slices.Equal(got, w) {
					t.Errorf("%s: list %d holds %v, want %v", when, slices.Index(ids, id), got, w)
				}
			}
		}
		check("at first", map[int64][]string{world: {"both", "grass", "soon", "waves"}, asia: {"both", "grass", "soon"}, home: nil})
		s.tx(func(tx *db.Tx) error { return topics.SetParent(context.Background(), tx, asia, home) })
		for _, tag := range []string{"topic-list:" + strconv.FormatInt(world, 10), "topic-list:" + strconv.FormatInt(home, 10)} {
			if !slices.Contains(s.heard, tag) {
				t.Errorf("%s was not told: %v", tag, s.heard)
			}
		}
		check("asia below home", map[int64][]string{world: {"both", "waves"}, asia: {"both", "grass", "soon"}, home: {"both", "grass", "soon"}, sea: {"both", "waves"}})
		if got := s.headlines(article.ListTopic, home, noon); len(got) != 2 {
			t.Errorf("what is scheduled shows early: %v", got)
		}
		s.tx(func(tx *db.Tx) error { return topics.SetParent(context.Background(), tx, asia, 0) })
		check("asia at the top", map[int64][]string{world: {"both", "waves"}, asia: {"both", "grass", "soon"}, home: nil})
		// Two at once: steppe and its former parent change places.
		s.tx(func(tx *db.Tx) error {
			_, err := topics.Put(context.Background(), tx, s.pub, []topic.Topic{
				{ID: steppe, ParentID: world}, {ID: asia, ParentID: steppe}})
			return err
		})
		check("asia below steppe below world", map[int64][]string{world: {"both", "grass", "soon", "waves"}, steppe: {"both", "grass", "soon"}, asia: nil, home: nil})
		counts, err := s.store.Counts(context.Background(), d, s.pub, noon)
		if err != nil || counts[world] != 3 || counts[sea] != 2 || counts[home] != 0 {
			t.Errorf("counts %v, %v", counts, err)
		}
	})
}
