package importer

import (
	"fmt"
	"slices"
	"testing"
)

// TestNotesCounted: a reason with many details takes no line from another, and
// loses none of its own count.
func TestNotesCounted(t *testing.T) {
	var n notes
	for i := range 700 {
		n.sum(Remark{Level: "changed", Kind: "post", Why: fmt.Sprintf("a word in brackets was kept: w%d", i)}, 2)
	}
	n.sum(Remark{Level: "left", Kind: "comment", Why: "pingbacks and trackbacks are not comments"}, 3)
	n.sum(Remark{Level: "changed", Kind: "post", Why: "a word in brackets was kept: w7"}, 1)
	var whys []string
	for _, r := range n.all() {
		whys = append(whys, r.Why)
	}
	for _, want := range []string{"a word in brackets was kept, of others: 1200", "a word in brackets was kept: w7: 3", "pingbacks and trackbacks are not comments: 3"} {
		if !slices.Contains(whys, want) {
			t.Errorf("no line says %q, of %d", want, len(whys))
		}
	}
	if len(whys) != maxDetails+2 {
		t.Errorf("%d lines, want %d", len(whys), maxDetails+2)
	}
}
