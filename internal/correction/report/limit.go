package report

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"

	"dateline/internal/fault"
)

// A limit is how much may be sent, by one and by all. It lives in memory: what stands
// for a reader is a keyed hash of the network that they come from, and the key is
// thrown away after a day.
type limit struct {
	mu    sync.Mutex
	now   func() time.Time
	key   []byte
	since time.Time
	each  map[[16]byte]*bucket
	all   bucket
	slots chan struct{}
}

// bucket fills at a rate and holds so many.
type bucket struct {
	left float64
	at   time.Time
}

const (
	eachMost  = 30               // at once
	eachEvery = 10 * time.Second // and then one
	allMost   = 60
	allEvery  = 50 * time.Millisecond
	keyFor    = 24 * time.Hour
	mostKnown = 50_000 // networks; beyond, the limit for all is the only one
	atOnce    = 4      // reports on their way into the database
)

func newLimit(now func() time.Time) *limit {
	return &limit{now: now, slots: make(chan struct{}, atOnce)}
}

func (b *bucket) take(now time.Time, most float64, every time.Duration) bool {
	if b.at.IsZero() {
		b.left = most
	} else if now.After(b.at) {
		b.left = min(most, b.left+float64(now.Sub(b.at))/float64(every))
	}
	b.at = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

// enter lets a report in, or says that it is too much. leave is called once it is
// stored or refused.
func (l *limit) enter(from netip.Addr) (leave func(), err error) {
	if err := l.may(from); err != nil {
		return nil, err
	}
	select {
	case l.slots <- struct{}{}:
		return func() { <-l.slots }, nil
	default: // the desk's writes go on beside those that are under way
		return nil, fault.New(fault.TooMany, "more reports at once than are taken")
	}
}

func (l *limit) may(from netip.Addr) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.key == nil || now.Sub(l.since) > keyFor {
		l.key, l.since, l.each = make([]byte, 32), now, map[[16]byte]*bucket{}
		rand.Read(l.key) // never fails (crypto/rand)
	}
	id := l.network(from)
	b := l.each[id]
	if b == nil {
		if len(l.each) >= mostKnown {
			for k, old := range l.each {
				if now.Sub(old.at) > eachMost*eachEvery { // full again: as if never seen
					delete(l.each, k)
				}
			}
		}
		b = &bucket{}
		if len(l.each) < mostKnown {
			l.each[id] = b
		}
	}
	if !b.take(now, eachMost, eachEvery) {
		return fault.New(fault.TooMany, "too many reports from one network")
	}
	if !l.all.take(now, allMost, allEvery) {
		return fault.New(fault.TooMany, "too many reports in all")
	}
	return nil
}

// network stands for where somebody comes from: a /24 of IPv4, a /56 of IPv6.
func (l *limit) network(a netip.Addr) (id [16]byte) {
	bits := 56
	if a.Is4() {
		bits = 24
	}
	h := hmac.New(sha256.New, l.key)
	if p, err := a.Prefix(bits); err == nil {
		h.Write(p.Addr().AsSlice())
	}
	copy(id[:], h.Sum(nil))
	return id
}
