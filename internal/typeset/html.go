package typeset

import (
	"bytes"
	"strings"
	"sync"

	"golang.org/x/net/html"

	"dateline/internal/lang"
)

// inline elements stand within a line of text; any other begins a new one.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "data": true, "del": true, "dfn": true, "em": true, "i": true, "ins": true,
	"mark": true, "q": true, "s": true, "small": true, "span": true, "strong": true, "sub": true, "sup": true, "time": true, "u": true, "wbr": true,
	"code": true, "kbd": true, "samp": true, "var": true,
}

// verbatim elements hold no text that is read as a sentence, or text that is
// copied or sent as it stands.
var verbatim = map[string]bool{
	"code": true, "kbd": true, "samp": true, "var": true, "pre": true, "head": true, "script": true, "style": true, "textarea": true, "option": true,
	"title": true, "svg": true, "math": true, "template": true, "noscript": true, "iframe": true, "xmp": true, "plaintext": true, "noembed": true, "noframes": true,
}

var void = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true,
}

// scope is an element that changes how the text in it is set.
type scope struct {
	name     string
	inside   int // open elements of the same name within
	rules    *lang.Typography
	headline bool
	off      bool
}

var setters = sync.Pool{New: func() any { return new(setter) }}

// HTML appends page, a whole document or a piece of one, to out with its text
// set. l is the language where no lang attribute says another. Tags, character
// references and everything that is not text pass as they are.
func HTML(out, page []byte, l *lang.Locale) []byte {
	s := setters.Get().(*setter)
	defer setters.Put(s)
	*s = setter{out: out, wide: s.wide[:0], at: s.at[:0], scratch: s.scratch[:0]}
	defer func() { s.out, s.rules = nil, nil }()
	scopes := []scope{{rules: l.Typography()}}
	s.use(scopes[0])
	s.block()
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		t := z.Next()
		raw := z.Raw()
		top := &scopes[len(scopes)-1]
		switch t {
		case html.ErrorToken:
			s.end()
			return append(s.out, raw...)
		case html.TextToken:
			if top.off || top.rules == nil {
				s.verbatim(raw)
			} else {
				s.text(raw, true)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			marked := bytes.Contains(raw, []byte("lang=")) || bytes.Contains(raw, []byte("translate="))
			s.out = append(s.out, raw...) // before TagName, which may write to raw
			b, more := z.TagName()
			name := string(b)
			if inline[name] {
				s.tag()
			} else {
				s.block()
			}
			if void[name] || t == html.SelfClosingTagToken {
				continue
			}
			if name == top.name {
				top.inside++
			}
			next := *top
			next.name, next.inside = name, 0
			next.off = top.off || verbatim[name]
			next.headline = top.headline || len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6'
			if marked && more {
				next.attributes(z)
			}
			if next.rules != top.rules || next.off != top.off || next.headline != top.headline {
				if name == top.name {
					top.inside--
				}
				scopes = append(scopes, next)
				s.use(next)
			}
		case html.EndTagToken:
			s.out = append(s.out, raw...)
			b, _ := z.TagName()
			name := string(b)
			if inline[name] {
				s.tag()
			} else {
				s.block()
			}
			if name != top.name || len(scopes) == 1 {
				continue
			}
			if top.inside > 0 {
				top.inside--
				continue
			}
			scopes = scopes[:len(scopes)-1]
			s.use(scopes[len(scopes)-1])
		default:
			s.out = append(s.out, raw...)
		}
	}
}

func (c *scope) attributes(z *html.Tokenizer) {
	for {
		key, value, more := z.TagAttr()
		switch string(key) {
		case "lang":
			c.rules = lang.Of(string(value)).Typography()
		case "translate":
			if strings.EqualFold(string(value), "no") {
				c.off = true
			}
		}
		if !more {
			return
		}
	}
}

var plainRules = &lang.Typography{}

// use sets the rules for the words that begin from here on.
func (s *setter) use(c scope) {
	s.rules, s.headline = c.rules, c.headline
	if s.rules == nil {
		s.rules = plainRules
	}
}

// tag is told of an inline element's tag, already written.
func (s *setter) tag() {
	if s.cur.kind != none {
		s.cur.tag = true
	}
}

// verbatim writes text as it is. It counts as one sign in its line.
func (s *setter) verbatim(raw []byte) {
	if len(raw) == 0 {
		return
	}
	start := len(s.out)
	s.out = append(s.out, raw...)
	s.read('\uFFFD', start)
	s.cur.plain = false
	s.cur.runes += len(raw) - 1
}
