// Package pace has a program in the background work a small share of the time
// while somebody else on the machine must not feel it.
//
// A low priority is not enough: it decides who goes first on a processor that
// both want, not how soon somebody wakes on one of two, and a program that
// works half the time doubles the longest of a hundred waits beside it
// (docs/performance.md, readers beside an import). What helps is to do nothing
// most of the time.
package pace

import (
	"context"
	"runtime"
	"sync"
	"time"
)

const (
	// Rest is how many times as long as it worked a program does nothing.
	Rest = 29
	// Stretch is worked in one go, at least.
	Stretch = 100 * time.Millisecond

	askEvery = time.Second
	// most is the longest rest: one long piece of work is not to look like the end.
	most = 12 * time.Second
)

// Pace is the pace of a process. All of its goroutines call Step between pieces
// of work that they can put down; nil is a pace without rests.
type Pace struct {
	needed func(context.Context) bool
	told   func(slow bool)
	weight int

	mu     sync.Mutex
	worked time.Duration // the process's own, when it last rested
	asked  time.Time
	slow   bool
	procs  int // as they were before it slowed down
}

// New gives a pace that is slow as long as needed says so, which it is asked
// once a second; told hears when that changes. weight is how many processors
// work for each that works in this process: 2 when a server does as much for it
// elsewhere.
func New(weight int, needed func(context.Context) bool, told func(slow bool)) *Pace {
	return &Pace{needed: needed, told: told, weight: weight}
}

// Step rests if it is time to, all of the process with it. The error is ctx's.
func (p *Pace) Step(ctx context.Context) error {
	if p == nil {
		return ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.asked) >= askEvery {
		if slow := p.needed(ctx); p.turn(slow) {
			p.told(slow)
		}
		p.asked = time.Now()
	}
	if !p.slow {
		return ctx.Err()
	}
	now := cpu()
	worked := now - p.worked
	if worked < Stretch {
		return ctx.Err()
	}
	p.worked = now // what a transaction that has begun works during the rest counts for the next
	return Sleep(ctx, min(worked*time.Duration(Rest*p.weight), most))
}

// Sleep does nothing for d, or until ctx ends; the error is ctx's.
func Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
	return ctx.Err()
}

// End gives the process back what a slow pace took.
func (p *Pace) End() {
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.turn(false)
	}
}

// turn changes the pace. A slow one has one processor: two threads in turns
// would disturb both.
func (p *Pace) turn(slow bool) (turned bool) {
	if p.slow == slow {
		return false
	}
	p.slow, p.worked = slow, cpu()
	if slow {
		p.procs = runtime.GOMAXPROCS(1)
	} else {
		runtime.GOMAXPROCS(p.procs)
	}
	return true
}
