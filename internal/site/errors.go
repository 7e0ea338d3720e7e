package site

import (
	"bytes"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"dateline/internal/cache"
	"dateline/internal/edition"
	"dateline/internal/theme"
	"dateline/internal/web"
)

// htmlText is HTML made by richtext or theme; this package makes none.
type htmlText = template.HTML

// Error answers with a page in the reader's language that says what happened
// and what next. The error's own text goes to the log only.
func (s *Site) Error(w http.ResponseWriter, r *http.Request, err error) {
	status := web.StatusOf(err)
	h := w.Header()
	h.Set("Content-Type", htmlType)
	body := s.errorBody(r, status)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

// errorBody makes the page; with the database away it is made without it.
func (s *Site) errorBody(r *http.Request, status int) []byte {
	q := &request{ctx: r.Context(), now: s.Now(), draw: s.Draw, made: newMade()}
	var f theme.Frame
	site, err := s.Editions.Site(r.Context())
	if err == nil {
		q.set, err = s.Editions.Settings(r.Context())
	}
	if err == nil {
		q.site = site
		path, _ := clean(r.URL)
		q.ed, q.path = site.Split(path)
		title := q.locale().T("error." + strconv.Itoa(status) + ".title")
		if f, err = s.frame(q, q.path, title, nil); err != nil {
			f = theme.Frame{Lang: q.locale(), SiteName: q.ed.Name, HomeURL: q.url("/"), Title: title}
		}
	} else {
		q.ed = edition.Edition{Lang: "en"}
		f = theme.Frame{Lang: q.locale(), HomeURL: "/"}
	}
	f.Robots, f.Canonical, f.Alternates = "noindex", "", nil
	p := &theme.ErrorPage{Frame: f, Status: status}
	if status == http.StatusNotFound && err == nil {
		p.Elsewhere = s.elsewhere(q)
	}
	var b bytes.Buffer
	if err := s.Theme.Render(&b, p); err != nil {
		s.Log.Error("the page of an error failed", "error", err)
		return []byte("<!doctype html><title>" + strconv.Itoa(status) + "</title>")
	}
	return b.Bytes()
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
	case "topic":
		topics, err := s.topicsByID(q, []int64{t.ID})
		return err == nil && topics[t.ID].Name(q.ed.Lang, q.site.Default().Lang).Name != "" && s.secret(q, topics[t.ID]) == nil
	case "article":
	default:
		return true
	}
	_, err = s.Articles.Public(q.ctx, t.ID, q.now)
	return err == nil
}

// privacy says what is stored about a reader and how views are counted.
func (s *Site) privacy(q *request) (*cache.Page, error) {
	f, err := s.frame(q, "/privacy", q.locale().T("privacy.title"), same(q.site, "/privacy"))
	if err != nil {
		return nil, err
	}
	return s.render(q, &theme.PrivacyPage{Frame: f, Contact: q.setting("contact")}, http.StatusOK)
}
