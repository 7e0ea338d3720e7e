package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/internal/stem"
)

// Piece is a piece of a text: one of the words looked for, or what stands
// between them.
type Piece struct {
	Text   string
	Marked bool
}

// snippetLetters is about how long a snippet is, three lines of a list;
// contextLetters stand before its first word; scanBytes are looked through.
const (
	snippetLetters = 230
	contextLetters = 50
	scanBytes      = 256 << 10
)

// bytesFor is how many bytes of a text have so many letters: counted in bytes a
// Russian snippet would be half as long as an English one.
func bytesFor(text string, letters int) int {
	start := text[:min(len(text), 2048)]
	return letters * len(start) / max(utf8.RuneCountInString(start), 1)
}

// Mark marks the words in a whole text.
func (k *Look) Mark(text string) []Piece {
	var out []Piece
	last := 0
	for at, term := range k.l.All(text) {
		if k.word(term, text[at.Start:at.End]) != "" {
			out = pieces(out, text[last:at.Start], text[at.Start:at.End])
			last = at.End
		}
	}
	return pieces(out, text[last:], "")
}

func pieces(out []Piece, plain, marked string) []Piece {
	if plain != "" {
		out = append(out, Piece{Text: plain})
	}
	if marked != "" {
		out = append(out, Piece{Text: marked, Marked: true})
	}
	return out
}

// Tells reports whether a text has one of the words that others, noted in told,
// have not, and notes its own.
func (k *Look) Tells(text string, told map[string]bool) bool {
	news := false
	text = scanned(text)
	for at, term := range k.l.All(text) {
		if word := k.word(term, text[at.Start:at.End]); word != "" && !told[word] {
			told[word], news = true, true
		}
	}
	return news
}

func scanned(text string) string {
	if len(text) > scanBytes {
		return strings.ToValidUTF8(text[:scanBytes], "")
	}
	return text
}

// Snippet cuts the passage with most of the words out of a text. Empty: none
// of the words stands in it.
func (k *Look) Snippet(text string) []Piece {
	text = scanned(text)
	var hits []stem.Span
	var terms []string
	for at, term := range k.l.All(text) {
		if k.word(term, text[at.Start:at.End]) != "" {
			hits, terms = append(hits, at), append(terms, term)
		}
	}
	if len(hits) == 0 {
		return nil
	}
	size, context := bytesFor(text, snippetLetters), bytesFor(text, contextLetters)
	best, most := 0, -1
	for i := range hits {
		different := map[string]bool{}
		n := 0
		for j := i; j < len(hits) && hits[j].End-hits[i].Start < size-context; j++ {
			different[terms[j]] = true
			n++
		}
		if v := 10*len(different) + min(n, 9); v > most {
			best, most = i, v
		}
	}
	from := wordStart(text, max(hits[best].Start-context, 0), context)
	to := wordEnd(text, min(from+size, len(text)), context)
	var out []Piece
	last := from
	for _, h := range hits {
		if h.Start >= last && h.End <= to {
			out = pieces(out, line(text, last, h.Start), text[h.Start:h.End])
			last = h.End
		}
	}
	out = pieces(out, line(text, last, to), "")
	if from > 0 {
		out = append([]Piece{{Text: "… "}}, out...)
	}
	if to < len(text) {
		out = append(out, Piece{Text: " …"})
	}
	return out
}

// line gives a part of a text in one line. Where a line ends without a stop, as
// headings do, a dot says that the next does not go on with it.
func line(text string, from, to int) string {
	var b strings.Builder
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsSpace(r) {
			b.WriteString(text[i : i+size])
			i += size
			continue
		}
		end := i + len(text[i:to]) - len(strings.TrimLeftFunc(text[i:to], unicode.IsSpace))
		if strings.ContainsAny(text[i:end], "\n\t") && unstopped(text[:i]) && end < len(text) {
			b.WriteString(" ·")
		}
		b.WriteByte(' ')
		i = end
	}
	return b.String()
}

// unstopped reports whether a text ends without a mark of punctuation, closing
// quotation marks and brackets aside.
func unstopped(text string) bool {
	text = strings.TrimRightFunc(text, func(r rune) bool { return unicode.In(r, unicode.Pe, unicode.Pf, unicode.Pi) || r == '"' })
	r, _ := utf8.DecodeLastRuneInString(text)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// wordStart moves i forward to the start of a word, if one begins soon: within
// the given bytes.
func wordStart(text string, i, within int) int {
	if i == 0 {
		return 0
	}
	for !utf8.RuneStart(text[i]) {
		i++
	}
	if j := strings.IndexFunc(text[i:], unicode.IsSpace); j >= 0 && j < within-10 {
		i += j
		return i + len(text[i:]) - len(strings.TrimLeftFunc(text[i:], unicode.IsSpace))
	}
	return i
}

// wordEnd moves i back to the end of a word, as far as that.
func wordEnd(text string, i, within int) int {
	if i == len(text) {
		return i
	}
	for i > 0 && !utf8.RuneStart(text[i]) {
		i--
	}
	if j := strings.LastIndexFunc(text[:i], unicode.IsSpace); j > i-within && j > 0 {
		return len(strings.TrimRightFunc(text[:j], unicode.IsSpace))
	}
	return i
}
