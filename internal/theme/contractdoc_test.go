package theme

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/lang"
)

var update = flag.Bool("update", false, "write the generated part of docs/contracts/theme.md anew")

const (
	contractFile = "../../docs/contracts/theme.md"
	begin        = "<!-- made from the comments of internal/theme by go test ./internal/theme -run ContractIsWritten -update -->\n"
	end          = "<!-- end of what is made -->\n"
)

// TestContractIsWritten holds the contract for theme makers to the comments of
// the values that themes get: between two marks it is made of them.
func TestContractIsWritten(t *testing.T) {
	raw, err := os.ReadFile(contractFile)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(raw), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s lacks the marks between which it is made", contractFile)
	}
	want := head + begin + "\n" + describe(t, "page.go", "search.go", "parts.go", "looks.go") + end + tail
	if *update {
		if err := os.WriteFile(contractFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(string(raw), "\n"), strings.Split(want, "\n")); diff != "" {
		t.Errorf("%s is out of date; go test ./internal/theme -run ContractIsWritten -update writes it (-kept +made):\n%s", contractFile, diff)
	}
	e, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name := range e.helpers(DefaultName, lang.Of("en")) {
		if !regexp.MustCompile("`" + name + "[ `]").MatchString(head) {
			t.Errorf("the contract does not speak of the helper %s", name)
		}
	}
}

// told are the types of looks.go that a theme meets.
var told = map[string]bool{"Looks": true}

// describe writes a section for each type of the files.
func describe(t *testing.T, files ...string) string {
	t.Helper()
	kinds := map[string]string{}
	for _, p := range pages() {
		kinds[strings.TrimPrefix(fmt.Sprintf("%T", p), "*theme.")] = p.Kind()
	}
	var b strings.Builder
	for _, file := range files {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			for _, s := range g.Specs {
				ts := s.(*ast.TypeSpec)
				st, ok := ts.Type.(*ast.StructType)
				if !ok || !ts.Name.IsExported() || file == "looks.go" && !told[ts.Name.Name] {
					continue
				}
				fmt.Fprintf(&b, "### %s\n\n", ts.Name.Name)
				if kind := kinds[ts.Name.Name]; kind != "" {
					fmt.Fprintf(&b, "Template: `%s/%s.html`. ", kind, kind)
				}
				fmt.Fprintf(&b, "%s\n\n| field | type | |\n|---|---|---|\n", words(g.Doc))
				for _, field := range st.Fields.List {
					describeField(t, &b, fset, field)
				}
				b.WriteString("\n")
			}
		}
	}
	return b.String()
}

func describeField(t *testing.T, b *strings.Builder, fset *token.FileSet, field *ast.Field) {
	t.Helper()
	var kind bytes.Buffer
	if err := format.Node(&kind, fset, field.Type); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range field.Names {
		names = append(names, "`"+n.Name+"`")
	}
	if len(names) == 0 { // embedded
		names = []string{"all of"}
	}
	doc := words(field.Doc)
	if doc == "" {
		doc = words(field.Comment)
	}
	fmt.Fprintf(b, "| %s | `%s` | %s |\n", strings.Join(names, " "), kind.String(), strings.ReplaceAll(doc, "|", "\\|"))
}

// words are a comment in one line.
func words(c *ast.CommentGroup) string {
	if c == nil {
		return ""
	}
	return strings.Join(strings.Fields(c.Text()), " ")
}
