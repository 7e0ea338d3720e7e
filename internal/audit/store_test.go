package audit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
)

func TestLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		entries := []Entry{
			{Actor: "import wordpress", Action: "import", Kind: "edition", RefID: 1, Detail: map[string]int{"articles": 3}},
			{Actor: "Айнұр", ActorID: 5, Action: "publish", Kind: "article", RefID: 9},
			{Actor: "Айнұр", ActorID: 5, Action: "withdraw", Kind: "article", RefID: 9},
		}
		for _, e := range entries {
			if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return Log(ctx, tx, e) }); err != nil {
				t.Fatal(err)
			}
		}
		of, err := Of(ctx, d, "article", 9, 10)
		if err != nil || len(of) != 2 || of[0].Action != "withdraw" || of[0].Actor != "Айнұр" || of[0].ActorID != 5 {
			t.Errorf("of the article: %+v, %v", of, err)
		}
		all, _, more, err := Find(ctx, d, Filter{}, 10)
		if err != nil || len(all) != 3 || more || string(all[2].Detail.(json.RawMessage)) != `{"articles":3}` || all[2].ActorID != 0 {
			t.Errorf("everything: %+v, %v, %v", all, more, err)
		}
		err = d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return Log(ctx, tx, Entry{Action: "publish", Kind: "article"}) })
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("a deed without a doer: %v", err)
		}
	})
}

// TestFind: by who, what, thing, time and words; and page by page nothing is left
// out or told twice.
func TestFind(t *testing.T) {
	at := time.Date(2026, 11, 14, 0, 0, 0, 0, time.UTC)
	now := at
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		now = at
		for i := range 1300 {
			now = now.Add(time.Minute)
			e := Entry{Actor: "Айнұр", ActorID: 5, Action: "publish", Kind: "article", RefID: int64(i % 7), Detail: map[string]string{"headline": fmt.Sprint("Көпір ", i)}}
			switch {
			case i%10 == 0:
				e = Entry{Actor: "import wordpress", Action: "import", Kind: "edition", RefID: 1}
			case i == 3:
				e.Detail = map[string]string{"headline": "ӘҢГІМЕ"}
			}
			if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return Log(ctx, tx, e) }); err != nil {
				t.Fatal(err)
			}
		}
		for name, tt := range map[string]struct {
			f    Filter
			want int
		}{
			"all":      {Filter{}, 1300},
			"who":      {Filter{Actor: "import wordpress"}, 130},
			"what":     {Filter{Action: "publish"}, 1170},
			"thing":    {Filter{Kind: "article", RefID: 6}, 166},
			"since":    {Filter{From: at.Add(1291 * time.Minute)}, 10},
			"until":    {Filter{To: at.Add(11 * time.Minute)}, 10},
			"words":    {Filter{Text: "әңгі"}, 1},
			"a number": {Filter{Text: "көпір 12", Actor: "Айнұр"}, 100}, // 12, 12?, 12?? but for every tenth
			"nothing":  {Filter{Text: "no such words"}, 0},
			"an actor": {Filter{Text: "айнұр"}, 1170},
		} {
			var ids []int64
			f := tt.f
			for pages := 0; ; pages++ {
				list, seen, more, err := Find(ctx, d, f, 50)
				if err != nil || len(list) > 50 || pages > 40 {
					t.Fatalf("%s: page %d of %d: %v", name, pages, len(list), err)
				}
				for _, e := range list {
					ids = append(ids, e.ID)
				}
				if !more {
					break
				}
				f.Before = seen
			}
			if len(ids) != tt.want || !slices.IsSortedFunc(ids, func(a, b int64) int { return cmp.Compare(b, a) }) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
				t.Errorf("%s: %d entries, want %d", name, len(ids), tt.want)
			}
		}
		known, err := Names(ctx, d)
		if want := (Known{Actors: []string{"import wordpress", "Айнұр"}, Actions: []string{"import", "publish"}, Kinds: []string{"article", "edition"}}); err != nil || !reflect.DeepEqual(known, want) {
			t.Errorf("%+v, %v", known, err)
		}
	}, func(c *db.Config) { c.Now = func() time.Time { return now } })
}

// TestNothingIsTakenBack: whoever tries to change the log or to take from it fails,
// and all of it is there afterwards.
func TestNothingIsTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			return Log(ctx, tx, Entry{Actor: "Айнұр", ActorID: 5, Action: "publish", Kind: "article", RefID: 9})
		}); err != nil {
			t.Fatal(err)
		}
		statements := []string{"UPDATE audit SET actor = 'somebody else'", "DELETE FROM audit WHERE id > 0", "UPDATE audit SET at = 0 WHERE kind = 'article'",
			"INSERT INTO audit (id, at, actor, action, kind, ref_id) SELECT id, 0, 'x', 'x', 'x', 0 FROM audit ON CONFLICT (id) DO UPDATE SET actor = 'x'"}
		if d.Engine() == db.Postgres {
			statements = append(statements, "TRUNCATE audit")
		} else {
			statements = append(statements, "REPLACE INTO audit (id, at, actor, action, kind, ref_id) SELECT id, 0, 'x', 'x', 'x', 0 FROM audit")
		}
		for _, s := range statements {
			err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { _, err := tx.Exec(ctx, s); return err })
			if err == nil {
				t.Errorf("%s was carried out", s)
			}
		}
		list, _, _, err := Find(ctx, d, Filter{}, 10)
		if err != nil || len(list) != 1 || list[0].Actor != "Айнұр" || list[0].At.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
