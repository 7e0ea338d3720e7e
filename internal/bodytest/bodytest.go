// Package bodytest reads bodies for tests.
package bodytest

import (
	"fmt"
	"strings"
	"testing"

	"dateline/internal/richtext"
)

// Doc reads a body in its stored form.
func Doc(t testing.TB, stored string) richtext.Doc {
	t.Helper()
	d, err := richtext.Parse(stored)
	if err != nil {
		t.Fatalf("%v: %s", err, stored)
	}
	return d
}

// Paras reads "1:one two|2:three" as paragraphs b1, b2.
func Paras(t testing.TB, s string) richtext.Doc {
	t.Helper()
	var b strings.Builder
	for part := range strings.SplitSeq(s, "|") {
		if id, words, ok := strings.Cut(part, ":"); ok {
			fmt.Fprintf(&b, "<p id=\"b%s\">%s</p>\n", id, words)
		}
	}
	return Doc(t, b.String())
}
