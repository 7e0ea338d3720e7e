package search

import (
	"context"

	"dateline/internal/fault"
)

// Gate lets a few searches run at once and a few more wait; the rest is refused
// at once. Searches are the one thing that readers can make us do that no cache
// takes off our hands, so they have a budget of their own.
type Gate struct {
	run  chan struct{}
	wait chan struct{}
}

// NewGate makes a gate.
func NewGate(running, waiting int) *Gate {
	return &Gate{run: make(chan struct{}, running), wait: make(chan struct{}, running+waiting)}
}

// Enter waits for a turn; fault Busy when too many wait already. leave must be
// called when err is nil.
func (g *Gate) Enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.wait <- struct{}{}:
	default:
		return nil, fault.New(fault.Busy, "too many searches at once")
	}
	select {
	case g.run <- struct{}{}:
		return func() { <-g.run; <-g.wait }, nil
	case <-ctx.Done():
		<-g.wait
		return nil, fault.New(fault.Unavailable, "waiting to search: %w", ctx.Err())
	}
}
