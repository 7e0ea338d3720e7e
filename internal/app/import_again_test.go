package app_test

import (
	"context"
	"fmt"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// river hangs below town, which wxr has.
var river = category(6, "river", "town", "River", "")

// filed is a post in river, so that its section has something to show.
func filed(id int, content string) string {
	return as(post(id, fmt.Sprint("Post ", id), content, ""), "<category", `<category domain="category" nicename="river"><![CDATA[River]]></category><category`)
}

// TestImportNewAddresses: an archive from before gets the addresses that were not
// read then, of articles, sections and authors, and stays as it is otherwise.
func TestImportNewAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(river, filed(1, "x"), filed(2, "y"))
		if _, err := run(text, importer.Options{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		full := dumpAll(t, a.DB)
		err := a.DB.Tx(context.Background(), db.Desk, func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "DELETE FROM redirect")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		rep, err := run(text, importer.Options{Zone: "UTC"})
		if err != nil || rep.Unchanged != 2 || len(rep.Notes) > 0 {
			t.Errorf("%d unchanged, %v: %s", rep.Unchanged, err, whyOf(rep))
		}
		if now := dumpAll(t, a.DB); now != full {
			t.Error(firstDifference(full, now))
		}
	})
}
