package front

import (
	"context"
	"embed"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/media"
	"dateline/internal/topic"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

// Rooms are those whose things a front page is made of.
type Rooms struct {
	DB       *db.DB
	Front    *Store
	Articles *article.Store
	Editions *edition.Store
	Topics   *topic.Store
	Users    *user.Store
	// Placed is what stands in the places at an instant.
	Placed func(ctx context.Context, edition int64, at time.Time) ([]Placed, error)
	// Rehearse answers with the front page of an instant.
	Rehearse func(w http.ResponseWriter, r *http.Request, edition int64, at time.Time) error
	Now      func() time.Time
}

// Board is the editors' side of front pages.
type Board struct {
	Rooms
	pages *desk.Templates
}

// NewBoard makes it.
func NewBoard(r Rooms) *Board { return &Board{r, desk.NewTemplates(files, "desk")} }

const boardPath = "/desk/front"

func pathOf(edition int64) string { return boardPath + "/" + itoa(edition) }

// Desk hangs the pages in.
func (b *Board) Desk(d *desk.Desk) {
	route := func(method, pattern string, serve func(http.ResponseWriter, *desk.Request) error) {
		d.Handle(desk.Route{Method: method, Pattern: boardPath + pattern, Room: "front", Permission: user.ArrangeFront, Serve: serve})
	}
	route("GET", "", b.show)
	route("GET", "/{edition}", b.show)
	for _, what := range []string{Pin, Unpin, Fall, Move, Say, End, Undo, Restore} {
		route("POST", "/{edition}/"+what, func(w http.ResponseWriter, r *desk.Request) error { return b.do(w, r, what) })
	}
	route("GET", "/{edition}/rehearsal", b.rehearsal)
	route("GET", "/{edition}/page", b.page)
	d.Menu(desk.Entry{Group: desk.Work, Order: 40, Word: "arrange.menu", Path: boardPath, Icon: "front", Permission: user.ArrangeFront})
}

// meant is the edition that a path names; without one the newsroom's first.
func (b *Board) meant(r *desk.Request) (edition.Site, edition.Edition, error) {
	site, err := b.Editions.Site(r.Context())
	if err != nil || r.PathValue("edition") == "" {
		return site, site.Default(), err
	}
	id, err := r.ID("edition")
	if err != nil {
		return site, edition.Edition{}, err
	}
	ed, ok := site.ByID(id)
	if !ok {
		return site, ed, fault.New(fault.NotFound, "there is no edition %d", id)
	}
	return site, ed, nil
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // no number: nothing that there is
	return max(n, 0)
}

// do carries out what a form says.
func (b *Board) do(w http.ResponseWriter, r *desk.Request, what string) error {
	site, ed, err := b.meant(r)
	if err != nil {
		return err
	}
	d := Deed{What: what, Place: Place(r.Form("place")), To: Place(r.Form("to")), Article: number(r.Form("article")), Text: r.Form("text"), Number: int(number(r.Form("number"))), Over: r.Form("over") != ""}
	rule, id, _ := strings.Cut(r.Form("rule"), ":")
	d.Rule, d.Topic = Rule(rule), number(id)
	if d.Topic != 0 {
		if err := b.known(r.Context(), site, d.Topic); err != nil {
			return err
		}
	}
	if what == Pin || what == Say {
		d.Until, err = when(r, r.Form("until"))
	}
	var before, after Version
	if err == nil {
		err = b.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) (err error) {
			if before, err = b.Front.Read(r.Context(), tx, ed.ID); err != nil {
				return err
			}
			after, err = b.Front.Do(r.Context(), tx, ed, By{Staff: r.Who.ID, Name: r.Who.Name, Seen: int(number(r.Form("version")))}, d)
			return err
		})
	}
	if err != nil {
		p, perr := b.board(r, site, ed, &d)
		if perr != nil {
			return perr
		}
		return r.Again(w, p, flat(err))
	}
	// The page begins again where something has changed.
	to, now := pathOf(ed.ID), b.Now()
	switch what {
	case Move: // and where the hand is: no fragment, which would keep the focus from there
		way := "down"
		if d.To.index() < d.Place.index() {
			way = "up"
		}
		to += "?at=" + string(d.To) + "&by=" + way
		return r.Go(w, to, "arrange.done.move", "place", r.T("arrange.place."+string(d.To)))
	case Pin:
		to += "#place-" + string(d.Place)
		if was := before.Slot(d.Place).pinned(now); was != 0 && was != d.Article {
			at := slices.IndexFunc(after.Slots[:], func(s Slot) bool { return s.pinned(now) == was })
			if at < 0 {
				return r.Go(w, to, "arrange.done.pin_over")
			}
			return r.Go(w, to, "arrange.done.pin_down", "place", r.T("arrange.place."+string(places[at])))
		}
	case Unpin, Fall:
		to += "#place-" + string(d.Place)
	}
	return r.Go(w, to, "arrange.done."+what)
}

// lately is how long what somebody has just changed offers to be undone where it stands.
const lately = 10 * time.Minute

// just is the place that somebody has changed just now: a Place, or "strip".
func (v Version) just(staff int64, now time.Time) string {
	switch {
	case !v.CanUndo() || v.Staff != staff || now.Sub(v.At) > lately:
		return ""
	case v.Deed == Say || v.Deed == End:
		return Say
	case v.Deed == Undo || v.Deed == Restore:
		return ""
	}
	return string(v.Place)
}

// ask is what somebody is asked before a pin is lost.
type ask struct {
	Article         int64
	Place, Until    string
	Headline, Loses string
}

// asking is what is to be asked about a pin; nil: nothing.
func (b *Board) asking(r *desk.Request, a Arrangement, d Deed, names func(int64) (named, error)) (*ask, error) {
	id := a.Loses(d, b.Now())
	if id == 0 || d.Over {
		return nil, nil
	}
	loses, err := names(id)
	if err != nil {
		return nil, err
	}
	n, err := names(d.Article)
	return &ask{Article: d.Article, Place: string(d.Place), Until: r.Form("until"), Headline: orUntitled(r, n.Title), Loses: orUntitled(r, loses.Title)}, err
}

// flat takes the field off an error: it is said at the top of the page.
func flat(err error) error {
	if f, ok := err.(*fault.Error); ok && f.Word != "" {
		said := *f
		said.Field = ""
		return &said
	}
	return err
}

// known refuses a topic of another publication, or none at all.
func (b *Board) known(ctx context.Context, site edition.Site, id int64) error {
	tree, err := b.Topics.Tree(ctx, site.Publication.ID)
	if err != nil {
		return err
	}
	if _, ok := tree.Get(id); !ok {
		return fault.Field("rule", "there is no topic %d", id)
	}
	return nil
}

// when reads a day and time of a form, in the newsroom's zone; zero where there is
// none. One that clocks do not show is refused, one that they show twice asked about.
func when(r *desk.Request, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, clock, _ := strings.Cut(text, "T")
	if len(clock) == 5 {
		clock += ":00"
	}
	at, err := lang.ResolveWall(day+" "+clock, r.Zone)
	switch which := r.Form("which"); {
	case err != nil || at.At.Year() < 1970 || at.At.Year() > 2200:
		return time.Time{}, wrong("until", "time", "value", text)
	case at.Gap:
		return time.Time{}, wrong("until", "gap", "value", day+" "+clock[:5], "next", r.L.Time(at.At))
	case at.Ambiguous && which == "second":
		return at.Other, nil
	case at.Ambiguous && which != "first":
		return time.Time{}, wrong("until", "twice", "value", day+" "+clock[:5], "first", at.At.Format("-07:00"), "second", at.Other.Format("-07:00"))
	}
	return at.At, nil
}

const wallClock = "2006-01-02T15:04"

func wall(r *desk.Request, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(r.Zone).Format(wallClock)
}

// shelf is a group of choices of a rule.
type shelf struct {
	Name  string
	Rules []desk.Choice
}

// slotView is a place on the page.
type slotView struct {
	Place, Name string
	Lead        bool
	ID          int64 // of the article that stands there; 0: none does
	Headline    string
	Path        string
	Picture     string
	From        time.Time
	Pinned      bool   // what stands there is pinned
	Waits       string // what is pinned and not public yet
	WaitsFrom   time.Time
	WaitsPath   string
	Gone        bool // what is pinned readers will not see: it was withdrawn
	Until       time.Time
	Rule        string // in words
	Rules       []desk.Choice
	Shelves     []shelf
	Value       string // of the field until
	Target      int64  // the article of the form
	Open        bool
	Just        bool   // changed just now
	Up, Down    string // the places beside it
	FocusUp     bool
	FocusDown   bool
}

// row is an article that is not on the page.
type row struct {
	ID       int64
	Headline string
	Path     string
	From     time.Time
	Seen     bool
	Embargo  time.Time
	State    string // in words, of one that has no time yet
}

// past is a change that was made.
type past struct {
	Number int
	What   string
	Who    string
	At     time.Time
	Today  bool
}

type boardData struct {
	Path, Lang, Public string
	Version            int
	Editions           []desk.Choice // Value: where it leads
	Slots              []slotView
	Rows               []row
	Text               string
	Places             []desk.Choice
	History            []past
	CanUndo            bool
	JustStrip          bool
	Ask                *ask
	Twice              bool
	Strip              *Strip
	StripEnds          time.Time
	StripHidden        bool
	StripText          string
	StripValue         string
	StripOpen          bool
	StripArticles      []desk.Choice
	MostText           int
	Rehearsal          string
}

func (b *Board) show(w http.ResponseWriter, r *desk.Request) error {
	site, ed, err := b.meant(r)
	if err != nil {
		return err
	}
	p, err := b.board(r, site, ed, nil)
	if err != nil {
		return err
	}
	return r.Show(w, p)
}

// board is the page of an edition; failed is what could not be done, if that is why it
// is shown.
func (b *Board) board(r *desk.Request, site edition.Site, ed edition.Edition, failed *Deed) (desk.Page, error) {
	ctx, at := r.Context(), b.Now()
	v, err := b.Front.Now(ctx, ed.ID)
	if err != nil {
		return desk.Page{}, err
	}
	data := &boardData{Path: pathOf(ed.ID), Lang: ed.Lang, Public: strings.TrimRight(r.Newsroom.Home, "/") + ed.Prefix + "/", Version: v.Number, CanUndo: v.CanUndo(),
		Text: strings.TrimSpace(r.URL.Query().Get("q")), MostText: mostText, Rehearsal: pathOf(ed.ID) + "/rehearsal"}
	for _, e := range site.Editions {
		l := lang.Of(e.Lang)
		data.Editions = append(data.Editions, desk.Choice{Value: pathOf(e.ID), Label: l.Title(l.Name()), Chosen: e.ID == ed.ID})
	}
	if failed != nil {
		_, err := when(r, r.Form("until"))
		if f, ok := err.(*fault.Error); ok {
			data.Twice = f.Word == "write.wrong.twice"
		}
	}
	placed, err := b.Placed(ctx, ed.ID, at)
	if err != nil {
		return desk.Page{}, err
	}
	names := b.namer(ctx)
	data.JustStrip = v.just(r.Who.ID, at) == Say
	if failed != nil {
		if data.Ask, err = b.asking(r, v.Arrangement, *failed, names); err != nil {
			return desk.Page{}, err
		}
	}
	if err := b.slots(r, site, ed, data, v, placed, names, failed); err != nil {
		return desk.Page{}, err
	}
	if data.Rows, err = b.rows(r, site, ed, data.Text, data.Slots); err != nil {
		return desk.Page{}, err
	}
	if err := b.strip(r, data, v.Strip, names, failed); err != nil {
		return desk.Page{}, err
	}
	if data.History, err = b.history(r, site, ed, names); err != nil {
		return desk.Page{}, err
	}
	return desk.Page{Title: r.T("arrange.menu"), From: b.pages, Name: "front", Data: data, Scripts: []string{"desk/front.js"}}, nil
}

// named is an article as the board calls it.
type named struct {
	article.Article
	Title string
}

// namer reads articles by their ids, each once; of one that there is no more it gives
// nothing.
func (b *Board) namer(ctx context.Context) func(id int64) (named, error) {
	known := map[int64]named{}
	return func(id int64) (named, error) {
		if n, ok := known[id]; ok || id == 0 {
			return n, nil
		}
		a, err := b.Articles.Get(ctx, b.DB, id)
		if fault.Is(err, fault.NotFound) {
			known[id] = named{}
			return named{}, nil
		} else if err != nil {
			return named{}, err
		}
		n := named{a, a.Headline}
		if n.Title == "" {
			c, err := b.Articles.Working(ctx, b.DB, a)
			if err != nil {
				return named{}, err
			}
			n.Title = c.Text.Headline
		}
		known[id] = n
		return n, nil
	}
}

func articlePath(id int64) string { return "/desk/articles/" + itoa(id) }

// slots fills the places of the page.
func (b *Board) slots(r *desk.Request, site edition.Site, ed edition.Edition, data *boardData, a Version, placed []Placed, names func(int64) (named, error), failed *Deed) error {
	now := b.Now()
	tree, err := b.Topics.Tree(r.Context(), site.Publication.ID)
	if err != nil {
		return err
	}
	q, just := r.URL.Query(), a.just(r.Who.ID, now)
	// Whoever pins something without choosing a place means none that is taken.
	vacant := max(slices.IndexFunc(a.Slots[:Feature.index()], func(s Slot) bool { return s.pinned(now) == 0 }), 0)
	for i, p := range places {
		s := a.Slots[i]
		v := slotView{Just: just == string(p), Place: string(p), Name: r.T("arrange.place." + string(p)), Lead: p == Lead, Rule: b.ruleWords(r, ed, site, tree, p, s)}
		v.Rules, v.Shelves = ruleChoices(r, ed, site, tree, s)
		if i > 0 {
			v.Up = string(places[i-1])
		}
		if i+1 < len(places) {
			v.Down = string(places[i+1])
		}
		at := slices.IndexFunc(placed, func(x Placed) bool { return x.Place == p })
		if at >= 0 {
			x := placed[at]
			v.ID, v.Target, v.Headline, v.Path, v.From, v.Pinned = x.Article.ID, x.Article.ID, x.Article.Headline, articlePath(x.Article.ID), x.Article.VisibleFrom, x.Pinned
			if x.Article.LeadID != 0 {
				v.Picture = media.FileAt(x.Article.LeadID) + "?w=320"
			}
		}
		if id := s.pinned(now); id != 0 {
			if s.Until != 0 {
				v.Until = toMinute(time.UnixMilli(s.Until))
			}
			v.Target = id
			if !v.Pinned {
				n, err := names(id)
				if err != nil {
					return err
				}
				v.Waits, v.WaitsFrom, v.WaitsPath = orUntitled(r, n.Title), n.VisibleFrom, articlePath(id)
				v.Gone = n.ID == 0 || n.State == article.Withdrawn || n.State == article.Spiked
			}
		}
		v.Value = wall(r, v.Until)
		if failed != nil && failed.Place == p && (failed.What == Pin || failed.What == Fall) {
			v.Open = true
			if failed.What == Pin {
				v.Value, v.Target = r.Form("until"), failed.Article
			}
		}
		if q.Get("at") == string(p) {
			v.FocusUp = q.Get("by") == "up" && v.Up != "" || v.Down == ""
			v.FocusDown = !v.FocusUp
		}
		data.Places = append(data.Places, desk.Choice{Value: string(p), Label: v.Name, Chosen: i == vacant})
		data.Slots = append(data.Slots, v)
	}
	return nil
}

func orUntitled(r *desk.Request, title string) string {
	if title == "" {
		return r.T("write.untitled")
	}
	return title
}

// ruleWords says by which rule a place fills itself: "newest of Town".
func (b *Board) ruleWords(r *desk.Request, ed edition.Edition, site edition.Site, tree *topic.Tree, p Place, s Slot) string {
	switch s.Rule {
	case OfTopic:
		t, _ := tree.Get(s.Topic)
		return r.T("arrange.rule.topic", "name", t.Name(ed.Lang, site.Default().Lang).Name)
	case Auto:
		if p == Feature {
			return r.T("arrange.rule.auto_feature")
		}
		return r.T("arrange.rule.auto")
	}
	return r.T("arrange.rule." + string(s.Rule))
}

// ruleChoices are the rules that a place can have: plain ones, and the shelves by
// their kinds.
func ruleChoices(r *desk.Request, ed edition.Edition, site edition.Site, tree *topic.Tree, s Slot) (plain []desk.Choice, shelves []shelf) {
	for _, rule := range Rules() {
		if rule != OfTopic {
			word := "arrange.rule.auto"
			if rule != Auto {
				word = "arrange.rule." + string(rule)
			}
			plain = append(plain, desk.Choice{Value: string(rule), Label: r.T(word), Chosen: s.Rule == rule})
		}
	}
	for _, kind := range []topic.Kind{topic.Section, topic.Column, topic.Genre} {
		g := shelf{Name: r.T("arrange.newest_of_" + string(kind))}
		for _, t := range tree.OfKind(kind) {
			if name := t.Name(ed.Lang, site.Default().Lang).Name; name != "" {
				g.Rules = append(g.Rules, desk.Choice{Value: string(OfTopic) + ":" + itoa(t.ID), Label: r.T("arrange.rule.topic", "name", name), Chosen: s.Rule == OfTopic && s.Topic == t.ID})
			}
		}
		if len(g.Rules) > 0 {
			shelves = append(shelves, g)
		}
	}
	return plain, shelves
}

// How many articles are offered.
const (
	mostAhead = 5
	mostRows  = 12
)

// rows are the articles that could be placed: what the clock will show, then the
// newest; those of the headline that was asked for, drafts among them.
func (b *Board) rows(r *desk.Request, site edition.Site, ed edition.Edition, text string, slots []slotView) ([]row, error) {
	ctx, now := r.Context(), b.Now()
	sights := []article.Sight{article.SightScheduled, article.SightPublished}
	if text != "" {
		sights = append(sights, article.SightWork)
	}
	var items []article.Item
	for _, sight := range sights {
		limit := mostRows + len(slots)
		if sight == article.SightScheduled {
			limit = 100
		}
		list, _, err := b.Articles.Desk(ctx, article.DeskQuery{Publication: site.Publication.ID, Sight: sight, Edition: ed.ID, Text: text, Limit: limit, Now: now})
		if err != nil {
			return nil, err
		}
		if sight == article.SightScheduled { // what comes next
			slices.Reverse(list)
			list = list[:min(len(list), mostAhead+len(slots))]
		}
		for _, i := range list {
			there := slices.ContainsFunc(items, func(x article.Item) bool { return x.ID == i.ID })
			if i.Kind == article.Text && !there && !slices.ContainsFunc(slots, func(s slotView) bool { return s.ID == i.ID || s.Target == i.ID }) {
				items = append(items, i)
			}
		}
	}
	items = items[:min(len(items), mostRows)]
	ids := make([]int64, len(items))
	for n, i := range items {
		ids[n] = i.ID
	}
	works, err := b.Articles.WorkOf(ctx, b.DB, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]row, len(items))
	for n, i := range items {
		x := row{ID: i.ID, Headline: orUntitled(r, i.Title), Path: articlePath(i.ID)}
		switch at := i.Visibility().At(now); at {
		case article.Published, article.Scheduled:
			x.From, x.Seen = i.VisibleFrom, at == article.Published
		default:
			x.State = r.T("write.status." + string(at))
		}
		if e := works[i.ID].Embargo; e.After(now) && !x.Seen {
			x.Embargo = e
		}
		out[n] = x
	}
	return out, nil
}

// stripFor is how long the breaking line is offered to stand.
const stripFor = 3 * time.Hour

// strip fills what is said of the breaking line.
func (b *Board) strip(r *desk.Request, data *boardData, s *Strip, names func(int64) (named, error), failed *Deed) error {
	now := b.Now()
	data.StripValue = wall(r, now.Add(stripFor).Truncate(15*time.Minute))
	chosen := int64(0)
	if s != nil && now.UnixMilli() < s.Ends {
		data.Strip, data.StripEnds, data.StripText, chosen = s, toMinute(time.UnixMilli(s.Ends)), s.Text, s.Article
		data.StripValue = wall(r, data.StripEnds)
		if n, err := names(s.Article); err != nil {
			return err
		} else if s.Article != 0 {
			data.StripHidden = !n.Visibility().Public(now)
		}
	}
	if failed != nil && failed.What == Say {
		data.StripOpen, data.StripText, data.StripValue, chosen = true, failed.Text, r.Form("until"), failed.Article
	}
	data.StripArticles = []desk.Choice{{Value: "0", Label: r.T("arrange.no_article"), Chosen: chosen == 0}}
	add := func(id int64, title string) {
		if id != 0 && !slices.ContainsFunc(data.StripArticles, func(c desk.Choice) bool { return c.Value == itoa(id) }) {
			data.StripArticles = append(data.StripArticles, desk.Choice{Value: itoa(id), Label: title, Chosen: id == chosen})
		}
	}
	n, err := names(chosen)
	if err != nil {
		return err
	}
	add(n.ID, n.Title)
	for _, x := range data.Slots {
		add(x.ID, x.Headline)
	}
	for _, x := range data.Rows {
		add(x.ID, x.Headline)
	}
	return nil
}

// mostPast is how many changes are listed.
const mostPast = 10

// history is what was changed last, in words.
func (b *Board) history(r *desk.Request, site edition.Site, ed edition.Edition, names func(int64) (named, error)) ([]past, error) {
	list, err := b.Front.History(r.Context(), ed.ID, mostPast)
	if err != nil {
		return nil, err
	}
	people, err := b.Users.List(r.Context(), site.Publication.ID)
	if err != nil {
		return nil, err
	}
	var out []past
	for _, v := range list {
		n, err := names(v.Article)
		if err != nil {
			return nil, err
		}
		text := orUntitled(r, n.Title)
		if v.Deed == Say && v.Strip != nil {
			text = v.Strip.Text
		}
		place := ""
		if v.Place.index() >= 0 {
			place = r.T("arrange.place." + string(v.Place))
		}
		p := past{Number: v.Number, What: r.T("arrange.did."+v.Deed, "place", place, "text", text), At: v.At, Today: sameDay(v.At.In(r.Zone), r.Now())}
		for _, l := range people {
			if l.ID == v.Staff {
				p.Who = l.Name
			}
		}
		out = append(out, p)
	}
	return out, nil
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}
