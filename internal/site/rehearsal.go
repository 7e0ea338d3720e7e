package site

import (
	"context"
	"net/http"
	"slices"
	"time"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/web"
)

// Rehearse answers with an edition's front page as it will be at an instant: what the
// clock shows by then included, by the same templates, kept by nobody. Whoever calls
// it has asked whether it may be seen.
func (s *Site) Rehearse(w http.ResponseWriter, r *http.Request, edition int64, at time.Time) error {
	web.As(w, web.Page)
	web.Framed(w)
	return s.Cache.Once(w, r, func(ctx context.Context) (*cache.Page, error) {
		q, err := s.asksOf(ctx, edition, "/", r.Host)
		if err != nil {
			return nil, err
		}
		q.now, q.rehearsal = at, true
		if q.coming, err = s.coming(ctx, at); err != nil {
			return nil, err
		}
		return unkept(s.front(q))
	})
}

// coming are the articles whose texts will have been replaced by an instant, with what
// they will say.
func (s *Site) coming(ctx context.Context, at time.Time) (map[int64]article.Manuscript, error) {
	ids, err := s.Articles.DueCopies(ctx, at)
	if err != nil {
		return nil, err
	}
	out := map[int64]article.Manuscript{}
	for _, id := range ids {
		c, err := s.Articles.CopyOf(ctx, id)
		if err != nil {
			return nil, err
		}
		out[id] = c.Text
	}
	return out, nil
}

// asThen gives articles as a rehearsal has them.
func (q *request) asThen(list []article.Article) ([]article.Article, error) {
	if len(q.coming) == 0 {
		return list, nil
	}
	list = slices.Clone(list)
	for i, a := range list {
		if m, ok := q.coming[a.ID]; ok {
			var err error
			if list[i], err = m.Over(a); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// unkept makes a page one that neither browsers nor search engines keep.
func unkept(p *cache.Page, err error) (*cache.Page, error) {
	if err == nil {
		p.NoStore = true
		p.Header = http.Header{"Cache-Control": {"no-store"}, "X-Robots-Tag": {"noindex"}}
	}
	return p, err
}
