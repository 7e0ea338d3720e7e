package views

import (
	"cmp"
	"context"
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"dateline/internal/article"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/lang"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

// Numbers are the desk's pages of what is read.
type Numbers struct {
	Views    *Store
	Articles *article.Store
	Editions *edition.Store
	Now      func() time.Time
}

const (
	numbersPath  = "/desk/numbers"
	articlesPath = "/desk/articles"
)

const (
	mostTop   = 12 // articles in the list of what is read
	mostNow   = 8
	mostSites = 8
	mostAhead = 6
)

// Desk hangs the pages in.
func (n Numbers) Desk(d *desk.Desk) {
	pages := desk.NewTemplates(files, "desk")
	d.Handle(desk.Route{Method: "GET", Pattern: numbersPath, Room: "views", Permission: user.ReadNumbers,
		Serve: func(w http.ResponseWriter, r *desk.Request) error { return n.show(w, r, pages) }})
	d.Menu(desk.Entry{Group: desk.Work, Order: 60, Word: "numbers.menu", Path: numbersPath, Icon: "numbers", Permission: user.ReadNumbers})
	d.Panel(
		desk.Panel{On: desk.Today, Room: "views", Order: 10, Word: "numbers.today_panel", Permission: user.ReadNumbers, Page: pages, Name: "today", Load: n.today},
		desk.Panel{On: "article", Room: "views", Order: 60, Side: true, Word: "numbers.article_panel", Permission: user.ReadNumbers, Page: pages, Name: "curve", Load: n.curve},
	)
}

type tab struct {
	Name, Lang, Path string
	Current          bool
}

// figure is a number that stands for itself, with what it is to be compared with.
type figure struct {
	Name, Value, Note, Path string
	Up, Down                bool
}

// readLine is an article in a list of what is read.
type readLine struct {
	Title, Lang, Edition, Path string
	N                          int64
	Bar, Spark                 string
}

type cameLine struct {
	Name, Class string
	N           int64
	Bar, Share  string
}

// workLine is an article that is on its way.
type workLine struct {
	Title, Lang, Edition, Path string
	At                         time.Time
}

type numbersPage struct {
	Zone, Clock  string
	Spans        []tab
	Editions     []tab
	Figures      []figure
	ChartTitle   string
	Chart        desk.Chart
	Top          []readLine
	TopSince     time.Time // zero: all of the span
	Reading      []readLine
	Sources      []cameLine
	Sites        []cameLine
	Crowd        int
	Ahead        []workLine
	Review       []workLine
	ReviewPath   string
	PlanPath     string
	SparkFrom    string
	MayRead      bool // others' articles, so that lists of work make sense
	SomethingYet bool
}

// spans are the times that can be looked at: today by the hour, the others by the day.
var spans = []struct {
	key  string
	days int
	back int // days to what it is compared with
}{{"today", 1, 7}, {"7", 7, 7}, {"28", 28, 28}}

// period is a span of days that ends now, and the one that it is compared with.
type period struct {
	days          int
	first, before time.Time // midnights
	now           time.Time
	back          int
}

func periodOf(now time.Time, days, back int) period {
	y, m, d := now.Date()
	first := time.Date(y, m, d-days+1, 0, 0, 0, 0, now.Location())
	return period{days: days, first: first, before: time.Date(y, m, d-days+1-back, 0, 0, 0, 0, now.Location()), now: now, back: back}
}

// hourFrom is the first hour that begins at an instant or after it: in a zone that
// is half an hour off, an hour of ours is in the day in which it begins.
func hourFrom(t time.Time) int64 { return (t.Unix() + 3599) / 3600 }

func beginOf(hour int64) time.Time { return time.Unix(hour*3600, 0) }

// sum adds hours up, at from and before until.
func sum(hours map[int64]int64, from, until int64) (n int64) {
	for h := from; h < until; h++ {
		n += hours[h]
	}
	return n
}

// totals are what was read in the period, and in the one before by the same time of
// the day: of the hour that is running as much as has passed of it.
func (p period) totals(hours map[int64]int64) (n, before int64) {
	n = sum(hours, hourFrom(p.first), Hour(p.now)+1)
	then := p.now.AddDate(0, 0, -p.back)
	before = sum(hours, hourFrom(p.before), Hour(then)) + hours[Hour(then)]*(then.Unix()%3600)/3600
	return n, before
}

// points are the period's hours, if it is a day, or its days.
func (p period) points(l *lang.Locale, hours map[int64]int64) (out []desk.Point) {
	if p.days == 1 {
		begin, end, was := hourFrom(p.first), hourFrom(p.first.AddDate(0, 0, 1)), hourFrom(p.before)
		for i := range end - begin {
			h := begin + i
			at := l.Time(beginOf(h).In(p.now.Location()))
			out = append(out, desk.Point{Name: at, Short: at, N: hours[h], Before: hours[was+i], Part: h == Hour(p.now), Ahead: h > Hour(p.now)})
		}
		return out
	}
	for i := range p.days {
		day, was := p.first.AddDate(0, 0, i), p.before.AddDate(0, 0, i)
		short := l.DayMonth(day)
		if p.days <= 8 {
			short = l.WeekdayShort(day.Weekday())
		}
		out = append(out, desk.Point{Name: l.Title(l.Weekday(day.Weekday())) + ", " + l.DayMonth(day), Short: short,
			N: sum(hours, hourFrom(day), hourFrom(day.AddDate(0, 0, 1))), Before: sum(hours, hourFrom(was), hourFrom(was.AddDate(0, 0, 1))), Part: i == p.days-1})
	}
	return out
}

// compared says how much more or less was read than before.
func compared(l *lang.Locale, n, before int64, than string) (note string, up, down bool) {
	if before <= 0 {
		return l.T("numbers.nothing_before"), false, false
	}
	percent := (200*(n-before) + before) / (2 * before) // rounded
	if n < before {
		percent = -((200*(before-n) + before) / (2 * before))
	}
	switch {
	case percent > 0:
		return l.T("numbers.more."+than, "percent", l.T("numbers.percent", "value", l.Number(percent))), true, false
	case percent < 0:
		return l.T("numbers.less."+than, "percent", l.T("numbers.percent", "value", l.Number(-percent))), false, true
	}
	return l.T("numbers.same." + than), false, false
}

// show is the page.
func (n Numbers) show(w http.ResponseWriter, r *desk.Request, pages *desk.Templates) error {
	ctx, now := r.Context(), r.Now()
	site, err := n.Editions.Site(ctx)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	chosen := spans[0]
	for _, s := range spans {
		if s.key == q.Get("span") {
			chosen = s
		}
	}
	asked, _ := strconv.ParseInt(q.Get("edition"), 10, 64)
	ed, ok := site.ByID(asked)
	if !ok {
		ed = edition.Edition{}
	}
	link := func(span string, edition int64) string {
		v := url.Values{}
		if span != spans[0].key {
			v.Set("span", span)
		}
		if edition != 0 {
			v.Set("edition", strconv.FormatInt(edition, 10))
		}
		if len(v) == 0 {
			return numbersPath
		}
		return numbersPath + "?" + v.Encode()
	}
	data := numbersPage{Zone: r.L.ZoneName(r.Newsroom.Zone, now), Clock: r.L.Time(now), Crowd: crowd, PlanPath: "/desk/plan",
		MayRead: r.Who.Role.Reach(user.ReadArticles) == user.All}
	for _, s := range spans {
		data.Spans = append(data.Spans, tab{Name: r.T("numbers.span." + s.key), Path: link(s.key, ed.ID), Current: s.key == chosen.key})
	}
	if len(site.Editions) > 1 {
		data.Editions = append(data.Editions, tab{Name: r.T("numbers.all_editions"), Path: link(chosen.key, 0), Current: ed.ID == 0})
		for _, e := range site.Editions {
			data.Editions = append(data.Editions, tab{Name: lang.Of(e.Lang).Title(lang.Of(e.Lang).Name()), Lang: e.Lang, Path: link(chosen.key, e.ID), Current: e.ID == ed.ID})
		}
	}
	p := periodOf(now, chosen.days, chosen.back)
	from, until := hourFrom(p.first), Hour(now)+1
	hours, err := n.Views.Hours(ctx, ed.ID, hourFrom(p.before), until)
	if err != nil {
		return err
	}
	data.ChartTitle = r.T("numbers.by." + byWord(chosen.days))
	data.Chart = chartOf(r, p, hours)
	data.SomethingYet = sum(hours, from, until) > 0
	reading, live, err := n.Views.Now(ctx, ed.ID, now, mostNow)
	if err != nil {
		return err
	}
	if data.Reading, err = n.lines(ctx, r, site, reading); err != nil {
		return err
	}
	top, since, err := n.Views.Top(ctx, ed.ID, from, until, now, mostTop)
	if err != nil {
		return err
	}
	if since > from {
		data.TopSince = beginOf(since)
	}
	if data.Top, err = n.lines(ctx, r, site, top); err != nil {
		return err
	}
	if err := n.sparks(ctx, p, top, data.Top); err != nil {
		return err
	}
	if err := n.came(ctx, r, ed.ID, from, until, &data); err != nil {
		return err
	}
	if data.Figures, err = n.figures(ctx, r, site, ed, p, hours, live); err != nil {
		return err
	}
	if data.MayRead {
		if err := n.work(ctx, r, site, ed, &data); err != nil {
			return err
		}
	}
	return r.Show(w, desk.Page{Title: r.T("numbers.menu"), From: pages, Name: "numbers", Data: data})
}

func byWord(days int) string {
	if days == 1 {
		return "hour"
	}
	return "day"
}

// chartOf draws a period.
func chartOf(r *desk.Request, p period, hours map[int64]int64) desk.Chart {
	n, _ := p.totals(hours)
	points := p.points(r.L, hours)
	most := slices.MaxFunc(points, func(a, b desk.Point) int { return cmp.Compare(a.N, b.N) })
	span := "today"
	if p.days > 1 {
		span = strconv.Itoa(p.days)
	}
	says := r.T("numbers.chart_none")
	if most.N > 0 {
		says = r.T("numbers.chart_says", "n", n, "most", r.L.Number(most.N), "when", most.Name)
	}
	return desk.NewChart(r.L, desk.Chart{ID: "views", Says: says, Column: r.T("numbers.column." + byWord(p.days)), Name: r.T("numbers.name." + span),
		BeforeName: r.T("numbers.before." + span), Points: points})
}

func (n Numbers) figures(ctx context.Context, r *desk.Request, site edition.Site, ed edition.Edition, p period, hours map[int64]int64, live int64) ([]figure, error) {
	ids := []int64{ed.ID}
	if ed.ID == 0 {
		ids = nil
		for _, e := range site.Editions {
			ids = append(ids, e.ID)
		}
	}
	published, err := n.Views.Published(ctx, ids, p.first, p.now)
	if err != nil {
		return nil, err
	}
	span := "today"
	if p.days > 1 {
		span = strconv.Itoa(p.days)
	}
	all, before := p.totals(hours)
	read := figure{Name: r.T("numbers.read." + span), Value: r.L.Number(all)}
	read.Note, read.Up, read.Down = compared(r.L, all, before, span)
	return []figure{read,
		{Name: r.T("numbers.now"), Value: r.L.Number(live), Note: r.T("numbers.now_note")},
		{Name: r.T("numbers.published." + span), Value: r.L.Number(published)}}, nil
}

// lines gives articles their words, with a bar that is as long as they were read
// beside the first.
func (n Numbers) lines(ctx context.Context, r *desk.Request, site edition.Site, list []Read) ([]readLine, error) {
	ids := make([]int64, len(list))
	for i, x := range list {
		ids[i] = x.Article
	}
	found, err := n.Articles.PublicByIDs(ctx, ids, n.Now())
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]article.Article, len(found))
	for _, a := range found {
		byID[a.ID] = a
	}
	out := make([]readLine, 0, len(list))
	for _, x := range list {
		a := byID[x.Article]
		ed, _ := site.ByID(a.Edition)
		l := readLine{Title: a.Headline, Lang: ed.Lang, Edition: ed.Lang, N: x.N, Bar: desk.Share(x.N, list[0].N), Path: articlesPath + "/" + strconv.FormatInt(a.ID, 10)}
		if r.Who.Role.Reach(user.ReadArticles) != user.All {
			l.Path = r.Newsroom.Home[:max(len(r.Newsroom.Home)-1, 0)] + ed.Prefix + "/" + a.Path
		}
		out = append(out, l)
	}
	return out, nil
}

// sparks draws how articles were read in a period, each by itself.
func (n Numbers) sparks(ctx context.Context, p period, list []Read, lines []readLine) error {
	ids := make([]int64, len(list))
	for i, x := range list {
		ids[i] = x.Article
	}
	from, until := hourFrom(p.first), Hour(p.now)+1
	hours, err := n.Views.HoursOf(ctx, ids, from, until)
	if err != nil {
		return err
	}
	for i, x := range list {
		var values []int64
		if p.days == 1 {
			for h := from; h < until; h++ {
				values = append(values, hours[x.Article][h])
			}
		} else {
			for d := range p.days {
				day := p.first.AddDate(0, 0, d)
				values = append(values, sum(hours[x.Article], hourFrom(day), hourFrom(day.AddDate(0, 0, 1))))
			}
		}
		if len(values) > 1 {
			lines[i].Spark = desk.Spark(values)
		}
	}
	return nil
}

// came says from where readers came.
func (n Numbers) came(ctx context.Context, r *desk.Request, edition, from, until int64, data *numbersPage) error {
	list, err := n.Views.Sources(ctx, edition, from, until)
	if err != nil {
		return err
	}
	all := int64(0)
	for _, c := range list {
		all += c.N
	}
	for _, c := range list {
		percent := r.T("numbers.percent", "value", r.L.Number((200*c.N+all)/(2*all)))
		data.Sources = append(data.Sources, cameLine{Name: r.T("numbers.from." + c.From), Class: c.From, N: c.N, Bar: desk.Share(c.N, list[0].N), Share: percent})
	}
	sites, err := n.Views.Hosts(ctx, edition, from, until, mostSites)
	for _, c := range sites {
		data.Sites = append(data.Sites, cameLine{Name: c.From, N: c.N})
	}
	return err
}

// work is what the clock will show soon, and what waits for review.
func (n Numbers) work(ctx context.Context, r *desk.Request, site edition.Site, ed edition.Edition, data *numbersPage) error {
	now := n.Now()
	q := article.PlanQuery{Publication: site.Publication.ID, From: now, Until: now.AddDate(0, 0, 35), Edition: ed.ID, Limit: 100}
	for _, e := range site.Editions {
		q.Editions = append(q.Editions, e.ID)
	}
	plan, err := n.Articles.Plan(ctx, q)
	if err != nil {
		return err
	}
	line := func(i article.Item, at time.Time) workLine {
		e, _ := site.ByID(i.Edition)
		l := workLine{Title: i.Title, Lang: e.Lang, Edition: e.Lang, Path: articlesPath + "/" + strconv.FormatInt(i.ID, 10), At: at}
		if l.Title == "" {
			l.Title, l.Lang = r.T("numbers.untitled"), ""
		}
		return l
	}
	for _, i := range plan {
		if clock := i.Visibility().At(now) == article.Scheduled || !i.Due.IsZero(); clock && len(data.Ahead) < mostAhead {
			data.Ahead = append(data.Ahead, line(i, time.UnixMilli(i.Sorted)))
		}
	}
	if !r.Who.Can(user.ReviewArticles) {
		return nil
	}
	data.ReviewPath = articlesPath + "/review"
	review, _, err := n.Articles.Desk(ctx, article.DeskQuery{Publication: site.Publication.ID, Sight: article.SightReview, Edition: ed.ID, Limit: mostAhead, Now: now})
	for _, i := range review {
		data.Review = append(data.Review, line(i, i.Changed))
	}
	return err
}

type todayPanel struct {
	Figures []figure
	Chart   desk.Chart
	Top     []readLine
	Path    string
}

// today is the panel of the first page.
func (n Numbers) today(r *desk.Request, _ any) (any, error) {
	ctx, now := r.Context(), r.Now()
	site, err := n.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	p := periodOf(now, 1, 7)
	from, until := hourFrom(p.first), Hour(now)+1
	hours, err := n.Views.Hours(ctx, 0, hourFrom(p.before), until)
	if err != nil || len(hours) == 0 {
		return nil, err
	}
	data := todayPanel{Path: numbersPath, Chart: chartOf(r, p, hours)}
	_, live, err := n.Views.Now(ctx, 0, now, 1)
	if err != nil {
		return nil, err
	}
	if data.Figures, err = n.figures(ctx, r, site, edition.Edition{}, p, hours, live); err != nil {
		return nil, err
	}
	top, _, err := n.Views.Top(ctx, 0, from, until, now, 5)
	if err != nil {
		return nil, err
	}
	data.Top, err = n.lines(ctx, r, site, top)
	return data, err
}

// An article's curve: by the hour while it is young, else by the day.
const (
	young   = 72 // hours
	oldDays = 28
)

type curvePanel struct {
	Total, Day int64
	Chart      desk.Chart
	Old        bool // of its last days, since nothing is known of its first
	Nothing    bool
}

// curve is the panel of an article that readers have.
func (n Numbers) curve(r *desk.Request, of any) (any, error) {
	a, ok := of.(article.Article)
	now := r.Now()
	if !ok || a.Visibility().At(n.Now()) != article.Published {
		return nil, nil
	}
	ctx, ids := r.Context(), []int64{a.ID}
	totals, err := n.Views.Total(ctx, ids)
	if err != nil {
		return nil, err
	}
	last, err := n.Views.HoursOf(ctx, ids, Hour(now)-23, Hour(now)+1)
	if err != nil {
		return nil, err
	}
	data := curvePanel{Total: totals[a.ID], Day: sum(last[a.ID], Hour(now)-23, Hour(now)+1)}
	born := a.VisibleFrom.In(r.Zone)
	if first := Hour(born); Hour(now)-first < young {
		hours, err := n.Views.HoursOf(ctx, ids, first, Hour(now)+1)
		if err != nil {
			return nil, err
		}
		var points []desk.Point
		for h := first; h <= Hour(now); h++ {
			at := beginOf(h).In(r.Zone)
			points = append(points, desk.Point{Name: r.L.DayMonth(at) + ", " + r.L.Time(at), Short: r.L.Time(at), N: hours[a.ID][h], Part: h == Hour(now)})
		}
		data.Chart = curveChart(r, points, "hour", data.Total)
		return data, nil
	}
	y, m, d := born.Date()
	begin := time.Date(y, m, d, 0, 0, 0, 0, r.Zone)
	points, err := n.days(ctx, r, a.ID, begin)
	if err == nil && !slices.ContainsFunc(points, func(p desk.Point) bool { return p.N > 0 }) {
		// What an import brought has no hours: its last weeks are what is known.
		data.Old = true
		y, m, d = now.Date()
		points, err = n.days(ctx, r, a.ID, time.Date(y, m, d-oldDays+1, 0, 0, 0, 0, r.Zone))
	}
	data.Nothing = !slices.ContainsFunc(points, func(p desk.Point) bool { return p.N > 0 })
	data.Chart = curveChart(r, points, "day", data.Total)
	return data, err
}

func (n Numbers) days(ctx context.Context, r *desk.Request, id int64, begin time.Time) (points []desk.Point, err error) {
	hours, err := n.Views.HoursOf(ctx, []int64{id}, hourFrom(begin), hourFrom(begin.AddDate(0, 0, oldDays)))
	if err != nil {
		return nil, err
	}
	now := r.Now()
	for i := range oldDays {
		day, next := begin.AddDate(0, 0, i), begin.AddDate(0, 0, i+1)
		if day.After(now) {
			break
		}
		points = append(points, desk.Point{Name: r.L.DayMonth(day), Short: r.L.DayMonth(day), N: sum(hours[id], hourFrom(day), hourFrom(next)), Part: next.After(now)})
	}
	return points, nil
}

func curveChart(r *desk.Request, points []desk.Point, by string, total int64) desk.Chart {
	c := desk.Chart{ID: "curve", Says: r.T("numbers.chart_none"), Column: r.T("numbers.column." + by), Name: r.T("numbers.by." + by), Points: points}
	if len(points) > 0 {
		if most := slices.MaxFunc(points, func(a, b desk.Point) int { return cmp.Compare(a.N, b.N) }); most.N > 0 {
			c.Says = r.T("numbers.chart_says", "n", total, "most", r.L.Number(most.N), "when", most.Name)
		}
	}
	return desk.NewChart(r.L, c)
}
