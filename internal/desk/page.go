package desk

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/user"
	"dateline/internal/web"
)

//go:embed layout.html controls.html desk/*.html
var files embed.FS

// Templates are a room's pages at the desk.
type Templates struct {
	fsys fs.FS
	dir  string
}

// NewTemplates reads pages from a folder: dir/NAME.html each.
func NewTemplates(fsys fs.FS, dir string) *Templates { return &Templates{fsys, dir} }

// ownPages are those of the frame.
var ownPages = NewTemplates(files, "desk")

// Page is what Show sets into the layout.
type Page struct {
	Title   string
	From    *Templates
	Name    string // of the file
	Data    any    // the templates' dot
	Err     error  // what is wrong with the form that is shown again
	Scripts []string
	// Scripts are those that the page needs besides desk.js, by their names as
	// assets ("desk/editor.js").
	Bare    bool   // without the menu: signing in
	Back    string // where the arrow before the title leads; "": no arrow
	Refresh string // where the browser goes on by itself
}

// view is the layout's dot.
type view struct {
	Page
	R       *Request
	Lang    *lang.Locale
	Groups  []menuGroup
	Tabs    []menuItem
	Said    string
	Wrong   []string // what is wrong and belongs to no field
	Nonce   string
	Name    string // of the newsroom
	Langs   []tongue
	Scripts []loaded
}

// tongue is a language that a page before the door can be in.
type tongue struct {
	*lang.Locale
	Href string
}

type loaded struct{ URL, Integrity string }

type templateKey struct {
	from       *Templates
	name, lang string
	zone       string
}

// template gives a page's templates in the language and zone of a request.
func (d *Desk) template(r *Request, from *Templates, name string) (*template.Template, error) {
	key := templateKey{from, name, r.L.Tag(), r.Zone.String()}
	if t, ok := d.sets.Load(key); ok {
		return t.(*template.Template), nil
	}
	t := template.New(name).Funcs(d.helpers(r.L, r.Zone))
	for _, part := range []struct {
		fsys fs.FS
		name string
	}{{files, "layout.html"}, {files, "controls.html"}, {from.fsys, from.dir + "/" + name + ".html"}} {
		text, err := fs.ReadFile(part.fsys, part.name)
		if err != nil {
			return nil, err
		}
		if _, err := t.Parse(string(text)); err != nil {
			return nil, err
		}
	}
	d.sets.Store(key, t)
	return t, nil
}

func (d *Desk) helpers(l *lang.Locale, zone *time.Location) template.FuncMap {
	return template.FuncMap{
		"T":        l.T,
		"date":     func(t time.Time) string { return l.Date(t.In(zone)) },
		"daymonth": func(t time.Time) string { return l.DayMonth(t.In(zone)) },
		"clock":    func(t time.Time) string { return l.Time(t.In(zone)) },
		"moment":   func(t time.Time) string { return l.DateTime(t.In(zone)) },
		"iso":      func(t time.Time) string { return t.In(zone).Format(time.RFC3339) },
		"number":   func(n any) string { return number(l, n) },
		"icon":     icon,
		"asset":    d.o.Asset,
	}
}

func number(l *lang.Locale, n any) string {
	switch n := n.(type) {
	case int:
		return l.Number(int64(n))
	case int64:
		return l.Number(n)
	}
	return ""
}

// Show answers with a page.
func (r *Request) Show(w http.ResponseWriter, p Page) error { return r.show(w, http.StatusOK, p) }

// Again answers a form with the form, and with what is wrong with it: 422, or the
// status of an error that says more. An error that has no words for whoever filled
// the form in is returned.
func (r *Request) Again(w http.ResponseWriter, p Page, err error) error {
	if _, ok := r.L.Say(err); !ok {
		return err
	}
	status := web.StatusOf(err)
	if status == http.StatusBadRequest {
		status = http.StatusUnprocessableEntity
	}
	p.Err = err
	return r.show(w, status, p)
}

// Go answers a form that was carried out: it leads to a page of the desk that says
// the words at its top, once. word may be empty.
func (r *Request) Go(w http.ResponseWriter, path, word string, args ...any) error {
	if word != "" {
		r.d.say(w, r.T(word, args...))
	}
	http.Redirect(w, r.Request, path, http.StatusSeeOther)
	return nil
}

func (r *Request) show(w http.ResponseWriter, status int, p Page) error {
	t, err := r.d.template(r, p.From, p.Name)
	if err != nil {
		return err
	}
	v := view{Page: p, R: r, Lang: r.L, Name: r.Newsroom.Called(r.L.Tag()), Said: r.said(w)}
	if !p.Bare && r.Who.ID != 0 {
		if v.Groups, v.Tabs, err = r.menu(); err != nil {
			return err
		}
	}
	if p.Bare {
		q := r.URL.Query()
		for _, tag := range user.Languages() {
			q.Set("lang", tag)
			v.Langs = append(v.Langs, tongue{lang.Of(tag), "?" + q.Encode()})
		}
	}
	if p.Err != nil {
		v.Wrong = r.wrong(p.Err, true)
	}
	for _, name := range append([]string{"desk/desk.js"}, p.Scripts...) {
		v.Scripts = append(v.Scripts, loaded{r.d.o.Asset(name), r.d.o.Integrity(name)})
	}
	v.Nonce = web.Nonce(w)
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", v); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	h.Set("Content-Language", r.L.Tag())
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // whoever asked has left
	}
	return nil
}

// wrong says what is wrong, a line for each error that is joined in err. rest leaves
// out those that belong to a field.
func (r *Request) wrong(err error, rest bool) []string {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var out []string
		for _, e := range many.Unwrap() {
			out = append(out, r.wrong(e, rest)...)
		}
		return out
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Word != "" {
		if rest && f.Field != "" {
			return nil
		}
		text, _ := r.L.Say(f)
		return strings.Split(text, "\n")
	}
	return nil
}

// fail answers with the page (or the JSON) of an error.
func (r *Request) fail(w http.ResponseWriter, err error) error {
	status := web.StatusOf(err)
	said := r.wrong(err, false)
	title, text := r.T("error.500.title"), r.T("error.500.text")
	if key := "error." + strconv.Itoa(status) + ".title"; r.L.Has(key) {
		title, text = r.T(key), r.T("error."+strconv.Itoa(status)+".text")
	}
	if key := "desk.error." + strconv.Itoa(status); r.L.Has(key) {
		text = r.T(key)
	}
	if len(said) > 0 {
		text = strings.Join(said, " ")
	}
	if script(r.Request) {
		body := map[string]any{"message": text}
		if f, ok := errors.AsType[*fault.Error](err); ok && f.Field != "" {
			body["field"] = f.Field
		}
		return r.json(w, status, body)
	}
	return r.show(w, status, Page{Title: title, From: ownPages, Name: "error", Bare: r.Who.ID == 0,
		Data: struct {
			Title, Text, Status string
			In                  bool
		}{title, text, r.T("error.status", "status", status), r.Who.ID != 0}})
}
