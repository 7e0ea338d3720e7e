package editor

import (
	"fmt"
	"net/http"
	"time"

	"dateline/internal/article"
	"dateline/internal/desk"
)

const planPath = "/desk/plan"

// planned is something in the plan.
type planned struct {
	line
	At    time.Time
	Clock bool // readers see it then; else it is wanted by then
}

type planDay struct {
	Day   time.Time
	Name  string // weekday
	Today bool
	Past  bool
	List  []planned
}

type planData struct {
	Days       []planDay
	Prev, Next string
	Now        string // the present week; empty: it is this one
	Editions   []desk.Choice
	Staff      []desk.Choice
	Week       string
	Path       string
	Zone       string
}

// mostPlanned is how much of a week is shown.
const mostPlanned = 400

// plan is the newsroom's calendar of a week: what is wanted, what the clock will
// show, what has appeared, whose it is and where it stands.
func (e *Editor) plan(w http.ResponseWriter, r *desk.Request) error {
	ctx := r.Context()
	site, err := e.Editions.Site(ctx)
	if err != nil {
		return err
	}
	q, today := r.URL.Query(), r.Now()
	first := weekOf(today, r.L.WeekStart())
	monday := first
	if d, err := time.ParseInLocation("2006-01-02", q.Get("week"), r.Zone); err == nil && d.Year() > 1900 && d.Year() < 2200 {
		first = weekOf(d, r.L.WeekStart())
	}
	until := first.AddDate(0, 0, 7)
	query := article.PlanQuery{Publication: site.Publication.ID, From: first, Until: until, Edition: number(q.Get("edition")), Staff: number(q.Get("whose")), Limit: mostPlanned}
	for _, ed := range site.Editions {
		query.Editions = append(query.Editions, ed.ID)
	}
	query.Staff = whose(r, query.Staff)
	items, err := e.Articles.Plan(ctx, query)
	if err != nil {
		return err
	}
	names, err := e.staff(ctx, site)
	if err != nil {
		return err
	}
	lines := e.lines(r, site, items, names)
	data := planData{Path: planPath, Week: first.Format("2006-01-02"), Zone: r.L.ZoneName(r.Newsroom.Zone, today), Editions: e.editionChoices(r, site, query.Edition),
		Staff: e.staffChoices(r, names, query.Staff)}
	link := func(week time.Time) string { return filtered(r, planPath, "week", week.Format("2006-01-02")) }
	data.Prev, data.Next = link(first.AddDate(0, 0, -7)), link(until)
	if !first.Equal(monday) {
		data.Now = planPath
	}
	for n := range 7 {
		d := first.AddDate(0, 0, n)
		day := planDay{Day: d, Name: r.L.Weekday(d.Weekday()), Today: sameDay(d, today), Past: d.AddDate(0, 0, 1).Before(today)}
		for i, it := range items {
			if at := time.UnixMilli(it.Sorted).In(r.Zone); sameDay(at, d) {
				day.List = append(day.List, planned{line: lines[i], At: at, Clock: !lines[i].From.IsZero()})
			}
		}
		data.Days = append(data.Days, day)
	}
	return r.Show(w, desk.Page{Title: fmt.Sprintf("%s – %s", r.L.DayMonth(first), r.L.Date(until.AddDate(0, 0, -1))), From: e.pages, Name: "plan", Data: data})
}

// weekOf is midnight of the first day of a day's week.
func weekOf(t time.Time, begins time.Weekday) time.Time {
	y, m, d := t.Date()
	back := (int(t.Weekday()) - int(begins) + 7) % 7
	return time.Date(y, m, d-back, 0, 0, 0, 0, t.Location())
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}
