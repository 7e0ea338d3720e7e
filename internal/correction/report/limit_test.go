package report

import (
	"net/netip"
	"testing"
	"time"
)

// A network may send so many at once and then one now and then, whoever in it sends;
// others may go on until all together are too many.
func TestLimit(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	l := newLimit(func() time.Time { return now })
	send := func(addr string) bool { return l.may(netip.MustParseAddr(addr)) == nil }
	took := 0
	for range 100 {
		if send("192.0.2.7") {
			took++
		}
	}
	if took != eachMost || send("192.0.2.200") || !send("192.0.3.1") {
		t.Errorf("%d of 100 were taken from one network", took)
	}
	if now = now.Add(eachEvery); !send("192.0.2.9") || send("192.0.2.9") {
		t.Error("after a while one more is taken, and only one")
	}
	all := 0
	for i := range 1000 {
		if send(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 1}).String()) {
			all++
		}
	}
	if all >= allMost || all == 0 {
		t.Errorf("%d of 1000 were taken from all", all)
	}
	now = now.Add(24 * time.Hour)
	leave := []func(){}
	for range atOnce {
		f, err := l.enter(netip.MustParseAddr("192.0.2.7"))
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, f)
	}
	if _, err := l.enter(netip.MustParseAddr("192.0.2.7")); err == nil {
		t.Error("more are under way at once than may be")
	}
	leave[0]()
	if _, err := l.enter(netip.MustParseAddr("192.0.2.7")); err != nil {
		t.Error(err)
	}
}

func TestWeighty(t *testing.T) {
	for _, c := range []struct {
		was, is string
		want    bool
	}{
		{"fourty", "forty", false}, {"412", "421", true}, {"sixty one", "sixty-one", true}, {"Seitbay", "Seitbai", true}, {"the train", "the bus", true},
		{"колличество", "количество", false}, {"қала", "қалада", false}, {"may be", "maybe", false}, {"a b", "a", true}, {"word", "", true},
		{"Monday", "monday", false}, {"Monday", "Friday", true},
	} {
		if got := Weighty(c.was, c.is); got != c.want {
			t.Errorf("%q to %q is weighty: %v", c.was, c.is, got)
		}
	}
}
