package stem

import "strings"

// Sought is a text as names and headlines are looked for at the desk, whatever
// language it is in: its words, folded as Russian ones are, each after a space. So
// "казак" finds «Қазақ», "elka" does not find «Ёлка» and "елка" does. It holds
// nothing that means something in a pattern of LIKE.
func Sought(text string) string {
	l := languages["ru"]
	var b strings.Builder
	for _, w := range l.Words(text) {
		if f := l.Folded(w); f != "" {
			b.WriteByte(' ')
			b.WriteString(f)
		}
	}
	return b.String()
}

// Begins are the patterns of LIKE that a Sought matches in which each word of a text
// is the beginning of a word; none: the text has no word.
func Begins(text string) []string {
	var out []string
	for _, w := range strings.Fields(Sought(text)) {
		out = append(out, "% "+w+"%")
	}
	return out
}

// Found reports whether each word of a text is the beginning of one in a Sought.
func Found(sought, text string) bool {
	for _, w := range strings.Fields(Sought(text)) {
		if !strings.Contains(sought, " "+w) {
			return false
		}
	}
	return true
}
