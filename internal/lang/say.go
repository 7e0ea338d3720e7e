package lang

import (
	"errors"

	"dateline/internal/fault"
)

// Wrong is a fault (Invalid) with words for people: a key of the words and its
// placeholders as T takes them. The log has the English ones.
func Wrong(word string, args ...any) *fault.Error {
	m := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return &fault.Error{Kind: fault.Invalid, What: Of("en").T(word, args...), Word: word, Args: m}
}

// Say gives the words of a fault in the language; ok is false for an error that
// has none.
func (l *Locale) Say(err error) (text string, ok bool) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Word == "" {
		return "", false
	}
	var args []any
	for name, v := range f.Args {
		args = append(args, name, v)
	}
	return l.T(f.Word, args...), true
}
