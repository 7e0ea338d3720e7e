package house

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Starts of SQL statements, strict enough that English sentences ("Select a
// section", "update failed") pass.
var statement = regexp.MustCompile(`(?is)^\s*(?:` +
	`select\s+.*\bfrom\s+[a-z_(]|select\s+(?:\$?\d|exists\b|count\s*\(|coalesce\s*\(|distinct\s|last_insert_rowid)|` +
	`insert\s+(?:or\s+\w+\s+)?into\s+\w|replace\s+into\s+\w|update\s+(?:only\s+)?\w+(?:\s+as\s+\w+|\s+\w)?\s+set\s|` +
	`delete\s+from\s+\w|with\s+(?:recursive\s+)?\w+\s*(?:\([^)]*\)\s*)?as\s+(?:not\s+)?(?:materialized\s*)?\(|` +
	`(?:create|drop|alter)\s+(?:or\s+replace\s+|temp\s+|temporary\s+|unique\s+|virtual\s+)*(?:table|index|view|trigger|database|function|extension|schema|sequence)\s|` +
	`pragma\s+\w+|vacuum\b|truncate\s+table|analyze\s*$|(?:begin|commit|rollback|savepoint\s+\w+)\s*;?\s*$|listen\s+\w+\s*;?$|notify\s+\w+)`)

// Pieces of statements: only read in store*.go, where sentences are rare.
var fragment = regexp.MustCompile(`(?is)^\s*(?:(?:left|right|inner|outer|full|cross|lateral)\s+(?:outer\s+)?join|join|from|where|and|or|union|except|intersect|order\s+by|group\s+by|exists|not\s+exists|\(\s*select|select)\b`)

// Plain transaction words are SQL only where they stand alone in lower case;
// "begin" as a JSON key is not worth an exception list.
var bare = regexp.MustCompile(`(?is)^\s*(?:begin|commit|rollback|analyze|vacuum)\s*;?\s*$`)

func isStatement(s string) bool { return statement.MatchString(s) && !bare.MatchString(s) }

// isStore answers whether SQL may stand in a file of that name.
func isStore(name string) bool {
	return name == "store.go" || strings.HasPrefix(name, "store_") && strings.HasSuffix(name, ".go")
}

// literals visits every string of a file once, folded over +, import paths and
// struct tags left out.
func literals(f *File, visit func(n ast.Node, s string)) {
	var walk func(ast.Node) bool
	walk = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			return n.Tag == nil
		case ast.Expr:
			if s, ok := literal(n); ok {
				visit(n, s)
				for _, part := range computedParts(n) {
					ast.Inspect(part, walk)
				}
				return false
			}
		}
		return true
	}
	ast.Inspect(f.AST, walk)
}

// computedParts lists what of a folded string is no literal; a call there may hold
// further SQL.
func computedParts(e ast.Expr) []ast.Expr {
	sum, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok {
		if _, ok := literal(e); ok {
			return nil
		}
		return []ast.Expr{e}
	}
	return append(computedParts(sum.X), computedParts(sum.Y)...)
}

// SQLPlaces finds SQL outside store*.go.
func SQLPlaces(files []*File, plan *Plan, excepted []Exception) []string {
	var found []string
	for _, f := range inside(files, plan) {
		if isStore(path.Base(f.Path)) || allowed(excepted, f) {
			continue
		}
		literals(f, func(n ast.Node, s string) {
			if isStatement(s) {
				found = append(found, fmt.Sprintf("%s: SQL stands in store*.go: %.40q", f.at(n), strings.TrimSpace(s)))
			}
		})
	}
	return sorted(found)
}

// A Claim is what a room's doc.go says it keeps.
type Claim struct {
	Tables []string
	Views  []string // readable by others
}

var (
	claimLine = regexp.MustCompile(`^(Tables|Views):\s*(.*)$`)
	otherLine = regexp.MustCompile(`^(?:[A-Z][A-Za-z ]*:|#|\s*$)`)
	tableName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	inParens  = regexp.MustCompile(`\([^)]*\)`)
)

// Claims reads the lines `Tables: a, b` and `Views: c` of package comments. They
// may go on in the next lines, to a full stop or semicolon; words in parentheses are
// for people.
func Claims(files []*File, plan *Plan) (map[string]Claim, []string) {
	claims := map[string]Claim{}
	var found []string
	for _, f := range inside(files, plan) {
		if f.AST.Doc == nil {
			continue
		}
		gathered := map[string]string{}
		at := ""
		for _, line := range strings.Split(f.AST.Doc.Text(), "\n") {
			if m := claimLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				at = m[1]
				gathered[at] += " " + m[2]
			} else if otherLine.MatchString(line) {
				at = ""
			} else if at != "" {
				gathered[at] += " " + line
			}
		}
		c := claims[f.Room()]
		for kind, text := range gathered {
			text = inParens.ReplaceAllString(text, "")
			if i := strings.IndexAny(text, ".;"); i >= 0 {
				text = text[:i] // what follows is for people too
			}
			for _, name := range strings.Split(text, ",") {
				name = strings.TrimSpace(name)
				switch {
				case name == "" || name == "none" || name == "-" || name == "–" || name == "—":
				case !tableName.MatchString(name):
					found = append(found, fmt.Sprintf("%s: %s: %q is not the name of a table", f.Path, kind, name))
				case kind == "Tables":
					c.Tables = append(c.Tables, name)
				default:
					c.Views = append(c.Views, name)
				}
			}
		}
		claims[f.Room()] = c
	}
	owner := map[string]string{}
	for room, c := range claims {
		for _, name := range slices.Concat(c.Tables, c.Views) {
			if o, taken := owner[name]; taken {
				pair := []string{o, room}
				slices.Sort(pair)
				found = append(found, fmt.Sprintf("%s and %s both claim table %s", pair[0], pair[1], name))
			}
			owner[name] = room
		}
	}
	return claims, sorted(found)
}

// SQLNames finds rooms whose SQL names what is not theirs: neither their own
// tables, nor a view that another room publishes.
func SQLNames(files []*File, plan *Plan, claims map[string]Claim, excepted []Exception) []string {
	public := map[string]bool{}
	for _, c := range claims {
		for _, v := range c.Views {
			public[v] = true
		}
	}
	var found []string
	for _, f := range inside(files, plan) {
		if !isStore(path.Base(f.Path)) || allowed(excepted, f) {
			continue
		}
		own := claims[f.Room()]
		// A name given by WITH in one piece may be used in another.
		var with []string
		literals(f, func(_ ast.Node, s string) { with = append(with, commonNames(s)...) })
		literals(f, func(n ast.Node, s string) {
			if !isStatement(s) && !fragment.MatchString(s) {
				return
			}
			for _, name := range TablesIn(s) {
				if slices.Contains(own.Tables, name) || public[name] || slices.Contains(with, name) {
					continue
				}
				found = append(found, fmt.Sprintf("%s: %s names table %s, which its doc.go does not claim", f.at(n), f.Room(), name))
			}
		})
	}
	return sorted(found)
}

var createTable = regexp.MustCompile(`(?im)^\s*create\s+(?:virtual\s+)?table\s+(?:if\s+not\s+exists\s+)?"?([a-z_][a-z0-9_]*)"?`)

// Unowned finds tables that the migrations make and no room claims. Shadow tables
// of full-text indexes are made by the engine, not by us, and do not appear here.
func Unowned(migrations map[string]string, claims map[string]Claim) []string {
	owned := map[string]bool{}
	for _, c := range claims {
		for _, t := range c.Tables {
			owned[t] = true
		}
	}
	var found []string
	for name, text := range migrations {
		for _, m := range createTable.FindAllStringSubmatch(text, -1) {
			if !owned[m[1]] {
				found = append(found, fmt.Sprintf("%s: makes table %s, which no doc.go claims", name, m[1]))
			}
		}
	}
	return sorted(found)
}
