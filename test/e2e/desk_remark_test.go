//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"dateline/internal/correction"
)

// Colleagues remark on passages, and the remarks are decided by one key each; the words
// come to stand where the passage is now. Readers are told of a correction while it is
// published.
func TestDeskRemarks(t *testing.T) {
	k := openDesk(t)
	ctx := context.Background()
	if err := k.app.Users.SetSelf(ctx, k.chief.ID, k.chief.Name, "en"); err != nil {
		t.Fatal(err)
	}
	p := k.signIn(k.chief)
	p.goTo(t, k.url+"/desk/articles/new")
	p.leads(t, func() { p.press(t, ".choices form:first-child button") })
	p.holds(t, `document.activeElement?.id === "w-headline"`)
	id := p.article(t)
	p.types(t, "A trian crosses")
	p.press(t, ".dl-doc")
	p.types(t, "It needed seven minutes for 412 metres. Nobody said a word.")
	p.holds(t, savedNow)

	// Of the text, by the key that it has for that.
	choose := func(words string) {
		t.Helper()
		if !eval[bool](t, p, fmt.Sprintf(`(() => { const e = window.datelineArticle.editor(); let done = false;
			e.view.state.doc.forEach(b => { const i = b.textContent.indexOf(%[1]q); if (!done && i >= 0) done = e.select(b.attrs.id, i, i + %[1]q.length); }); return done; })()`, words)) {
			t.Fatalf("the text does not have %q", words)
		}
	}
	open := func(n int) string {
		return fmt.Sprintf(`document.querySelectorAll("#remark-list .remark").length === %d`, n)
	}
	choose("412")
	p.keys(t, "Mod-Alt-m")
	p.holds(t, `document.activeElement?.id === "remark-text"`)
	p.types(t, "421")
	p.keys(t, "Mod-Enter")
	p.holds(t, open(1))
	choose("Nobody")
	p.keys(t, "Mod-Alt-m")
	p.press(t, "#remark-note")
	p.types(t, "Really nobody?")
	p.press(t, "#remark-form button[type=submit]")
	p.holds(t, open(2))
	p.holds(t, `document.querySelector(".dl-doc .dl-del")?.textContent === "412" && document.querySelector(".dl-doc .dl-ins")?.textContent === "421"`)
	p.deskSound(t, "an article with remarks")

	// Of a line.
	p.press(t, "#w-headline")
	eval[bool](t, p, `document.querySelector("#w-headline").setSelectionRange(2, 7), true`)
	p.keys(t, "Mod-Alt-m")
	p.holds(t, `document.querySelector("#remark-field").value === "headline"`)
	p.types(t, "train")
	p.press(t, "#remark-form button[type=submit]")
	p.holds(t, open(3))

	// What is about some of the same words is folded together; a button that has the focus
	// leaves the keys alone.
	choose("412 metres")
	p.keys(t, "Mod-Alt-m")
	p.press(t, "#remark-note")
	p.types(t, "Measured by whom?")
	p.keys(t, "Mod-Enter")
	p.holds(t, open(4))
	p.holds(t, `document.querySelectorAll(".remark-heap .remark").length === 2 && document.querySelector(".remark-heap summary").textContent.includes("2")`)
	eval[bool](t, p, `document.querySelector("#remark-list .remark").closest("details").open = true, document.querySelector("#remark-list .remark").focus(), document.querySelector("#publish").focus(), true`)
	p.keys(t, "j")
	p.holds(t, `document.activeElement.textContent.includes("Measured by whom?")`)
	p.deskSound(t, "remarks on one passage")
	eval[bool](t, p, `document.querySelector("#publish").focus(), true`)
	p.keys(t, "a")
	p.holds(t, open(3))
	p.holds(t, `document.querySelector(".remark-heap") === null`)

	// The text goes on; then one key each.
	eval[bool](t, p, `(() => { const e = window.datelineArticle.editor(); e.select(e.view.state.doc.firstChild.attrs.id, 0); return true; })()`)
	p.types(t, "At last. ")
	p.holds(t, savedNow)
	eval[bool](t, p, `document.querySelector("#remark-list .remark").focus(), true`)
	p.keys(t, "a")
	p.holds(t, open(2))
	p.holds(t, `document.querySelector(".dl-doc").textContent.startsWith("At last. It needed seven minutes for 421 metres.")`)
	p.keys(t, "r")
	p.types(t, "Nobody.")
	p.keys(t, "Enter")
	p.holds(t, open(1))
	p.keys(t, "a")
	p.holds(t, open(0))
	p.holds(t, `document.querySelector("#w-headline").value === "A train crosses"`)
	list, err := k.app.Corrections.Remarks(ctx, k.app.DB, id, 9)
	if err != nil {
		t.Fatal(err)
	}
	became := map[correction.State]int{}
	for _, r := range list {
		became[r.State]++
	}
	if became[correction.Applied] != 3 || became[correction.Refused] != 1 {
		t.Errorf("of the remarks became %v", became)
	}
	p.holds(t, savedNow)
	p.deskSound(t, "an article with decided remarks")

	// The typographer looks at the lines above the text, too.
	p.press(t, "#w-standfirst")
	p.types(t, `They said "no" and went`)
	p.holds(t, `window.datelineArticle.editor().offers().count >= 2`)
	eval[bool](t, p, `window.datelineArticle.editor().run("typography"), true`)
	p.holds(t, `document.querySelector(".dl-offer")?.textContent.startsWith("Standfirst")`)
	p.keys(t, "Shift-a")
	p.holds(t, `document.querySelector("#w-standfirst").value === "They said “no” and went"`)
	p.keys(t, "Escape")
	p.holds(t, savedNow)

	// A correction is told while it is published.
	p.keys(t, "Mod-Shift-p")
	p.holds(t, `document.querySelector("#publishing").open`)
	p.leads(t, func() { p.press(t, "#pub-go") })
	p.holds(t, `document.querySelector(".msg.good")?.textContent === "Published."`)
	p.holds(t, `document.querySelector("#publish").disabled && !document.querySelector("#unchanged").hidden`)
	choose("421")
	p.types(t, "419")
	p.holds(t, savedNow)
	p.holds(t, `!document.querySelector("#publish").disabled && document.querySelector("#unchanged").hidden`)
	p.keys(t, "Mod-Shift-p")
	p.holds(t, `document.querySelector("#publishing").open`)
	p.press(t, "input[name=change][value=correction]")
	p.press(t, "#pub-note")
	p.types(t, "It said 421.")
	p.press(t, "#pub-shows")
	p.leads(t, func() { p.press(t, "#pub-go") })
	p.holds(t, `document.querySelector(".told-t")?.textContent === "It said 421."`)
	p.deskSound(t, "an article with a correction")
	told, err := k.app.Corrections.Of(ctx, id)
	if err != nil || len(told) != 1 {
		t.Fatalf("readers are told %v: %v", told, err)
	}
	reader := k.b.open(t, fmt.Sprintf("%s/corrections/%d", k.url, told[0].ID), true, 1280, 900)
	if text := eval[string](t, reader, `document.querySelector(".was p").innerText`); !strings.Contains(text, "421") || !strings.Contains(text, "419") {
		t.Errorf("readers see %q", text)
	}
	reader.close()

	// Words that are selected while its form is open are its passage.
	p.press(t, ".told summary")
	choose("419 metres")
	p.holds(t, `document.querySelector(".told [data-passage]").value === "419 metres"`)
	p.leads(t, func() { p.press(t, ".told form:first-of-type button[type=submit]") })
	p.holds(t, `document.querySelector(".told-p q").textContent === "419 metres"`)
	p.deskSound(t, "an article with a correction and its passage")
	p.quiet(t, "remarks")
}
