package typeset

import (
	"unicode/utf8"

	"dateline/internal/lang"
)

// Text sets plain text in the language of l; headline says that it is one,
// where words are broken more sparingly. The result is plain text.
func Text(l *lang.Locale, text string, headline bool) string {
	rules := l.Typography()
	if rules == nil || text == "" {
		return text
	}
	s := &setter{out: make([]byte, 0, len(text)+len(text)/8), rules: rules, headline: headline}
	s.block()
	s.text([]byte(text), false)
	s.end()
	return string(s.out)
}

// text writes a stretch of characters; refs says that & begins a character
// reference.
func (s *setter) text(text []byte, refs bool) {
	for i := 0; i < len(text); {
		c := text[i]
		size, r := 1, rune(c)
		switch {
		case c >= utf8.RuneSelf:
			r, size = utf8.DecodeRune(text[i:])
		case c == '&' && refs:
			r, size = reference(text[i:])
		}
		written := text[i : i+size]
		i += size
		switch r {
		case ' ':
			// One space in a text. One alone between two tags may be the layout's:
			// in a flex container a no-break space would become an item.
			before, after := i >= 2, i < len(text)
			lone := size == 1 && (before || after) && !(before && space(text[i-2])) && !(after && space(text[i]))
			s.gap(written, lone, false)
		case '\t', '\n', '\f', '\r', '\u2028', '\u2029', '\u200b':
			s.gap(written, false, false)
		case nbsp, '\u202f', '\u2060':
			s.gap(written, false, true)
		default:
			s.out = append(s.out, written...)
			s.read(r, len(s.out)-size)
		}
	}
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' }

// reference reads a character reference as html/template and richtext write
// them; any other counts as a sign that is no letter.
func reference(text []byte) (rune, int) {
	n := 0
	for n < len(text) && n < 12 && text[n] != ';' {
		n++
	}
	if n == len(text) || n == 12 {
		return '&', 1
	}
	switch string(text[1:n]) {
	case "nbsp", "#160", "#xa0", "#xA0":
		return nbsp, n + 1
	case "shy", "#173", "#xad", "#xAD":
		return shy, n + 1
	case "#39", "#34", "quot", "apos", "lt", "gt", "amp":
		return '"', n + 1
	case "#43":
		return '+', n + 1
	}
	return '\uFFFD', n + 1
}
