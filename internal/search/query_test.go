package search

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/stem"
)

func TestParse(t *testing.T) {
	word := func(w ...string) Clause { return Clause{Words: w} }
	for _, c := range []struct {
		text string
		want Query
	}{
		{"", Query{}},
		{"  old \t bridge ", Query{Text: "old bridge", All: []Clause{word("old"), word("bridge")}}},
		{`"old bridge" river`, Query{Text: `"old bridge" river`, All: []Clause{word("old", "bridge"), word("river")}}},
		{"«старый мост» “old” „alt“", Query{Text: "«старый мост» “old” „alt“", All: []Clause{word("старый", "мост"), word("old"), word("alt")}}},
		{"bridge -railway", Query{Text: "bridge -railway", All: []Clause{word("bridge")}, Without: []Clause{word("railway")}}},
		{`bridge -"old railway"`, Query{Text: `bridge -"old railway"`, All: []Clause{word("bridge")}, Without: []Clause{word("old", "railway")}}},
		{"bridge - railway", Query{Text: "bridge - railway", All: []Clause{word("bridge"), word("railway")}}},
		{"санкт-петербург", Query{Text: "санкт-петербург", All: []Clause{word("санкт", "петербург")}}},
		{"rail* ra*", Query{Text: "rail* ra*", All: []Clause{{Words: []string{"rail"}, Prefix: true}, word("ra")}}},
		{`"not closed`, Query{Text: `"not closed`, All: []Clause{word("not", "closed")}}},
		{`"rail*"`, Query{Text: `"rail*"`, All: []Clause{{Words: []string{"rail"}, Prefix: true}}}},
		{`"old rail*`, Query{Text: `"old rail*`, All: []Clause{{Words: []string{"old", "rail"}, Prefix: true}}}},
		{`«old rail * »`, Query{Text: `«old rail * »`, All: []Clause{word("old", "rail")}}},
		{`"to be*" -"old rail* " old* bridge*s`, Query{Text: `"to be*" -"old rail* " old* bridge*s`,
			All:     []Clause{word("to", "be"), {Words: []string{"old"}, Prefix: true}, word("bridge", "s")},
			Without: []Clause{{Words: []string{"old", "rail"}, Prefix: true}}}},
		{"o'b* don'* ca\u0301f*", Query{Text: "o'b* don'* ca\u0301f*", All: []Clause{word("o'b"), {Words: []string{"don"}, Prefix: true}, {Words: []string{"ca\u0301f"}, Prefix: true}}}},
		{"a\u0301\u0301b*", Query{Text: "a\u0301\u0301b*", All: []Clause{word("a\u0301\u0301b")}}},
		{"?! - * \"\" «»", Query{Text: "?! - * \"\" «»"}},
	} {
		if diff := cmp.Diff(c.want, Parse(stem.Of("en"), c.text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
	if q := Parse(stem.Of("en"), strings.Repeat("word ", 100)); !q.Cut || len(q.All) != maxWords {
		t.Errorf("a hundred words: %d are looked for, cut %v", len(q.All), q.Cut)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`a "b c" -d e*`, "«x", "-", "-\"", "--a", "\xff*", "-«»", strings.Repeat("я", 400), "\"*\"*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := stem.Of("kk")
		q := Parse(l, text)
		n := 0
		for _, c := range append(slices.Clone(q.All), q.Without...) {
			if n += len(c.Words); len(c.Words) == 0 {
				t.Error("a clause without words")
			}
		}
		if n > maxWords || utf8.RuneCountInString(q.Text) > MaxQuery {
			t.Errorf("%d words of %d letters", n, len(q.Text))
		}
		if again := Parse(l, q.Text); !q.Cut && cmp.Diff(q, again) != "" {
			t.Errorf("read again, it is another query:\n%s", cmp.Diff(q, again))
		}
	})
}

// FuzzRows reads rows that are not ours: an error, no panic.
func FuzzRows(f *testing.F) {
	var p packer
	p.add(900, 17, binary.AppendUvarint(nil, 4))
	p.add(20, 1, nil)
	_, posts, at := p.row()
	f.Add(posts, at)
	f.Fuzz(func(t *testing.T, posts, at []byte) {
		list, err := unpack(nil, 20, posts)
		if err == nil {
			walk := placesOf{row: at}
			for i := range list {
				one, err := walk.seek(i)
				if err != nil {
					break
				}
				_, _ = places(nil, one)
			}
		}
		_, _ = appendFull(nil, &row{low: 20, posts: posts, places: at})
	})
}

func TestRows(t *testing.T) {
	var p packer
	for i := range 400 {
		p.add(int64(1_000_000-i*i), byte(i), binary.AppendUvarint(binary.AppendUvarint(nil, uint64(i)), 300))
	}
	low, posts, at := p.row()
	list, err := unpack(nil, low, posts)
	if err != nil || len(list) != 400 {
		t.Fatal(len(list), err)
	}
	whole, some := placesOf{row: at}, placesOf{row: at}
	for i, x := range list {
		raw, err := whole.seek(i)
		if err != nil {
			t.Fatal(err)
		}
		if i%7 == 3 { // others are passed over
			if again, err := some.seek(i); err != nil || !bytes.Equal(raw, again) {
				t.Fatalf("the places of posting %d are %v (%v), want %v", i, again, err, raw)
			}
		}
		in, err := places(nil, raw)
		if x != (post{int64(1_000_000 - i*i), byte(i)}) || err != nil || !slices.Equal(in, []uint32{uint32(i), uint32(i + 300)}) {
			t.Fatalf("posting %d is %v at %v (%v)", i, x, in, err)
		}
	}
}

func TestSnippet(t *testing.T) {
	k := newLook(stem.Of("en"))
	k.add([]string{"bridg"})
	k.add([]string{"train"})
	rail := newBeginning(stem.Of("en"), "Rail")
	rail.terms = map[string]bool{"rail": true, "railway": true, "station": true}
	k.begun = append(k.begun, rail)
	text := strings.Repeat("Nothing of it stands here. ", 40) + "The old bridge carries a train of the railway to a station." + strings.Repeat(" And then nothing again.", 40)
	var marked []string
	whole := ""
	for _, p := range k.Snippet(text) {
		if p.Marked {
			marked = append(marked, p.Text)
		}
		whole += p.Text
	}
	if want := []string{"bridge", "train", "railway"}; !slices.Equal(marked, want) {
		t.Errorf("marked %q, want %q in %q", marked, want, whole)
	}
	if len(whole) > snippetLetters+20 || !strings.HasPrefix(whole, "… ") || !strings.HasSuffix(whole, " …") {
		t.Errorf("the passage is %q", whole)
	}
	// Letters are counted, not bytes: a Russian passage is as long as an English one.
	russian := ""
	for _, p := range k.Snippet(strings.Repeat("Здесь об этом ничего не сказано. ", 40) + "A bridge." + strings.Repeat(" И здесь об этом ничего.", 40)) {
		russian += p.Text
	}
	if a, b := utf8.RuneCountInString(whole), utf8.RuneCountInString(russian); b < a-30 || b > a+30 {
		t.Errorf("the English passage has %d letters, the Russian one %d: %q", a, b, russian)
	}
	whole = ""
	for _, p := range k.Snippet("What the “third pier” says\n\nThe bridge was closed.\n\nThe (train) \n and\tthe bridge;\nnot  more") {
		whole += p.Text
	}
	if want := "What the “third pier” says · The bridge was closed. The (train) · and · the bridge; not more"; whole != want {
		t.Errorf("the passage is %q, want %q", whole, want)
	}
	told := map[string]bool{}
	for _, c := range []struct {
		text string
		want bool
	}{{"A train.", true}, {"Trains", false}, {"Nothing", false}, {"The railway and the train", true}, {"The rails", false}, {"Bridges", true}} {
		if got := k.Tells(c.text, told); got != c.want {
			t.Errorf("%q tells something new: %v", c.text, got)
		}
	}
	if got := k.Snippet("nothing"); got != nil {
		t.Errorf("a passage without the words: %v", got)
	}
}

func TestGate(t *testing.T) {
	g := NewGate(1, 1)
	leave, err := g.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan func())
	go func() {
		leave, err := g.Enter(t.Context())
		if err != nil {
			t.Error(err)
		}
		second <- leave
	}()
	for len(g.wait) < 2 { // the second waits
	}
	if _, err := g.Enter(t.Context()); err == nil {
		t.Error("a third was let in")
	}
	leave()
	(<-second)()
	if leave, err := g.Enter(t.Context()); err != nil {
		t.Error(err)
	} else {
		leave()
	}
}

func TestPlaces(t *testing.T) {
	if low, high := second(3, -epoch), second(3, epoch-1)+slots-1; low != second(3, -epoch*9) || high >= second(4, -epoch) || low <= second(2, epoch-1) {
		t.Error("editions overlap")
	}
}
