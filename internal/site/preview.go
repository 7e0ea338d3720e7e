package site

import (
	"context"
	"net/http"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/fault"
	"dateline/internal/web"
)

// previewed is what an article would say.
type previewed struct {
	id      int64
	content article.Content
}

// topics are the shelves on which it would stand.
func (p *previewed) topics() (ids []int64) {
	for _, t := range p.content.Topics {
		ids = append(ids, t.ID)
	}
	return ids
}

// Preview answers with the page of an article as it would be were an edit stored: the
// page that readers would get at that instant, by the same templates, kept by nobody.
// Whoever calls it has asked whether it may be seen.
func (s *Site) Preview(w http.ResponseWriter, r *http.Request, a article.Article, e article.Edit) error {
	web.As(w, web.Page)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	return s.Cache.Once(w, r, func(ctx context.Context) (*cache.Page, error) {
		site, err := s.Editions.Site(ctx)
		if err != nil {
			return nil, err
		}
		ed, ok := site.ByID(e.Edition)
		if !ok {
			return nil, fault.New(fault.NotFound, "there is no edition %d", e.Edition)
		}
		a := e.Over(a)
		a.Hidden = true
		q, err := s.asks(ctx, ed.Prefix+"/"+a.Path, r.Host)
		if err != nil {
			return nil, err
		}
		if a.VisibleFrom.After(q.now) {
			q.now = a.VisibleFrom
		}
		q.preview = &previewed{a.ID, e.Content}
		return s.articleOf(q, a, e.Content, e.Body)
	})
}
