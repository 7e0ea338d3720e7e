//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/front"
	"dateline/internal/richtext"
)

// mouse moves the mouse to the middle of an element, presses or lets go.
func (p *tab) mouse(t testing.TB, kind input.DispatchMouseEventType, selector string) {
	t.Helper()
	at := eval[[]float64](t, p, fmt.Sprintf(`(() => { const r = document.querySelector(%q).getBoundingClientRect(); return [r.x + r.width / 2, r.y + Math.min(r.height / 2, 40)]; })()`, selector))
	e := input.DispatchMouseEventParams{Type: kind, X: at[0], Y: at[1], Button: "left", ClickCount: 1}
	if kind != "mouseReleased" {
		e.Buttons = 1
	}
	if _, err := chromedp.Call(p.ctx, input.DispatchMouseEvent, e); err != nil {
		t.Fatal(err)
	}
}

// stands tells what a place of the board shows.
func (p *tab) stands(t testing.TB, place front.Place) string {
	t.Helper()
	return strings.ReplaceAll(eval[string](t, p, fmt.Sprintf(`document.querySelector("#place-%s h3").textContent`, place)), "\u00ad", "")
}

// An editor pins an article, moves it by buttons, by arrow keys and by dragging, pins one
// under embargo and sees it in a rehearsal, undoes; then another does the same without
// scripts.
func TestDeskFront(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	site, err := k.app.Editions.Site(ctx)
	if err != nil {
		t.Fatal(err)
	}
	instant := time.Now().Add(26 * time.Hour).Truncate(time.Minute)
	err = k.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		doc, _ := richtext.FromHTML("<p>From tomorrow on.</p>", richtext.Options{})
		saved, err := k.app.Articles.Put(ctx, tx, []article.Edit{{Publication: site.Publication.ID, Edition: site.Default().ID, State: article.Approved, VisibleFrom: instant,
			Day: 20400101, Slug: "tomorrow", Body: doc, Actor: "test", Content: article.Content{Lang: "en", Kind: article.Text, Headline: "School results of the district"}}})
		if err == nil {
			err = k.app.Articles.SetEmbargo(ctx, tx, saved[0].ID, instant)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	board := k.url + fmt.Sprintf("/desk/front/%d", site.Default().ID)
	readers := func() string {
		r := k.b.open(t, k.url+"/", true, 1440, 900)
		defer r.close()
		return eval[string](t, r, `document.querySelector(".card.lead h2").textContent`) + "\n" + visibleText(t, r)
	}
	p := k.signIn(k.chief)
	p.self = board + "/pin" // which answers with a question
	p.goTo(t, board)
	led := p.stands(t, front.Lead)
	p.holds(t, `document.querySelector(".toplace .place .st.sch")?.textContent.includes("Embargo until")`)

	// Pinned from the list.
	row := `.toplace .place:not(:has(.st)) `
	pinned := eval[string](t, p, fmt.Sprintf("document.querySelector(%q).dataset.name", row))
	p.submit(t, row+"button[type=submit]")
	// Something is pinned everywhere: nothing is lost unasked.
	if p.stands(t, front.Lead) != led {
		t.Errorf("pinned without a place being chosen it took that of %q", led)
	}
	p.submit(t, "#over")
	if p.stands(t, front.Second1) != led {
		t.Errorf("%q, which led, is not below but %q", led, p.stands(t, front.Second1))
	}
	p.holds(t, `(() => { const r = document.querySelector("#place-lead .just button").getBoundingClientRect(); return r.top > 0 && r.bottom < innerHeight; })()`)
	if p.stands(t, front.Lead) != pinned || !strings.Contains(readers(), pinned) {
		t.Errorf("%q leads, not %q", p.stands(t, front.Lead), pinned)
	}

	// Moved by buttons: the hand stays where it was.
	eval[bool](t, p, `document.querySelector("#place-lead button[name=to]").focus(), true`)
	p.leads(t, func() { p.keys(t, "Enter") })
	if p.stands(t, front.Second1) != pinned || p.stands(t, front.Lead) != led {
		t.Errorf("moved down: %q above %q", p.stands(t, front.Lead), p.stands(t, front.Second1))
	}
	p.holds(t, `document.activeElement.closest(".slot")?.id === "place-second1" && document.activeElement.textContent === "↓"`)
	p.leads(t, func() { p.keys(t, "Enter") })
	if p.stands(t, front.Second2) != pinned {
		t.Errorf("moved down again: %q", p.stands(t, front.Second2))
	}

	// By arrow keys from the handle; Esc leaves everything.
	eval[bool](t, p, `document.querySelector("#place-second2 .hd").focus(), true`)
	p.keys(t, "Enter", "ArrowUp", "Escape")
	p.holds(t, `document.querySelector("#told").textContent === "Left where it was." && !document.querySelector(".over")`)
	p.keys(t, "Enter", "ArrowUp")
	p.holds(t, `document.querySelector("#told").textContent === "Beside it, 1" && document.querySelector(".over")?.id === "place-second1"`)
	p.keys(t, "ArrowUp")
	p.leads(t, func() { p.keys(t, "Enter") })
	if p.stands(t, front.Lead) != pinned {
		t.Errorf("moved by arrow keys: %q", p.stands(t, front.Lead))
	}

	// Dragged.
	p.mouse(t, "mouseMoved", "#place-lead .hd")
	p.mouse(t, "mousePressed", "#place-lead .hd")
	p.mouse(t, "mouseMoved", "#place-second3")
	p.holds(t, `document.querySelector(".over")?.id === "place-second3" && document.querySelector(".held")?.id === "place-lead"`)
	p.leads(t, func() { p.mouse(t, "mouseReleased", "#place-second3") })
	if p.stands(t, front.Second3) != pinned {
		t.Errorf("dragged: %q", p.stands(t, front.Second3))
	}

	// Under embargo: readers see nothing of it, a rehearsal does.
	before := p.stands(t, front.Lead)
	p.submit(t, `.toplace .place:has(.st.sch) button[type=submit]`)
	p.submit(t, "#over")
	if p.stands(t, front.Lead) == "School results of the district" || !strings.Contains(visibleText(t, p), "School results of the district") || strings.Contains(readers(), "School results") {
		t.Errorf("what is under embargo stands where %q is", p.stands(t, front.Lead))
	}
	p.deskSound(t, "board")
	p.goTo(t, board)
	p.submit(t, `.bar a[href$="/rehearsal"]`)
	p.submit(t, `.events a[href*="`+instant.In(zoneOf(t, site.Publication.Zone)).Format("2006-01-02T15")+`"]`)
	p.holds(t, `document.querySelector("iframe").contentDocument?.querySelector(".card.lead h2")?.textContent.includes("School results")`)
	p.asOnADesktop(t)
	p.submit(t, `.bar a[href*="width=phone"]`)
	p.holds(t, `document.querySelector("iframe").contentDocument?.querySelector(".card.lead h2")?.textContent.includes("School results") && document.querySelector("iframe").clientWidth < 400`)
	if wide := eval[int](t, p, `(() => { const d = document.querySelector("iframe").contentDocument.documentElement; return d.scrollWidth - d.clientWidth; })()`); wide > 0 {
		t.Errorf("the page on a phone scrolls sideways by %d px", wide)
	}
	p.self = eval[string](t, p, "location.href")
	p.deskSound(t, "rehearsal")

	// Undone.
	p.goTo(t, board)
	p.submit(t, "#undo")
	if p.stands(t, front.Lead) != before || strings.Contains(eval[string](t, p, `document.querySelector("#place-lead").textContent`), "School results") {
		t.Errorf("after undoing %q leads, not %q", p.stands(t, front.Lead), before)
	}
	p.quiet(t, "front page")
	p.close()

	// Without scripts.
	q := k.b.open(t, k.link(k.chief), false, 1440, 900)
	q.submit(t, "main form button")
	q.self = board + "/pin"
	q.goTo(t, board)
	for range 5 {
		q.submit(t, "#undo")
	}
	if q.stands(t, front.Lead) != led {
		t.Errorf("all undone %q leads, not %q", q.stands(t, front.Lead), led)
	}
	q.submit(t, row+"button[type=submit]")
	q.submit(t, "#over")
	q.submit(t, "#place-lead button[name=to]")
	q.press(t, "#place-second1 summary")
	if q.stands(t, front.Second1) != pinned {
		t.Errorf("moved without scripts: %q", q.stands(t, front.Second1))
	}
	q.submit(t, `#place-second1 form[action$="/unpin"] button`)
	q.goTo(t, board) // from its beginning: the page was where something had changed
	q.press(t, ".strips summary")
	q.write(t, "#b-text", "The ferry stays in port")
	q.submit(t, ".stripform button")
	if text := readers(); !strings.Contains(text, "The ferry stays in port") {
		t.Error("the line does not stand above the pages")
	}
	q.submit(t, `.stripctl button`)
	if text := readers(); strings.Contains(text, "The ferry stays in port") {
		t.Error("the line stands there still")
	}
	q.quiet(t, "front page without scripts")
	if dir := os.Getenv("DATELINE_SHOTS"); dir != "" {
		for _, width := range []int64{1440, 360} {
			q.resize(t, width, 900)
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("front-%d.png", width)), q.shot(t), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}
