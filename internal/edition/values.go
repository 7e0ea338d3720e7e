package edition

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/theme"
)

// Values are what the newsroom has set. They do not change; they are shared.
type Values struct {
	set map[string]string // "accent", or "logo@ru" for one edition
	// Bad are stored values that today's rules refuse; they count as not set.
	Bad []BadValue
}

// BadValue is a stored value that cannot be used.
type BadValue struct {
	Key, Lang string
	Err       error
}

// place is where a value is kept: the key alone for the publication.
func place(key, lang string) string {
	if lang == "" {
		return key
	}
	return key + "@" + lang
}

// Get gives the value that holds in the edition of a language ("" for the
// publication): the edition's own, else the publication's, else the default.
// A key that no setting has gives "".
func (v Values) Get(key, lang string) string {
	s, err := Lookup(key)
	if err != nil {
		return ""
	}
	if s.PerEdition && lang != "" {
		if own, ok := v.set[place(key, lang)]; ok {
			return own
		}
	}
	if own, ok := v.set[key]; ok {
		return own
	}
	return s.Default
}

// Own gives what is set at this very place, and whether anything is.
func (v Values) Own(key, lang string) (string, bool) {
	own, ok := v.set[place(key, lang)]
	return own, ok
}

// Bool is a Bool setting.
func (v Values) Bool(key, lang string) bool { return v.Get(key, lang) == "true" }

// ID is a Medium or a Number; 0 where it is not set.
func (v Values) ID(key, lang string) int64 {
	n, _ := strconv.ParseInt(v.Get(key, lang), 10, 64)
	return n
}

// Lines are the lines of a value; nil for none.
func (v Values) Lines(key, lang string) []string {
	if text := v.Get(key, lang); text != "" {
		return strings.Split(text, "\n")
	}
	return nil
}

// IDs are the shelves of a Topics setting, in order.
func (v Values) IDs(key, lang string) []int64 {
	var out []int64
	for _, line := range v.Lines(key, lang) {
		if n, err := strconv.ParseInt(line, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// Links are the lines of a Links setting.
func (v Values) Links(key, lang string) []Link {
	var out []Link
	for _, line := range v.Lines(key, lang) {
		out = append(out, readLink(line))
	}
	return out
}

// Looks are the settings that style sheets are made of.
func (v Values) Looks() theme.Looks {
	return theme.Looks{Theme: v.Get("theme", ""), Accent: v.Get("accent", ""), AccentDark: v.Get("accent_dark", ""), Lamp: v.Get("lamp", ""),
		Text: v.Get("font_text", ""), Interface: v.Get("font_interface", "")}
}

// with gives the values with one more set for the publication.
func (v Values) with(key, value string) Values {
	set := maps.Clone(v.set)
	if set == nil {
		set = map[string]string{}
	}
	set[key] = value
	return Values{set: set}
}

// Unknown are keys in the table that no setting has: of a newer program, or
// of an importer's own.
func (v Values) Unknown() []string {
	var out []string
	for at := range v.set {
		key, _, _ := strings.Cut(at, "@")
		if _, err := Lookup(key); err != nil {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return out
}

// SettingTag names a setting among what a page is made of and what changes.
// Settings with Pages need no noting: every page is of the tag "settings".
func SettingTag(key string) string { return "setting:" + key }
