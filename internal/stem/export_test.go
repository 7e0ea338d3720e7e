package stem

// Listed reports whether a Kazakh word stands in a list, not led by the rules.
func Listed(word string) bool {
	_, ok := listed(word)
	return ok
}
