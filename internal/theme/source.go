package theme

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing/fstest"

	"dateline/internal/lang"
)

// Problem is something in a newsroom's own files that cannot be used. The site
// goes on without it.
type Problem struct {
	File string // within the folder: "article/article.html"
	Line int    // from 1; 0: not known
	What string // for the log
	// Word is the key of the words for it, with the placeholder Of for Value;
	// empty: What is html/template's.
	Word, Of, Value string
}

// wrong is a problem with words, which have at most one placeholder that differs.
func wrong(file string, line int, word, of, value string) Problem {
	p := Problem{File: file, Line: line, Word: word, Of: of, Value: value}
	p.What = p.words(lang.Of("en"))
	return p
}

func (p Problem) words(l *lang.Locale) string {
	if p.Word == "" {
		return l.T("theme.problem.template", "why", p.What)
	}
	return l.T(p.Word, p.Of, p.Value, "picture", "asset(img/…)", "letters", "asset(fonts/…)")
}

// Error is "article/article.html:12: …".
func (p Problem) Error() string { return p.at() + p.What }

// Say is Error in another language.
func (p Problem) Say(l *lang.Locale) string { return p.at() + p.words(l) }

func (p Problem) at() string {
	if p.Line == 0 {
		return p.File + ": "
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ": "
}

// source are the files of one theme: the newsroom's own first, then the
// theme's, then those of the default theme.
type source struct {
	own    fstest.MapFS // the newsroom's, without what cannot be used; nil: none
	layers []fs.FS      // all, own among them
}

// maxOwn bounds a file of the newsroom's folder, in bytes.
const maxOwn = 8 << 20

// ownFiles reads the newsroom's folder into memory, so that what has been
// checked is what is used.
func ownFiles(fsys fs.FS) (fstest.MapFS, error) {
	own := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		f, err := fsys.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		text, err := io.ReadAll(io.LimitReader(f, maxOwn+1))
		if err != nil {
			return err
		}
		if len(text) > maxOwn {
			return fmt.Errorf("%s is larger than %d MiB", name, maxOwn>>20)
		}
		own[name] = &fstest.MapFile{Data: text}
		return nil
	})
	return own, err
}

func (e *Engine) source(name string, own fstest.MapFS) source {
	var s source
	if own != nil {
		s.own = own
		s.layers = append(s.layers, own)
	}
	for _, name := range []string{name, DefaultName} {
		if sub, err := fs.Sub(e.o.FS, name); err == nil {
			s.layers = append(s.layers, sub)
		}
		if name == DefaultName {
			break
		}
	}
	return s
}

func (s source) read(name string) ([]byte, error) {
	for _, layer := range s.layers {
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
func (s source) names(dir, ext string) ([]string, error) {
	found := map[string]bool{}
	for _, layer := range s.layers {
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

// files are what a theme brings beside templates and styles: letters and
// drawings, below fonts/ and img/.
func (s source) files() (map[string][]byte, error) {
	found := map[string][]byte{}
	for i := len(s.layers) - 1; i >= 0; i-- {
		for _, dir := range []string{"fonts", "img"} {
			entries, err := fs.ReadDir(s.layers[i], dir)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			for _, entry := range entries {
				name := dir + "/" + entry.Name()
				if entry.IsDir() {
					continue
				}
				text, err := fs.ReadFile(s.layers[i], name)
				if err != nil {
					return nil, err
				}
				found[name] = text
			}
		}
	}
	return found, nil
}

// parse makes the templates of a language.
func (s source) parse(funcs template.FuncMap) (set, error) {
	common := template.New("").Funcs(funcs)
	parts, err := s.names("parts", ".html")
	if err != nil {
		return nil, err
	}
	for _, name := range append([]string{"base.html"}, parts...) {
		if err := s.add(common, name); err != nil {
			return nil, err
		}
	}
	all := set{}
	for _, kind := range Kinds() {
		t, err := common.Clone()
		if err != nil {
			return nil, err
		}
		if err := s.add(t, kind+"/"+kind+".html"); err != nil {
			return nil, err
		}
		all[kind] = t
	}
	return all, nil
}

func (s source) add(t *template.Template, name string) error {
	text, err := s.read(name)
	if err != nil {
		return err
	}
	_, err = t.New(name).Parse(string(text))
	return err
}

// settle takes out of the newsroom's own files those that cannot be used: by
// themselves, and with sample pages of every kind. It gives what was wrong.
func (e *Engine) settle(name string, own fstest.MapFS) []Problem {
	if len(own) == 0 {
		return nil
	}
	var problems []Problem
	drop := func(p Problem) {
		problems = append(problems, p)
		delete(own, p.File)
	}
	files := make([]string, 0, len(own))
	for file := range own {
		files = append(files, file)
	}
	sort.Strings(files)
	funcs := e.helpers(name, lang.Of("en"))
	for _, file := range files {
		text := string(own[file].Data)
		switch path.Ext(file) {
		case ".html":
			if _, err := template.New(file).Funcs(funcs).Parse(text); err != nil {
				drop(problemOf(err, file))
			}
		case ".css":
			if ref, line := foreignRef(text); ref != "" {
				drop(wrong(file, line, "theme.problem.address", "ref", "url("+ref+")"))
			}
		}
	}
	for range files {
		err := e.try(name, own)
		if err == nil {
			return problems
		}
		p := problemOf(err, "")
		if own[p.File] == nil {
			// The newsroom's parts do not fit the theme's pages, and it cannot be
			// said which: all of its templates are left out.
			problems = append(problems, p, wrong(".", 0, "theme.problem.unused", "", ""))
			for file := range own {
				if path.Ext(file) == ".html" {
					delete(own, file)
				}
			}
			return problems
		}
		drop(p)
	}
	return problems
}

// try renders every kind of page, full and empty.
func (e *Engine) try(name string, own fstest.MapFS) error {
	s, err := e.source(name, own).parse(e.helpers(name, lang.Of("en")))
	if err != nil {
		return err
	}
	for _, full := range []bool{true, false} {
		for _, page := range samples(full) {
			if err := s[page.Kind()].ExecuteTemplate(io.Discard, "base", page); err != nil {
				return err
			}
		}
	}
	return nil
}

// templateError is how html/template says where: "template: F:12:3: what" and
// "html/template:F:12:3: what".
var templateError = regexp.MustCompile(`template: ?([^\s:]+):(\d+)(?::\d+)?: ?((?s).*)`)

// problemOf reads the place from a template's error.
func problemOf(err error, file string) Problem {
	m := templateError.FindStringSubmatch(err.Error())
	if m == nil {
		if file == "" {
			file = "."
		}
		return Problem{File: file, What: err.Error()}
	}
	line, _ := strconv.Atoi(m[2])
	return Problem{File: m[1], Line: line, What: m[3]}
}

var cssURL = regexp.MustCompile(`url\(\s*["']?([^"')]*)`)

// foreignRef finds a reference of a style sheet to what is not served.
func foreignRef(css string) (ref string, line int) {
	for _, m := range cssURL.FindAllStringSubmatchIndex(css, -1) {
		ref := strings.TrimSpace(css[m[2]:m[3]])
		if ref == "" || ref[0] == '#' || strings.HasPrefix(ref, "data:") || ref[0] == '/' && !strings.HasPrefix(ref, "//") {
			continue
		}
		return ref, 1 + strings.Count(css[:m[0]], "\n")
	}
	return "", 0
}
