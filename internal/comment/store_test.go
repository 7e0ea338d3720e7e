package comment

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/db"
	"dateline/internal/dbtest"
)

// article makes the rows that comments hang on.
func article(t *testing.T, d *db.DB) int64 {
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
		ctx, s, id := t.Context(), New(d), article(t, d)
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
		if diff := cmp.Diff([]string{"comments:" + strconv.FormatInt(id, 10)}, changed); diff != "" {
			t.Error(diff)
		}
		more := put(t, d, Comment{ArticleID: id, ParentID: ids[3], AuthorKind: "imported", Name: "deep", State: "approved", At: time.Unix(1200, 0)})
		got, err := s.Of(ctx, id)
		if err != nil {
			t.Fatal(err)
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
		if got, err := s.Of(ctx, id); err != nil || outline(got) != "b kept >deep late" {
			t.Errorf("after a is gone: %s, %v", outline(got), err)
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

func TestWrongParent(t *testing.T) {
	d := dbtest.New(t)
	id := article(t, d)
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
