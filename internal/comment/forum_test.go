package comment_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/richtext"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// room is a publication with two articles and whoever writes under them.
type room struct {
	t     *testing.T
	d     *db.DB
	s     *comment.Store
	f     *comment.Forum
	set   *edition.Store
	now   time.Time
	first article.Article
	other article.Article
	n     int
}

func open(t *testing.T, d *db.DB) *room {
	t.Helper()
	r := &room{t: t, d: d, s: comment.New(d), set: edition.New(d), now: noon}
	articles := article.New(d, address.New(d))
	var ids []int64
	err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error {
		site, err := r.set.Setup(t.Context(), tx, edition.PublicationInput{Key: "main", Zone: "UTC", Editions: []edition.EditionInput{{Lang: "en", Name: "Lamp"}, {Lang: "kk", Name: "Шам"}}})
		if err != nil {
			return err
		}
		for _, slug := range []string{"one", "two"} {
			saved, err := articles.Put(t.Context(), tx, []article.Edit{{Publication: site.Publication.ID, Edition: site.Default().ID, State: article.Approved, VisibleFrom: noon.Add(-time.Hour), Day: 20261130, Slug: slug,
				Content: article.Content{Kind: article.Text, Lang: "en", Headline: "The bridge " + slug, Credits: []article.Credit{}, Dateline: article.Dateline{At: noon.Add(-time.Hour), Zone: "UTC"}}, Body: richtext.Doc{}, Actor: "test", Created: noon}})
			if err != nil {
				return err
			}
			ids = append(ids, saved[0].ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.first, err = articles.Public(t.Context(), ids[0], noon); err != nil {
		t.Fatal(err)
	}
	if r.other, err = articles.Public(t.Context(), ids[1], noon); err != nil {
		t.Fatal(err)
	}
	r.f = comment.NewForum(comment.Forum{Store: r.s, Articles: articles, Editions: r.set, Now: func() time.Time { return r.now }})
	return r
}

func (r *room) tell(key, value string) {
	r.t.Helper()
	if err := r.d.Tx(r.t.Context(), db.Desk, func(tx *db.Tx) error { return r.set.Set(r.t.Context(), tx, key, "", value) }); err != nil {
		r.t.Fatal(err)
	}
}

// from gives an address that nobody has written from.
func (r *room) from() netip.Addr {
	r.n++
	return netip.AddrFrom4([4]byte{10, byte(r.n >> 8), byte(r.n), 1})
}

func (r *room) send(in comment.Submission) (comment.Taken, error) {
	if in.Article == 0 {
		in.Article = r.first.ID
	}
	if in.Name == "" {
		in.Name = "Galiya"
	}
	return r.f.Submit(context.Background(), in, r.from())
}

func (r *room) must(in comment.Submission) comment.Taken {
	r.t.Helper()
	t, err := r.send(in)
	if err != nil {
		r.t.Fatal(err)
	}
	return t
}

func (r *room) rules() comment.Rules {
	r.t.Helper()
	rules, err := r.s.Rules(r.t.Context(), r.d, r.first.Edition, "en")
	if err != nil {
		r.t.Fatal(err)
	}
	return rules
}

// act decides about a comment as somebody who sees it now.
func (r *room) act(a comment.Act) (comment.Decision, bool, error) {
	var d comment.Decision
	var again bool
	if a.Version == 0 {
		c, err := r.s.Get(context.Background(), r.d, a.Comment)
		if err != nil {
			r.t.Fatal(err)
		}
		a.Version = c.Version
	}
	if a.Staff == 0 {
		a.Staff = 1
	}
	rules := r.rules()
	err := r.d.Tx(context.Background(), db.Desk, func(tx *db.Tx) (err error) {
		d, again, err = r.s.Decide(context.Background(), tx, a, r.first, rules)
		return err
	})
	return d, again, err
}

func each(t *testing.T, f func(t *testing.T, r *room)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, open(t, d)) })
}

// A newcomer's first comment waits; once it is let through the same writer is known by
// the token of it, and the next ones appear at once.
func TestNewcomer(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		one := r.must(comment.Submission{Text: "My grandmother crossed it in 1952."})
		if one.State != "pending" || one.Held != "new" || one.Token == "" {
			t.Fatalf("%+v", one)
		}
		if part, err := r.s.Of(t.Context(), r.first.ID, 1); err != nil || part.Total != 0 {
			t.Errorf("%+v, %v: readers see what waits", part, err)
		}
		if d, _, err := r.act(comment.Act{Comment: one.ID, Deed: comment.Approve}); err != nil || d.ID == 0 {
			t.Fatal(d, err)
		}
		two := r.must(comment.Submission{Text: "And with two hens.", Token: one.Token})
		if two.State != "approved" {
			t.Errorf("%+v: who is known waits again", two)
		}
		if three := r.must(comment.Submission{Text: "Nobody knows me."}); three.State != "pending" {
			t.Errorf("%+v: a stranger is taken for somebody known", three)
		}
		if four := r.must(comment.Submission{Text: "I invent tokens.", Token: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}); four.State != "pending" {
			t.Errorf("%+v", four)
		}
	})
}

func TestRefused(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		r.tell("comments_moderation", "after")
		var broken *comment.Broken
		for text, rule := range map[string]int{"See exаmple.com": 4, "THIS IS AN OUTRAGE AND EVERYBODY KNOWS IT": 6, "buy buy buy buy buy buy": 6, strings.Repeat("я ты ", 900): 7} {
			if _, err := r.send(comment.Submission{Text: text}); !errors.As(err, &broken) || broken.Rule.Number != rule {
				t.Errorf("%.40q: %v, want rule %d", text, err, rule)
			}
		}
		if _, err := r.send(comment.Submission{Text: "x", Name: "example.com"}); !errors.As(err, &broken) {
			t.Errorf("a name is a link: %v", err)
		}
		for in, field := range map[comment.Submission]string{{Text: " \u200b\n"}: "text", {Text: "x", Name: "\u00a0"}: "name", {Text: "x", Name: strings.Repeat("n", 61)}: "name", {Text: "x", Trap: "1"}: "text"} {
			_, err := r.send(in)
			if f, ok := errors.AsType[*fault.Error](err); !ok || f.Kind != fault.Invalid || f.Field != field {
				t.Errorf("%+v: %v", in, err)
			}
		}
		if _, err := r.send(comment.Submission{Article: 999, Text: "x"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("no such article: %v", err)
		}
		ok := r.must(comment.Submission{Text: "The third span was riveted by another shift."})
		if ok.State != "approved" {
			t.Fatalf("%+v", ok)
		}
		if _, err := r.send(comment.Submission{Text: "The third span, was riveted by  another shift!"}); !errors.As(err, &broken) || broken.Rule.Number != 6 {
			t.Errorf("said again: %v", err)
		}
		if _, err := r.send(comment.Submission{Article: r.other.ID, Parent: ok.ID, Text: "x"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("an answer across articles: %v", err)
		}
		if _, _, err := r.act(comment.Act{Comment: ok.ID, Deed: comment.Remove, Rule: 1}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.send(comment.Submission{Parent: ok.ID, Text: "x"}); !fault.Is(err, fault.Gone) {
			t.Errorf("an answer to what was removed: %v", err)
		}
		held := r.must(comment.Submission{Text: "What an idiot wrote this"})
		if held.State != "pending" || held.Held != "rule" || held.Rule != 1 {
			t.Errorf("%+v", held)
		}
		all, err := r.s.DecisionsOf(t.Context(), r.d, []int64{held.ID})
		if d := all[held.ID]; err != nil || len(d) != 1 || !d[0].ByMachine || d[0].Ground != "rule" || d[0].Facts == "" {
			t.Errorf("a machine's hold has no statement: %+v, %v", d, err)
		}
		r.now = noon.Add(31 * 24 * time.Hour)
		if _, err := r.send(comment.Submission{Text: "late"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a month later: %v", err)
		}
		r.tell("comments_days", "0")
		if _, err := r.send(comment.Submission{Text: "never too late"}); err != nil {
			t.Errorf("where it never closes: %v", err)
		}
	})
}

// One sending is one comment, however often it comes, also at the same time.
func TestSentTwice(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		var all sync.WaitGroup
		ids := make([]int64, 8)
		addr := r.from()
		for i := range ids {
			all.Go(func() {
				got, err := r.f.Submit(context.Background(), comment.Submission{Article: r.first.ID, Name: "A", Text: "Once.", Request: "k1"}, addr)
				if ids[i] = got.ID; err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, id := range ids {
			if id == 0 || id != ids[0] {
				t.Fatalf("%v", ids)
			}
		}
	})
}

func TestLimits(t *testing.T) {
	d := dbtest.New(t)
	r := open(t, d)
	one, other := netip.MustParseAddr("192.0.2.9"), netip.MustParseAddr("198.51.100.9")
	refused := 0
	for i := range 20 {
		_, err := r.f.Submit(t.Context(), comment.Submission{Article: r.first.ID, Name: "A", Text: fmt.Sprintf("Comment number %d of mine", i)}, one)
		if fault.Is(err, fault.TooMany) {
			refused++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if refused != 10 {
		t.Errorf("%d of 20 were too many", refused)
	}
	if _, err := r.f.Submit(t.Context(), comment.Submission{Article: r.first.ID, Name: "A", Text: "Another network"}, other); err != nil {
		t.Error(err)
	}
	r.now = r.now.Add(time.Minute)
	if _, err := r.f.Submit(t.Context(), comment.Submission{Article: r.first.ID, Name: "A", Text: "A minute later"}, one); err != nil {
		t.Error(err)
	}
}

func TestSlow(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		r.tell("comments_moderation", "after")
		r.tell("comments_slow", "60")
		one := r.must(comment.Submission{Text: "First."})
		if _, err := r.send(comment.Submission{Text: "Second.", Token: one.Token}); !fault.Is(err, fault.TooMany) {
			t.Errorf("at once: %v", err)
		}
		if _, err := r.send(comment.Submission{Article: r.other.ID, Text: "Elsewhere.", Token: one.Token}); err != nil {
			t.Errorf("elsewhere: %v", err)
		}
		r.now = r.now.Add(61 * time.Second)
		if _, err := r.send(comment.Submission{Text: "Second, later.", Token: one.Token}); err != nil {
			t.Errorf("later: %v", err)
		}
	})
}

func TestEdit(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		r.tell("comments_moderation", "after")
		one := r.must(comment.Submission{Text: "412 metres."})
		c, err := r.f.Mine(t.Context(), one.Token)
		if err != nil || c.ID != one.ID {
			t.Fatal(c, err)
		}
		if _, err := r.f.Edit(t.Context(), one.Token, "421 metres.", c.Version, r.from()); err != nil {
			t.Fatal(err)
		}
		part, err := r.s.Of(t.Context(), r.first.ID, 1)
		if err != nil || part.Comments[0].Body != "421 metres." || part.Comments[0].Edited.IsZero() {
			t.Errorf("%+v, %v", part.Comments, err)
		}
		past, err := r.s.PastOf(t.Context(), []int64{c.ID})
		if p := past[c.ID]; err != nil || len(p) != 1 || p[0].Body != "412 metres." {
			t.Errorf("moderators see %+v, %v", p, err)
		}
		if _, err := r.f.Edit(t.Context(), one.Token, "Another.", c.Version, r.from()); !fault.Is(err, fault.Conflict) {
			t.Errorf("on what it was before: %v", err)
		}
		var broken *comment.Broken
		if _, err := r.f.Edit(t.Context(), one.Token, "Now example.com", c.Version+1, r.from()); !errors.As(err, &broken) {
			t.Errorf("an edit brings a link in: %v", err)
		}
		if _, err := r.f.Edit(t.Context(), "nobody's token, invented", "x", 1, r.from()); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger edits: %v", err)
		}
		r.now = r.now.Add(16 * time.Minute)
		if _, err := r.f.Edit(t.Context(), one.Token, "Too late.", c.Version+1, r.from()); !fault.Is(err, fault.Conflict) {
			t.Errorf("too late: %v", err)
		}
	})
}

func TestRulesHaveVersions(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		now := r.rules()
		if now.Version != 1 || len(now.List) != 7 || now.List[3].Tests[0].Kind != "links" {
			t.Fatalf("%+v", now)
		}
		kk, err := r.s.Rules(ctx, r.d, r.first.Edition+1, "kk")
		if err != nil || kk.Lang != "kk" || len(kk.List) != 7 || kk.List[3].Tests[0].Kind != "links" {
			t.Errorf("%+v, %v", kk, err)
		}
		if fr, err := r.s.Rules(ctx, r.d, r.first.Edition+1, "fr"); err != nil || fr.Lang != "en" {
			t.Errorf("%+v, %v", fr, err)
		}
		next := now
		next.List = append([]comment.Rule{}, now.List[:2]...)
		save := func(last int) (v int, err error) {
			err = r.d.Tx(ctx, db.Desk, func(tx *db.Tx) error { v, err = r.s.SetRules(ctx, tx, next, "en", last); return err })
			return v, err
		}
		if v, err := save(1); v != 2 || err != nil {
			t.Fatal(v, err)
		}
		if _, err := save(1); !fault.Is(err, fault.Conflict) {
			t.Errorf("written over somebody else's: %v", err)
		}
		if got := r.rules(); got.Version != 2 || len(got.List) != 2 || got.Made.IsZero() {
			t.Errorf("%+v", got)
		}
		if old, err := r.s.RulesAt(ctx, r.d, r.first.Edition, "en", 1); err != nil || len(old.List) != 7 {
			t.Errorf("version 1: %+v, %v", old, err)
		}
		next.List = nil
		if _, err := save(2); err == nil {
			t.Error("no rules at all are stored")
		}
		r.tell("comments_moderation", "after")
		if got := r.must(comment.Submission{Text: "Now example.com may be said"}); got.State != "approved" {
			t.Errorf("a rule that is not there any more is enforced: %+v", got)
		}
	})
}

// from2 gives an address to several at the same time.
func (r *room) from2(i int) netip.Addr { return netip.AddrFrom4([4]byte{172, 16, byte(i), 1}) }
