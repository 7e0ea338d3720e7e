//go:build e2e && bench

package e2e

import (
	"strings"
	"testing"
)

// TestLighthouseSpeed: Lighthouse gives the front page, an article and the archive 100
// for performance, too, in every language and theme, on a machine that has nothing
// else to do. The best of five counts.
func TestLighthouseSpeed(t *testing.T) {
	var all []seen
	for _, theme := range themes {
		for _, e := range editions {
			for _, name := range phoned {
				all = append(all, seen{theme, e.lang, name})
			}
		}
	}
	for page, best := range lighthouses(t, all, 5, append([]string{"performance"}, judged...), func(scores map[string]float64) bool { return scores["performance"] == 1 }) {
		if got := best.scores["performance"]; got < 1 {
			t.Errorf("%s: performance is %.0f: %s", page, 100*got, strings.Join(best.lost, "; "))
		}
	}
}
