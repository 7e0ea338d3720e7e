package cache

import (
	"net/http"
	"strings"
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
