package filing

import (
	"cmp"
	"context"
	"embed"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/author"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/entity"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/stem"
	"dateline/internal/topic"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

// Rooms are those whose things are filed.
type Rooms struct {
	DB        *db.DB
	Articles  *article.Store
	Editions  *edition.Store
	Topics    *topic.Store
	Entities  *entity.Store
	Authors   *author.Store
	Addresses *address.Store
}

// Filing is the closet.
type Filing struct {
	Rooms
	pages *desk.Templates
}

// New makes it.
func New(r Rooms) *Filing { return &Filing{r, desk.NewTemplates(files, "desk")} }

// thing is a tag, a person, an organisation or a place.
type thing struct {
	ID    int64
	Names map[string]string // by language
	Slugs map[string]string // of a tag
}

func (t thing) name(langs []string) string { return entity.Choose(t.Names, langs[0], langs[1:]...) }

// shelf is a kind of things: what its pages need of the rooms that keep it.
type shelf struct {
	key    string // in words and in addresses at the desk
	kind   string // in the log
	site   string // of its addresses for readers; empty: it has none
	icon   string
	list   func(ctx context.Context, pub int64, text string, skip, limit int) ([]thing, error)
	get    func(ctx context.Context, q db.Querier, id int64) (thing, bool, error)
	counts func(ctx context.Context, ids []int64) (map[int64]int, error)
	all    func(ctx context.Context, pub int64) ([]spelt, error)
	rename func(ctx context.Context, tx *db.Tx, pub int64, t thing) error
	merge  func(ctx context.Context, tx *db.Tx, pub, from, into int64) error
}

type spelt struct {
	id         int64
	lang, name string
}

func (f *Filing) shelves() []shelf {
	return []shelf{f.tags(), f.entities("people", entity.Person), f.entities("organisations", entity.Organisation), f.entities("places", entity.Place)}
}

func tagOf(t topic.Topic) thing {
	out := thing{ID: t.ID, Names: map[string]string{}, Slugs: map[string]string{}}
	for l, n := range t.Names {
		out.Names[l], out.Slugs[l] = n.Name, n.Slug
	}
	return out
}

func (f *Filing) tags() shelf {
	return shelf{key: "tags", kind: "topic", site: "topic", icon: "tag",
		list: func(ctx context.Context, pub int64, text string, skip, limit int) ([]thing, error) {
			list, err := f.Topics.NamedFrom(ctx, pub, topic.Tag, text, skip, limit)
			out := make([]thing, len(list))
			for i, t := range list {
				out[i] = tagOf(t)
			}
			return out, err
		},
		get: func(ctx context.Context, q db.Querier, id int64) (thing, bool, error) {
			m, err := f.Topics.Read(ctx, q, []int64{id})
			t, ok := m[id]
			return tagOf(t), ok && t.Kind == topic.Tag && t.ID == id, err
		},
		counts: func(ctx context.Context, ids []int64) (map[int64]int, error) {
			return f.Articles.Carry(ctx, article.ListTopic, ids)
		},
		all: func(ctx context.Context, pub int64) ([]spelt, error) {
			list, err := f.Topics.Spellings(ctx, pub, topic.Tag)
			out := make([]spelt, len(list))
			for i, x := range list {
				out[i] = spelt{x.ID, x.Lang, x.Name}
			}
			return out, err
		},
		rename: func(ctx context.Context, tx *db.Tx, pub int64, t thing) error {
			m, err := f.Topics.Read(ctx, tx, []int64{t.ID})
			if err != nil {
				return err
			}
			x := m[t.ID]
			put := topic.Topic{ID: x.ID, OwnerID: x.OwnerID, Position: x.Position, SchemaType: x.SchemaType, Names: map[string]topic.Name{}}
			for l, name := range t.Names {
				n := x.Names[l]
				n.Name = name
				put.Names[l] = n
			}
			_, err = f.Topics.Put(ctx, tx, pub, []topic.Topic{put})
			return err
		},
		merge: f.Topics.Merge,
	}
}

func (f *Filing) entities(key, kind string) shelf {
	s := shelf{key: key, kind: "entity", icon: "place",
		list: func(ctx context.Context, pub int64, text string, skip, limit int) ([]thing, error) {
			list, err := f.Entities.NamedFrom(ctx, pub, kind, text, skip, limit)
			out := make([]thing, len(list))
			for i, e := range list {
				out[i] = thing{ID: e.ID, Names: e.Names}
			}
			return out, err
		},
		get: func(ctx context.Context, q db.Querier, id int64) (thing, bool, error) {
			m, err := entity.Read(ctx, q, []int64{id})
			e, ok := m[id]
			return thing{ID: e.ID, Names: e.Names}, ok && e.Kind == kind && e.ID == id, err
		},
		counts: func(ctx context.Context, ids []int64) (map[int64]int, error) {
			return f.Articles.Carry(ctx, article.ListAuthor, ids)
		},
		all: func(ctx context.Context, pub int64) ([]spelt, error) {
			list, err := f.Entities.Spellings(ctx, pub, kind)
			out := make([]spelt, len(list))
			for i, x := range list {
				out[i] = spelt{x.ID, x.Lang, x.Name}
			}
			return out, err
		},
		rename: func(ctx context.Context, tx *db.Tx, pub int64, t thing) error {
			_, err := f.Entities.Put(ctx, tx, pub, []entity.Entity{{ID: t.ID, Kind: kind, Names: t.Names}})
			return err
		},
		merge: f.Entities.Merge,
	}
	switch kind {
	case entity.Person:
		s.site, s.icon = "author", "person"
	case entity.Organisation: // an agency may have by-lines
		s.site, s.icon = "author", "house"
	case entity.Place:
		s.counts = func(ctx context.Context, ids []int64) (map[int64]int, error) {
			if len(ids) != 1 { // a place goes through all articles
				return nil, nil
			}
			n, err := f.Articles.Placed(ctx, ids[0])
			return map[int64]int{ids[0]: n}, err
		}
	}
	return s
}

// Desk hangs the pages in.
func (f *Filing) Desk(d *desk.Desk) {
	for n, s := range f.shelves() {
		at := "/desk/" + s.key
		bind := func(serve func(http.ResponseWriter, *desk.Request, shelf) error) func(http.ResponseWriter, *desk.Request) error {
			return func(w http.ResponseWriter, r *desk.Request) error { return serve(w, r, s) }
		}
		route := func(method, pattern string, serve func(http.ResponseWriter, *desk.Request, shelf) error) desk.Route {
			return desk.Route{Method: method, Pattern: at + pattern, Room: "article", Permission: user.KeepTopics, Serve: bind(serve)}
		}
		d.Handle(
			route("GET", "", f.list),
			route("GET", "/doubles", f.doubles),
			route("GET", "/{id}", f.show),
			route("POST", "/{id}", f.save),
			route("GET", "/{id}/merge", f.ask),
			route("POST", "/{id}/merge", f.merge),
		)
		d.Menu(desk.Entry{Group: desk.House, Order: 22 + n, Word: "filing.menu_" + s.key, Path: at, Icon: s.icon, Permission: user.KeepTopics})
	}
}

const perPage = 50

func itoa(id int64) string { return strconv.FormatInt(id, 10) }

func (s shelf) path(id int64) string { return "/desk/" + s.key + "/" + itoa(id) }

// line is a thing in a list.
type line struct {
	Name, Lang string
	Others     []other // its names in further languages
	Path       string
	Merge      string // where it is made part of another
	N          int
	Counted    bool
}

type other struct{ Lang, Name string }

func (f *Filing) lines(r *desk.Request, s shelf, list []thing, langs []string) ([]line, error) {
	ids := make([]int64, len(list))
	for i, t := range list {
		ids[i] = t.ID
	}
	n, err := s.counts(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	out := make([]line, len(list))
	for i, t := range list {
		l := line{Path: s.path(t.ID), Merge: s.path(t.ID) + "/merge", N: n[t.ID], Counted: n != nil}
		for _, tag := range tongues(t, langs) {
			if l.Name == "" {
				l.Name, l.Lang = t.Names[tag], tag
			} else if t.Names[tag] != l.Name {
				l.Others = append(l.Others, other{tag, t.Names[tag]})
			}
		}
		out[i] = l
	}
	return out, nil
}

// tongues are the languages in which a thing has a name, the newsroom's in their order
// first.
func tongues(t thing, langs []string) []string {
	var out []string
	for tag := range t.Names {
		out = append(out, tag)
	}
	rank := func(tag string) int {
		if i := slices.Index(langs, tag); i >= 0 {
			return i
		}
		return len(langs)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) })
	return out
}

type listData struct {
	Key, Path, Text string
	Lines           []line
	Before, After   string
	Doubles         string
	Find            desk.Field
	Words           words
}

// words are those of a shelf.
type words struct{ Find, None, N, Title string }

func (s shelf) words() words {
	return words{"filing.find_" + s.key, "filing.none_" + s.key, "filing.n_" + s.key, "filing.menu_" + s.key}
}

func (f *Filing) list(w http.ResponseWriter, r *desk.Request, s shelf) error {
	site, err := f.Editions.Site(r.Context())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	text := strings.TrimSpace(q.Get("q"))
	n, _ := strconv.Atoi(q.Get("page"))
	n = min(max(n, 1), 4000)
	list, err := s.list(r.Context(), site.Publication.ID, text, (n-1)*perPage, perPage+1)
	if err != nil {
		return err
	}
	d := listData{Key: s.key, Path: "/desk/" + s.key, Text: text, Doubles: "/desk/" + s.key + "/doubles", Words: s.words(),
		Find: desk.Field{Kind: "search", Name: "q", Label: r.T(s.words().Find), Value: text}}
	if n > 1 {
		d.Before = page(d.Path, text, n-1)
	}
	if len(list) > perPage {
		list, d.After = list[:perPage], page(d.Path, text, n+1)
	}
	if d.Lines, err = f.lines(r, s, list, site.Langs()); err != nil {
		return err
	}
	return r.Show(w, desk.Page{Title: r.T(s.words().Title), From: f.pages, Name: "list", Data: d})
}

// doubles lists things that are likely one: names that are alike once they are folded
// and stemmed.
func (f *Filing) doubles(w http.ResponseWriter, r *desk.Request, s shelf) error {
	ctx := r.Context()
	site, err := f.Editions.Site(ctx)
	if err != nil {
		return err
	}
	all, err := s.all(ctx, site.Publication.ID)
	if err != nil {
		return err
	}
	type group struct {
		Lines []line
		Merge string
	}
	var d struct {
		Groups []group
		None   bool
		Words  words
	}
	d.Words = s.words()
	for _, ids := range alike(all) {
		if len(d.Groups) == perPage {
			break
		}
		var list []thing
		for _, id := range ids {
			t, ok, err := s.get(ctx, f.DB, id)
			if err != nil {
				return err
			}
			if ok {
				list = append(list, t)
			}
		}
		if len(list) < 2 {
			continue
		}
		lines, err := f.lines(r, s, list, site.Langs())
		if err != nil {
			return err
		}
		// What has more articles stays.
		most, least := 0, 0
		for i, l := range lines {
			if l.N > lines[most].N {
				most = i
			}
			if l.N < lines[least].N || i == 1 && least == most {
				least = i
			}
		}
		if least == most {
			least = (most + 1) % len(lines)
		}
		d.Groups = append(d.Groups, group{lines, lines[least].Merge + "?into=" + itoa(list[most].ID)})
	}
	d.None = len(d.Groups) == 0
	return r.Show(w, desk.Page{Title: r.T("filing.doubles"), From: f.pages, Name: "doubles", Back: "/desk/" + s.key, Data: d})
}

// alike groups things that have names with the same terms, in the order of the names.
func alike(all []spelt) [][]int64 {
	byKey := map[string]int{}
	var groups [][]int64
	in := map[int64]int{} // the group of a thing and 1
	for _, x := range all {
		key := keyOf(x.lang, x.name)
		if key == "" {
			continue
		}
		g, ok := byKey[key]
		if own := in[x.id]; !ok && own != 0 {
			g, ok = own-1, true
		} else if ok && own != 0 && own-1 != g { // this name ties two groups
			for _, id := range groups[own-1] {
				groups[g], in[id] = append(groups[g], id), g+1
			}
			for k, v := range byKey {
				if v == own-1 {
					byKey[k] = g
				}
			}
			groups[own-1] = nil
		}
		if !ok {
			g = len(groups)
			groups = append(groups, nil)
		}
		byKey[key] = g
		if in[x.id] == 0 {
			in[x.id] = g + 1
			groups[g] = append(groups[g], x.id)
		}
	}
	return slices.DeleteFunc(groups, func(ids []int64) bool { return len(ids) < 2 })
}

// keyOf is what names of one thing have in common: their words, stemmed and folded as
// Russian ones are, whatever their order.
func keyOf(tag, name string) string {
	l := stem.Of(tag)
	var terms []string
	for _, w := range l.Words(name) {
		terms = append(terms, strings.TrimSpace(stem.Sought(l.Term(w))))
	}
	slices.Sort(terms)
	return strings.Join(terms, " ")
}

// asked is the thing that a path names.
func (f *Filing) asked(r *desk.Request, s shelf) (thing, edition.Site, error) {
	id, err := r.ID("id")
	if err != nil {
		return thing{}, edition.Site{}, err
	}
	site, err := f.Editions.Site(r.Context())
	if err != nil {
		return thing{}, site, err
	}
	t, ok, err := s.get(r.Context(), f.DB, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "there is no %d among the %s", id, s.key)
	}
	return t, site, err
}

type nameData struct {
	Path, Merge string
	Fields      []desk.Field
	N           int
	Words       words
	At          []string // addresses that readers have
}

func (f *Filing) names(r *desk.Request, s shelf, t thing, site edition.Site) (*nameData, error) {
	n, err := s.counts(r.Context(), []int64{t.ID})
	if err != nil {
		return nil, err
	}
	d := &nameData{Path: s.path(t.ID), Merge: s.path(t.ID) + "/merge", N: n[t.ID], Words: s.words()}
	at, err := f.at(r.Context(), s, site, t.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range site.Editions {
		if at[e.ID] != "" {
			d.At = append(d.At, at[e.ID])
		}
	}
	langs := site.Langs()
	for _, tag := range tongues(t, langs) {
		if !slices.Contains(langs, tag) {
			langs = append(langs, tag)
		}
	}
	for _, tag := range langs {
		_, has := t.Names[tag]
		d.Fields = append(d.Fields, desk.Field{Name: "name_" + tag, Label: r.T("filing.name_in", "lang", lang.Of(tag).Name()), Value: t.Names[tag], Lang: tag, Most: 120, Required: has})
	}
	return d, nil
}

// at are the addresses of a thing by edition.
func (f *Filing) at(ctx context.Context, s shelf, site edition.Site, id int64) (map[int64]string, error) {
	out := map[int64]string{}
	if s.site == "" {
		return out, nil
	}
	for _, e := range site.Editions {
		m, err := f.Addresses.Paths(ctx, s.site, e.ID, []int64{id})
		if err != nil {
			return nil, err
		}
		if p := m[id]; p != "" {
			out[e.ID] = e.Prefix + "/" + p
		}
	}
	return out, nil
}

func (f *Filing) show(w http.ResponseWriter, r *desk.Request, s shelf) error {
	t, site, err := f.asked(r, s)
	if err != nil {
		return err
	}
	d, err := f.names(r, s, t, site)
	if err != nil {
		return err
	}
	return r.Show(w, f.namesPage(s, t, site, d))
}

func (f *Filing) namesPage(s shelf, t thing, site edition.Site, d *nameData) desk.Page {
	return desk.Page{Title: t.name(site.Langs()), From: f.pages, Name: "names", Back: "/desk/" + s.key, Data: d}
}

// save renames a thing. A name that was is not taken away: its language would lose the
// page it leads to.
func (f *Filing) save(w http.ResponseWriter, r *desk.Request, s shelf) error {
	t, site, err := f.asked(r, s)
	if err != nil {
		return err
	}
	changed := thing{ID: t.ID, Names: map[string]string{}}
	was := t.Names
	var wrongs []*fault.Error
	for _, tag := range append(site.Langs(), tongues(t, nil)...) {
		name := strings.Join(strings.Fields(strings.ToValidUTF8(r.Form("name_"+tag), "")), " ")
		switch {
		case name == was[tag]:
		case name == "":
			e := lang.Wrong("filing.wrong.name")
			e.Field = "name_" + tag
			wrongs = append(wrongs, e)
		case len([]rune(name)) > 120:
			e := lang.Wrong("filing.wrong.long", "most", 120)
			e.Field = "name_" + tag
			wrongs = append(wrongs, e)
		default:
			changed.Names[tag] = name
		}
	}
	if len(wrongs) == 0 && len(changed.Names) > 0 {
		err = f.DB.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
			if err := s.rename(r.Context(), tx, site.Publication.ID, changed); err != nil {
				return err
			}
			return note(r, tx, s, "rename", t.ID, map[string]any{"name": t.name(site.Langs()), "was": listed(was), "now": listed(changed.Names)})
		})
		if err != nil {
			return err
		}
	}
	if len(wrongs) > 0 {
		d, err := f.names(r, s, t, site)
		if err != nil {
			return err
		}
		for i := range d.Fields {
			d.Fields[i].Value = r.Form(d.Fields[i].Name)
			desk.Mark(r.L, wrongs[0], &d.Fields[i])
		}
		return r.Again(w, f.namesPage(s, t, site, d), wrongs[0])
	}
	return r.Go(w, "/desk/"+s.key, "filing.renamed")
}

// listed are names in the order of their languages, as the log has them.
func listed(names map[string]string) string {
	var out []string
	for _, tag := range slices.Sorted(maps.Keys(names)) {
		out = append(out, tag+" "+names[tag])
	}
	return strings.Join(out, ", ")
}

func note(r *desk.Request, tx *db.Tx, s shelf, action string, id int64, detail any) error {
	return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: action, Kind: s.kind, RefID: id, Detail: detail})
}
