package lang

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"
)

// forms are what a language's data say: cldr/TAG.json, made by tools/cldr, and
// data/TAG.json, written by hand. A piece that a language lacks is English,
// except names of zones, which are then offsets, and typography, which is none.
type forms struct {
	cldrForms
	ownForms
}

// cldrForms are a file of tools/cldr.
type cldrForms struct {
	Months, Days           formNames // inside a date: 14 февраля
	MonthsAlone, DaysAlone formNames // alone: февраль
	Group, Decimal         string
	MinGroup               int
	Plurals                []string // the categories that whole or broken numbers need
	Relative               map[string]relativeForms
}

type formNames struct{ Wide, Short, Narrow []string }

// relativeForms are one unit of time: patterns with {0} by plural category,
// and the words for -2 to 2 where the language has them.
type relativeForms struct {
	Past, Future, Words map[string]string
}

// ownForms are a file of ours.
type ownForms struct {
	// Name is the language's name in itself, where it is not CLDR's with a
	// capital: a language switch says Қазақша, not "қазақ тілі".
	Name string
	// Whole: every word of English has its translation; tests hold it.
	Whole bool
	// Direction, "ltr" or "rtl", where it is not that of the letters.
	Direction string
	// Alphabet is what the language is written with, small letters, where CLDR
	// does not know it: by it the fonts are chosen that its pages fetch early.
	Alphabet string
	// Dates are patterns in which y, M, d, W stand for year, month, day and
	// weekday. CLDR writes "г." after a Russian year, which newspapers leave out
	// where the month is a word.
	Dates datePatterns
	// Quotes are the outer and the inner quotation marks, four.
	Quotes []string
	// Slug is what letters (small ones) become in an address where that is not
	// the general rule of package slug.
	Slug  map[string]string
	Zones zoneWords
}

type datePatterns struct {
	Date, DayMonth, Full, MonthYear string
	// Month is "inDate" where a month alone is called as in a date: CLDR
	// capitalises the Kazakh ones for use as titles; here Title does that.
	Month string
}

// readForms reads a language's two files; either may be missing.
func readForms(files fs.FS, tag string) (forms, *Typography, error) {
	var f forms
	for name, into := range map[string]any{path.Join("cldr", tag+".json"): &f.cldrForms, path.Join("data", tag+".json"): &f.ownForms} {
		raw, err := fs.ReadFile(files, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			return f, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, n := range []struct {
		names formNames
		count int
	}{{f.Months, 12}, {f.MonthsAlone, 12}, {f.Days, 7}, {f.DaysAlone, 7}} {
		for _, list := range [][]string{n.names.Wide, n.names.Short, n.names.Narrow} {
			if len(list) != 0 && len(list) != n.count {
				return f, nil, fmt.Errorf("cldr/%s.json: a list of %d names where there are %d", tag, len(list), n.count)
			}
		}
	}
	if n := len(f.Quotes); n != 0 && n != 4 {
		return f, nil, fmt.Errorf("data/%s.json: quotes are four, not %d", tag, n)
	}
	t, err := readTypography(files, tag)
	return f, t, err
}

// or fills what f lacks from the English forms.
func (f forms) or(en forms) forms {
	if f.Months.Wide == nil {
		f.cldrForms = en.cldrForms
	}
	if f.Relative == nil {
		f.Relative = en.Relative
	}
	if f.Dates.Date == "" {
		f.Dates = en.Dates
	}
	if f.Quotes == nil {
		f.Quotes = en.Quotes
	}
	return f
}

// direction asks the data, then the letters, not the language: Azeri is
// written in three scripts.
func (f forms) direction(l *Locale) string {
	if f.Direction != "" {
		return f.Direction
	}
	if f.Alphabet != "" {
		return direction(f.Alphabet)
	}
	return l.dir
}

// Letters are what letters become in an address where the language has a rule
// of its own for them.
func (l *Locale) Letters() map[string]string { return l.own.Slug }

// Missing lists the words that the language lacks and says in English, sorted.
func (l *Locale) Missing() []string {
	var keys []string
	for _, k := range known()["en"].Keys() {
		if l.words.plain[k] == nil && l.words.counted[k] == nil {
			keys = append(keys, k)
		}
	}
	return keys
}

// Unit is a unit of relative time.
type Unit string

// The units of relative time.
const (
	Second Unit = "second"
	Minute Unit = "minute"
	Hour   Unit = "hour"
	Day    Unit = "day"
	Week   Unit = "week"
	Month  Unit = "month"
	Year   Unit = "year"
)

// Relative says how far away n units are, in words where the language has
// them: -1 Day is "yesterday", вчера, кеше; -5 Minute "5 minutes ago".
// ECMA-402's RelativeTimeFormat with numeric "auto" says the same.
func (l *Locale) Relative(n int64, unit Unit) string {
	r, ok := l.forms.Relative[string(unit)]
	if !ok {
		return ""
	}
	if n >= -2 && n <= 2 {
		if w := r.Words[fmt.Sprint(n)]; w != "" {
			return w
		}
	}
	patterns := r.Future
	if n < 0 {
		patterns, n = r.Past, -n
	}
	p := patterns[l.Plural(n)]
	if p == "" {
		p = patterns["other"]
	}
	return replaceNumber(p, l.Number(n))
}

// Ago says how long before now t was, in the largest unit that is not
// nothing: "now", "5 minutes ago", "yesterday", "3 weeks ago". Days are those
// of the calendar that t and now are in. What is to come is "now".
func (l *Locale) Ago(t, now time.Time) string {
	d := now.Sub(t)
	days := int64(daysBetween(t, now))
	switch {
	case d < time.Minute:
		return l.Relative(0, Second)
	case d < time.Hour:
		return l.Relative(-int64(d/time.Minute), Minute)
	case days == 0 || d < 6*time.Hour:
		return l.Relative(-int64(d/time.Hour), Hour)
	case days < 7:
		return l.Relative(-days, Day)
	case days < 31:
		return l.Relative(-days/7, Week)
	case days < 365:
		return l.Relative(-max(days/30, 1), Month)
	}
	return l.Relative(-days/365, Year)
}

// daysBetween counts midnights.
func daysBetween(t, now time.Time) int {
	t = t.In(now.Location())
	a := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}
