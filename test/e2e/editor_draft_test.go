//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// beside opens another tab in the same profile.
func (p *tab) beside(t *testing.T, address string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(p.ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	q := &tab{ctx: ctx, axe: p.axe, host: p.host, self: address}
	if err := chromedp.Listen(ctx, q.note); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	return q
}

// killed ends a tab as a crash does: nothing in it is asked or told.
func (p *tab) killed() {
	ctx, cancel := context.WithTimeout(p.ctx, 2*time.Second)
	defer cancel()
	_, _ = chromedp.Call(ctx, cdppage.Crash, cdp.Empty{}) // no answer comes
}

// drafts is how many drafts the browser keeps.
const drafts = `new Promise((yes, no) => { const r = indexedDB.open("dateline-desk"); r.onerror = () => no(r.error); r.onsuccess = () => {
	if (!r.result.objectStoreNames.contains("drafts")) { r.result.close(); return yes(0); }
	const q = r.result.transaction("drafts").objectStore("drafts").count(); q.onsuccess = () => { r.result.close(); yes(q.result); }; }; })`

// What is typed reaches the server within two seconds, and none of it stays behind in
// the browser.
func TestEditorSaves(t *testing.T) {
	b := editing(t, "<p id=\"b1\">one</p>\n", "en", "en")
	p := edit(t, b, 1280, 900)
	p.caret(t, "b1", 3)
	// How late it is, without what this machine was late in any case.
	p.do(t, `(() => {
		const was = window.fetch;
		let last = performance.now(), lag = 0, first = 0;
		setInterval(() => { const now = performance.now(); lag += Math.max(0, now - last - 30); last = now; }, 20);
		editor.view.dom.addEventListener("keydown", () => { if (!first) { first = performance.now(); lag = 0; } });
		window.fetch = (...a) => { if (!window.late) window.late = performance.now() - first - lag; return was(...a); };
		return true;
	})()`)
	for range 30 { // without a pause
		p.types(t, " two")
	}
	if got := <-b.sent; !strings.HasPrefix(got, `<p id="b1">one two`) {
		t.Errorf("saved: %s", got)
	}
	if late := eval[float64](t, p, "window.late"); late > 2000 || late <= 0 {
		t.Errorf("the text is saved %.0f ms after it was typed", late)
	}
	p.holds(t, `told.states.at(-1) === "saved"`)
	if got := p.stored(t); got != b.kept() {
		t.Errorf("the server has %s", b.kept())
	}
	time.Sleep(0)
	for range 100 {
		if eval[int](t, p, drafts) == 0 {
			break
		}
	}
	if n := eval[int](t, p, drafts); n != 0 {
		t.Errorf("%d drafts are left of what is saved", n)
	}
	p.quiet(t, "editor")
}

// The server is gone and then the tab: what was typed comes back, is saved, and can be
// taken back.
func TestEditorKilled(t *testing.T) {
	b := editing(t, "<p id=\"b1\">one</p>\n", "en", "en")
	p := edit(t, b, 1280, 900)
	b.set(func(b *bench) { b.down = true })
	p.caret(t, "b1", 3)
	p.types(t, " two three")
	p.holds(t, `told.states.at(-1) === "offline"`)
	p.types(t, " four")
	time.Sleep(time.Second) // all but the last second comes back
	p.do(t, drafts+" > 0 || true")
	if n := eval[int](t, p, drafts); n != 1 {
		t.Fatalf("%d drafts", n)
	}
	q := p.beside(t, b.url+"blank")
	p.killed()
	if err := chromedp.Do(q.ctx, chromedp.Navigate(b.url)); err != nil {
		t.Fatal(err)
	}
	q.holds(t, "told.restored === 1")
	if got, want := q.stored(t), "<p id=\"b1\">one two three four</p>\n"; got != want {
		t.Errorf("restored: %s", got)
	}
	b.set(func(b *bench) { b.down = false })
	q.holds(t, `told.states.at(-1) === "saved"`)
	if got, want := b.kept(), "<p id=\"b1\">one two three four</p>\n"; got != want {
		t.Errorf("saved: %s", got)
	}
	q.do(t, `editor.run("undo")`)
	if got := q.stored(t); got != "<p id=\"b1\">one</p>\n" {
		t.Errorf("taken back: %s", got)
	}
}

// Where the text has gone on meanwhile, what the dead tab had is sent as what it was
// made on, and merged.
func TestEditorKilledAndOvertaken(t *testing.T) {
	b := editing(t, "<p id=\"b1\">one</p>\n<p id=\"b2\">two</p>\n", "en", "en")
	p := edit(t, b, 1280, 900)
	b.set(func(b *bench) { b.down = true })
	p.caret(t, "b1", 3)
	p.types(t, " mine")
	p.holds(t, `told.states.at(-1) === "offline"`)
	time.Sleep(time.Second)
	q := p.beside(t, b.url+"blank")
	p.killed()
	var base string
	b.set(func(b *bench) {
		b.down = false
		b.stored, b.version = "<p id=\"b1\">one</p>\n<p id=\"b2\">two theirs</p>\n", 7
		b.merge = func(sent, on string) string {
			if base == "" {
				base = on
			}
			return strings.Replace(sent, ">two<", ">two theirs<", 1)
		}
	})
	if err := chromedp.Do(q.ctx, chromedp.Navigate(b.url)); err != nil {
		t.Fatal(err)
	}
	q.holds(t, "told.restored === 1")
	want := "<p id=\"b1\">one mine</p>\n<p id=\"b2\">two theirs</p>\n"
	if got := q.stored(t); got != want || b.kept() != want {
		t.Errorf("merged: %s, kept: %s", got, b.kept())
	}
	b.set(func(*bench) {
		if base != "1" {
			t.Errorf("the draft was sent as made on %q", base)
		}
	})
}

// Without a network the text waits, and goes as soon as there is one.
func TestEditorOffline(t *testing.T) {
	b := editing(t, "<p id=\"b1\">one</p>\n", "en", "en")
	p := edit(t, b, 1280, 900)
	offline := func(off bool) {
		if _, err := chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}}}); err != nil {
			t.Fatal(err)
		}
		if _, err := chromedp.Call(p.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}); err != nil {
			t.Fatal(err)
		}
	}
	offline(true)
	p.caret(t, "b1", 3)
	p.types(t, " two")
	p.holds(t, `told.states.at(-1) === "offline"`)
	if n := eval[int](t, p, drafts); n != 1 {
		t.Errorf("%d drafts", n)
	}
	offline(false)
	p.holds(t, `told.states.at(-1) === "saved"`)
	if b.kept() != "<p id=\"b1\">one two</p>\n" {
		t.Errorf("kept: %s", b.kept())
	}
}

// What others wrote comes in while one goes on typing, and nobody's words are lost.
func TestEditorTakesInOthers(t *testing.T) {
	doc := func(s string) string {
		var b strings.Builder
		for part := range strings.SplitSeq(s, "/") {
			id, words, _ := strings.Cut(part, ":")
			fmt.Fprintf(&b, "<p id=\"b%s\">%s</p>\n", id, words)
		}
		return b.String()
	}
	p := edit(t, editing(t, "", "en", "en"), 1280, 900)
	// The text goes out as it was sent; while it is away somebody types; it comes back as theirs.
	for _, c := range []struct{ name, was, sent, typed, theirs, want string }{
		{"another block", "1:a/2:b", "1:a!/2:b", "1:a! mine/2:b", "1:a!/2:b theirs", "1:a! mine/2:b theirs"},
		{"another word of the same block", "1:one two three", "1:one two three!", "1:one two three! mine", "1:ONE two three!", "1:ONE two three! mine"},
		{"words on both sides", "1:one two three", "1:one two three!", "1:one two mine three!", "1:ONE two THREE!", "1:ONE two mine THREE!"},
		{"a block is gone", "1:a/2:b/3:c", "1:a!/2:b/3:c", "1:a! mine/2:b/3:c", "1:a!/3:c", "1:a! mine/3:c"},
		{"a block is gone that one goes on with", "1:a/2:b/3:c", "1:a!/2:b/3:c", "1:a!/2:b mine/3:c", "1:a!/3:c", "1:a!/2:b mine/3:c"},
		{"a block is new", "1:a/3:c", "1:a!/3:c", "1:a!/3:c mine", "1:a!/2:b/3:c", "1:a!/2:b/3:c mine"},
		{"new at the beginning and the end", "1:a", "1:a!", "1:a! mine", "7:x/1:a!/8:y", "7:x/1:a! mine/8:y"},
		{"moved", "1:a/2:b/3:c", "1:a!/2:b/3:c", "1:a! mine/2:b/3:c", "3:c/1:a!/2:b", "3:c/1:a! mine/2:b"},
		{"moved, and changed here", "1:a/2:b/3:c", "1:a!/2:b/3:c", "1:a!/2:b mine/3:c", "2:b/1:a!/3:c", "2:b mine/1:a!/3:c"},
		{"at the same place", "1:one", "1:one!", "1:one! mine", "1:one! theirs", "1:one! theirs mine"},
		{"the word that one has changed", "1:one two", "1:one! two", "1:eins! two", "1:uno! two", "1:einsuno! two"},
		{"nothing was typed", "1:one", "1:one!", "1:one!", "1:uno!/2:due", "1:uno!/2:due"},
	} {
		// type brings the text to what is wanted as somebody would who types: change by change.
		typing := func(want string) string {
			return fmt.Sprintf(`(want => {
				const v = editor.view;
				for (const line of want.split("\n").filter(Boolean)) {
					const [, id, words] = /<p id="(\w+)">(.*)<\/p>/.exec(line);
					v.state.doc.forEach((k, pos) => {
						const now = k.textContent;
						if (k.attrs.id !== id || now === words) return;
						let a = 0; while (a < now.length && now[a] === words[a]) a++;
						let z = 0; while (z < now.length - a && z < words.length - a && now[now.length - 1 - z] === words[words.length - 1 - z]) z++;
						v.dispatch(v.state.tr.insertText(words.slice(a, words.length - z), pos + 1 + a, pos + 1 + now.length - z));
					});
				}
				return true;
			})(%q)`, doc(want))
		}
		p.do(t, fmt.Sprintf(`again(%q, { save: stored => new Promise(yes => { window.away = stored; window.answer = yes; }), base: "1" })`, doc(c.was)))
		p.do(t, typing(c.sent))
		p.do(t, "(editor.save(), true)")
		p.holds(t, "window.answer")
		if got := eval[string](t, p, "away"); got != doc(c.sent) {
			t.Fatalf("%s: sent %s", c.name, got)
		}
		p.do(t, typing(c.typed))
		p.do(t, fmt.Sprintf(`(answer({ base: "2", stored: %q }), window.answer = null, true)`, doc(c.theirs)))
		p.holds(t, `editor.version === "2"`)
		if got := p.stored(t); got != doc(c.want) {
			t.Errorf("%s:\ngot  %swant %s", c.name, got, doc(c.want))
		}
		// What others did is not ours to take back.
		p.do(t, `(() => { while (editor.run("undo")); return true; })()`)
		if got := p.stored(t); strings.Contains(c.want, "theirs") && !strings.Contains(got, "theirs") {
			t.Errorf("%s: undoing takes away what others wrote: %s", c.name, got)
		}
	}
	p.quiet(t, "editor")
}
