package site

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/fault"
	"dateline/internal/feed"
	"dateline/internal/richtext"
	"dateline/internal/theme"
	"dateline/internal/web"
)

// previewed is what an article would say.
type previewed struct {
	id      int64
	content article.Content
	body    richtext.Doc
	media   string    // stands before the addresses of pictures
	until   time.Time // of a link; zero: at the desk
	frame   *theme.Frame
}

// topics are the shelves on which it would stand.
func (p *previewed) topics() (ids []int64) {
	for _, t := range p.content.Topics {
		ids = append(ids, t.ID)
	}
	return ids
}

// previewing begins a look at an article as it would be were an edit stored.
func (s *Site) previewing(ctx context.Context, host string, a article.Article, e article.Edit, b article.Before) (*request, article.Article, error) {
	a = e.Over(a)
	q, err := s.asksOf(ctx, e.Edition, "/"+a.Path, host)
	if err != nil {
		return nil, a, err
	}
	if b.Ahead && a.VisibleFrom.After(q.now) {
		q.now = a.VisibleFrom
	}
	q.preview = &previewed{id: a.ID, content: e.Content, body: e.Body, media: b.Media, until: b.Until}
	return q, a, nil
}

// Preview answers with the page of an article as it would be were an edit stored: the
// page that readers would get then, or with what readers have now around it (b.Ahead),
// by the same templates, kept by nobody.
// Whoever calls it has asked whether it may be seen.
func (s *Site) Preview(w http.ResponseWriter, r *http.Request, a article.Article, e article.Edit, b article.Before) error {
	referrer := w.Header().Get("Referrer-Policy")
	web.As(w, web.Page)
	if b.Frame {
		web.Framed(w)
	} else if referrer != "" {
		w.Header().Set("Referrer-Policy", referrer)
	}
	w.Header().Set("X-Robots-Tag", cmp.Or(w.Header().Get("X-Robots-Tag"), "noindex"))
	return s.Cache.Once(w, r, func(ctx context.Context) (*cache.Page, error) {
		q, a, err := s.previewing(ctx, r.Host, a, e, b)
		if err != nil {
			return nil, err
		}
		a.Hidden = true
		p, err := s.articleOf(q, a, e.Content, e.Body)
		if p != nil {
			if p.Header == nil {
				p.Header = http.Header{}
			}
			p.Header.Set("Cache-Control", "no-store")
			p.Dated = false
		}
		return p, err
	})
}

// PreviewOver answers that a preview has ended, in the words of an edition.
func (s *Site) PreviewOver(w http.ResponseWriter, r *http.Request, edition int64) error {
	referrer := w.Header().Get("Referrer-Policy")
	web.As(w, web.Page)
	if referrer != "" {
		w.Header().Set("Referrer-Policy", referrer)
	}
	return s.Cache.Once(w, r, func(ctx context.Context) (*cache.Page, error) {
		q, err := s.asksOf(ctx, edition, "/", r.Host)
		if err != nil {
			return nil, err
		}
		f, err := s.frame(q, "/", q.locale().T("preview.over.title"), nil)
		if err != nil {
			return nil, err
		}
		f.Robots, f.Canonical, f.Alternates = "noindex", "", nil
		p, err := s.render(q, &theme.ErrorPage{Frame: f, Status: http.StatusGone, Preview: true}, http.StatusGone)
		if p != nil {
			p.Header = http.Header{"Cache-Control": {"no-store"}}
		}
		return p, err
	})
}

// PreviewCard answers with the picture that would be drawn of an article.
func (s *Site) PreviewCard(w http.ResponseWriter, r *http.Request, a article.Article, e article.Edit) error {
	q, a, err := s.previewing(r.Context(), r.Host, a, e, article.Before{})
	if err != nil {
		return err
	}
	if err := s.looks(q, new(theme.Frame)); err != nil {
		return err
	}
	d, err := s.dress(q, []article.Article{a})
	if err != nil {
		return err
	}
	p, ok := s.cardPlan(q, a, d)
	if !ok {
		return fault.New(fault.NotFound, "article %d has no card", a.ID)
	}
	body, mime, err := p.draw(r.Context(), s.Draw)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", mime)
	h.Set("Cache-Control", "private, no-store")
	_, _ = w.Write(body) // whoever asked has left
	return nil
}

// Elsewhere tells how others would show an article: what its page tells them of it.
func (s *Site) Elsewhere(ctx context.Context, a article.Article, e article.Edit, media string) (out article.Elsewhere, err error) {
	q, a, err := s.previewing(ctx, "", a, e, article.Before{Media: media})
	if err != nil {
		return out, err
	}
	if _, err := s.articleOf(q, a, e.Content, e.Body); err != nil {
		return out, err
	}
	f := q.preview.frame
	out = article.Elsewhere{Site: q.ed.Name, Lang: q.ed.Lang, Title: f.Title + " · " + f.SiteName, About: f.Description, Hidden: a.Hidden,
		SocialTitle: f.Title, SocialAbout: f.Description, Published: a.VisibleFrom.In(q.zone())}
	if u, err := url.Parse(f.Canonical); err == nil {
		out.Host = u.Host
		for _, part := range append([]string{u.Host}, strings.Split(u.Path, "/")...) {
			if part != "" {
				out.Crumbs = append(out.Crumbs, part)
			}
		}
	}
	d, err := s.dress(q, []article.Article{a})
	if err != nil {
		return out, err
	}
	if _, out.Card = s.cardPlan(q, a, d); !out.Card && f.Social != nil && f.Social.Image != nil {
		out.Picture = strings.TrimPrefix(f.Social.Image.URL, s.BaseURL)
	}
	if f.Social != nil {
		out.SocialTitle, out.SocialAbout = cmp.Or(f.Social.Title, f.Title), cmp.Or(f.Social.Description, f.Description)
	}
	if a.Kind == article.Page {
		return out, nil
	}
	name, err := s.named(q)
	if err != nil {
		return out, err
	}
	items, err := s.feedItems(q, name, []article.Article{a})
	if err != nil {
		return out, err
	}
	it := items[0]
	out.Entry, out.Summary, out.Categories = it.Title, it.Summary, it.Categories
	for _, p := range it.Authors {
		out.Authors = append(out.Authors, p.Name)
	}
	// What a program would not take is left out of feeds; then there is nothing to show.
	rss, err := feed.RSS(feed.Feed{ID: name.of("feed", q.ed.ID), Title: q.ed.Name, Lang: q.ed.Lang, HomeURL: s.BaseURL + q.url("/"), SelfURL: s.BaseURL + q.url("feed.xml"), Items: items})
	if err == nil {
		if from, to := bytes.Index(rss, []byte("<item>")), bytes.LastIndex(rss, []byte("</item>")); from >= 0 && to > from {
			out.Source = string(rss[from : to+len("</item>")])
		}
	}
	return out, nil
}
