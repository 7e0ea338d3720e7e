package app_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/topic"
)

// TestListOfSeries: the list of all series is there, and named at the foot of pages
// already kept, from the second the first part of one is public until the last is
// withdrawn; what is published later into a series that has something leaves kept
// pages as they are.
func TestListOfSeries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		h := openHouse(t, d, &clock{t: monday}, 1)
		site := h.app.Handler()
		tree, err := h.app.Topics.Tree(ctx, h.site.Publication.ID)
		if err != nil {
			t.Fatal(err)
		}
		en := h.site.Default()
		var series topic.Topic
		var parts []article.Article
		for _, x := range tree.OfKind(topic.Series) {
			list, _, err := h.app.Articles.List(ctx, article.ListQuery{Edition: en.ID, Kind: article.ListTopic, Ref: x.ID, Now: monday, Limit: 50})
			if err != nil {
				t.Fatal(err)
			}
			if len(list) > 0 {
				series = x
			}
			parts = append(parts, list...)
		}
		if len(parts) < 2 {
			t.Fatalf("the demo has %d parts of series", len(parts))
		}
		check := func(when string, there bool) {
			t.Helper()
			foot := strings.Contains(get(site, "/privacy"), `<a href="/series">`)
			list := strings.HasPrefix(get(site, "/series"), "200 ")
			listed := strings.Contains(get(site, "/sitemap-pages.xml"), "<loc>http://lamp.test/series</loc>")
			elsewhere := strings.Contains(get(site, "/ru/series"), `hreflang="en" href="http://lamp.test/series"`)
			if foot != there || list != there || listed != there || elsewhere != there {
				t.Errorf("%s: named at the foot %v, there %v, in the sitemap %v, in another edition's head %v", when, foot, list, listed, elsewhere)
			}
		}
		check("at first", true)
		for i, a := range parts {
			h.change(func(ctx context.Context, tx *db.Tx) error {
				e, err := h.editOf(ctx, a)
				if err != nil {
					return err
				}
				e.Content.Topics = slices.DeleteFunc(e.Content.Topics, func(r article.TopicRef) bool { return r.Kind == string(topic.Series) })
				return h.put(ctx, tx, e)
			})
			check("with fewer parts", i < len(parts)-1)
		}
		part := func(at time.Time) {
			h.change(func(ctx context.Context, tx *db.Tx) error {
				e := h.fresh(en, at)
				e.Content.Topics = append(slices.DeleteFunc(e.Content.Topics, func(r article.TopicRef) bool { return r.Kind == string(topic.Series) }),
					article.TopicRef{ID: series.ID, Kind: string(topic.Series), Name: series.Names["en"].Name})
				return h.put(ctx, tx, e)
			})
		}
		part(monday.Add(time.Hour))
		check("with one that is scheduled", false)
		h.clock.add(2 * time.Hour)
		check("when its time has come", true)
		before := h.app.Cache.Stats().Renders
		part(monday.Add(90 * time.Minute))
		get(site, "/privacy")
		if n := h.app.Cache.Stats().Renders - before; n != 0 {
			t.Errorf("%d renderings of a page that names the series at its foot alone, after a second part", n)
		}
	})
}
