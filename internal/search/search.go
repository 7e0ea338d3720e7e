package search

import (
	"context"
	"slices"
	"sort"
	"time"

	"dateline/internal/stem"
)

// Bounds of a search.
const (
	MaxCandidates = 5000  // the newest so many are scored
	MaxCount      = 10000 // beyond it is "more than"
	maxSpellings  = 16    // of a word typed in other letters
)

// Order of results.
type Order int

// The orders.
const (
	Best   Order = iota // of the newest MaxCandidates, what is most about it
	Newest              // all, the newest first
)

// Request asks for a page of results in one edition.
type Request struct {
	Edition  int64
	Language *stem.Language
	Query    Query
	Order    Order
	Topic    int64     // 0: any
	Author   int64     // an entity; 0: any
	From     time.Time // zero: no bound; else seen from this instant on
	Until    time.Time // zero: now; else before this instant
	Now      time.Time
	Skip     int
	Limit    int
	Topics   []int64 // to be counted
	Authors  []int64
}

// Result is what was found.
type Result struct {
	Articles []int64 // ids of the page, in order; whoever shows them asks article_public
	Total    int     // found, MaxCount at most
	More     bool    // there are more than Total
	ByTopic  map[int64]int
	ByAuthor map[int64]int
	// Partly: what is counted by topic and author, and ordered by Best, is the
	// newest MaxCandidates only.
	Partly bool
	// Wide are the beginnings of words that too many words have: not all of them
	// were looked for.
	Wide []string
	Look Look // marks the words in texts
}

type candidate struct {
	doc   int64
	score float64
}

// Search finds articles. Its cost is bounded by Max…; ctx may end it earlier.
func (s *Store) Search(ctx context.Context, r Request) (Result, error) {
	var out Result
	plan, err := s.plan(ctx, r)
	if err != nil {
		return out, err
	}
	out.Look, out.Wide = plan.look, plan.wide
	out.ByTopic, out.ByAuthor = map[int64]int{}, map[int64]int{}
	if len(plan.all) == 0 {
		return out, nil
	}
	low, high := second(r.Edition, -epoch), second(r.Edition, r.Now.Unix())+slots-1
	if !r.From.IsZero() {
		low = max(low, second(r.Edition, r.From.Unix()))
	}
	if !r.Until.IsZero() {
		high = min(high, second(r.Edition, r.Until.Unix())-1)
	}
	parts, err := liveParts(ctx, s.d, r.Edition)
	if err != nil {
		return out, err
	}
	gone, err := s.goneBetween(ctx, low, high)
	if err != nil {
		return out, err
	}
	var found []candidate
	for _, p := range slices.Backward(parts) { // the later ones have newer articles more often than not
		list, err := s.inPart(ctx, p, plan, low, high, gone, found, r.Now)
		if err != nil {
			return out, err
		}
		found = newest(found, list)
	}
	if out.Total = len(found); out.Total > MaxCount {
		out.Total, out.More, found = MaxCount, true, found[:MaxCount]
	}
	near := found[:min(len(found), MaxCandidates)]
	out.Partly = len(near) < len(found) || out.More
	if err := s.count(ctx, parts, r, near, &out); err != nil {
		return out, err
	}
	if r.Order == Best {
		found = slices.Clone(near)
		sort.SliceStable(found, func(i, j int) bool { return found[i].score > found[j].score })
	}
	if r.Skip < len(found) {
		found = found[r.Skip:]
		found = found[:min(len(found), r.Limit)]
		docs := make([]int64, len(found))
		for i, c := range found {
			docs[i] = c.doc
		}
		at, err := s.articlesAt(ctx, docs)
		if err != nil {
			return out, err
		}
		for _, d := range docs {
			if id, ok := at[d]; ok {
				out.Articles = append(out.Articles, id)
			}
		}
	}
	return out, nil
}

// newest gives the newest MaxCount+1 of two lists that go from the newest down.
func newest(a, b []candidate) []candidate {
	if len(a) == 0 || len(b) == 0 {
		return append(a, b...)
	}
	out := make([]candidate, 0, min(len(a)+len(b), MaxCount+1))
	for len(out) < cap(out) {
		if len(b) == 0 || len(a) > 0 && a[0].doc > b[0].doc {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return out
}

// plan is a query in the words of the index.
type plan struct {
	all, without []planned
	marks        []string
	wide         []string
	look         Look
}

// planned is a clause: for each word the terms that it may be.
type planned [][]string

// plan turns words into terms.
func (s *Store) plan(ctx context.Context, r Request) (plan, error) {
	p := plan{look: newLook(r.Language)}
	begun := 0
	for _, c := range slices.Concat(r.Query.All, r.Query.Without) {
		if c.Prefix {
			begun++
		}
	}
	for i, list := range [][]Clause{r.Query.All, r.Query.Without} {
		for _, c := range list {
			var x planned
			for j, w := range c.Words {
				if c.Prefix && j == len(c.Words)-1 {
					b := newBeginning(r.Language, w)
					more, err := s.begin(ctx, r.Edition, b, maxTerms/begun)
					if err != nil {
						return p, err
					}
					if more {
						p.wide = append(p.wide, w)
					}
					x = append(x, b.list)
					if i == 0 {
						p.look.begun = append(p.look.begun, b)
					}
					continue
				}
				terms, err := s.spellings(ctx, r.Edition, r.Language, w)
				if err != nil {
					return p, err
				}
				x = append(x, terms)
				if i == 0 {
					p.look.add(terms)
				}
			}
			if i == 0 {
				p.all = append(p.all, x)
			} else {
				p.without = append(p.without, x)
			}
		}
	}
	if r.Topic != 0 {
		p.marks = append(p.marks, topicMark(r.Topic))
	}
	if r.Author != 0 {
		p.marks = append(p.marks, authorMark(r.Author))
	}
	return p, nil
}

// spellings are the terms that a typed word may stand for. In Kazakh, who types
// without Kazakh letters or in Latin script means any word that differs in
// nothing else.
func (s *Store) spellings(ctx context.Context, edition int64, l *stem.Language, word string) ([]string, error) {
	term := l.Term(word)
	folded := l.Folded(word)
	if l.Skeleton(folded) == "" || stem.HasKazakh(folded) {
		return []string{term}, nil
	}
	terms := []string{term}
	for _, try := range l.Guesses(folded) {
		more, err := s.termsLike(ctx, edition, l.Skeleton(try), maxSpellings)
		if err != nil {
			return nil, err
		}
		for _, t := range more {
			if !slices.Contains(terms, t) && len(terms) < maxSpellings {
				terms = append(terms, t)
			}
		}
	}
	return terms, nil
}

// clauses makes clauses of a part.
func (s *Store) clauses(ctx context.Context, part int64, list []planned) []*clause {
	var out []*clause
	for _, x := range list {
		var words []cursor
		for _, terms := range x {
			if len(terms) == 1 {
				words = append(words, &termCursor{ctx: ctx, s: s, part: part, term: terms[0]})
			} else {
				words = append(words, &anyOf{ctx: ctx, s: s, part: part, terms: terms})
			}
		}
		out = append(out, newClause(words))
	}
	return out
}

// inPart finds the newest of a part: what is among the newest MaxCount+1 together
// with what was found in other parts.
func (s *Store) inPart(ctx context.Context, p part, pl plan, low, high int64, gone map[int64]bool, found []candidate, now time.Time) ([]candidate, error) {
	clauses := s.clauses(ctx, p.id, pl.all)
	walk := &allOf{low: low, without: s.clauses(ctx, p.id, pl.without)}
	for _, c := range clauses {
		walk.of = append(walk.of, c.words...)
		if len(c.words) > 1 {
			walk.phrases = append(walk.phrases, c)
		}
	}
	for _, m := range pl.marks {
		walk.of = append(walk.of, &termCursor{ctx: ctx, s: s, part: p.id, term: m})
	}
	slices.SortStableFunc(walk.of, func(a, b cursor) int { return width(a) - width(b) }) // what few have goes before what costs most
	if len(found) > MaxCount {
		walk.low = max(low, found[MaxCount].doc)
	}
	var out []candidate
	newer := 0 // of found
	for doc := high; newer+len(out) <= MaxCount; {
		ok, err := walk.seek(doc)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		for newer < len(found) && found[newer].doc > walk.doc {
			newer++
		}
		if len(out)&1023 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !gone[walk.doc] {
			out = append(out, candidate{walk.doc, score(clauses, walk.doc, now)})
		}
		doc = walk.doc - 1
	}
	return out, nil
}

// score is how much an article is about the words, and a little how new it is.
func score(clauses []*clause, doc int64, now time.Time) float64 {
	sum := 0.0
	for _, c := range clauses {
		f := c.flags()
		n := float64(f >> 4)
		v := 1 + 1.5*n/(n+4)
		switch {
		case f&inHeadline != 0:
			v += 8
		case f&inHead != 0:
			v += 4
		case f&inLead != 0:
			v += 2
		}
		sum += v
	}
	years := max(now.Sub(instantOf(doc)).Hours(), 0) / (24 * 365)
	return sum/float64(len(clauses)) + 2/(1+years)
}

// count counts candidates by topic and author.
func (s *Store) count(ctx context.Context, parts []part, r Request, near []candidate, out *Result) error {
	if len(near) == 0 {
		return nil
	}
	of := func(mark string) (int, error) {
		n := 0
		for _, p := range parts {
			c := &termCursor{ctx: ctx, s: s, part: p.id, term: mark}
			for _, x := range near {
				ok, err := c.seek(x.doc)
				if err != nil {
					return 0, err
				}
				if !ok {
					break
				}
				if c.at().doc == x.doc {
					n++
				}
			}
		}
		return n, nil
	}
	var err error
	for _, id := range r.Topics {
		if out.ByTopic[id], err = of(topicMark(id)); err != nil {
			return err
		}
	}
	for _, id := range r.Authors {
		if out.ByAuthor[id], err = of(authorMark(id)); err != nil {
			return err
		}
	}
	return nil
}
