package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A File is one Go file of the module, parsed.
type File struct {
	Path string // from the module's root, with slashes
	Pkg  string // "article", "article/editor", "cmd/dateline", "themes"
	Test bool
	Gen  bool // carries the mark of generated code
	AST  *ast.File
	fset *token.FileSet
	text []byte
}

// Room is the first element of the package's path.
func (f *File) Room() string {
	room, _, _ := strings.Cut(f.Pkg, "/")
	return room
}

// Lines counts the lines of the file.
func (f *File) Lines() int { return strings.Count(string(f.text), "\n") }

// at says where a node stands, for a message.
func (f *File) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.Path, f.fset.Position(n.Pos()).Line)
}

// imported returns the local names under which the file imports path.
func (f *File) imported(p string) []string {
	var names []string
	for _, im := range f.AST.Imports {
		got, err := strconv.Unquote(im.Path.Value)
		if err != nil || got != p {
			continue
		}
		if im.Name != nil {
			names = append(names, im.Name.Name)
			continue
		}
		base := path.Base(p)
		if len(base) == 2 && base[0] == 'v' && base[1] >= '0' && base[1] <= '9' {
			base = path.Base(path.Dir(p)) // math/rand/v2 is called rand
		}
		names = append(names, base)
	}
	return names
}

// outside are folders of the module that are not part of the house: programs for
// those who build it, and tests of the whole.
func outside(dir string) bool {
	return dir == "tools" || dir == "test" || dir == "docs" || strings.HasPrefix(dir, "tools/") ||
		strings.HasPrefix(dir, "test/") || strings.HasPrefix(dir, "docs/")
}

// ReadTree parses every Go file below root, whatever its build tags, except in
// testdata, node_modules and folders whose names begin with a dot or underscore.
func ReadTree(root fs.FS) ([]*File, error) {
	var files []*File
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if p != "." && (name == "testdata" || name == "node_modules" || name[0] == '.' || name[0] == '_') {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := fs.ReadFile(root, p)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, p, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, &File{
			Path: p, Pkg: strings.TrimPrefix(path.Dir(p), "internal/"), Test: strings.HasSuffix(name, "_test.go"),
			Gen: ast.IsGenerated(tree), AST: tree, fset: fset, text: text,
		})
		return nil
	})
	return files, err
}

// inside keeps the files of the house: no tests, no tools.
func inside(files []*File, plan *Plan) []*File {
	var kept []*File
	for _, f := range files {
		r, _, ok := plan.place(f.Pkg)
		if f.Test || outside(path.Dir(f.Path)) || ok && r.Floor == testFloor {
			continue
		}
		kept = append(kept, f)
	}
	return kept
}

func sorted(found []string) []string {
	slices.Sort(found)
	return slices.Compact(found)
}
