package desk

import (
	"errors"
	"strings"

	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Field is a control of a form. {{template "field" .}} sets it with its label, hint
// and error.
type Field struct {
	Kind     string // text (the default), email, password, code, date, number, search; area, choice, check, kept (hidden)
	Name     string
	Label    string // words, not a key
	Value    string
	Hint     string
	Error    string
	Choices  []Choice // of a choice
	Required bool
	Auto     string // autocomplete; "": off
	Lang     string // of what is written in it, where it is not the page's
	On       bool   // of a check
	Focus    bool   // the page begins here
	ID       string // "": the name; to be told apart where a page has several forms
	Most     int    // signs; 0: 200
	Lines    int    // of an area; 0: 3
	Wide     bool   // of a code: an authenticator's or a longer one of recovery
}

// Asks tells whether a browser is to ask for a choice: only where one of them is none.
func (f Field) Asks() bool { return f.Required && len(f.Choices) > 0 && f.Choices[0].Value == "" }

// Choice is one of a choice's.
type Choice struct {
	Value, Label string
	Chosen       bool
}

// Choose marks the choice of a value.
func Choose(choices []Choice, value string) []Choice {
	out := make([]Choice, len(choices))
	for i, c := range choices {
		c.Chosen = c.Value == value
		out[i] = c
	}
	return out
}

// Type is the type of an input.
func (f Field) Type() string {
	switch f.Kind {
	case "email", "password", "date", "number", "search":
		return f.Kind
	case "kept":
		return "hidden"
	}
	return "text"
}

// Limit is the most signs that can be written.
func (f Field) Limit() int {
	if f.Most != 0 {
		return f.Most
	}
	return 200
}

// Ident tells the control from others of the page.
func (f Field) Ident() string {
	if f.ID != "" {
		return f.ID
	}
	return "f-" + f.Name
}

// Described lists what describes the control: hint and error.
func (f Field) Described() string {
	var ids []string
	if f.Error != "" {
		ids = append(ids, f.Ident()+"-e")
	}
	if f.Hint != "" {
		ids = append(ids, f.Ident()+"-h")
	}
	return strings.Join(ids, " ")
}

// Rows is how many lines of an area are seen.
func (f Field) Rows() int {
	if f.Lines != 0 {
		return f.Lines
	}
	return 3
}

// Mark says at each field what of an error belongs to it.
func Mark(l *lang.Locale, err error, fields ...*Field) {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			Mark(l, e, fields...)
		}
		return
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Field == "" {
		return
	}
	for _, field := range fields {
		if field.Name == f.Field {
			if text, ok := l.Say(f); ok {
				field.Error = text
			}
		}
	}
}
