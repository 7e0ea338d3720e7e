package tag

import (
	"math"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		tag, name string
		span      Span
	}{
		{"article:17", "article:17", Always},
		{"topic-list:5@10..20", "topic-list:5", Span{10, 20}},
		{"topic-list:5@-10..9223372036854775807", "topic-list:5", Span{-10, math.MaxInt64}},
		{"!article:3", "!article:3", Always},
		{"*", "*", Always},
	} {
		name, span := Split(c.tag)
		if name != c.name || span != c.span {
			t.Errorf("%s: %s %v", c.tag, name, span)
		}
		if got := Join(name, span); got != c.tag {
			t.Errorf("%s is written again as %s", c.tag, got)
		}
	}
	for _, broken := range []string{"a@", "a@1", "a@1..", "a@..2", "a@2..1", "a@x..y", "a@1..99999999999999999999"} {
		if name, span := Split(broken); name != "a" || span != Always {
			t.Errorf("%s: %s %v: too little is purged", broken, name, span)
		}
	}
}

func TestSpan(t *testing.T) {
	for _, c := range []struct {
		a, b Span
		meet bool
	}{
		{Span{1, 5}, Span{5, 9}, true},
		{Span{1, 4}, Span{5, 9}, false},
		{Span{3, 3}, Span{1, 9}, true},
		{Always, Span{7, 7}, true},
		{At(0), At(7), true},
		{At(6), At(7), false},
	} {
		if c.a.Meets(c.b) != c.meet || c.b.Meets(c.a) != c.meet {
			t.Errorf("%v and %v", c.a, c.b)
		}
		if both := c.a.With(c.b); both.From > min(c.a.From, c.b.From) || both.To < max(c.a.To, c.b.To) {
			t.Errorf("%v and %v make %v", c.a, c.b, both)
		}
	}
}
