package cache

import (
	"iter"
	"slices"

	"dateline/internal/tag"
)

// Everything here is called with Cache.mu held, unless it says otherwise.

// keep takes an entry in and throws others out until the bytes fit.
func (c *Cache) keep(e *entry) {
	if e.size > c.opts.MaxBytes/2 {
		return // it would push out all others
	}
	e.kept = true
	c.bytes += e.size
	c.count++
	for t, shows := range e.tags {
		set := c.byTag[t]
		if set == nil {
			set = map[*entry][]tag.Span{}
			c.byTag[t] = set
		}
		set[e] = shows
	}
	e.next = c.head
	if c.head != nil {
		c.head.prev = e
	}
	c.head = e
	if c.tail == nil {
		c.tail = e
	}
	s := c.shard(e.key)
	s.mu.Lock()
	s.m[e.key] = e
	s.mu.Unlock()
	c.fitBytes()
}

// drop forgets an entry altogether.
func (c *Cache) drop(e *entry) {
	if !e.kept {
		return
	}
	e.kept = false
	e.spoilt.Store(true)
	c.bytes -= e.size
	c.count--
	for t := range e.tags {
		set := c.byTag[t]
		delete(set, e)
		if len(set) == 0 {
			delete(c.byTag, t)
		}
	}
	if c.hand == e {
		c.hand = e.prev
	}
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		c.head = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else {
		c.tail = e.prev
	}
	e.prev, e.next = nil, nil
	s := c.shard(e.key)
	s.mu.Lock()
	if s.m[e.key] == e {
		delete(s.m, e.key)
	}
	s.mu.Unlock()
}

// fitBytes throws out by SIEVE: the hand goes from the oldest to the newest,
// spares once what was asked for since it last passed, and stays where it is.
func (c *Cache) fitBytes() {
	spare := 2 * c.count // readers set the bits again while we go round
	for c.bytes > c.opts.MaxBytes && c.tail != nil {
		e := c.hand
		if e == nil {
			e = c.tail
		}
		if e.asked.Swap(false) && spare > 0 {
			spare--
			c.hand = e.prev
			continue
		}
		c.hand = e
		c.lose(e) // moves the hand on
	}
}

// grow accounts for encoded forms; called without Cache.mu.
func (c *Cache) grow(e *entry, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.size += bytes
	if e.kept {
		c.bytes += bytes
		c.fitBytes()
	}
}

// fit tells whether a rendering that began after purge number start is still
// true: no purge since concerns its tags.
func (c *Cache) fit(start uint64, tags map[string][]tag.Span) bool {
	if c.floor > start {
		return false
	}
	for t := range tags {
		if c.recent[t] > start {
			return false
		}
	}
	return true
}

// usable tells whether an outage may be bridged with this copy.
func (e *entry) usable(now int64) bool {
	since := now
	if e.spoilt.Load() {
		since = e.spoiltAt
	}
	if due := e.due.Load(); due != 0 && due < since {
		since = due
	}
	if e.until != 0 && e.until < since {
		since = e.until
	}
	return e.kept && now-since <= int64(staleFor)
}

// maxRecent bounds the memory of purges while renderings go on without a
// pause. Beyond it all of them are taken as unfit, which costs one rendering.
const maxRecent = 10_000

// Purge makes the pages that carry one of the tags be rendered anew by the
// next request for them; no other page is touched. When it has returned, no
// request that comes later gets what was rendered before. A tag written
// "!tag" is purged like "tag", and its pages are not served during an outage
// either: they were withdrawn.
func (c *Cache) Purge(tags ...string) {
	if len(tags) == 0 {
		return
	}
	now := c.opts.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	for _, t := range tags {
		withdrawn := t != "" && t[0] == '!'
		if withdrawn {
			t = t[1:]
		}
		for e := range c.concerned(t) {
			if withdrawn {
				c.lose(e)
			} else {
				e.spoil(now)
			}
		}
	}
}

// concerned notes the purge of a tag and gives the entries that it concerns.
func (c *Cache) concerned(t string) iter.Seq[*entry] {
	name, span := tag.Split(t)
	c.note(name)
	return func(yield func(*entry) bool) {
		for e, shows := range c.byTag[name] {
			if slices.ContainsFunc(shows, span.Meets) && !yield(e) {
				return
			}
		}
	}
}

// note remembers a purge while renderings are under way that it may concern.
func (c *Cache) note(t string) {
	if len(c.flights) == 0 {
		return
	}
	if len(c.recent) >= maxRecent {
		c.floor = c.seq
		clear(c.recent)
	}
	c.recent[t] = c.seq
}

// noteAll remembers a purge of everything: whatever is being rendered is old.
func (c *Cache) noteAll() {
	c.seq++
	c.floor = c.seq
	clear(c.recent)
}

// PurgeAll is Purge of every tag there is, and of pages without tags.
func (c *Cache) PurgeAll() {
	now := c.opts.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.noteAll()
	for e := c.head; e != nil; e = e.next {
		e.spoil(now)
	}
}

func (e *entry) spoil(now int64) {
	e.hold = 0
	if !e.spoilt.Swap(true) {
		e.spoiltAt = now
	}
}
