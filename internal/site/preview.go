package site

import (
	"cmp"
	"context"
	"net/http"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/fault"
	"dateline/internal/richtext"
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
		c, path := e.Content, e.Path
		if c.Kind == article.Text {
			path = article.PathOf(e.Day, e.Slug)
		}
		q, err := s.asks(ctx, ed.Prefix+"/"+path, r.Host)
		if err != nil {
			return nil, err
		}
		if e.VisibleFrom.After(q.now) {
			q.now = e.VisibleFrom
		}
		q.preview = &previewed{a.ID, c}
		a.Path, a.Slug, a.Day, a.State, a.VisibleFrom, a.UpdatedAt = path, e.Slug, e.Day, article.Approved, e.VisibleFrom, e.UpdatedAt
		a.Kicker, a.Headline, a.ShortHeadline, a.Standfirst = c.Kicker, c.Headline, c.ShortHeadline, c.Standfirst
		a.SEOTitle, a.SEODescription, a.Hidden, a.Note, a.Dateline = c.SEOTitle, c.SEODescription, true, c.Note, c.Dateline
		a.Words, a.Comments, a.Sticky = e.Body.Words(), cmp.Or(e.Comments, "open"), e.Sticky
		a.Teaser = richtext.Excerpt(cmp.Or(c.Standfirst, e.Body.Prose(40)), 220)
		a.LeadID, a.SectionID, a.ColumnID, a.GenreID = 0, 0, 0, 0
		if c.Lead != nil {
			a.LeadID = c.Lead.ID
		}
		for _, t := range c.Topics {
			switch {
			case t.Kind == "section" && a.SectionID == 0:
				a.SectionID = t.ID
			case t.Kind == "column":
				a.ColumnID = t.ID
			case t.Kind == "genre":
				a.GenreID = t.ID
			}
		}
		return s.articleOf(q, a, c, e.Body)
	})
}
