//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// What careful setting would change is offered by the rules of the language, never done
// unasked, and never offered within quotations, code or another language.
func TestEditorTypography(t *testing.T) {
	p := edit(t, editing(t, "", "en", "en"), 1280, 900)
	for _, c := range []struct{ lang, was, all string }{
		{"ru", `Он сказал "да" - и ушёл...`, "Он\u00a0сказал «да»\u00a0— и\u00a0ушёл…"},
		{"ru", `Газета "Лампа "Тасозени"" вышла`, `Газета «Лампа "Тасозени"» вышла`},
		{"ru", `в 2015 году, № 7, 5 км и 10 000 тг`, "в\u00a02015\u00a0году, №\u00a07, 5\u00a0км и\u00a010\u00a0000\u00a0тг"},
		{"ru", `- Привет, - сказал А. С. Пушкин`, "— Привет,\u00a0— сказал А.\u00a0С.\u00a0Пушкин"},
		{"ru", `в 1998-2004 годах, тел. 12-34-56, 2022-02-14`, "в\u00a01998–2004 годах, тел.\u00a012-34-56, 2022-02-14"},
		{"ru", `<q>он - "я"</q>, <code>"x" - y</code>, <span lang="en">so "x"</span>`, `<q>он - "я"</q>, <code>"x" - y</code>, <span lang="en">so "x"</span>`},
		{"ru", `«он - и "я"...» - всё`, "«он - и \"я\"...»\u00a0— всё"},
		{"kk", `Ол "иә" деді - кетті де қалды ғой...`, "Ол «иә» деді\u00a0— кетті\u00a0де қалды\u00a0ғой…"},
		{"en", `He said "yes" - and didn't go...`, "He said “yes” — and didn’t go…"},
		{"en", `A 5" disk, 3 km, Mr. Smith`, "A 5\" disk, 3\u00a0km, Mr.\u00a0Smith"},
		{"en", `Unmatched "quote here`, `Unmatched "quote here`},
	} {
		p.do(t, fmt.Sprintf("again(%q, { lang: %q, typography: %s })", `<p id="b1">`+c.was+"</p>\n", c.lang, mustJSON(t, typography(t, c.lang))))
		before := p.stored(t)
		p.holds(t, "editor.offers().fresh")
		if p.stored(t) != before {
			t.Errorf("%s: changed unasked: %s", c.was, p.stored(t))
		}
		p.do(t, `(editor.run("typography"), true)`)
		for range 40 { // until nothing is offered
			if eval[bool](t, p, `document.querySelector(".dl-typography .dl-btn").disabled`) {
				break
			}
			p.keys(t, "a")
		}
		p.keys(t, "Escape")
		if got, want := p.stored(t), `<p id="b1">`+c.all+"</p>\n"; got != want {
			t.Errorf("%s:\ngot  %q\nwant %q", c.was, got, want)
		}
	}
	// Quotations and code are let alone altogether; what is left stays left.
	body := `<blockquote id="b1" class="q"><p>Он - "я"...</p></blockquote>
<pre id="b2"><code>"x"...</code></pre>
<p id="b3" class="pull">Он - "я"...</p>
<p id="b4">Он ушёл...</p>
`
	p.do(t, fmt.Sprintf("again(%q, { lang: \"ru\", typography: %s })", body, mustJSON(t, typography(t, "ru"))))
	p.holds(t, "editor.offers().fresh")
	p.do(t, `(editor.run("typography"), true)`)
	p.keys(t, "r", "r", "r")
	p.do(t, `document.querySelector(".dl-typography .dl-btn").disabled`)
	p.keys(t, "Escape")
	if got := p.stored(t); got != body {
		t.Errorf("refused, and done: %s", got)
	}
	p.quiet(t, "editor")
}

// Find and replace, over marks and no-break spaces, in the letters of the language.
func TestEditorFind(t *testing.T) {
	p := edit(t, editing(t, "", "en", "en"), 1280, 900)
	body := "<p id=\"b1\">Old bridge, old <strong>bri</strong>dge, old\u00a0bridge, cold</p>\n<ul id=\"b2\"><li>OLD</li></ul>\n<table id=\"b3\"><tbody><tr><td>old</td></tr></tbody></table>\n"
	p.do(t, fmt.Sprintf("again(%q)", body))
	for _, c := range []struct {
		text, options string
		want          int
	}{
		{"old", "{}", 6}, {"old", "{ whole: true }", 5}, {"Old", "{ exact: true }", 1}, {"old bridge", "{}", 3}, {"bridge,", "{}", 3}, {"nothing", "{}", 0}, {"", "{}", 0},
	} {
		if got := eval[int](t, p, fmt.Sprintf("editor.find(%q, %s)", c.text, c.options)); got != c.want {
			t.Errorf("%q %s: %d, want %d", c.text, c.options, got, c.want)
		}
	}
	p.do(t, `(editor.find("old bridge"), editor.replace("new bridge", true) === 3)`)
	p.do(t, `(editor.find(""), true)`)
	if got := p.stored(t); !strings.HasPrefix(got, `<p id="b1">new bridge, <strong></strong>`) && !strings.HasPrefix(got, `<p id="b1">new bridge, new bridge, new bridge, cold</p>`) {
		t.Errorf("replaced: %s", got)
	}
	// By the keys alone.
	p.do(t, `again("<p id=\"b1\">a b a b a</p>\n")`)
	p.act(t, "@b1:0 | Mod-f | 'a | Enter | Tab | 'x | Enter | Enter | Escape")
	if got := p.stored(t); got != "<p id=\"b1\">a b x b x</p>\n" && got != "<p id=\"b1\">x b x b a</p>\n" {
		t.Errorf("by keys: %s", got)
	}
	p.do(t, `!document.querySelector(".dl-found")`)
	p.do(t, "document.activeElement === editor.view.dom")
	p.quiet(t, "editor")
}

// Colleagues' carets, comments and suggestions stand where the page says, move with the
// text, and one key takes or refuses a suggestion.
func TestEditorDecorations(t *testing.T) {
	p := edit(t, editing(t, "", "en", "en"), 1280, 900)
	body := "<p id=\"b1\">The train needed seven minutes for 412 metres.</p>\n<p id=\"b2\">Сорок 😀 секунд.</p>\n<p id=\"b3\">Third.</p>\n"
	p.do(t, fmt.Sprintf("again(%q)", body))
	p.do(t, `(editor.setDecorations([
		{ kind: "suggestion", id: "s1", block: "b1", from: 35, to: 38, insert: "421" },
		{ kind: "comment", id: "c1", block: "b2", from: 8, to: 14 },
		{ kind: "cursor", id: "u1", block: "b2", offset: 5, name: "Daniyar" },
		{ kind: "stale", id: "t1", block: "b3" },
		{ kind: "comment", id: "c2", block: "b77", from: 0, to: 1 },
	]), true)`)
	if got := eval[string](t, p, `[...document.querySelectorAll(".dl-del, .dl-ins, .dl-comment, .dl-caret, .dl-stale")].map(e => e.className.split(" ")[0] + ":" + (e.dataset.name || e.textContent)).join("; ")`); got !=
		"dl-del:412; dl-ins:421; dl-caret:Daniyar; dl-comment:секунд; dl-stale:Third." {
		t.Errorf("shown: %s", got)
	}
	if p.stored(t) != body {
		t.Errorf("what others say is in the text: %s", p.stored(t))
	}
	p.act(t, "@b2:0 | 'Да! | @b1:0 | Enter")
	if got := eval[string](t, p, `JSON.stringify(editor.decorations().map(d => [d.id, d.from ?? d.offset ?? "", d.to ?? ""]))`); got != `[["s1",35,38],["c1",11,17],["u1",8,""],["t1","",""]]` {
		t.Errorf("moved: %s", got)
	}
	p.act(t, "@b1:36 | Alt-Enter")
	if got := p.stored(t); !strings.Contains(got, "for 421 metres") || strings.Contains(got, "412") {
		t.Errorf("taken: %s", got)
	}
	p.do(t, `JSON.stringify(told.decided) === '[["s1",true]]' && !document.querySelector(".dl-ins")`)
	p.do(t, `(editor.setDecorations([{ kind: "suggestion", id: "s2", block: "b3", from: 0, to: 5, insert: "Fourth" }]), true)`)
	p.act(t, "@b3:2 | Alt-Shift-Enter")
	if got := p.stored(t); !strings.Contains(got, ">Third.<") {
		t.Errorf("refused: %s", got)
	}
	p.do(t, `JSON.stringify(told.decided.at(-1)) === '["s2",false]'`)
	// A passage for a comment, with what stands around it.
	p.act(t, "@b1:4-9 | Mod-Alt-m")
	if got := eval[string](t, p, `JSON.stringify(told.notes)`); got != `[{"block":"b1","from":4,"to":9,"exact":"train","prefix":"The ","suffix":" needed seven minutes for 421 me"}]` {
		t.Errorf("note: %s", got)
	}
	p.quiet(t, "editor")
}

// Everything has a name and can be reached with the keyboard alone, which is never
// caught in the text; nobody is shut out, in either scheme, on either width.
func TestEditorAccess(t *testing.T) {
	b := startBrowser(t)
	for _, l := range []string{"en", "ru", "kk"} {
		p := b.open(t, editing(t, sample[l], l, l).url, true, 1280, 900)
		check := func(where string) {
			t.Helper()
			for _, k := range looks {
				p.as(t, k)
				each(t, fmt.Sprintf("axe, %s, %d px", k.scheme, k.width), l+" "+where, p.axeFaults(t))
				each(t, fmt.Sprintf("scrolls sideways at %d px", k.width), l+" "+where, p.wide(t))
			}
			p.as(t, looks[0])
		}
		check("text")
		for _, deed := range []string{"link", "card", "find", "help", "lang", "typography"} {
			p.caret(t, "b1", 0, 3)
			p.do(t, fmt.Sprintf("editor.run(%q)", deed))
			p.do(t, `document.querySelector(".dl-panel").contains(document.activeElement)`)
			check(deed)
			p.keys(t, "Escape")
			p.do(t, `document.activeElement === editor.view.dom && document.querySelector(".dl-panel").hidden`)
		}
		if words := eval[[]string](t, p, `[...document.querySelectorAll("*")].map(e => [e.getAttribute("aria-label"), e.title, e.childElementCount ? "" : e.textContent].join(" ")).filter(s => s.includes("[editor."))`); len(words) > 0 {
			t.Errorf("%s: words are missing: %v", l, words)
		}
		p.quiet(t, l)
		p.close()
	}

	p := b.open(t, editing(t, sample["en"], "en", "en").url, true, 1280, 900)
	// One stop for the toolbar, arrows within it, Escape back to the text.
	p.caret(t, "b1", 0)
	p.keys(t, "Alt-F10")
	p.do(t, `document.activeElement.closest("[role=toolbar]")`)
	p.do(t, `document.querySelectorAll(".dl-head [role=toolbar] [tabindex='0']").length === 1`)
	first := eval[string](t, p, `document.activeElement.getAttribute("aria-label")`)
	p.keys(t, "ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight")
	if got := eval[string](t, p, `document.activeElement.getAttribute("aria-label")`); got != first {
		t.Errorf("arrows lead to %q", got)
	}
	unnamed := eval[[]string](t, p, `[...document.querySelectorAll(".dl-editor button")].filter(e => e.getClientRects().length && !(e.getAttribute("aria-label") || e.textContent.trim())).map(e => e.outerHTML)`)
	each(t, "button without a name", "editor", unnamed)
	// A menu opens with the arrow down, and Enter does what it says.
	p.keys(t, "ArrowDown")
	p.do(t, `document.activeElement.getAttribute("role") === "menuitemradio"`)
	p.keys(t, "Escape")
	p.do(t, `document.activeElement.getAttribute("aria-haspopup") === "menu"`)
	p.keys(t, "ArrowDown", "ArrowDown", "Enter")
	if got := p.stored(t); !strings.HasPrefix(got, `<h2 id="b1">`) {
		t.Errorf("the menu made %.60s", got)
	}
	p.do(t, "document.activeElement === editor.view.dom")
	// In a list Tab goes deeper; after Escape it leaves.
	p.caret(t, "b7", 11)
	p.keys(t, "Tab")
	p.do(t, "document.activeElement === editor.view.dom")
	p.keys(t, "Escape", "Tab")
	p.do(t, "document.activeElement !== editor.view.dom")
	p.quiet(t, "editor")
}

// A text is composed as input methods do it: what is on its way is not stored twice.
func TestEditorComposition(t *testing.T) {
	p := edit(t, editing(t, "<p id=\"b1\">a </p>\n", "kk", "kk"), 1280, 900)
	p.caret(t, "b1", 1)
	p.types(t, " ")
	for _, part := range []string{"қ", "қа", "қаз"} {
		if _, err := chromedp.Call(p.ctx, input.ImeSetComposition, input.ImeSetCompositionParams{Text: part, SelectionStart: int64(len([]rune(part))), SelectionEnd: int64(len([]rune(part)))}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: "қазақ"}); err != nil {
		t.Fatal(err)
	}
	p.holds(t, `editor.getStored() === "<p id=\"b1\">a қазақ</p>\n"`)
	p.quiet(t, "editor")
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
