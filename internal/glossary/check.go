package glossary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/internal/stem"
)

// Passage is a paragraph (or a line of the head) of an original, and what stands for
// it in the translation.
type Passage struct {
	ID     string
	Source string
	Target string // empty: nothing is known to stand for it; the whole translation is looked at
}

// Found is a term of the glossary that an original has.
type Found struct {
	Entry
	Passages []string // where, by their ids
	Missing  []string // those of them whose translation has neither wording
	Wrong    []string // those whose translation has one that it must never have
	Instead  string   // that one
}

// Warns reports whether the translation is to be looked at again.
func (f Found) Warns() bool { return len(f.Missing) > 0 || len(f.Wrong) > 0 }

// Check gives the terms that an original has, in the order of its text, and how the
// translation answers to them. Passages that nobody has translated yet, so that they
// still read as the original does, lack nothing.
func Check(list []Entry, from, to string, passages []Passage) []Found {
	var all strings.Builder
	sources, targets := make([][]word, len(passages)), make([][]word, len(passages))
	for i, p := range passages {
		sources[i], targets[i] = wordsOf(from, p.Source), wordsOf(to, p.Target)
		all.WriteString(p.Target)
		all.WriteString("\n")
	}
	whole := wordsOf(to, all.String())
	any := map[string]bool{} // a glossary has many more terms than an article
	for _, words := range sources {
		for _, w := range words {
			any[w.term] = true
		}
	}
	type place struct {
		Found
		passage, word int
	}
	var out []place
	for _, e := range list {
		if e.From != from || e.To != "" && e.To != to || e.From == to {
			continue
		}
		term := wordsOf(from, e.Term)
		if len(term) == 0 || !any[term[0].term] {
			continue
		}
		f := place{Found: Found{Entry: e}, passage: -1}
		for i, p := range passages {
			at := index(sources[i], term, true, false)
			if at < 0 {
				continue
			}
			if f.passage < 0 {
				f.passage, f.word = i, at
			}
			f.Passages = append(f.Passages, p.ID)
			if p.Target == p.Source {
				continue
			}
			text := targets[i]
			if strings.TrimSpace(p.Target) == "" {
				text = whole
			}
			if bad := e.wrongIn(to, text); bad != "" {
				f.Wrong, f.Instead = append(f.Wrong, p.ID), bad
			} else if !e.in(to, text) {
				f.Missing = append(f.Missing, p.ID)
			}
		}
		if f.passage >= 0 {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b place) int {
		if a.passage != b.passage {
			return a.passage - b.passage
		}
		return a.word - b.word
	})
	found := make([]Found, len(out))
	for i, f := range out {
		found[i] = f.Found
	}
	return found
}

// in reports whether a translation has one of the wordings, in any form of its words.
func (e Entry) in(to string, text []word) bool {
	if e.Stays {
		return index(text, wordsOf(to, e.Term), false, true) >= 0 || index(text, wordsOf(e.From, e.Term), false, true) >= 0
	}
	for _, v := range Variants(e.Translation) {
		if index(text, wordsOf(to, v), false, true) >= 0 {
			return true
		}
	}
	return false
}

// wrongIn is what a translation has that the term must never become.
func (e Entry) wrongIn(to string, text []word) string {
	for _, v := range Variants(e.Never) {
		if index(text, wordsOf(to, v), true, false) >= 0 {
			return v
		}
	}
	return ""
}

// word is a word of a text as it is compared.
type word struct {
	term, folded string
	capital      bool
}

func wordsOf(tag, text string) []word {
	l := stem.Of(tag)
	var out []word
	for span, term := range l.All(text) {
		written := text[span.Start:span.End]
		r, _ := utf8.DecodeRuneInString(written)
		out = append(out, word{term, l.Folded(written), unicode.IsUpper(r)})
	}
	return out
}

// index is where in a text words stand one after another, in any of their forms; -1:
// nowhere. With capitals, a word that is written with one is found only where it is;
// with endings, also where a form begins with the whole word, which is what a language
// does with names that its rules do not know.
func index(text, of []word, capitals, endings bool) int {
	if len(of) == 0 {
		return -1
	}
	for i := 0; i+len(of) <= len(text); i++ {
		if match(text[i:], of, capitals, endings) {
			return i
		}
	}
	return -1
}

func match(text, of []word, capitals, endings bool) bool {
	for k, w := range of {
		t := text[k]
		if capitals && w.capital && !t.capital {
			return false
		}
		if t.term != w.term && !(endings && utf8.RuneCountInString(w.folded) > 2 && strings.HasPrefix(t.folded, w.folded)) {
			return false
		}
	}
	return true
}
