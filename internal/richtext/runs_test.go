package richtext

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every run stands in the block's text where it says.
func checkRuns(t *testing.T, d Doc) {
	t.Helper()
	for i := range d.Blocks {
		k := Clone(d.Blocks[i])
		if diff := cmp.Diff(d.Blocks[i], k); diff != "" {
			t.Fatalf("the copy differs: %s", diff)
		}
		text := []rune(Doc{Blocks: []Block{k}}.Text())
		end := 0
		for _, r := range Runs(&k) {
			want := ""
			if r.Text != nil {
				want = *r.Text
			} else {
				want = spansText(*r.Spans)
			}
			if r.From < end || r.From+r.Len() > len(text) || string(text[r.From:r.From+r.Len()]) != want {
				t.Fatalf("run %q is not at %d of %q", want, r.From, string(text))
			}
			end = r.From + r.Len()
		}
		if end != len(text) && strings.Trim(string(text[end:]), "\t\n") != "" {
			t.Fatalf("runs end at %d of %q", end, string(text))
		}
	}
}

func TestRuns(t *testing.T) {
	d, _ := FromHTML(everything+`<ul><li><a class=fn href="#b99"></a><ul><li>x</ul></li><li>y</ul><aside class=note id=b99>n</aside>`+
		`<table><tr><td></td><td>a</td></tr><tr><td>b</td><td></td></tr></table><aside><figure><img src="ref:media/3"></figure><p>z</p></aside>`, Options{})
	checkRuns(t, d)
	k := &d.Blocks[0]
	runs := Runs(k)
	*runs[0].Spans = []Span{{Text: "changed"}}
	if k.Inline[0].Text != "changed" {
		t.Error("a run does not lead to its block")
	}
	was := []Span{{Text: " a "}, {Text: " b ", Marks: Em}, {Kind: Break}, {Text: " c "}}
	got := Normal(was)
	if diff := cmp.Diff([]Span{{Text: "a "}, {Text: "b", Marks: Em}, {Kind: Break}, {Text: "c"}}, got); diff != "" || was[0].Text != " a " {
		t.Errorf("Normal: %s%v", diff, was)
	}
}
