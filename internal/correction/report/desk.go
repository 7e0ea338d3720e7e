package report

import (
	"context"
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/correction"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

// Desk is the editors' side.
type Desk struct {
	DB       *db.DB
	Store    *Store
	Remarks  *correction.Store
	Articles *article.Store
	Editions *edition.Store
	Users    *user.Store
	// Live is what an article says to readers, with what its pictures printed, and Mend
	// publishes another text in its place, whatever else is being written.
	Live func(ctx context.Context, q db.Querier, a article.Article) (article.Manuscript, []article.MediaRef, error)
	Mend func(ctx context.Context, tx *db.Tx, m Mended) error
	Now  func() time.Time

	pages *desk.Templates
}

// Mended is a text that is put right.
type Mended struct {
	Article article.Article // held
	Was, Is article.Manuscript
	Told    article.Told // silent, or a correction with its words
	Staff   int64
	Name    string
}

const (
	deskPath    = "/desk/reports"
	articlePath = "/desk/articles/"
	days        = 30 // that the figures are of
)

// reasons are those of a refusal that are one key; readers are told the words
// "report.reason." + name in their language.
var reasons = []string{"right", "quote", "style", "opinion", "unclear"}

// Desk hangs the pages in.
func (p Desk) Desk(d *desk.Desk) {
	p.pages = desk.NewTemplates(files, "desk")
	route := func(method, pattern string, serve func(http.ResponseWriter, *desk.Request) error) desk.Route {
		return desk.Route{Method: method, Pattern: pattern, Room: "correction", Permission: user.AnswerReports, MaxBody: 4 * mostText, Serve: serve}
	}
	one := deskPath + "/{id}"
	d.Handle(route("GET", deskPath, p.list), route("POST", one+"/apply", p.apply), route("POST", one+"/refuse", p.refuse),
		route("POST", one+"/done", p.done), route("POST", one+"/seen", p.seen))
	d.Menu(desk.Entry{Group: desk.Waiting, Order: 20, Word: "reports.menu", Path: deskPath, Icon: "pencil", Permission: user.AnswerReports,
		Count: func(r *desk.Request) (int, bool, error) {
			n, _, err := p.Store.waits(r.Context())
			return n, n > 0, err
		}})
	d.Panel(
		desk.Panel{On: "article", Room: "reports", Order: 15, Side: true, Word: "reports.menu", Permission: user.AnswerReports, Page: p.pages, Name: "panel", Load: p.panel},
		desk.Panel{On: desk.Today, Room: "reports", Order: 15, Side: true, Word: "reports.menu", Permission: user.AnswerReports, Page: p.pages, Name: "waits", Load: p.today},
	)
}

// line is a report in the list.
type line struct {
	ID                   int64
	Path                 string
	Current              bool
	Before, Exact, After string
	Lang, Title          string
	Article              string // its page at the desk
	At                   time.Time
	State                string // of the mark
	Word                 string
	Readers              string // how many, where it is more than one
}

// voice is one reader's.
type voice struct {
	ID      int64 // to choose; 0: it is what would be applied, or has no words
	At      time.Time
	Note    string
	Wants   string
	Changes bool
	Exact   string
	Letter  bool
}

// detail is the report that is looked at.
type detail struct {
	line
	Number      string
	Place       string // which line of the article; empty: its body
	Changes     bool
	Insert      string
	Action      string
	Voices      []voice
	Open, Stale bool
	Why         string // it cannot be applied
	MayApply    bool
	Correction  bool // what A does
	Note        string
	Reasons     []reason
	Editor      string
	Public      string
	Said        string // what was decided
	Letters     int
	Copy        bool // somebody is writing
	Next, Prev  string
}

type reason struct{ Key, Value, Label string }

type queueData struct {
	Figures []string
	Tabs    []tab
	Lines   []line
	One     *detail
	Path    string
	Order   string
	Empty   string
}

type tab struct {
	Name, Path string
	Current    bool
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func orderOf(r *desk.Request) string {
	order := r.URL.Query().Get("order")
	if r.Method == http.MethodPost {
		order = r.Form("order")
	}
	if _, ok := orders[order]; !ok {
		order = "voices"
	}
	return order
}

func queuePath(order string, id int64) string {
	q := url.Values{}
	if order != "voices" {
		q.Set("order", order)
	}
	if id != 0 {
		q.Set("id", itoa(id))
	}
	if len(q) == 0 {
		return deskPath
	}
	return deskPath + "?" + q.Encode()
}

// may refuses whoever may not answer what readers report of an article.
func (p Desk) may(r *desk.Request, articleID int64, what user.Permission) error {
	if r.May(what, false) == nil {
		return nil
	}
	mine, err := p.Articles.Theirs(r.Context(), p.DB, articleID, r.Who.ID, r.Who.EntityID)
	if err != nil {
		return err
	}
	return r.May(what, mine)
}

// theirs are those of the queue that whoever asks may answer.
func (p Desk) theirs(r *desk.Request, order string) ([]correction.Remark, error) {
	list, err := p.Store.queue(r.Context(), order)
	if err != nil || r.May(user.AnswerReports, false) == nil {
		return list, err
	}
	return slices.DeleteFunc(list, func(x correction.Remark) bool { return p.may(r, x.Article, user.AnswerReports) != nil }), nil
}

// lines are remarks as the list shows them.
func (p Desk) lines(r *desk.Request, list []correction.Remark) ([]line, map[int64]article.Item, error) {
	var ids []int64
	for _, x := range list {
		if !slices.Contains(ids, x.Article) {
			ids = append(ids, x.Article)
		}
	}
	items, err := p.Articles.Items(r.Context(), ids)
	if err != nil {
		return nil, nil, err
	}
	site, err := p.Editions.Site(r.Context())
	if err != nil {
		return nil, nil, err
	}
	of := make(map[int64]article.Item, len(items))
	for _, i := range items {
		of[i.ID] = i
	}
	out := make([]line, len(list))
	for i, x := range list {
		ed, _ := site.ByID(x.Edition)
		before, exact, after := correction.Around(x.Passage)
		l := line{ID: x.ID, Before: ending(before, 24), Exact: short(exact, 80), After: short(after, 24), Lang: ed.Lang, Title: of[x.Article].Headline,
			Article: articlePath + itoa(x.Article), At: x.At, State: "ask", Word: r.T("reports.state.open")}
		switch x.State {
		case correction.Stale:
			l.State, l.Word = "rev", r.T("reports.state.stale")
		case correction.Applied:
			l.State, l.Word = "live", r.T("reports.state.applied")
		case correction.Refused:
			l.State, l.Word = "", r.T("reports.state.refused")
		}
		if x.Count > 1 {
			l.Readers = r.T("reports.readers", "n", x.Count)
		}
		out[i] = l
	}
	return out, of, nil
}

func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + " …"
	}
	return s
}

func ending(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "… " + string(r[len(r)-n:])
	}
	return s
}

// list is the queue, with one of it.
func (p Desk) list(w http.ResponseWriter, r *desk.Request) error {
	order := orderOf(r)
	list, err := p.theirs(r, order)
	if err != nil {
		return err
	}
	data := queueData{Path: deskPath, Order: order, Empty: r.T("reports.none")}
	if order == "done" {
		data.Empty = r.T("reports.none_done")
	}
	for _, o := range []string{"voices", "age", "done"} {
		data.Tabs = append(data.Tabs, tab{r.T("reports.order." + o), queuePath(o, 0), o == order})
	}
	at, wanted := 0, number(r.URL.Query().Get("id"))
	if i := slices.IndexFunc(list, func(x correction.Remark) bool { return x.ID == wanted }); i >= 0 {
		at = i
	} else if wanted != 0 { // it was decided meanwhile, or is led to from elsewhere
		x, err := p.Store.remark(r.Context(), p.DB, wanted)
		if err == nil && p.may(r, x.Article, user.AnswerReports) == nil {
			list = append([]correction.Remark{x}, list...)
		} else if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	lines, items, err := p.lines(r, list)
	if err != nil {
		return err
	}
	for i := range lines {
		lines[i].Path, lines[i].Current = queuePath(order, lines[i].ID), i == at
	}
	data.Lines = lines
	if len(list) > 0 {
		if data.One, err = p.detail(r, list[at], lines[at], items[list[at].Article]); err != nil {
			return err
		}
		data.One.Action = deskPath + "/" + itoa(list[at].ID)
		if at+1 < len(list) {
			data.One.Next = lines[at+1].Path
		}
		if at > 0 {
			data.One.Prev = lines[at-1].Path
		}
	}
	if data.Figures, err = p.figures(r); err != nil {
		return err
	}
	return r.Show(w, desk.Page{Title: r.T("reports.menu"), From: p.pages, Name: "queue", Data: data, Scripts: []string{"desk/reports.js"}})
}

// figures say how much readers report, and how fast it is settled.
func (p Desk) figures(r *desk.Request) ([]string, error) {
	f, err := p.Store.Figures(r.Context(), p.Now().AddDate(0, 0, -days))
	if err != nil {
		return nil, err
	}
	out := []string{r.T("reports.figure.reports", "n", f.Reports)}
	if f.Settled > 0 {
		out = append(out, r.T("reports.figure.applied", "share", (f.Applied*100+f.Settled/2)/f.Settled), r.T("reports.figure.median", "n", int(f.Median.Round(time.Minute)/time.Minute)))
	}
	return out, nil
}

// detail is all that is known of one.
func (p Desk) detail(r *desk.Request, x correction.Remark, l line, item article.Item) (*detail, error) {
	ctx := r.Context()
	d := &detail{line: l, Number: r.L.Number(x.ID), Changes: x.Replaces, Insert: x.Replacement, Open: x.State == correction.Open || x.State == correction.Stale,
		Stale: x.State == correction.Stale, Editor: articlePath + itoa(x.Article) + "#remark-" + itoa(x.ID), Copy: item.Copy}
	d.Before, d.Exact, d.After = correction.Around(x.Passage)
	if x.Field != "" {
		d.Place = r.T("remark.field." + x.Field)
	}
	all, err := p.Store.Of(ctx, x.ID)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, one := range all {
		v := voice{At: one.At, Note: one.Note, Letter: one.Email != ""}
		if v.Letter {
			d.Letters++
		}
		same := one.Replaces == x.Replaces && one.Replacement == x.Replacement && one.Passage.Exact == x.Passage.Exact && one.Passage.From == x.Passage.From
		if one.Replaces && !same {
			v.Changes, v.Wants, v.Exact = true, one.Replacement, one.Passage.Exact
			if key := one.Passage.Exact + "\x00" + one.Replacement; !known[key] && d.Open {
				known[key], v.ID = true, one.ID
			}
		}
		d.Voices = append(d.Voices, v)
	}
	a, err := p.Articles.Get(ctx, p.DB, x.Article)
	if err != nil {
		return nil, err
	}
	site, err := p.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	ed, _ := site.ByID(a.Edition)
	public := a.Visibility().Public(p.Now())
	if public {
		d.Public = urlOf(ed, a)
	}
	if !d.Open {
		names, err := p.Users.List(ctx, a.Publication)
		if err != nil {
			return nil, err
		}
		who := ""
		for _, n := range names {
			if n.ID == x.By {
				who = n.Name
			}
		}
		d.Said = r.T("remark.state."+string(x.State), "name", who)
		if x.Reason != "" {
			d.Said += ": " + x.Reason
		}
		return d, nil
	}
	l10n := lang.Of(ed.Lang)
	for i, k := range reasons {
		d.Reasons = append(d.Reasons, reason{Key: strconv.Itoa(i + 1), Value: k, Label: r.T("report.reason." + k)})
	}
	d.MayApply = p.may(r, a.ID, user.PublishArticles) == nil && x.Replaces
	if !public {
		d.MayApply, d.Why = false, r.T("reports.why.not_public")
		return d, nil
	}
	m, media, err := p.Live(ctx, p.DB, a)
	if err != nil {
		return nil, err
	}
	m = correction.Printed(m, media)
	if at, ok := x.Where(m); ok {
		if d.Before, d.Exact, d.After, err = x.Beside(m, at); err != nil {
			return nil, err
		}
	} else {
		d.MayApply, d.Why = false, r.T("reports.why."+x.Why(m))
	}
	d.Correction = p.rule(ctx, x)
	d.Note = noteOf(l10n, x)
	return d, nil
}

// noteOf is what readers are told of a change, as it is offered.
func noteOf(l *lang.Locale, x correction.Remark) string {
	if strings.TrimSpace(x.Replacement) == "" {
		return ""
	}
	return l.T("report.correction", "was", short(x.Passage.Exact, 300), "now", short(x.Replacement, 300))
}

// rule tells whether readers are told of what is put right, as the newsroom has it.
func (p Desk) rule(ctx context.Context, x correction.Remark) bool {
	values, err := p.Editions.Settings(ctx)
	if err != nil {
		return true
	}
	switch values.Get("report_fix", "") {
	case "silent":
		return false
	case "correction":
		return true
	}
	return Weighty(x.Passage.Exact, x.Replacement)
}

// asked is the report that a request is about, for whoever has these rights to it.
func (p Desk) asked(r *desk.Request, rights ...user.Permission) (x correction.Remark, err error) {
	id, err := r.ID("id")
	if err != nil {
		return x, err
	}
	if x, err = p.Store.remark(r.Context(), p.DB, id); err != nil {
		return x, err
	}
	for _, right := range rights {
		if err := p.may(r, x.Article, right); err != nil {
			return x, err
		}
	}
	return x, nil
}

// decide carries a decision out, with its entry in the log, and leads to the next report.
func (p Desk) decide(w http.ResponseWriter, r *desk.Request, may user.Permission, f func(tx *db.Tx, a article.Article, x correction.Remark) (correction.Remark, error)) error {
	x, err := p.asked(r, user.AnswerReports, may)
	if err != nil {
		return err
	}
	id := x.ID
	order := orderOf(r)
	list, err := p.theirs(r, order)
	if err != nil {
		return err
	}
	next := int64(0)
	if i := slices.IndexFunc(list, func(o correction.Remark) bool { return o.ID == id }); i >= 0 && i+1 < len(list) {
		next = list[i+1].ID
	} else if i > 0 {
		next = list[i-1].ID
	}
	was := x.State
	err = p.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		a, _, err := p.Articles.Hold(r.Context(), tx, x.Article)
		if err != nil {
			return err
		}
		if x, err = p.Store.remark(r.Context(), tx, id); err != nil {
			return err
		}
		if was = x.State; was == correction.Applied || was == correction.Refused {
			return nil // somebody was faster
		}
		if err := p.Store.MarkSeen(r.Context(), tx, id); err != nil {
			return err
		}
		if x, err = f(tx, a, x); err != nil || x.State == was {
			return err
		}
		return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: "article.remark_" + string(x.State), Kind: "article",
			RefID: x.Article, Detail: map[string]any{"remark": x.ID, "kind": string(x.Kind)}})
	})
	if err != nil {
		if text, ok := r.L.Say(err); ok {
			return r.Go(w, queuePath(order, id), "told.not_done", "why", text)
		}
		return err
	}
	switch {
	case was == correction.Applied || was == correction.Refused:
		return r.Go(w, queuePath(order, next), "reports.before."+string(was))
	case x.State == correction.Stale:
		return r.Go(w, queuePath(order, id), "reports.done.stale")
	}
	return r.Go(w, queuePath(order, next), "reports.done."+string(x.State))
}

// apply puts a reader's words into what readers see.
func (p Desk) apply(w http.ResponseWriter, r *desk.Request) error {
	return p.decide(w, r, user.PublishArticles, func(tx *db.Tx, a article.Article, x correction.Remark) (correction.Remark, error) {
		ctx := r.Context()
		note := strings.TrimSpace(r.Form("note"))
		if v := number(r.Form("variant")); v != 0 { // the note is of other words
			if err := p.Store.Choose(ctx, tx, x.ID, v); err != nil {
				return x, err
			}
			var err error
			if x, err = p.Store.remark(ctx, tx, x.ID); err != nil {
				return x, err
			}
			site, err := p.Editions.Site(ctx)
			if err != nil {
				return x, err
			}
			ed, _ := site.ByID(a.Edition)
			note = noteOf(lang.Of(ed.Lang), x)
		}
		if !x.Replaces {
			return x, wrongHere("no_words")
		}
		if !a.Visibility().Public(p.Now()) {
			return x, wrongHere("not_public")
		}
		m, media, err := p.Live(ctx, tx, a)
		if err != nil {
			return x, err
		}
		mended, err := x.In(correction.Printed(m, media))
		switch {
		case fault.Is(err, fault.Conflict):
			return p.Remarks.Decide(ctx, tx, x, correction.Stale, r.Who.ID, "")
		case fault.Is(err, fault.Invalid):
			return x, wrongHere("cannot")
		case err != nil:
			return x, err
		}
		told := article.Told{Kind: "silent"}
		how := r.Form("how")
		if how == "correction" || how == "" && p.rule(ctx, x) {
			if told = (article.Told{Kind: "correction", Text: note}); told.Text == "" {
				return x, wrongHere("no_note")
			}
		}
		if err := p.Mend(ctx, tx, Mended{Article: a, Was: m, Is: correction.Unprinted(mended, m, media), Told: told, Staff: r.Who.ID, Name: r.Who.Name}); err != nil {
			return x, err
		}
		return p.Remarks.Decide(ctx, tx, x, correction.Applied, r.Who.ID, "")
	})
}

func wrongHere(why string) error { return lang.Wrong("reports.why." + why) }

// done is said of what was put right by hand.
func (p Desk) done(w http.ResponseWriter, r *desk.Request) error {
	return p.decide(w, r, user.AnswerReports, func(tx *db.Tx, _ article.Article, x correction.Remark) (correction.Remark, error) {
		return p.Remarks.Decide(r.Context(), tx, x, correction.Applied, r.Who.ID, "")
	})
}

// refuse refuses, with a reason that the reader is told in their language.
func (p Desk) refuse(w http.ResponseWriter, r *desk.Request) error {
	return p.decide(w, r, user.AnswerReports, func(tx *db.Tx, a article.Article, x correction.Remark) (correction.Remark, error) {
		text := strings.TrimSpace(r.Form("words"))
		if k := r.Form("reason"); slices.Contains(reasons, k) {
			site, err := p.Editions.Site(r.Context())
			if err != nil {
				return x, err
			}
			ed, _ := site.ByID(a.Edition)
			text = strings.TrimSpace(lang.Of(ed.Lang).T("report.reason."+k) + " " + text)
		}
		if text == "" {
			return x, wrongHere("no_reason")
		}
		return p.Remarks.Decide(r.Context(), tx, x, correction.Refused, r.Who.ID, text)
	})
}

// seen notes that somebody has looked.
func (p Desk) seen(w http.ResponseWriter, r *desk.Request) error {
	x, err := p.asked(r, user.AnswerReports)
	if err != nil {
		return err
	}
	if x.Seen.IsZero() {
		if err := p.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error { return p.Store.MarkSeen(r.Context(), tx, x.ID) }); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

type waitsData struct {
	Path  string
	N     int
	Since time.Time
	Lines []line
}

const mostWaits = 5

// panel are those of an article.
func (p Desk) panel(r *desk.Request, of any) (any, error) {
	a, ok := of.(article.Article)
	if !ok || p.may(r, a.ID, user.AnswerReports) != nil {
		return nil, nil
	}
	list, err := p.Store.open(r.Context(), p.DB, a.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return p.waiting(r, list)
}

func (p Desk) waiting(r *desk.Request, list []correction.Remark) (any, error) {
	lines, _, err := p.lines(r, list[:min(len(list), mostWaits)])
	for i := range lines {
		lines[i].Path = queuePath("voices", lines[i].ID)
	}
	return waitsData{Path: deskPath, N: len(list), Since: list[0].At, Lines: lines}, err
}

// today are those that wait longest.
func (p Desk) today(r *desk.Request, _ any) (any, error) {
	list, err := p.theirs(r, "age")
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return p.waiting(r, list)
}
