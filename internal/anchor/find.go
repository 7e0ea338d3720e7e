package anchor

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// all gives every place where some letters stand.
func (t *text) all(exact []rune) []spot {
	if len(exact) == 0 {
		return nil
	}
	var out []spot
	want := string(exact)
	_, step := utf8.DecodeRuneInString(want)
	for i := range t.blocks {
		s, n := t.blocks[i].str, 0
		for at := 0; ; {
			hit := strings.Index(s[at:], want)
			if hit < 0 {
				break
			}
			n += utf8.RuneCountInString(s[at : at+hit])
			out = append(out, spot{i, n, n + len(exact)})
			at += hit + step
			n++
		}
	}
	return out
}

// context is what stands around a passage, as it is compared.
type context struct {
	prefix, suffix []rune
	starts, ends   bool // it is all that stands there: the passage is near an end of its block
	cutsL, cutsR   bool // the passage begins, ends within a word
}

func contextOf(p Passage) context {
	c := context{prefix: fold(p.Prefix).runes, suffix: fold(p.Suffix).runes}
	c.starts = utf8.RuneCountInString(p.Prefix) < around
	c.ends = utf8.RuneCountInString(p.Suffix) < around
	if e := fold(p.Exact).runes; len(e) > 0 { // a space that two parts share is in the passage
		c.cutsL = len(c.prefix) > 0 && within(c.prefix[len(c.prefix)-1], e[0])
		c.cutsR = len(c.suffix) > 0 && within(e[len(e)-1], c.suffix[0])
		if e[0] == ' ' {
			c.prefix = trimRight(c.prefix)
		}
		if e[len(e)-1] == ' ' {
			c.suffix = trimLeft(c.suffix)
		}
	}
	return c
}

// within reports whether a word goes on from a to b.
func within(a, b rune) bool { return letter(a) && letter(b) }

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// whole reports whether a spot divides words where the passage did, and no others.
func (c *context) whole(t *text, s spot) bool {
	r := t.blocks[s.block].runes
	return c.cutsL == (s.from > 0 && within(r[s.from-1], r[s.from])) && c.cutsR == (s.to < len(r) && within(r[s.to-1], r[s.to]))
}

func trimRight(r []rune) []rune {
	if n := len(r); n > 0 && r[n-1] == ' ' {
		return r[:n-1]
	}
	return r
}

func trimLeft(r []rune) []rune {
	if len(r) > 0 && r[0] == ' ' {
		return r[1:]
	}
	return r
}

// side is what of a context stands beside a spot.
type side struct {
	n    int  // letters, from the passage outwards
	full bool // all of it
}

// match compares the surroundings of a spot with those of the passage.
func (c *context) match(t *text, s spot) (before, after side) {
	r := t.blocks[s.block].runes
	for before.n < len(c.prefix) && before.n < s.from && r[s.from-1-before.n] == c.prefix[len(c.prefix)-1-before.n] {
		before.n++
	}
	before.full = before.n == len(c.prefix) && (!c.starts || before.n == s.from)
	for after.n < len(c.suffix) && s.to+after.n < len(r) && r[s.to+after.n] == c.suffix[after.n] {
		after.n++
	}
	after.full = after.n == len(c.suffix) && (!c.ends || s.to+after.n == len(r))
	return before, after
}

// told reports whether either side of a passage alone tells it from the others; a place
// between two letters is told by both together.
func (t *text) told(p Passage, all []spot, home int) bool {
	c := contextOf(p)
	if len(all) == 0 {
		_, ok := t.caret(&c, home)
		return ok
	}
	before, after := 0, 0
	for _, s := range all {
		l, r := c.match(t, s)
		if l.full {
			before++
		}
		if r.full {
			after++
		}
	}
	return before <= 1 && after <= 1
}

// find weighs the places where the words of a passage stand.
func (t *text) find(p Passage) (spot, bool) {
	c := contextOf(p)
	home := t.block(p.Block)
	exact := fold(p.Exact).runes
	if len(exact) == 0 {
		return t.caret(&c, home)
	}
	all := slices.DeleteFunc(t.all(exact), func(s spot) bool { return !c.whole(t, s) })
	once := p.Once && len(all) == 1

	// In its own block.
	best, class, many := spot{}, 0, false
	for _, s := range all {
		if s.block != home {
			continue
		}
		l, r := c.match(t, s)
		n := 0
		switch {
		case l.full && r.full:
			n = 3
		case l.full && (l.n >= proof || once || c.starts && l.n >= near), r.full && (r.n >= proof || once || c.ends && r.n >= near):
			n = 2
		case once && (len(exact) >= alone || l.n >= proof || r.n >= proof || l.n >= near && r.n >= near):
			n = 1
		}
		if n > class {
			best, class, many = s, n, false
		} else if n == class {
			many = true
		}
	}
	if class > 0 {
		return best, !many && (class == 3 || !t.nearer(&c, all, best))
	}

	// In another: it was moved there, or what it stands in was.
	if home >= 0 && c.stillIn(&t.blocks[home]) {
		return spot{}, false
	}
	found, like := 0, 0
	for _, s := range all {
		l, r := c.match(t, s)
		if l.n >= near || r.n >= near { // it may be that one, with other words around it
			like++
		}
		if s.block == home {
			continue
		}
		switch {
		case l.full && l.n >= proof || r.full && r.n >= proof:
		case home < 0 && once && len(exact) >= alone:
		default:
			continue
		}
		if l.n+len(exact)+r.n < alone {
			continue
		}
		best = s
		found++
	}
	return best, found == 1 && like <= 1 && !t.elsewhere(&c, exact, best)
}

// nearer reports whether as much of what a passage stood in is in another place as beside
// the spot that was found: then either may be a copy, or what was left there when the rest
// was moved. Where both have all of one side, and only the end of a block tells them
// apart, a few letters more on the other are chance: a copy may have been joined to it.
func (t *text) nearer(c *context, all []spot, found spot) bool {
	l, r := c.match(t, found)
	return slices.ContainsFunc(all, func(s spot) bool {
		before, after := c.match(t, s)
		sum, all := before.n+after.n, l.full && before.n == l.n || r.full && after.n == r.n
		return s != found && (sum >= l.n+r.n || all && sum > l.n+r.n-near)
	})
}

// elsewhere reports whether a part of what a passage stood in is also in another place
// than the one that was found: then that may be where it was, changed since and perhaps
// joined to others, and what looks more like it is a copy.
func (t *text) elsewhere(c *context, exact []rune, found spot) bool {
	// What is not beside it may have stayed where it was, when a paragraph was divided.
	prefix, suffix := c.prefix, c.suffix
	l, r := c.match(t, found)
	if !l.full {
		prefix = prefix[max(0, len(prefix)-proof):]
	}
	if !r.full {
		suffix = suffix[:min(len(suffix), proof)]
	}
	what := slices.Concat(prefix, exact, suffix)
	rest := make([]string, 0, len(t.blocks)+1)
	for i := range t.blocks {
		if runes := t.blocks[i].runes; i == found.block {
			rest = append(rest, string(runes[:max(0, found.from-len(prefix))]), string(runes[min(len(runes), found.to+len(suffix)):]))
		} else {
			rest = append(rest, t.blocks[i].str)
		}
	}
	for from := 0; from+proof <= len(what); from++ {
		part := string(what[from : from+proof])
		if slices.ContainsFunc(rest, func(s string) bool { return strings.Contains(s, part) }) {
			return true
		}
	}
	return false
}

// near is how many letters of both sides are a word or so.
const near = 5

// stillIn reports whether the surroundings of a passage are still in its block: then
// the passage was changed there, and what is like it elsewhere is another.
func (c *context) stillIn(f *flow) bool {
	l := c.prefix[max(0, len(c.prefix)-proof):]
	r := c.suffix[:min(len(c.suffix), proof)]
	return strings.Contains(f.str, string(l)) && strings.Contains(f.str, string(r))
}

// caret finds a place between two letters: both sides must stand there.
func (t *text) caret(c *context, home int) (spot, bool) {
	both := slices.Concat(c.prefix, c.suffix)
	var fits []spot
	if len(both) == 0 {
		if home >= 0 && len(t.blocks[home].runes) == 0 {
			return spot{block: home}, true
		}
		return spot{}, false
	}
	for _, s := range t.all(both) {
		s.from += len(c.prefix)
		s.to = s.from
		if l, r := c.match(t, s); l.full && r.full {
			fits = append(fits, s)
		}
	}
	own := slices.DeleteFunc(slices.Clone(fits), func(s spot) bool { return s.block != home })
	switch {
	case len(own) > 0:
		return own[0], len(own) == 1
	case len(fits) == 1 && len(both) >= alone && (home < 0 || !c.stillIn(&t.blocks[home])):
		return fits[0], true
	}
	return spot{}, false
}
