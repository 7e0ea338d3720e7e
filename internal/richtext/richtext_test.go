package richtext

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checkFixpoint holds the two promises that the archive rests on.
func checkFixpoint(t *testing.T, d Doc) {
	t.Helper()
	stored := d.Store()
	parsed, err := Parse(stored)
	if err != nil {
		t.Fatalf("Parse: %v\n%s", err, stored)
	}
	if diff := cmp.Diff(d, parsed); diff != "" {
		t.Fatalf("Parse(Store) differs (-doc +parsed):\n%s\n%s", diff, stored)
	}
	again, _ := FromHTML(stored, Options{})
	if diff := cmp.Diff(d, again); diff != "" {
		t.Fatalf("FromHTML(Store) differs (-doc +again):\n%s\n%s", diff, stored)
	}
}

func FuzzFromHTML(f *testing.F) {
	for _, v := range vectors {
		f.Add(v, "ru", false)
	}
	for _, v := range strings.Split(everything, "\n") {
		f.Add(v, "", true)
	}
	f.Add(everything, "en", false)
	f.Fuzz(func(t *testing.T, src, lang string, lines bool) {
		d, notes := FromHTML(src, Options{Lang: lang, BlankLines: lines})
		checkFixpoint(t, d)
		checkSafe(t, string(d.Render(everyRef)))
		if len(notes) > maxNotes {
			t.Errorf("%d notes", len(notes))
		}
		checkRuns(t, d)
	})
}

func FuzzParse(f *testing.F) {
	d, _ := FromHTML(everything, Options{})
	for _, line := range strings.SplitAfter(d.Store(), "\n") {
		f.Add(line)
	}
	f.Add(d.Store())
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err != nil {
			return
		}
		if got := d.Store(); got != s {
			t.Errorf("Store(Parse(s)) = %q, want %q", got, s)
		}
		checkSafe(t, string(d.Render(everyRef)))
	})
}
