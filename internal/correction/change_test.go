package correction

import (
	"strings"
	"testing"

	"dateline/internal/article"
)

func content(headline, body string) article.Content {
	return article.Content{Headline: headline, Body: body}
}

// one writes changes as text: [-removed-] {+added+}.
func one(list []Change) string {
	var b strings.Builder
	for i, c := range list {
		if i > 0 {
			b.WriteString(" | ")
		}
		b.WriteString(c.Part + ": ")
		for _, r := range c.Runs {
			switch r.Op.String() {
			case "added":
				b.WriteString("{+" + r.Span.Text + "+}")
			case "removed":
				b.WriteString("[-" + r.Span.Text + "-]")
			default:
				b.WriteString(r.Span.Text)
			}
		}
	}
	return b.String()
}

func TestDifferences(t *testing.T) {
	const rest = "<p id=\"b2\">It stays as it is.</p>\n"
	for _, c := range []struct {
		name          string
		before, after article.Content
		passage, want string
	}{
		{"a word", content("A", "<p id=\"b1\">It is 412 metres.</p>\n"+rest), content("A", "<p id=\"b1\">It is 421 metres.</p>\n"+rest), "421", "text: It is [-412-]{+421+} metres."},
		{"words are gone", content("A", "<p id=\"b1\">It is not true.</p>\n"+rest), content("A", "<p id=\"b1\">It is true.</p>\n"+rest), "true.", "text: It is [-not -]true."},
		{"nothing", content("A", rest), content("A", rest), "", ""},
		{"two paragraphs", content("A", "<p id=\"b1\">One.</p>\n<p id=\"b2\">Two.</p>\n"), content("A", "<p id=\"b1\">Five.</p>\n<p id=\"b2\">Six.</p>\n"), "",
			"text: [-One-]{+Five+}. | text: [-Two-]{+Six+}."},
		{"the headline too", content("A bridge", "<p id=\"b1\">One.</p>\n"), content("A ferry", "<p id=\"b1\">Two.</p>\n"), "", "headline: A [-bridge-]{+ferry+} | text: [-One-]{+Two+}."},
		{"a paragraph more", content("A", rest), content("A", rest+"<p id=\"b3\">And this.</p>\n"), "", "text: {+And this.+}"},
		{"a cell", content("A", "<table id=\"b1\"><tbody><tr><td>a</td><td>1</td></tr></tbody></table>\n"), content("A", "<table id=\"b1\"><tbody><tr><td>a</td><td>2</td></tr></tbody></table>\n"), "a\t2", "text: [-1-]{+2+}"},
	} {
		p, err := passageOf(c.before, c.after)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		exact := ""
		if p != nil {
			exact = p.Exact
		}
		if exact != c.passage {
			t.Errorf("%s: the passage is %q, want %q", c.name, exact, c.passage)
		}
		list, err := differences(c.before, c.after, p)
		if got := one(list); err != nil || got != c.want {
			t.Errorf("%s: %v\n%s\n%s", c.name, err, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		text string
		ok   bool
	}{{Fix, " It was so.\r\nAnd so. ", true}, {"rumour", "x", false}, {Note, "  ", false}, {Note, strings.Repeat("я", most), true}, {Note, strings.Repeat("я", most+1), false},
		{Note, "a\x00b", false}, {Note, "a\xffb", false}} {
		x := Correction{Kind: c.kind, Text: c.text}
		if err := x.check(); (err == nil) != c.ok {
			t.Errorf("%s %.20q: %v", c.kind, c.text, err)
		}
		if c.kind == Fix && x.Text != "It was so.\nAnd so." {
			t.Errorf("tidied: %q", x.Text)
		}
	}
}
