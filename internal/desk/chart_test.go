package desk

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/lang"
)

func TestScale(t *testing.T) {
	for most, want := range map[int64][2]int64{0: {1, 1}, 1: {1, 1}, 4: {4, 1}, 5: {6, 2}, 9: {10, 5}, 21: {30, 10}, 812: {1000, 500}, 40_001: {50_000, 0}} {
		top, step := scale(most)
		if top < most || top < 1 || top/step > 4 || top%step != 0 || want[1] != 0 && (top != want[0] || step != want[1]) {
			t.Errorf("%d: an axis to %d in steps of %d", most, top, step)
		}
	}
}

// A chart begins at zero, its highest bar is what it holds, and hours that have not
// come have none.
func TestChart(t *testing.T) {
	c := NewChart(lang.Of("ru"), Chart{BeforeName: "x", Points: []Point{{N: 2000, Before: 1000}, {N: 500, Part: true}, {Ahead: true, Before: 2000}}})
	if diff := cmp.Diff([]string{"2\u00a0000", "1\u00a0500", "1\u00a0000", "500", "0"}, c.Ticks); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Bar{{"5.0", "0.0", "23.3", "100.0", false}, {"38.3", "75.0", "23.3", "25.0", true}}, c.Bars); diff != "" {
		t.Error(diff)
	}
	if want := "M16.7 50.0L50.0 100.0L83.3 0.0"; c.Line != want {
		t.Errorf("line %s, want %s", c.Line, want)
	}
	if !c.Even || len(c.Columns) != 3 {
		t.Errorf("%v", c.Columns)
	}
	if c = NewChart(lang.Of("en"), Chart{}); len(c.Bars) != 0 || c.Line != "" {
		t.Errorf("nothing gives %v", c)
	}
}
