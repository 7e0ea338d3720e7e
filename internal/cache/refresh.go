package cache

import (
	"context"
	"time"
)

// refreshFor is how long a copy that was refreshed, not purged, may be served
// while it is rendered anew.
const refreshFor = 500 * time.Millisecond

// Refresh is Purge of changes that may be seen a moment later, such as those
// that another process's import made: for refreshFor the former copy is served
// while the new one is rendered, so that no reader waits for an import. Pages
// that are read are rendered anew at once, one after another; others by the
// next request for them. "!tag" is purged.
func (c *Cache) Refresh(tags ...string) {
	now := c.opts.Now().UnixNano()
	var hard []string
	c.mu.Lock()
	c.seq++
	for _, t := range tags {
		if t != "" && t[0] == '!' {
			hard = append(hard, t)
			continue
		}
		for e := range c.concerned(t) {
			c.refresh(e, now)
		}
	}
	c.renew()
	c.mu.Unlock()
	c.Purge(hard...)
}

// RefreshAll is Refresh of every tag there is, and of pages without tags.
func (c *Cache) RefreshAll() {
	now := c.opts.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.noteAll()
	for e := c.head; e != nil; e = e.next {
		c.refresh(e, now)
	}
	c.renew()
}

// refresh marks an entry, and puts it in line if it is read. Cache.mu is held.
func (c *Cache) refresh(e *entry, now int64) {
	if e.due.CompareAndSwap(0, now) && e.asked.Load() {
		c.due, e.queued = append(c.due, e), true
	}
}

// bridges tells whether a refreshed copy may still be served.
func (e *entry) bridges(now int64) bool {
	due := e.due.Load()
	return due != 0 && now-due < int64(refreshFor) && e.alive(now)
}

// renew renders what is in line anew, one after another, as long as the former
// copies bridge the time; what comes after that, the next request renders. One
// goroutine at a time: beside it readers and the import want processors, too.
// Cache.mu is held.
func (c *Cache) renew() {
	if c.renewing || len(c.due) == 0 {
		return
	}
	c.renewing = true
	go func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		for len(c.due) > 0 {
			e := c.due[0]
			c.due, e.queued = c.due[1:], false
			now := c.opts.Now().UnixNano()
			if !e.kept || !e.bridges(now) {
				continue
			}
			f, _ := c.depart(context.Background(), "", e.key, now, e.render) // a page that is kept finds room
			f.waiters++
			c.mu.Unlock()
			<-f.done
			c.mu.Lock()
		}
		c.due, c.renewing = nil, false
	}()
}
