package app_test

import (
	"context"
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// TestImportRepeatedIds: exports differ in whether an id stands in them for one
// thing, for two, or for one thing twice. Each thing is one article, and what
// did not change stays as it is.
func TestImportRepeatedIds(t *testing.T) {
	named := func(slug, title string) string {
		return strings.NewReplacer("<wp:post_name>post-1<", "<wp:post_name>"+slug+"<", "/post-1/", "/"+slug+"/").Replace(post(1, title, "text of "+slug, ""))
	}
	classic, repeat := named("classic", "Classic"), named("repeat", "Repeat")
	both, one, twice := wxr(classic, repeat), wxr(classic), wxr(classic, classic)
	for name, texts := range map[string][]string{
		"two, then one, then twice": {both, one, twice},
		"one, then two":             {one, both, one},
		"twice, then two":           {twice, both, twice},
		"concatenated":              {wxr(classic, repeat, classic, repeat)},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				a, run := importing(t, d)
				for i, text := range texts {
					rep, err := run(text, importer.Options{})
					if err != nil {
						t.Fatal(err)
					}
					if i > 0 && rep.Unchanged == 0 {
						t.Errorf("run %d: nothing is unchanged: %s", i, remarks(rep))
					}
					if text == twice && !strings.Contains(remarks(rep), "items that stand in one file more than once were taken once: 1") {
						t.Errorf("run %d does not say that an item is there twice: %s", i, remarks(rep))
					}
				}
				got, err := db.List(context.Background(), a.DB, db.One[string], "SELECT path FROM article ORDER BY path")
				if want := "2014/05/12/classic 2014/05/12/repeat"; err != nil || strings.Join(got, " ") != want {
					t.Errorf("articles %s, want %s; %v", got, want, err)
				}
				n, err := db.Get(context.Background(), a.DB, db.One[int], "SELECT count(*) FROM revision")
				if err != nil || n != 2 {
					t.Errorf("%d revisions, want 2: nothing changed at the source; %v", n, err)
				}
			})
		})
	}
}
