package correction

import (
	"slices"
	"strings"

	"dateline/internal/anchor"
	"dateline/internal/article"
	"dateline/internal/compare"
	"dateline/internal/fault"
	"dateline/internal/richtext"
)

// Change is a row of words as it was and as it is.
type Change struct {
	Part string // headline, standfirst, kicker, caption, text
	Runs []compare.Run
}

// mostChanges is how many rows are shown: a text that was written anew is not told
// word by word.
const mostChanges = 40

// differences gives the rows of words in which two revisions differ; of a correction with
// a passage those of its block.
func differences(before, after article.Content, p *anchor.Passage) ([]Change, error) {
	docs, err := bodies(before, after)
	if err != nil {
		return nil, err
	}
	var out []Change
	if p == nil {
		for _, f := range []struct{ part, old, new string }{{"kicker", before.Kicker, after.Kicker}, {"headline", before.Headline, after.Headline},
			{"standfirst", before.Standfirst, after.Standfirst}, {"caption", caption(before.Lead), caption(after.Lead)}} {
			if f.old != f.new {
				out = append(out, Change{f.part, compare.Line(f.old, f.new)})
			}
		}
	}
	for _, b := range compare.Bodies(docs[0], docs[1]) {
		if b.Op == compare.Same || p != nil && b.ID != p.Block {
			continue
		}
		for _, r := range b.Rows {
			if r.Op != compare.Same && !slices.Contains([]string{"picture", "address"}, r.Part) {
				out = append(out, Change{"text", r.Runs})
			}
		}
	}
	return out[:min(len(out), mostChanges)], nil
}

func bodies(list ...article.Content) ([]richtext.Doc, error) {
	out := make([]richtext.Doc, len(list))
	for i, c := range list {
		var err error
		if out[i], err = richtext.Parse(c.Body); err != nil {
			return nil, fault.New(fault.Internal, "the body of a revision: %w", err)
		}
	}
	return out, nil
}

func caption(m *article.MediaRef) string {
	if m == nil {
		return ""
	}
	return strings.TrimSpace(m.Caption)
}

// passageOf is what was changed between two revisions, as it stands in the later one:
// nil where that is not within one block, or where something besides it changed.
func passageOf(before, after article.Content) (*anchor.Passage, error) {
	if before.Kicker != after.Kicker || before.Headline != after.Headline || before.Standfirst != after.Standfirst || caption(before.Lead) != caption(after.Lead) {
		return nil, nil
	}
	docs, err := bodies(before, after)
	if err != nil {
		return nil, err
	}
	var one *compare.Block
	for _, b := range compare.Bodies(docs[0], docs[1]) {
		if b.Op == compare.Same {
			continue
		}
		if one != nil || b.Old == nil || b.New == nil {
			return nil, nil
		}
		one = &b
	}
	if one == nil {
		return nil, nil
	}
	old, now := []rune(words(one.Old)), []rune(words(one.New))
	from, end := 0, 0
	for from < len(old) && from < len(now) && old[from] == now[from] {
		from++
	}
	for end < len(old)-from && end < len(now)-from && old[len(old)-1-end] == now[len(now)-1-end] {
		end++
	}
	to := len(now) - end
	for from > 0 && now[from-1] != ' ' && now[from-1] != '\n' { // whole words
		from--
	}
	for to < len(now) && now[to] != ' ' && now[to] != '\n' {
		to++
	}
	p, err := anchor.Make(docs[1], one.ID, from, to)
	return &p, err
}

func words(k *richtext.Block) string { return richtext.Doc{Blocks: []richtext.Block{*k}}.Text() }
