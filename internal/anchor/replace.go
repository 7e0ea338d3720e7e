package anchor

import (
	"slices"
	"strings"
	"unicode/utf8"

	"dateline/internal/compare"
	"dateline/internal/fault"
	"dateline/internal/richtext"
)

// Replace puts a text in the place of a passage. Words that stay keep their marks, new
// ones have the marks that all have which they replace, or that both their neighbours
// have; a footnote's reference among them stays behind them. A block of which nothing
// is left goes, unless something refers to it.
//
// It is a Conflict if the passage is not there any more, and Invalid if the body cannot
// say what is wanted: nothing is changed then.
func Replace(doc richtext.Doc, p Passage, text string) (richtext.Doc, error) {
	place, ok := Find(doc, p)
	if !ok {
		return richtext.Doc{}, fault.New(fault.Conflict, "replacing a passage: it is not there any more")
	}
	at := slices.IndexFunc(doc.Blocks, func(k richtext.Block) bool { return k.ID == place.Block })
	k := richtext.Clone(doc.Blocks[at])
	was := []rune(richtext.Doc{Blocks: doc.Blocks[at : at+1]}.Text())
	text = richtext.Plain(text)
	if !put(&k, place.From, place.To, text) {
		return richtext.Doc{}, fault.Field("text", "replacing a passage: it is not in one row of words")
	}
	want := string(was[:place.From]) + text + string(was[place.To:])

	out := richtext.Doc{Blocks: slices.Clone(doc.Blocks)}
	out.Blocks[at] = k
	gone := strings.TrimSpace(want) == "" && !holds(&k)
	if gone {
		if refers(doc, k.ID) {
			return richtext.Doc{}, fault.New(fault.Conflict, "replacing a passage: nothing would be left of a block that is referred to")
		}
		out.Blocks = slices.Delete(out.Blocks, at, at+1)
	}
	stored := out.Store()
	tidy, notes := richtext.FromHTML(stored, richtext.Options{})
	if len(notes) > 0 || len(tidy.Blocks) != len(out.Blocks) {
		return richtext.Doc{}, fault.Field("text", "replacing a passage: the body cannot hold it")
	}
	for i := range tidy.Blocks {
		one, other := richtext.Doc{Blocks: tidy.Blocks[i : i+1]}, richtext.Doc{Blocks: out.Blocks[i : i+1]}
		if i == at && !gone {
			if tidy.Blocks[i].Kind != k.Kind || squeezed(one.Text()) != squeezed(want) {
				return richtext.Doc{}, fault.Field("text", "replacing a passage: the body cannot hold it as it is")
			}
			continue
		}
		if one.Store() != other.Store() {
			return richtext.Doc{}, fault.Field("text", "replacing a passage: other blocks would change")
		}
	}
	return tidy, nil
}

// squeezed is a text without regard to how much white space there is.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// holds reports whether there is something in a block besides its text.
func holds(k *richtext.Block) bool {
	switch k.Kind {
	case richtext.Paragraph, richtext.Heading, richtext.Pull, richtext.Footnote:
		return len(k.Inline) > 0
	case richtext.Code:
		return k.Text != ""
	}
	return true
}

// refers reports whether a body has a link or a reference to a block.
func refers(doc richtext.Doc, id string) bool {
	for i := range doc.Blocks {
		k := richtext.Clone(doc.Blocks[i])
		for _, r := range richtext.Runs(&k) {
			if r.Spans == nil {
				continue
			}
			for _, s := range *r.Spans {
				if s.Href == "#"+id || s.Kind == richtext.NoteRef && s.Text == id {
					return true
				}
			}
		}
	}
	return false
}

// put replaces a stretch of a block's text; false: it is not within one row of words.
func put(k *richtext.Block, from, to int, text string) bool {
	for _, r := range richtext.Runs(k) {
		if from < r.From || to > r.From+r.Len() {
			continue
		}
		from, to := from-r.From, to-r.From
		if r.Text != nil {
			if k.Kind == richtext.Card && strings.Contains(text, "\n") {
				return false
			}
			was := []rune(*r.Text)
			*r.Text = string(was[:from]) + text + string(was[to:])
			return true
		}
		left, rest := cut(*r.Spans, from, true)
		mid, right := cut(rest, to-from, false)
		*r.Spans = richtext.Normal(slices.Concat(left, replaced(left, mid, right, text), right))
		return true
	}
	return false
}

// cut divides words behind n code points. References to notes that stand there are in
// the first part if first is set.
func cut(spans []richtext.Span, n int, first bool) (left, right []richtext.Span) {
	for i, s := range spans {
		size := richtext.Len(spans[i : i+1])
		switch {
		case size == 0 && (n > 0 || first), size > 0 && size <= n:
			left = append(left, s)
			n -= size
			continue
		case size == 0 || n == 0:
		default: // in the middle of a text
			at := 0
			for range n {
				_, size := utf8.DecodeRuneInString(s.Text[at:])
				at += size
			}
			head, tail := s, s
			head.Text, tail.Text = s.Text[:at], s.Text[at:]
			left = append(left, head)
			right = append(right, tail)
			return left, append(right, spans[i+1:]...)
		}
		return left, append(right, spans[i:]...)
	}
	return left, right
}

// replaced gives the words of text the marks of those that they replace.
func replaced(left, mid, right []richtext.Span, text string) []richtext.Span {
	old := compare.Tokens(mid)
	var want []compare.Token
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			want = append(want, compare.Token{Kind: richtext.Break})
		}
		want = append(want, compare.Plain(line)...)
	}
	var out []richtext.Span
	i := 0
	for _, h := range append(compare.Words(old, want), compare.Hunk{A0: len(old), A1: len(old), B0: len(want), B1: len(want)}) {
		out = append(out, old[i:h.A0]...)
		i = h.A1
		var marks []compare.Token // those whose marks the new words have in common
		for _, t := range old[h.A0:h.A1] {
			if t.Kind == richtext.Text {
				marks = append(marks, t)
			}
		}
		if len(marks) == 0 {
			before, after := left, append(slices.Clone(old[h.A1:]), right...)
			if h.A0 > 0 {
				before = old[:h.A0]
			}
			if len(before) > 0 && len(after) > 0 {
				marks = append(marks, before[len(before)-1], after[0])
			} else {
				marks = append(marks, compare.Token{})
			}
		}
		for _, t := range want[h.B0:h.B1] {
			out = append(out, marked(t, marks))
		}
		for _, t := range old[h.A0:h.A1] {
			if t.Kind == richtext.NoteRef {
				out = append(out, t)
			}
		}
	}
	return out
}

// marked gives a token the marks that all of some others have. What an abbreviation is
// short for is said of it alone.
func marked(t compare.Token, like []compare.Token) compare.Token {
	s := like[0]
	for _, l := range like[1:] {
		s.Marks &= l.Marks
		if l.Href != s.Href {
			s.Marks &^= richtext.Link
		}
		if l.Lang != s.Lang {
			s.Marks &^= richtext.Language
		}
	}
	t.Marks = s.Marks &^ richtext.Abbr
	if t.Marks&richtext.Link != 0 {
		t.Href = s.Href
	}
	if t.Marks&richtext.Language != 0 {
		t.Lang = s.Lang
	}
	return t
}
