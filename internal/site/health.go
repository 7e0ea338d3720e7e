package site

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/feed"
	"dateline/internal/topic"
)

// Health is what became of a document that programs read.
type Health struct {
	Path    string
	Status  int      // 200; 404: nothing is set; 500: the whole was refused
	Refused []Reason // what it went without, and why
}

// Reason is why something was refused.
type Reason struct {
	Of  string // the article's address; empty: the document as a whole, or a line
	Err error  // may be a fault with words for people
}

// healthArticles is how many of an edition's newest articles are looked at.
const healthArticles = 20

type healthKey struct{}

// told notes what was left out of a document for whoever asked for its health;
// others find it in the log.
func (s *Site) told(q *request, what, name string, err error) {
	if h, ok := q.ctx.Value(healthKey{}).(*Health); ok {
		h.Refused = append(h.Refused, Reason{name, err})
		return
	}
	s.Log.Warn(what, "path", q.full, "of", name, "error", err)
}

// Health makes every kind of document anew, past what is kept, and tells what
// of it the checks refuse: the files of settings, the sitemaps, the feeds of
// every edition and its shelves but tags, and the data in the heads of its
// front page and newest articles. Nothing is looked at that is not public.
func (s *Site) Health(ctx context.Context) ([]Health, error) {
	site, err := s.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	paths := []string{"/robots.txt", "/.well-known/security.txt", "/trust.txt", "/ads.txt", "/sitemap.xml"}
	for _, e := range site.Editions {
		more, err := s.healthPaths(ctx, site, e)
		if err != nil {
			return nil, err
		}
		paths = append(paths, more...)
	}
	out := make([]Health, 0, len(paths))
	for _, p := range paths {
		h := Health{Path: (&url.URL{Path: p}).EscapedPath()}
		var page *cache.Page
		page, err := s.page(context.WithValue(ctx, healthKey{}, &h), p, &url.URL{Path: p}, "")
		switch {
		case ctx.Err() != nil:
			return out, ctx.Err()
		case err == nil:
			h.Status = page.Status
		case fault.Is(err, fault.NotFound):
			h.Status = http.StatusNotFound
		default:
			h.Status = http.StatusInternalServerError
			h.Refused = append(h.Refused, Reason{"", err})
		}
		out = append(out, h)
	}
	return out, nil
}

func (s *Site) healthPaths(ctx context.Context, site edition.Site, e edition.Edition) ([]string, error) {
	here := func(path string) string { return e.Prefix + "/" + path }
	out := []string{here(""), here("feed.xml"), here("atom.xml"), here("feed.json"), here("sitemap-pages.xml"), here("sitemap-news.xml")}
	dialects, err := feed.Dialects()
	if err != nil {
		return nil, err
	}
	for _, d := range dialects {
		out = append(out, here("feed/"+d.Name+".xml"))
	}
	now := s.Now()
	months, err := s.Archive.Months(ctx, e.ID, now)
	if err != nil {
		return nil, err
	}
	if len(months) > 0 {
		out = append(out, here("sitemap-"+monthName(months[len(months)-1], 1)+".xml"))
	}
	tree, err := s.Topics.Tree(ctx, site.Publication.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range []topic.Kind{topic.Section, topic.Column, topic.Series, topic.Genre} {
		for _, t := range tree.OfKind(k) {
			if n, ok := t.Names[e.Lang]; ok {
				out = append(out, here(topicPath(k, n.Slug)+"/feed.xml"))
			}
		}
	}
	list, _, err := s.Articles.List(ctx, article.ListQuery{Edition: e.ID, Kind: article.ListEdition, Now: now, Limit: healthArticles})
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		out = append(out, here(strings.TrimPrefix(a.Path, "/")))
	}
	return out, nil
}
