package merge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dateline/internal/compare"
	"dateline/internal/merge"
	"dateline/internal/richtext"
)

// TestHostile holds the bounds: whoever may save may send the largest body there is,
// changed everywhere, and merging it takes a moment.
func TestHostile(t *testing.T) {
	n := 8000
	if testing.Short() {
		n = 1000
	}
	many := func(form string) func(by int) string {
		return func(by int) string {
			var b strings.Builder
			for i := range n {
				if i%3 == by {
					fmt.Fprintf(&b, form, i, fmt.Sprintf("word%d", by))
				} else {
					fmt.Fprintf(&b, form, i, "word")
				}
			}
			return b.String()
		}
	}
	in := func(head, form, foot string) func(int) string {
		return func(by int) string { return head + many(form)(by) + foot }
	}
	for name, text := range map[string]func(by int) string{
		"paragraphs": many("<p id=b%dx>one %s</p>"),
		"paragraphs named new": func(by int) string {
			return strings.ReplaceAll(many("<p id=b%dx>one %s</p>")(by), "x>", fmt.Sprintf("x%d>", by))
		},
		"items":             in("<ul id=b1>", "<li>item %d %s</li>", "</ul>"),
		"equal items":       in("<ul id=b1>", "<li>item<!-- %d --> %s</li>", "</ul>"),
		"rows":              in("<table id=b1>", "<tr><td>%d<td>%s", "</table>"),
		"words of one kind": in("<p id=b1>", "a<!-- %d --> %s ", "</p>"),
		"words":             in("<p id=b1>", "w%d %s ", "</p>"),
		"new words": func(by int) string {
			return strings.ReplaceAll(in("<p id=b1>", "w%d %s ", "</p>")(by), "w", fmt.Sprintf("v%d", by))
		},
		"marks":     in("<p id=b1>", "<b>w%d</b> <i>%s</i> ", "</p>"),
		"code":      in("<pre id=b1>", "x %d\n%s\n", "</pre>"),
		"sentences": in("<p id=b1>", "A %d. %s. ", "</p>"),
		"refrain":   in("<p id=b1>", "La<!-- %d -->. %s. ", "</p>"),
		"notes":     in("", "<p id=b%[1]dx>%[2]s<a class=fn href=#b%[1]dn></a></p><aside class=note id=b%[1]dn>%[2]s</aside>", ""),
	} {
		var docs [3]richtext.Doc
		for i := range docs {
			docs[i], _ = richtext.FromHTML(text(i-1), richtext.Options{})
		}
		start := time.Now()
		got, _ := merge.Bodies(docs[0], docs[1], docs[2])
		took := time.Since(start)
		start = time.Now()
		compare.Bodies(docs[1], docs[2])
		if compared := time.Since(start); took > 5*time.Second || compared > 5*time.Second {
			t.Errorf("%s: took %v to merge, %v to compare", name, took, compared)
		} else {
			t.Logf("%s: %v to merge, %v to compare", name, took, compared)
		}
		if _, err := richtext.Parse(got.Store()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
