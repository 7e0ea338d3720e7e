package hostile

import (
	"slices"
	"strings"
	"testing"
)

// The payloads are many and different, and no part was left unfilled.
func TestPayloads(t *testing.T) {
	all := Payloads()
	if len(all) < 400 {
		t.Errorf("%d payloads", len(all))
	}
	sorted := slices.Sorted(slices.Values(all))
	if n := len(slices.Compact(sorted)); n != len(all) {
		t.Errorf("%d of %d differ", n, len(all))
	}
	for _, p := range all {
		if strings.Contains(p, "%!") || strings.Contains(p, "(MISSING)") {
			t.Errorf("unfilled: %q", p)
		}
	}
}
