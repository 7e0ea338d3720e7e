package webtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A script is a list of cases.
type script []*exchange

// An exchange is a request and what is said of its answer.
type exchange struct {
	line         int
	method, path string
	headers      [][2]string
	body         string
	checks       []check
}

// A check is one line: SUBJECT ARGS… OPERATOR VALUE.
type check struct {
	line    int
	text    string
	subject string
	args    []string
	op      string
	value   string
}

var (
	methods   = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
	operators = []string{"==", "!=", "contains", "!contains", "~", "!~", "exists", "missing"}
	ordering  = []string{"<", "<=", ">", ">="}
	// How many arguments a subject takes.
	subjects = map[string]int{
		"code": 0, "body": 0, "redirect": 0, "header": 1, "selector": 1, "count": 1, "value": 1, "attr": 2,
	}
)

func parse(text string) (script, error) {
	var s script
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if err := s.add(i+1, line); err != nil {
			return nil, fmt.Errorf("line %d: %w: %s", i+1, err, line)
		}
	}
	if len(s) == 0 {
		return nil, fmt.Errorf("no request in it")
	}
	for _, x := range s {
		if len(x.checks) == 0 {
			return nil, fmt.Errorf("line %d: nothing is said of the answer to %s %s", x.line, x.method, x.path)
		}
	}
	return s, nil
}

func (s *script) add(n int, line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	if slices.Contains(methods, word) {
		if !strings.HasPrefix(rest, "/") {
			return fmt.Errorf("a path begins with a slash")
		}
		*s = append(*s, &exchange{line: n, method: word, path: rest})
		return nil
	}
	if len(*s) == 0 {
		return fmt.Errorf("before any request")
	}
	x := (*s)[len(*s)-1]
	switch word {
	case "with", "form", "json", "send":
		if len(x.checks) > 0 {
			return fmt.Errorf("the request is over")
		}
		if word != "with" && x.body != "" {
			return fmt.Errorf("the request has a body")
		}
	}
	switch word {
	case "with":
		name, value, ok := strings.Cut(rest, ":")
		if !ok {
			return fmt.Errorf("want NAME: VALUE")
		}
		x.headers = append(x.headers, [2]string{strings.TrimSpace(name), strings.TrimSpace(value)})
	case "form":
		x.headers = append(x.headers, [2]string{"Content-Type", "application/x-www-form-urlencoded"})
		x.body = rest
	case "json":
		x.headers = append(x.headers, [2]string{"Content-Type", "application/json"})
		x.body = rest
	case "send":
		body, err := unquote(rest)
		if err != nil {
			return err
		}
		x.body = body
	default:
		c, err := parseCheck(word, rest)
		if err != nil {
			return err
		}
		c.line, c.text = n, line
		x.checks = append(x.checks, c)
	}
	return nil
}

func parseCheck(subject, rest string) (check, error) {
	c := check{subject: subject}
	want, ok := subjects[subject]
	if !ok {
		return c, fmt.Errorf("neither a request nor a check")
	}
	ops := operators
	if subject == "count" || subject == "code" {
		ops = slices.Concat(operators, ordering)
	}
	var words []string // those before the operator; quoted ones unquoted
	for c.op == "" {
		rest = strings.TrimSpace(rest)
		if rest == "" {
			return c, fmt.Errorf("no operator")
		}
		if rest[0] == '"' {
			q, err := strconv.QuotedPrefix(rest)
			if err != nil {
				return c, fmt.Errorf("a quotation mark is not closed")
			}
			w, err := strconv.Unquote(q)
			if err != nil {
				return c, err
			}
			words, rest = append(words, w), rest[len(q):]
			continue
		}
		word, after, _ := strings.Cut(rest, " ")
		if slices.Contains(ops, word) {
			c.op = word
		} else {
			words = append(words, word)
		}
		rest = after
	}
	switch {
	case want == 2 && len(words) >= 2: // attr S NAME
		c.args = []string{strings.Join(words[:len(words)-1], " "), words[len(words)-1]}
	case want == 1 && len(words) >= 1:
		c.args = []string{strings.Join(words, " ")}
	case want == 0 && len(words) == 0:
	default:
		return c, fmt.Errorf("%s takes %d arguments", subject, want)
	}
	if subject == "selector" || subject == "count" || subject == "attr" {
		if _, err := parseSelector(c.args[0]); err != nil {
			return c, err
		}
	}
	bare := c.op == "exists" || c.op == "missing"
	if bare != (strings.TrimSpace(rest) == "") {
		return c, fmt.Errorf("operator %s and value %q do not go together", c.op, rest)
	}
	var err error
	c.value, err = unquote(strings.TrimSpace(rest))
	return c, err
}

func unquote(s string) (string, error) {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return strconv.Unquote(s)
	}
	return s, nil
}
