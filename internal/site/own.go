package site

import (
	"context"
	"net/http"

	"dateline/internal/cache"
	"dateline/internal/theme"
)

// Own answers with a page of an edition that another room makes for one reader: fill
// gives it with the frame, and nobody keeps it or finds it by searching.
func (s *Site) Own(w http.ResponseWriter, r *http.Request, edition int64, title string, status int, fill func(f theme.Frame) theme.Page) error {
	return s.Cache.Once(w, r, func(ctx context.Context) (*cache.Page, error) {
		q, err := s.asksOf(ctx, edition, "/", r.Host)
		if err != nil {
			return nil, err
		}
		f, err := s.frame(q, "/", title, nil)
		if err != nil {
			return nil, err
		}
		f.Canonical, f.Alternates, f.Robots = "", nil, "noindex"
		p, err := s.render(q, fill(f), status)
		if p != nil {
			if p.Header == nil {
				p.Header = http.Header{}
			}
			p.Header.Set("Cache-Control", "no-store")
		}
		return p, err
	})
}
