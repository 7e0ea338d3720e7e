package db

import (
	"context"
	"sync"
	"time"

	"dateline/internal/pace"
)

// importRest is how long no transaction of an import begins after another has
// ended: a writer in another process may only get its turn between them.
const importRest = 4 * time.Millisecond

// turnstile lets one writer in at a time, the most urgent class first and
// within a class in the order of coming.
type turnstile struct {
	mu    sync.Mutex
	busy  bool
	queue [Import + 1][]chan struct{}
	rest  time.Time // until when imports wait; belongs to whose turn it is
}

// Waiting is how many writers of this process wait for their turn.
func (d *DB) Waiting() int {
	d.turn.mu.Lock()
	defer d.turn.mu.Unlock()
	n := 0
	for _, q := range d.turn.queue {
		n += len(q)
	}
	return n
}

// enter waits for a writer's turn, and an import's for the end of its rest.
func (d *DB) enter(ctx context.Context, class Class) error {
	for {
		if err := d.turn.enter(ctx, class); err != nil {
			return err
		}
		rest := time.Until(d.turn.rest)
		if class != Import || rest <= 0 {
			return nil
		}
		d.turn.leave()
		if err := pace.Sleep(ctx, rest); err != nil {
			return err
		}
	}
}

func (d *DB) leave(class Class) {
	if class == Import {
		d.turn.rest = time.Now().Add(importRest)
	}
	d.turn.leave()
}

func (s *turnstile) enter(ctx context.Context, class Class) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	if !s.busy {
		s.busy = true
		s.mu.Unlock()
		return nil
	}
	c := make(chan struct{}, 1)
	s.queue[class] = append(s.queue[class], c)
	s.mu.Unlock()
	select {
	case <-c:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	for i, w := range s.queue[class] {
		if w == c {
			s.queue[class] = append(s.queue[class][:i], s.queue[class][i+1:]...)
			s.mu.Unlock()
			return ctx.Err()
		}
	}
	s.mu.Unlock()
	s.leave() // our turn had come at the same moment: pass it on
	return ctx.Err()
}

func (s *turnstile) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for class := range s.queue {
		if q := s.queue[class]; len(q) > 0 {
			s.queue[class] = q[1:]
			q[0] <- struct{}{}
			return
		}
	}
	s.busy = false
}
