//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dateline/internal/article"
	"dateline/internal/comment"
	"dateline/internal/db"
)

// talkPayloads are what people have tried to have run in other people's browsers.
var talkPayloads = []string{
	`<script>window.hacked=1</script>`, `<img src=x onerror=window.hacked=1>`, `<svg onload=window.hacked=1>`, `"><script>window.hacked=1</script>`, `'><img src=x onerror=window.hacked=1>`,
	`<svg><script>window.hacked=1</script></svg>`, `<math><mtext></form><form><mglyph><style></math><img src onerror=window.hacked=1>`, `<iframe srcdoc="<script>parent.hacked=1</script>">`,
	`</textarea><script>window.hacked=1</script>`, `</title><script>window.hacked=1</script>`, `<details open ontoggle=window.hacked=1>`, `<input autofocus onfocus=window.hacked=1>`,
	`{{constructor.constructor('window.hacked=1')()}}`, `${window.hacked=1}`, `<a href="javascript:window.hacked=1">x</a>`, `<base href="https://evil.example/">`, `<link rel=stylesheet href=https://evil.example/x.css>`,
	`<img src=https://evil.example/p.gif>`, `<meta http-equiv=refresh content="0;url=https://evil.example">`, `<style>@import 'https://evil.example/x.css';</style>`, `<object data=https://evil.example>`, `<!--><script>window.hacked=1</script>`,
	`<template><script>window.hacked=1</script></template>`, `<noscript><p title="</noscript><img src=x onerror=window.hacked=1>">`, `\u003cscript\u003ewindow.hacked=1\u003c/script\u003e`, `&lt;script&gt;window.hacked=1&lt;/script&gt;`,
	`<x onclick=window.hacked=1 id=comments>x</x>`, `<form id=bulk><input name=pick></form>`, "<scr\x00ipt>window.hacked=1</script>", `<body onload=window.hacked=1>`, `--><svg/onload=window.hacked=1>`, `]]><script>window.hacked=1</script>`,
}

func (k *atDesk) openArticle() article.Article {
	k.t.Helper()
	ctx := context.Background()
	site, err := k.app.Editions.Site(ctx)
	if err != nil {
		k.t.Fatal(err)
	}
	list, _, err := k.app.Articles.List(ctx, article.ListQuery{Edition: site.Default().ID, Now: time.Now(), Limit: 5})
	if err != nil || len(list) == 0 {
		k.t.Fatal(len(list), err)
	}
	for _, a := range list {
		if p, err := k.app.Forum.PolicyOf(ctx, a, "en"); err == nil && !p.Closed(time.Now()) {
			return a
		}
	}
	k.t.Fatal("no article takes comments")
	return article.Article{}
}

// waiting has so many comments wait.
func (k *atDesk) waiting(a article.Article, n int, text func(i int) (name, body string)) {
	k.t.Helper()
	ctx := context.Background()
	err := k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		var list []comment.Comment
		for i := range n {
			name, body := text(i)
			list = append(list, comment.Comment{ArticleID: a.ID, AuthorKind: "guest", Name: name, Body: body, State: "pending", At: time.Now().Add(time.Duration(i-n) * time.Minute)})
		}
		_, err := k.app.Comments.PutMany(ctx, tx, list)
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
}

// A moderator clears a hundred comments by at most two keys each, takes one back, and
// every decision has its reasons.
func TestDeskTalk(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	a := k.openArticle()
	const many = 100
	k.waiting(a, many, func(i int) (string, string) {
		return fmt.Sprintf("Reader %d", i), fmt.Sprintf("Opinion number %d of this place.", i)
	})
	p := k.signIn(k.chief)
	pressed := 0
	press := func(names ...string) {
		t.Helper()
		pressed += len(names)
		p.keys(t, names...)
	}
	for done := 0; done < many; {
		p.goTo(t, k.url+"/desk/comments")
		p.holds(t, `document.querySelector(".q1.on") !== null`)
		if done == 0 {
			p.deskSound(t, "the queue of comments")
		}
		here := eval[int](t, p, `document.querySelectorAll(".talk>.q1").length`)
		for i := range min(here, many-done) {
			switch i % 3 {
			case 0:
				press("a")
			case 1:
				press("r", "1")
			default:
				press("s")
			}
			done++
		}
		if done >= 50 && done < many {
			p.keys(t, "u")
			p.holds(t, `document.querySelectorAll(".q1:not(.done)").length === 1`)
			press("a")
		}
		p.holds(t, `document.querySelectorAll(".q1:not(.done)").length === 0 && document.getElementById("talk-said").hidden === false`)
		for range 100 { // the last answers come
			if n, _, err := k.app.Comments.WaitingCounts(ctx); err == nil && n <= many-done {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	if pressed > 2*many {
		t.Errorf("%d keys for %d decisions", pressed, many)
	}
	if n, _, err := k.app.Comments.WaitingCounts(ctx); n != 0 || err != nil {
		t.Errorf("%d still wait, %v", n, err)
	}
	removed, err := k.app.Comments.Queue(ctx, comment.Removed, 0, 200)
	if err != nil || len(removed) < many/2 {
		t.Fatalf("%d removed, %v", len(removed), err)
	}
	ids := make([]int64, len(removed))
	for i, c := range removed {
		ids[i] = c.ID
	}
	reasons, err := k.app.Comments.DecisionsOf(ctx, k.app.DB, ids)
	if err != nil {
		t.Fatal(err)
	}
	for id, list := range reasons {
		if d := list[0]; d.Ground != "rule" || d.Title == "" || d.Facts == "" || d.Staff != k.chief.ID {
			t.Errorf("comment %d was removed with %+v", id, d)
		}
	}
	for _, at := range []string{"?show=removed", "?show=published", "/" + fmt.Sprint(ids[0]), "/rules/en", "/rules/kk", "/places"} {
		p.goTo(t, k.url+"/desk/comments"+at)
		p.deskSound(t, "comments"+at)
		p.resize(t, 360, 800)
		if list := p.wide(t); len(list) > 0 {
			t.Errorf("%s is wider than a telephone: %v", at, list)
		}
		p.resize(t, 1280, 900)
	}
	if dir := os.Getenv("DATELINE_SHOTS"); dir != "" {
		for name, at := range map[string]string{"queue": "?show=published", "one": "/" + fmt.Sprint(ids[0]), "rules": "/rules/en"} {
			p.goTo(t, k.url+"/desk/comments"+at)
			os.WriteFile(dir+"/desk-"+name+".png", p.shot(t), 0o644)
		}
	}
}

// A reader writes: the rule that a text breaks is named while it is written; without
// scripts the form does the same; the private address tells what became of it.
func TestTalkWrite(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	err := k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error { return k.app.Editions.Set(ctx, tx, "comments_moderation", "", "after") })
	if err != nil {
		t.Fatal(err)
	}
	a := k.openArticle()
	p := k.b.open(t, k.url+"/"+a.Path, true, 1280, 900)
	p.holds(t, `document.querySelector("form.tf [name=text]") !== null`)
	if list := p.axeFaults(t); len(list) > 0 {
		t.Errorf("the form: %v", list)
	}
	do := func(selector, text string) {
		t.Helper()
		if err := chromedp.Do(p.ctx, chromedp.ScrollIntoView(selector), chromedp.Focus(selector), chromedp.SendKeys(selector, text)); err != nil {
			t.Fatal(err)
		}
	}
	do("form.tf [name=name]", "Galiya")
	do("form.tf [name=text]", "See example . com for more")
	p.holds(t, `document.querySelector("form.tf .wrong")?.textContent.includes("No links")`)
	p.do(t, `(document.querySelector("form.tf [name=text]").value = "", true)`)
	do("form.tf [name=text]", "The third span was riveted by another shift.")
	p.holds(t, `!document.querySelector("form.tf .wrong") || document.querySelector("form.tf .wrong").hidden`)
	p.do(t, `(document.querySelector("form.tf").requestSubmit(), true)`)
	p.holds(t, `document.querySelector("form.tf .told a[href^='/-/comments/mine/']") !== null`)
	p.holds(t, `[...document.querySelectorAll("#comments li")].some(e => e.textContent.includes("another shift"))`)
	if dir := os.Getenv("DATELINE_SHOTS"); dir != "" {
		p.do(t, `(document.querySelector("form.tf").scrollIntoView(), true)`)
		os.WriteFile(dir+"/form.png", p.shot(t), 0o644)
	}
	mine := eval[string](t, p, `document.querySelector("form.tf .told a").href`)
	p.goTo(t, mine)
	p.holds(t, `document.body.textContent.includes("another shift")`)
	if list := p.axeFaults(t); len(list) > 0 {
		t.Errorf("the private address: %v", list)
	}
	p.quiet(t, "writing a comment")
	p.close()

	plain := k.b.open(t, k.url+"/"+a.Path, false, 360, 800)
	defer plain.close()
	if list := plain.wide(t); len(list) > 0 {
		t.Errorf("the form is wider than a telephone: %v", list)
	}
	if err := chromedp.Do(plain.ctx, chromedp.ScrollIntoView("form.tf"), chromedp.SendKeys("form.tf [name=name]", "Anna"), chromedp.SendKeys("form.tf [name=text]", "Nobody has asked the people at the market."),
		chromedp.Click("form.tf button"), chromedp.WaitReady("#comments li:target")); err != nil {
		t.Errorf("without scripts: %v, at %s", err, eval[string](t, plain, "location.href"))
	}
}

// The pages about rules and decisions, in three languages, on telephones, in the dark,
// for whoever hears them, without scripts.
func TestTalkPages(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	a := k.openArticle()
	var removed int64
	err := k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		ids, err := k.app.Comments.PutMany(ctx, tx, []comment.Comment{{ArticleID: a.ID, AuthorKind: "imported", Name: "Pavel from Weavers’ Street", Body: "421 metres, not 412. I have measured it with my steps since I was a boy.", State: "approved", At: time.Now()},
			{ArticleID: a.ID, ParentIndex: 1, AuthorKind: "imported", Name: "M. K.", Body: "Whoever wrote this has never stood there.", State: "approved", At: time.Now()},
			{ArticleID: a.ID, ParentIndex: 2, AuthorKind: "imported", Name: "Galiya S.", Body: "They have. I was there.", State: "approved", At: time.Now()}})
		if err != nil {
			return err
		}
		removed = ids[1]
		r, err := k.app.Comments.Rules(ctx, tx, a.Edition, "en")
		if err != nil {
			return err
		}
		_, _, err = k.app.Comments.Decide(ctx, tx, comment.Act{Comment: removed, Version: 1, Deed: comment.Remove, Rule: 1, Staff: k.chief.ID}, a, r)
		removed = ids[0]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := os.Getenv("DATELINE_SHOTS")
	for name, path := range map[string]string{"rules-en": "/rules", "rules-ru": "/ru/rules", "rules-kk": "/kk/rules", "log-en": "/transparency", "log-ru": "/ru/transparency", "log-kk": "/kk/transparency",
		"report": fmt.Sprintf("/-/comments/report/%d", removed), "answer": fmt.Sprintf("/-/comments/answer/%d", removed), "thread": "/" + a.Path} {
		p := k.b.open(t, k.url+path, true, 1280, 900)
		for _, l := range []struct {
			scheme string
			width  int64
		}{{"light", 1280}, {"dark", 360}} {
			p.scheme(t, l.scheme)
			p.resize(t, l.width, 900)
			if list := p.wide(t); len(list) > 0 {
				t.Errorf("%s at %d is too wide: %v", path, l.width, list)
			}
			if list := p.axeFaults(t); len(list) > 0 {
				t.Errorf("%s at %d, %s: %v", path, l.width, l.scheme, list)
			}
			if dir == "" {
				continue
			}
			if name == "thread" {
				if err := chromedp.Do(p.ctx, chromedp.ScrollIntoView("#comments form")); err != nil {
					t.Error(err)
				}
			}
			os.WriteFile(fmt.Sprintf("%s/%s-%d-%s.png", dir, name, l.width, l.scheme), p.shot(t), 0o644)
		}
		p.quiet(t, path)
		p.close()
	}
}

// Whatever somebody writes in any field is text wherever it is shown: to readers, at the
// desk, at the private address, in what is new.
func TestTalkIsInert(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error { return k.app.Editions.Set(ctx, tx, "comments_moderation", "", "after") }); err != nil {
		t.Fatal(err)
	}
	a := k.openArticle()
	k.waiting(a, len(talkPayloads), func(i int) (string, string) {
		return talkPayloads[i], talkPayloads[i] + "\n\n" + talkPayloads[len(talkPayloads)-1-i]
	})
	err := k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		var list []comment.Comment
		for i, x := range talkPayloads {
			list = append(list, comment.Comment{ArticleID: a.ID, AuthorKind: "imported", Name: x, Body: x + "\n\nfurther " + x, State: "approved", At: time.Now().Add(time.Duration(i-100) * time.Minute)})
		}
		ids, err := k.app.Comments.PutMany(ctx, tx, list)
		if err != nil {
			return err
		}
		r, err := k.app.Comments.Rules(ctx, tx, a.Edition, "en")
		if err != nil {
			return err
		}
		for i, id := range ids {
			if _, err := k.app.Comments.Notify(ctx, tx, comment.Notice{Edition: a.Edition, Comment: id, Ground: "law", Text: talkPayloads[i], Name: talkPayloads[i], Email: talkPayloads[i]}, fmt.Sprintf("receipt-%d-0123456789abcdef", i)); err != nil {
				return err
			}
			if i%4 == 0 {
				if _, _, err := k.app.Comments.Decide(ctx, tx, comment.Act{Comment: id, Version: 1, Deed: comment.Remove, Law: talkPayloads[i], Facts: talkPayloads[i], Staff: k.chief.ID}, a, r); err != nil {
					return err
				}
				if err := k.app.Comments.Appeal(ctx, tx, comment.Comment{ID: id}, decisionOf(ctx, tx, id), talkPayloads[i]); err != nil {
					return err
				}
			}
		}
		for i := range r.List {
			r.List[i].Title, r.List[i].Text = talkPayloads[i], talkPayloads[i+8]
		}
		_, err = k.app.Comments.SetRules(ctx, tx, r, "en", r.Version)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p := k.signIn(k.chief)
	first, err := k.app.Comments.Queue(ctx, comment.Removed, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/" + a.Path, "/rules", "/transparency", "/-/comments/notice/receipt-3-0123456789abcdef", "/desk/comments", "/desk/comments?show=appeals", "/desk/comments?show=removed", "/desk/comments?show=published",
		fmt.Sprintf("/desk/comments/%d", first[0].ID), "/desk/comments/rules/en"} {
		p.goTo(t, k.url+path)
		p.holds(t, `document.readyState === "complete"`)
		if eval[bool](t, p, `window.hacked !== undefined`) {
			t.Errorf("%s ran what somebody wrote", path)
		}
		if !strings.Contains(path, "receipt") && !strings.Contains(eval[string](t, p, `document.body.textContent`), "hacked") {
			t.Errorf("%s shows nothing of it", path)
		}
		other := eval[[]string](t, p, `performance.getEntriesByType("resource").map(e => new URL(e.name).host).filter(h => h !== location.host)`)
		if len(other) > 0 {
			t.Errorf("%s asked %v", path, slices.Compact(other))
		}
	}
	p.quiet(t, "what somebody wrote")
}

func decisionOf(ctx context.Context, q db.Querier, id int64) int64 {
	n, _ := db.Get(ctx, q, db.One[int64], "SELECT max(id) FROM comment_decision WHERE comment_id = $1", id) // 0: what follows fails
	return n
}
