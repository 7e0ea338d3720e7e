package anchor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/internal/compare"
	"dateline/internal/richtext"
)

// Found is a place in one of several texts.
type Found struct {
	Text int
	Place
}

// Seek finds what somebody quotes of a page, whose texts follow each other on it: the
// places beside which most of the quoted surroundings stands. Who quotes has read the
// page, not the text: soft hyphens, kinds of spaces, quotation marks and dashes do not
// count, and the surroundings may go beyond the block. across tells that the words are
// there, but not within one block.
func Seek(texts []richtext.Doc, exact, prefix, suffix string) (best []Found, across bool) {
	trimmed := strings.TrimFunc(exact, blank)
	if trimmed == "" {
		return nil, false
	}
	i := strings.Index(exact, trimmed)
	prefix, suffix = prefix+exact[:i], exact[i+len(trimmed):]+suffix
	want, before, after := fold(trimmed).runes, fold(prefix).runes, fold(suffix).runes

	type owner struct{ text, block, at int } // where a letter of the page comes from; block -1: between two
	var page []rune
	var of []owner
	all := make([]*text, len(texts))
	for n, doc := range texts {
		t := read(doc)
		all[n] = t
		for b := range t.blocks {
			if len(page) > 0 {
				page, of = append(page, ' '), append(of, owner{n, -1, 0})
			}
			for k, r := range t.blocks[b].runes {
				page, of = append(page, r), append(of, owner{n, b, k})
			}
		}
	}
	most := -1
	s, w := string(page), string(want)
	_, step := utf8.DecodeRuneInString(w)
	n := 0
	for at := 0; ; {
		hit := strings.Index(s[at:], w)
		if hit < 0 {
			break
		}
		n += utf8.RuneCountInString(s[at : at+hit])
		from, to := n, n+len(want)
		at += hit + step
		n++
		a, z := of[from], of[to-1]
		if a.block < 0 || a.text != z.text || a.block != z.block {
			across = true
			continue
		}
		score := 0
		for l := 0; l < len(before) && l < from && page[from-1-l] == before[len(before)-1-l]; l++ {
			score++
		}
		for r := 0; r < len(after) && to+r < len(page) && page[to+r] == after[r]; r++ {
			score++
		}
		if score > most {
			most, best = score, nil
		}
		if score == most {
			best = append(best, Found{a.text, all[a.text].widened(spot{a.block, a.at, z.at + 1})})
		}
	}
	return best, across && len(best) == 0
}

func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u00ad' || r == '\u200b' }

// widened is the place of a spot, widened where it would divide what is seen as one sign:
// a letter and its marks, an emoji of several.
func (t *text) widened(s spot) Place {
	p, raw := t.place(s), t.blocks[s.block].raw
	for p.From > 0 && joined(raw[p.From-1], raw[p.From]) {
		p.From--
	}
	for p.To < len(raw) && p.To > 0 && joined(raw[p.To-1], raw[p.To]) {
		p.To++
	}
	// Flags are pairs: count those before.
	if pair := flags(raw, p.From); pair%2 == 1 && p.From < len(raw) && flag(raw[p.From]) {
		p.From--
	}
	if pair := flags(raw, p.To); pair%2 == 1 && p.To < len(raw) && flag(raw[p.To]) {
		p.To++
	}
	return p
}

const joiner = '\u200d'

// joined reports whether two code points belong to one sign (UAX 29, extended grapheme
// clusters, without scripts of which we print nothing).
func joined(a, b rune) bool {
	return unicode.IsMark(b) || b == joiner || b >= 0x1f3fb && b <= 0x1f3ff || b >= 0xe0020 && b <= 0xe007f || a == joiner && b > 0x2000
}

func flag(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// flags counts the halves of flags right before a place.
func flags(raw []rune, at int) (n int) {
	for at-1-n >= 0 && flag(raw[at-1-n]) {
		n++
	}
	return n
}

// Reword is what somebody wants who quotes a text as its page shows it: what they left
// as they quoted it stays as it is stored.
func Reword(stored, quoted, wanted string) string {
	if string(fold(stored).runes) != string(fold(quoted).runes) {
		return wanted
	}
	raw, q := []rune(stored), []rune(quoted)
	fs, fq := fold(stored), fold(quoted)
	k := 0
	to := make([]int, len(q)+1) // where a place in the quotation is in the text
	for i := range to {
		for k < len(fq.runes) && fq.at[k] < i {
			k++
		}
		to[i] = fs.at[k]
	}
	to[0] = 0
	var out strings.Builder
	a, b := compare.Plain(quoted), compare.Plain(wanted)
	at := func(list []compare.Token) []int {
		n := make([]int, len(list)+1)
		for i, t := range list {
			n[i+1] = n[i] + utf8.RuneCountInString(t.Text)
		}
		return n
	}
	pa, pb, w := at(a), at(b), []rune(wanted)
	keep := func(from, until int) { out.WriteString(string(raw[to[from]:max(to[from], to[until])])) }
	last := 0
	for _, h := range append(compare.Words(a, b), compare.Hunk{A0: len(a), A1: len(a), B0: len(b), B1: len(b)}) {
		a0, a1, b0, b1 := pa[h.A0], pa[h.A1], pb[h.B0], pb[h.B1]
		for a0 < a1 && b0 < b1 && q[a0] == w[b0] {
			a0, b0 = a0+1, b0+1
		}
		for a0 < a1 && b0 < b1 && q[a1-1] == w[b1-1] {
			a1, b1 = a1-1, b1-1
		}
		keep(last, a0)
		out.WriteString(strings.ReplaceAll(string(w[b0:b1]), "\u00ad", ""))
		last = a1
	}
	return out.String()
}
