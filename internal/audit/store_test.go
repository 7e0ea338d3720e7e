package audit

import (
	"encoding/json"
	"testing"

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
		page, err := List(ctx, d, 0, 2)
		if err != nil || len(page) != 2 {
			t.Fatalf("first page: %+v, %v", page, err)
		}
		rest, err := List(ctx, d, page[1].ID, 2)
		if err != nil || len(rest) != 1 || string(rest[0].Detail.(json.RawMessage)) != `{"articles":3}` || rest[0].ActorID != 0 {
			t.Errorf("second page: %+v, %v", rest, err)
		}
		err = d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return Log(ctx, tx, Entry{Action: "publish", Kind: "article"}) })
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("a deed without a doer: %v", err)
		}
	})
}
