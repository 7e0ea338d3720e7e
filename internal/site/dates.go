package site

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/archive"
	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/fault"
	"dateline/internal/theme"
)

// periodPage is how many articles a page of a month or a day holds.
const periodPage = 60

// A span is what an address of the archive names: a year, a month (day 0) or a
// day.
type span struct{ year, month, day int }

// spanOf reads "2022", "2022/02", "2022/02/14". ok is false when the path is
// none of them; a day that no calendar has is read.
func spanOf(path string) (d span, ok bool) {
	parts := strings.Split(path, "/")
	if len(parts) > 3 || len(parts[0]) != 4 {
		return d, false
	}
	for i, to := range []*int{&d.year, &d.month, &d.day}[:len(parts)] {
		v, err := strconv.Atoi(parts[i])
		if err != nil || v < 1 || (i > 0 && len(parts[i]) != 2) || parts[i][0] == '+' {
			return d, false
		}
		*to = v
	}
	return d, true
}

// real reports whether the calendar has it.
func (d span) real() bool {
	return d.month <= 12 && (d.day == 0 || archive.Valid(archive.Date(d.year, time.Month(d.month), d.day)))
}

// ends are its first day and its last.
func (d span) ends() (from, to int) {
	switch {
	case d.day > 0:
		day := archive.Date(d.year, time.Month(d.month), d.day)
		return day, day
	case d.month > 0:
		return archive.Date(d.year, time.Month(d.month), 1), archive.Date(d.year, time.Month(d.month), 31)
	}
	return archive.Date(d.year, 1, 1), archive.Date(d.year, 12, 31)
}

// dates answers the archive's addresses: /2022/, /2022/02/, /2022/02/14/, each
// also with page/N. ok is false when the path is none of them.
func (s *Site) dates(q *request) (p *cache.Page, ok bool, err error) {
	base, number, isPage := pageOf(strings.Trim(q.path, "/"))
	d, ok := spanOf(base)
	if !ok {
		return nil, false, nil
	}
	if !d.real() {
		return nil, true, fault.New(fault.NotFound, "no such day: %s", base)
	}
	if isPage && d.month == 0 {
		return nil, true, fault.New(fault.NotFound, "a year has one page")
	}
	canonical := "/" + base + "/"
	if isPage {
		canonical = "/" + pagePath(base, number)
	}
	if q.path != canonical {
		if isPage { // WordPress's lists end elsewhere than ours
			from, to := d.ends()
			ids, _, err := s.Archive.Articles(q.ctx, q.ed.ID, from, to, q.now, (number-1)*periodPage, 1)
			if err == nil && len(ids) == 0 {
				err = fault.New(fault.NotFound, "the archive of %s has no page %d", base, number)
			}
			if err != nil {
				return nil, true, err
			}
		}
		return q.moved(canonical), true, nil
	}
	switch {
	case d.month == 0:
		p, err = s.year(q, d.year)
	case d.day == 0:
		p, err = s.period(q, "month", archive.Date(d.year, time.Month(d.month), 0), number)
	default:
		p, err = s.period(q, "day", archive.Date(d.year, time.Month(d.month), d.day), number)
	}
	return p, true, err
}

// newest leads /archive to the newest month.
func (s *Site) newest(q *request) (*cache.Page, error) {
	q.made.on("list", q.ed.ID)
	q.made.on("archive", q.ed.ID)
	next, err := s.Archive.NextChange(q.ctx, q.ed.ID, q.now)
	if err != nil {
		return nil, err
	}
	q.made.till(next)
	day, err := s.Archive.Newest(q.ctx, q.ed.ID, q.now)
	if err != nil {
		return nil, err
	}
	if day == 0 {
		return q.redirect(http.StatusFound, q.url("/")), nil
	}
	y, m, _ := archive.Split(day)
	return q.redirect(http.StatusFound, q.url(monthPath(y, m))), nil
}

// year shows which months have articles.
func (s *Site) year(q *request, y int) (*cache.Page, error) {
	l := q.locale()
	found, err := s.Archive.Year(q.ctx, q.ed.ID, y, q.now)
	if err != nil {
		return nil, err
	}
	q.made.on("archive", q.ed.ID)
	if len(found.Months) == 0 {
		return nil, fault.New(fault.NotFound, "nothing was published in %d", y)
	}
	title := strconv.Itoa(y)
	elsewhere, err := s.periodElsewhere(q, yearPath(y), archive.Date(y, 1, 1), archive.Date(y, 12, 31))
	if err != nil {
		return nil, err
	}
	f, err := s.frame(q, yearPath(y), title, elsewhere)
	if err != nil {
		return nil, err
	}
	p := &theme.ArchivePage{Frame: f, Scope: "year", Heading: title, Months: months(q, found, 0), MonthsTitle: theme.Words(l, "archive.months_of", "year", yearText(y))}
	if p.Calendars, err = s.wall(q, y); err != nil {
		return nil, err
	}
	yearLink := func(n int) *theme.Link {
		if n == 0 {
			return nil
		}
		return &theme.Link{Name: strconv.Itoa(n), URL: q.url(yearPath(n))}
	}
	p.Prev, p.Next = yearLink(found.Prev), yearLink(found.Next)
	if p.Years, err = s.years(q, y); err != nil {
		return nil, err
	}
	p.JSONLD = s.listLD(q, &p.Frame, title, nil, nil)
	p.Social = s.social(q)
	return s.render(q, p, http.StatusOK)
}

// months are links to the months of a year, those without articles by name
// only.
func months(q *request, year archive.Year, current time.Month) []theme.Link {
	l := q.locale()
	var out []theme.Link
	for m := time.January; m <= time.December; m++ {
		link := theme.Link{Name: l.Title(l.Month(m)), Current: m == current}
		if slices.Contains(year.Months, m) {
			link.URL = q.url(monthPath(year.Year, m))
		}
		out = append(out, link)
	}
	return out
}

// yearText is a year in a sentence: without the grouping of numbers.
func yearText(y int) string { return strconv.Itoa(y) }

// wall are the calendars of a year's months that have articles.
func (s *Site) wall(q *request, y int) ([]theme.Calendar, error) {
	days, err := s.Archive.Days(q.ctx, q.ed.ID, archive.Date(y, 1, 1), archive.Date(y, 12, 31), q.now)
	if err != nil {
		return nil, err
	}
	next, err := s.Archive.NextChange(q.ctx, q.ed.ID, q.now)
	if err != nil {
		return nil, err
	}
	q.made.till(next)
	of := make([]archive.Month, 13)
	for _, day := range days {
		_, m, d := archive.Split(day)
		of[m].Days = append(of[m].Days, d)
	}
	var out []theme.Calendar
	for m := time.January; m <= time.December; m++ {
		q.made.on("month", q.ed.ID, int64(archive.Date(y, m, 0)/100))
		if of[m].Days != nil {
			of[m].Year, of[m].Month = y, m
			c := calendarOf(q, of[m], 0)
			c.Title = q.locale().Title(q.locale().Month(m))
			out = append(out, *c)
		}
	}
	return out, nil
}

// periodElsewhere tells in which editions something was published in a span of
// days, and so the same address exists.
func (s *Site) periodElsewhere(q *request, path string, from, to int) (map[int64]string, error) {
	out := map[int64]string{}
	for _, e := range q.site.Editions {
		if e.ID == q.ed.ID {
			continue
		}
		some, err := s.Archive.Any(q.ctx, e.ID, from, to, q.now)
		if err != nil {
			return nil, err
		}
		next, err := s.Archive.NextChange(q.ctx, e.ID, q.now)
		if err != nil {
			return nil, err
		}
		q.made.till(next)
		q.made.on("archive", e.ID)
		q.made.on("day", e.ID, int64(from))
		if from != to {
			q.made.on("month", e.ID, int64(from/100))
		}
		if some {
			out[e.ID] = path
		}
	}
	return out, nil
}

// years are those between the first article and the last, newest first.
func (s *Site) years(q *request, current int) ([]theme.Link, error) {
	newest, err := s.Archive.Newest(q.ctx, q.ed.ID, q.now)
	if err != nil {
		return nil, err
	}
	oldest, err := s.Archive.Oldest(q.ctx, q.ed.ID, q.now)
	if err != nil {
		return nil, err
	}
	var out []theme.Link
	for y := newest / 10000; y >= oldest/10000 && y > 0 && len(out) < 60; {
		out = append(out, theme.Link{Name: strconv.Itoa(y), URL: q.url(yearPath(y)), Current: y == current})
		prev, _, err := s.Archive.Around(q.ctx, q.ed.ID, archive.Date(y, 1, 1), q.now)
		if err != nil {
			return nil, err
		}
		y = prev / 10000
	}
	return out, nil
}

// period is a month (day 0) or a day with its articles.
func (s *Site) period(q *request, scope string, day, number int) (*cache.Page, error) {
	l := q.locale()
	y, m, d := archive.Split(day)
	from, to, path := day, day, dayPath(day)
	t := time.Date(y, m, max(d, 1), 12, 0, 0, 0, time.UTC)
	title := l.Title(l.FullDate(t))
	if scope == "month" {
		to, path, title = archive.Date(y, m, 31), monthPath(y, m), l.Title(l.MonthYear(y, m))
	}
	ids, more, err := s.Archive.Articles(q.ctx, q.ed.ID, from, to, q.now, (number-1)*periodPage, periodPage)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, fault.New(fault.NotFound, "nothing was published then: %d", day)
	}
	elsewhere, err := s.periodElsewhere(q, path, from, to)
	if err != nil {
		return nil, err
	}
	own := path
	if number > 1 {
		own = "/" + pagePath(strings.Trim(path, "/"), number)
	}
	f, err := s.frame(q, own, title, elsewhere)
	if err != nil {
		return nil, err
	}
	q.further(&f, number)
	p := &theme.ArchivePage{Frame: f, Scope: scope, Heading: title}
	if p.Calendar, err = s.calendar(q, y, m, day); err != nil {
		return nil, err
	}
	if scope == "month" && number == 1 {
		p.Calendar.URL = "" // this page
	}
	if p.Days, err = s.days(q, scope, ids); err != nil {
		return nil, err
	}
	if !more && number == 1 {
		p.Summary = theme.Words(l, "list.count", "n", len(ids))
	}
	if scope == "month" {
		year, err := s.Archive.Year(q.ctx, q.ed.ID, y, q.now)
		if err != nil {
			return nil, err
		}
		p.Months, p.MonthsTitle = months(q, year, m), theme.Words(l, "archive.months_of", "year", yearText(y))
		if p.Years, err = s.years(q, y); err != nil {
			return nil, err
		}
	}
	p.Crumbs = []theme.Link{{Name: strconv.Itoa(y), URL: q.url(yearPath(y))}}
	if scope == "day" {
		p.Crumbs = append(p.Crumbs, theme.Link{Name: l.Title(l.Month(m)), URL: q.url(monthPath(y, m))})
		q.made.on("day", q.ed.ID, int64(day))
	}
	if err := s.neighbours(q, p, scope, day); err != nil {
		return nil, err
	}
	base := strings.Trim(path, "/")
	p.Pager = theme.Pager{Page: number}
	if number == 2 {
		p.Pager.Newer = q.url(path)
	} else if number > 2 {
		p.Pager.Newer = q.url(pagePath(base, number-1))
	}
	if more && number < maxPages {
		p.Pager.Older = q.url(pagePath(base, number+1))
	}
	var items []theme.Card
	for _, d := range p.Days {
		items = append(items, d.Items...)
	}
	p.JSONLD = s.listLD(q, &p.Frame, f.Title, p.Crumbs, items)
	p.Social = s.social(q)
	return s.render(q, p, http.StatusOK)
}

// neighbours are the nearest day or month before and after that has articles.
func (s *Site) neighbours(q *request, p *theme.ArchivePage, scope string, day int) error {
	l := q.locale()
	edge := day
	prev, next, err := s.Archive.Around(q.ctx, q.ed.ID, edge, q.now)
	if err != nil {
		return err
	}
	if scope == "month" {
		_, next, err = s.Archive.Around(q.ctx, q.ed.ID, day+31, q.now)
		if err != nil {
			return err
		}
	}
	link := func(n int) *theme.Link {
		if n == 0 {
			return nil
		}
		y, m, d := archive.Split(n)
		if scope == "month" {
			return &theme.Link{Name: l.Title(l.MonthYear(y, m)), URL: q.url(monthPath(y, m))}
		}
		return &theme.Link{Name: l.Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)), URL: q.url(dayPath(n))}
	}
	p.Prev, p.Next = link(prev), link(next)
	// Neighbours may lie in other months, whose own changes touch this page.
	for _, n := range []int{prev, next} {
		if n != 0 {
			q.made.on("month", q.ed.ID, int64(n/100))
		}
	}
	return nil
}

// days groups articles by their day.
func (s *Site) days(q *request, scope string, ids []int64) ([]theme.DayGroup, error) {
	list, err := s.Articles.PublicByIDs(q.ctx, ids, q.now)
	if err != nil {
		return nil, err
	}
	d, err := s.dress(q, list)
	if err != nil {
		return nil, err
	}
	l := q.locale()
	var out []theme.DayGroup
	last := 0
	for _, a := range list {
		if a.Day != last {
			last = a.Day
			y, m, n := archive.Split(a.Day)
			t := time.Date(y, m, n, 0, 0, 0, 0, time.UTC)
			g := theme.DayGroup{Date: theme.Moment{ISO: t.Format(time.DateOnly), Text: l.DayMonth(t)}, Weekday: l.Weekday(t.Weekday())}
			if scope != "day" {
				g.URL = q.url(dayPath(a.Day))
			}
			out = append(out, g)
		}
		g := &out[len(out)-1]
		g.Items = append(g.Items, s.dayItem(q, d, a))
	}
	return out, nil
}

func (s *Site) dayItem(q *request, d dressed, a article.Article) theme.Card {
	c := d.card(q, a)
	c.Time, c.Views = q.clock(a), q.views(a)
	return c
}
