package stem

import "testing"

func TestSought(t *testing.T) {
	for _, c := range []struct {
		name, text string
		found      bool
	}{
		{"Ёлка в городе", "елка", true},
		{"Ёлка в городе", "ЁЛ гор", true},
		{"Ёлка в городе", "родe", false}, // not a beginning
		{"Қазақ әдебиеті", "казак АДЕБИЕТ", true},
		{"Казак", "қазақ", true},
		{"Été à Orléans", "ete orleans", true},
		{"100 % и_так", "100%", true},
		{"100 % и_так", "_", true}, // no word: everything
		{"Сад и огород", "огород сад", true},
		{"Сад", "сад огород", false},
	} {
		if got := Found(Sought(c.name), c.text); got != c.found {
			t.Errorf("%q in %q: %v", c.text, c.name, got)
		}
	}
	if got := Begins("100%_!"); len(got) != 1 || got[0] != "% 100%" {
		t.Errorf("patterns %q", got)
	}
}
