package cache

import (
	"net/http"
	"strings"
	"time"
)

// unchanged evaluates the preconditions of a GET or HEAD (RFC 9110 §13.2.2):
// If-Modified-Since counts only without If-None-Match, and a date we cannot
// read is as good as none.
func (e *entry) unchanged(h http.Header) bool {
	if e.status != http.StatusOK {
		return false // §13.2.1: only what would be a 2xx has preconditions
	}
	if match := h["If-None-Match"]; len(match) > 0 {
		for _, field := range match {
			if matches(field, e.opaque) {
				return true
			}
		}
		return false
	}
	since := h["If-Modified-Since"]
	if len(since) != 1 || len(e.modified) == 0 {
		return false
	}
	if since[0] == e.modified[0] {
		return true
	}
	t, err := http.ParseTime(since[0])
	return err == nil && e.modifiedUnix <= t.Unix()
}

// matches tells whether a list of entity tags holds one with this opaque
// part (quotes included), by the weak comparison of RFC 9110 §8.8.3.2.
func matches(list, opaque string) bool {
	for {
		list = strings.TrimLeft(list, " \t,")
		if list == "" {
			return false
		}
		if list[0] == '*' {
			return true
		}
		list = strings.TrimPrefix(list, "W/")
		if list == "" || list[0] != '"' {
			return false
		}
		end := strings.IndexByte(list[1:], '"')
		if end < 0 {
			return false
		}
		if list[:end+2] == opaque {
			return true
		}
		list = list[end+2:]
	}
}

// date says since when a page has been as it is: since the one before it that
// was the same, else since its making began at the time at, because what it is
// made of (other articles' headlines, the menu) has no date together. A date
// that something else under this key may have had is no date: whoever asks with
// it would be told that nothing changed. Cache.mu is held, and nobody has the
// entry yet.
func (c *Cache) date(e, old *entry, at int64) {
	if old != nil {
		e.modifiedUnix = old.modifiedUnix
	}
	if !e.dated {
		return
	}
	if old != nil && old.modified != nil && old.opaque == e.opaque {
		e.modified = old.modified
	} else if m := time.Unix(0, at).UTC(); m.Unix() > max(e.modifiedUnix, c.lost) {
		e.modifiedUnix, e.modified = m.Unix(), []string{m.Format(http.TimeFormat)}
	} else {
		return
	}
	e.head = append(e.head, field{"Last-Modified", e.modified})
}

// lose forgets an entry that no other takes the place of, but not its date.
func (c *Cache) lose(e *entry) {
	c.lost = max(c.lost, e.modifiedUnix)
	c.drop(e)
}
