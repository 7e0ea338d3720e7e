package user

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// limit bounds tries: burst at once, then one in a while. It is kept in memory,
// under keys that cannot be turned back into an address.
type limit struct {
	burst int
	every time.Duration
	most  int // keys kept

	mu   sync.Mutex
	seed maphash.Seed
	free map[uint64]time.Time // when all tries are free again
}

func newLimit(burst int, every time.Duration) *limit {
	return &limit{burst: burst, every: every, most: 20_000, seed: maphash.MakeSeed(), free: map[uint64]time.Time{}}
}

// take counts a try and tells whether it may be made.
func (l *limit) take(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := maphash.String(l.seed, key)
	free := l.free[k]
	if free.Before(now) {
		free = now
	}
	if free.Add(l.every).Sub(now) > time.Duration(l.burst)*l.every {
		return false
	}
	l.free[k] = free.Add(l.every)
	if len(l.free) > l.most {
		l.forget(now)
	}
	return true
}

// back gives a try back: it was right, and whoever shares the key may need it.
func (l *limit) back(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := maphash.String(l.seed, key)
	if free, ok := l.free[k]; ok {
		l.free[k] = free.Add(-l.every)
	}
}

// clear frees a key's tries: the last one was right.
func (l *limit) clear(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.free, maphash.String(l.seed, key))
}

// forget makes room: first what is free anyway, then, under a flood of keys, any.
func (l *limit) forget(now time.Time) {
	for k, free := range l.free {
		if free.Before(now) {
			delete(l.free, k)
		}
	}
	for k := range l.free {
		if len(l.free) <= l.most*3/4 {
			return
		}
		delete(l.free, k)
	}
}

// network is what tries are counted for: an address's network, since whoever has
// one address of it has the others, too.
func network(a netip.Addr) string {
	bits := 56
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "" // no address: a socket of this machine
	}
	return p.String()
}
