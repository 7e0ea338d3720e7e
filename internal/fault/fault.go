// Package fault sorts errors by what they mean to the person who waits for
// an answer. A room returns an error of some kind; one place (web) turns the
// kind into an HTTP status, and one place (the error page) into a sentence in
// the reader's language. The text of an error never reaches a page: it is for
// the log, and may hold what a reader must not see.
package fault

import (
	"errors"
	"fmt"
)

// Kind is what an error means to the person who waits.
type Kind int

// The kinds. Internal is the kind of every error that carries none.
const (
	Internal    Kind = iota
	NotFound         // there is nothing at this address
	Invalid          // what was sent cannot be used; Error.Field names the part
	Conflict         // somebody else was faster
	Forbidden        // not for this person
	Gone             // it was here and was withdrawn (410)
	TooMany          // slow down (429)
	TooLarge         // more than we read (413)
	Unavailable      // something we depend on is away (503); try again
	Busy             // more is asked of us than we can do (503); try again
)

var names = map[Kind]string{
	Internal: "internal", NotFound: "notfound", Invalid: "invalid", Conflict: "conflict", Forbidden: "forbidden",
	Gone: "gone", TooMany: "toomany", TooLarge: "toolarge", Unavailable: "unavailable", Busy: "busy",
}

// String is the kind's name, as used in the keys of words ("fault.gone").
func (k Kind) String() string { return names[k] }

// Error is an error of a kind.
type Error struct {
	Kind  Kind
	What  string         // what was attempted and what stood in the way, for the log
	Word  string         // key of the reader's sentence; empty: "fault." + Kind
	Args  map[string]any // for the sentence
	Field string         // of an Invalid: the part of the input that is wrong
	cause error          // what %w wrapped: its text already stands in What
}

// Error is for logs and operators, never for a page.
func (e *Error) Error() string {
	s := e.What
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// New makes an error of a kind; format and args say what happened (%w works).
func New(k Kind, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: k, What: err.Error(), cause: errors.Unwrap(err)}
}

// Field makes an Invalid that names the part of the input that is wrong.
func Field(field, format string, args ...any) *Error {
	e := New(Invalid, format, args...)
	e.Field = field
	return e
}

// KindOf is the kind of the outermost Error in err's chain, else Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }
