package app_test

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/mail"
)

// decided lets time pass and gives the letters of a kind, the newest first.
func (r *readerOf) decided(after time.Duration, kind string) []mail.Row {
	r.t.Helper()
	r.clock.add(after)
	if err := r.app.TellOfDecisions(context.Background()); err != nil {
		r.t.Fatal(err)
	}
	return r.lettersOf(kind)
}

func textOf(l mail.Row) (text, path string) {
	for _, p := range l.Parts {
		text += p.Text + "\n"
		if p.Path != "" {
			path = p.Path
		}
	}
	return text, path
}

// TestToldOfDecisions: whom a decision concerns hears of it, once, unless it was taken
// back at once; the letter leads to where they complain; whoever reported the comment
// hears how that ended, and their address is gone then.
func TestToldOfDecisions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := accounts(t, d)
		ctx := context.Background()
		if err := r.app.Set(ctx, "comments_moderation", "", "after"); err != nil {
			t.Fatal(err)
		}
		r.enters("asel@lamp.example")
		if w := r.post("/-/account/profile", "edition", "en", "name", "Asel"); w.Code != 303 {
			t.Fatal(w.Code)
		}
		own := r.comments("", "The market was there before the road, and everybody knows it.", 0)
		r.cookie = ""
		guest := r.comments("Ermek", "My grandfather dug that well.", 0)
		form := []string{"ground", "1", "text", "This is about my family.", "name", "Dina", "email", "dina@lamp.example", "faith", "1"}
		if w := r.post("/-/comments/report/"+strconv.FormatInt(own, 10), form...); w.Code != http.StatusSeeOther {
			t.Fatalf("reporting: %d %s", w.Code, w.Body)
		}

		r.decides(guest, comment.Remove) // has no address
		r.decides(own, comment.Remove)
		if got := r.decided(time.Minute, "comment.decided"); len(got) != 0 {
			t.Fatalf("told at once: %+v", got)
		}
		r.change(func(ctx context.Context, tx *db.Tx) error {
			all, err := r.app.Comments.DecisionsOf(ctx, tx, []int64{own})
			if err == nil {
				_, err = r.app.Comments.Undo(ctx, tx, all[own][0].ID)
			}
			return err
		})
		if got := r.decided(3*time.Minute, "comment.decided"); len(got) != 0 {
			t.Fatalf("told of what was taken back: %+v", got)
		}
		if got := r.decided(0, "comment.notice"); len(got) != 0 {
			t.Fatalf("whoever reported it is told of what was taken back: %+v", got)
		}

		r.decides(own, comment.Remove)
		got := r.decided(3*time.Minute, "comment.decided")
		if len(got) != 1 || got[0].To != "asel@lamp.example" {
			t.Fatalf("letters about the decision: %+v", got)
		}
		rules, err := r.app.Comments.Rules(ctx, d, 1, "en")
		if err != nil {
			t.Fatal(err)
		}
		rule, _ := rules.ByNumber(1)
		text, path := textOf(got[0])
		for _, want := range []string{"The market was there before the road", rule.Title, "somebody else decides", "A person noticed it and decided"} {
			if !strings.Contains(text, want) && !(want[0] == 'A' && strings.Contains(text, "a person decided")) {
				t.Errorf("the letter lacks %q:\n%s", want, text)
			}
		}
		page := at(r.site, "GET", path, "", nil)
		if page.Code != 200 || !strings.Contains(page.Body.String(), "The market was there before the road") {
			t.Fatalf("the letter leads to %s: %d", path, page.Code)
		}
		if w := at(r.site, "GET", path[:len(path)-4]+"AAAA", "", nil); w.Code != 404 {
			t.Errorf("an address that somebody has made up: %d", w.Code)
		}
		notices := r.decided(0, "comment.notice")
		if len(notices) != 1 || notices[0].To != "dina@lamp.example" {
			t.Fatalf("letters to whoever reported it: %+v", notices)
		}
		if text, _ := textOf(notices[0]); !strings.Contains(text, "removed") || !strings.Contains(text, "about my family") || strings.Contains(text, "Asel") {
			t.Errorf("whoever reported it reads:\n%s", text)
		}
		if text := r.dump("comment_notice"); strings.Contains(text, "dina@") || strings.Contains(text, "Dina") {
			t.Errorf("kept of whoever reported it: %s", text)
		}
		if got := r.decided(3*time.Hour, "comment.decided"); len(got) != 1 {
			t.Errorf("told twice: %d letters", len(got))
		}

		// They complain from there, somebody else answers, and they hear of that.
		decision := regexp.MustCompile(`name="decision" value="(\d+)"`).FindStringSubmatch(page.Body.String())
		if decision == nil {
			t.Fatalf("no form to complain:\n%s", page.Body)
		}
		if w := r.post(path+"/appeal", "decision", decision[1], "appeal", "I said where the market was, no more."); w.Code != http.StatusSeeOther {
			t.Fatalf("complaining: %d %s", w.Code, w.Body)
		}
		r.change(func(ctx context.Context, tx *db.Tx) error {
			n, err := strconv.ParseInt(decision[1], 10, 64)
			if err != nil {
				return err
			}
			open, err := r.app.Comments.AppealsOf(ctx, tx, []int64{n})
			if err == nil {
				_, err = r.app.Comments.Answer(ctx, tx, open[n].ID, true, "It is a fact and hurts nobody.", 2)
			}
			return err
		})
		answers := r.decided(0, "comment.appealed")
		if len(answers) != 1 || answers[0].To != "asel@lamp.example" {
			t.Fatalf("letters about the complaint: %+v", answers)
		}
		if text, _ := textOf(answers[0]); !strings.Contains(text, "It is a fact and hurts nobody.") || !strings.Contains(text, "no more") {
			t.Errorf("the answer:\n%s", text)
		}

		// Who has gone is written to no more.
		r.decides(own, comment.Remove)
		r.enters("asel@lamp.example")
		if w := r.post("/-/account/delete", "edition", "en", "sure", "1"); w.Code != 303 {
			t.Fatal(w.Code)
		}
		if err := r.app.Readers.Once(ctx); err != nil {
			t.Fatal(err)
		}
		if got := r.decided(3*time.Minute, "comment.decided"); len(got) != 0 {
			t.Errorf("somebody who is gone is written to: %+v", got)
		}
	})
}
