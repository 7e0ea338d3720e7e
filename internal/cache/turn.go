package cache

// admit lets a rendering begin or wait for its turn; false when neither is
// possible. A page that was kept is known to be one, so it always finds a place
// (there are no more of them than the cache holds) and goes before addresses
// that somebody may have invented. Called with Cache.mu held.
func (c *Cache) admit(f *flight, known bool) bool {
	switch {
	case c.running < c.opts.MaxRenders:
		c.running++
		go c.fly(f)
	case known:
		c.known = append(c.known, f)
	case len(c.queue) < queueFactor*c.opts.MaxRenders:
		c.queue = append(c.queue, f)
	default:
		return false
	}
	return true
}

// next hands the place of a rendering that has ended to whoever is in line and
// still has somebody waiting. Called with Cache.mu held.
func (c *Cache) next(now int64) {
	for {
		line := &c.known
		if len(*line) == 0 {
			line = &c.queue
		}
		if len(*line) == 0 {
			c.running--
			return
		}
		f := (*line)[0]
		(*line)[0] = nil
		if *line = (*line)[1:]; len(*line) == 0 {
			*line = nil
		}
		if f.waiters == 0 { // all have left
			delete(c.flights, f.key)
			close(f.done)
			continue
		}
		f.start, f.at = c.seq, max(f.at, now) // it sees what has changed while it waited
		go c.fly(f)
		return
	}
}

// refuse counts, and complains now and then. Called with Cache.mu held.
func (c *Cache) refuse(now int64) {
	n := c.refused.Add(1)
	if now-c.warned >= int64(warnEvery) {
		c.warned = now
		c.opts.Log.Warn("more pages are asked for than can be made at once; some are answered with 503", "refused", n)
	}
}
