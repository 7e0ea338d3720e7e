package article_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/richtext"
	"dateline/internal/tag"
)

var noon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

// shop is a database with a publication of two editions.
type shop struct {
	t     *testing.T
	d     *db.DB
	store *article.Store
	pub   int64
	en    int64
	ru    int64
	heard []string
}

func open(t *testing.T, d *db.DB) *shop {
	s := &shop{t: t, d: d, store: article.New(d, address.New(d))}
	s.tx(func(tx *db.Tx) error {
		site, err := edition.New(d).Setup(context.Background(), tx, edition.PublicationInput{Key: "main", Zone: "UTC", DefaultLang: "en",
			Editions: []edition.EditionInput{{Lang: "en", Name: "Lamp"}, {Lang: "ru", Name: "Лампа"}}})
		if err == nil {
			s.pub, s.en, s.ru = site.Publication.ID, site.Editions[0].ID, site.Editions[1].ID
		}
		return err
	})
	d.OnChange(func(tags []string) { s.heard = append(s.heard, tags...) })
	return s
}

func (s *shop) tx(f func(*db.Tx) error) {
	s.t.Helper()
	s.heard = nil
	if err := s.d.Tx(context.Background(), db.Desk, f); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) put(edits ...article.Edit) []article.Saved {
	s.t.Helper()
	var saved []article.Saved
	s.tx(func(tx *db.Tx) error {
		var err error
		saved, err = s.store.Put(context.Background(), tx, edits)
		return err
	})
	return saved
}

func (s *shop) edit(headline string, from time.Time) article.Edit {
	doc, err := richtext.Parse("<p id=\"b1\">One two three.</p>\n")
	if err != nil {
		s.t.Fatal(err)
	}
	y, m, d := from.Date()
	return article.Edit{Publication: s.pub, Edition: s.en, State: article.Approved, VisibleFrom: from, Day: y*10000 + int(m)*100 + d,
		Slug: "slug", Body: doc, Actor: "test", Content: article.Content{Lang: "en", Kind: article.Text, Headline: headline,
			Topics:  []article.TopicRef{{ID: 7, Kind: "section", Name: "Town", Above: []int64{5}}},
			Credits: []article.Credit{{Entity: 9, Name: "Saule", Role: "author"}}}}
}

func (s *shop) headlines(kind int, ref int64, now time.Time) []string {
	s.t.Helper()
	list, _, err := s.store.List(context.Background(), article.ListQuery{Edition: s.en, Kind: kind, Ref: ref, Now: now, Limit: 50})
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, a := range list {
		out = append(out, a.Headline)
	}
	return out
}

func TestVisibility(t *testing.T) {
	at := noon
	for _, c := range []struct {
		v    article.Visibility
		now  time.Time
		want article.Status
	}{
		{article.Visibility{State: article.Approved, From: at, Live: true}, at, article.Published},
		{article.Visibility{State: article.Approved, From: at, Live: true}, at.Add(-time.Millisecond), article.Scheduled},
		{article.Visibility{State: article.Approved, From: at}, at, article.Status(article.Approved)},
		{article.Visibility{State: article.Approved, Live: true}, at, article.Status(article.Approved)},
		{article.Visibility{State: article.Draft, From: at, Live: true}, at, article.Status(article.Draft)},
		{article.Visibility{State: article.Withdrawn, From: at, Live: true}, at, article.Status(article.Withdrawn)},
	} {
		if got := c.v.At(c.now); got != c.want {
			t.Errorf("%+v at %v: %s, want %s", c.v, c.now, got, c.want)
		}
	}
}

// TestOneDefinition holds the Go type and the SQL view against each other, for
// every state and instant.
func TestOneDefinition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		ctx := context.Background()
		var ids []int64
		for i, state := range []article.State{article.Draft, article.InReview, article.Ready, article.Approved, article.Spiked} {
			e := s.edit(fmt.Sprint("h", i), noon)
			e.State = state
			ids = append(ids, s.put(e)[0].ID)
		}
		killed := s.put(s.edit("killed", noon))[0].ID
		s.tx(func(tx *db.Tx) error { return s.store.Withdraw(ctx, tx, killed, "wrong person named") })
		early := s.put(s.edit("early", noon))[0].ID
		s.tx(func(tx *db.Tx) error {
			return s.store.WithdrawAt(ctx, tx, early, noon.Add(time.Minute), "it was another bird")
		})
		if a, err := s.store.Public(ctx, early, noon.Add(time.Hour)); !fault.Is(err, fault.Gone) || !a.WithdrawnAt.Equal(noon.Add(time.Minute)) {
			t.Errorf("withdrawn a minute past noon: %v, at %v", err, a.WithdrawnAt)
		}
		ids = append(ids, killed)
		for _, now := range []time.Time{noon.Add(-time.Millisecond), noon, noon.Add(time.Hour)} {
			list, err := s.store.PublicByIDs(ctx, ids, now)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range ids {
				a, err := s.store.Get(ctx, d, id)
				if err != nil {
					t.Fatal(err)
				}
				inView := slices.ContainsFunc(list, func(x article.Article) bool { return x.ID == id })
				_, err = s.store.Public(ctx, id, now)
				if a.Visibility().Public(now) != inView || (err == nil) != inView {
					t.Errorf("%s at %v: type says %v, view %v, Public %v", a.State, now, a.Visibility().Public(now), inView, err)
				}
			}
		}
		if _, err := s.store.Public(ctx, killed, noon); !fault.Is(err, fault.Gone) {
			t.Errorf("a withdrawn article: %v", err)
		}
		if got := s.headlines(article.ListEdition, 0, noon); !slices.Equal(got, []string{"h3"}) {
			t.Errorf("listed %q", got)
		}
	})
}

func TestLists(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.put(s.edit("old", noon.AddDate(0, 0, -2)), s.edit("new", noon), s.edit("soon", noon.Add(time.Minute)))
		other := s.edit("русская", noon)
		other.Edition, other.Content.Lang = s.ru, "ru"
		s.put(other)
		for _, c := range []struct {
			kind int
			ref  int64
		}{{article.ListEdition, 0}, {article.ListTopic, 7}, {article.ListTopic, 5}, {article.ListAuthor, 9}} {
			if got := s.headlines(c.kind, c.ref, noon); !slices.Equal(got, []string{"new", "old"}) {
				t.Errorf("list %+v: %q", c, got)
			}
		}
		if got := s.headlines(article.ListTopic, 8, noon); got != nil {
			t.Errorf("an empty shelf lists %q", got)
		}
		next, err := s.store.NextChange(context.Background(), s.en, article.ListTopic, 7, noon)
		if err != nil || !next.Equal(noon.Add(time.Minute)) {
			t.Errorf("next change at %v, %v", next, err)
		}
	})
}

// TestEditMoves edits an article again: lists, tags, addresses and revisions follow.
func TestEditMoves(t *testing.T) {
	now := func(c *db.Config) { c.Now = func() time.Time { return noon.AddDate(0, 0, 2) } } // all was seen
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		ctx := context.Background()
		first := s.put(s.edit("first", noon))[0]
		if want := (article.Saved{ID: first.ID, StoryID: first.StoryID, RevisionID: first.RevisionID, Revision: 1,
			Path: "2026/11/14/slug", Slug: "slug"}); first != want {
			t.Errorf("saved %+v, want %+v", first, want)
		}
		rival := s.put(s.edit("rival", noon))[0]
		if rival.Path != "2026/11/14/slug-2" || !rival.Renamed {
			t.Errorf("the second of one slug is at %q", rival.Path)
		}
		e := s.edit("second", noon.AddDate(0, 0, 1))
		e.ID, e.Slug, e.Why = first.ID, "better", "typo"
		e.Content.Topics = []article.TopicRef{{ID: 8, Kind: "section", Name: "River"}}
		again := s.put(e)[0]
		if again.Path != "2026/11/14/better" || again.Revision != 2 || again.StoryID != first.StoryID {
			t.Errorf("saved again %+v: the day of first publication stays, the revision grows", again)
		}
		for _, want := range []string{"article:" + fmt.Sprint(first.ID), "front:1", "day:1:20261114",
			tag.Join("topic-list:7", tag.At(noon.UnixMilli())), tag.Join("topic-list:8", tag.At(noon.AddDate(0, 0, 1).UnixMilli()))} {
			if !slices.Contains(s.heard, want) {
				t.Errorf("%q is not among the changes %q", want, s.heard)
			}
		}
		if got := s.headlines(article.ListTopic, 7, noon.AddDate(1, 0, 0)); !slices.Equal(got, []string{"rival"}) {
			t.Errorf("the old shelf lists %q", got)
		}
		if got := s.headlines(article.ListTopic, 8, noon.AddDate(1, 0, 0)); !slices.Equal(got, []string{"second"}) {
			t.Errorf("the new shelf lists %q", got)
		}
		addresses := address.New(d)
		old, current, err := addresses.Lookup(ctx, s.en, "2026/11/14/slug")
		if err != nil || current || old.ID != first.ID {
			t.Errorf("the old address: %+v current %v, %v", old, current, err)
		}
		same := s.put(e)[0]
		if same.Revision != 2 {
			t.Errorf("saying the same again made revision %d", same.Revision)
		}
		revs, err := s.store.Revisions(ctx, first.ID)
		if err != nil || len(revs) != 2 {
			t.Fatalf("%d revisions, %v", len(revs), err)
		}
		if err := article.Verify(revs); err != nil {
			t.Error(err)
		}
		revs[0].Content.Headline = "history rewritten"
		if article.Verify(revs) == nil {
			t.Error("a changed revision passes")
		}
		a, err := s.store.Get(ctx, d, first.ID)
		if err != nil {
			t.Fatal(err)
		}
		c, doc, err := s.store.Live(ctx, a, article.Anyone)
		if err != nil || c.Headline != "second" || !strings.HasPrefix(doc.Text(), "One two three.") {
			t.Errorf("live content %q, %q, %v", c.Headline, doc.Text(), err)
		}
	}, now)
}

// TestWithdrawLeavesNothing kills an article: no list, calendar or picture shows it.
func TestWithdrawLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		ctx := context.Background()
		id := s.put(s.edit("x", noon))[0].ID
		err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return s.store.Withdraw(ctx, tx, id, " ") })
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("withdrawn without a reason: %v", err)
		}
		s.tx(func(tx *db.Tx) error { return s.store.Withdraw(ctx, tx, id, "wrong") })
		if !slices.Contains(s.heard, fmt.Sprintf("!article:%d", id)) || !slices.Contains(s.heard, tag.Join("topic-list:7", tag.At(noon.UnixMilli()))) {
			t.Errorf("heard %q", s.heard)
		}
		for _, q := range []string{"SELECT count(*) FROM listing", "SELECT count(*) FROM listing_day", "SELECT count(*) FROM article_media_public"} {
			if n, err := db.Get(ctx, d, db.One[int], q); n != 0 || err != nil {
				t.Errorf("%s: %d, %v", q, n, err)
			}
		}
	})
}

func TestTranslationsAndDrafts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		ctx := context.Background()
		en := s.put(s.edit("en", noon))[0]
		ru := s.edit("ru", noon.Add(time.Hour))
		ru.Edition, ru.StoryID = s.ru, en.StoryID
		s.put(ru)
		draft := s.edit("draft", time.Time{})
		draft.State, draft.Day, draft.VisibleFrom = article.Draft, 0, time.Time{}
		if got := s.put(draft)[0]; got.Path != "" {
			t.Errorf("a draft has the address %q", got.Path)
		}
		list, err := s.store.Translations(ctx, en.StoryID, noon)
		if err != nil || len(list) != 1 {
			t.Errorf("%d translations at noon, %v", len(list), err)
		}
		next, err := s.store.NextOfStory(ctx, en.StoryID, noon)
		if err != nil || !next.Equal(noon.Add(time.Hour)) {
			t.Errorf("the next at %v, %v", next, err)
		}
		credits, err := s.store.Credits(ctx, []int64{en.ID})
		if diff := cmp.Diff(map[int64][]article.Credit{en.ID: {{Entity: 9, Name: "Saule", Role: "author"}}}, credits); diff != "" || err != nil {
			t.Errorf("credits (-want +got): %s %v", diff, err)
		}
		err = d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			bad := s.edit("no day", noon)
			bad.Day = 0
			_, err := s.store.Put(ctx, tx, []article.Edit{bad})
			return err
		})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("approved without a day: %v", err)
		}
	})
}
