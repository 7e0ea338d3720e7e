//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// With the keyboard alone a reader comes to everything, in the order of the page,
// and always sees where.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	paths := stills(t)
	b := startBrowser(t)
	for _, name := range []string{"front", "report", "crowd", "gallery", "month-now", "columns", "404"} {
		p := b.open(t, frozen(t)+paths["en/"+name], true, 1280, 900)
		p.scheme(t, "light")
		all := eval[int](t, p, `window.wanted = [...document.querySelectorAll("a[href], button, summary, [tabindex='0']")]
			.filter(e => e.getClientRects().length > 0 && !e.closest("details:not([open]) ul")), window.reached = new Set(), wanted.length`)
		order := ""
		for i := range all + 3 {
			if err := chromedp.Do(p.ctx, chromedp.KeyEvent("\t")); err != nil {
				t.Fatal(err)
			}
			said := eval[string](t, p, `(() => {
				const e = document.activeElement;
				if (!e || e === document.body) return "";
				const before = reached.size; reached.add(e);
				const s = getComputedStyle(e), r = e.getBoundingClientRect();
				const seen = s.boxShadow !== "none" || s.outlineStyle !== "none";
				return (before === 0 ? "first:" + e.getAttribute("href") + " " : "") + (seen ? "" : "unseen:" + e.outerHTML.slice(0, 100)) +
					(r.width && r.height ? "" : "empty:" + e.outerHTML.slice(0, 100)) })()`)
			if i == 0 && !strings.HasPrefix(said, "first:#main") {
				t.Errorf("%s: the first stop is %q, not the link that skips to the text", name, said)
			}
			if _, fault, ok := strings.Cut(said, ":"); ok && !strings.HasPrefix(said, "first:#main") {
				t.Errorf("%s: focus is %s", name, fault)
			}
			order += said
		}
		if missing := eval[[]string](t, p, `wanted.filter(e => !reached.has(e)).map(e => e.outerHTML.slice(0, 120))`); len(missing) > 0 {
			t.Errorf("%s: the keyboard does not reach %d of %d: %s", name, len(missing), all, missing[0])
		}
		p.close()
	}
	// A list of further authors opens with Enter, and the skip link leads past the menu.
	p := b.open(t, frozen(t)+paths["en/crowd"], true, 1280, 900)
	eval[bool](t, p, `document.querySelector(".others summary").focus(), true`)
	if err := chromedp.Do(p.ctx, chromedp.KeyEvent("\r")); err != nil {
		t.Fatal(err)
	}
	if !eval[bool](t, p, `document.querySelector(".others").open`) {
		t.Error("the list of further authors does not open with Enter")
	}
	p.close()
	p = b.open(t, frozen(t)+paths["en/report"], true, 1280, 900)
	if err := chromedp.Do(p.ctx, chromedp.KeyEvent("\t"), chromedp.KeyEvent("\r"), chromedp.KeyEvent("\t")); err != nil {
		t.Fatal(err)
	}
	if !eval[bool](t, p, `!!document.activeElement.closest("main")`) {
		t.Error("the skip link does not lead to the text")
	}
	p.close()
}

// Who wants no motion gets none; who chooses colours sees states by their shape; paper
// gets the text and nothing to press.
func TestSettings(t *testing.T) {
	t.Parallel()
	paths := stills(t)
	b := startBrowser(t)
	for _, theme := range themes {
		t.Run(theme, func(t *testing.T) { asSet(t, b, inTheme(t, theme)+paths["ru/corrected"]) })
	}
}

func asSet(t *testing.T, b *browser, address string) {
	p := b.open(t, address, true, 1280, 900)
	p.media(t, "", &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
	if moving := eval[[]string](t, p, `[...document.querySelectorAll("*")].filter(e => { const s = getComputedStyle(e);
		return s.transitionDuration.split(",").some(d => parseFloat(d) > 0) || s.animationName !== "none" }).map(e => e.outerHTML.slice(0, 80))`); len(moving) > 0 {
		t.Errorf("%d elements move although none should: %s", len(moving), moving[0])
	}
	p.media(t, "", &emulation.MediaFeature{Name: "forced-colors", Value: "active"})
	each(t, "axe", "with chosen colours", p.axeFaults(t))
	if got := eval[[]string](t, p, `[...document.querySelectorAll(".cal td a")].filter(e => getComputedStyle(e).borderStyle === "none").map(e => e.outerHTML)`); len(got) > 0 {
		t.Errorf("with chosen colours nothing tells a day with articles from one without: %s", got[0])
	}
	if got := eval[string](t, p, `getComputedStyle(document.querySelector(".cal td [aria-current]")).outlineStyle`); got == "none" {
		t.Error("with chosen colours nothing marks the day of the page")
	}
	p.media(t, "print")
	for _, gone := range []string{".nav", ".top", ".rail", "#comments", ".chips", ".foot .cols", ".strip", ".steps", ".rel"} {
		if eval[bool](t, p, `[...document.querySelectorAll("`+gone+`")].some(e => e.getClientRects().length > 0)`) {
			t.Errorf("%s is printed", gone)
		}
	}
	for _, there := range []string{".name", "h1", ".p-author", ".dt-published", ".e-content p", ".corr", ".foot .colophon"} {
		if !eval[bool](t, p, `[...document.querySelectorAll("`+there+`")].some(e => e.getClientRects().length > 0)`) {
			t.Errorf("%s is not printed", there)
		}
	}
	if h := eval[float64](t, p, `document.querySelector(".hero img").getBoundingClientRect().height`); h > 8*96/2.54+1 {
		t.Errorf("the printed picture is %.0f px high, more than 8 cm", h)
	}
	if ink := eval[string](t, p, `getComputedStyle(document.body).color + getComputedStyle(document.body).backgroundColor`); !strings.HasPrefix(ink, "rgb(0, 0, 0)rgb(255, 255, 255)") {
		t.Errorf("printed in %s", ink)
	}
	p.close()
}
