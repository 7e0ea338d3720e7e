package theme

import (
	"errors"
	"fmt"
	"html/template"
	"strings"

	"dateline/internal/lang"
)

// helpers are all that a template can call, bound to the page's language.
func (e *Engine) helpers(theme string, l *lang.Locale) template.FuncMap {
	return template.FuncMap{
		// Words.
		"t":  func(key string, args ...any) string { return Words(l, key, args...) },
		"tn": func(key string, n any, args ...any) string { return Words(l, key, append([]any{"n", n}, args...)...) },
		"before": func(key, name string, args ...any) string {
			s, _ := l.Around(key, name, args...)
			return lent(l, key, s)
		},
		"after": func(key, name string, args ...any) string {
			_, s := l.Around(key, name, args...)
			return lent(l, key, s)
		},
		"num":   number(l),
		"quote": l.Quote,
		"title": l.Title,
		"sep":   separator(l),
		"lang":  l.Tag,
		"dir":   l.Dir,
		"said":  said(l),
		"turn":  l.Turn,
		// Addresses.
		"asset":     func(name string) string { return e.assetOf(theme, name) },
		"integrity": e.o.Integrity,
		// Whole elements.
		"meta":    metaElement,
		"jsonld":  jsonldElement,
		"social":  socialElements,
		"picture": func(p *Picture, where string) (template.HTML, error) { return pictureElement(l, p, where) },
		"preload": e.preloader(theme, l),
		"style":   func(f *Frame) template.HTML { return e.styleElements(theme, f) },
		"script":  e.scriptElement,
		// Values.
		"args":       args,
		"paragraphs": paragraphs,
		"first":      first,
		"rest":       rest,
		"threads":    threads,
		"spoken":     spoken,
		"add":        func(a, b int) int { return a + b },
		"has":        func(all []string, one string) bool { return contains(all, one) },
	}
}

// separator gives the words before the i-th of n things in a list, as the
// language joins them: "", ", ", " and ".
func separator(l *lang.Locale) func(i, n int) string {
	return func(i, n int) string {
		if i <= 0 || i >= n {
			return ""
		}
		marks := make([]string, n)
		for j := range marks {
			marks[j] = string(rune(0xE000 + j)) // private use: in no language's words
		}
		_, rest, _ := strings.Cut(l.List(marks), marks[i-1])
		between, _, found := strings.Cut(rest, marks[i])
		if !found {
			return ", "
		}
		return lent(l, "list.last", between)
	}
}

func number(l *lang.Locale) func(n any) (string, error) {
	return func(n any) (string, error) {
		switch n := n.(type) {
		case int:
			return l.Number(int64(n)), nil
		case int64:
			return l.Number(n), nil
		}
		return "", fmt.Errorf("num: %T is no whole number", n)
	}
}

// args makes a map for a part that needs more than one value.
func args(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("args: a name without a value")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("args: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// paragraphs cuts plain text at blank lines; empty ones are dropped.
func paragraphs(s string) []string {
	var out []string
	for _, p := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// first gives at most n persons, rest those after them.
func first(n int, all []Person) []Person { return all[:min(n, len(all))] }

func rest(n int, all []Person) []Person { return all[min(n, len(all)):] }

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}
