package site

import (
	"bytes"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"dateline/internal/archive"
	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/edition"
	"dateline/internal/lang"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

const htmlType = "text/html; charset=utf-8"

// render makes the page of a value.
func (s *Site) render(q *request, p theme.Page, status int) (*cache.Page, error) {
	if f := p.Common(); f.Description == "" && f.Robots == "" && f.Title != "" {
		f.Description = described(f)
	}
	if f := p.Common(); f.Robots == "" && status == http.StatusOK {
		f.Robots = "max-image-preview:large" // without it search engines show a stamp of a picture, or none
	}
	if q.preview != nil {
		q.preview.frame = p.Common()
	}
	var b bytes.Buffer
	if err := s.Theme.Render(&b, p); err != nil {
		return nil, err
	}
	out := q.made.page(htmlType, b.Bytes())
	out.Status = status
	return out, nil
}

// described says of a page that has no description of its own what it is and
// where: "November 2026. The Tasozen Lamp: news of Tasozen".
func described(f *theme.Frame) string {
	d := f.Title + ". " + f.SiteName
	if f.Tagline != "" {
		d += ": " + f.Tagline
	}
	return d
}

// locale speaks the edition's language.
func (q *request) locale() *lang.Locale { return lang.Of(q.ed.Lang) }

// zone is the publication's.
func (q *request) zone() *time.Location {
	loc, err := lang.Zone(q.site.Publication.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// frame is what every page of an edition has. path is the page's own, within
// the edition; elsewhere tells its addresses in other editions (nil: it is in
// this one only, "same": the same path everywhere).
func (s *Site) frame(q *request, path, title string, elsewhere map[int64]string) (theme.Frame, error) {
	l := q.locale()
	f := theme.Frame{Lang: l, SiteName: q.ed.Name, Tagline: q.ed.Tagline, Title: title, Colophon: q.ed.Colophon,
		Canonical: s.BaseURL + q.url(path), HomeURL: q.url("/"), SearchURL: q.url(searchPath), OpenSearchURL: q.url(openSearchXML), PrivacyURL: q.url("/privacy"), CorrectionsURL: q.url(correctionsPath), RulesURL: q.url(rulesPath), TransparencyURL: q.url(transparencyPath), ArchiveURL: q.url("/archive"), AuthorsURL: q.url("/authors")}
	if q.preview != nil && !q.preview.until.IsZero() {
		f.Notice = l.T("preview.notice", "until", l.DateTime(q.preview.until.In(q.zone())))
	}
	f.Feeds = q.feeds("", "")
	today := q.now.In(q.zone())
	f.Today = theme.Moment{ISO: today.Format(time.DateOnly), Text: l.Title(l.FullDate(today))}
	q.made.till(midnightAfter(today))
	s.editions(q, &f, path, elsewhere)
	if err := s.looks(q, &f); err != nil {
		return f, err
	}
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return f, err
	}
	q.made.of("topics")
	f.Sections = s.menu(q, tree)
	if f.ColumnsURL, err = s.shelfURL(q, topic.Column); err != nil {
		return f, err
	}
	if f.SeriesURL, err = s.shelfURL(q, topic.Series); err != nil {
		return f, err
	}
	if err := s.notices(q, &f); err != nil {
		return f, err
	}
	pages, err := s.Articles.Pages(q.ctx, q.ed.ID, 0, q.now)
	if err != nil {
		return f, err
	}
	if len(pages) > 0 {
		g := theme.LinkGroup{Title: theme.Words(l, "footer.newsroom")}
		for _, p := range pages[:min(len(pages), 12)] {
			q.made.on("article", p.ID)
			g.Links = append(g.Links, theme.Link{Name: p.Headline, URL: q.url(p.Path)})
		}
		f.Footer = append(f.Footer, g)
	}
	q.footer(&f)
	q.made.on("pages", q.ed.ID)
	next, err := s.Articles.NextPage(q.ctx, q.ed.ID, q.now)
	q.made.till(next)
	return f, err
}

// feeds are the edition's feeds, or with a base a list's, for the head of a page.
func (q *request) feeds(base, name string) []theme.Feed {
	l := q.locale()
	if base != "" {
		base, name = base+"/", name+" · "
	}
	return []theme.Feed{{URL: q.url(base + "feed.xml"), Title: name + theme.Words(l, "feed.rss")},
		{URL: q.url(base + "atom.xml"), Title: name + theme.Words(l, "feed.atom"), Type: "application/atom+xml"},
		{URL: q.url(base + "feed.json"), Title: name + theme.Words(l, "feed.json"), Type: "application/feed+json"}}
}

// midnightAfter is the start of the next day, whatever the zone does with its
// clocks that night.
func midnightAfter(t time.Time) time.Time {
	y, m, d := t.Date()
	r, err := lang.ResolveWall(time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC).Format(time.DateTime), t.Location())
	if err != nil {
		return t.Add(24 * time.Hour)
	}
	return r.At
}

// same tells that a page has the same path in every edition.
func same(site edition.Site, path string) map[int64]string {
	out := map[int64]string{}
	for _, e := range site.Editions {
		out[e.ID] = path
	}
	return out
}

// editions fills the language switch and the alternates.
func (s *Site) editions(q *request, f *theme.Frame, path string, elsewhere map[int64]string) {
	if len(q.site.Editions) < 2 {
		return
	}
	for _, e := range q.site.Editions {
		own := lang.Of(e.Lang)
		link := theme.EditionLink{Lang: own.Tag(), Name: own.Name(), Current: e.ID == q.ed.ID}
		there, ok := elsewhere[e.ID]
		if link.Current {
			there, ok = path, true
		}
		if link.URL = urlOf(e, there); !ok {
			link.Missing, link.URL = true, urlOf(e, "/")
		}
		f.Editions = append(f.Editions, link)
	}
	f.Alternates = s.alternates(q, path, elsewhere)
}

// menuLinks is how many sections the row holds; all of them stand in the footer
// of a theme that wants more.
const menuLinks = 12

// menu is the sections row: the roots that have a name in this language; in an
// edition that has none, as an import may leave it, those by any name on which
// articles stand.
func (s *Site) menu(q *request, tree *topic.Tree) []theme.Link {
	var out []theme.Link
	for _, t := range q.ownMenu(tree) {
		if l, ok := q.topicLink(t); ok {
			out = append(out, l)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, own := range []bool{true, false} {
		for _, t := range tree.Sections() {
			l, ok := q.topicLink(t)
			if _, named := t.Names[q.ed.Lang]; !ok || named != own || len(out) == menuLinks {
				continue
			}
			if !own {
				q.made.on("topic-list", t.ID)
				if s.secret(q, t) != nil {
					continue
				}
			}
			out = append(out, l)
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

func topicPath(k topic.Kind, slug string) string { return string(k) + "/" + slug }

func (s *Site) notices(q *request, f *theme.Frame) error {
	list, next, err := s.Editions.Announcements(q.ctx, q.ed.ID, q.now)
	if err != nil {
		return err
	}
	q.made.on("edition", q.ed.ID)
	q.made.till(next)
	if f.Breaking, err = s.strip(q); err != nil {
		return err
	}
	l := q.locale()
	for _, a := range list {
		switch {
		case a.Kind == "breaking" && f.Breaking == nil:
			at := a.Begins.In(q.zone())
			f.Breaking = &theme.Strip{Text: a.Text, URL: a.URL,
				Time: theme.Moment{ISO: at.Format(time.RFC3339), Text: l.Time(at)}}
		case a.Kind == "announcement":
			f.Announcements = append(f.Announcements, theme.Announcement{Text: a.Text, URL: a.URL})
		}
	}
	return nil
}

// calendar is the month around a day; current is the day of the page, 0 none.
func (s *Site) calendar(q *request, y int, m time.Month, current int) (*theme.Calendar, error) {
	month, err := s.Archive.Month(q.ctx, q.ed.ID, y, m, q.now)
	if err != nil {
		return nil, err
	}
	q.made.on("month", q.ed.ID, int64(archive.Date(y, m, 0)/100))
	q.made.on("archive", q.ed.ID)
	next, err := s.Archive.NextChange(q.ctx, q.ed.ID, q.now)
	q.made.till(next)
	return calendarOf(q, month, current), err
}

func calendarOf(q *request, month archive.Month, current int) *theme.Calendar {
	l := q.locale()
	c := &theme.Calendar{Title: l.Title(l.MonthYear(month.Year, month.Month))}
	if len(month.Days) > 0 {
		c.URL = q.url(monthPath(month.Year, month.Month))
	}
	start := l.WeekStart()
	for i := range 7 {
		w := (start + time.Weekday(i)) % 7
		c.WeekdayHeads = append(c.WeekdayHeads, theme.WeekdayHead{Short: l.WeekdayShort(w), Long: l.Weekday(w)})
	}
	today := archive.DayOf(q.now, q.zone()) // frame has the page made anew at midnight
	first := time.Date(month.Year, month.Month, 1, 0, 0, 0, 0, time.UTC)
	week := make([]theme.Day, (int(first.Weekday())-int(start)+7)%7)
	for d := first; d.Month() == month.Month; d = d.AddDate(0, 0, 1) {
		day := theme.Day{N: d.Day(), Label: l.DayMonth(d)}
		n := archive.Date(month.Year, month.Month, d.Day())
		day.Current, day.Today = n == current, n == today
		if month.Has(d.Day()) {
			day.URL = q.url(dayPath(n))
		}
		if week = append(week, day); len(week) == 7 {
			c.Weeks, week = append(c.Weeks, week), nil
		}
	}
	if len(week) > 0 {
		c.Weeks = append(c.Weeks, append(week, make([]theme.Day, 7-len(week))...))
	}
	link := func(day int) *theme.Link {
		if day == 0 {
			return nil
		}
		y, m, _ := archive.Split(day)
		name := l.Month(m)
		if y != month.Year {
			name = l.MonthYear(y, m)
		}
		return &theme.Link{Name: name, URL: q.url(monthPath(y, m))}
	}
	c.Prev, c.Next = link(month.Prev), link(month.Next)
	return c
}

func yearPath(y int) string { return "/" + pad(y, 4) + "/" }

func monthPath(y int, m time.Month) string { return yearPath(y) + pad(int(m), 2) + "/" }

func dayPath(day int) string {
	y, m, d := archive.Split(day)
	return monthPath(y, m) + pad(d, 2) + "/"
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	for len(s) < width {
		s = "0" + s
	}
	return s
}

// views is the counter of an article, stamped by the cache.
func (q *request) views(a article.Article) template.HTML { return theme.ViewsToken(a.ID, q.ed.Lang) }
