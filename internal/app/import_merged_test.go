package app_test

import (
	"context"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
	"dateline/internal/topic"
)

// TestImportMerged: what the newsroom made one stays one when the archive comes once
// more, even where both are called otherwise there by then.
func TestImportMerged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		ctx := context.Background()
		text := wxr(as(on(post(1, "Bridge", "x", ""), "category/town", "post_tag/zebra"), "<dc:creator>saule", "<dc:creator>aygul"), on(post(2, "Train", "y", ""), "category/town", "post_tag/zebras"))
		if _, err := run(text, importer.Options{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		var one, other topic.Topic
		err := a.DB.Tx(ctx, db.Desk, func(tx *db.Tx) (err error) {
			if one, _, err = a.Topics.BySlug(ctx, tx, 1, topic.Tag, "en", "zebra"); err != nil {
				return err
			}
			if other, _, err = a.Topics.BySlug(ctx, tx, 1, topic.Tag, "en", "zebras"); err != nil {
				return err
			}
			if err := a.Topics.Merge(ctx, tx, 1, one.ID, other.ID); err != nil {
				return err
			}
			people, err := db.List(ctx, tx, db.One[int64], "SELECT entity_id FROM contributor ORDER BY entity_id")
			if err != nil || len(people) != 2 {
				t.Fatalf("%d contributors, %v", len(people), err)
			}
			return a.Entities.Merge(ctx, tx, 1, people[0], people[1])
		})
		if err != nil {
			t.Fatal(err)
		}
		count := func() int {
			n, err := db.Get(ctx, a.DB, db.One[int], "SELECT (SELECT count(*) FROM topic) * 1000 + (SELECT count(*) FROM entity)")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := count()
		twice(t, a, run, text, importer.Options{Zone: "UTC"})
		text = strings.NewReplacer("[CDATA[Zebra]]", "[CDATA[Zebra crossing]]", "[CDATA[Zebras]]", "[CDATA[Zebra crossings]]", "Saule Kairly", "Saule K.").Replace(text)
		if _, err := run(text, importer.Options{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		if now := count(); now != before {
			t.Errorf("%d topics and entities, were %d", now, before)
		}
		for path, want := range map[string]int{"/tag/zebras": 200, "/tag/zebra": 301} {
			code, _, page := fetch(t, a, path, "lamp.test")
			if code != want || want == 200 && (!strings.Contains(page, "Bridge") || !strings.Contains(page, "Train")) {
				t.Errorf("%s: %d", path, code)
			}
		}
	})
}
