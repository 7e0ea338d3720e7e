package lang

import (
	"errors"
	"slices"
	"strings"
	"unicode"

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

// Say gives the words of a fault in the language, of several that are joined in
// one error a line for each; ok is false for an error of which a part has none.
func (l *Locale) Say(err error) (text string, ok bool) {
	if f, is := err.(*fault.Error); is && f.Word != "" {
		var args []any
		for name, v := range f.Args {
			args = append(args, name, v)
		}
		return l.T(f.Word, args...), true
	}
	switch err := err.(type) {
	case interface{ Say(*Locale) string }: // it knows where it is wrong, too
		return err.Say(l), true
	case interface{ Unwrap() error }:
		return l.Say(err.Unwrap())
	case interface{ Unwrap() []error }:
		var lines []string
		for _, e := range err.Unwrap() {
			line, ok := l.Say(e)
			if !ok {
				return "", false
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "\n"), len(lines) > 0
	}
	return "", false
}

// Faults are what a check finds wrong, in words: the first ten.
type Faults struct{ list []error }

// Must notes what Wrong makes of word and args unless it is ok. The values are
// strangers': an empty one is made to be seen, a long one is cut, and what a
// terminal would obey is taken out.
func (f *Faults) Must(ok bool, word string, args ...any) {
	if ok || len(f.list) == 10 {
		return
	}
	args = slices.Clone(args)
	for i := 1; i < len(args); i += 2 {
		if s, ok := args[i].(string); ok {
			args[i] = shown(s)
		}
	}
	f.list = append(f.list, Wrong(word, args...))
}

// Err is all of them in one error; nil: there are none. It is Internal: nobody
// who asked for the document sent anything wrong.
func (f *Faults) Err(of string) error {
	if len(f.list) == 0 {
		return nil
	}
	return fault.New(fault.Internal, "%s: %w", of, errors.Join(f.list...))
}

const mostShown = 200 // runes of a value

func shown(s string) string {
	if s == "" {
		return `""`
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > mostShown {
			return b.String() + "…"
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}
