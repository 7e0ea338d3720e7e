package pace

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"
)

// work keeps a processor busy for d of the process's own time.
func work(d time.Duration) {
	for began := cpu(); cpu()-began < d; {
	}
}

func TestRests(t *testing.T) {
	procs := runtime.GOMAXPROCS(0)
	needed, turns := true, 0
	p := New(1, func(context.Context) bool { return needed }, func(bool) { turns++ })
	step := func() time.Duration {
		began := time.Now()
		if err := p.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		return time.Since(began)
	}
	step()
	if got := runtime.GOMAXPROCS(0); got != 1 {
		t.Errorf("%d processors at a slow pace", got)
	}
	if rest := step(); rest > Rest*Stretch/2 {
		t.Errorf("rested %v before it worked", rest)
	}
	work(2 * Stretch)
	if rest := step(); rest < Rest*2*Stretch {
		t.Errorf("rested %v after %v", rest, 2*Stretch)
	}
	needed, p.asked = false, time.Time{}
	work(2 * Stretch)
	if rest := step(); rest > Rest*Stretch {
		t.Errorf("rested %v for nobody", rest)
	}
	if got := runtime.GOMAXPROCS(0); got != procs || turns != 2 {
		t.Errorf("%d processors, %d turns; want %d and 2", got, turns, procs)
	}
}

// A rest ends with its context, and the process has its processors again.
func TestRestEnds(t *testing.T) {
	procs := runtime.GOMAXPROCS(0)
	p := New(1, func(context.Context) bool { return true }, func(bool) {})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if err := p.Step(ctx); err != nil {
		t.Fatal(err)
	}
	work(20 * Stretch)
	began := time.Now()
	if err := p.Step(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > Rest*Stretch {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	p.End()
	if got := runtime.GOMAXPROCS(0); got != procs {
		t.Errorf("%d processors, want %d", got, procs)
	}
}

func TestNoPace(t *testing.T) {
	var p *Pace
	work(2 * Stretch)
	if err := p.Step(t.Context()); err != nil {
		t.Error(err)
	}
	p.End()
}
