package wordpress

import (
	"strconv"
	"strings"
)

// php is a value that PHP's serialize() wrote: a scalar as text, or an array.
// Objects are refused: nothing we read is one, and they are how attacks on
// unserialize() look.
type php struct {
	text  string
	keys  []string
	elems []php
	array bool
}

// Limits of what is parsed: WordPress's own arrays nest 3 deep and have some
// hundred elements.
const (
	phpDepth = 16
	phpElems = 10000
)

// parsePHP reads a serialized value; false when it is none or too much.
func parsePHP(s string) (php, bool) {
	p := phpParser{s: s}
	v, ok := p.value(0)
	return v, ok
}

type phpParser struct {
	s     string
	elems int
}

func (p *phpParser) value(depth int) (php, bool) {
	if p.elems++; depth > phpDepth || p.elems > phpElems || len(p.s) < 2 {
		return php{}, false
	}
	kind := p.s[0]
	if kind == 'N' && p.s[1] == ';' {
		p.s = p.s[2:]
		return php{}, true
	}
	if p.s[1] != ':' {
		return php{}, false
	}
	p.s = p.s[2:]
	switch kind {
	case 'i', 'd', 'b':
		text, rest, ok := strings.Cut(p.s, ";")
		p.s = rest
		return php{text: text}, ok && len(text) < 64
	case 's':
		text, ok := p.str()
		return php{text: text}, ok
	case 'a':
		return p.array(depth)
	}
	return php{}, false
}

func (p *phpParser) count() (int, bool) {
	digits, rest, ok := strings.Cut(p.s, ":")
	n, err := strconv.Atoi(digits)
	p.s = rest
	return n, ok && err == nil && n >= 0
}

// str reads `5:"abcde";`. The length counts the bytes of the source's
// encoding; after transcoding and cleaning it may be wrong, and then the
// quote and semicolon tell the end.
func (p *phpParser) str() (string, bool) {
	n, ok := p.count()
	if !ok || !strings.HasPrefix(p.s, `"`) {
		return "", false
	}
	p.s = p.s[1:]
	if n > len(p.s) || !strings.HasPrefix(p.s[n:], `";`) {
		if n = strings.Index(p.s, `";`); n < 0 {
			return "", false
		}
	}
	text := p.s[:n]
	p.s = p.s[n+2:]
	return text, true
}

func (p *phpParser) array(depth int) (php, bool) {
	n, ok := p.count()
	if !ok || !strings.HasPrefix(p.s, "{") {
		return php{}, false
	}
	p.s = p.s[1:]
	v := php{array: true}
	for range n {
		key, ok := p.value(depth + 1)
		if !ok || key.array {
			return php{}, false
		}
		elem, ok := p.value(depth + 1)
		if !ok {
			return php{}, false
		}
		v.keys, v.elems = append(v.keys, key.text), append(v.elems, elem)
	}
	if !strings.HasPrefix(p.s, "}") {
		return php{}, false
	}
	p.s = p.s[1:]
	return v, true
}

// get follows keys into arrays; the zero value where there is nothing.
func (v php) get(path ...string) php {
	for _, key := range path {
		var found php
		for i, k := range v.keys {
			if k == key {
				found = v.elems[i]
			}
		}
		v = found
	}
	return v
}

func (v php) int() int {
	n, _ := strconv.Atoi(v.text)
	return n
}
