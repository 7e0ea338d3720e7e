package search

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync"
)

// A row of search_post holds some of a term's postings in a part: the articles'
// places in time from the newest down, and apart from them where in each
// article the word stands.
//
// posts: the newest minus low, then for each article the difference to the one
// before (0 for the first), each a varint, and a byte of flags. places: for each
// article the number of bytes that follow (varint), then differences.

// perRow is how many postings a row holds at most: some 2 KB of posts.
const perRow = 512

var errBroken = errors.New("search: a row of the index is broken")

func appendVarint(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }

// varint reads a varint; n is 0 when there is none.
func varint(b []byte) (v uint64, n int) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	if len(b) > 1 && b[1] < 0x80 { // the first place of an article
		return uint64(b[0]&0x7f) | uint64(b[1])<<7, 2
	}
	v, n = binary.Uvarint(b)
	return v, max(n, 0)
}

// post is one article in a row.
type post struct {
	doc   int64
	flags byte
}

// packer makes rows of postings that come from the newest down.
type packer struct {
	posts, places []byte
	top, last     int64
	n             int
}

func (p *packer) add(doc int64, flags byte, places []byte) {
	if p.n == 0 {
		p.top, p.last = doc, doc
	}
	p.posts = append(appendVarint(p.posts, uint64(p.last-doc)), flags)
	p.places = append(appendVarint(p.places, uint64(len(places))), places...)
	p.last = doc
	p.n++
}

// row gives what is packed, as copies.
func (p *packer) row() (low int64, posts, places []byte) {
	low = p.last
	posts = appendVarint(make([]byte, 0, len(p.posts)+8), uint64(p.top-low))
	posts = append(posts, p.posts...)
	return low, posts, append(make([]byte, 0, len(p.places)), p.places...)
}

// end appends what is packed as a row of a term, if anything is, and begins anew.
func (p *packer) end(rows []row, term string) []row {
	if p.n == 0 {
		return rows
	}
	low, posts, places := p.row()
	p.posts, p.places, p.n = p.posts[:0], p.places[:0], 0
	return append(rows, row{term, low, posts, places})
}

// unpack reads a row's postings into buf.
func unpack(buf []post, low int64, row []byte) ([]post, error) {
	v, n := varint(row)
	if n == 0 {
		return buf, errBroken
	}
	doc := low + int64(v)
	for row = row[n:]; len(row) > 0; {
		v, n := varint(row)
		if n == 0 || n >= len(row) {
			return buf, errBroken
		}
		doc -= int64(v)
		buf = append(buf, post{doc, row[n]})
		row = row[n+1:]
	}
	return buf, nil
}

// placesOf walks the places of a row, which are asked for from the first article
// down: to find those of one by counting from the start, each time, was nearly
// all that a phrase of common words cost.
type placesOf struct {
	row  []byte
	at   int // where the next article begins
	next int
}

// seek gives the places of the i-th article, packed; i never goes down, and a
// second time it is nobody's any more.
func (p *placesOf) seek(i int) ([]byte, error) {
	at := p.at
	for {
		size, n := varint(p.row[at:])
		if n == 0 || uint64(len(p.row)-at-n) < size {
			return nil, errBroken
		}
		from := at + n
		at = from + int(size)
		if p.next++; p.next > i {
			p.at = at
			return p.row[from:at], nil
		}
	}
}

// places reads differences. Nearly all are of one byte: a phrase of common words
// reads millions.
func places(buf []uint32, row []byte) ([]uint32, error) {
	n := len(buf)
	buf = slices.Grow(buf, len(row))[:n+len(row)]
	last := uint32(0)
	for i := 0; i < len(row); n++ {
		if d := row[i]; d < 0x80 {
			last += uint32(d)
			i++
		} else {
			d, size := varint(row[i:])
			if size == 0 {
				return buf[:n], errBroken
			}
			last += uint32(d)
			i += size
		}
		buf[n] = last
	}
	return buf[:n], nil
}

// packing makes the rows of a part. Its buffers serve one part after another.
type packing struct {
	at    map[string]int
	terms []string
	packs []packer
	full  []row
}

var packs = sync.Pool{New: func() any { return &packing{at: map[string]int{}} }}

func (p *packing) add(doc int64, term []byte, flags byte, places []byte) {
	n, ok := p.at[string(term)]
	if !ok {
		n = len(p.terms)
		t := string(term)
		p.at[t], p.terms = n, append(p.terms, t)
		if n == len(p.packs) {
			p.packs = append(p.packs, packer{})
		}
	}
	k := &p.packs[n]
	if k.add(doc, flags, places); k.n == perRow {
		p.full = k.end(p.full, p.terms[n])
	}
}

// all gives the rows.
func (p *packing) all() []row {
	for n, term := range p.terms {
		p.full = p.packs[n].end(p.full, term)
	}
	return p.full
}

// free takes back the buffers, once the rows of all are stored; those of a part
// out of the common are dropped.
func (p *packing) free() {
	if len(p.packs) > 1<<15 {
		return
	}
	clear(p.at)
	clear(p.terms)
	clear(p.full)
	p.terms, p.full = p.terms[:0], p.full[:0]
	packs.Put(p)
}
