package search

import (
	"context"
	"math"
	"slices"
)

// cursor walks articles from the newest down.
type cursor interface {
	// seek goes to the newest article at or before doc; false when there is
	// none. It never goes up again.
	seek(doc int64) (bool, error)
	// at is the article, and the flags of what was found in it.
	at() post
	// places are where the words stand in it, ascending; of a phrase, its last.
	places() ([]uint32, error)
}

// none is the cursor of a word that no article has.
const none = math.MinInt64

// termCursor walks the postings of one term in one part.
type termCursor struct {
	ctx    context.Context
	s      *Store
	part   int64
	term   string
	rows   []row // from the newest down
	used   int   // of rows
	batch  int
	posts  []post // of rows[used-1]
	i      int
	ended  bool
	inDoc  []uint32
	raw    []byte // places of rows[used-1]
	rawLow int64
}

// maxBatch is how many rows of a term are read at once: some 128 KB.
const maxBatch = 64

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
			if c.rows, err = c.s.rowsBelow(c.ctx, c.part, c.term, doc, c.batch); err != nil {
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
		c.i, c.raw, c.rawLow = 0, nil, r.low
	}
}

func (c *termCursor) at() post { return c.posts[c.i] }

func (c *termCursor) places() ([]uint32, error) {
	if c.raw == nil {
		var err error
		if c.raw, err = c.s.placesAt(c.ctx, c.part, c.term, c.rawLow); err != nil {
			return nil, err
		}
	}
	var err error
	c.inDoc, err = placesOf(c.inDoc[:0], c.raw, c.i)
	return c.inDoc, err
}

// anyOf walks the articles that have at least one of several things.
type anyOf struct {
	of   []cursor
	live []bool
	doc  int64
	buf  []uint32
}

func (c *anyOf) seek(doc int64) (bool, error) {
	best := int64(none)
	if c.live == nil {
		c.live = slices.Repeat([]bool{true}, len(c.of))
	}
	for i, x := range c.of {
		if !c.live[i] {
			continue
		}
		ok, err := x.seek(doc)
		if err != nil {
			return false, err
		}
		if c.live[i] = ok; ok {
			best = max(best, x.at().doc)
		}
	}
	c.doc = best
	return best != none, nil
}

func (c *anyOf) at() post {
	p := post{doc: c.doc}
	n := 0
	for i, x := range c.of {
		if c.live[i] && x.at().doc == c.doc {
			p.flags |= x.at().flags & 15
			n += int(x.at().flags >> 4)
		}
	}
	p.flags |= byte(min(n, 15)) << 4
	return p
}

func (c *anyOf) places() ([]uint32, error) {
	c.buf = c.buf[:0]
	for i, x := range c.of {
		if c.live[i] && x.at().doc == c.doc {
			list, err := x.places()
			if err != nil {
				return nil, err
			}
			c.buf = append(c.buf, list...)
		}
	}
	slices.Sort(c.buf)
	return c.buf, nil
}

// allOf walks the articles that have everything and nothing of without.
type allOf struct {
	of      []cursor
	without []cursor
	doc     int64
}

func (c *allOf) seek(doc int64) (bool, error) {
next:
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
		for _, x := range c.without {
			ok, err := x.seek(doc)
			if err != nil {
				return false, err
			}
			if ok && x.at().doc == doc {
				if doc == none {
					return false, nil
				}
				doc--
				continue next
			}
		}
		c.doc = doc
		return true, nil
	}
}

func (c *allOf) at() post { return post{doc: c.doc} }

func (c *allOf) places() ([]uint32, error) { return nil, nil }

// phrase walks the articles that have its words one after the other.
type phrase struct {
	all   allOf
	words []cursor
	flags byte
	found []uint32
}

func (c *phrase) seek(doc int64) (bool, error) {
	for {
		ok, err := c.all.seek(doc)
		if err != nil || !ok {
			return ok, err
		}
		if ok, err = c.stands(); err != nil || ok {
			return ok, err
		}
		doc = c.all.doc - 1
	}
}

// stands reports whether the words stand one after the other in the article.
func (c *phrase) stands() (bool, error) {
	c.found = c.found[:0]
	c.flags = 15
	for i, w := range c.words {
		list, err := w.places()
		if err != nil {
			return false, err
		}
		c.flags &= w.at().flags & 15
		if i == 0 {
			c.found = append(c.found, list...)
			continue
		}
		kept, j := c.found[:0], 0
		for _, p := range c.found {
			for j < len(list) && list[j] <= p {
				j++
			}
			if j < len(list) && list[j] == p+1 {
				kept = append(kept, p+1)
			}
		}
		c.found = kept
	}
	return len(c.found) > 0, nil
}

func (c *phrase) at() post {
	f := c.flags
	if f == 0 {
		f = inBody
	}
	return post{c.all.doc, f | byte(min(len(c.found), 15))<<4}
}

func (c *phrase) places() ([]uint32, error) { return c.found, nil }
