package webtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Run runs the scripts that the globs name against handler, each as a subtest. A
// glob that names no file fails the test.
func Run(t *testing.T, handler http.Handler, globs ...string) {
	t.Helper()
	RunWith(t, handler, nil, globs...)
}

// RunWith is Run with values for ${NAME} in the scripts.
func RunWith(t *testing.T, handler http.Handler, values map[string]string, globs ...string) {
	t.Helper()
	for _, g := range globs {
		names, err := filepath.Glob(g)
		if err != nil || len(names) == 0 {
			t.Fatalf("webtest: no scripts in %s (%v)", g, err)
		}
		for _, name := range names {
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
				text, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				faults, err := run(handler, string(text), values)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				for _, f := range faults {
					t.Errorf("%s:%s", name, f)
				}
			})
		}
	}
}

var variable = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

// run returns a line for every check that fails, and an error for a script that
// cannot be read.
func run(handler http.Handler, text string, values map[string]string) ([]string, error) {
	unknown := ""
	text = variable.ReplaceAllStringFunc(text, func(v string) string {
		value, ok := values[v[2:len(v)-1]]
		if !ok {
			unknown = v
		}
		return value
	})
	if unknown != "" {
		return nil, fmt.Errorf("nobody has said what %s is", unknown)
	}
	s, err := parse(text)
	if err != nil {
		return nil, err
	}
	var faults []string
	for _, x := range s {
		a := x.ask(handler)
		for _, c := range x.checks {
			if why := a.check(c); why != "" {
				faults = append(faults, fmt.Sprintf("%d: %s %s: %s: %s", c.line, x.method, x.path, c.text, why))
			}
		}
	}
	return faults, nil
}

func (x *exchange) ask(handler http.Handler) *answer {
	r := httptest.NewRequest(x.method, x.path, strings.NewReader(x.body))
	for _, h := range x.headers {
		if strings.EqualFold(h[0], "Host") {
			r.Host = h[1]
		} else {
			r.Header.Add(h[0], h[1])
		}
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return &answer{code: w.Code, header: w.Result().Header, body: w.Body.String()}
}

// An answer is what came back.
type answer struct {
	code   int
	header http.Header
	body   string
	root   *html.Node
}

// check returns why the answer is not what the line says, or "".
func (a *answer) check(c check) string {
	if c.subject == "count" || c.subject == "code" && slices.Contains(ordering, c.op) {
		n := a.code
		if c.subject == "count" {
			found, err := a.sel(c.args[0])
			if err != nil {
				return err.Error()
			}
			n = len(found)
		}
		return compare(n, c.op, c.value)
	}
	got, err := a.values(c)
	if err != nil {
		return err.Error()
	}
	return judge(got, c.op, c.value)
}

// values lists what the subject of a check is in this answer.
func (a *answer) values(c check) ([]string, error) {
	switch c.subject {
	case "code":
		return []string{strconv.Itoa(a.code)}, nil
	case "body":
		return []string{a.body}, nil
	case "header":
		if v := a.header.Values(c.args[0]); len(v) > 0 {
			return []string{strings.Join(v, ", ")}, nil
		}
		return nil, nil
	case "redirect":
		if !slices.Contains([]int{301, 302, 303, 307, 308}, a.code) {
			return nil, fmt.Errorf("answered %d", a.code)
		}
		return []string{a.header.Get("Location")}, nil
	case "value":
		return a.value(c.args[0])
	}
	found, err := a.sel(c.args[0])
	if err != nil {
		return nil, err
	}
	var got []string
	for _, n := range found {
		if c.subject == "selector" {
			got = append(got, Text(n))
		} else if v, ok := Attr(n, c.args[1]); ok {
			got = append(got, v)
		}
	}
	return got, nil
}

func (a *answer) sel(selector string) ([]*html.Node, error) {
	if a.root == nil {
		// Without scripting <noscript> is read as markup, as by a reader who has none.
		root, err := html.ParseWithOptions(strings.NewReader(a.body), html.ParseOptionEnableScripting(false))
		if err != nil {
			return nil, err
		}
		a.root = root
	}
	return Select(a.root, selector)
}

// value follows a path of names and numbers into a JSON body.
func (a *answer) value(path string) ([]string, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(a.body)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("the body is no JSON: %w", err)
	}
	for _, step := range strings.Split(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[step]
			if !ok {
				return nil, nil
			}
			v = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(at) {
				return nil, nil
			}
			v = at[i]
		default:
			return nil, nil
		}
	}
	if s, ok := v.(string); ok {
		return []string{s}, nil
	}
	text, err := json.Marshal(v)
	return []string{string(text)}, err
}

// judge answers why none (or, for a negation, one) of got fits.
func judge(got []string, op, want string) string {
	fits := func(string) bool { return true }
	positive := strings.TrimPrefix(op, "!")
	switch positive {
	case "==", "=":
		fits = func(s string) bool { return s == want }
	case "contains":
		fits = func(s string) bool { return strings.Contains(s, want) }
	case "~":
		re, err := regexp.Compile(want)
		if err != nil {
			return err.Error()
		}
		fits = re.MatchString
	case "missing":
		if len(got) > 0 {
			return "there is " + excerpt(got)
		}
		return ""
	}
	found := slices.ContainsFunc(got, fits)
	switch {
	case positive == op && !found && len(got) == 0:
		return "there is none"
	case positive == op && !found, positive != op && found:
		return "got " + excerpt(got)
	}
	return ""
}

func compare(n int, op, value string) string {
	want, err := strconv.Atoi(value)
	switch {
	case op == "exists" && n > 0, op == "missing" && n == 0:
		return ""
	case op != "exists" && op != "missing" && err != nil:
		return fmt.Sprintf("%q is no number", value)
	case op == "==" && n == want, op == "!=" && n != want, op == "<" && n < want, op == "<=" && n <= want,
		op == ">" && n > want, op == ">=" && n >= want:
		return ""
	}
	return fmt.Sprintf("got %d", n)
}

func excerpt(got []string) string {
	const most = 600
	s := fmt.Sprintf("%q", got)
	if len(got) == 1 {
		s = strconv.Quote(got[0])
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}
