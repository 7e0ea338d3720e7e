package typeset

import (
	"unicode"
	"unicode/utf8"

	"dateline/internal/lang"
)

const (
	nbsp = '\u00a0'
	shy  = '\u00ad'

	// maxStretch is how many letters may stand together without a place to
	// break before no further word is tied to them: a narrow column holds so
	// many at least.
	maxStretch = 28
	// maxCore is the longest word that a list can hold, in bytes; longer ones
	// are in none.
	maxCore = 24
)

type kind uint8

const (
	none    kind = iota
	letters      // and whatever is no other kind
	number       // 5 · 1,5 · 10–12 · 09:40
	dash         // — or – alone
	initial      // А. or А.Б.
)

// word is what stands between two spaces.
type word struct {
	kind               kind
	rules              *lang.Typography
	head               bool // in a headline
	start              int  // in setter.out
	limit              int  // where its text ends there, before any tag within or behind it
	runes              int  // without soft hyphens
	core               [maxCore]byte
	n                  int  // of core; more than maxCore: it is longer
	open               bool // something stands before the core: «
	tail               rune // the last rune after the core, 0 for none
	stop               bool // the core is followed by a full stop
	big                bool // begins with a capital
	digit              bool // begins with a digit
	plain              bool // letters and hyphens alone
	tag                bool // an element begins or ends inside or right behind
	torn               bool // it goes on behind that
	sign               bool // of signs so far: $5
	soft               bool // has soft hyphens
	count, upper, dots int  // letters, capitals, full stops: of initials as many as of the others
	alone              bool // first in its block
}

// setter writes text with its spaces set. Its zero value is not ready: use
// reset.
type setter struct {
	out      []byte
	rules    *lang.Typography
	headline bool

	prev, cur word
	space     int // where the one space between prev and cur stands in out; -1: none that may be tied
	stretch   int // runes since the line could break last
	first     bool
	wide      []rune
	at        []int
	scratch   []byte
}

// block starts a new line of text: what was before has nothing to do with it.
func (s *setter) block() {
	s.end()
	s.prev = word{}
	s.space, s.stretch, s.first = -1, 0, true
}

// gap ends the word and writes the space behind it. lone: it is one U+0020
// that may be tied; fixed: it is one that does not break.
func (s *setter) gap(text []byte, lone, fixed bool) {
	had := s.cur.kind != none
	s.end()
	s.space = -1
	switch {
	case fixed:
		s.stretch++
	case lone && had:
		s.space = len(s.out)
	default:
		s.stretch = 0
	}
	s.out = append(s.out, text...)
}

// end closes the word that is being read: ties it to the one before and gives
// it its places to break.
func (s *setter) end() {
	w := &s.cur
	if w.kind == none {
		return
	}
	s.classify(w)
	if s.space >= 0 {
		if s.prev.kind != none && s.stretch+1+w.runes <= maxStretch && tied(&s.prev, w) {
			s.out = append(s.out, 0)
			copy(s.out[s.space+2:], s.out[s.space+1:])
			s.out[s.space], s.out[s.space+1] = 0xC2, 0xA0
			w.start++
			w.limit++
			s.stretch++
		} else {
			s.stretch = 0
		}
	}
	s.stretch += w.runes
	s.hyphenate(w)
	s.prev, s.cur = s.cur, word{}
	s.space = -1
}

// read adds a rune to the word. It has been written already, at start.
func (s *setter) read(r rune, start int) {
	w := &s.cur
	if w.kind == none {
		w.kind, w.start, w.plain, w.alone = letters, start, true, s.first
		w.rules, w.head = s.rules, s.headline
		s.first = false
	}
	if r == shy {
		w.soft = true
		return
	}
	w.runes++
	lower, letter := small(r)
	switch {
	case letter:
		w.count++
		if upper := lower != r; upper {
			w.upper++
			w.big = w.big || w.n == 0
		}
		s.core(lower)
	case r >= '0' && r <= '9':
		w.digit = w.digit || w.n == 0 || w.sign
		w.plain = false
		s.core(r)
	case sign(r):
		w.sign = w.n == 0 || w.sign
		w.plain = false
		s.core(r)
		return
	case w.n == 0 && w.tail == 0 && r != '—' && r != '–':
		w.open = true
		if r == '@' || r == '/' || r == '#' || r == '\\' || r > 0xF8FF {
			w.plain = false
		}
	default:
		w.tail = r
		if r == '.' {
			w.dots++
		}
		w.stop = r == '.' // the last one counts
	}
	w.sign = false
	if !w.tag {
		w.limit = len(s.out)
	}
}

// small gives the small letter of r; false: it is no letter. The branches
// before the last are most of all text.
func small(r rune) (rune, bool) {
	switch {
	case r >= 'a' && r <= 'z':
		return r, true
	case r < utf8.RuneSelf:
		return r | 0x20, r >= 'A' && r <= 'Z'
	case r >= 'а' && r <= 'я':
		return r, true
	case r >= 'А' && r <= 'Я':
		return r + 'а' - 'А', true
	case r >= 0x450 && r <= 0x45f: // ё, і
		return r, true
	case r >= 0x400 && r <= 0x40f:
		return r + 0x50, true
	case r >= 0x48a && r <= 0x4bf, r >= 0x4d0 && r <= 0x52f: // ә ғ қ ң ө ұ ү һ: capitals are even
		return r | 1, true
	}
	return unicode.ToLower(r), unicode.IsLetter(r) || unicode.IsMark(r)
}

// sign reports whether r is written as part of a number or before one.
func sign(r rune) bool {
	switch r {
	case '№', '§', '%', '‰', '°', '²', '³', '$':
		return true
	}
	return r > 0xA0 && unicode.Is(unicode.Sc, r)
}

// core adds a rune that belongs to the word itself, with what stood between.
func (s *setter) core(r rune) {
	w := &s.cur
	if t := w.tail; t != 0 {
		if t != '-' && t != '‑' {
			w.plain = false
		}
		s.put(t)
		w.tail, w.stop = 0, false
	}
	w.torn = w.torn || w.tag
	s.put(r)
}

func (s *setter) put(r rune) {
	w := &s.cur
	if w.n >= maxCore || w.n+utf8.RuneLen(r) > maxCore {
		w.n = maxCore + 1
		return
	}
	w.n += utf8.EncodeRune(w.core[w.n:], r)
}

// classify says what a finished word is.
func (s *setter) classify(w *word) {
	switch {
	case w.n == 0 && w.runes == 1 && (w.tail == '—' || w.tail == '–'):
		w.kind = dash
	case w.stop && w.upper > 0 && w.upper <= 3 && w.upper == w.dots && w.upper == w.count && !w.digit:
		w.kind = initial
	case w.digit && w.n <= maxCore:
		w.kind = number
		for _, c := range w.core[:w.n] {
			if c >= 'a' && c <= 'z' || c >= 0xC3 && c != 0xE2 { // letters; 0xE2 begins – and −
				w.kind = letters
				return
			}
		}
	}
}

// tied reports whether the space between two words must not break.
func tied(a, b *word) bool {
	t := a.rules
	switch {
	case b.kind == dash:
		return b.rules.Dashes
	case a.kind == dash:
		return t.Dashes && a.alone // speech: — Бар, — деді ол.
	case a.kind == initial:
		return b.big
	case b.kind == initial && a.big && a.tail == 0 && a.kind == letters:
		return true // Иванов А.
	case a.kind == number && a.tail == 0:
		if b.open || b.n == 0 || b.n > maxCore {
			return false
		}
		if b.kind == number && !b.digitGroup() {
			return false
		}
		if b.kind == number {
			return a.groupHead()
		}
		if t.Units[string(b.core[:b.n])] || symbol(b.core[:b.n]) {
			return true
		}
		return b.runes <= t.NumberWord && b.plain && !b.big && !t.Next[string(b.core[:b.n])]
	}
	if a.n == 0 || a.n > maxCore || b.n == 0 {
		return false
	}
	if (b.digit || b.big) && (a.tail == 0 || a.stop) {
		var buf [maxCore + 1]byte
		key := append(buf[:0], a.core[:a.n]...)
		if a.stop {
			key = append(key, '.')
		}
		if t.Abbreviations[string(key)] {
			return true
		}
	}
	if a.tail == 0 && t.Next[string(a.core[:a.n])] {
		return true
	}
	return !b.open && b.n > 0 && b.n <= maxCore && !ends(a.tail) && b.rules.Previous[string(b.core[:b.n])]
}

// ends reports whether a mark divides what is before from what is after it.
func ends(r rune) bool {
	switch r {
	case '.', ',', ';', ':', '!', '?', '…', '—', '–':
		return true
	}
	return false
}

// digitGroup: three digits, as in 10 000; groupHead: what can stand before.
func (w *word) digitGroup() bool { return w.runes-tailLen(w) == 3 && w.n == 3 }

func (w *word) groupHead() bool { return w.n <= 3 && !w.open }

func tailLen(w *word) int {
	if w.tail != 0 {
		return w.runes - 3 // any marks behind the three digits
	}
	return 0
}

// symbol reports whether a unit is written as a sign: %, °C, ₸.
func symbol(core []byte) bool {
	r, _ := utf8.DecodeRune(core)
	return r == '%' || r == '‰' || r == '°' || r > 0xA0 && unicode.Is(unicode.Sc, r) || r == '$'
}

// hyphenate gives a long word soft hyphens between its syllables.
func (s *setter) hyphenate(w *word) {
	h := w.rules.Hyphens
	if h == nil || !w.plain || w.torn || w.soft {
		return
	}
	least := h.Word
	if w.head {
		least = h.Headline
	}
	if least == 0 || w.runes < least {
		return
	}
	s.scratch = append(s.scratch[:0], s.out[w.start:]...)
	word, behind := s.scratch[:w.limit-w.start], s.scratch[w.limit-w.start:]
	s.out = s.out[:w.start]
	for rest := word; len(rest) > 0; {
		// One part of a compound, or what is between.
		s.wide = s.wide[:0]
		n := 0
		for n < len(rest) {
			r, size := utf8.DecodeRune(rest[n:])
			if !unicode.IsLetter(r) {
				break
			}
			s.wide = append(s.wide, r)
			n += size
		}
		if n == 0 {
			_, size := utf8.DecodeRune(rest)
			s.out = append(s.out, rest[:size]...)
			rest = rest[size:]
			continue
		}
		rest = rest[n:]
		s.at = s.at[:0]
		if len(s.wide) >= least {
			s.at = h.Breaks(s.at, s.wide)
		}
		if r, _ := utf8.DecodeRune(rest); unicode.IsMark(r) { // a mark on the last letter: no letter of ours
			s.at = s.at[:0]
		}
		next := 0
		for i, r := range s.wide {
			if next < len(s.at) && s.at[next] == i {
				s.out = utf8.AppendRune(s.out, shy)
				next++
			}
			s.out = utf8.AppendRune(s.out, r)
		}
	}
	s.out = append(s.out, behind...)
}
