package comment_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/fault"
)

// Nothing that restricts somebody is stored without a ground, by whatever way.
func TestNoGroundNoDecision(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		r.tell("comments_moderation", "after")
		c := r.must(comment.Submission{Text: "A comment."})
		for _, deed := range []comment.Deed{comment.Remove, comment.Spam, comment.Mute, comment.Ban, comment.Watch} {
			for _, a := range []comment.Act{{Days: 7}, {Days: 7, Rule: 99}, {Days: 7, Rule: -1}, {Days: 7, Law: "  "}} {
				a.Comment, a.Deed = c.ID, deed
				if _, _, err := r.act(a); !fault.Is(err, fault.Invalid) {
					t.Errorf("%s by %+v: %v", deed, a, err)
				}
			}
			for _, q := range []string{"'', 0, ''", "'rule', 0, ''", "'rule', 1, ''", "'law', 0, ''"} {
				err := r.d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), "INSERT INTO comment_decision (edition_id, article_id, comment_id, deed, ground, rule, law, facts, staff_id, at, until, writer) VALUES ($1, $2, $3, '"+string(deed)+"', "+q+", 'f', 1, 1, 9, 'w')",
						r.first.Edition, r.first.ID, c.ID)
					return err
				})
				if err == nil {
					t.Errorf("the table takes %s with ground %s", deed, q)
				}
			}
		}
		if _, _, err := r.act(comment.Act{Comment: c.ID, Deed: comment.Ban, Rule: 1}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a ban without an end: %v", err)
		}
		if part, _ := r.s.Of(t.Context(), r.first.ID, 1); part.Total != 1 {
			t.Errorf("what was not decided had an effect: %+v", part)
		}
	})
}

// A removed comment leaves its place with the rule; undone, it is as it was.
func TestRemoveAndUndo(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		r.tell("comments_moderation", "after")
		c := r.must(comment.Submission{Text: "You are not worth an answer."})
		r.must(comment.Submission{Text: "I answer all the same.", Parent: c.ID})
		d, again, err := r.act(comment.Act{Comment: c.ID, Deed: comment.Remove, Rule: 1})
		if err != nil || again || d.Ground != "rule" || d.Title == "" || d.Facts == "" || d.Category == "" || d.RulesVersion != 1 {
			t.Fatalf("%+v, %v, %v", d, again, err)
		}
		part, err := r.s.Of(t.Context(), r.first.ID, 1)
		if err != nil || part.Total != 1 || len(part.Comments) != 2 {
			t.Fatalf("%+v, %v", part, err)
		}
		if g := part.Comments[0]; g.Gone == nil || g.Gone.Rule != 1 || g.Gone.Title != d.Title || g.Body != "" || g.Name != "" || part.Comments[1].ParentID != c.ID {
			t.Errorf("in its place stands %+v", g)
		}
		undo := func(id int64) error {
			return r.d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { _, err := r.s.Undo(t.Context(), tx, id); return err })
		}
		if err := undo(d.ID); err != nil {
			t.Fatal(err)
		}
		if err := undo(d.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("undone twice: %v", err)
		}
		part, err = r.s.Of(t.Context(), r.first.ID, 1)
		if err != nil || part.Total != 2 || part.Comments[0].Body == "" || part.Comments[0].Gone != nil {
			t.Errorf("undone: %+v, %v", part, err)
		}
		// Approving what was removed, undone, has the tombstone again.
		if _, _, err := r.act(comment.Act{Comment: c.ID, Deed: comment.Remove, Rule: 2}); err != nil {
			t.Fatal(err)
		}
		r.now = r.now.Add(time.Second)
		back, _, err := r.act(comment.Act{Comment: c.ID, Deed: comment.Restore})
		if err != nil {
			t.Fatal(err)
		}
		if err := undo(back.ID); err != nil {
			t.Fatal(err)
		}
		if part, err = r.s.Of(t.Context(), r.first.ID, 1); err != nil || part.Comments[0].Gone == nil || part.Comments[0].Gone.Rule != 2 {
			t.Errorf("%+v, %v", part.Comments[0], err)
		}
		// What nobody has seen leaves nothing; spam leaves nothing.
		r.tell("comments_moderation", "before")
		w := r.must(comment.Submission{Text: "Waits."})
		if _, _, err := r.act(comment.Act{Comment: w.ID, Deed: comment.Remove, Rule: 1}); err != nil {
			t.Fatal(err)
		}
		if part, _ := r.s.Of(t.Context(), r.first.ID, 1); len(part.Comments) != 2 {
			t.Errorf("what was never shown left something: %+v", part.Comments)
		}
	})
}

// Of two moderators who decide at the same time one does: the same twice is once, and
// who wants something else is told.
func TestTwoModerators(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		r.tell("comments_moderation", "after")
		for round := range 10 {
			c := r.must(comment.Submission{Text: fmt.Sprintf("Comment of round %d", round)})
			var all sync.WaitGroup
			made, same, other := make([]bool, 6), make([]bool, 6), make([]bool, 6)
			for i := range 6 {
				all.Go(func() {
					rule := 1
					if i%3 == 2 {
						rule = 2
					}
					_, again, err := r.act(comment.Act{Comment: c.ID, Version: 1, Deed: comment.Remove, Rule: rule, Staff: int64(i + 1)})
					made[i], same[i], other[i] = err == nil && !again, again, fault.Is(err, fault.Conflict)
					if err != nil && !other[i] {
						t.Error(err)
					}
				})
			}
			all.Wait()
			n := 0
			for i := range 6 {
				if made[i] {
					n++
				} else if !same[i] && !other[i] {
					t.Errorf("moderator %d got no answer", i)
				}
			}
			found, err := r.s.DecisionsOf(t.Context(), r.d, []int64{c.ID})
			if n != 1 || err != nil || len(found[c.ID]) != 1 {
				t.Fatalf("round %d: %d decided, %d stored, %v", round, n, len(found[c.ID]), err)
			}
		}
	})
}

// Who decided first does not answer the complaint; of two who answer one does; what is
// upheld is public again.
func TestAppeals(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		r.tell("comments_moderation", "after")
		one := r.must(comment.Submission{Text: "It was a quotation."})
		c, err := r.f.Mine(ctx, one.Token)
		if err != nil {
			t.Fatal(err)
		}
		d, _, err := r.act(comment.Act{Comment: one.ID, Deed: comment.Remove, Rule: 1, Staff: 1})
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			all.Go(func() { errs[i] = r.f.Appeal(context.Background(), c, d.ID, "It was.", r.from2(i)) })
		}
		all.Wait()
		stored := 0
		for _, err := range errs {
			if err == nil {
				stored++
			} else if !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		appeals, err := r.s.AppealsOf(ctx, r.d, []int64{d.ID})
		if err != nil || stored != 1 || appeals[d.ID].First != 1 {
			t.Fatalf("%d appeals, %+v, %v", stored, appeals, err)
		}
		answer := func(staff int64, uphold bool, reason string) error {
			return r.d.Tx(context.Background(), db.Desk, func(tx *db.Tx) error {
				_, err := r.s.Answer(context.Background(), tx, appeals[d.ID].ID, uphold, reason, staff)
				return err
			})
		}
		if err := answer(1, true, "I was right."); !fault.Is(err, fault.Forbidden) {
			t.Errorf("who decided first answers: %v", err)
		}
		err = r.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE comment_appeal SET outcome = 'rejected', reason = 'x', staff_id = 1, decided_at = 1 WHERE id = $1", appeals[d.ID].ID)
			return err
		})
		if err == nil {
			t.Error("the table lets who decided first answer")
		}
		if err := answer(2, true, " "); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		errs = make([]error, 4)
		for i := range errs {
			all.Go(func() { errs[i] = answer(int64(i+2), true, "It was a quotation.") })
		}
		all.Wait()
		answered := 0
		for _, err := range errs {
			if err == nil {
				answered++
			} else if !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		part, err := r.s.Of(ctx, r.first.ID, 1)
		if err != nil || answered != 1 || part.Total != 1 || part.Comments[0].Gone != nil {
			t.Errorf("%d answered; %+v, %v", answered, part, err)
		}
		if f, err := r.s.FiguresOf(ctx, r.first.Edition, noon.Add(-time.Hour)); err != nil || f.Appeals != 1 || f.Upheld != 1 || f.Removed != 1 || f.Restored != 1 {
			t.Errorf("%+v, %v", f, err)
		}
	})
}

// A sanction ends by itself, and at once when it is undone.
func TestSanctions(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		r.tell("comments_moderation", "after")
		one := r.must(comment.Submission{Text: "First of mine."})
		d, _, err := r.act(comment.Act{Comment: one.ID, Deed: comment.Mute, Rule: 1, Days: 7})
		if err != nil || !d.Until.Equal(noon.Add(7*24*time.Hour)) && d.Until.IsZero() {
			t.Fatal(d, err)
		}
		write := func(text string) (comment.Taken, error) {
			return r.send(comment.Submission{Text: text, Token: one.Token})
		}
		if _, err := write("While muted."); err == nil || !strings.Contains(err.Error(), "may not write") {
			t.Errorf("while muted: %v", err)
		}
		r.now = d.Until.Add(time.Second)
		if _, err := write("After the term."); err != nil {
			t.Errorf("after the term: %v", err)
		}
		r.now = d.Until.Add(-time.Hour)
		if err := r.d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { _, err := r.s.Undo(t.Context(), tx, d.ID); return err }); err != nil {
			t.Fatal(err)
		}
		if _, err := write("After it was lifted."); err != nil {
			t.Errorf("after it was lifted: %v", err)
		}
		if _, _, err := r.act(comment.Act{Comment: one.ID, Deed: comment.Watch, Rule: 1, Days: 7}); err != nil {
			t.Fatal(err)
		}
		if got, err := write("While watched."); err != nil || got.Held != "watch" {
			t.Errorf("while watched: %+v, %v", got, err)
		}
	})
}

// A notice is received, and answered by what is decided; who gave it is forgotten then.
func TestNotices(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		r.tell("comments_moderation", "after")
		c := r.must(comment.Submission{Text: "Somebody minds this."})
		n := comment.Notice{Edition: r.first.Edition, Comment: c.ID, Ground: "rule", Rule: 1, Text: "It is about me.", Name: "Saule", Email: "s@lamp.example"}
		for name, f := range map[string]func(n *comment.Notice, faith *bool){"no reason": func(n *comment.Notice, _ *bool) { n.Text = " " }, "no such rule": func(n *comment.Notice, _ *bool) { n.Rule = 99 },
			"no good faith": func(_ *comment.Notice, faith *bool) { *faith = false }} {
			bad, faith := n, true
			f(&bad, &faith)
			if _, err := r.f.Report(ctx, bad, "en", faith, "", r.from()); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		token, err := r.f.Report(ctx, n, "en", true, "", r.from())
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.s.NoticeOf(ctx, token)
		if err != nil || got.Outcome != "" || got.Email != n.Email {
			t.Errorf("%+v, %v", got, err)
		}
		d, _, err := r.act(comment.Act{Comment: c.ID, Deed: comment.Remove, Rule: 1})
		if err != nil || d.Source != "notice" {
			t.Fatal(d, err)
		}
		got, err = r.s.NoticeOf(ctx, token)
		if err != nil || got.Outcome != "acted" || got.Decision != d.ID || got.Email != n.Email /* until they are told */ || got.Name != "" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
