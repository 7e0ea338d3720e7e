package theme

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing/fstest"

	"dateline/internal/lang"
	"dateline/internal/typeset"
	"dateline/themes"
)

// maxSets bounds how many languages have their templates ready. A site has a
// few; the bound is for tags that should never have become editions.
const maxSets = 64

// Options say which themes are opened and how.
type Options struct {
	// FS has one folder per theme; nil: the embedded ones.
	FS fs.FS
	// Name is the theme that every page has, whatever the newsroom has set
	// (Frame.Looks); empty: what it has set, else "default". What a theme lacks is
	// taken from "default", file by file.
	Name string
	// Override is a folder with the same names as inside a theme
	// ("article/article.html"); a file in it goes before the theme's. May be nil.
	// What of it cannot be used is left out and told as a Problem.
	Override fs.FS
	// Dev reads the files anew for each page, and shows problems on it.
	Dev bool
	// Asset gives the address of a file by name ("js/reader.js"), "" for none.
	Asset func(name string) string
	// Integrity gives the file's hash for the integrity attribute, "" for none.
	Integrity func(name string) string
	// Tell hears of each Problem, those among them that only a reader's page
	// shows; nil: nobody.
	Tell func(Problem)
}

// Engine renders pages. It is safe for use by many goroutines.
type Engine struct {
	o      Options
	themes []string // names, sorted

	mu    sync.Mutex
	ready map[string]*ready // by theme; in Dev the last read
	told  map[Problem]bool
}

// ready is a theme with the newsroom's own files, checked.
type ready struct {
	source
	brings   map[string]bool // names of fonts/… and img/… that the theme brings
	grounds  Grounds
	fonts    []fontFile
	problems []Problem
	sets     map[string]set // by language tag
	plain    map[string]set // the same without the newsroom's own files
}

// set is a language's templates by kind of page.
type set map[string]*template.Template

// Open reads the templates of the themes and fails if one is missing or cannot
// be parsed. The newsroom's own files never make it fail: see Problems.
func Open(o Options) (*Engine, error) {
	if o.FS == nil {
		o.FS = themes.Files
	}
	if o.Asset == nil {
		o.Asset = func(name string) string { return "/assets/" + name }
	}
	if o.Integrity == nil {
		o.Integrity = func(string) string { return "" }
	}
	e := &Engine{o: o, ready: map[string]*ready{}, told: map[Problem]bool{}}
	var err error
	if e.themes, err = namesIn(o.FS); err != nil {
		return nil, fmt.Errorf("open themes: %w", err)
	}
	if o.Name != "" && !slices.Contains(e.themes, o.Name) {
		return nil, lang.Wrong("theme.problem.unknown", "name", o.Name, "names", strings.Join(e.themes, ", "))
	}
	for _, name := range e.themes {
		if o.Name != "" && name != o.Name {
			continue
		}
		if _, err := e.source(name, nil).parse(e.helpers(name, lang.Of("en"))); err != nil {
			return nil, fmt.Errorf("open theme %s: %w", name, err)
		}
		if _, err := e.get(name); err != nil {
			return nil, fmt.Errorf("open theme %s: %w", name, err)
		}
	}
	return e, nil
}

// namesIn lists the folders of fsys, default first.
func namesIn(fsys fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	names := []string{DefaultName}
	for _, entry := range entries {
		if entry.IsDir() && entry.Name() != DefaultName {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// Themes are the names of the themes that pages may have.
func (e *Engine) Themes() []string {
	if e.o.Name != "" {
		return []string{e.o.Name}
	}
	return slices.Clone(e.themes)
}

// Pick is the theme of a page with these looks.
func (e *Engine) Pick(l Looks) string {
	switch {
	case e.o.Name != "":
		return e.o.Name
	case l.Theme != "" && slices.Contains(e.themes, l.Theme):
		return l.Theme
	}
	return DefaultName
}

// Problems are those of the newsroom's own files that are known by now: all that
// can be seen without a reader's page.
func (e *Engine) Problems() []Problem {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []Problem
	for p := range e.told {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Problem) int { return strings.Compare(a.Error(), b.Error()) })
	return all
}

// tell notes a problem, once.
func (e *Engine) tell(problems ...Problem) {
	for _, p := range problems {
		e.mu.Lock()
		known := e.told[p]
		if len(e.told) < 1000 {
			e.told[p] = true
		}
		e.mu.Unlock()
		if !known && e.o.Tell != nil {
			e.o.Tell(p)
		}
	}
}

// get gives a theme with the newsroom's files; in Dev it is read anew.
func (e *Engine) get(name string) (*ready, error) {
	r := e.last(name)
	if r != nil && !e.o.Dev {
		return r, nil
	}
	r = &ready{sets: map[string]set{}, plain: map[string]set{}, brings: map[string]bool{}}
	own := fstest.MapFS(nil)
	if e.o.Override != nil {
		var err error
		if own, err = ownFiles(e.o.Override); err != nil {
			own = nil
			r.problems = []Problem{wrong(".", 0, "theme.problem.folder", "why", err.Error())}
		}
	}
	r.problems = append(r.problems, e.settle(name, own)...)
	r.source = e.source(name, own)
	files, err := r.files()
	if err != nil {
		return nil, err
	}
	for file := range files {
		r.brings[file] = true
	}
	css, err := r.style(nil)
	if err != nil {
		return nil, err
	}
	r.fonts = fontsIn(css)
	if g, err := groundsIn(css); err == nil { // a theme without grounds has no colours to choose
		r.grounds = g
	}
	e.tell(r.problems...)
	e.mu.Lock()
	e.ready[name] = r
	e.mu.Unlock()
	return r, nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes a page to w, whole or not at all: where a template fails,
// nothing was written. Where one of the newsroom's own templates fails, the
// page is made with those of the theme and the problem is told.
func (e *Engine) Render(w io.Writer, page Page) error {
	f := page.Common()
	if f.Lang == nil {
		return fmt.Errorf("render %s: the page has no language", page.Kind())
	}
	name := e.Pick(f.Looks)
	r, err := e.get(name)
	if err != nil {
		return fmt.Errorf("render %s: %w", page.Kind(), err)
	}
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	err = e.execute(b, r, name, page, r.source, r.sets)
	problems := r.problems
	if err != nil && r.source.own != nil {
		p := problemOf(err, "")
		e.tell(p)
		problems = append(slices.Clone(problems), p)
		err = e.execute(b, r, name, page, e.source(name, nil), r.plain)
	}
	if err != nil {
		return fmt.Errorf("render %s: %w", page.Kind(), err)
	}
	set := settings.Get().(*[]byte)
	defer settings.Put(set)
	*set = typeset.HTML((*set)[:0], sayLent(b.Bytes(), f.Lang), f.Lang)
	out := *set
	if e.o.Dev && len(problems) > 0 {
		out = withProblems(out, problems)
	}
	_, err = w.Write(out)
	return err
}

// settings are buffers for pages with their text set.
var settings = sync.Pool{New: func() any { return new([]byte) }}

func (e *Engine) execute(b *bytes.Buffer, r *ready, name string, page Page, from source, sets map[string]set) error {
	b.Reset()
	s, err := e.set(name, page.Common().Lang, from, sets)
	if err != nil {
		return err
	}
	t, ok := s[page.Kind()]
	if !ok {
		return errors.New("the themes know no such page")
	}
	return t.ExecuteTemplate(b, "base", page)
}

// withProblems shows a theme's maker on the page itself what cannot be used.
func withProblems(page []byte, problems []Problem) []byte {
	at := bytes.Index(page, []byte("<body"))
	if i := bytes.IndexByte(page[max(at, 0):], '>'); at < 0 || i < 0 {
		at = 0
	} else {
		at += i + 1
	}
	var b bytes.Buffer
	b.Write(page[:at])
	b.WriteString("\n<pre role=\"alert\">")
	for _, p := range problems {
		template.HTMLEscape(&b, []byte(p.Error()+"\n"))
	}
	b.WriteString("</pre>")
	b.Write(page[at:])
	return b.Bytes()
}

// set gives the templates bound to a language's words.
func (e *Engine) set(name string, l *lang.Locale, from source, sets map[string]set) (set, error) {
	if e.o.Dev {
		return from.parse(e.helpers(name, l))
	}
	e.mu.Lock()
	s, ok := sets[l.Tag()]
	e.mu.Unlock()
	if ok {
		return s, nil
	}
	s, err := from.parse(e.helpers(name, l))
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(sets) >= maxSets {
		clear(sets)
	}
	if first, ok := sets[l.Tag()]; ok {
		return first, nil
	}
	sets[l.Tag()] = s
	return s, nil
}

// StyleSheet is the asset's name of a theme's styles.
func StyleSheet(theme string) string { return "theme/" + theme + ".css" }

// Style gives a theme's one style sheet: css/*.css in the order of their
// names, with the pages' own <page>/<page>.css between those below and those
// above "50". asset(NAME) in it becomes the address of the file NAME. It is to
// be served as the asset StyleSheet(theme).
func (e *Engine) Style(theme string) ([]byte, error) {
	r, err := e.get(theme)
	if err != nil {
		return nil, fmt.Errorf("theme style: %w", err)
	}
	css, err := r.style(func(name string) string { return e.asset(theme, r.brings, name) })
	if err != nil {
		return nil, fmt.Errorf("theme style: %w", err)
	}
	return css, nil
}

// Files are what a theme brings to be served beside its styles, by their names
// as assets: "theme/NAME/fonts/display.woff2".
func (e *Engine) Files(theme string) (map[string][]byte, error) {
	r, err := e.get(theme)
	if err != nil {
		return nil, err
	}
	files, err := r.files()
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for name, body := range files {
		out["theme/"+theme+"/"+name] = body
	}
	return out, nil
}

// Grounds are what a theme, with the newsroom's own styles, puts letters on.
func (e *Engine) Grounds(theme string) (Grounds, error) {
	r, err := e.get(theme)
	if err != nil {
		return Grounds{}, err
	}
	if r.grounds == (Grounds{}) {
		return Grounds{}, fmt.Errorf("theme %s does not say what letters stand on", theme)
	}
	return r.grounds, nil
}

// last is a theme as it was read last; nil before.
func (e *Engine) last(theme string) *ready {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.ready[theme]
}

// asset is the address of a file: the theme's own of that name, else everybody's.
func (e *Engine) asset(theme string, brings map[string]bool, name string) string {
	if brings[name] {
		return e.o.Asset("theme/" + theme + "/" + name)
	}
	return e.o.Asset(name)
}

// style joins the styles; without address they are as written, with asset(NAME).
func (s source) style(address func(string) string) ([]byte, error) {
	names, err := s.names("css", ".css")
	if err != nil {
		return nil, err
	}
	order := map[string]string{}
	for _, name := range names {
		order[path.Base(name)] = name
	}
	for _, kind := range Kinds() {
		order["50-"+kind] = kind + "/" + kind + ".css"
	}
	keys := make([]string, 0, len(order))
	for key := range order {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	var b bytes.Buffer
	for _, key := range keys {
		text, err := s.read(order[key])
		if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(key, "50-") {
			continue // a page needs no style of its own
		}
		if err != nil {
			return nil, err
		}
		if address != nil {
			text = addresses(text, address)
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// addresses replaces asset(NAME) by url("ADDRESS").
func addresses(css []byte, address func(string) string) []byte {
	var b bytes.Buffer
	for {
		before, rest, found := bytes.Cut(css, []byte("asset("))
		b.Write(before)
		if !found {
			return b.Bytes()
		}
		name, after, closed := bytes.Cut(rest, []byte(")"))
		if !closed {
			b.WriteString("asset(")
			b.Write(rest)
			return b.Bytes()
		}
		fmt.Fprintf(&b, "url(%q)", address(string(name)))
		css = after
	}
}
