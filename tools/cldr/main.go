// Command cldr writes the forms of a language, locales/cldr/TAG.json, from the
// npm packages of the Unicode CLDR project: names of months and weekdays,
// digits' grouping, plural categories, relative times; and for all languages,
// those that have no words of ours among them, the regions whose week does not
// begin on Monday (weeks.json), the letters that each language is written with
// (letters.json) and one letter of every script (scripts.json).
//
// It is run by hand, when CLDR has a release worth having or a language is
// added, and its output is committed, so that a build needs neither npm nor
// the network:
//
//	mkdir cldr && cd cldr
//	npm pack cldr-core@48.2.0 cldr-dates-full@48.2.0 cldr-numbers-full@48.2.0 cldr-misc-full@48.2.0
//	cd .. && go run ./tools/cldr cldr locales/cldr en kk ru tr
//
// The first argument is a folder with the four .tgz files as npm pack leaves
// them, the second the folder to write to, the others are languages. Only the
// standard library is used.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: cldr FOLDER-WITH-TGZ FOLDER-OUT TAG…")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "cldr:", err)
		os.Exit(1)
	}
}

// run writes nothing unless everything is there.
func run(dir, out string, languages []string) error {
	files, version, err := unpack(dir, languages)
	if err != nil {
		return err
	}
	made := map[string][]byte{}
	for _, l := range languages {
		if made[l+".json"], err = language(files, l, version); err != nil {
			return fmt.Errorf("%s: %w", l, err)
		}
	}
	for name, make := range map[string]func(map[string][]byte, string) ([]byte, error){"weeks.json": weeks, "scripts.json": scripts, "letters.json": letters} {
		if made[name], err = make(files, version); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for name, text := range made {
		if err := os.WriteFile(filepath.Join(out, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// unpack reads every JSON file that the languages need, by its path below
// "package/", and the version that all packages must share.
func unpack(dir string, languages []string) (files map[string][]byte, version string, err error) {
	files = map[string][]byte{}
	for _, name := range []string{"cldr-core", "cldr-dates-full", "cldr-numbers-full", "cldr-misc-full"} {
		found, err := filepath.Glob(filepath.Join(dir, name+"-[0-9]*.tgz"))
		if err != nil || len(found) != 1 {
			return nil, "", fmt.Errorf("want exactly one %s-VERSION.tgz in %s, found %d", name, dir, len(found))
		}
		v := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(found[0]), name+"-"), ".tgz")
		if version == "" {
			version = v
		}
		if v != version {
			return nil, "", fmt.Errorf("%s is version %s, the others are %s", name, v, version)
		}
		if err := untar(found[0], languages, files); err != nil {
			return nil, "", fmt.Errorf("read %s: %w", found[0], err)
		}
	}
	return files, version, nil
}

func untar(name string, languages []string, into map[string][]byte) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	r := tar.NewReader(z)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		p := strings.TrimPrefix(h.Name, "package/")
		if !wanted(p, languages) {
			continue
		}
		if into[p], err = io.ReadAll(r); err != nil {
			return err
		}
	}
}

func wanted(p string, languages []string) bool {
	if p == "supplemental/weekData.json" || p == "supplemental/plurals.json" || p == "scriptMetadata.json" || lettersOf(p) != "" {
		return true
	}
	for _, l := range languages {
		if p == "main/"+l+"/ca-gregorian.json" || p == "main/"+l+"/dateFields.json" || p == "main/"+l+"/numbers.json" {
			return true
		}
	}
	return false
}

type calendar struct {
	Main map[string]struct {
		Dates struct {
			Calendars struct {
				Gregorian struct {
					Months, Days map[string]map[string]map[string]string
				}
			}
			Fields map[string]map[string]json.RawMessage
		}
	}
}

type numbers struct {
	Main map[string]struct {
		Numbers struct {
			Min     string                                     `json:"minimumGroupingDigits"`
			Symbols struct{ Group, Decimal, MinusSign string } `json:"symbols-numberSystem-latn"`
		}
	}
}

type supplemental struct {
	Supplemental struct {
		WeekData struct{ FirstDay map[string]string }
		Plurals  map[string]map[string]string `json:"plurals-type-cardinal"`
	}
}

// out is a language's file, read by internal/lang.
type out struct {
	Source                               string              `json:"source"`
	Months, MonthsAlone, Days, DaysAlone table               `json:""`
	Group, Decimal                       string              `json:""`
	MinGroup                             int                 `json:""`
	Plurals                              []string            `json:""`
	Relative                             map[string]relative `json:""`
}

type table struct{ Wide, Short, Narrow []string }

// relative is a unit of time: the patterns by plural category, with {0} for
// the number, and the words for -2 to 2 where there are such.
type relative struct {
	Past, Future map[string]string
	Words        map[string]string `json:""`
}

var (
	monthKeys = []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}
	dayKeys   = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	forms     = []string{"zero", "one", "two", "few", "many", "other"}
	units     = []string{"second", "minute", "hour", "day", "week", "month", "year"}
)

func source(version string) string {
	return "Made by tools/cldr from CLDR " + version + " (npm cldr-*-full). Do not edit. Copyright © 1991-2025 Unicode, Inc., Unicode License v3; see NOTICE."
}

func language(files map[string][]byte, l, version string) ([]byte, error) {
	var plural supplemental
	if err := json.Unmarshal(files["supplemental/plurals.json"], &plural); err != nil {
		return nil, fmt.Errorf("plurals.json: %w", err)
	}
	var c, f calendar
	if err := json.Unmarshal(files["main/"+l+"/ca-gregorian.json"], &c); err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	if err := json.Unmarshal(files["main/"+l+"/dateFields.json"], &f); err != nil {
		return nil, fmt.Errorf("relative times: %w", err)
	}
	var n numbers
	if err := json.Unmarshal(files["main/"+l+"/numbers.json"], &n); err != nil {
		return nil, fmt.Errorf("numbers: %w", err)
	}
	o := out{Source: source(version), Relative: map[string]relative{}}
	g := c.Main[l].Dates.Calendars.Gregorian
	for _, t := range []struct {
		into *table
		from map[string]map[string]string
		keys []string
	}{
		{&o.Months, g.Months["format"], monthKeys}, {&o.MonthsAlone, g.Months["stand-alone"], monthKeys},
		{&o.Days, g.Days["format"], dayKeys}, {&o.DaysAlone, g.Days["stand-alone"], dayKeys},
	} {
		for name, list := range map[string]*[]string{"wide": &t.into.Wide, "abbreviated": &t.into.Short, "narrow": &t.into.Narrow} {
			for _, k := range t.keys {
				word := t.from[name][k]
				if word == "" {
					return nil, fmt.Errorf("no %s name for %q", name, k)
				}
				*list = append(*list, word)
			}
		}
	}
	s := n.Main[l].Numbers
	o.Group, o.Decimal = s.Symbols.Group, s.Symbols.Decimal
	if _, err := fmt.Sscan(s.Min, &o.MinGroup); err != nil {
		return nil, fmt.Errorf("minimumGroupingDigits: %w", err)
	}
	for _, f := range forms {
		if _, ok := plural.Supplemental.Plurals[l]["pluralRule-count-"+f]; ok {
			o.Plurals = append(o.Plurals, f)
		}
	}
	for _, u := range units {
		r, err := relativeOf(f.Main[l].Dates.Fields[u])
		if err != nil {
			return nil, fmt.Errorf("relative %s: %w", u, err)
		}
		o.Relative[u] = r
	}
	return indented(o)
}

// relativeOf reads one of CLDR's date fields.
func relativeOf(field map[string]json.RawMessage) (relative, error) {
	r := relative{Past: map[string]string{}, Future: map[string]string{}, Words: map[string]string{}}
	for key, into := range map[string]map[string]string{"relativeTime-type-past": r.Past, "relativeTime-type-future": r.Future} {
		var patterns map[string]string
		if err := json.Unmarshal(field[key], &patterns); err != nil {
			return r, fmt.Errorf("%s: %w", key, err)
		}
		for k, v := range patterns {
			into[strings.TrimPrefix(k, "relativeTimePattern-count-")] = v
		}
		if into["other"] == "" {
			return r, fmt.Errorf("%s lacks \"other\"", key)
		}
	}
	for _, n := range []string{"-2", "-1", "0", "1", "2"} {
		if raw, ok := field["relative-type-"+n]; ok {
			var word string
			if err := json.Unmarshal(raw, &word); err != nil {
				return r, err
			}
			r.Words[n] = word
		}
	}
	return r, nil
}

// weeks lists the regions whose week does not begin on Monday with its first
// day, Sunday being 0.
func weeks(files map[string][]byte, version string) ([]byte, error) {
	var week supplemental
	if err := json.Unmarshal(files["supplemental/weekData.json"], &week); err != nil {
		return nil, fmt.Errorf("weekData.json: %w", err)
	}
	first := week.Supplemental.WeekData.FirstDay
	if first["001"] != "mon" {
		return nil, fmt.Errorf("the world's week begins on %q, not on Monday: the table must be thought over", first["001"])
	}
	o := struct {
		Source   string         `json:"source"`
		FirstDay map[string]int `json:"firstDay"`
	}{source(version), map[string]int{}}
	for r, d := range first {
		if d == "mon" || len(r) != 2 {
			continue
		}
		day := slices.Index(dayKeys, d)
		if day < 0 {
			return nil, fmt.Errorf("region %s: unknown day %q", r, d)
		}
		o.FirstDay[r] = day
	}
	return indented(o)
}

func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(v)
	return b.Bytes(), err
}
