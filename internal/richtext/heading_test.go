package richtext

import (
	"fmt"
	"strings"
	"testing"
)

// Headings go down one level at a time, whatever the text says, and what stands side
// by side in the text does so on the page, whose own is h1.
func TestHeadingsWithoutGaps(t *testing.T) {
	for stored, want := range map[string]string{
		"2 3 4 2 3": "2 3 4 2 3",
		"3 3 3":     "2 2 2",
		"4 4 2 4":   "2 2 2 3",
		"2 4 4 3 4": "2 3 3 3 4",
		"3 2 3":     "2 2 3",
	} {
		var text strings.Builder
		for i, n := range strings.Fields(stored) {
			fmt.Fprintf(&text, "<h%s id=\"b%d\">a</h%s>\n", n, i+1, n)
		}
		doc, err := Parse(text.String())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for line := range strings.Lines(string(doc.Render(Resolver{}))) {
			got = append(got, line[2:3])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is shown as %v, want %s", stored, got, want)
		}
	}
}
