package webtest

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Select finds the elements below root that a CSS selector names, in the order of
// the document. The error says what of the selector is not understood.
func Select(root *html.Node, selector string) ([]*html.Node, error) {
	list, err := parseSelector(selector)
	if err != nil {
		return nil, err
	}
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && slices.ContainsFunc(list, func(c chain) bool { return c.matches(n) }) {
			found = append(found, n)
		}
	}
	return found, nil
}

// Text is what a reader sees of an element: its text without scripts and styles,
// white space folded and soft hyphens left out.
func Text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(strings.ReplaceAll(n.Data, "\u00ad", ""))
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "template"):
			return
		case n.Type == html.ElementNode && slices.Contains(blocks, n.Data):
			b.WriteByte(' ')
			defer b.WriteByte(' ')
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

var blocks = []string{
	"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
	"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p", "pre", "section", "table", "td",
	"th", "tr", "ul",
}

// Attr returns an attribute's value and whether the element has it.
func Attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// A test of one element.
type simple func(*html.Node) bool

// A compound is what stands between combinators.
type compound struct {
	tests []simple
	child bool // the one before it in the chain is its parent, not any ancestor
}

// A chain is a selector without commas, outermost first.
type chain []compound

func (c chain) matches(n *html.Node) bool {
	last := c[len(c)-1]
	for _, test := range last.tests {
		if !test(n) {
			return false
		}
	}
	if len(c) == 1 {
		return true
	}
	for p := n.Parent; p != nil && p.Type == html.ElementNode; p = p.Parent {
		if c[:len(c)-1].matches(p) {
			return true
		}
		if last.child {
			return false
		}
	}
	return false
}

func parseSelector(s string) ([]chain, error) {
	p := &selectorParser{rest: strings.TrimSpace(s)}
	var list []chain
	for {
		c, err := p.chain()
		if err != nil {
			return nil, fmt.Errorf("selector %q: %w", s, err)
		}
		list = append(list, c)
		if !p.take(",") {
			break
		}
	}
	if p.rest != "" {
		return nil, fmt.Errorf("selector %q: not understood from %q", s, p.rest)
	}
	return list, nil
}

type selectorParser struct{ rest string }

func (p *selectorParser) space() bool {
	trimmed := strings.TrimLeft(p.rest, " \t\n")
	was := len(trimmed) < len(p.rest)
	p.rest = trimmed
	return was
}

func (p *selectorParser) take(s string) bool {
	rest, ok := strings.CutPrefix(p.rest, s)
	p.rest = rest
	return ok
}

func (p *selectorParser) name() string {
	i := 0
	for i < len(p.rest) && (p.rest[i] == '-' || p.rest[i] == '_' || p.rest[i] >= 0x80 || '0' <= p.rest[i] && p.rest[i] <= '9' ||
		'a' <= p.rest[i]|0x20 && p.rest[i]|0x20 <= 'z') {
		i++
	}
	name := p.rest[:i]
	p.rest = p.rest[i:]
	return name
}

func (p *selectorParser) chain() (chain, error) {
	var c chain
	child := false
	p.space()
	for {
		one, err := p.compound()
		if err != nil {
			return nil, err
		}
		one.child = child
		c = append(c, one)
		spaced := p.space()
		child = p.take(">")
		p.space()
		if !child && (!spaced || p.rest == "" || p.rest[0] == ',' || p.rest[0] == ')') {
			return c, nil
		}
	}
}

func (p *selectorParser) compound() (compound, error) {
	var c compound
	if name := p.name(); name != "" {
		c.tests = append(c.tests, func(n *html.Node) bool { return strings.EqualFold(n.Data, name) })
	} else if p.take("*") {
		c.tests = append(c.tests, func(*html.Node) bool { return true })
	}
	for {
		switch {
		case p.take("#"):
			id := p.name()
			if id == "" {
				return c, fmt.Errorf("an id is missing after #")
			}
			c.tests = append(c.tests, func(n *html.Node) bool { v, ok := Attr(n, "id"); return ok && v == id })
		case p.take("."):
			class := p.name()
			if class == "" {
				return c, fmt.Errorf("a class is missing after the dot")
			}
			c.tests = append(c.tests, func(n *html.Node) bool {
				v, _ := Attr(n, "class")
				return slices.Contains(strings.Fields(v), class)
			})
		case p.take("["):
			test, err := p.attribute()
			if err != nil {
				return c, err
			}
			c.tests = append(c.tests, test)
		case p.take(":first-child"):
			c.tests = append(c.tests, func(n *html.Node) bool {
				for s := n.PrevSibling; s != nil; s = s.PrevSibling {
					if s.Type == html.ElementNode {
						return false
					}
				}
				return true
			})
		case p.take(":not("):
			inner, err := p.chain()
			if err != nil {
				return c, err
			}
			if !p.take(")") {
				return c, fmt.Errorf("a parenthesis is not closed")
			}
			c.tests = append(c.tests, func(n *html.Node) bool { return !inner.matches(n) })
		default:
			if len(c.tests) == 0 {
				return c, fmt.Errorf("an element is missing before %q", p.rest)
			}
			return c, nil
		}
	}
}

// attribute reads what follows an opening bracket.
func (p *selectorParser) attribute() (simple, error) {
	name := p.name()
	if name == "" {
		return nil, fmt.Errorf("an attribute is missing after [")
	}
	op := ""
	for _, o := range []string{"]", "=", "~=", "^=", "$=", "*="} {
		if p.take(o) {
			op = o
			break
		}
	}
	if op == "]" {
		return func(n *html.Node) bool { _, ok := Attr(n, name); return ok }, nil
	}
	if op == "" {
		return nil, fmt.Errorf("not understood: [%s%s", name, p.rest)
	}
	value := ""
	if q := p.rest; q != "" && (q[0] == '"' || q[0] == '\'') {
		end := strings.IndexByte(q[1:], q[0])
		if end < 0 {
			return nil, fmt.Errorf("a quotation mark is not closed")
		}
		value, p.rest = q[1:1+end], q[end+2:]
	} else {
		end := strings.IndexByte(q, ']')
		if end < 0 {
			return nil, fmt.Errorf("a bracket is not closed")
		}
		value, p.rest = q[:end], q[end:]
	}
	if !p.take("]") {
		return nil, fmt.Errorf("a bracket is not closed")
	}
	return func(n *html.Node) bool {
		v, ok := Attr(n, name)
		if !ok {
			return false
		}
		switch op {
		case "~=":
			return slices.Contains(strings.Fields(v), value)
		case "^=":
			return value != "" && strings.HasPrefix(v, value)
		case "$=":
			return value != "" && strings.HasSuffix(v, value)
		case "*=":
			return value != "" && strings.Contains(v, value)
		}
		return v == value
	}, nil
}
