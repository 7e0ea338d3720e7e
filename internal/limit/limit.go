// Package limit bounds how often something is tried, in this process's memory alone,
// under keys that cannot be turned back into an address.
//
// Tables, Routes, Jobs, Events: none.
package limit

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// Limit bounds tries: burst at once, then one in a while.
type Limit struct {
	burst int
	every time.Duration
	most  int // keys kept

	mu   sync.Mutex
	seed maphash.Seed
	free map[uint64]time.Time // when all tries are free again
}

// New makes a Limit.
func New(burst int, every time.Duration) *Limit {
	return &Limit{burst: burst, every: every, most: 20_000, seed: maphash.MakeSeed(), free: map[uint64]time.Time{}}
}

// Take counts a try and tells whether it may be made.
func (l *Limit) Take(key string, now time.Time) bool {
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

// Back gives a try back: it was right, and whoever shares the key may need it.
func (l *Limit) Back(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := maphash.String(l.seed, key)
	if free, ok := l.free[k]; ok {
		l.free[k] = free.Add(-l.every)
	}
}

// Clear frees a key's tries: the last one was right.
func (l *Limit) Clear(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.free, maphash.String(l.seed, key))
}

// forget makes room: first what is free anyway, then, under a flood of keys, any.
func (l *Limit) forget(now time.Time) {
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

// Network is what tries are counted for: an address's network, since whoever has
// one address of it has the others, too.
func Network(a netip.Addr) string {
	if !a.IsValid() {
		return "" // a socket of this machine
	}
	bits := 56
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}
