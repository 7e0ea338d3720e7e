package search

import (
	"slices"
	"strconv"
	"sync"

	"dateline/internal/article"
	"dateline/internal/richtext"
	"dateline/internal/stem"
)

// Where a word stands, as bits. The higher four bits of a posting's flags are
// how often it stands in the article, 15 at most.
const (
	inHeadline = 1 << iota // headline, kicker
	inHead                 // standfirst, tags, by-line
	inLead                 // the first paragraph
	inBody                 // the rest, captions
)

// bodyAt is the place of a body's first word; the words of the head stand
// before it. gap parts two fields, so that no phrase goes across.
const (
	bodyAt = 4096
	gap    = 16
)

// packed are the terms of an article and where they stand, in one piece of
// memory: an import holds those of hundreds of articles, and a collector of
// garbage that had to follow every word of them would take a fifth of its time.
//
// For each term: its length (varint), its bytes, the flags, the length of its
// places (varint), and these: differences, the first to 0, as varints.
type packed []byte

func appendTerm[T string | []byte](p packed, term T, flags byte, places []byte) packed {
	p = append(appendVarint(p, uint64(len(term))), term...)
	return append(appendVarint(append(p, flags), uint64(len(places))), places...)
}

// each calls f for every term. What f is given is good until it returns.
func (p packed) each(f func(term []byte, flags byte, places []byte) error) error {
	for len(p) > 0 {
		size, n := varint(p)
		if n == 0 || uint64(len(p)-n) <= size {
			return errBroken
		}
		term, flags := p[n:n+int(size)], p[n+int(size)]
		p = p[n+int(size)+1:]
		size, n = varint(p)
		if n == 0 || uint64(len(p)-n) < size {
			return errBroken
		}
		if err := f(term, flags, p[n:n+int(size)]); err != nil {
			return err
		}
		p = p[n+int(size):]
	}
	return nil
}

// hash is the same for the same terms at the same places, in whatever order.
func (p packed) hash() (uint64, error) {
	sum := uint64(0)
	err := p.each(func(term []byte, flags byte, places []byte) error {
		h := fnv1a(fnvBasis, term)
		h = fnv1a(h, []byte{0, flags})
		h = fnv1a(h, places)
		sum += h ^ h>>32
		return nil
	})
	return sum, err
}

// Text is the words of a body, made before the article is stored.
type Text struct {
	terms packed
	end   uint32 // the place after the last
	words map[string]string
	later *Collector
}

// tally gathers terms.
type tally struct {
	at      map[string]int32
	list    []counted
	words   map[string]string // written → term, those not known to be stored
	seen    *seen
	edition int64
}

type counted struct {
	term   string
	fields byte
	n      int
	places []uint32
}

var tallies = sync.Pool{New: func() any { return &tally{at: make(map[string]int32, 1024)} }}

func newTally(edition int64, known *seen) *tally {
	t := tallies.Get().(*tally)
	t.edition, t.seen = edition, known
	clear(t.at)
	for i := range t.list {
		t.list[i].places = t.list[i].places[:0]
		t.list[i].term = ""
	}
	t.list = t.list[:0]
	t.words = map[string]string{}
	return t
}

// add puts the words of a text at place and those after; it gives the place
// after the last.
func (t *tally) add(l *stem.Language, text string, field byte, place uint32) uint32 {
	for at, term := range l.All(text) {
		t.put(term, field, place)
		if w := text[at.Start:at.End]; !t.seen.has(t.edition, w) {
			t.words[w] = term
		}
		place++
	}
	return place
}

func (t *tally) put(term string, field byte, place uint32) {
	i, ok := t.at[term]
	if !ok {
		i = int32(len(t.list))
		t.at[term] = i
		if cap(t.list) > len(t.list) {
			t.list = t.list[:i+1]
		} else {
			t.list = append(t.list, counted{})
		}
		c := &t.list[i]
		c.term, c.fields, c.n, c.places = term, 0, 0, c.places[:0]
	}
	c := &t.list[i]
	c.fields |= field
	c.n++
	c.places = append(c.places, place)
}

// mark puts a term that is no word: what an article is filtered by.
func (t *tally) mark(term string) { t.put(term, inBody, 0) }

// pack gives what was gathered, in the order of first mention, after what is
// packed already.
func (t *tally) pack(out packed) packed {
	size := 0
	for i := range t.list {
		size += 4 + len(t.list[i].term) + 2*len(t.list[i].places)
	}
	out = slices.Grow(out, size)
	var places []byte
	for i := range t.list {
		c := &t.list[i]
		slices.Sort(c.places) // the body came before the head
		last := uint32(0)
		places = places[:0]
		for _, p := range c.places {
			places = appendVarint(places, uint64(p-last))
			last = p
		}
		out = appendTerm(out, c.term, c.fields|byte(min(c.n, 15))<<4, places)
	}
	return out
}

// with gives the terms of the tally, which is an article's head, and those of
// its body. Places of the head may stand on both sides of the body's.
func (t *tally) with(body packed) (packed, error) {
	out := make(packed, 0, len(body)+len(body)/8+512)
	err := body.each(func(term []byte, flags byte, at []byte) error {
		i, both := t.at[string(term)]
		if !both {
			out = appendTerm(out, term, flags, at)
			return nil
		}
		c := &t.list[i]
		var err error
		c.places, err = places(c.places, at)
		c.fields |= flags & 15
		c.n += int(flags >> 4)
		return err
	})
	if err != nil {
		return nil, err
	}
	return t.pack(out), nil
}

// Marks of what an article is filtered by. No word begins so: § is no letter.
func topicMark(id int64) string  { return "§t" + strconv.FormatInt(id, 10) }
func authorMark(id int64) string { return "§a" + strconv.FormatInt(id, 10) }

// body gathers a body's words.
func (t *tally) body(l *stem.Language, doc richtext.Doc) uint32 {
	if len(doc.Blocks) == 0 {
		return bodyAt
	}
	lead := richtext.Doc{Blocks: doc.Blocks[:1]}
	place := t.add(l, lead.Text(), inLead, bodyAt)
	return t.add(l, richtext.Doc{Blocks: doc.Blocks[1:]}.Text(), inBody, place+1)
}

// article gathers everything else of an article: its head before the body, its
// captions and what is said beside it after it.
func (t *tally) article(l *stem.Language, c *article.Content, beside []string, end uint32) {
	place, after := uint32(1), end+gap
	add := func(text string, field byte) {
		if place+uint32(len(text)/2) < bodyAt {
			place = t.add(l, text, field, place) + gap
		} else { // an endless head stands behind
			after = t.add(l, text, field, after) + gap
		}
	}
	add(c.Kicker, inHeadline)
	add(c.Headline, inHeadline)
	add(c.Standfirst, inHead)
	for _, x := range c.Credits {
		add(x.Name, inHead)
		if x.Entity != 0 {
			t.mark(authorMark(x.Entity))
		}
	}
	for _, x := range c.Topics {
		add(x.Name, inHead)
		t.mark(topicMark(x.ID))
		for _, id := range x.Above {
			if !slices.ContainsFunc(c.Topics, func(o article.TopicRef) bool { return o.ID == id }) {
				t.mark(topicMark(id))
			}
		}
	}
	captions := func(m article.MediaRef) {
		after = t.add(l, m.Caption, inBody, after) + gap
		after = t.add(l, m.Credit, inBody, after) + gap
	}
	if c.Lead != nil {
		captions(*c.Lead)
	}
	for _, m := range c.Media {
		if c.Lead == nil || m.ID != c.Lead.ID {
			captions(m)
		}
	}
	for _, text := range beside {
		after = t.add(l, text, inBody, after) + gap
	}
	t.add(l, c.Dateline.Place, inHead, after)
}
