package editor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/compare"
	"dateline/internal/lang"
	"dateline/internal/richtext"
)

// What of a translation nobody has translated: not what has no words, and what changed
// in the original meanwhile only if it was there when the translation was begun.
func TestUntranslated(t *testing.T) {
	const body = "<h2 id=\"b1\">A subhead</h2>\n<p id=\"b2\">First.</p>\n<p id=\"b3\">Second.</p>\n<pre id=\"b4\"><code>go</code></pre>\n<p id=\"b5\">1998</p>\n"
	doc, err := richtext.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	hashes := compare.Hashes(doc)
	original := article.Manuscript{Headline: "Head", Body: strings.Replace(body, "Second.", "Second, changed.", 1)}
	for name, c := range map[string]struct {
		text   article.Manuscript
		lines  []string
		blocks string // their ids
		of     int
	}{
		"a copy":                {article.Manuscript{Headline: "Head ", Body: body}, []string{"headline"}, "b1 b2 b3", 4},
		"some":                  {article.Manuscript{Headline: "Заголовок", Body: strings.Replace(body, "First.", "Первое.", 1)}, nil, "b1 b3", 4},
		"all":                   {article.Manuscript{Headline: "З", Body: "<p id=\"b2\">Первое.</p>\n<p id=\"b3\">Второе.</p>\n"}, nil, "", 3},
		"another, the same":     {article.Manuscript{Headline: "З", Body: "<p id=\"b9\">First.</p>\n"}, nil, "", 2},
		"as it is there now":    {article.Manuscript{Headline: "З", Body: "<p id=\"b3\">Second, changed.</p>\n"}, nil, "b3", 2},
		"with marks of its own": {article.Manuscript{Headline: "З", Body: "<p id=\"b3\">Second, <em>never</em> there.</p>\n"}, nil, "", 2},
	} {
		l, err := untranslated(hashes, original, c.text)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, b := range l.Blocks {
			if !strings.Contains(c.text.Body, b) {
				t.Errorf("%s: %q is not as it is stored", name, b)
			}
			_, rest, _ := strings.Cut(b, `id="`)
			ids = append(ids, rest[:2])
		}
		if !slices.Equal(l.Lines, c.lines) && len(l.Lines)+len(c.lines) > 0 || strings.Join(ids, " ") != c.blocks || l.Of != c.of {
			t.Errorf("%s: %v %v of %d, want %v %s of %d", name, l.Lines, ids, l.Of, c.lines, c.blocks, c.of)
		}
	}
}

// Clocks that are set back show an hour twice, in the zone's own time.
func TestTwice(t *testing.T) {
	berlin, err := lang.Zone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	if got := twice(time.Date(2026, 1, 1, 0, 0, 0, 0, berlin)); len(got) != yearsAhead || got[0] != [2]string{"2026-10-25T02:00", "2026-10-25T03:00"} {
		t.Errorf("in Berlin: %v", got)
	}
	almaty, err := lang.Zone("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	if got := twice(time.Date(2026, 1, 1, 0, 0, 0, 0, almaty)); len(got) != 0 {
		t.Errorf("in Almaty: %v", got)
	}
}
