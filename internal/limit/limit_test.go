package limit

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

func TestLimit(t *testing.T) {
	l, now := New(3, time.Minute), time.Unix(1000, 0)
	take := func(key string) (n int) {
		for range 10 {
			if l.Take(key, now) {
				n++
			}
		}
		return n
	}
	if n := take("a"); n != 3 {
		t.Errorf("%d tries at once", n)
	}
	if n := take("b"); n != 3 {
		t.Errorf("another has %d", n)
	}
	l.Back("a")
	if n := take("a"); n != 1 {
		t.Errorf("one given back gives %d", n)
	}
	now = now.Add(2 * time.Minute)
	if n := take("a"); n != 2 {
		t.Errorf("%d tries two minutes later", n)
	}
	l.Clear("a")
	if n := take("a"); n != 3 {
		t.Errorf("%d tries after it was right", n)
	}
	for i := range 50_000 {
		l.Take(fmt.Sprint(i), now)
	}
	if len(l.free) > l.most {
		t.Errorf("a flood of keys fills memory: %d", len(l.free))
	}
}

func TestNetwork(t *testing.T) {
	for in, want := range map[string]string{"192.0.2.7": "192.0.2.0/24", "2001:db8:1:2ff::1": "2001:db8:1:200::/56"} {
		if got := Network(netip.MustParseAddr(in)); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	if Network(netip.Addr{}) != "" {
		t.Error("a socket of this machine has a network")
	}
}
