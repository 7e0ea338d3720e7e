// Package tag is how it is written what a page was made of, and what a change
// changes: "article:17", "topic-list:5". A list is ordered by time, and most
// pages show a piece of it; so a tag may name a span of time, as in
// "topic-list:5@1700000000000..1700000360000", and a change that lies outside
// the span that a page shows does not concern the page. An import of an old
// archive then leaves alone the pages that show the newest articles.
//
// Tables, Routes, Jobs, Events, Permissions: none.
package tag

import (
	"math"
	"strconv"
	"strings"
)

// Span is a span of time, both ends included, in milliseconds since 1970 UTC.
type Span struct{ From, To int64 }

// Always is the span of a tag that names none.
var Always = Span{math.MinInt64, math.MaxInt64}

// At is the span of one instant; 0, no instant, may be any.
func At(millis int64) Span {
	if millis == 0 {
		return Always
	}
	return Span{millis, millis}
}

// Meets reports whether two spans share an instant.
func (s Span) Meets(o Span) bool { return s.From <= o.To && o.From <= s.To }

// With is the shortest span that holds both.
func (s Span) With(o Span) Span { return Span{min(s.From, o.From), max(s.To, o.To)} }

// Join writes a tag.
func Join(name string, s Span) string {
	if s == Always {
		return name
	}
	return name + "@" + strconv.FormatInt(s.From, 10) + ".." + strconv.FormatInt(s.To, 10)
}

// Split reads a tag. What is not a span counts as Always.
func Split(tag string) (name string, s Span) {
	name, span, ok := strings.Cut(tag, "@")
	if !ok {
		return name, Always
	}
	from, to, _ := strings.Cut(span, "..")
	var err1, err2 error
	s.From, err1 = strconv.ParseInt(from, 10, 64)
	s.To, err2 = strconv.ParseInt(to, 10, 64)
	if err1 != nil || err2 != nil || s.From > s.To {
		return name, Always
	}
	return name, s
}
