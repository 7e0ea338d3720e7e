package editor

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/author"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/media"
	"dateline/internal/richtext"
	"dateline/internal/stem"
	"dateline/internal/topic"
	"dateline/internal/user"
)

// named is a thing by its id, as the page's controls show it.
type named struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Note string `json:"note,omitempty"` // tells it from others of that name
}

// pageData is the page of one article: what is set by the server, and State for its
// script.
type pageData struct {
	ID       int64
	Path     string
	Lang     *lang.Locale
	Status   []status
	Live     bool
	Edition  string // in its own language
	Public   string // address that readers have, or will
	Lost     string // what became of the text that it is a translation of
	LostAt   string // that text's page
	State    pageState
	Fields   fieldSet
	CanWrite bool
	CanPub   bool
	CanRev   bool
	InReview bool
	Ready    bool
	Spiked   bool
	Killed   bool
	Sched    bool
	Copy     bool
	Reason   string
	From     time.Time
	Due      time.Time
	Zone     string
	Staff    []desk.Choice
	Wanted   string
	Notes    string
	Editions []editionLine
	Deeds    []deed
	Main     []desk.Shown
	First    []desk.Shown // beside the text, at the top
	Side     []desk.Shown
	Review   bool // another person has to find it ready
	Behind   *behind
	Static   *staticData // of a page without a date
	Terms    *termsData  // of the glossary, of what is a translation
	Embargo  time.Time   // zero: none
	Asked    string      // who wants to lift it
	AskedMe  bool
	Links    int // to previews that lead anywhere
}

// behind is what a translation has to catch up with.
type behind struct {
	N        int
	Original string // its page
	Compare  string // what changed in it
	Text     []row  // the paragraphs of the original that changed or were added, as they are now
	Lang     string
}

// fieldSet are the choices of the page's selects.
type fieldSet struct {
	Sections, Genres, Columns, Series []desk.Choice
	Comments, Urgency                 []desk.Choice
	Zones                             []string
}

type editionLine struct {
	ID             int64 // of the edition
	Lang, Name     string
	Path           string // of its article; empty: none yet
	Status         []status
	Original, Here bool
	Behind         int // paragraphs
}

type deed struct {
	At   time.Time
	What string
	Who  string
}

// pageState goes to the script as JSON.
type pageState struct {
	ID          int64              `json:"id"`
	Version     int                `json:"version"`
	Text        article.Manuscript `json:"text"`
	Lang        string             `json:"lang"`
	Writes      bool               `json:"writes"`
	Words       map[string]any     `json:"words"`
	WordsLang   string             `json:"words_lang"`
	Typography  any                `json:"typography"`
	Credits     []named            `json:"credits"`
	Sections    []named            `json:"sections"`
	Tags        []named            `json:"tags"`
	Place       named              `json:"place"`
	Media       []media.Shown      `json:"media"` // that the text uses
	AllSections []named            `json:"all_sections"`
	Must        []string           `json:"must"` // checks that forbid publishing
	Tab         string             `json:"tab"`
	Upload      bool               `json:"upload"`
	Licences    []string           `json:"licences"`
	Roles       []role             `json:"roles"`
	Stale       []string           `json:"stale"` // blocks whose originals have changed
	Fresh       bool               `json:"fresh"` // nobody has written anything of its own yet
	Page        bool               `json:"page"`  // without a date
	Terms       *bool              `json:"terms"` // it has those of the glossary; nil: none are wanted
	Left        *left              `json:"left"`  // that nobody has translated; nil: it is no translation
	Lost        bool               `json:"lost"`  // its original was withdrawn or spiked
	Changed     bool               `json:"changed"`
	Twice       [][2]string        `json:"twice"` // from when until when clocks show each time twice
}

// role is a part that somebody has in an article.
type role struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// open is the page of an article.
func (e *Editor) open(w http.ResponseWriter, r *desk.Request) error {
	t, err := e.thing(r, user.ReadArticles)
	if err != nil {
		return err
	}
	ctx, now := r.Context(), e.Now()
	c, err := e.Articles.Working(ctx, e.DB, t.Article)
	if err != nil {
		return err
	}
	at := t.Visibility().At(now)
	data := pageData{ID: t.ID, Path: path(t.ID), Lang: lang.Of(t.ed.Lang), Status: statusOf(r, t.Article, c.State, c.Stored(), now), Live: at == article.Published,
		CanWrite: e.writes(r, t) == nil, CanPub: r.May(user.PublishArticles, t.mine) == nil, CanRev: r.May(user.ReviewArticles, t.mine) == nil,
		InReview: c.State == article.InReview, Ready: c.State == article.Ready, Spiked: t.Article.State == article.Spiked, Killed: t.Article.State == article.Withdrawn,
		Sched: at == article.Scheduled, Copy: c.Stored() && t.HeadRevision != 0, Reason: t.WithdrawnReason, Due: c.Due, Notes: t.work.Notes,
		Zone: r.L.ZoneName(t.site.Publication.Zone, now)}
	if data.Live || data.Sched {
		data.From = t.VisibleFrom
	}
	data.Edition = langName(t.ed.Lang)
	if data.Live || data.Sched {
		data.Public = e.BaseURL + t.ed.Prefix + "/" + t.Article.Path
	}
	if data.Spiked || data.Killed {
		data.CanWrite = false
	}
	if !t.work.Due.IsZero() {
		data.Wanted = t.work.Due.In(r.Zone).Format("2006-01-02T15:04")
	}
	names, err := e.staff(ctx, t.site)
	if err != nil {
		return err
	}
	if t.work.Embargo.After(now) {
		data.Embargo, data.Asked, data.AskedMe = t.work.Embargo, names[t.work.LiftBy], t.work.LiftBy == r.Who.ID
	}
	data.Staff = []desk.Choice{{Value: "", Label: r.T("write.nobodys"), Chosen: t.work.Staff == 0}}
	for _, id := range byName(r, names) {
		data.Staff = append(data.Staff, desk.Choice{Value: itoa(id), Label: names[id], Chosen: id == t.work.Staff})
	}
	tree, err := e.Topics.Tree(ctx, t.Publication)
	if err != nil {
		return err
	}
	data.Fields = e.fields(r, t, c.Text, tree)
	if data.State, err = e.state(ctx, r, t, c, tree); err != nil {
		return err
	}
	data.State.Twice = twice(now.In(zoneOf(t.site)))
	data.State.Writes, data.State.Fresh = data.CanWrite, c.Version == 1 && t.HeadRevision == 0
	if err := e.catchUp(ctx, t, &data); err != nil {
		return err
	}
	back := listPath
	if t.Kind == article.Page {
		back, data.State.Page = pagesPath, true
		if data.Static, err = e.static(r, t); err != nil {
			return err
		}
	}
	found, from, err := e.terms(ctx, e.DB, t.site, t.Article, c.Text)
	if err != nil {
		return err
	}
	if data.Terms = termsOf(found, from, t.ed.Lang); data.Terms != nil {
		ok := !lacksTerms(found)
		data.State.Terms = &ok
	}
	lost, err := e.lost(ctx, e.DB, t.Article)
	if err != nil {
		return err
	}
	if lost != nil {
		data.Lost, data.LostAt, data.State.Lost = lostWords(r.L, *lost), path(lost.ID), true
	}
	if data.State.Left, err = e.leftOf(ctx, e.DB, t.Article, c.Text); err != nil {
		return err
	}
	if data.State.Changed = true; data.Live {
		if data.State.Changed, err = e.changed(r, t, c.Text); err != nil {
			return err
		}
	}
	if data.Editions, err = e.editions(r, t, data); err != nil {
		return err
	}
	deeds, err := audit.Of(ctx, e.DB, "article", t.ID, 12)
	if err != nil {
		return err
	}
	for _, d := range deeds {
		data.Deeds = append(data.Deeds, deed{d.At, r.T("audit." + d.Action), d.Actor})
	}
	links, err := e.Articles.Links(ctx, t.ID)
	if err != nil {
		return err
	}
	for _, l := range links {
		if l.Alive(now) {
			data.Links++
		}
	}
	values, err := e.Editions.Settings(ctx)
	if err != nil {
		return err
	}
	data.Review, data.State.Must = values.Bool("review", ""), values.Lines("must", "")
	panels := r.Panels("article", t.Article)
	data.Main, data.Side = desk.Sides(panels)
	data.First = slices.DeleteFunc(slices.Clone(data.Side), func(s desk.Shown) bool { return !s.First })
	data.Side = slices.DeleteFunc(data.Side, func(s desk.Shown) bool { return s.First })
	title := c.Text.Headline
	if title == "" {
		title = r.T("write.untitled")
	}
	return r.Show(w, desk.Page{Title: title, From: e.pages, Name: "article", Back: back, Data: data, Scripts: append([]string{"dist/desk-editor.js", "desk/picker.js", "desk/focal.js", "desk/article.js", "desk/glossary.js"}, desk.Scripts(panels)...)})
}

// editions are those of the publication, with the story's articles in them. Of the
// article whose page it is that has all there is to say.
func (e *Editor) editions(r *desk.Request, t thing, here pageData) ([]editionLine, error) {
	all, err := e.Articles.OfStory(r.Context(), e.DB, t.StoryID)
	if err != nil {
		return nil, err
	}
	var out []editionLine
	for _, ed := range t.site.Editions {
		l := editionLine{ID: ed.ID, Lang: ed.Lang, Name: langName(ed.Lang), Here: ed.ID == t.Edition}
		for i, a := range all {
			if a.Edition != ed.ID || l.Path != "" {
				continue
			}
			l.Path, l.Original = path(a.ID), i == 0
			if a.ID == t.ID {
				if l.Status = here.Status[:1]; here.Behind != nil {
					l.Behind = here.Behind.N
				}
				continue
			}
			_, b, _, _, err := e.behind(r.Context(), a)
			if err != nil {
				return nil, err
			}
			// Where its text stands is told on its own page.
			l.Behind, l.Status = b.Count(), statusOf(r, a, "", false, e.Now())
		}
		out = append(out, l)
	}
	return out, nil
}

// behind tells what a translation has to catch up with: nothing for what is none.
func (e *Editor) behind(ctx context.Context, a article.Article) (made article.Translation, b article.Behind, source article.Article, text article.Manuscript, err error) {
	made, err = e.Articles.TranslationOf(ctx, e.DB, a.ID)
	if fault.Is(err, fault.NotFound) {
		return made, b, source, text, nil
	}
	if err == nil {
		b, source, text, err = e.Articles.Behind(ctx, e.DB, made)
	}
	return made, b, source, text, err
}

// catchUp fills in what a translation has to catch up with.
func (e *Editor) catchUp(ctx context.Context, t thing, data *pageData) error {
	made, b, source, text, err := e.behind(ctx, t.Article)
	if err != nil || b.Count() == 0 {
		return err
	}
	ed, _ := t.site.ByID(source.Edition)
	data.Behind = &behind{N: b.Count(), Original: path(source.ID), Lang: ed.Lang}
	if made.Revision > 0 && source.Revision > made.Revision {
		data.Behind.Compare = fmt.Sprintf("%s/compare?a=%d&b=%d", path(source.ID), made.Revision, source.Revision)
	}
	doc, err := richtext.Parse(text.Body)
	if err != nil {
		return err
	}
	for i := range doc.Blocks {
		k := &doc.Blocks[i]
		if !slices.Contains(b.Changed, k.ID) && !slices.Contains(b.Added, k.ID) {
			continue
		}
		words := richtext.Doc{Blocks: []richtext.Block{*k}}.Text()
		data.Behind.Text = append(data.Behind.Text, row{"p", []piece{{Op: "same", Text: words}}})
	}
	data.State.Stale = slices.Concat(b.Changed, b.Gone)
	return nil
}

func (e *Editor) fields(r *desk.Request, t thing, m article.Manuscript, tree *topic.Tree) fieldSet {
	choices := func(kind topic.Kind, chosen int64) []desk.Choice {
		out := []desk.Choice{{Value: "0", Label: r.T("write.none"), Chosen: chosen == 0}}
		for _, x := range tree.OfKind(kind) {
			out = append(out, desk.Choice{Value: itoa(x.ID), Label: x.Name(t.ed.Lang, t.site.Langs()...).Name, Chosen: x.ID == chosen})
		}
		return out
	}
	f := fieldSet{Genres: choices(topic.Genre, m.Genre), Columns: choices(topic.Column, m.Column), Series: choices(topic.Series, m.Series),
		Zones: lang.NamedZones()}
	first := int64(0)
	if len(m.Sections) > 0 {
		first = m.Sections[0]
	}
	f.Sections = choices(topic.Section, first)
	for _, c := range []string{"open", "closed", "hidden"} {
		f.Comments = append(f.Comments, desk.Choice{Value: c, Label: r.T("write.comments_" + c), Chosen: c == m.Comments || m.Comments == "" && c == "open"})
	}
	for n := 1; n <= 9; n++ {
		label := strconv.Itoa(n)
		if word := "write.urgency_" + label; r.L.Has(word) {
			label += " · " + r.T(word)
		}
		f.Urgency = append(f.Urgency, desk.Choice{Value: strconv.Itoa(n), Label: label, Chosen: n == m.Urgency || m.Urgency == 0 && n == 5})
	}
	return f
}

// state is what the page's script begins with.
func (e *Editor) state(ctx context.Context, r *desk.Request, t thing, c article.Copy, tree *topic.Tree) (pageState, error) {
	langs := t.site.Langs()
	s := pageState{ID: t.ID, Version: c.Version, Text: c.Text, Lang: t.ed.Lang, WordsLang: r.L.Tag(),
		Words: r.L.Under("editor.", "write.js.", "pictures.js."), Typography: lang.Of(t.ed.Lang).Typing(), Tab: media.NewToken()[:12],
		Upload: r.Who.Can(user.KeepMedia), Licences: media.Licences(r.L), Credits: []named{}, Sections: []named{}, Tags: []named{}, AllSections: []named{}, Media: []media.Shown{}}
	s.Text.Credits = slices.Clone(c.Text.Credits)
	var ids []int64
	for _, x := range s.Text.Credits {
		ids = append(ids, x.Entity)
	}
	if c.Text.Place != 0 {
		ids = append(ids, c.Text.Place)
	}
	people, err := e.Entities.ByIDs(ctx, ids)
	if err != nil {
		return s, err
	}
	for i, x := range s.Text.Credits {
		if p, ok := people[x.Entity]; ok {
			s.Text.Credits[i].Entity = p.ID // they may have become part of another since
			s.Credits = append(s.Credits, named{ID: p.ID, Name: p.Name(t.ed.Lang, langs...), Note: x.Role})
		}
	}
	if p, ok := people[c.Text.Place]; ok {
		s.Text.Place = p.ID
		s.Place = named{ID: p.ID, Name: p.Name(t.ed.Lang, langs...)}
	}
	known, err := e.Topics.ByIDs(ctx, slices.Concat(c.Text.Sections, c.Text.Tags))
	if err != nil {
		return s, err
	}
	for _, id := range c.Text.Sections {
		if x, ok := known[id]; ok {
			s.Sections = append(s.Sections, named{ID: id, Name: x.Name(t.ed.Lang, langs...).Name})
		}
	}
	s.Text.Tags = nil
	for _, id := range c.Text.Tags {
		if x, ok := known[id]; ok && !slices.Contains(s.Text.Tags, x.ID) {
			s.Text.Tags = append(s.Text.Tags, x.ID)
			s.Tags = append(s.Tags, named{ID: x.ID, Name: x.Name(t.ed.Lang, langs...).Name})
		}
	}
	for _, x := range tree.OfKind(topic.Section) {
		n := named{ID: x.ID, Name: x.Name(t.ed.Lang, langs...).Name}
		if up, ok := tree.Get(x.ParentID); ok {
			n.Note = up.Name(t.ed.Lang, langs...).Name
		}
		s.AllSections = append(s.AllSections, n)
	}
	list, err := e.Media.ByIDs(ctx, c.Text.Used())
	if err != nil {
		return s, err
	}
	for _, id := range c.Text.Used() {
		if m, ok := list[id]; ok {
			s.Media = append(s.Media, e.shown(m, t))
		}
	}
	for _, x := range []string{"author", "with", "photo", "drawing", "translator", "editor", "reporting"} {
		s.Roles = append(s.Roles, role{x, r.T("write.role." + x)})
	}
	return s, nil
}

func (e *Editor) shown(m media.Media, t thing) media.Shown {
	return m.Shown(e.Now().In(zoneOf(t.site)), t.ed.Lang, t.site.Langs()...)
}

const foundAtMost = 12

// find gives people that may be credited, places, tags and articles as somebody types
// their names, and what is known of a medium.
func (e *Editor) find(w http.ResponseWriter, r *desk.Request) error {
	ctx := r.Context()
	site, err := e.Editions.Site(ctx)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	text := strings.TrimSpace(q.Get("q"))
	ed, ok := site.ByID(number(q.Get("edition")))
	if !ok {
		if ed, ok = site.ByLang(q.Get("lang")); !ok {
			ed = site.Default()
		}
	}
	langs := site.Langs()
	out := []named{}
	switch r.PathValue("what") {
	case "people":
		all, err := e.Authors.All(ctx, site.Publication.ID)
		if err != nil {
			return err
		}
		out = best(all, text, func(c author.Contributor) (named, []string) {
			var spelt []string
			for _, n := range c.Names {
				spelt = append(spelt, n)
			}
			return named{ID: c.EntityID, Name: c.Name(ed.Lang, langs...)}, spelt
		})
	case "places":
		all, err := e.Entities.Named(ctx, site.Publication.ID, entity.Place, text, foundAtMost)
		if err != nil {
			return err
		}
		for _, x := range all {
			out = append(out, named{ID: x.ID, Name: x.Name(ed.Lang, langs...)})
		}
	case "tags":
		all, err := e.Topics.Named(ctx, site.Publication.ID, topic.Tag, text, foundAtMost)
		if err != nil {
			return err
		}
		for _, x := range all {
			out = append(out, named{ID: x.ID, Name: x.Name(ed.Lang, langs...).Name})
		}
	case "articles":
		list, err := e.published(ctx, ed, text)
		if err != nil {
			return err
		}
		for _, a := range list {
			out = append(out, named{ID: a.ID, Name: a.Headline, Note: r.L.Date(a.VisibleFrom.In(r.Zone))})
		}
	case "media":
		id := number(q.Get("id"))
		list, err := e.Media.ByIDs(ctx, []int64{id})
		if err != nil {
			return err
		}
		m, ok := list[id]
		if !ok {
			return r.JSON(w, nil)
		}
		return r.JSON(w, e.shown(m, thing{ed: ed, site: site}))
	default:
		out = nil
	}
	return r.JSON(w, out)
}

// published finds articles that readers have by their words, as readers find them;
// without words the newest.
func (e *Editor) published(ctx context.Context, ed edition.Edition, text string) ([]article.Article, error) {
	if text == "" {
		list, _, err := e.Articles.List(ctx, article.ListQuery{Edition: ed.ID, Now: e.Now(), Limit: foundAtMost})
		return list, err
	}
	ids, err := e.Search(ctx, ed, text, foundAtMost)
	if err != nil {
		return nil, err
	}
	return e.Articles.PublicByIDs(ctx, ids, e.Now())
}

// best are those in whose name in any language each word of the text begins a word.
func best[T any](all []T, text string, of func(T) (named, []string)) []named {
	out := []named{}
	for _, x := range all {
		n, spelt := of(x)
		for _, s := range append(spelt, n.Name) {
			if stem.Found(stem.Sought(s), text) {
				out = append(out, n)
				break
			}
		}
		if len(out) == foundAtMost {
			break
		}
	}
	return out
}
