package site

import (
	"html"
	"net/http"
	"strconv"
	"strings"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/correction"
	"dateline/internal/fault"
	"dateline/internal/feed"
	"dateline/internal/lang"
	"dateline/internal/richtext"
	"dateline/internal/theme"
)

// correctionsPath is the list of an edition's corrections; below it each has a page.
const correctionsPath = "/corrections"

// corrections answers the addresses of corrections. ok is false when it is none.
func (s *Site) corrections(q *request, path string, slash bool) (p *cache.Page, ok bool, err error) {
	base, number, _ := pageOf(path)
	name, below := strings.CutPrefix(path, correctionsPath[1:]+"/")
	id, err := strconv.ParseInt(name, 10, 64)
	switch {
	case "/"+base == correctionsPath:
		p, err = s.correctionList(q, number)
	case below && err == nil && id > 0 && strconv.FormatInt(id, 10) == name:
		p, err = s.correction(q, id)
	default:
		return nil, false, nil
	}
	if slash && err == nil {
		return q.moved("/" + path), true, nil
	}
	return p, true, err
}

// corrected fills what readers are told of an article.
func (s *Site) corrected(q *request, p *theme.ArticlePage, a article.Article) error {
	list, err := s.Corrections.Of(q.ctx, a.ID)
	for _, c := range list {
		x := toldOf(q, c)
		p.Corrections = append(p.Corrections, x)
		p.Corrected = p.Corrected || c.Kind.Corrects()
	}
	return err
}

// toldOf is a correction as pages show it.
func toldOf(q *request, c correction.Correction) theme.Correction {
	x := theme.Correction{Kind: string(c.Kind), Time: *moment(q.locale(), c.At.In(q.zone())), Text: c.Text,
		Page: q.url(correctionsPath + "/" + strconv.FormatInt(c.ID, 10))}
	if c.Shows && c.After > c.Before {
		x.URL = x.Page
	}
	return x
}

// corrections of an edition, with their articles.
func (s *Site) correctionsOf(q *request, number, limit int) ([]correction.Correction, map[int64]article.Article, bool, error) {
	q.made.on("corrections", q.ed.ID)
	q.made.on("list", q.ed.ID) // an article that comes back brings its corrections
	next, err := s.Corrections.NextChange(q.ctx, q.ed.ID, q.now)
	if err != nil {
		return nil, nil, false, err
	}
	q.made.till(next)
	list, more, err := s.Corrections.List(q.ctx, q.ed.ID, q.now, (number-1)*perPage, limit)
	if err != nil {
		return nil, nil, false, err
	}
	var ids []int64
	for _, c := range list {
		ids = appendID(ids, c.Article)
		q.made.on("article", c.Article)
	}
	found, err := s.Articles.PublicByIDs(q.ctx, ids, q.now)
	of := make(map[int64]article.Article, len(found))
	for _, a := range found {
		of[a.ID] = a
	}
	return list, of, more, err
}

// correctionList is the page of an edition's corrections, by months. It is there where
// there was nothing to correct, too.
func (s *Site) correctionList(q *request, number int) (*cache.Page, error) {
	l := q.locale()
	list, of, more, err := s.correctionsOf(q, number, perPage)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 && number > 1 {
		return nil, fault.New(fault.NotFound, "there is no page %d of corrections", number)
	}
	title := l.T("article.corrections")
	f, err := s.frame(q, pagePath(correctionsPath, number), title, same(q.site, correctionsPath))
	if err != nil {
		return nil, err
	}
	f.Description = l.T("corrections.intro")
	p := &theme.CorrectionsPage{Heading: theme.Words(l, "article.corrections"), Intro: theme.Words(l, "corrections.intro"), FeedURL: q.url(correctionsPath + "/feed.xml")}
	q.further(&f, number)
	f.Feeds = append(q.feeds(correctionsPath[1:], title), f.Feeds...)
	for _, c := range list {
		a, ok := of[c.Article]
		if !ok {
			continue
		}
		x := toldOf(q, c)
		x.Headline, x.ArticleURL = a.Headline, q.url(a.Path)
		at := c.At.In(q.zone())
		if month := l.Title(l.MonthYear(at.Year(), at.Month())); len(p.Months) == 0 || p.Months[len(p.Months)-1].Title != month {
			p.Months = append(p.Months, theme.CorrectionMonth{Title: month})
		}
		m := &p.Months[len(p.Months)-1]
		m.Items = append(m.Items, x)
	}
	p.Pager = s.pager(q, correctionsPath[1:], number, more)
	p.Pager.ArchiveURL = "" // there stand articles
	p.Frame = f
	p.JSONLD = s.listLD(q, &p.Frame, title, nil, nil)
	p.Social = s.social(q)
	return s.render(q, p, http.StatusOK)
}

// correction is the page of one, with the words before and after.
func (s *Site) correction(q *request, id int64) (*cache.Page, error) {
	q.made.on("corrections", q.ed.ID)
	q.made.on("list", q.ed.ID)
	next, err := s.Corrections.NextChange(q.ctx, q.ed.ID, q.now)
	if err != nil {
		return nil, err
	}
	q.made.till(next)
	c, err := s.Corrections.Public(q.ctx, q.ed.ID, id, q.now)
	if err != nil {
		return nil, err
	}
	a, gone, err := s.readable(q, c.Article)
	if gone != nil || err != nil {
		return gone, err
	}
	l := q.locale()
	x := toldOf(q, c)
	f, err := s.frame(q, x.Page[len(q.ed.Prefix):], correctionTitle(l, c, a), nil)
	if err != nil {
		return nil, err
	}
	f.Description = richtext.Excerpt(c.Text, 200)
	if a.Hidden {
		f.Robots = "noindex"
	}
	x.Page, x.URL, x.Headline, x.ArticleURL = "", "", a.Headline, q.url(a.Path)
	if x.Changes, err = s.changes(q, c, a); err != nil {
		return nil, err
	}
	all := theme.Link{Name: theme.Words(l, "article.corrections"), URL: q.url(correctionsPath)}
	p := &theme.CorrectionsPage{Frame: f, One: &x, Crumbs: []theme.Link{all}}
	p.JSONLD = s.described(q, s.pageLD(q, &p.Frame, "WebPage", f.Title, p.Crumbs, nil))
	p.Social = s.social(q)
	return s.render(q, p, http.StatusOK)
}

func correctionTitle(l *lang.Locale, c correction.Correction, a article.Article) string {
	return l.T("correction."+string(c.Kind)) + ": " + a.Headline
}

// changes are the words before and after, if the newsroom shows them.
func (s *Site) changes(q *request, c correction.Correction, a article.Article) ([]theme.Change, error) {
	list, err := s.Corrections.Changes(q.ctx, c, a.Access)
	if err != nil {
		return nil, err
	}
	out := make([]theme.Change, 0, len(list))
	for _, x := range list {
		row := theme.Change{Part: x.Part}
		for _, r := range x.Runs {
			text := r.Span.Text
			switch r.Span.Kind {
			case richtext.Break:
				text = " "
			case richtext.NoteRef:
				continue
			}
			op := r.Op.String()
			if op != "added" && op != "removed" {
				op = "same"
			}
			if n := len(row.Words); n > 0 && row.Words[n-1].Op == op {
				row.Words[n-1].Text += text
				continue
			}
			row.Words = append(row.Words, theme.Fate{Op: op, Text: text})
		}
		out = append(out, row)
	}
	return out, nil
}

// correctionsFeed is the newest corrections for programs: each with its article's
// headline and, where the newsroom shows it, the words before and after.
func (s *Site) correctionsFeed(q *request, name names, f feed.Feed, form feedFormat) (*cache.Page, error) {
	list, of, _, err := s.correctionsOf(q, 1, feed.MaxItems)
	if err != nil {
		return nil, err
	}
	l := q.locale()
	title := l.T("article.corrections")
	f.ID = name.of("feed/"+strconv.FormatInt(q.ed.ID, 10)+"/corrections", q.ed.ID)
	f.Title, f.Description = l.T("feed.of", "name", title, "publication", q.ed.Name), l.T("corrections.intro")
	f.HomeURL = s.BaseURL + q.url(correctionsPath)
	for _, c := range list {
		a, ok := of[c.Article]
		if !ok {
			continue
		}
		x := toldOf(q, c)
		it := feed.Item{ID: name.of("correction", c.ID), URL: s.BaseURL + x.Page, Title: correctionTitle(l, c, a), Summary: c.Text,
			Published: c.At, Updated: c.Changed, Authors: []feed.Person{{Name: q.ed.Name}}, Hidden: a.Hidden}
		changes, err := s.changes(q, c, a)
		if err != nil {
			return nil, err
		}
		it.HTML = toldHTML(c.Text, q.url(a.Path), a.Headline, changes)
		f.Items = append(f.Items, it)
	}
	return s.wholeFeed(q, form, f)
}

func toldHTML(text, url, headline string, changes []theme.Change) string {
	var b strings.Builder
	for _, p := range strings.Split(text, "\n\n") {
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	for _, c := range changes {
		b.WriteString("<blockquote><p>")
		for _, w := range c.Words {
			tag := map[string]string{"added": "ins", "removed": "del"}[w.Op]
			if tag == "" {
				b.WriteString(html.EscapeString(w.Text))
				continue
			}
			b.WriteString("<" + tag + ">" + html.EscapeString(w.Text) + "</" + tag + ">")
		}
		b.WriteString("</p></blockquote>\n")
	}
	b.WriteString(`<p><a href="` + html.EscapeString(url) + `">` + html.EscapeString(headline) + "</a></p>\n")
	return b.String()
}
