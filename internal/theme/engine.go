package theme

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"

	"dateline/internal/lang"
	"dateline/internal/typeset"
	"dateline/themes"
)

// Kinds are the pages that a theme must have a template for.
var kinds = []string{"front", "article", "list", "author", "authors", "archive", "static", "privacy", "search", "error"}

// maxSets bounds how many languages have their templates ready. A site has a
// few; the bound is for tags that should never have become editions.
const maxSets = 64

// Options say which theme is opened and how.
type Options struct {
	// FS has one folder per theme; nil: the embedded ones.
	FS fs.FS
	// Name is the theme's folder; empty: "default". What a theme lacks is taken
	// from "default", file by file.
	Name string
	// Override is a folder with the same names as inside a theme
	// ("article/article.html"); a file in it goes before the theme's. May be nil.
	Override fs.FS
	// Dev reads the files anew for each page.
	Dev bool
	// Asset gives the address of a file by name ("js/reader.js"), "" for none.
	Asset func(name string) string
	// Integrity gives the file's hash for the integrity attribute, "" for none.
	Integrity func(name string) string
}

// Engine renders pages. It is safe for use by many goroutines.
type Engine struct {
	o Options

	mu   sync.Mutex
	sets map[string]set // by language tag
}

// set is a language's templates by kind of page.
type set map[string]*template.Template

// Open reads the theme's templates and fails if one is missing or cannot be
// parsed.
func Open(o Options) (*Engine, error) {
	if o.FS == nil {
		o.FS = themes.Files
	}
	if o.Name == "" {
		o.Name = "default"
	}
	if o.Asset == nil {
		o.Asset = func(name string) string { return "/assets/" + name }
	}
	if o.Integrity == nil {
		o.Integrity = func(string) string { return "" }
	}
	e := &Engine{o: o, sets: map[string]set{}}
	_, err := e.set(lang.Of("en"))
	if err != nil {
		return nil, fmt.Errorf("open theme %s: %w", o.Name, err)
	}
	return e, nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes a page to w, whole or not at all: where a template fails,
// nothing was written.
func (e *Engine) Render(w io.Writer, page Page) error {
	f := page.Common()
	if f.Lang == nil {
		return fmt.Errorf("render %s: the page has no language", page.Kind())
	}
	s, err := e.set(f.Lang)
	if err != nil {
		return fmt.Errorf("render %s: %w", page.Kind(), err)
	}
	t, ok := s[page.Kind()]
	if !ok {
		return fmt.Errorf("render %s: the theme has no such page", page.Kind())
	}
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := t.ExecuteTemplate(b, "base", page); err != nil {
		return fmt.Errorf("render %s: %w", page.Kind(), err)
	}
	set := settings.Get().(*[]byte)
	defer settings.Put(set)
	*set = typeset.HTML((*set)[:0], b.Bytes(), f.Lang)
	_, err = w.Write(*set)
	return err
}

// settings are buffers for pages with their text set.
var settings = sync.Pool{New: func() any { return new([]byte) }}

// set gives the templates bound to a language's words.
func (e *Engine) set(l *lang.Locale) (set, error) {
	if e.o.Dev {
		return e.parse(l)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if s, ok := e.sets[l.Tag()]; ok {
		return s, nil
	}
	s, err := e.parse(l)
	if err != nil {
		return nil, err
	}
	if len(e.sets) >= maxSets {
		clear(e.sets)
	}
	e.sets[l.Tag()] = s
	return s, nil
}

func (e *Engine) parse(l *lang.Locale) (set, error) {
	common := template.New("").Funcs(e.helpers(l))
	parts, err := e.names("parts", ".html")
	if err != nil {
		return nil, err
	}
	for _, name := range append([]string{"base.html"}, parts...) {
		if err := e.add(common, name); err != nil {
			return nil, err
		}
	}
	s := set{}
	for _, kind := range kinds {
		t, err := common.Clone()
		if err != nil {
			return nil, err
		}
		if err := e.add(t, kind+"/"+kind+".html"); err != nil {
			return nil, err
		}
		s[kind] = t
	}
	return s, nil
}

func (e *Engine) add(t *template.Template, name string) error {
	text, err := e.read(name)
	if err != nil {
		return err
	}
	_, err = t.New(name).Parse(string(text))
	return err
}

// layers are where a theme's file is looked for, first to last.
func (e *Engine) layers() []fs.FS {
	var all []fs.FS
	if e.o.Override != nil {
		all = append(all, e.o.Override)
	}
	for _, name := range []string{e.o.Name, "default"} {
		if sub, err := fs.Sub(e.o.FS, name); err == nil {
			all = append(all, sub)
		}
		if name == "default" {
			break
		}
	}
	return all
}

func (e *Engine) read(name string) ([]byte, error) {
	for _, layer := range e.layers() {
		text, err := fs.ReadFile(layer, name)
		if err == nil {
			return text, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
}

// names lists the files with an ending in a folder, over all layers, sorted.
func (e *Engine) names(dir, ext string) ([]string, error) {
	found := map[string]bool{}
	for _, layer := range e.layers() {
		entries, err := fs.ReadDir(layer, dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, entry := range entries {
			if !entry.IsDir() && strings.HasSuffix(entry.Name(), ext) {
				found[path.Join(dir, entry.Name())] = true
			}
		}
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	return names, nil
}

// StyleSheet is the name under which templates ask for the theme's styles.
const StyleSheet = "theme/site.css"

// Style gives the theme's one style sheet: css/*.css in the order of their
// names, with the pages' own <page>/<page>.css between those below and those
// above "50". asset(NAME) in it becomes the address of the file NAME. It is to
// be served as the asset StyleSheet.
func (e *Engine) Style() ([]byte, error) {
	names, err := e.names("css", ".css")
	if err != nil {
		return nil, fmt.Errorf("theme style: %w", err)
	}
	order := map[string]string{}
	for _, name := range names {
		order[path.Base(name)] = name
	}
	for _, kind := range kinds {
		order["50-"+kind] = kind + "/" + kind + ".css"
	}
	keys := make([]string, 0, len(order))
	for key := range order {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	var b bytes.Buffer
	for _, key := range keys {
		text, err := e.read(order[key])
		if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(key, "50-") {
			continue // a page needs no style of its own
		}
		if err != nil {
			return nil, fmt.Errorf("theme style: %w", err)
		}
		b.Write(e.addresses(text))
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// addresses replaces asset(NAME) by url("ADDRESS").
func (e *Engine) addresses(css []byte) []byte {
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
		fmt.Fprintf(&b, "url(%q)", e.o.Asset(string(name)))
		css = after
	}
}
