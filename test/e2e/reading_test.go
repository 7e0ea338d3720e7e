//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"dateline/internal/lang"
)

// On a narrow phone no line ends between a number and its unit, on any page, in any
// theme: "3" at the end of one and "min" alone on the next is read twice.
func TestNumbersStayWithUnits(t *testing.T) {
	t.Parallel()
	paths := stills(t)
	b := startBrowser(t)
	for _, theme := range themes {
		for i, e := range editions {
			units, err := json.Marshal(slices.Sorted(maps.Keys(lang.Of(e.lang).Typography().Units)))
			if err != nil {
				t.Fatal(err)
			}
			p, seen := b.open(t, "about:blank", true, 360, 900), 0
			for n, name := range stateNames() {
				if n%8 == 7 { // a tab has two minutes
					p.close()
					p = b.open(t, "about:blank", true, 360, 900)
				}
				if theme != themes[0] && (n+i)%3 != 0 && !thorough {
					continue // the same words, in another language
				}
				if err := chromedp.Do(p.ctx, chromedp.Navigate(inTheme(t, theme)+paths[e.lang+"/"+name])); err != nil {
					t.Fatal(err)
				}
				for _, width := range []int64{360, 320} {
					p.resize(t, width, 900)
					got := eval[[]string](t, p, fmt.Sprintf(`document.fonts.ready.then(() => {
						const units = new Set(%s), out = [], range = document.createRange();
						let seen = 0;
						const at = (node, i) => { range.setStart(node, i); range.setEnd(node, i + 1); return range.getBoundingClientRect() };
						const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
						for (let node; node = all.nextNode();) {
							if (node.parentElement.closest("pre, code, script, style, [translate=no]")) continue;
							for (const m of node.data.matchAll(/\d[\s\u00a0](\p{L}+)/gu)) {
								if (!units.has(m[1].toLowerCase())) continue;
								const a = at(node, m.index), b = at(node, m.index + 2);
								if (a.height < 2) continue; // only read out
								seen++;
								if (b.top > a.top + a.height / 2) out.push(node.data.slice(Math.max(0, m.index - 20), m.index + 20));
							}
						}
						return [String(seen)].concat(out);
					})`, units))
					n := 0
					fmt.Sscan(got[0], &n)
					seen += n
					each(t, fmt.Sprintf("a line of %s ends between number and unit at %d px", theme, width), e.lang+" "+name, got[1:])
				}
			}
			p.close()
			if seen < 100 && (theme == themes[0] || seen < 20) {
				t.Errorf("%s %s: only %d numbers with units were seen", theme, e.lang, seen)
			}
		}
	}
}

// Whoever opens a month or a day on a phone sees its first article without scrolling,
// and the calendar is a touch away; on a large screen it stands beside them.
func TestArticlesBeforeCalendar(t *testing.T) {
	t.Parallel()
	paths := stills(t)
	b := startBrowser(t)
	for _, theme := range themes {
		for _, e := range editions {
			for _, name := range []string{"month-now", "day"} {
				where := theme + " " + e.lang + " " + name
				p := b.open(t, inTheme(t, theme)+paths[e.lang+"/"+name], true, 360, 800)
				p.whole(t)
				const first, month = `document.querySelector(".daygroup h3").getBoundingClientRect()`, `document.querySelector("#dates .cal").getBoundingClientRect()`
				if bottom := eval[float64](t, p, first+".bottom"); bottom > 800 {
					t.Errorf("%s: the first headline ends %.0f px below the top of a phone", where, bottom)
				}
				if eval[bool](t, p, month+".top < "+first+".bottom") {
					t.Errorf("%s: the calendar stands before the articles", where)
				}
				if err := chromedp.Do(p.ctx, chromedp.Click(".tocal a")); err != nil {
					t.Fatal(err)
				}
				if top := eval[float64](t, p, month+".top"); top < -1 || top > 360 {
					t.Errorf("%s: the way to the calendar ends with its top at %.0f px", where, top)
				}
				p.resize(t, 1440, 900)
				if eval[bool](t, p, `document.querySelector(".tocal").checkVisibility()`) {
					t.Errorf("%s: on a large screen a link leads to what stands beside it", where)
				}
				if eval[bool](t, p, month+".left < "+first+".right || Math.abs("+month+".top - document.querySelector('.daygroup').getBoundingClientRect().top) > 40") {
					t.Errorf("%s: on a large screen the calendar does not stand beside the first day", where)
				}
				p.close()
			}
			// A year on a phone begins with its months.
			p := b.open(t, inTheme(t, theme)+paths[e.lang+"/year"], true, 360, 800)
			if bottom := eval[float64](t, p, `document.querySelector(".of-year").getBoundingClientRect().bottom`); bottom > 800 {
				t.Errorf("%s %s: the months of a year end %.0f px below the top", theme, e.lang, bottom)
			}
			p.close()
		}
	}
}

// A reader narrows a search with the form alone, sees what is on and takes one filter
// away again; the rest stays.
func TestNarrowing(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	for _, theme := range themes {
		p := b.open(t, inTheme(t, theme)+"/search?q=bridge&order=newest", true, 360, 800)
		if err := chromedp.Do(p.ctx, chromedp.Click(".tocal a")); err != nil {
			t.Fatal(err)
		}
		if top := eval[float64](t, p, `document.querySelector("#narrow").getBoundingClientRect().top`); top < -1 || top > 400 {
			t.Errorf("%s: the way to the filters ends with their heading at %.0f px", theme, top)
		}
		if !eval[bool](t, p, `(() => { const f = document.querySelector("#from"), u = document.querySelector("#until");
			return f.min === u.min && f.max === u.max && f.max === "2026-11-14" && f.min > "2015" && f.labels[0].innerText.trim() === "From" })()`) {
			t.Errorf("%s: the fields for days do not know between which days articles are: %s", theme, eval[string](t, p, `document.querySelector(".days").outerHTML`))
		}
		all := eval[string](t, p, `document.querySelector(".found").textContent`)
		eval[bool](t, p, `document.querySelector("#from").value = "2023-01-01", document.querySelector("input[name=section][value=town]").checked = true`)
		if err := chromedp.Do(p.ctx, chromedp.Click(".filters .btn"), chromedp.WaitReady(".active")); err != nil {
			t.Fatal(err)
		}
		said := eval[string](t, p, `[...document.querySelectorAll(".active .chip")].map(e => e.innerText.replace(/\s+/g, " ")).join(", ")`)
		if want := "From 1 January 2023 ×, Section: Town ×"; said != want {
			t.Errorf("%s: the filters are said to be %q, want %q", theme, said, want)
		}
		if some := eval[string](t, p, `document.querySelector(".found").textContent`); some == all || !strings.Contains(some, "found") {
			t.Errorf("%s: %q with filters, %q without", theme, some, all)
		}
		if err := chromedp.Do(p.ctx, chromedp.Click(".active li:last-of-type a, .active li:nth-child(2) a"), chromedp.WaitReady(".active li:only-child")); err != nil {
			t.Fatal(err)
		}
		if got := eval[string](t, p, "location.search"); got != "?from=2023-01-01&order=newest&q=bridge" {
			t.Errorf("%s: after taking a filter away the search is %s", theme, got)
		}
		p.close()
	}
}
