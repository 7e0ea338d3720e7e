package anchor_test

import (
	"testing"

	"dateline/internal/anchor"
	"dateline/internal/richtext"
)

func para(id, text string) richtext.Block {
	return richtext.Block{Kind: richtext.Paragraph, ID: id, Inline: []richtext.Span{{Text: text}}}
}

func TestSeek(t *testing.T) {
	page := []richtext.Doc{
		{Blocks: []richtext.Block{para("headline", "A train crosses the bridge")}},
		{Blocks: []richtext.Block{
			para("b1", "The train — with four wagons — needed 412 metres. Nobody said «a word»."),
			para("b2", "Nobody said more. Семья 👨‍👩‍👧 и флаг 🇰🇿🇫🇷 е\u0308 конец."),
			{Kind: richtext.Paragraph, ID: "b3", Inline: []richtext.Span{{Text: "One "}, {Text: "bold", Marks: richtext.Strong}, {Text: " step"}}},
		}},
	}
	for name, c := range map[string]struct {
		exact, prefix, suffix string
		want                  string // block and words; empty: nowhere
		n                     int    // places
		across                bool
	}{
		"a line":                   {"train", "A ", "", "headline:train", 1, false},
		"folded":                   {"train - with four wa\u00adgons - needed\u00a0412", "", "", "b1:train — with four wagons — needed 412", 1, false},
		"quotes":                   {"\"a word\"", "", "", "b1:«a word»", 1, false},
		"spaces around":            {" 412\n", "", "", "b1:412", 1, false},
		"often":                    {"Nobody said", "", "", "b1:Nobody said", 2, false},
		"told by what is after":    {"Nobody said", "", " more", "b2:Nobody said", 1, false},
		"told by the block before": {"Nobody", "«a word».\n", "", "b2:Nobody", 1, false},
		"across marks":             {"ne bold st", "", "", "b3:ne bold st", 1, false},
		"across blocks":            {"more. Семья", "", "", "b2:more. Семья", 1, false},
		"across two":               {"word». Nobody", "", "", "", 0, true},
		"not there":                {"422", "", "", "", 0, false},
		"an emoji whole":           {"👨", "", "", "b2:👨‍👩‍👧", 1, false},
		"a flag whole":             {"🇿🇫", "", "", "b2:🇰🇿🇫🇷", 1, false},
		"nothing":                  {" \u00ad", "", "", "", 0, false},
	} {
		found, across := anchor.Seek(page, c.exact, c.prefix, c.suffix)
		got := ""
		if len(found) > 0 {
			p, err := anchor.Make(page[found[0].Text], found[0].Block, found[0].From, found[0].To)
			if err != nil {
				t.Fatal(err)
			}
			got = p.Block + ":" + p.Exact
		}
		if got != c.want || len(found) != c.n || across != c.across {
			t.Errorf("%s: %q in %d places, across %v; want %q in %d", name, got, len(found), across, c.want, c.n)
		}
	}
}

func TestReword(t *testing.T) {
	for _, c := range []struct{ stored, quoted, wanted, want string }{
		{"412 metres", "412 metres", "421 metres", "421 metres"},
		{"в 412 метров", "в\u00a0412 мет\u00adров", "в\u00a0421 мет\u00adр", "в 421 метр"},
		{"«Тас өзен» — газет", "\"Тас өзен\" - газет", "\"Тасөзен\" - газет", "«Тасөзен» — газет"},
		{"a – b", "a - b", "a — b", "a — b"},
		{"other", "quoted", "wanted", "wanted"},
		{"one two three", "one two three", "one three", "one three"},
		{"е\u0308лка 🎄", "е\u0308лка 🎄", "ёлки 🎄", "ёлки 🎄"},
	} {
		if got := anchor.Reword(c.stored, c.quoted, c.wanted); got != c.want {
			t.Errorf("Reword(%q, %q, %q) = %q, want %q", c.stored, c.quoted, c.wanted, got, c.want)
		}
	}
}

// FuzzSeek: what is found is what was quoted, as texts are compared, and whole.
func FuzzSeek(f *testing.F) {
	f.Add("The train — with «four» wagons. 👨‍👩‍👧", "four", "with ", " wagons")
	f.Add("е\u0308 🇰🇿🇫🇷", "🇿🇫", "", "")
	f.Fuzz(func(t *testing.T, text, exact, prefix, suffix string) {
		doc := richtext.Doc{Blocks: []richtext.Block{para("a", richtext.Plain(text)), para("b", "One more.")}}
		found, _ := anchor.Seek([]richtext.Doc{doc, doc}, exact, prefix, suffix)
		for _, x := range found {
			p, err := anchor.Make(doc, x.Block, x.From, x.To)
			if err != nil {
				t.Fatalf("%q in %q: %v", exact, text, err)
			}
			if at, ok := anchor.Find(richtext.Doc{Blocks: doc.Blocks}, p); ok && (at.From != x.From || at.To != x.To) && p.Once {
				t.Errorf("%q in %q is found elsewhere again: %+v, %+v", exact, text, x, at)
			}
			if got := anchor.Reword(p.Exact, exact, exact); got != p.Exact && got != exact {
				t.Errorf("what was left as it was became %q, from %q", got, p.Exact)
			}
		}
	})
}
