package app_test

import (
	"strings"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/importer"
)

// TestImportOwnEmbed: the embed of an own article has its headline, follows it,
// and is no link to another host.
func TestImportOwnEmbed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, run := importing(t, d)
		text := wxr(post(1, "One", "a\n\nhttps://old.example/2014/05/post-2/\n\n[embed]https://old.example/2014/05/post-2/[/embed]\n\nhttps://old.example/2014/05/nothing/", ""),
			post(2, "The bridge", "x", ""))
		rep, err := run(text, importer.Options{})
		if err != nil || strings.Contains(remarks(rep), "another host") {
			t.Fatal(remarks(rep), err)
		}
		for _, want := range []string{"The bridge", "The bridge again"} {
			_, _, page := fetch(t, a, "/2014/05/12/post-1", "lamp.test")
			if n := strings.Count(page, `<a href="/2014/05/12/post-2">`+want+`</a></p>`); n != 2 {
				t.Errorf("%q stands there %d times: %s", want, n, page)
			}
			if strings.Contains(page, `content="a https`) {
				t.Errorf("an address is told of the article: %s", page)
			}
			if !strings.Contains(page, `<a href="https://old.example/2014/05/nothing"`) {
				t.Errorf("what is not here: %s", page)
			}
			if _, err := run(as(text, "The bridge", "The bridge again"), importer.Options{}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
