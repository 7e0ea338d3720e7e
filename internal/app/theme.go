package app

import (
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing/fstest"

	"dateline/assets"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/theme"
	"dateline/internal/web"
)

// theme opens the themes and their files. A style sheet holds the addresses of
// fonts, which hold their hashes, so the files come first.
func (a *App) theme() error {
	all := fstest.MapFS{}
	set, err := web.Assets(assets.Files, "/assets/")
	if err != nil {
		return err
	}
	for _, name := range set.Names() {
		if body, ok := set.Body(name); ok {
			all[name] = &fstest.MapFile{Data: body}
		}
	}
	if err := deskStyle(all); err != nil {
		return err
	}
	a.Assets = set
	o := theme.Options{Name: a.ThemeName, Dev: a.Dev, Asset: a.asset, Integrity: a.integrity,
		Tell: func(p theme.Problem) {
			a.Log.Error("a file of the theme's folder cannot be used; the built-in one stands in for it", "folder", a.Theme, "problem", p.Error())
		}}
	if a.Theme != "" {
		root, err := os.OpenRoot(a.Theme)
		if err != nil {
			return lang.Wrong("theme.problem.open", "why", err.Error())
		}
		o.Override = root.FS()
	}
	if a.Engine, err = theme.Open(o); err != nil {
		return err
	}
	for _, name := range a.Engine.Themes() {
		files, err := a.Engine.Files(name)
		if err != nil {
			return err
		}
		for file, body := range files {
			all[file] = &fstest.MapFile{Data: body}
		}
	}
	if a.Assets, err = web.Assets(all, "/assets/"); err != nil {
		return err
	}
	for _, name := range a.Engine.Themes() {
		style, err := a.Engine.Style(name)
		if err != nil {
			return err
		}
		all[theme.StyleSheet(name)] = &fstest.MapFile{Data: style}
	}
	a.Assets, err = web.Assets(all, "/assets/")
	return err
}

// styleOf is the theme of a style sheet's name as an asset.
func styleOf(name string) (string, bool) {
	name, ok := strings.CutPrefix(name, "theme/")
	name, css := strings.CutSuffix(name, ".css")
	return name, ok && css && !strings.Contains(name, "/")
}

// asset is the address of a file. In development a style sheet has one that
// says nothing of its content, which may have changed a moment ago.
func (a *App) asset(name string) string {
	if _, ok := styleOf(name); ok && a.Dev {
		return "/assets/" + name
	}
	return a.Assets.URL(name)
}

func (a *App) integrity(name string) string {
	if _, ok := styleOf(name); ok && a.Dev {
		return ""
	}
	return a.Assets.Integrity(name)
}

// assets serves the files; in development style sheets are made anew.
func (a *App) assets() http.Handler {
	if !a.Dev {
		return a.Assets
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := styleOf(strings.TrimPrefix(r.URL.Path, "/assets/"))
		if !ok {
			a.Assets.ServeHTTP(w, r)
			return
		}
		css, err := a.Engine.Style(name)
		if err != nil {
			web.Fail(w, r, fault.New(fault.NotFound, "the styles of %s: %w", name, err))
			return
		}
		serveStyle(w, r, css, "no-store")
	})
}

// looks serves the style sheet of what the newsroom has set. All that it is
// made of stands in its name, so this answer is right in every process, of any
// age; only a name that another version made is answered with what this one
// makes of it, and not to be kept.
func (a *App) looks(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	l, err := theme.ReadSheetName(name)
	if err != nil {
		web.Fail(w, r, fault.New(fault.NotFound, "no style sheet %q: %w", name, err))
		return
	}
	g, err := a.Engine.Grounds(a.Engine.Pick(l))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	keep := "public, max-age=31536000, immutable"
	if l.SheetName(g) != name {
		keep = "no-store"
	}
	serveStyle(w, r, l.Sheet(g), keep)
}

func serveStyle(w http.ResponseWriter, r *http.Request, css []byte, keep string) {
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", keep)
	h.Set("Content-Length", strconv.Itoa(len(css)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(css) // a reader who left is nobody's error
	}
}
