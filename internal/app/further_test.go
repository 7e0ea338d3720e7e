package app_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/topic"
	"dateline/internal/webtest"
)

// TestFurtherPages: a list's later page says which one it is, in its title and
// description and in its own language; who changes the language there comes to
// the same list, also where that is shorter, and search engines are told of no
// versions.
func TestFurtherPages(t *testing.T) {
	for _, short := range []string{"ru", "kk"} { // the edition in which every list has one page
		t.Run("short in "+short, func(t *testing.T) { furtherPages(t, short) })
	}
}

func furtherPages(t *testing.T, short string) {
	h := openHouse(t, dbtest.New(t), &clock{t: monday}, 1)
	site := h.app.Handler()
	tree, err := h.app.Topics.Tree(context.Background(), h.site.Publication.ID)
	if err != nil {
		t.Fatal(err)
	}
	town := tree.OfKind(topic.Section)[0]
	all, err := h.app.Authors.All(context.Background(), h.site.Publication.ID)
	if err != nil {
		t.Fatal(err)
	}
	who := all[0]
	at := time.Date(2020, 5, 6, 8, 0, 0, 0, time.UTC)
	for _, ed := range h.site.Editions {
		n := 61
		if ed.Lang == short {
			n = 1
		}
		h.change(func(ctx context.Context, tx *db.Tx) error {
			var edits []article.Edit
			for i := range n {
				e := h.fresh(ed, at.Add(time.Duration(i)*time.Minute))
				e.Content.Topics = []article.TopicRef{{ID: town.ID, Kind: "section", Name: town.Name(ed.Lang).Name}}
				e.Content.Credits = []article.Credit{{Entity: who.EntityID, Name: who.Name(ed.Lang, "en"), Role: "author"}}
				edits = append(edits, e)
			}
			_, err := h.app.Articles.Put(ctx, tx, edits)
			return err
		})
	}
	said := map[string]string{"en": "age 2", "ru": "траница 2", "kk": "2-бет"}
	looked := 0
	for _, ed := range h.site.Editions {
		first := func(lang string) map[string]string {
			return map[string]string{"section": topicPathOf(town, lang), "author": "/author/" + who.Slug, "month": "/2020/05/", "day": "/2020/05/06/"}
		}
		for kind, path := range first(ed.Lang) {
			path = ed.Prefix + strings.TrimSuffix(path, "/") + "/page/2"
			w := ask(site, "GET", path)
			root, err := html.Parse(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			if ed.Lang == short {
				if w.StatusCode == http.StatusOK {
					t.Errorf("%s is a page", path)
				}
				continue
			}
			looked++
			title, _ := webtest.Select(root, "title")
			description := attrOf(t, root, "meta[name=description]", "content")
			if w.StatusCode != 200 || !strings.Contains(webtest.Text(title[0]), said[ed.Lang]) || !strings.Contains(description, said[ed.Lang]) || !strings.Contains(attrOf(t, root, "meta[property='og:title']", "content"), said[ed.Lang]) ||
				attrOf(t, root, "meta[property='og:description']", "content") != description {
				t.Errorf("%s: %d %q, %q", path, w.StatusCode, webtest.Text(title[0]), description)
			}
			if h1, _ := webtest.Select(root, "h1"); strings.Contains(webtest.Text(h1[0]), said[ed.Lang]) {
				t.Errorf("%s: its heading is %q", path, webtest.Text(h1[0]))
			}
			if found, _ := webtest.Select(root, "link[hreflang]"); len(found) > 0 {
				t.Errorf("%s names %d versions", path, len(found))
			}
			for _, other := range h.site.Editions {
				if other.ID == ed.ID {
					continue
				}
				to := attrOf(t, root, fmt.Sprintf("header a[hreflang=%s]", other.Lang), "href")
				if want := other.Prefix + first(other.Lang)[kind]; to != want || ask(site, "GET", to).StatusCode != 200 {
					t.Errorf("%s leads to %q in %s, want %q", path, to, other.Lang, want)
				}
			}
		}
	}
	if looked != 8 {
		t.Errorf("%d later pages", looked)
	}
}

func topicPathOf(t topic.Topic, lang string) string {
	return "/" + string(t.Kind) + "/" + t.Names[lang].Slug
}
