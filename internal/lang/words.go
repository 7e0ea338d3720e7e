package lang

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// words are all messages of one language, cut at their placeholders when the
// program starts, so that T only looks up and joins.
type words struct {
	tag      string
	plain    map[string]message
	counted  map[string]map[plural.Form]message
	language language.Tag
	rest     *words // where a word that is missing here is taken from; nil in English
}

var pluralNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func replaceNumber(pattern, n string) string { return strings.Replace(pattern, "{0}", n, 1) }

// message alternates text and names of placeholders: text, name, text, …
type message []string

var pluralForms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// loadWords reads the files of words: TAG.json of what readers see, and of the desk
// desk/ROOM.TAG.json, a file for each room.
func loadWords(files fs.FS) (map[string]*words, error) {
	var names []string
	for _, pattern := range []string{"*.json", "desk/*.json"} {
		found, err := fs.Glob(files, pattern)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	all := map[string]*words{}
	for _, name := range names {
		tag := strings.TrimSuffix(path.Base(name), ".json")
		if room, of, ok := strings.Cut(tag, "."); ok && room != "" {
			tag = of
		}
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if all[tag] == nil {
			if all[tag], err = newWords(tag); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		if err := all[tag].read(raw); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}

func newWords(tag string) (*words, error) {
	t, err := language.Parse(tag)
	if err != nil {
		return nil, err
	}
	return &words{tag: tag, language: t, plain: map[string]message{}, counted: map[string]map[plural.Form]message{}}, nil
}

// read takes a file's messages in.
func (w *words) read(raw []byte) error {
	var file map[string]json.RawMessage
	if err := json.Unmarshal(raw, &file); err != nil {
		return err
	}
	for key, v := range file {
		if w.plain[key] != nil || w.counted[key] != nil {
			return fmt.Errorf("%s: another file has it, too", key)
		}
		var text string
		if json.Unmarshal(v, &text) == nil {
			w.plain[key] = cutMessage(text)
			continue
		}
		var forms map[string]string
		if err := json.Unmarshal(v, &forms); err != nil {
			return fmt.Errorf("%s: neither a text nor an object of plural forms", key)
		}
		w.counted[key] = map[plural.Form]message{}
		for name, text := range forms {
			form, ok := pluralForms[name]
			if !ok {
				return fmt.Errorf("%s: no plural form is called %q", key, name)
			}
			w.counted[key][form] = cutMessage(text)
		}
		if w.counted[key][plural.Other] == nil {
			return fmt.Errorf("%s: the form \"other\" is missing", key)
		}
	}
	return nil
}

func cutMessage(text string) message {
	var m message
	for {
		before, rest, found := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return append(m, text)
		}
		m = append(m, before, name)
		text = after
	}
}

// T gives the words for a key. args are pairs of a placeholder's name and its
// value: T("views.count", "n", 3537). A counted message chooses its plural
// form by "n"; whole numbers are written as the language groups them. An
// unknown key comes back in brackets, a placeholder without a value in
// braces: both are found by tests and seen by nobody else.
func (l *Locale) T(key string, args ...any) string {
	m, ok := l.message(key, args)
	if !ok {
		return "[" + key + "]"
	}
	if len(m) == 1 {
		return m[0]
	}
	var b strings.Builder
	for i, part := range m {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		b.WriteString(l.value(part, args))
	}
	return b.String()
}

// Has reports whether there are words for the key.
func (l *Locale) Has(key string) bool {
	for w := l.words; w != nil; w = w.rest {
		if w.plain[key] != nil || w.counted[key] != nil {
			return true
		}
	}
	return false
}

// Under gives the words below keys that begin so, by key, as scripts take them: a
// text, or an object of texts by CLDR's names of plural forms. Placeholders stay in
// braces; what the locale lacks is English.
func (l *Locale) Under(prefixes ...string) map[string]any {
	out := map[string]any{}
	below := func(key string) bool {
		return out[key] == nil && slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
	}
	for w := l.words; w != nil; w = w.rest {
		for key, m := range w.plain {
			if below(key) {
				out[key] = m.written()
			}
		}
		for key, forms := range w.counted {
			if !below(key) {
				continue
			}
			texts := map[string]string{}
			for name, form := range pluralForms {
				if m, ok := forms[form]; ok {
					texts[name] = m.written()
				}
			}
			out[key] = texts
		}
	}
	return out
}

// written is the message as it is written, with its placeholders.
func (m message) written() string {
	var b strings.Builder
	for i, part := range m {
		if i%2 == 1 {
			part = "{" + part + "}"
		}
		b.WriteString(part)
	}
	return b.String()
}

// Lent is the language in which the words for a key are said, where it is not the
// locale's own: "en" for what it lacks; "" for its own.
func (l *Locale) Lent(key string) string {
	for w := l.words; w != nil; w = w.rest {
		if w.plain[key] != nil || w.counted[key] != nil {
			if base, _, _ := strings.Cut(l.Tag(), "-"); base == w.tag {
				return ""
			}
			return w.tag
		}
	}
	return ""
}

// Around gives the words before and after the placeholder name, so that a
// page can put an element there: a link, a <kbd>. Without that placeholder
// everything stands before.
func (l *Locale) Around(key, name string, args ...any) (before, after string) {
	m, ok := l.message(key, args)
	if !ok {
		return "[" + key + "]", ""
	}
	var b [2]strings.Builder
	side := 0
	for i, part := range m {
		switch {
		case i%2 == 0:
			b[side].WriteString(part)
		case part == name && side == 0:
			side = 1
		default:
			b[side].WriteString(l.value(part, args))
		}
	}
	return b[0].String(), b[1].String()
}

func (l *Locale) message(key string, args []any) (message, bool) {
	for w := l.words; w != nil; w = w.rest {
		if m, ok := w.plain[key]; ok {
			return m, true
		}
		forms, ok := w.counted[key]
		if !ok {
			continue
		}
		n, _ := whole(argument(args, "n"))
		if m, ok := forms[w.plural(n)]; ok {
			return m, true
		}
		return forms[plural.Other], true
	}
	return nil, false
}

// Plural is the CLDR category of a whole number in the language of the words:
// "one", "few", "many", "other", and so on.
func (l *Locale) Plural(n int64) string { return pluralNames[l.plural(n)] }

func (l *Locale) plural(n int64) plural.Form { return l.words.plural(n) }

// plural is the CLDR category of a whole number in the language of the words.
func (w *words) plural(n int64) plural.Form {
	if n < 0 {
		n = -n
	}
	if n < 0 { // the one number that has no opposite
		n = 0
	}
	// The rules of all languages look at no more than the last digits, and
	// MatchPlural takes an int that must stay positive on 32 bits.
	if n > 1_000_000 {
		n = 1_000_000 + n%1_000_000
	}
	return plural.Cardinal.MatchPlural(w.language, int(n), 0, 0, 0, 0)
}

func argument(args []any, name string) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}

// ungrouped are placeholders whose numbers are names, not amounts: 2026, not
// 2,026.
var ungrouped = map[string]bool{"year": true, "status": true, "id": true}

func (l *Locale) value(name string, args []any) string {
	v := argument(args, name)
	if n, ok := whole(v); ok && !ungrouped[name] {
		return l.Number(n)
	}
	switch v := v.(type) {
	case nil:
		return "{" + name + "}"
	case string:
		return v
	case float64: // as many digits as it has, at most two
		s := strconv.FormatFloat(math.Trunc(v*100)/100, 'f', -1, 64)
		return strings.Replace(s, ".", l.forms.Decimal, 1)
	default:
		return fmt.Sprint(v)
	}
}

func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case uint32:
		return int64(v), true
	case uint64:
		return int64(min(v, 1<<63-1)), true
	case uint:
		return int64(min(uint64(v), 1<<63-1)), true
	}
	return 0, false
}

// Keys lists all keys of the language's words, sorted.
func (l *Locale) Keys() []string {
	keys := make([]string, 0, len(l.words.plain)+len(l.words.counted))
	for k := range l.words.plain {
		keys = append(keys, k)
	}
	for k := range l.words.counted {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
