package site

import (
	"bytes"
	"context"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/cache"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/theme"
	"dateline/internal/web"
)

// htmlText is HTML made by richtext or theme; this package makes none.
type htmlText = template.HTML

// Error answers with a page in the reader's language that says what happened
// and what next. The error's own text goes to the log only. Such pages are
// kept like any other, one for each status and edition, so that a flood of
// invented addresses costs what a read page costs.
func (s *Site) Error(w http.ResponseWriter, r *http.Request, err error) {
	status := web.StatusOf(err)
	path, _ := clean(r.URL)
	ed := edition.Edition{Lang: "en"}
	site, serr := s.Editions.Site(r.Context())
	if serr == nil {
		ed, _ = site.Split(path)
		key := "!" + strconv.Itoa(status) + ":" + strconv.FormatInt(ed.ID, 10)
		words, query := "", ""
		if status == http.StatusNotFound {
			if words = wordsOf(path); words != "" {
				key, query = key+":words", wordsHere
			}
		}
		if fault.Is(err, fault.Busy) { // whoever is sent away is sent away at once
			ctx, cancel := context.WithTimeout(r.Context(), busyWait)
			defer cancel()
			r = r.WithContext(ctx)
		}
		to, from := w, r
		var held *holder
		if words != "" {
			held = &holder{ResponseWriter: w}
			to, from = held, plain(r)
		}
		err = s.Cache.Serve(to, from, key, func(ctx context.Context) (*cache.Page, error) {
			q := &request{ctx: ctx, site: site, ed: ed, path: "/", now: s.Now(), draw: s.Draw, made: newMade()}
			var err error
			if q.set, err = s.Editions.Settings(ctx); err != nil {
				return nil, err
			}
			q.made.of("settings")
			q.made.on("edition", ed.ID)
			return s.errorPage(q, status, nil, query)
		})
		if err == nil && held != nil {
			held.send(r, words)
		}
	}
	if serr == nil && err == nil {
		return
	}
	// Neither the database nor a copy: the page without a menu.
	l := lang.Of(ed.Lang)
	f := theme.Frame{Lang: l, SiteName: ed.Name, HomeURL: urlOf(ed, "/"), Title: errorTitle(l, status), Robots: "noindex"}
	var b bytes.Buffer
	if err := s.Theme.Render(&b, &theme.ErrorPage{Frame: f, Status: status}); err != nil {
		s.Log.Error("the page of an error failed", "error", err)
		b.Reset()
		b.WriteString("<!doctype html><title>" + strconv.Itoa(status) + "</title>")
	}
	h := w.Header()
	h.Set("Content-Type", htmlType)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // a reader who left is nobody's error
	}
}

const busyWait = 100 * time.Millisecond

func errorTitle(l *lang.Locale, status int) string {
	return l.T("error." + strconv.Itoa(status) + ".title")
}

// errorPage is the page of a status in an edition; nobody keeps it but us.
// query stands in its field for searching.
func (s *Site) errorPage(q *request, status int, elsewhere []theme.EditionLink, query string) (*cache.Page, error) {
	f, err := s.frame(q, "/", errorTitle(q.locale(), status), nil)
	if err != nil {
		return nil, err
	}
	f.Robots, f.Canonical, f.Alternates = "noindex", "", nil
	p, err := s.render(q, &theme.ErrorPage{Frame: f, Status: status, Elsewhere: elsewhere, Query: query}, status)
	if err != nil {
		return nil, err
	}
	p.Header = http.Header{"Cache-Control": {"no-store"}}
	return p, nil
}

// missing is the page for an address that only other editions have; nil when
// none has it.
func (s *Site) missing(q *request) *cache.Page {
	links := s.elsewhere(q)
	if len(links) == 0 {
		return nil
	}
	p, err := s.errorPage(q, http.StatusNotFound, links, wordsOf(q.full))
	if err != nil {
		return nil
	}
	p.NoStore = true
	return p
}

// elsewhere are the editions that have something at this very path.
func (s *Site) elsewhere(q *request) []theme.EditionLink {
	var out []theme.EditionLink
	for _, e := range q.site.Editions {
		if e.ID == q.ed.ID {
			continue
		}
		other := &request{ctx: q.ctx, site: q.site, ed: e, path: q.path, now: q.now, draw: q.draw, made: newMade()}
		if s.there(other) {
			l := other.locale()
			out = append(out, theme.EditionLink{Lang: l.Tag(), Name: l.Name(), URL: other.url(q.path)})
		}
	}
	return out
}

// there reports whether everybody may see something at the path.
func (s *Site) there(q *request) bool {
	base, _, _ := pageOf(strings.Trim(q.path, "/"))
	t, current, err := s.Addresses.Lookup(q.ctx, q.ed.ID, base)
	if err != nil || !current {
		return false
	}
	switch t.Kind {
	case "topic", "author":
		return s.stands(q, t, 1) == nil
	case "article":
		_, err = s.Articles.Public(q.ctx, t.ID, q.now)
		return err == nil
	}
	return true
}

// privacy says what is stored about a reader and how views are counted.
func (s *Site) privacy(q *request) (*cache.Page, error) {
	f, err := s.frame(q, "/privacy", q.locale().T("privacy.title"), same(q.site, "/privacy"))
	if err != nil {
		return nil, err
	}
	f.Social = s.social(q)
	f.JSONLD = s.described(q, s.pageLD(q, &f, "WebPage", f.Title, nil, nil))
	return s.render(q, &theme.PrivacyPage{Frame: f, Contact: q.setting("contact"), AccountURL: s.accountURL(q)}, http.StatusOK)
}
