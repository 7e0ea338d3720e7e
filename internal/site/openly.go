package site

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/cache"
	"dateline/internal/comment"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/theme"
)

// The house rules of an edition, and what was decided by them.
const (
	rulesPath        = "/rules"
	transparencyPath = "/transparency"
	transparencyCSV  = "/transparency.csv"
)

// openly answers the addresses of rules and log. ok is false when it is none.
func (s *Site) openly(q *request, path string, slash bool) (p *cache.Page, ok bool, err error) {
	base, number, isPage := pageOf(path)
	switch {
	case s.Forum == nil:
		return nil, false, nil
	case "/"+path == rulesPath:
		p, err = s.rules(q)
	case "/"+path == transparencyCSV:
		p, err = s.statements(q)
	case "/"+base == transparencyPath && (isPage || path == base):
		p, err = s.transparency(q, number)
	default:
		return nil, false, nil
	}
	if slash && err == nil {
		return q.moved("/" + path), true, nil
	}
	return p, true, err
}

func (s *Site) rules(q *request) (*cache.Page, error) {
	l := q.locale()
	q.made.on("rules", q.ed.ID)
	r, err := s.Comments.Rules(q.ctx, s.Comments.DB(), q.ed.ID, q.ed.Lang)
	if err != nil {
		return nil, err
	}
	f, err := s.frame(q, rulesPath, l.T("rules.title"), same(q.site, rulesPath))
	if err != nil {
		return nil, err
	}
	p := &theme.RulesPage{Heading: theme.Words(l, "rules.title"), Intro: l.T("rules.intro", "version", r.Version), LogURL: q.url(transparencyPath)}
	if !r.Made.IsZero() {
		p.Intro = l.T("rules.intro_since", "version", r.Version, "since", l.Date(r.Made.In(q.zone())))
	}
	if r.Lang != "" && r.Lang != q.ed.Lang {
		p.RulesLang = r.Lang
	}
	for _, x := range r.List {
		h := theme.HouseRule{Number: x.Number, Title: x.Title, Text: x.Text}
		if len(x.Tests) > 0 {
			h.Machine = l.T("rules.machine")
		}
		p.Rules = append(p.Rules, h)
	}
	p.Follows = []string{l.T("rules.follows_removed"), l.T("rules.follows_told"), l.T("rules.follows_appeal"), l.T("rules.follows_terms")}
	f.Description = p.Intro
	p.Frame = f
	p.JSONLD = s.described(q, s.pageLD(q, &p.Frame, "WebPage", f.Title, nil, nil))
	p.Social = s.social(q)
	return s.render(q, p, http.StatusOK)
}

// counted is over how long the figures are.
const counted = 30

func (s *Site) transparency(q *request, page int) (*cache.Page, error) {
	l := q.locale()
	q.made.on("decisions", q.ed.ID)
	q.made.on("list", q.ed.ID)
	today := q.now.In(q.zone())
	y, m, d := today.Date()
	since := time.Date(y, m, d-counted, 0, 0, 0, 0, q.zone())
	list, more, err := s.Comments.Log(q.ctx, q.ed.ID, (page-1)*perPage, perPage)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 && page > 1 {
		return nil, fault.New(fault.NotFound, "there is no page %d of decisions", page)
	}
	title := l.T("transparency.title")
	f, err := s.frame(q, pagePath(transparencyPath, page), title, same(q.site, transparencyPath))
	if err != nil {
		return nil, err
	}
	f.Description = l.T("transparency.intro")
	q.further(&f, page)
	p := &theme.TransparencyPage{Heading: theme.Words(l, "transparency.title"), Intro: theme.Words(l, "transparency.intro"), CSVURL: q.url(transparencyCSV), RulesURL: q.url(rulesPath)}
	if page == 1 {
		if err := s.figures(q, p, since); err != nil {
			return nil, err
		}
	}
	var ids []int64
	for _, d := range list {
		ids = appendID(ids, d.Article)
	}
	found, err := s.Articles.PublicByIDs(q.ctx, ids, q.now)
	if err != nil {
		return nil, err
	}
	at := map[int64]theme.Link{}
	for _, a := range found {
		q.made.on("article", a.ID)
		at[a.ID] = theme.Link{Name: a.Headline, URL: q.url(a.Path)}
	}
	for _, d := range list {
		e := theme.LogEntry{Number: d.ID, Time: *moment(l, d.At.In(q.zone())), What: l.T("decision." + string(d.Deed)), Headline: at[d.Article].Name, URL: at[d.Article].URL,
			Rule: ground(l, d), Who: l.T("transparency.by_person")}
		switch {
		case d.ByMachine:
			e.Who = l.T("transparency.by_machine")
		case d.Source == "appeal":
			e.Who = l.T("transparency.by_second")
		}
		switch {
		case !d.Stands && d.Deed != comment.Restore && d.Deed != comment.Lift:
			e.Note = l.T("transparency.ended", "when", l.Date(d.Ended.In(q.zone())))
		case !d.Until.IsZero():
			e.Note = l.T("transparency.until", "until", l.Date(d.Until.In(q.zone())))
		case d.Source == "notice":
			e.Note = l.T("transparency.noticed")
		}
		p.Log = append(p.Log, e)
	}
	p.Pager = s.pager(q, transparencyPath[1:], page, more)
	p.Pager.ArchiveURL = ""
	p.Frame = f
	p.JSONLD = s.described(q, s.pageLD(q, &p.Frame, "WebPage", f.Title, nil, nil))
	p.Social = s.social(q)
	return s.render(q, p, http.StatusOK)
}

func (s *Site) figures(q *request, p *theme.TransparencyPage, since time.Time) error {
	l := q.locale()
	f, err := s.Comments.FiguresOf(q.ctx, q.ed.ID, since)
	if err != nil {
		return err
	}
	q.made.of(comment.CountTag)
	add := func(word string, n int, args ...any) {
		p.Figures = append(p.Figures, theme.Figure{Value: l.Number(int64(n)), Text: l.T("transparency.figure."+word, append(args, "days", counted)...)})
	}
	add("published", f.Published)
	add("removed", f.Removed+f.Spam)
	add("held", f.Held)
	add("notices", f.Notices, "acted", f.NoticesActed)
	add("appeals", f.Appeals, "upheld", f.Upheld)
	add("sanctions", f.Sanctions)
	if f.Median > 0 {
		p.Figures = append(p.Figures, theme.Figure{Value: took(l, f.Median), Text: l.T("transparency.figure.median")})
	}
	if f.AppealMedian > 0 {
		p.Figures = append(p.Figures, theme.Figure{Value: took(l, f.AppealMedian), Text: l.T("transparency.figure.appeal_median")})
	}
	for n := 0; n <= 30; n++ {
		if k := f.ByRule[n]; k > 0 {
			text := l.T("transparency.by_law")
			if n > 0 {
				text = strconv.Itoa(n) + ". " + f.Titles[n]
			}
			p.Reasons = append(p.Reasons, theme.Figure{Value: l.Number(int64(k)), Text: text})
		}
	}
	return nil
}

// took is how long something takes, in one unit.
func took(l *lang.Locale, d time.Duration) string {
	switch {
	case d < time.Hour:
		return l.T("transparency.minutes", "n", max(1, int(d.Round(time.Minute)/time.Minute)))
	case d < 48*time.Hour:
		return l.T("transparency.hours", "n", int(d.Round(time.Hour)/time.Hour))
	}
	return l.T("transparency.days", "n", int(d.Round(24*time.Hour)/(24*time.Hour)))
}

// statements are the statements of reasons as the Commission's database takes them
// (Regulation (EU) 2022/2065, article 24(5)): without names and without what was removed.
func (s *Site) statements(q *request) (*cache.Page, error) {
	q.made.on("decisions", q.ed.ID)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"puid", "decision_visibility", "decision_monetary", "decision_provision", "decision_account", "decision_ground", "illegal_content_legal_ground",
		"illegal_content_explanation", "incompatible_content_ground", "incompatible_content_explanation", "incompatible_content_illegal", "decision_ground_reference_url",
		"content_type", "category", "territorial_scope", "content_language", "content_date", "application_date", "end_date_visibility_restriction",
		"end_date_account_restriction", "decision_facts", "source_type", "automated_detection", "automated_decision"})
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.DateOnly)
	}
	err := s.Comments.EachRestriction(q.ctx, q.ed.ID, func(d comment.Decision) error {
		row := []string{"dateline-" + strconv.FormatInt(q.ed.ID, 10) + "-" + strconv.FormatInt(d.ID, 10), "", "", "", ""}
		ended, until := "", ""
		switch d.Deed {
		case comment.Watch:
			row[1], until = "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED", day(d.Until)
		case comment.Mute, comment.Ban:
			row[4], until = "DECISION_ACCOUNT_SUSPENDED", day(d.Until)
		case comment.Hold:
			row[1] = "DECISION_VISIBILITY_CONTENT_DISABLED"
		default:
			row[1] = "DECISION_VISIBILITY_CONTENT_REMOVED"
		}
		if !d.Stands {
			if d.Deed.Sanction() {
				until = day(d.Ended)
			} else {
				ended = day(d.Ended)
			}
		}
		if d.Ground == "law" {
			row = append(row, "DECISION_GROUND_ILLEGAL_CONTENT", cell(d.Law), cell(d.Facts), "", "", "")
		} else {
			row = append(row, "DECISION_GROUND_INCOMPATIBLE_CONTENT", "", "", cell(strconv.Itoa(d.Rule)+". "+d.Title), cell(d.Facts), "No")
		}
		detected, decided := "No", "AUTOMATED_DECISION_NOT_AUTOMATED"
		if d.FoundByMachine {
			detected = "Yes"
		}
		if d.ByMachine {
			decided = "AUTOMATED_DECISION_FULLY"
		}
		source := "SOURCE_VOLUNTARY"
		if d.Source == "notice" {
			source = "SOURCE_ARTICLE_16"
		}
		tag, _, _ := strings.Cut(d.Lang, "-")
		return w.Write(append(row, s.BaseURL+q.url(rulesPath), "CONTENT_TYPE_TEXT", "STATEMENT_CATEGORY_"+d.Category, "", strings.ToUpper(tag), day(d.ContentAt), day(d.At), ended, until,
			cell(d.Facts), source, detected, decided))
	})
	if err != nil {
		return nil, err
	}
	w.Flush()
	p := q.made.page("text/csv; charset=utf-8", b.Bytes())
	p.Header = http.Header{"Content-Disposition": {`attachment; filename="transparency-` + strings.ToLower(q.ed.Lang) + `.csv"`}}
	return p, w.Error()
}

// cell is a text that a spreadsheet does not take for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
