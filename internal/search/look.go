package search

import "dateline/internal/stem"

// Look finds the words of a query in texts.
type Look struct {
	l     *stem.Language
	terms map[string]bool
	begun []*beginning
}

func newLook(l *stem.Language) Look { return Look{l: l, terms: map[string]bool{}} }

func (k *Look) add(terms []string) {
	for _, t := range terms {
		k.terms[t] = true
	}
}

// In gives the look for an article with these texts. Of a beginning of a word it
// finds the words that begin so; in an article that has none of them, and was
// found by another form of such a word, it finds that.
func (k *Look) In(texts ...string) Look {
	out := *k
	out.begun = nil
	for _, b := range k.begun {
		if one := (Look{l: k.l, begun: []*beginning{b}}); !one.anywhere(texts) {
			loose := *b
			loose.loose = true
			b = &loose
		}
		out.begun = append(out.begun, b)
	}
	return out
}

func (k *Look) anywhere(texts []string) bool {
	for _, text := range texts {
		text = scanned(text)
		for at, term := range k.l.All(text) {
			if k.word(term, text[at.Start:at.End]) != "" {
				return true
			}
		}
	}
	return false
}

// word is the word, or the beginning of one, of the query that a word of a text
// meets, given its term; empty: none.
func (k *Look) word(term, written string) string {
	if k.terms[term] {
		return term
	}
	for _, b := range k.begun {
		if b.terms[term] && (b.loose || b.of(b.l.Folded(written))) {
			return b.letters
		}
	}
	return ""
}
