package site

import (
	"context"
	"net/http"
	"strings"

	"dateline/internal/cache"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/theme"
)

// accountPath is where readers' accounts begin in each edition (room reader).
const accountPath = "/account"

// account hands over what concerns one reader: nothing of it is kept, and no other page
// looks at who asks.
func (s *Site) account(w http.ResponseWriter, r *http.Request, path string) (bool, error) {
	if s.Account == nil || !strings.Contains(path, accountPath) {
		return false, nil
	}
	site, err := s.Editions.Site(r.Context())
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	ed, rest := site.Split(path)
	return s.Account(w, r, ed, rest)
}

// accountURL is where a reader's account is; "" where readers have none.
func (s *Site) accountURL(q *request) string {
	if s.Account == nil {
		return ""
	}
	return q.url(accountPath)
}

// Private answers with a page of an edition that is for whoever asks alone, with the
// frame that all pages have.
func (s *Site) Private(w http.ResponseWriter, r *http.Request, ed edition.Edition, path, title string, status int, page func(theme.Frame) theme.Page) error {
	return s.Cache.Once(w, r, func(ctx context.Context) (*cache.Page, error) {
		q, err := s.asksOf(ctx, ed.ID, path, r.Host)
		if err != nil {
			return nil, err
		}
		f, err := s.frame(q, path, title, same(q.site, path))
		if err != nil {
			return nil, err
		}
		f.Robots, f.Alternates = "noindex", nil
		p, err := s.render(q, page(f), status)
		if p != nil {
			p.Header = http.Header{"Cache-Control": {"no-store"}, "X-Robots-Tag": {"noindex"}}
		}
		return p, err
	})
}
