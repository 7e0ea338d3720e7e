package site

import (
	"cmp"
	"context"
	"net/http"

	"dateline/internal/cache"
	"dateline/internal/edition"
	"dateline/internal/theme"
)

// Private answers with a page of an edition that is for whoever asks alone, with the
// frame that all pages have: nobody keeps it or finds it by searching.
func (s *Site) Private(w http.ResponseWriter, r *http.Request, ed edition.Edition, path, title string, status int, page func(theme.Frame) theme.Page) error {
	return s.private(w, r, ed.ID, path, title, status, page)
}

// Own does so with a page whose address is known to one reader, and that no edition has
// the like of.
func (s *Site) Own(w http.ResponseWriter, r *http.Request, edition int64, title string, status int, page func(theme.Frame) theme.Page) error {
	return s.private(w, r, edition, "", title, status, page)
}

func (s *Site) private(w http.ResponseWriter, r *http.Request, edition int64, path, title string, status int, page func(theme.Frame) theme.Page) error {
	return s.Cache.Once(w, r, func(ctx context.Context) (*cache.Page, error) {
		q, err := s.asksOf(ctx, edition, cmp.Or(path, "/"), r.Host)
		if err != nil {
			return nil, err
		}
		p, err := s.unsought(q, path, title, status, page)
		if p != nil {
			p.Header.Set("Cache-Control", "no-store")
		}
		return p, err
	})
}

// unsought renders a page that search engines leave out. path is where other editions
// have the same; "" where they have not, and nothing leads to its address.
func (s *Site) unsought(q *request, path, title string, status int, page func(theme.Frame) theme.Page) (*cache.Page, error) {
	var elsewhere map[int64]string
	if path != "" {
		elsewhere = same(q.site, path)
	}
	f, err := s.frame(q, cmp.Or(path, "/"), title, elsewhere)
	if err != nil {
		return nil, err
	}
	if f.Robots, f.Alternates = "noindex", nil; path == "" {
		f.Canonical = ""
	}
	p, err := s.render(q, page(f), status)
	if p != nil {
		p.Header = http.Header{"X-Robots-Tag": {"noindex"}}
	}
	return p, err
}
