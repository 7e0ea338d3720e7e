package comment

import (
	"cmp"
	"context"
	"embed"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/topic"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

const (
	deskPath = "/desk/comments"
	perSight = 50
)

// Moderation is the desk's side of the room.
type Moderation struct {
	*Store
	Articles *article.Store
	Editions *edition.Store
	Topics   *topic.Store
	Users    *user.Store
	pages    *desk.Templates
}

// Desk hangs it in.
func (m Moderation) Desk(d *desk.Desk) {
	m.pages = desk.NewTemplates(files, "desk")
	route := func(method, pattern string, may user.Permission, serve func(http.ResponseWriter, *desk.Request) error) desk.Route {
		return desk.Route{Method: method, Pattern: deskPath + pattern, Room: "comment", Permission: may, Serve: serve}
	}
	d.Handle(
		route("GET", "", user.Moderate, m.queue),
		route("POST", "/bulk", user.Moderate, m.bulk),
		route("GET", "/{id}", user.Moderate, m.one),
		route("POST", "/{id}/decide", user.Moderate, m.decide),
		route("POST", "/{id}/answer", user.Moderate, m.answerIt),
		route("POST", "/decisions/{id}/undo", user.Moderate, m.undo),
		route("POST", "/appeals/{id}", user.Moderate, m.answerAppeal),
		route("GET", "/rules/{lang}", user.Moderate, m.rulesPage),
		route("POST", "/rules/{lang}", user.ChangeSettings, m.saveRules),
		route("GET", "/places", user.Moderate, m.places),
		route("POST", "/places", user.ChangeSettings, m.savePlace),
	)
	d.Menu(desk.Entry{Group: desk.Waiting, Order: 20, Word: "talk.menu", Path: deskPath, Icon: "comment", Permission: user.Moderate, Tab: true,
		Count: func(r *desk.Request) (int, bool, error) {
			n, appeals, err := m.WaitingCounts(r.Context())
			return n + appeals, n+appeals > 0, err
		}})
}

// card is a comment in the queue.
type card struct {
	Comment
	Path, Public     string
	Headline, Lang   string
	Edition          string
	Paragraphs       []string
	Tags             []tagged
	Past             past
	Known            bool // its writer is known again
	Waits            string
	Notices          []notice
	Said             []Past
	Rules            []Rule
	Deed             string // what was decided last, where it stands
	Last             int64
	Appeal           *Appeal
	AppealMay        bool
	AppealOf         string
	Gone             bool
	Pending, Visible bool
}

type tagged struct{ Class, Text string }

type notice struct {
	Notice
	Rule string
}

// cards fills in what moderators need to decide about comments.
func (m *Moderation) cards(r *desk.Request, list []Comment) ([]card, error) {
	ctx := r.Context()
	site, err := m.Editions.Site(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(list))
	writers := make([]string, len(list))
	for i, c := range list {
		ids[i], writers[i] = c.ID, c.Writer
	}
	notices, err := m.NoticesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	pasts, err := m.pasts(ctx, writers)
	if err != nil {
		return nil, err
	}
	said, err := m.PastOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	decisions, err := m.DecisionsOf(ctx, m.d, ids)
	if err != nil {
		return nil, err
	}
	var all []int64
	for _, list := range decisions {
		for _, d := range list {
			all = append(all, d.ID)
		}
	}
	appeals, err := m.AppealsOf(ctx, m.d, all)
	if err != nil {
		return nil, err
	}
	articles, rules := map[int64]article.Article{}, map[int64]Rules{}
	out := make([]card, 0, len(list))
	for _, c := range list {
		a, ok := articles[c.ArticleID]
		if !ok {
			if a, err = m.Articles.Get(ctx, m.d, c.ArticleID); err != nil {
				return nil, err
			}
			articles[a.ID] = a
		}
		ed, _ := site.ByID(a.Edition)
		if _, ok := rules[ed.ID]; !ok {
			if rules[ed.ID], err = m.Rules(ctx, m.d, ed.ID, ed.Lang); err != nil {
				return nil, err
			}
		}
		x := card{Comment: c, Path: deskPath + "/" + itoa(c.ID), Headline: a.Headline, Lang: ed.Lang, Edition: ed.Name, Past: pasts[c.Writer], Known: c.Writer != "", Said: said[c.ID],
			Rules: rules[ed.ID].List, Waits: waited(r, r.Now().Sub(c.At)), Gone: c.State == "trash" || c.State == "spam", Pending: c.State == "pending", Visible: c.State == "approved"}
		if a.Visibility().Public(r.Now()) {
			x.Public = ed.Prefix + "/" + a.Path + "/comment/" + itoa(c.ID)
		}
		x.Paragraphs = strings.Split(c.Body, "\n\n")
		for _, n := range notices[c.ID] {
			rule, _ := rules[ed.ID].ByNumber(n.Rule)
			x.Notices = append(x.Notices, notice{n, cmp.Or(rule.Title, r.T("talk.law"))})
		}
		m.tags(r, &x, rules[ed.ID])
		for _, d := range decisions[c.ID] {
			if d.Stands && d.Deed != Hold && x.Last == 0 {
				x.Last, x.Deed = d.ID, r.T("talk.did."+string(d.Deed))
				if d.Rule > 0 {
					x.Deed += ": " + itoa(int64(d.Rule)) + ". " + d.Title
				}
			}
			if p, ok := appeals[d.ID]; ok && p.Outcome == "" && x.Appeal == nil {
				x.Appeal, x.AppealMay, x.AppealOf = &p, p.First != r.Who.ID, r.T("talk.did."+string(d.Deed))
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// tags say why a comment is in the queue and what a machine thinks of it.
func (m *Moderation) tags(r *desk.Request, x *card, rules Rules) {
	if x.Held != "" && x.State == "pending" {
		x.Tags = append(x.Tags, tagged{"w", r.T("talk.held." + x.Held)})
	}
	if len(x.Notices) > 0 {
		x.Tags = append(x.Tags, tagged{"b", r.T("talk.reported", "n", len(x.Notices))})
	}
	for _, s := range x.Signs {
		class := ""
		if s.Weight >= 30 {
			class = "b"
		} else if s.Weight < 0 {
			class = "g"
		}
		text := r.T("talk.sign."+s.Name) + " " + plus(s.Weight)
		if s.What != "" {
			text = r.T("talk.sign."+s.Name) + " «" + s.What + "» " + plus(s.Weight)
		}
		x.Tags = append(x.Tags, tagged{class, text})
	}
}

func plus(n int) string {
	if n < 0 {
		return "−" + strconv.Itoa(-n)
	}
	return "+" + strconv.Itoa(n)
}

// waited says how long something waits.
func waited(r *desk.Request, d time.Duration) string {
	switch {
	case d < time.Hour:
		return r.T("talk.minutes", "n", max(0, int(d/time.Minute)))
	case d < 48*time.Hour:
		return r.T("talk.hours", "n", int(d/time.Hour))
	}
	return r.T("talk.days", "n", int(d/(24*time.Hour)))
}

type sight struct {
	Name, Path string
	Current    bool
	N          int
}

type queueData struct {
	Cards         []card
	Sights        []sight
	Sight         string
	Before, After string
	Bulk          []Rule
	Rules         []sight
	Places        string
	Back          string
}

func (m *Moderation) queue(w http.ResponseWriter, r *desk.Request) error {
	page, err := m.queuePage(r)
	if err != nil {
		return err
	}
	return r.Show(w, page)
}

func (m *Moderation) queuePage(r *desk.Request) (desk.Page, error) {
	ctx := r.Context()
	show := r.URL.Query().Get("show")
	if !slices.Contains([]string{Waiting, Appealed, Published, Removed}, show) {
		show = Waiting
	}
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	n = min(max(n, 1), 1000)
	list, err := m.Queue(ctx, show, (n-1)*perSight, perSight+1)
	if err != nil {
		return desk.Page{}, err
	}
	data := &queueData{Sight: show, Places: deskPath + "/places", Back: deskPath + "?show=" + show}
	if n > 1 {
		data.Before = deskPath + "?show=" + show + "&page=" + strconv.Itoa(n-1)
	}
	if len(list) > perSight {
		data.After = deskPath + "?show=" + show + "&page=" + strconv.Itoa(n+1)
		list = list[:perSight]
	}
	if data.Cards, err = m.cards(r, list); err != nil {
		return desk.Page{}, err
	}
	waiting, appeals, err := m.WaitingCounts(ctx)
	if err != nil {
		return desk.Page{}, err
	}
	for _, s := range []string{Waiting, Appealed, Published, Removed} {
		x := sight{Name: r.T("talk.sight." + s), Path: deskPath + "?show=" + s, Current: s == show}
		switch s {
		case Waiting:
			x.N = waiting
		case Appealed:
			x.N = appeals
		}
		data.Sights = append(data.Sights, x)
	}
	site, err := m.Editions.Site(ctx)
	if err != nil {
		return desk.Page{}, err
	}
	for _, e := range site.Editions {
		data.Rules = append(data.Rules, sight{Name: e.Name, Path: deskPath + "/rules/" + strings.ToLower(e.Lang)})
	}
	if len(data.Cards) > 0 {
		data.Bulk = data.Cards[0].Rules
	}
	return desk.Page{Title: r.T("talk.menu"), From: m.pages, Name: "queue", Data: data, Scripts: []string{"desk/talk.js"}}, nil
}

// act reads what a moderator does from a form.
func act(r *desk.Request) Act {
	n := func(name string) int64 {
		v, _ := strconv.ParseInt(r.Form(name), 10, 64)
		return v
	}
	return Act{Version: n("version"), Deed: Deed(r.Form("deed")), Rule: int(n("rule")), Law: r.Form("law"), Facts: r.Form("facts"), Days: int(n("days")), Staff: r.Who.ID}
}

// do carries an act out, with its entry in the log.
func (m *Moderation) do(ctx context.Context, r *desk.Request, a Act) (d Decision, again bool, err error) {
	c, err := m.Get(ctx, m.d, a.Comment)
	if err != nil {
		return d, false, err
	}
	art, err := m.Articles.Get(ctx, m.d, c.ArticleID)
	if err != nil {
		return d, false, err
	}
	site, err := m.Editions.Site(ctx)
	if err != nil {
		return d, false, err
	}
	ed, _ := site.ByID(art.Edition)
	rules, err := m.Rules(ctx, m.d, ed.ID, ed.Lang)
	if err != nil {
		return d, false, err
	}
	if a.Deed == Spam && a.Rule == 0 {
		a.Rule = rules.SpamRule().Number
	}
	if a.Deed == Approve && (c.State == "trash" || c.State == "spam") {
		a.Deed = Restore
	}
	err = m.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if d, again, err = m.Decide(ctx, tx, a, art, rules); err != nil || again {
			return err
		}
		return audit.Log(ctx, tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: "comment." + string(a.Deed), Kind: "comment", RefID: c.ID,
			Detail: map[string]any{"decision": d.ID, "rule": d.Rule}})
	})
	return d, again, err
}

// told is what a script is told of a decision.
type told struct {
	Decision int64  `json:"decision"`
	Message  string `json:"message"`
	Again    bool   `json:"again,omitempty"`
	Undo     string `json:"undo"`
}

func scripted(r *desk.Request) bool { return r.Header.Get("Accept") == "application/json" }

func (m *Moderation) decide(w http.ResponseWriter, r *desk.Request) error {
	id, err := r.ID("id")
	if err != nil {
		return err
	}
	a := act(r)
	a.Comment = id
	d, again, err := m.do(r.Context(), r, a)
	if err != nil {
		if scripted(r) {
			return err
		}
		return m.sorry(w, r, id, err)
	}
	if scripted(r) {
		return r.JSON(w, told{Decision: d.ID, Again: again, Message: r.T("talk.did." + string(d.Deed)), Undo: deskPath + "/decisions/" + itoa(d.ID) + "/undo"})
	}
	return r.Go(w, back(r, deskPath), "talk.done_"+string(d.Deed))
}

// sorry leads back to a comment and says why nothing was decided.
func (m *Moderation) sorry(w http.ResponseWriter, r *desk.Request, id int64, err error) error {
	text, ok := r.L.Say(err)
	if !ok {
		return err
	}
	return r.Go(w, deskPath+"/"+itoa(id), "talk.not_done", "why", text)
}

// back is the page of the queue that a form came from.
func back(r *desk.Request, otherwise string) string {
	if to := r.Form("back"); strings.HasPrefix(to, deskPath) && !strings.ContainsAny(to, "\r\n\\") {
		return to
	}
	return otherwise
}

func (m *Moderation) undo(w http.ResponseWriter, r *desk.Request) error {
	id, err := r.ID("id")
	if err != nil {
		return err
	}
	var d Decision
	err = m.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		if d, err = m.Undo(r.Context(), tx, id); err != nil {
			return err
		}
		return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: "comment.undo", Kind: "comment", RefID: d.Comment, Detail: map[string]any{"decision": id}})
	})
	if err != nil {
		if scripted(r) || d.Comment == 0 {
			return err
		}
		return m.sorry(w, r, d.Comment, err)
	}
	if scripted(r) {
		c, err := m.Get(r.Context(), m.d, d.Comment)
		if err != nil {
			return err
		}
		return r.JSON(w, map[string]any{"version": c.Version, "message": r.T("talk.undone")})
	}
	return r.Go(w, back(r, deskPath), "talk.undone")
}

// bulk does the same to many. Those that somebody else has decided about meanwhile are
// left, and counted.
func (m *Moderation) bulk(w http.ResponseWriter, r *desk.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "reading a form: %w", err)
	}
	done, left := 0, 0
	for _, pair := range r.PostForm["pick"] {
		id, version, _ := strings.Cut(pair, ":")
		a := act(r)
		a.Comment, _ = strconv.ParseInt(id, 10, 64)
		a.Version, _ = strconv.ParseInt(version, 10, 64)
		_, _, err := m.do(r.Context(), r, a)
		switch {
		case err == nil:
			done++
		case fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound):
			left++
		case fault.Is(err, fault.Invalid):
			if text, ok := r.L.Say(err); ok {
				return r.Go(w, back(r, deskPath), "talk.not_done", "why", text)
			}
			return err
		default:
			return err
		}
	}
	return r.Go(w, back(r, deskPath), "talk.bulk_done", "done", done, "left", left)
}

func (m *Moderation) answerAppeal(w http.ResponseWriter, r *desk.Request) error {
	id, err := r.ID("id")
	if err != nil {
		return err
	}
	err = m.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		d, err := m.Answer(r.Context(), tx, id, r.Form("outcome") == "upheld", r.Form("reason"), r.Who.ID)
		if err != nil {
			return err
		}
		return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: "comment.appeal", Kind: "comment", RefID: d.Comment, Detail: map[string]any{"decision": d.ID, "outcome": r.Form("outcome")}})
	})
	to := deskPath + "?show=" + Appealed
	if err != nil {
		if text, ok := r.L.Say(err); ok {
			return r.Go(w, to, "talk.not_done", "why", text)
		}
		return err
	}
	return r.Go(w, to, "talk.answered")
}

type oneData struct {
	card
	Above     *card
	Below     []card
	Same      []card
	Decisions []decided
	Reasons   []desk.Choice
	Decide    string
	Answer    string
	Terms     []desk.Choice
	Text      desk.Field
}

type decided struct {
	Decision
	Did, Who, Undo string
}

// one is a comment with what stands about it.
func (m *Moderation) one(w http.ResponseWriter, r *desk.Request) error {
	id, err := r.ID("id")
	if err != nil {
		return err
	}
	c, err := m.Get(r.Context(), m.d, id)
	if err != nil {
		return err
	}
	above, below, same, err := m.Around(r.Context(), c)
	if err != nil {
		return err
	}
	list := append([]Comment{c}, below...)
	list = append(list, same...)
	if above != nil {
		list = append(list, *above)
	}
	cards, err := m.cards(r, list)
	if err != nil {
		return err
	}
	data := &oneData{card: cards[0], Below: cards[1 : 1+len(below)], Same: cards[1+len(below) : 1+len(below)+len(same)], Decide: deskPath + "/" + itoa(id) + "/decide", Answer: deskPath + "/" + itoa(id) + "/answer",
		Text: desk.Field{Kind: "area", Name: "text", Label: r.T("talk.answer_text"), Most: 4000, Lines: 4, Required: true}}
	if above != nil {
		data.Above = &cards[len(cards)-1]
	}
	for _, n := range []int{1, 7, 30, 180} {
		data.Terms = append(data.Terms, desk.Choice{Value: strconv.Itoa(n), Label: r.T("talk.days", "n", n), Chosen: n == 7})
	}
	all, err := m.DecisionsOf(r.Context(), m.d, []int64{id})
	if err != nil {
		return err
	}
	names, err := m.Users.List(r.Context(), r.Newsroom.ID)
	if err != nil {
		return err
	}
	for i, d := range all[id] {
		x := decided{Decision: d, Did: r.T("talk.did." + string(d.Deed)), Who: r.T("talk.machine")}
		for _, n := range names {
			if n.ID == d.Staff {
				x.Who = n.Name
			}
		}
		if d.Stands && d.Deed != Hold && (i == 0 || d.Deed.Sanction()) {
			x.Undo = deskPath + "/decisions/" + itoa(d.ID) + "/undo"
		}
		data.Decisions = append(data.Decisions, x)
	}
	return r.Show(w, desk.Page{Title: r.T("talk.one", "name", cmp.Or(c.Name, r.T("comments.nobody"))), From: m.pages, Name: "one", Back: deskPath, Data: data})
}

// answerIt has somebody of the newsroom answer: as the author, where it is theirs.
func (m *Moderation) answerIt(w http.ResponseWriter, r *desk.Request) error {
	id, err := r.ID("id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	c, err := m.Get(ctx, m.d, id)
	if err != nil {
		return err
	}
	body := clean(r.Form("text"))
	if empty(body) {
		return m.sorry(w, r, id, wrong("text", "empty"))
	}
	credits, err := m.Articles.Credits(ctx, []int64{c.ArticleID})
	if err != nil {
		return err
	}
	role := "staff"
	if slices.ContainsFunc(credits[c.ArticleID], func(x article.Credit) bool { return x.Entity != 0 && x.Entity == r.Who.EntityID }) {
		role = "author"
	}
	err = m.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		_, err := m.answer(ctx, tx, Comment{ArticleID: c.ArticleID, ParentID: id, AuthorID: r.Who.ID, Name: r.Who.Name, Body: body, Role: role})
		return err
	})
	if err != nil {
		return m.sorry(w, r, id, err)
	}
	return r.Go(w, deskPath+"/"+itoa(id), "talk.answer_done")
}

func itoa(id int64) string { return strconv.FormatInt(id, 10) }

// editionAt is the edition of a language in a path.
func (m *Moderation) editionAt(r *desk.Request) (edition.Edition, error) {
	site, err := m.Editions.Site(r.Context())
	if err != nil {
		return edition.Edition{}, err
	}
	ed, ok := site.ByLang(r.PathValue("lang"))
	if !ok {
		return ed, fault.New(fault.NotFound, "no edition in %q", r.PathValue("lang"))
	}
	return ed, nil
}
