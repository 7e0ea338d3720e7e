package search

import (
	"context"
	"slices"
)

// cursor walks articles from the newest down.
type cursor interface {
	// seek goes to the newest article at or before doc; false when there is
	// none. It never goes up again.
	seek(doc int64) (bool, error)
	// at is the article, and the flags of what was found in it.
	at() post
	// places are where the word stands in it, ascending.
	places() ([]uint32, error)
}

// termCursor walks the postings of one term in one part.
type termCursor struct {
	ctx   context.Context
	s     *Store
	part  int64
	term  string
	rows  []row // from the newest down
	read  pile
	used  int // of rows
	batch int
	posts []post // of rows[used-1]
	i     int
	ended bool
	low   int64 // of rows[used-1]

	ahead     []row // with places, from some row of the term down
	readAhead pile
	many      int // rows with places that were read at once
	packed    placesOf
	opened    bool // packed is of rows[used-1]
	inDoc     []byte
	list      []uint32
	placed    int // the posting that inDoc is of; -1: none
}

const (
	// maxBatch is how many rows of a term are read at once: some 128 KB.
	maxBatch = 64
	// maxAhead is how many bytes of places are read at once, about: ten rows of
	// the commonest words.
	maxAhead = 256 << 10
)

func (c *termCursor) seek(doc int64) (bool, error) {
	for {
		if n := len(c.posts); n > 0 && c.posts[n-1].doc <= doc {
			for c.i < n && c.posts[c.i].doc > doc {
				if c.i+32 < n && c.posts[c.i+32].doc > doc {
					c.i += 32
					continue
				}
				c.i++
			}
			return true, nil
		}
		for c.used < len(c.rows) && c.rows[c.used].low > doc {
			c.used++
		}
		if c.used == len(c.rows) {
			if c.ended {
				c.posts = nil
				return false, nil
			}
			switch {
			case c.batch == 0:
				c.batch = 1
			default:
				c.batch = min(c.batch*2, maxBatch)
			}
			var err error
			if c.rows, err = c.s.rowsBelow(c.ctx, &c.read, c.part, c.term, doc, c.batch); err != nil {
				return false, err
			}
			c.used, c.ended = 0, len(c.rows) < c.batch
			if len(c.rows) == 0 {
				c.posts = nil
				return false, nil
			}
		}
		r := c.rows[c.used]
		c.used++
		var err error
		if c.posts, err = unpack(c.posts[:0], r.low, r.posts); err != nil {
			return false, err
		}
		c.i, c.low, c.opened, c.placed = 0, r.low, false, -1
	}
}

func (c *termCursor) at() post { return c.posts[c.i] }

func (c *termCursor) places() ([]uint32, error) {
	raw, err := c.raw()
	if err != nil {
		return nil, err
	}
	c.list, err = places(c.list[:0], raw)
	return c.list, err
}

// raw are the places as the row has them.
func (c *termCursor) raw() ([]byte, error) {
	if c.placed == c.i {
		return c.inDoc, nil
	}
	if !c.opened {
		if err := c.open(); err != nil {
			return nil, err
		}
	}
	var err error
	if c.inDoc, err = c.packed.seek(c.i); err != nil {
		return nil, err
	}
	c.placed = c.i
	return c.inDoc, nil
}

// open finds the places of the row of postings. Several rows are read at once as
// long as one after the other is asked for.
func (c *termCursor) open() error {
	for len(c.ahead) > 0 && c.ahead[0].low > c.low {
		c.ahead, c.many = c.ahead[1:], 0 // it was not asked for
	}
	if len(c.ahead) == 0 {
		c.many = max(2*c.many, 1)
		if size := len(c.packed.row); size > 0 {
			c.many = min(c.many, max(maxAhead/size, 1))
		}
		var err error
		if c.ahead, err = c.s.placesBelow(c.ctx, &c.readAhead, c.part, c.term, c.low, c.many); err != nil {
			return err
		}
	}
	if len(c.ahead) == 0 || c.ahead[0].low != c.low {
		return errBroken
	}
	c.packed, c.opened = placesOf{row: c.ahead[0].places}, true
	c.ahead = c.ahead[1:]
	return nil
}

// anyOf walks the articles that have at least one of several terms in a part.
// Their cursors are a heap, the newest article at its top: of hundreds of words
// each article costs what it has of them.
type anyOf struct {
	ctx   context.Context
	s     *Store
	part  int64
	terms []string // until it is sought in
	of    []*termCursor
	docs  []int64 // where they are
	buf   []uint32
}

// width is how many terms a cursor walks at once.
func width(c cursor) int {
	if x, ok := c.(*anyOf); ok {
		return len(x.terms)
	}
	return 1
}

// open reads the first rows of the terms together, and makes a heap of those that
// the part has from doc down.
func (c *anyOf) open(doc int64) error {
	rows, err := c.s.newestRows(c.ctx, c.part, c.terms, doc)
	if err != nil {
		return err
	}
	c.terms = nil
	for i := range rows {
		x := &termCursor{ctx: c.ctx, s: c.s, part: c.part, term: rows[i].term, rows: rows[i : i+1], batch: 8}
		ok, err := x.seek(doc)
		if err != nil {
			return err
		}
		if ok {
			c.of, c.docs = append(c.of, x), append(c.docs, x.at().doc)
		}
	}
	for i := len(c.of)/2 - 1; i >= 0; i-- {
		c.down(i)
	}
	return nil
}

func (c *anyOf) seek(doc int64) (bool, error) {
	if len(c.terms) > 0 {
		if err := c.open(doc); err != nil {
			return false, err
		}
	}
	for len(c.of) > 0 && c.docs[0] > doc {
		ok, err := c.of[0].seek(doc)
		if err != nil {
			return false, err
		}
		if ok {
			c.docs[0] = c.of[0].at().doc
		} else {
			last := len(c.of) - 1
			c.of[0], c.docs[0] = c.of[last], c.docs[last]
			c.of, c.docs = c.of[:last], c.docs[:last]
		}
		c.down(0)
	}
	return len(c.of) > 0, nil
}

// down moves what stands at i to where it belongs.
func (c *anyOf) down(i int) {
	for {
		newest := i
		for _, k := range [2]int{2*i + 1, 2*i + 2} {
			if k < len(c.docs) && c.docs[k] > c.docs[newest] {
				newest = k
			}
		}
		if newest == i {
			return
		}
		c.of[i], c.of[newest] = c.of[newest], c.of[i]
		c.docs[i], c.docs[newest] = c.docs[newest], c.docs[i]
		i = newest
	}
}

// here calls f for whatever is at the article of the top, from i down.
func (c *anyOf) here(i int, f func(*termCursor) error) error {
	if i >= len(c.docs) || c.docs[i] != c.docs[0] {
		return nil
	}
	if err := f(c.of[i]); err != nil {
		return err
	}
	if err := c.here(2*i+1, f); err != nil {
		return err
	}
	return c.here(2*i+2, f)
}

func (c *anyOf) at() post {
	p := post{doc: c.docs[0]}
	n := 0
	_ = c.here(0, func(x *termCursor) error {
		f := x.at().flags
		p.flags |= f & 15
		n += int(f >> 4)
		return nil
	})
	p.flags |= byte(min(n, 15)) << 4
	return p
}

func (c *anyOf) places() ([]uint32, error) {
	c.buf = c.buf[:0]
	err := c.here(0, func(x *termCursor) error {
		list, err := x.places()
		c.buf = append(c.buf, list...)
		return err
	})
	slices.Sort(c.buf)
	return c.buf, err
}

// marks tell articles apart in which words never stand one after the other: most
// of those that have all the words of a phrase. Where a word may be followed by
// the next is marked, a byte for each place of an article, those from 8192 on once
// more from the first. To look places up takes half the time of going down two
// lists, since no processor can guess which of the lists is ahead.
type marks struct {
	at   [2][8192]byte
	turn byte // what the marks of this article are
}

// follow reports whether the words, whose places are given as rows have them, may
// stand one after the other. Broken places may, too: who reads them says so.
func (m *marks) follow(words [][]byte) bool {
	if m.turn++; m.turn == 0 {
		m.at, m.turn = [2][8192]byte{}, 1
	}
	last := len(words) - 1
	for k, row := range words {
		here, next := &m.at[k%2], &m.at[1-k%2]
		found := k == 0
		place := uint32(0)
		for i := 0; i < len(row); i++ {
			d := uint32(row[i])
			if d >= 0x80 {
				v, n := varint(row[i:])
				if n == 0 {
					return true
				}
				d = uint32(v)
				i += n - 1
			}
			place += d
			if k > 0 {
				if here[place%uint32(len(here))] != m.turn {
					continue
				}
				if found = true; k == last {
					break
				}
			}
			next[(place+1)%uint32(len(next))] = m.turn
		}
		if !found {
			return false
		}
	}
	return true
}

// clause is a word or a phrase: what walks its words, and where the phrase was
// found.
type clause struct {
	words []cursor
	terms []*termCursor // the words of a phrase, if each is one term
	raw   [][]byte      // their places
	marks *marks
	found []uint32 // places of the last word
}

func newClause(words []cursor) *clause {
	c := &clause{words: words}
	if len(words) == 1 {
		return c
	}
	for _, w := range words {
		t, ok := w.(*termCursor)
		if !ok {
			return c
		}
		c.terms = append(c.terms, t)
	}
	c.raw, c.marks = make([][]byte, len(words)), &marks{}
	return c
}

// stands reports whether the words, each of which is in the article that its
// cursor is at, stand there one after the other.
func (c *clause) stands() (bool, error) {
	if len(c.words) == 1 {
		return true, nil
	}
	if c.marks != nil {
		for i, t := range c.terms {
			var err error
			if c.raw[i], err = t.raw(); err != nil {
				return false, err
			}
		}
		if !c.marks.follow(c.raw) {
			return false, nil
		}
	}
	for i, w := range c.words {
		list, err := w.places()
		if err != nil {
			return false, err
		}
		if i == 0 {
			c.found = append(c.found[:0], list...)
			continue
		}
		if c.found = follow(c.found, list); len(c.found) == 0 {
			return false, nil
		}
	}
	return true, nil
}

// follow keeps, and moves on by one, the places after which one of next comes.
func follow(places, next []uint32) []uint32 {
	kept, j := places[:0], 0
	for _, p := range places {
		for j < len(next) && next[j] <= p {
			j++
		}
		if j == len(next) {
			break
		}
		if next[j] == p+1 {
			kept = append(kept, p+1)
		}
	}
	return kept
}

// flags tell of the article what a posting's do. All words of a phrase stand in
// one field.
func (c *clause) flags() byte {
	f := c.words[0].at().flags
	if len(c.words) == 1 {
		return f
	}
	for _, w := range c.words[1:] {
		f &= w.at().flags
	}
	return f&15 | byte(min(len(c.found), 15))<<4
}

// isAt reports whether an article has the clause. It never goes up again.
func (c *clause) isAt(doc int64) (bool, error) {
	for _, w := range c.words {
		if ok, err := w.seek(doc); err != nil || !ok || w.at().doc != doc {
			return false, err
		}
	}
	return c.stands()
}

// allOf walks the articles that have everything and nothing of without. Places
// are read last, of articles that have all the words: a phrase costs little
// beside a word that few have.
type allOf struct {
	of      []cursor // words, those of the phrases too
	phrases []*clause
	without []*clause
	low     int64 // nothing below is looked at
	doc     int64
}

func (c *allOf) seek(doc int64) (bool, error) {
	for {
		for i := 0; i < len(c.of); i++ {
			ok, err := c.of[i].seek(doc)
			if err != nil || !ok {
				return false, err
			}
			if got := c.of[i].at().doc; got < doc {
				doc = got
				if i > 0 {
					i = -1 // the others must come down to it
				}
			}
		}
		if doc < c.low {
			return false, nil
		}
		if ok, err := c.fits(doc); ok || err != nil {
			c.doc = doc
			return ok, err
		}
		doc--
	}
}

// fits reports whether an article that has all the words has the phrases, and
// nothing of without.
func (c *allOf) fits(doc int64) (bool, error) {
	for _, x := range c.without {
		if ok, err := x.isAt(doc); ok || err != nil {
			return false, err
		}
	}
	for _, x := range c.phrases {
		if ok, err := x.stands(); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}
