package job

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
)

// clocked opens a database whose clock the test turns on.
func clocked(t *testing.T, d *db.DB) (put func(e Event), row func(id int64) Row) {
	t.Helper()
	put = func(e Event) {
		t.Helper()
		if err := d.Tx(t.Context(), db.Jobs, func(tx *db.Tx) error { return PutOutbox(t.Context(), tx, e) }); err != nil {
			t.Fatal(err)
		}
	}
	row = func(id int64) Row {
		t.Helper()
		e, err := Get(t.Context(), d, id)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	return put, row
}

func runner(d *db.DB) *Runner {
	r := NewRunner(d, slog.New(slog.DiscardHandler))
	r.chance = func() float64 { return 0.5 } // no jitter
	return r
}

// Plans become errands once; errands are tried again after longer and longer pauses,
// unless it is in vain or somebody has asked to be left alone for a while.
func TestRunner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		put, row := clocked(t, d)
		r := runner(d)
		r.Plan("article.published", func(ctx context.Context, tx *db.Tx, e Row) error {
			for _, kind := range []string{"fine", "weak", "vain", "busy", "wild"} {
				if err := PutOutbox(ctx, tx, Event{Kind: kind, Ref: e.Ref}); err != nil {
					return err
				}
			}
			return nil
		})
		var weak atomic.Int64
		r.Do("fine", func(context.Context, Row) error { return nil })
		r.Do("weak", func(context.Context, Row) error { weak.Add(1); return errors.New("no answer") })
		r.Do("vain", func(context.Context, Row) error { return Never(errors.New("gone")) })
		r.Do("busy", func(context.Context, Row) error { return After(90*time.Second, errors.New("later")) })
		r.Do("wild", func(context.Context, Row) error { panic("at the disco") })
		put(Event{Kind: "article.published", Ref: 7})
		put(Event{Kind: "nobody's", Ref: 8})
		put(Event{Kind: "fine", Ref: 9, NotBefore: d.Now().Add(time.Hour)})
		if err := r.Once(ctx); err != nil {
			t.Fatal(err)
		}
		got := map[string]Row{}
		list, err := Kept(ctx, d, []string{"fine", "weak", "vain", "busy", "wild", "article.published", "nobody's"}, []string{"waiting", "running", "done", "failed"}, 0, 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.Ref == 7 {
				got[e.Kind] = e
			} else if e.State != "waiting" || e.Attempts != 0 {
				t.Errorf("%s of %d is %s: it is not due, or nobody's", e.Kind, e.Ref, e.State)
			}
		}
		for kind, want := range map[string]string{"article.published": "done", "fine": "done", "weak": "waiting", "vain": "failed", "busy": "waiting", "wild": "waiting"} {
			if e := got[kind]; e.State != want || e.Attempts != 1 {
				t.Errorf("%s is %q after %d tries, want %q after one: %s", kind, e.State, e.Attempts, want, e.LastError)
			}
		}
		if wait := got["busy"].NotBefore.Sub(got["busy"].At); wait < 90*time.Second || wait > 100*time.Second {
			t.Errorf("who asked for 90 s is left alone for %v", wait)
		}
		if !strings.Contains(got["wild"].LastError, "disco") || got["weak"].LastError != "no answer" || got["vain"].LastError != "gone" {
			t.Errorf("the reasons: %q, %q, %q", got["wild"].LastError, got["weak"].LastError, got["vain"].LastError)
		}
		// The weak one, made due again and again as if time went by.
		last := time.Duration(0)
		for n := int64(2); n <= tries; n++ {
			e := row(got["weak"].ID)
			before := d.Now()
			due := func() { // as if its pause were over
				if err := d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
					_, err := tx.Exec(ctx, "UPDATE outbox SET not_before = $1 WHERE id = $2", before.UnixMilli(), e.ID)
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			due()
			if err := r.Once(ctx); err != nil {
				t.Fatal(err)
			}
			e = row(e.ID)
			if n == tries {
				if e.State != "failed" {
					t.Errorf("after %d tries it is %s", n, e.State)
				}
				break
			}
			pause := e.NotBefore.Sub(before)
			if e.State != "waiting" || pause < last-time.Second || pause > longest+time.Minute {
				t.Errorf("try %d: %s, a pause of %v after one of %v", n, e.State, pause, last)
			}
			last = pause
		}
		if weak.Load() != tries {
			t.Errorf("%d tries, want %d", weak.Load(), tries)
		}
		// Somebody at the desk has it tried again.
		if err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return Again(ctx, tx, got["weak"].ID) }); err != nil {
			t.Fatal(err)
		}
		if e := row(got["weak"].ID); e.State != "waiting" || e.Attempts != 0 {
			t.Errorf("tried again it is %s after %d tries", e.State, e.Attempts)
		}
		for id, want := range map[int64]bool{got["weak"].ID: true, got["vain"].ID: true, got["fine"].ID: false} {
			err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return Drop(ctx, tx, id) })
			if ok := err == nil; ok != want || err != nil && !fault.Is(err, fault.Conflict) {
				t.Errorf("dropping %s: %v", row(id).Kind, err)
			}
		}
	})
}

// Several nodes carry each errand out once; one that a dead node had begun is carried
// out by another, once its time is over.
func TestRunnersTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		put, row := clocked(t, d)
		var mu sync.Mutex
		did := map[int64]int{}
		var nodes []*Runner
		for range 3 {
			r := runner(d)
			r.Do("send", func(_ context.Context, e Row) error {
				mu.Lock()
				defer mu.Unlock()
				did[e.Ref]++
				return nil
			})
			nodes = append(nodes, r)
		}
		for n := range 60 {
			put(Event{Kind: "send", Ref: int64(n)})
		}
		var group sync.WaitGroup
		for _, r := range nodes {
			group.Go(func() {
				if err := r.Once(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		for n := range 60 {
			if did[int64(n)] != 1 {
				t.Errorf("errand %d was carried out %d times", n, did[int64(n)])
			}
		}
		// A node takes one and dies.
		put(Event{Kind: "send", Ref: 99})
		list, err := due(ctx, d, []string{"send"}, d.Now(), 5)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		take := func(until time.Time) {
			if err := d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
				mine, err := claim(ctx, tx, list[0], until)
				if !mine {
					t.Error("a waiting errand could not be taken")
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		take(d.Now().Add(time.Minute))
		if err := nodes[0].Once(ctx); err != nil || did[99] != 0 {
			t.Errorf("an errand under way was carried out beside: %d times, %v", did[99], err)
		}
		list[0] = row(list[0].ID)
		take(d.Now().Add(-time.Second))
		if err := nodes[0].Once(ctx); err != nil || did[99] != 1 {
			t.Errorf("the errand of a dead node was carried out %d times, %v", did[99], err)
		}
	})
}
