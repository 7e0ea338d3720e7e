package search

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/richtext"
	"dateline/internal/stem"
)

// version of what the index holds. A change of stemming, folding or of the
// fields makes a higher one, and Fill indexes everything anew.
const version = 3

// Store keeps the index.
type Store struct {
	d        *db.DB
	articles *article.Store
	beside   func(ctx context.Context, q db.Querier, articles []int64) (map[int64][]string, error)
	seen     seen
}

// New gives the store of d. It listens to what becomes of articles.
func New(d *db.DB, articles *article.Store) *Store {
	s := &Store{d: d, articles: articles}
	articles.Listen(s.changed)
	return s
}

// Beside has f give what is said of articles besides their own words, to be found with
// them: what readers are told of them later. When that changes, Anew is to be called.
func (s *Store) Beside(f func(ctx context.Context, q db.Querier, articles []int64) (map[int64][]string, error)) {
	s.beside = f
}

// said gives what Beside knows.
func (s *Store) said(ctx context.Context, q db.Querier, articles []int64) (map[int64][]string, error) {
	if s.beside == nil || len(articles) == 0 {
		return nil, nil
	}
	return s.beside(ctx, q, articles)
}

// Anew indexes public articles once more, of which something else is said now.
func (s *Store) Anew(ctx context.Context, tx *db.Tx, articles []int64) error {
	return s.fill(ctx, tx, articles)
}

// indexed is an article on its way into a part.
type indexed struct {
	article, edition int64
	from             time.Time
	doc              int64
	hash             int64
	terms            packed
	words            map[string]string
	later            *Collector
}

// languages gives the language of each edition; inside a transaction also of
// those that it makes.
func languages(ctx context.Context, q db.Querier) (map[int64]*stem.Language, error) {
	list, err := edition.Langs(ctx, q)
	out := make(map[int64]*stem.Language, len(list))
	for id, tag := range list {
		out[id] = stem.Of(tag)
	}
	return out, err
}

// prepare makes the words of an article and of what is said beside it.
func (s *Store) prepare(l *stem.Language, c article.Outcome, beside []string) (*indexed, error) {
	t := newTally(c.Edition, &s.seen)
	defer tallies.Put(t)
	x := &indexed{article: c.ID, edition: c.Edition, from: c.VisibleFrom}
	if ready, ok := c.Ready.(*Text); ok {
		x.later = ready.later
		if len(c.Body.Blocks) == 0 {
			ready = &Text{end: bodyAt}
		}
		t.article(l, c.Content, beside, ready.end)
		var err error
		if x.terms, err = t.with(ready.terms); err != nil {
			return nil, err
		}
		for w, term := range ready.words {
			t.words[w] = term
		}
	} else {
		t.article(l, c.Content, beside, t.body(l, c.Body))
		x.terms = t.pack(nil)
	}
	x.words, t.words = t.words, nil
	h, err := x.terms.hash()
	if err != nil {
		return nil, err
	}
	x.hash = int64(h*31 + uint64(c.VisibleFrom.UnixMilli()))
	return x, nil
}

// changed brings the index up to date with what a transaction makes of
// articles, inside it.
func (s *Store) changed(ctx context.Context, tx *db.Tx, list []article.Outcome) error {
	var langs map[int64]*stem.Language
	var fresh []*indexed
	ids := make([]int64, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	said, err := s.said(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, c := range list {
		if !c.Public {
			continue
		}
		if langs == nil {
			var err error
			if langs, err = languages(ctx, tx); err != nil {
				return err
			}
		}
		l := langs[c.Edition]
		if l == nil {
			return fault.New(fault.Internal, "article %d stands in no edition", c.ID)
		}
		x, err := s.prepare(l, c, said[c.ID])
		if err != nil {
			return err
		}
		fresh = append(fresh, x)
	}
	fresh, err = s.leave(ctx, tx, ids, fresh)
	if err != nil {
		return err
	}
	return s.enter(ctx, tx, fresh)
}

// leave takes the articles' former words out of the index, and gives those of
// the new that say something else.
func (s *Store) leave(ctx context.Context, tx *db.Tx, ids []int64, fresh []*indexed) ([]*indexed, error) {
	old, err := stored(ctx, tx, ids)
	if err != nil || len(old) == 0 {
		return fresh, err
	}
	fresh = slices.DeleteFunc(fresh, func(x *indexed) bool {
		o, ok := old[x.article]
		same := ok && o.hash == x.hash && o.version == version
		if same {
			delete(old, x.article)
		}
		return same
	})
	return fresh, drop(ctx, tx, old)
}

// enter puts articles into the index: in a part of their own, or for an import
// together with later ones.
func (s *Store) enter(ctx context.Context, tx *db.Tx, list []*indexed) error {
	list = slices.DeleteFunc(list, func(x *indexed) bool {
		if x.later != nil {
			tx.After(func() { x.later.add(x) })
		}
		return x.later != nil
	})
	if len(list) == 0 {
		return nil
	}
	if err := number(ctx, tx, list, s.d.Now()); err != nil {
		return err
	}
	docs := docRows(tx)
	for _, x := range list {
		docs.Add(x.doc, x.article, version, x.hash)
	}
	if err := docs.Flush(ctx); err != nil {
		return err
	}
	byEdition := map[int64][]*indexed{}
	var editions []int64
	for _, x := range list {
		if byEdition[x.edition] == nil {
			editions = append(editions, x.edition)
		}
		byEdition[x.edition] = append(byEdition[x.edition], x)
	}
	slices.Sort(editions)
	for _, id := range editions {
		if err := s.write(ctx, tx, id, byEdition[id]); err != nil {
			return err
		}
	}
	return nil
}

// write makes a part of articles of one edition.
func (s *Store) write(ctx context.Context, tx *db.Tx, edition int64, list []*indexed) error {
	slices.SortFunc(list, func(a, b *indexed) int { return int(min(max(b.doc-a.doc, -1), 1)) })
	p := packs.Get().(*packing)
	words := map[string]string{}
	for _, x := range list {
		err := x.terms.each(func(term []byte, flags byte, places []byte) error {
			p.add(x.doc, term, flags, places)
			return nil
		})
		if err != nil {
			return err
		}
		for w, term := range x.words {
			words[w] = term
		}
	}
	rows := p.all()
	slices.SortFunc(rows, func(a, b row) int {
		switch {
		case a.term != b.term && a.term < b.term, a.term == b.term && a.low < b.low:
			return -1
		}
		return 1
	})
	part, err := newPart(ctx, tx, edition, len(list), "live", s.d.Now())
	if err != nil {
		return err
	}
	bulk := postings(tx)
	for _, r := range rows {
		bulk.Add(part, r.term, r.low, r.posts, r.places)
	}
	if err := bulk.Flush(ctx); err != nil {
		return err
	}
	p.free()
	return s.remember(ctx, tx, edition, words)
}

// unwritten stands before a stem in search_word that is no word itself. No word
// begins so.
const unwritten = "§"

// remember stores words as they are written.
func (s *Store) remember(ctx context.Context, tx *db.Tx, edition int64, words map[string]string) error {
	if len(words) == 0 {
		return nil
	}
	langs, err := languages(ctx, tx)
	if err != nil {
		return err
	}
	l := langs[edition]
	list := make([]string, 0, len(words))
	folded := make(map[string]string, len(words))
	for w, term := range words {
		list = append(list, w)
		if f := l.Folded(w); storable(f) {
			folded[f] = term
		}
	}
	// A stem that nobody wrote is found by its skeleton, too, but not proposed.
	keys := map[string]string{}
	for w, term := range folded {
		keys[w] = key(l, w)
		if _, ok := folded[term]; !ok && l.Skeleton(w) != "" {
			keys[unwritten+term] = l.Skeleton(term)
		}
	}
	bulk := wordRows(tx)
	for _, w := range slices.Sorted(maps.Keys(keys)) { // two writers take rows in one order
		term, ok := folded[w]
		if !ok {
			term = strings.TrimPrefix(w, unwritten)
		}
		bulk.Add(edition, w, term, keys[w])
	}
	tx.After(func() {
		for _, w := range list {
			s.seen.mark(edition, w)
		}
	})
	return bulk.Flush(ctx)
}

// number gives articles their places in time.
func number(ctx context.Context, tx *db.Tx, list []*indexed, now time.Time) error {
	want := make([]int64, len(list))
	taken := map[int64]bool{}
	open := make([]*indexed, 0, len(list))
	for i, x := range list {
		want[i] = placeOf(x.edition, x.article, x.from)
		x.doc = want[i]
		open = append(open, x)
	}
	wanted := map[*indexed]int64{}
	for i, x := range list {
		wanted[x] = want[i]
	}
	for n := 1; len(open) > 0; n++ {
		if n > 200 {
			return fault.New(fault.Internal, "no place in the index for article %d", open[0].article)
		}
		docs := make([]int64, len(open))
		for i, x := range open {
			docs[i] = x.doc
		}
		full, err := takenOf(ctx, tx, docs)
		if err != nil {
			return err
		}
		var again []*indexed
		for _, x := range open {
			if full[x.doc] || taken[x.doc] {
				x.doc = attempt(x.edition, x.article, wanted[x], n, !x.from.After(now))
				again = append(again, x)
				continue
			}
			taken[x.doc] = true
		}
		open = again
	}
	return nil
}

// Collector gathers the articles of an import into parts of many: a part costs
// a row for each of its terms. Parts are stored beside the import's next
// transactions, one at a time. Its methods but Text belong to one goroutine.
type Collector struct {
	s       *Store
	langs   map[int64]*stem.Language
	list    []*indexed
	storing chan error // the part on its way; nil: none
}

// perPart is how many articles of an import make a part.
const perPart = 512

// Collect begins an import. What is still in the collector when the process
// dies is indexed by Fill.
func (s *Store) Collect(ctx context.Context) (*Collector, error) {
	langs, err := languages(ctx, s.d)
	return &Collector{s: s, langs: langs}, err
}

// Text makes the words of a body, for article.Edit.Ready. It may be called from
// any goroutine.
func (c *Collector) Text(edition int64, doc richtext.Doc) *Text {
	l := c.langs[edition]
	if l == nil {
		return nil
	}
	t := newTally(edition, &c.s.seen)
	defer tallies.Put(t)
	end := t.body(l, doc)
	x := &Text{end: end, terms: t.pack(nil), words: t.words, later: c}
	t.words = nil
	return x
}

func (c *Collector) add(x *indexed) { c.list = append(c.list, x) }

// Flush stores what was gathered when it is enough for a part, or in any case.
// It is called between the import's transactions and returns before a part is
// stored, with the error of the one before; with all it waits.
func (c *Collector) Flush(ctx context.Context, all bool) error {
	if len(c.list) >= perPart || all {
		if err := c.wait(); err != nil {
			return err
		}
		if len(c.list) > 0 {
			list, done := c.list, make(chan error, 1)
			ctx := context.WithoutCancel(ctx) // what is begun is short, and is ended
			c.list, c.storing = nil, done
			go func() {
				done <- c.s.d.Tx(ctx, db.Import, func(tx *db.Tx) error { return c.s.enterLate(ctx, tx, list) })
			}()
		}
	}
	if all {
		return c.wait()
	}
	return nil
}

func (c *Collector) wait() error {
	if c.storing == nil {
		return nil
	}
	err := <-c.storing
	c.storing = nil
	return err
}

// enterLate puts articles into the index whose own transactions are over: those
// that are still as they were then.
func (s *Store) enterLate(ctx context.Context, tx *db.Tx, list []*indexed) error {
	ids := make([]int64, len(list))
	for i, x := range list {
		ids[i] = x.article
	}
	froms, err := publicOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	have, err := stored(ctx, tx, ids)
	if err != nil {
		return err
	}
	var left []*indexed
	for _, x := range list {
		from, ok := froms[x.article]
		if _, newer := have[x.article]; ok && !newer && from == x.from.UnixMilli() {
			x.later = nil
			left = append(left, x)
		}
	}
	return s.enter(ctx, tx, left)
}
