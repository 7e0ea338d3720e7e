package report

import (
	"net/netip"
	"time"

	"dateline/internal/fault"
	house "dateline/internal/limit"
)

// A limit is how much may be sent, from one network and by all, and how much is on its
// way into the database at once.
type limit struct {
	now       func() time.Time
	each, all *house.Limit
	slots     chan struct{}
}

const (
	eachMost  = 30               // at once
	eachEvery = 10 * time.Second // and then one
	allMost   = 60
	allEvery  = 50 * time.Millisecond
	atOnce    = 4 // reports on their way into the database
)

func newLimit(now func() time.Time) *limit {
	return &limit{now: now, each: house.New(eachMost, eachEvery), all: house.New(allMost, allEvery), slots: make(chan struct{}, atOnce)}
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
	now := l.now()
	if !l.each.Take(house.Network(from), now) {
		return fault.New(fault.TooMany, "too many reports from one network")
	}
	if !l.all.Take("", now) {
		return fault.New(fault.TooMany, "too many reports in all")
	}
	return nil
}
