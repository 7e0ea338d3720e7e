package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// Plain takes out of s what no text needs and some programs trip over: control
// characters but tab and line feed, NUL, non-characters, byte order marks,
// bidirectional embeddings and overrides; isolates stay if they are balanced.
// Line ends become "\n", bytes that are not UTF-8 become U+FFFD. The result is
// in Unicode normal form C.
func Plain(s string) string {
	if !plainClean(s) {
		s = plainSlow(s)
	}
	return nfc(s)
}

func plainSlow(s string) string {
	keep := balanced(s)
	var sb strings.Builder
	sb.Grow(len(s))
	for i, r := range s {
		switch {
		case r == '\r':
			if !strings.HasPrefix(s[i+1:], "\n") {
				sb.WriteByte('\n')
			}
		case r == '\n' || r == '\t':
			sb.WriteRune(r)
		case r >= 0x2066 && r <= 0x2069:
			if keep {
				sb.WriteRune(r)
			}
		case r == 0x2028 || r == 0x2029:
			sb.WriteByte('\n')
		case !banned(r):
			sb.WriteRune(r)
		}
	}
	return sb.String()
}

// banned reports characters that no body, headline or name may contain.
func banned(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r < 0x200b:
		return false
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029:
		return true
	case r == 0xfeff, r >= 0xfff9 && r <= 0xfffb, r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
		return true
	}
	return false
}

// strip takes the banned characters out of s.
func strip(s string) string {
	if plainClean(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if banned(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// line makes a title, credit or alternative text of s: one line, bounded.
func line(s string) string {
	if s == "" {
		return ""
	}
	return Excerpt(nfc(strip(fold(s))), maxTitle)
}

// cutSeparator cuts at U+2028 or U+2029, line ends that some editors paste.
func cutSeparator(s string) (left, right string, ok bool) {
	i := strings.IndexAny(s, "\u2028\u2029")
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+3:], true
}

// plainClean reports whether s is valid UTF-8 without banned characters
// (tabs and line feeds are none).
func plainClean(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < 0x20 && c != '\n' && c != '\t' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		// two bytes, U+00C0 and up: letters, never banned
		if c >= 0xc3 && c < 0xe0 && i+1 < len(s) && s[i+1]&0xc0 == 0x80 {
			i += 2
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || banned(r) {
			return false
		}
		i += n
	}
	return true
}

// nfc is norm.NFC.String with a quick way for the alphabets that most texts
// are written in: there no letter below U+0300, of Cyrillic (but its combining
// marks) or of common punctuation can compose or decompose.
func nfc(s string) string {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c < 0xcc: // ASCII and U+0080–U+02FF
			i++
		case (c == 0xd0 || c == 0xd1) && i+1 < len(s), // U+0400–U+047F
			(c == 0xd3 || c == 0xd2 && i+1 < len(s) && s[i+1] >= 0x8a) && i+1 < len(s): // U+048A–U+04FF
			i += 2
		case c == 0xe2 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2] >= 0x90: // U+2010–U+203F
			i += 3
		default:
			if norm.NFC.IsNormalString(s) {
				return s
			}
			return norm.NFC.String(s)
		}
	}
	return s
}

func balanced(s string) bool {
	depth := 0
	for _, r := range s {
		switch {
		case r >= 0x2066 && r <= 0x2068:
			depth++
		case r == 0x2069:
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// fold returns s on one line: runs of white space become one space.
func fold(s string) string {
	s = strings.TrimSpace(s)
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == ' ' && s[i+1] <= ' ' {
			return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
				return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f'
			}), " ")
		}
	}
	return s
}

// InlineText returns the text of strangers' HTML on one line: entities decoded,
// tags, scripts and styles gone, white space folded. For headlines, captions
// and names.
func InlineText(src string) string {
	if !strings.ContainsAny(src, "<&") {
		return fold(Plain(src))
	}
	z := html.NewTokenizer(strings.NewReader(src))
	var buf []byte
	drop := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return fold(Plain(string(buf)))
		case html.TextToken:
			if !drop {
				buf = append(buf, z.Text()...)
			}
			drop = false
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			drop = rawText(a)
			if !inlineElement(a) && !drop {
				buf = append(buf, ' ')
			}
		case html.EndTagToken:
			drop = false
			name, _ := z.TagName()
			if a := atom.Lookup(name); !inlineElement(a) && !rawText(a) {
				buf = append(buf, ' ')
			}
		}
	}
}

// rawText tells the elements whose content the tokenizer hands over as one
// text that is not the author's words.
func rawText(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript,
		atom.Title, atom.Textarea, atom.Xmp:
		return true
	}
	return false
}

func inlineElement(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.I, atom.Em, atom.Strong, atom.Span, atom.S, atom.U, atom.Sub, atom.Sup,
		atom.Small, atom.Big, atom.Font, atom.Abbr, atom.Acronym, atom.Q, atom.Bdi, atom.Bdo, atom.Cite,
		atom.Code, atom.Kbd, atom.Samp, atom.Var, atom.Mark, atom.Del, atom.Ins, atom.Strike, atom.Tt,
		atom.Time, atom.Wbr, atom.Nobr, atom.Dfn, atom.Data, atom.Ruby, atom.Rb, atom.Label:
		return true
	}
	return false
}

// Excerpt returns the beginning of a plain text on one line, at most max
// letters (code points) with the "…" that stands for the rest. It cuts at a
// word if the text has words, and never within what is seen as one letter.
func Excerpt(text string, max int) string {
	if max < 1 {
		return ""
	}
	text = fold(beginning(text, max))
	if len(text) <= max {
		return text
	}
	// cut: byte offset after max-1 code points; space: last space before it
	n, cut, space, spaceN := 0, -1, -1, 0
	for i, r := range text {
		if n == max-1 && cut < 0 {
			cut = i
		}
		if n <= max-1 && r == ' ' {
			space, spaceN = i, n
		}
		if n++; n > max {
			break
		}
	}
	if n <= max {
		return text
	}
	if space > 0 && (spaceN*2 >= max || !spaceless(text[space+1:])) {
		cut = space
	} else {
		for cut > 0 && !letterStart(text, cut) {
			_, size := utf8.DecodeLastRuneInString(text[:cut])
			cut -= size
		}
	}
	head := strings.TrimRightFunc(text[:cut], func(r rune) bool {
		return r == ' ' || strings.ContainsRune(",;:.…–—-([{«„“‘\u00a0", r)
	})
	return head + "…"
}

// beginning gives at least the first max+1 letters of a text as fold leaves
// them, or all of it: a book is not folded for its first lines.
func beginning(text string, max int) string {
	text = strings.TrimSpace(text)
	n, space := 0, false
	for i, r := range text {
		was := space
		if space = r == ' ' || r < ' '; space && was {
			continue
		}
		if n > max+1 && !space {
			return text[:i]
		}
		n++
	}
	return text
}

// spaceless reports whether a text begins in a script written without spaces.
func spaceless(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao,
		unicode.Khmer, unicode.Myanmar)
}

// letterStart reports whether a letter as the reader sees it may begin at byte
// i: the rules of UAX #29 §3.1.1 that matter for cutting, to the safe side.
func letterStart(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	prev, _ := utf8.DecodeLastRuneInString(s[:i])
	switch {
	case unicode.In(r, unicode.M), r == 0x200d, r == 0x200c: // GB9, GB9a
		return false
	case r >= 0x1f3fb && r <= 0x1f3ff, r >= 0xe0020 && r <= 0xe007f: // emoji modifiers, tags
		return false
	case prev == 0x200d: // GB11
		return false
	case unicode.Is(unicode.M, prev) && unicode.Is(unicode.L, r) && virama(prev): // GB9c
		return false
	case r >= 0x1160 && r <= 0x11ff: // GB6–8, Hangul vowels and finals
		return false
	case regional(r) && regional(prev): // GB12: even number before
		n := 0
		for j := i; j > 0; n++ {
			p, size := utf8.DecodeLastRuneInString(s[:j])
			if !regional(p) {
				break
			}
			j -= size
		}
		return n%2 == 0
	}
	return true
}

func regional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

func virama(r rune) bool { return norm.NFC.PropertiesString(string(r)).CCC() == 9 }

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

func countWords(s string) int {
	n, in := 0, false
	for _, r := range s {
		switch {
		case r == ' ' || r == '\n' || r == '\t' || r == 0xa0:
			in = false
		case !in && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			in = true
			n++
		}
	}
	return n
}
