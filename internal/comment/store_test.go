package comment

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
)

// anArticle makes the rows that comments hang on.
func anArticle(t *testing.T, d *db.DB) int64 {
	t.Helper()
	var id int64
	err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error {
		for _, q := range []string{
			"INSERT INTO publication (id, key, zone, created_at) VALUES (1, 'main', 'UTC', 0) ON CONFLICT DO NOTHING",
			"INSERT INTO edition (id, publication_id, lang, name) VALUES (1, 1, 'en', 'x') ON CONFLICT DO NOTHING",
			"INSERT INTO story (id, publication_id, created_at) VALUES (1, 1, 0) ON CONFLICT DO NOTHING",
		} {
			if _, err := tx.Exec(t.Context(), q); err != nil {
				return err
			}
		}
		return tx.QueryRow(t.Context(), "INSERT INTO article (publication_id, story_id, edition_id, kind, state, created_at, changed_at)"+
			" VALUES (1, 1, 1, 'article', 'approved', 0, 0) RETURNING id").Scan(&id)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func put(t *testing.T, d *db.DB, list ...Comment) []int64 {
	t.Helper()
	var ids []int64
	err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) (err error) {
		ids, err = New(d).PutMany(t.Context(), tx, list)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// outline writes a thread as indented names.
func outline(list []Comment) string {
	var lines []string
	for _, c := range list {
		lines = append(lines, strings.Repeat(">", c.Depth)+c.Name)
	}
	return strings.Join(lines, " ")
}

func TestThreads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s, id := t.Context(), New(d), anArticle(t, d)
		c := func(name, state string, minute, parent int) Comment {
			return Comment{ArticleID: id, ParentIndex: parent, AuthorKind: "imported", Name: name, Body: "Привет", State: state,
				At: time.Unix(int64(minute)*60, 0).UTC()}
		}
		var changed []string
		d.OnChange(func(tags []string) { changed = tags })
		ids := put(t, d,
			c("late", "approved", 9, 2), // answers one that comes later in the batch
			c("a", "approved", 1, 0),
			c("spam", "spam", 2, 2),
			c("kept", "approved", 3, 3), // answers spam: moves up to a
			c("b", "approved", 2, 0),
			c("waits", "pending", 4, 0))
		if diff := cmp.Diff([]string{CountTag, "comments:" + strconv.FormatInt(id, 10)}, changed); diff != "" {
			t.Error(diff)
		}
		more := put(t, d, Comment{ArticleID: id, ParentID: ids[3], AuthorKind: "imported", Name: "deep", State: "approved", At: time.Unix(1200, 0)})
		part, err := s.Of(ctx, id, 1)
		if err != nil {
			t.Fatal(err)
		}
		got := part.Comments
		if part.Total != 5 || part.Pages != 1 || part.Later != 0 {
			t.Errorf("%d comments on %d pages, %d on later ones", part.Total, part.Pages, part.Later)
		}
		if want := "a >kept >>deep >late b"; outline(got) != want {
			t.Errorf("%s, want %s", outline(got), want)
		}
		if got[0].Body != "Привет" || got[2].ID != more[0] || got[1].ParentID != ids[1] || !got[0].At.Equal(time.Unix(60, 0)) {
			t.Errorf("%+v", got)
		}
		counts, err := s.Counts(ctx, []int64{id, id + 1})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[int64]int{id: 5}, counts); diff != "" {
			t.Error(diff)
		}
		err = d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			return s.Update(ctx, tx, Comment{ID: ids[1], State: "trash", Name: "a"})
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Of(ctx, id, 1); err != nil || outline(got.Comments) != "b kept >deep late" {
			t.Errorf("after a is gone: %s, %v", outline(got.Comments), err)
		}
		if got, err := s.Of(ctx, id+1, 1); err != nil || got.Pages != 0 || got.Total != 0 || got.Comments != nil {
			t.Errorf("nobody has said anything: %+v, %v", got, err)
		}
		for _, page := range []int{-1, 0, 2} {
			if _, err := s.Of(ctx, id, page); !fault.Is(err, fault.NotFound) {
				t.Errorf("page %d of 1: %v", page, err)
			}
		}
	})
}

// Old systems contain comments that answer each other in a circle.
func TestCircles(t *testing.T) {
	at := func(id int64) Comment { return Comment{ID: id, Name: strconv.FormatInt(id, 10), At: time.Unix(id, 0)} }
	for _, c := range []struct {
		shown   []Comment
		parents map[int64]int64
		want    string
	}{
		{[]Comment{at(1), at(2), at(3)}, map[int64]int64{1: 2, 2: 1, 3: 2}, "1 >2 >>3"},
		{[]Comment{at(1)}, map[int64]int64{1: 1}, "1"},
		{[]Comment{at(1)}, map[int64]int64{1: 7, 7: 8, 8: 7}, "1"}, // a circle of hidden ones
	} {
		if got := outline(thread(c.shown, c.parents)); got != c.want {
			t.Errorf("%v: %s, want %s", c.parents, got, c.want)
		}
	}
}

// Pages hold whole threads where they fit, and have an end whatever is said.
func TestParts(t *testing.T) {
	talk := func(threads ...int) (list []Comment) { // so many comments each
		for _, n := range threads {
			for i := range n {
				list = append(list, Comment{Depth: min(i, 2), size: 100})
			}
		}
		return list
	}
	long := talk(1, 1, 1)
	long[1].size = longestPage + 1
	for name, c := range map[string]struct {
		list []Comment
		want []int
	}{
		"none":                                   {nil, nil},
		"as many as fit":                         {talk(49, 1), []int{0}},
		"one more":                               {talk(49, 1, 1), []int{0, 50}},
		"a thread that does not fit":             {talk(30, 21, 29), []int{0, 30}},
		"a thread longer than a page":            {talk(3, 101, 20), []int{0, 3, 53, 103}},
		"one that is longer than a page of text": {long, []int{0, 1, 2}},
		"a page of text":                         {talk(slices.Repeat([]int{1}, 50)...), []int{0}},
	} {
		if diff := cmp.Diff(c.want, parts(c.list)); diff != "" {
			t.Errorf("%s (-want +got): %s", name, diff)
		}
	}
	essays := talk(slices.Repeat([]int{1}, 50)...)
	for i := range essays {
		essays[i].size = longestPage / 10
	}
	if diff := cmp.Diff([]int{0, 10, 20, 30, 40}, parts(essays)); diff != "" {
		t.Errorf("essays: %s", diff)
	}
}

// Three thousand comments: every one stands on one page, where Find says, under
// the number that it had in the older system.
func TestPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s, id := t.Context(), New(d), anArticle(t, d)
		var list []Comment
		for i := range 3000 {
			c := Comment{ArticleID: id, AuthorKind: "imported", Name: "N" + strconv.Itoa(i), Body: strings.Repeat("ә", 80), State: "approved",
				At: time.Unix(int64(i), 0), Old: int64(7000 + i)}
			if i%3 > 0 {
				c.ParentIndex = i // the one before
			}
			if i == 2999 {
				c.Old = 0 // written here
			}
			list = append(list, c)
		}
		ids := put(t, d, list...)
		seen := map[int64]int{}
		pages, err := s.Pages(ctx, id)
		if err != nil || pages != 63 { // 48 fit on each: threads are of three
			t.Fatalf("%d pages, %v", pages, err)
		}
		for page := 1; page <= pages; page++ {
			part, err := s.Of(ctx, id, page)
			if err != nil || part.Total != 3000 || part.Pages != pages || len(part.Comments) > perPage {
				t.Fatalf("page %d: %d of %d comments, %d pages, %v", page, len(part.Comments), part.Total, part.Pages, err)
			}
			if later := max(0, 3000-48*page); part.Later != later {
				t.Errorf("after page %d come %d, want %d", page, part.Later, later)
			}
			for _, c := range part.Comments {
				if seen[c.Number] != 0 || c.Name == "" || c.Body == "" || c.Cut {
					t.Fatalf("page %d has %+v", page, c)
				}
				seen[c.Number] = page
			}
		}
		if len(seen) != 3000 || seen[7000] != 1 || seen[7100] != 3 || seen[ids[2999]] != pages {
			t.Errorf("%d comments are on pages; 7000 on %d, 7100 on %d, the last on %d", len(seen), seen[7000], seen[7100], seen[ids[2999]])
		}
		for _, c := range []struct{ asked, now int64 }{{7100, 7100}, {ids[100], 7100}, {ids[2999], ids[2999]}, {5, 0}} {
			if c.asked == 5 && ids[0] <= 5 {
				c.now = 7000 + 5 - ids[0] // by its id
			}
			page, now, err := s.Find(ctx, id, c.asked, true)
			if err != nil || now != c.now || page != seen[c.now] {
				t.Errorf("%d is called %d on page %d (%v), want %d on %d", c.asked, now, page, err, c.now, seen[c.now])
			}
		}
		if page, _, err := s.Find(ctx, id, ids[100], false); err != nil || page != 0 {
			t.Errorf("what no address has said is on page %d, %v", page, err)
		}
		err = d.Tx(ctx, db.Desk, func(tx *db.Tx) error { // an import tells what an earlier one did not
			return s.Update(ctx, tx, Comment{ID: ids[2999], State: "approved", Name: "last", Old: 9999})
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, now, err := s.Find(ctx, id, ids[2999], true); err != nil || now != 9999 {
			t.Errorf("the last is called %d, %v", now, err)
		}
	})
}

// A thread that is longer than a page goes on with who is answered.
func TestCut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		id := anArticle(t, d)
		var list []Comment
		for i := range 120 {
			list = append(list, Comment{ArticleID: id, AuthorKind: "imported", Name: "N" + strconv.Itoa(i), State: "approved", At: time.Unix(int64(i), 0), ParentIndex: i})
		}
		put(t, d, list...)
		part, err := New(d).Of(t.Context(), id, 2)
		if err != nil || len(part.Comments) != 50 || part.Later != 20 {
			t.Fatalf("%d comments, %d later, %v", len(part.Comments), part.Later, err)
		}
		if a, b := part.Comments[0], part.Comments[1]; !a.Cut || a.To != "N49" || a.Depth != 50 || b.Cut || b.To != "" {
			t.Errorf("the second page begins with %+v, %+v", a, b)
		}
	})
}

// Numbers that would be two comments' are told apart, the same way each time.
func TestNumbers(t *testing.T) {
	list := []Comment{{ID: 5, Old: 3}, {ID: 3}, {ID: 7, Old: 3}, {ID: 9, Old: 5}}
	number(list)
	var got []int64
	for _, c := range list {
		got = append(got, c.Number)
	}
	if diff := cmp.Diff([]int64{3, 1_000_000_000_003, 7, 5}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWrongParent(t *testing.T) {
	d := dbtest.New(t)
	id := anArticle(t, d)
	for _, p := range []int{1, 2, -1} {
		err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error {
			_, err := New(d).PutMany(t.Context(), tx, []Comment{{ArticleID: id, ParentIndex: p, AuthorKind: "imported", State: "approved"}})
			return err
		})
		if err == nil {
			t.Errorf("a comment answers number %d of 1", p)
		}
	}
}

// BenchmarkOf reads the first page of ten thousand comments.
func BenchmarkOf(b *testing.B) {
	d := dbtest.New(b)
	s := New(d)
	var id int64
	var list []Comment
	err := d.Tx(b.Context(), db.Desk, func(tx *db.Tx) error {
		for _, q := range []string{"INSERT INTO publication (id, key, zone, created_at) VALUES (1, 'main', 'UTC', 0)", "INSERT INTO edition (id, publication_id, lang, name) VALUES (1, 1, 'en', 'x')",
			"INSERT INTO story (id, publication_id, created_at) VALUES (1, 1, 0)"} {
			if _, err := tx.Exec(b.Context(), q); err != nil {
				return err
			}
		}
		if err := tx.QueryRow(b.Context(), "INSERT INTO article (publication_id, story_id, edition_id, kind, state, created_at, changed_at) VALUES (1, 1, 1, 'article', 'approved', 0, 0) RETURNING id").Scan(&id); err != nil {
			return err
		}
		for i := range 10_000 {
			list = append(list, Comment{ArticleID: id, AuthorKind: "imported", Name: "N" + strconv.Itoa(i), Body: strings.Repeat("ә", 150), State: "approved", At: time.Unix(int64(i), 0), ParentIndex: (i % 5) / 4 * i})
		}
		_, err := s.PutMany(b.Context(), tx, list)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if p, err := s.Of(b.Context(), id, 1); err != nil || p.Total != 10_000 {
			b.Fatal(p.Total, err)
		}
	}
}
