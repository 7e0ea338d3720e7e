package report

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/correction"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/theme"
	"dateline/internal/web"
)

// path is where reports are sent, and where their forms and status pages are.
const path = "/-/reports"

// FormPath is where the form of an article is.
func FormPath(article int64) string { return path + "?article=" + strconv.FormatInt(article, 10) }

// Public is the readers' side.
type Public struct {
	Store    *Store
	Remarks  *correction.Store
	Articles *article.Store
	Editions *edition.Store
	Mails    bool // who leaves an address is written to
	BaseURL  string
	Now      func() time.Time
	// Page answers with a page of an edition that is made for one reader: its frame with
	// a title, around what fill adds.
	Page func(w http.ResponseWriter, r *http.Request, edition int64, title string, status int, fill func(f theme.Frame) theme.Page) error

	limit *limit
}

// NewPublic makes it.
func NewPublic(p Public) *Public {
	p.limit = newLimit(p.Now)
	return &p
}

// Routes are the readers' addresses.
func (p *Public) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: path, Room: "correction", Permission: web.Public, Handler: web.Func(p.form)},
		{Method: "POST", Pattern: path, Room: "correction", Permission: web.Public, MaxBody: MaxBody, Handler: web.Func(p.post)},
		{Method: "GET", Pattern: path + "/{token}", Room: "correction", Permission: web.Public, Handler: web.Func(p.status)},
	}
}

// about is the article that a report is about, for readers.
func (p *Public) about(ctx context.Context, id int64) (article.Article, edition.Edition, error) {
	a, err := p.Articles.Public(ctx, id, p.Now())
	if fault.Is(err, fault.Gone) {
		err = fault.New(fault.NotFound, "article %d was withdrawn", id)
	}
	if err != nil {
		return a, edition.Edition{}, err
	}
	site, err := p.Editions.Site(ctx)
	if err != nil {
		return a, edition.Edition{}, err
	}
	ed, ok := site.ByID(a.Edition)
	if !ok {
		err = fault.New(fault.NotFound, "article %d is in no edition", id)
	}
	return a, ed, err
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// form is the page for those without a script; the script takes its form, too.
func (p *Public) form(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	a, ed, err := p.about(r.Context(), number(q.Get("article")))
	if err != nil {
		return err
	}
	return p.show(w, r, a, ed, Sent{Article: a.ID}, nil, http.StatusOK)
}

func urlOf(ed edition.Edition, a article.Article) string {
	return (&url.URL{Path: ed.Prefix + "/" + a.Path}).EscapedPath()
}

func (p *Public) show(w http.ResponseWriter, r *http.Request, a article.Article, ed edition.Edition, in Sent, wrong error, status int) error {
	l := lang.Of(ed.Lang)
	f := theme.ReportForm{Action: path, Article: a.ID, Exact: in.Exact, Prefix: in.Prefix, Suffix: in.Suffix, Suggestion: in.Suggestion, Note: in.Note,
		Email: in.Email, Mails: p.Mails}
	if wrong != nil {
		f.Wrong, _ = l.Say(wrong)
		if x, ok := errors.AsType[*fault.Error](wrong); ok {
			f.WrongField = x.Field
		}
	}
	unseen(w)
	return p.Page(w, r, a.Edition, l.T("report.title"), status, func(frame theme.Frame) theme.Page {
		return &theme.ReportPage{Frame: frame, Headline: a.Headline, ArticleURL: urlOf(ed, a), Form: &f}
	})
}

// unseen keeps an answer from search engines, and its address from other sites.
func unseen(w http.ResponseWriter) {
	w.Header().Set("X-Robots-Tag", "noindex")
	w.Header().Set("Referrer-Policy", "same-origin")
}

type answer struct {
	Message string `json:"message"`
	Status  string `json:"status_url"`
}

// post takes a report.
func (p *Public) post(w http.ResponseWriter, r *http.Request) error {
	leave, err := p.limit.enter(web.ClientAddr(r))
	if err != nil {
		w.Header().Set("Retry-After", "60")
		return p.refused(w, r, Sent{}, err)
	}
	defer leave()
	in, err := read(r)
	if err != nil {
		return p.refused(w, r, in, err)
	}
	_, ed, err := p.about(r.Context(), in.Article)
	if err != nil {
		return p.refused(w, r, in, err)
	}
	if err := in.check(); err != nil {
		return p.refused(w, r, in, err)
	}
	token := ""
	err = p.Store.d.Tx(r.Context(), db.Views, func(tx *db.Tx) (err error) {
		token, err = p.Store.Add(r.Context(), tx, in, p.Mails)
		return err
	})
	if err != nil {
		return p.refused(w, r, in, err)
	}
	to := path + "/" + token
	w.Header().Set("Cache-Control", "no-store")
	if scripted(r) {
		web.WriteJSON(w, r, http.StatusCreated, answer{lang.Of(ed.Lang).T("report.thanks"), p.BaseURL + to})
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// scripted tells what is not a form.
func scripted(r *http.Request) bool {
	t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return t != "application/x-www-form-urlencoded" && t != "multipart/form-data"
}

func read(r *http.Request) (in Sent, err error) {
	if scripted(r) {
		err = web.ReadJSON(r, &in)
		return in, err
	}
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return in, fault.New(fault.TooLarge, "a form: %w", err)
		}
		return in, fault.New(fault.Invalid, "a form that cannot be read: %w", err)
	}
	f := r.PostForm
	return Sent{Article: number(f.Get("article")), Exact: f.Get("exact"), Prefix: f.Get("prefix"), Suffix: f.Get("suffix"), Suggestion: f.Get("suggestion"),
		Remove: f.Get("remove") != "", Note: f.Get("note"), Email: f.Get("email")}, nil
}

// refused answers what was not taken: a script is told in JSON what is wrong, a form is
// shown once more.
func (p *Public) refused(w http.ResponseWriter, r *http.Request, in Sent, wrong error) error {
	status := web.StatusOf(wrong)
	field := ""
	if x, ok := errors.AsType[*fault.Error](wrong); ok {
		field = x.Field
	}
	if fault.Is(wrong, fault.Invalid) && status == http.StatusBadRequest {
		status = http.StatusUnprocessableEntity
	}
	a, ed, err := p.about(r.Context(), in.Article)
	l := lang.Of("en")
	if err == nil {
		l = lang.Of(ed.Lang)
	}
	text, said := l.Say(wrong)
	if !scripted(r) {
		if err != nil || !said {
			return wrong
		}
		return p.show(w, r, a, ed, in, wrong, status)
	}
	if status >= http.StatusInternalServerError {
		return wrong
	}
	if !said {
		if text = l.T("error." + strconv.Itoa(status) + ".text"); !l.Has("error." + strconv.Itoa(status) + ".text") {
			text = http.StatusText(status)
		}
	}
	if field != "" && !said {
		text = wrong.Error()
	}
	web.WriteJSON(w, r, status, map[string]any{"message": text, "field": field})
	return nil
}

// status is the page where a reader sees what became of a report.
func (p *Public) status(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := p.Store.ByToken(ctx, r.PathValue("token"))
	if err != nil {
		return err
	}
	m, err := p.Remarks.Remark(ctx, p.Store.d, x.Article, x.Remark)
	if err != nil {
		return err
	}
	site, err := p.Editions.Site(ctx)
	if err != nil {
		return err
	}
	ed, ok := site.ByID(x.Edition)
	if !ok {
		return fault.New(fault.NotFound, "a report of an edition that is not there")
	}
	l := lang.Of(ed.Lang)
	zone, err := lang.Zone(site.Publication.Zone)
	if err != nil {
		zone = time.UTC
	}
	moment := func(t time.Time) *theme.Moment {
		if t.IsZero() {
			return nil
		}
		t = t.In(zone)
		return &theme.Moment{ISO: t.Format(time.RFC3339), Text: l.DateTime(t)}
	}
	s := theme.ReportStatus{State: string(standing(m)), Note: x.Note, Suggestion: x.Replacement, Changes: x.Replaces, Mail: x.Email != "",
		Sent: moment(x.At), Seen: moment(m.Seen), Settled: moment(m.Decided)}
	s.Before, s.Exact, s.After = correction.Around(x.Passage)
	if m.State == correction.Refused {
		s.Reason = m.Reason
	}
	a, err := p.Articles.Public(ctx, x.Article, p.Now())
	public := err == nil
	if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Gone) {
		return err
	}
	if public && m.State == correction.Applied {
		if err := p.now(ctx, a, m, &s); err != nil {
			return err
		}
	}
	if m.State == correction.Open || m.State == correction.Stale {
		s.Settled = nil
	}
	unseen(w)
	return p.Page(w, r, ed.ID, l.T("report.status.title"), http.StatusOK, func(frame theme.Frame) theme.Page {
		page := &theme.ReportPage{Frame: frame, Status: &s}
		if public {
			page.Headline, page.ArticleURL = a.Headline, urlOf(ed, a)
		}
		return page
	})
}

// now fills what the page says now where the passage was.
func (p *Public) now(ctx context.Context, a article.Article, m correction.Remark, s *theme.ReportStatus) error {
	c, _, err := p.Articles.Live(ctx, a, article.Anyone)
	if fault.Is(err, fault.Forbidden) {
		return nil
	} else if err != nil {
		return err
	}
	text := correction.Printed(article.ManuscriptOf(a, c), c.Media)
	if _, still := m.Where(text); still {
		s.Waits = true // it stands in the text that is worked on
		return nil
	}
	if !m.Replaces || strings.TrimSpace(m.Replacement) == "" {
		return nil
	}
	then := m
	then.Passage.Exact, then.Passage.Once = strings.Join(strings.Fields(m.Replacement), " "), false
	at, ok := then.Where(text)
	if !ok {
		return nil
	}
	s.NowBefore, s.Now, s.NowAfter, err = then.Beside(text, at)
	return err
}
