package glossary

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"dateline/internal/fault"
	"dateline/internal/lang"
)

// header names the columns of a list; a list that comes may have them in any order.
var header = []string{"from", "to", "term", "translation", "stays", "never", "note"}

// mark tells spreadsheets that a list is in UTF-8.
const mark = "\ufeff"

// WriteCSV writes terms for a spreadsheet.
func WriteCSV(w io.Writer, list []Entry) error {
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180 §2
	rows := [][]string{header}
	for _, e := range list {
		stays := ""
		if e.Stays {
			stays = "yes"
		}
		row := []string{e.From, e.To, e.Term, e.Translation, stays, e.Never, e.Note}
		for i := range row {
			row[i] = inert(row[i])
		}
		rows = append(rows, row)
	}
	return out.WriteAll(rows)
}

// inert keeps a spreadsheet from reckoning with what a term begins with; the same
// sign before such a one is taken off when the list comes back.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@'", rune(s[0])) {
		return "'" + s
	}
	return s
}

func plain(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@'", rune(s[1])) {
		return s[1:]
	}
	return s
}

// ReadCSV reads a list: its first line names the columns, commas, semicolons or tabs
// divide them. lines are those of the file on which the terms stand.
func ReadCSV(text string) (list []Entry, lines []int, err error) {
	text = strings.TrimPrefix(text, mark)
	first, _, _ := strings.Cut(text, "\n")
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord = -1
	for _, c := range ";\t" {
		if strings.Count(first, string(c)) > strings.Count(first, string(in.Comma)) {
			in.Comma = c
		}
	}
	names, err := in.Read()
	if err != nil {
		return nil, nil, unreadable(err)
	}
	at := map[string]int{}
	for i, n := range names {
		at[strings.ToLower(strings.TrimSpace(n))] = i
	}
	for _, needed := range []string{"from", "to", "term"} {
		if _, ok := at[needed]; !ok {
			return nil, nil, wrong("file", "columns", "names", strings.Join(header, ", "))
		}
	}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return list, lines, nil
		}
		if err != nil {
			return nil, nil, unreadable(err)
		}
		get := func(name string) string {
			if i, ok := at[name]; ok && i < len(row) {
				return plain(strings.TrimSpace(row[i]))
			}
			return ""
		}
		e := Entry{From: get("from"), To: get("to"), Term: get("term"), Translation: get("translation"), Never: get("never"), Note: get("note"),
			Stays: slices.Contains([]string{"yes", "1", "true", "да", "иә"}, strings.ToLower(get("stays")))}
		if e.Term == "" && e.Translation == "" {
			continue
		}
		line, _ := in.FieldPos(0)
		list, lines = append(list, e), append(lines, line)
	}
}

func unreadable(err error) error {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return wrong("file", "csv_line", "line", e.Line)
	}
	return wrong("file", "csv")
}

// inLine says in which line of a list something is wrong.
func inLine(line int, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Word == "" {
		return err
	}
	return &lineError{line: line, of: f}
}

// lineError is what is wrong with a line of a list.
type lineError struct {
	line int
	of   *fault.Error
}

func (e *lineError) Error() string { return e.of.Error() }
func (e *lineError) Unwrap() error { return e.of }

// say is the error for whoever brought the list, in their language.
func (e *lineError) say(l *lang.Locale) error {
	text, _ := l.Say(e.of)
	return wrong("file", "line", "line", e.line, "why", text)
}
