package glossary

import (
	"context"
	"embed"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/user"
)

//go:embed desk/*.html
var files embed.FS

const (
	path    = "/desk/glossary"
	perPage = 100
	mostCSV = 2 << 20 // bytes of a list that somebody brings
)

// room is the pages at the desk.
type room struct {
	*Store
	editions *edition.Store
	pages    *desk.Templates
}

// Desk hangs the pages in.
func (s *Store) Desk(d *desk.Desk, editions *edition.Store) {
	p := &room{s, editions, desk.NewTemplates(files, "desk")}
	route := func(method, pattern string, may user.Permission, serve func(http.ResponseWriter, *desk.Request) error) desk.Route {
		return desk.Route{Method: method, Pattern: path + pattern, Room: "glossary", Permission: may, Serve: serve}
	}
	take := route("POST", "/import", user.KeepGlossary, p.take)
	take.MaxBody = mostCSV
	d.Handle(
		route("GET", "", user.ReadArticles, p.list),
		route("GET", "/export", user.ReadArticles, p.export),
		route("GET", "/new", user.KeepGlossary, p.newPage),
		route("POST", "/new", user.KeepGlossary, p.add),
		route("GET", "/{id}", user.KeepGlossary, p.show),
		route("POST", "/{id}", user.KeepGlossary, p.save),
		route("POST", "/{id}/drop", user.KeepGlossary, p.drop),
		take,
	)
	d.Menu(desk.Entry{Group: desk.House, Order: 30, Word: "glossary.menu", Path: path, Icon: "translate", Permission: user.ReadArticles})
}

// line is a term in the list.
type line struct {
	Entry
	Path     string // empty: whoever asks may not change it
	FromName string
	ToName   string
	Variants []string
	Nevers   []string
}

type listData struct {
	Q, From, To                    desk.Field
	Lines                          []line
	Count                          int
	Filtered, Keeps                bool
	Path, Before, After            string
	Export, New, Import, Languages string
	File                           desk.Field
}

func (p *room) query(r *desk.Request) Query {
	q := r.URL.Query()
	text := strings.TrimSpace(q.Get("q"))
	if utf8.RuneCountInString(text) > mostTerm {
		text = string([]rune(text)[:mostTerm])
	}
	return Query{Publication: r.Newsroom.ID, From: q.Get("from"), To: q.Get("to"), Text: text}
}

func (p *room) list(w http.ResponseWriter, r *desk.Request) error {
	page, err := p.listPage(r)
	if err != nil {
		return err
	}
	return r.Show(w, page)
}

func (p *room) listPage(r *desk.Request) (desk.Page, error) {
	ctx, f := r.Context(), p.query(r)
	langs, err := p.langs(ctx)
	if err != nil {
		return desk.Page{}, err
	}
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	n = min(max(n, 1), mostList/perPage)
	f.Skip, f.Limit = (n-1)*perPage, perPage+1
	list, err := p.List(ctx, p.d, f)
	if err != nil {
		return desk.Page{}, err
	}
	count, err := p.Count(ctx, f)
	if err != nil {
		return desk.Page{}, err
	}
	keeps := r.Who.Can(user.KeepGlossary)
	data := &listData{Path: path, Count: count, Keeps: keeps, New: path + "/new", Import: path + "/import", Languages: strings.Join(langs, ", "),
		Filtered: f.Text != "" || f.From != "" || f.To != "",
		Q:        desk.Field{Kind: "search", Name: "q", Label: r.T("glossary.find"), Value: f.Text},
		From:     desk.Field{Kind: "choice", Name: "from", Label: r.T("glossary.from"), Choices: choices(r, langs, f.From, r.T("glossary.any"))},
		To:       desk.Field{Kind: "choice", Name: "to", Label: r.T("glossary.to"), Choices: choices(r, langs, f.To, r.T("glossary.any"))},
		File:     desk.Field{Name: "file", Label: r.T("glossary.file"), Hint: r.T("glossary.file_hint", "columns", strings.Join(header, ", "), "langs", strings.Join(langs, ", "))}}
	link := func(to string, pairs ...string) string {
		v := url.Values{}
		for _, k := range []string{"q", "from", "to"} {
			if x := r.URL.Query().Get(k); x != "" {
				v.Set(k, x)
			}
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		if len(v) == 0 {
			return to
		}
		return to + "?" + v.Encode()
	}
	data.Export = link(path + "/export")
	if n > 1 {
		data.Before = link(path, "page", strconv.Itoa(n-1))
	}
	if len(list) > perPage {
		list, data.After = list[:perPage], link(path, "page", strconv.Itoa(n+1))
	}
	for _, e := range list {
		l := line{Entry: e, FromName: name(r, e.From), ToName: name(r, e.To), Variants: Variants(e.Translation), Nevers: Variants(e.Never)}
		if keeps {
			l.Path = of(e.ID)
		}
		data.Lines = append(data.Lines, l)
	}
	return desk.Page{Title: r.T("glossary.menu"), From: p.pages, Name: "list", Data: data}, nil
}

func of(id int64) string { return path + "/" + strconv.FormatInt(id, 10) }

// name is what a language is called, for whoever reads the page.
func name(r *desk.Request, tag string) string {
	if tag == "" {
		return r.T("glossary.every")
	}
	return lang.Of(tag).Title(lang.Of(tag).Name())
}

func choices(r *desk.Request, langs []string, chosen, none string) []desk.Choice {
	var out []desk.Choice
	if none != "" {
		out = append(out, desk.Choice{Label: none, Chosen: chosen == ""})
	}
	for _, l := range langs {
		out = append(out, desk.Choice{Value: l, Label: name(r, l), Chosen: l == chosen})
	}
	return out
}

// langs are those of the newsroom's editions.
func (p *room) langs(ctx context.Context) ([]string, error) {
	site, err := p.editions.Site(ctx)
	return site.Langs(), err
}

// form are the fields of a term.
type form struct {
	From, To, Term, Stays, Translation, Never, Note desk.Field
	Path, Drop, Name                                string
}

func (f *form) fields() []*desk.Field {
	return []*desk.Field{&f.From, &f.To, &f.Term, &f.Stays, &f.Translation, &f.Never, &f.Note}
}

func (p *room) form(r *desk.Request, langs []string, e Entry) *form {
	return &form{Path: path + "/new", Name: e.Term,
		From:        desk.Field{Kind: "choice", Name: "from", Label: r.T("glossary.from"), Choices: choices(r, langs, e.From, ""), Required: true},
		To:          desk.Field{Kind: "choice", Name: "to", Label: r.T("glossary.to"), Choices: choices(r, langs, e.To, r.T("glossary.every")), Hint: r.T("glossary.to_hint")},
		Term:        desk.Field{Name: "term", Label: r.T("glossary.term"), Value: e.Term, Required: true, Most: mostTerm, Hint: r.T("glossary.term_hint")},
		Stays:       desk.Field{Kind: "check", Name: "stays", Label: r.T("glossary.stays"), On: e.Stays},
		Translation: desk.Field{Name: "translation", Label: r.T("glossary.translation"), Value: e.Translation, Most: mostTerm, Hint: r.T("glossary.translation_hint")},
		Never:       desk.Field{Name: "never", Label: r.T("glossary.never"), Value: e.Never, Most: mostTerm, Hint: r.T("glossary.never_hint", "example", "Classmates")},
		Note:        desk.Field{Kind: "area", Name: "note", Label: r.T("glossary.note"), Value: e.Note, Most: mostNote},
	}
}

func entry(r *desk.Request) Entry {
	return Entry{From: r.Form("from"), To: r.Form("to"), Term: r.Form("term"), Stays: r.Form("stays") != "", Translation: r.Form("translation"),
		Never: r.Form("never"), Note: r.Form("note")}
}

func (p *room) newPage(w http.ResponseWriter, r *desk.Request) error {
	langs, err := p.langs(r.Context())
	if err != nil {
		return err
	}
	e := Entry{From: r.URL.Query().Get("from"), To: r.URL.Query().Get("to")}
	if e.From == "" && len(langs) > 1 {
		e.From, e.To = langs[0], langs[1]
	}
	return r.Show(w, p.page(r, p.form(r, langs, e), r.T("glossary.new")))
}

func (p *room) page(_ *desk.Request, f *form, title string) desk.Page {
	return desk.Page{Title: title, From: p.pages, Name: "term", Back: path, Data: f}
}

func (p *room) add(w http.ResponseWriter, r *desk.Request) error {
	return p.put(w, r, entry(r), "add", r.T("glossary.new"))
}

func (p *room) show(w http.ResponseWriter, r *desk.Request) error {
	e, err := p.asked(r)
	if err != nil {
		return err
	}
	langs, err := p.langs(r.Context())
	if err != nil {
		return err
	}
	f := p.form(r, langs, e)
	f.Path, f.Drop = of(e.ID), of(e.ID)+"/drop"
	return r.Show(w, p.page(r, f, e.Term))
}

func (p *room) asked(r *desk.Request) (Entry, error) {
	id, err := r.ID("id")
	if err != nil {
		return Entry{}, err
	}
	return p.Get(r.Context(), p.d, r.Newsroom.ID, id)
}

func (p *room) save(w http.ResponseWriter, r *desk.Request) error {
	old, err := p.asked(r)
	if err != nil {
		return err
	}
	e := entry(r)
	e.ID = old.ID
	return p.put(w, r, e, "change", old.Term)
}

func (p *room) put(w http.ResponseWriter, r *desk.Request, e Entry, action, title string) error {
	ctx := r.Context()
	langs, err := p.langs(ctx)
	if err != nil {
		return err
	}
	err = p.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		id, err := p.Put(ctx, tx, r.Newsroom.ID, langs, e)
		if err != nil {
			return err
		}
		return note(r, tx, action, id, map[string]any{"name": e.Term, "from": e.From, "to": e.To, "translation": e.Translation})
	})
	if err != nil {
		f := p.form(r, langs, e)
		if e.ID != 0 {
			f.Path, f.Drop = of(e.ID), of(e.ID)+"/drop"
		}
		desk.Mark(r.L, err, f.fields()...)
		return r.Again(w, p.page(r, f, title), err)
	}
	return r.Go(w, path, "glossary.kept", "term", strings.Join(strings.Fields(e.Term), " "))
}

func (p *room) drop(w http.ResponseWriter, r *desk.Request) error {
	e, err := p.asked(r)
	if err != nil {
		return err
	}
	err = p.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		if err := p.Drop(r.Context(), tx, r.Newsroom.ID, e.ID); err != nil {
			return err
		}
		return note(r, tx, "drop", e.ID, map[string]any{"name": e.Term, "from": e.From, "to": e.To, "translation": e.Translation})
	})
	if err != nil {
		return err
	}
	return r.Go(w, path, "glossary.dropped", "term", e.Term)
}

func note(r *desk.Request, tx *db.Tx, action string, id int64, detail any) error {
	return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: action, Kind: "glossary", RefID: id, Detail: detail})
}

// export gives the terms that the list shows, for a spreadsheet.
func (p *room) export(w http.ResponseWriter, r *desk.Request) error {
	f := p.query(r)
	list, err := p.List(r.Context(), p.d, f)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="glossary-`+r.Now().Format(time.DateOnly)+`.csv"`)
	return WriteCSV(w, list)
}

// take stores a list that somebody brings, all of it or nothing.
func (p *room) take(w http.ResponseWriter, r *desk.Request) error {
	ctx := r.Context()
	err := func() error {
		text, err := brought(r)
		if err != nil {
			return err
		}
		list, lines, err := ReadCSV(text)
		if err != nil {
			return err
		}
		langs, err := p.langs(ctx)
		if err != nil {
			return err
		}
		var added, changed int
		err = p.d.Tx(ctx, db.Desk, func(tx *db.Tx) (err error) {
			if added, changed, err = p.Take(ctx, tx, r.Newsroom.ID, langs, list, func(i int) int { return lines[i] }); err != nil {
				return err
			}
			return note(r, tx, "import", 0, map[string]any{"added": added, "changed": changed})
		})
		if err != nil {
			return err
		}
		return r.Go(w, path, "glossary.taken", "added", added, "changed", changed)
	}()
	if err == nil {
		return nil
	}
	if l, ok := errors.AsType[*lineError](err); ok {
		err = l.say(r.L)
	}
	page, perr := p.listPage(r)
	if perr != nil {
		return perr
	}
	data := page.Data.(*listData)
	desk.Mark(r.L, err, &data.File)
	return r.Again(w, page, err)
}

// brought is the file that a form brings.
func brought(r *desk.Request) (string, error) {
	f, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return "", wrong("file", "no_file")
	}
	if err != nil {
		return "", fault.New(fault.Invalid, "reading the list: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostCSV))
	if err != nil {
		return "", fault.New(fault.Invalid, "reading the list: %w", err)
	}
	if !utf8.Valid(text) {
		return "", wrong("file", "utf8")
	}
	return string(text), nil
}
