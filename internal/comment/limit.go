package comment

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// limit bounds what comes from one network: burst at once, then one in a while. It is
// kept in memory, under keys that cannot be turned back into an address, and is empty
// after a restart.
type limit struct {
	burst int
	every time.Duration

	mu   sync.Mutex
	seed maphash.Seed
	free map[uint64]time.Time // when all of it is free again
}

const mostKeys = 20_000

func newLimit(burst int, every time.Duration) *limit {
	return &limit{burst: burst, every: every, seed: maphash.MakeSeed(), free: map[uint64]time.Time{}}
}

// take counts one and tells whether it may be; else after how long.
func (l *limit) take(a netip.Addr, now time.Time) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := maphash.String(l.seed, network(a))
	free := l.free[k]
	if free.Before(now) {
		free = now
	}
	if over := free.Add(l.every).Sub(now) - time.Duration(l.burst)*l.every; over > 0 {
		return over, false
	}
	if _, known := l.free[k]; !known && len(l.free) >= mostKeys {
		l.forget(now)
	}
	l.free[k] = free.Add(l.every)
	return 0, true
}

// forget makes room: what is free anyway, then, under a flood of networks, any.
func (l *limit) forget(now time.Time) {
	for k, free := range l.free {
		if free.Before(now) {
			delete(l.free, k)
		}
	}
	for k := range l.free {
		if len(l.free) <= mostKeys*3/4 {
			return
		}
		delete(l.free, k)
	}
}

// network is what an address is counted for: whoever has one address of it has the
// others, too.
func network(a netip.Addr) string {
	bits := 56
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "" // a socket of this machine
	}
	return p.String()
}
