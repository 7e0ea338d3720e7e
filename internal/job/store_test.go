package job

import (
	"errors"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
)

func TestOutbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, now := t.Context(), d.Now()
		err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			if err := PutOutbox(ctx, tx, Event{Kind: "article.published", Ref: 7, Payload: map[string]int{"edition": 2}}); err != nil {
				return err
			}
			return PutOutbox(ctx, tx, Event{Kind: "article.published", Ref: 8, NotBefore: now.Add(time.Hour)})
		})
		if err != nil {
			t.Fatal(err)
		}
		lost := errors.New("no")
		if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			if err := PutOutbox(ctx, tx, Event{Kind: "article.published", Ref: 9}); err != nil {
				return err
			}
			return lost
		}); !errors.Is(err, lost) {
			t.Fatal(err)
		}
		for _, c := range []struct {
			at   time.Duration
			want int
		}{{time.Minute, 1}, {2 * time.Hour, 2}} {
			rows, err := due(ctx, d, []string{"article.published"}, now.Add(c.at), 10)
			if err != nil || len(rows) != c.want {
				t.Fatalf("after %v: %v, %v", c.at, rows, err)
			}
			if rows[0].Ref != 7 || rows[0].Payload != `{"edition":2}` || rows[0].State != "waiting" {
				t.Errorf("first row: %+v", rows[0])
			}
		}
		if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return PutOutbox(ctx, tx, Event{Ref: 1}) }); err == nil {
			t.Error("an event without a kind was taken")
		}
	})
}
