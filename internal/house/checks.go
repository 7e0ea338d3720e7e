package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

const (
	module   = "dateline"
	maxLines = 800
)

// Floors finds packages that the plan does not know and imports that it forbids.
func Floors(files []*File, plan *Plan) []string {
	var found []string
	for _, f := range files {
		if outside(path.Dir(f.Path)) {
			continue
		}
		if _, _, ok := plan.place(f.Pkg); !ok {
			found = append(found, fmt.Sprintf("%s: package %s is not in floors.txt", path.Dir(f.Path), f.Pkg))
			continue
		}
		if f.Test {
			continue // the compiler already refuses circles; a test may set up what it needs
		}
		for _, im := range f.AST.Imports {
			p, err := strconv.Unquote(im.Path.Value)
			if err != nil || !strings.HasPrefix(p, module+"/") {
				continue
			}
			to := strings.TrimPrefix(strings.TrimPrefix(p, module+"/"), "internal/")
			if outside(to) {
				found = append(found, fmt.Sprintf("%s: %s imports %s, which is no part of the program", f.at(im), f.Pkg, to))
			} else if why := plan.mayImport(f.Pkg, to); why != "" {
				found = append(found, fmt.Sprintf("%s: %s must not import %s: %s", f.at(im), f.Pkg, to, why))
			}
		}
	}
	return sorted(found)
}

// Sizes finds files that nobody reads to the end.
func Sizes(files []*File) []string {
	var found []string
	for _, f := range files {
		if n := f.Lines(); n > maxLines && !f.Test && !f.Gen {
			found = append(found, fmt.Sprintf("%s: %d lines, more than %d", f.Path, n, maxLines))
		}
	}
	return sorted(found)
}

var emptyNames = []string{
	"model", "models", "util", "utils", "common", "helper", "helpers", "service", "services",
	"misc", "shared", "types", "base", "lib",
}

// Names finds packages whose name says nothing about what is in them.
func Names(files []*File) []string {
	var found []string
	for _, f := range files {
		if n := strings.TrimSuffix(f.AST.Name.Name, "_test"); slices.Contains(emptyNames, n) {
			found = append(found, fmt.Sprintf("%s: a package called %s says nothing", path.Dir(f.Path), n))
		}
	}
	return sorted(found)
}

// Docs finds rooms without a doc.go that carries the package comment.
func Docs(files []*File, plan *Plan) []string {
	has, seen := map[string]bool{}, map[string]bool{}
	for _, f := range inside(files, plan) {
		if f.Room() == "cmd" {
			continue
		}
		dir := path.Dir(f.Path)
		seen[dir] = true
		if f.AST.Doc != nil {
			has[dir] = true
		}
	}
	var found []string
	for dir := range seen {
		if !has[dir] {
			found = append(found, dir+": no package comment says what the room is, owns and promises")
		}
	}
	return sorted(found)
}

// Skips finds tests that may be passed over.
func Skips(files []*File) []string {
	var found []string
	for _, f := range files {
		if !f.Test {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) &&
				slices.Contains([]string{"t", "b", "f", "tb", "TB"}, x.Name) {
				found = append(found, f.at(n)+": a test that is skipped tests nothing")
			}
			return true
		})
	}
	return sorted(found)
}

// Inits finds init functions: what happens on import happens to everybody.
func Inits(files []*File, plan *Plan, excepted []Exception) []string {
	var found []string
	for _, f := range inside(files, plan) {
		for _, d := range f.AST.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Recv == nil && fn.Name.Name == "init" && !allowed(excepted, f) {
				found = append(found, f.at(fn)+": init has effects on whoever imports the package")
			}
		}
	}
	return sorted(found)
}

// A Door is something that only some rooms may use.
type Door struct {
	Import string   // the package it is in
	Names  []string // its names there; empty: the package whole
	Say    string
	Open   []Exception
}

// Doors finds uses of what is not open to a room.
func Doors(files []*File, plan *Plan, doors []Door) []string {
	var found []string
	for _, f := range inside(files, plan) {
		for _, door := range doors {
			local := f.imported(door.Import)
			if len(local) == 0 || allowed(door.Open, f) {
				continue
			}
			if len(door.Names) == 0 || slices.Contains(local, ".") {
				found = append(found, fmt.Sprintf("%s: imports %s: %s", f.Path, door.Import, door.Say))
				continue
			}
			ast.Inspect(f.AST, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(local, x.Name) && slices.Contains(door.Names, sel.Sel.Name) {
					found = append(found, fmt.Sprintf("%s: %s.%s: %s", f.at(n), x.Name, sel.Sel.Name, door.Say))
				}
				return true
			})
		}
	}
	return sorted(found)
}

// Conversions finds text declared safe for HTML outside the rooms that make it so.
// Types may be named anywhere; turning a string into one is what needs a door.
func Conversions(files []*File, plan *Plan, open []Exception) []string {
	kinds := []string{"HTML", "HTMLAttr", "CSS", "JS", "JSStr", "URL", "Srcset"}
	var found []string
	for _, f := range inside(files, plan) {
		local := f.imported("html/template")
		if len(local) == 0 || allowed(open, f) {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fun := ast.Unparen(call.Fun)
			if sel, ok := fun.(*ast.SelectorExpr); ok && slices.Contains(kinds, sel.Sel.Name) {
				if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(local, x.Name) {
					found = append(found, fmt.Sprintf("%s: %s.%s(…): HTML is made in richtext and theme alone", f.at(n), x.Name, sel.Sel.Name))
				}
			}
			return true
		})
	}
	return sorted(found)
}

// An Exception lets a room, a closet or a single file ("db/migrate.go") through.
type Exception struct {
	Where string
	Why   string
}

func allowed(list []Exception, f *File) bool {
	for _, e := range list {
		if e.Where == f.Room() || e.Where == f.Pkg || e.Where == f.Pkg+"/"+path.Base(f.Path) {
			return true
		}
	}
	return false
}

// Reasons finds exceptions that give none, or that nothing needs any more
// because the place they name is gone from the plan.
func Reasons(plan *Plan, lists ...[]Exception) []string {
	var found []string
	for _, list := range lists {
		for _, e := range list {
			if e.Why == "" {
				found = append(found, e.Where+": an exception without a reason")
			}
			pkg := e.Where
			if strings.HasSuffix(pkg, ".go") {
				pkg = path.Dir(pkg)
			}
			if _, _, ok := plan.place(pkg); !ok {
				found = append(found, e.Where+": an exception for what is not in floors.txt")
			}
		}
	}
	return sorted(found)
}

// computed stands in folded SQL for what only running the program tells.
const computed = "computed__"

// literal folds "a" + "b" into one string; ok is false for anything else.
func literal(e ast.Expr) (string, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		x, okX := literal(e.X)
		y, okY := literal(e.Y)
		switch {
		case okX && okY:
			return x + y, true
		case okX: // a literal and something computed: read what is there
			return x + computed, true
		case okY:
			return computed + y, true
		}
	}
	return "", false
}
