package job

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
)

const (
	lease    = 2 * time.Minute // how long an errand may take before another node takes it to be dead
	look     = time.Second     // how often the outbox is looked at
	firstTry = 30 * time.Second
	longest  = 6 * time.Hour
	tries    = 16 // with the pauses between them about two and a half days
	kept     = 30 * 24 * time.Hour
	atOnce   = 4 // errands of one node
)

// Plan answers an event with others, in the transaction that ends it.
type Plan func(ctx context.Context, tx *db.Tx, e Row) error

// Errand does outside what an event says. The error says why it is to be tried
// again; Never, that it is not; After, when.
type Errand func(ctx context.Context, e Row) error

type never struct{ error }

func (n never) Unwrap() error { return n.error }

// Never is an error after which trying again is in vain.
func Never(err error) error { return never{err} }

// IsNever tells an error after which trying again is in vain.
func IsNever(err error) bool { return errors.As(err, &never{}) }

type after struct {
	error
	pause time.Duration
}

func (a after) Unwrap() error { return a.error }

// After is an error of one who asks to be left alone for a while (Retry-After, RFC
// 9110 §10.2.3).
func After(pause time.Duration, err error) error { return after{err, pause} }

// Runner carries out what waits in the outbox.
type Runner struct {
	d       *db.DB
	log     *slog.Logger
	plans   map[string]Plan
	errands map[string]Errand
	kinds   []string
	chance  func() float64 // 0 to 1, for the jitter
}

// NewRunner makes one that carries out nothing yet.
func NewRunner(d *db.DB, log *slog.Logger) *Runner {
	return &Runner{d: d, log: log, plans: map[string]Plan{}, errands: map[string]Errand{}, chance: chance}
}

func chance() float64 {
	var b [4]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return float64(binary.BigEndian.Uint32(b[:])) / (1 << 32)
}

// Plan has events of a kind answered by f. A kind is carried out by one of Plan and
// Do, before Run.
func (r *Runner) Plan(kind string, f Plan) {
	r.take(kind)
	r.plans[kind] = f
}

// Do has events of a kind carried out by f.
func (r *Runner) Do(kind string, f Errand) {
	r.take(kind)
	r.errands[kind] = f
}

func (r *Runner) take(kind string) {
	if slices.Contains(r.kinds, kind) {
		panic("two rooms carry out events of kind " + kind)
	}
	r.kinds = append(r.kinds, kind)
}

// Run carries out what is due until ctx ends, and lets what has begun end.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := r.Once(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("carrying out what waits", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Once carries out all that is due now, a few errands side by side.
func (r *Runner) Once(ctx context.Context) error {
	for ctx.Err() == nil {
		list, err := due(ctx, r.d, r.kinds, r.d.Now(), 50)
		if err != nil || len(list) == 0 {
			return err
		}
		slots, errs := make(chan struct{}, atOnce), make(chan error, len(list))
		for _, e := range list {
			slots <- struct{}{}
			go func() {
				defer func() { <-slots }()
				errs <- r.carry(ctx, e)
			}()
		}
		var all []error
		for range list {
			all = append(all, <-errs)
		}
		if err := errors.Join(all...); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// carry carries out one event, unless another node is about to.
func (r *Runner) carry(ctx context.Context, e Row) error {
	if plan, ok := r.plans[e.Kind]; ok {
		err := r.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
			mine, err := claim(ctx, tx, e, r.d.Now().Add(lease))
			if err != nil || !mine {
				return err
			}
			if err := plan(ctx, tx, e); err != nil {
				return err
			}
			return finish(ctx, tx, e, r.d.Now())
		})
		if err == nil || ctx.Err() != nil {
			return err
		}
		err = fmt.Errorf("%s of %d: %w", e.Kind, e.Ref, err)
		later := r.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
			if mine, err := claim(ctx, tx, e, r.d.Now()); err != nil || !mine {
				return err
			}
			return fail(ctx, tx, e, "waiting", r.d.Now().Add(r.pause(e.Attempts+1, err)), err.Error())
		})
		return errors.Join(err, later)
	}
	mine := false
	err := r.d.Tx(ctx, db.Jobs, func(tx *db.Tx) (err error) {
		mine, err = claim(ctx, tx, e, r.d.Now().Add(lease))
		return err
	})
	if err != nil || !mine {
		return err
	}
	e.Attempts++
	trying, stop := context.WithTimeout(ctx, lease/2)
	did := r.try(trying, e)
	stop()
	// What has happened is noted although the house is being closed.
	return r.d.Tx(context.WithoutCancel(ctx), db.Jobs, func(tx *db.Tx) error {
		if did == nil {
			return finish(ctx, tx, e, r.d.Now())
		}
		state, next := "waiting", r.d.Now().Add(r.pause(e.Attempts, did))
		if IsNever(did) || e.Attempts >= tries {
			state = "failed"
			r.log.Warn("an errand has failed for good", "kind", e.Kind, "of", e.Ref, "attempts", e.Attempts, "error", did)
		}
		return fail(context.WithoutCancel(ctx), tx, e, state, next, did.Error())
	})
}

// try runs an errand; one that panics has failed.
func (r *Runner) try(ctx context.Context, e Row) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "%s of %d: %v", e.Kind, e.Ref, p)
		}
	}()
	return r.errands[e.Kind](ctx, e)
}

// pause is how long an errand waits after its nth try: twice as long each time, a
// quarter more or less, so that what failed together does not come back together.
func (r *Runner) pause(n int64, err error) time.Duration {
	if a := (after{}); errors.As(err, &a) {
		return min(max(a.pause, time.Second), 24*time.Hour)
	}
	d := min(firstTry<<min(n-1, 20), longest)
	return time.Duration(float64(d) * (0.75 + r.chance()/2))
}
