//go:build e2e

package e2e

import (
	"fmt"
	"testing"
)

// outOfOrder lists neighbours of which the second stands before the first to the
// eye, above it or beside it on the side where lines begin, though the key Tab and
// a voice come to it later. Only what holds something to go to is looked at.
const outOfOrder = `(() => {
	const rtl = getComputedStyle(document.documentElement).direction === "rtl", out = [];
	const goes = "a[href],button,input:not([type=hidden]),select,textarea,summary";
	const label = (e, r) => e.nodeName + "." + e.className + " " + e.textContent.trim().slice(0, 30) + " [" + Math.round(r.left) + "," + Math.round(r.top) + "]";
	for (const box of document.querySelectorAll("body, body *")) {
		const inside = [...box.children].filter(e => (e.matches(goes) || e.querySelector(goes)) && e.checkVisibility())
			.map(e => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width > 1 && r.height > 1);
		for (let i = 0; i < inside.length; i++) for (let j = i + 1; j < inside.length; j++) {
			const [a, x] = inside[i], [b, y] = inside[j];
			const above = y.bottom <= x.top + 1, beside = y.top < x.bottom - 1 && x.top < y.bottom - 1;
			if (above || beside && (rtl ? y.left >= x.right - 1 : y.right <= x.left + 1)) out.push(label(b, y) + " before " + label(a, x));
		}
	}
	return out })()`

// TestOrder: on pages of days, months and years the eye, the key Tab and a voice go
// the same way, on phones and on wide screens (WCAG 2.2, 1.3.2 and 2.4.3).
func TestOrder(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	paths := stills(t)
	for _, theme := range themes {
		for _, e := range editions {
			for _, name := range []string{"year", "month", "month-now", "day"} {
				p := b.open(t, inTheme(t, theme)+paths[e.lang+"/"+name], true, 1440, 900)
				for _, width := range []int64{1440, 1200, 768, 360} {
					p.resize(t, width, 900)
					each(t, fmt.Sprintf("%s, %d px: out of order", theme, width), e.lang+" "+name, eval[[]string](t, p, outOfOrder))
				}
				// The calendar and what was written are both there, or nothing has been looked at.
				if name == "month" && !eval[bool](t, p, `!!document.querySelector("main .cal a") && !!document.querySelector("main .daygroup a")`) {
					t.Errorf("%s %s %s: no calendar or no articles", theme, e.lang, name)
				}
				p.close()
			}
		}
	}
}
