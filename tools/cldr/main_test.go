package main

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func pack(t *testing.T, name string, files map[string]string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := gzip.NewWriter(f)
	w := tar.NewWriter(z)
	for n, body := range files {
		if err := w.WriteHeader(&tar.Header{Name: "package/" + n, Mode: 0o644, Size: int64(len(body))}); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, body)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

var languages = []string{"ru", "tr"}

// packages writes four small packages of one version; without is a month
// that is left out.
func packages(t *testing.T, without string) string {
	dir := t.TempDir()
	row := func(keys []string, skip string) string {
		var b strings.Builder
		for _, k := range keys {
			if k != skip {
				fmt.Fprintf(&b, "%q:\"n%s\",", k, k)
			}
		}
		one := "{" + strings.TrimSuffix(b.String(), ",") + "}"
		all := `{"wide":` + one + `,"abbreviated":` + one + `,"narrow":` + one + `}`
		return `{"format":` + all + `,"stand-alone":` + all + `}`
	}
	var fields strings.Builder
	for _, u := range units {
		fmt.Fprintf(&fields, `%q:{"relative-type--1":"last %s","relativeTime-type-past":{"relativeTimePattern-count-other":"{0} ago"},"relativeTime-type-future":{"relativeTimePattern-count-other":"in {0}"}},`, u, u)
	}
	dates, nums := map[string]string{}, map[string]string{}
	for _, l := range languages {
		dates["main/"+l+"/ca-gregorian.json"] = `{"main":{"` + l + `":{"dates":{"calendars":{"gregorian":{"months":` + row(monthKeys, without) + `,"days":` + row(dayKeys, "") + `}}}}}}`
		dates["main/"+l+"/dateFields.json"] = `{"main":{"` + l + `":{"dates":{"fields":{` + strings.TrimSuffix(fields.String(), ",") + `}}}}}`
		nums["main/"+l+"/numbers.json"] = `{"main":{"` + l + `":{"numbers":{"minimumGroupingDigits":"1","symbols-numberSystem-latn":{"group":",","decimal":"."}}}}}`
	}
	pack(t, filepath.Join(dir, "cldr-dates-full-48.2.0.tgz"), dates)
	pack(t, filepath.Join(dir, "cldr-numbers-full-48.2.0.tgz"), nums)
	misc := map[string]string{}
	for l, set := range map[string]string{"ru": `[а б её {дз} {х\\-ц}]`, "ru-UA": `[а б её {дз} {х\\-ц}]`, "uz": `[a b {oʻ}]`, "uz-Arab": `[\\u200C ا ب ۇ]`, "ja": "[" + many + "]"} {
		misc["main/"+l+"/characters.json"] = `{"main":{"` + l + `":{"characters":{"exemplarCharacters":"` + set + `"}}}}`
	}
	pack(t, filepath.Join(dir, "cldr-misc-full-48.2.0.tgz"), misc)
	pack(t, filepath.Join(dir, "cldr-core-48.2.0.tgz"), map[string]string{
		"scriptMetadata.json":        `{"scriptMetadata":{"Latn":{"sampleChar":"L"},"Arab":{"sampleChar":"ب"},"Syrc":{"sampleChar":"ܐ"},"Zxxx":{"sampleChar":"\uFDD0"}}}`,
		"supplemental/plurals.json":  `{"supplemental":{"plurals-type-cardinal":{"ru":{"pluralRule-count-one":"","pluralRule-count-few":"","pluralRule-count-other":""}}}}`,
		"supplemental/weekData.json": `{"supplemental":{"weekData":{"firstDay":{"001":"mon","US":"sun","GB":"mon","IR":"sat"}}}}`,
	})
	return dir
}

// many are more letters than an alphabet has.
var many = func() string {
	var b strings.Builder
	for r := rune(0x4e00); r < 0x4e00+mostLetters+1; r++ {
		b.WriteRune(r)
	}
	return b.String()
}()

func TestAlphabet(t *testing.T) {
	for _, set := range []string{"[a-z]", "[a [b]]", "[a&b]"} { // CLDR writes none of these today
		if got, err := alphabet(set); err == nil {
			t.Errorf("%s was read as %q", set, got)
		}
	}
}

func TestRun(t *testing.T) {
	out := t.TempDir()
	if err := run(packages(t, ""), out, languages); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range []string{"ru.json", "tr.json", "weeks.json", "scripts.json", "letters.json"} {
		raw, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(strings.Join(strings.Fields(string(raw)), " "))
	}
	for _, want := range []string{`CLDR 48.2.0`, `"Plurals": [ "one", "few", "other" ]`, `"n1", "n2"`, `"US": 0`, `"IR": 6`, `"-1": "last month"`, `"other": "{0} ago"`,
		`"Latn": "L"`, `"Aran": "ب"`, `"ru": "абеёдзхц"`, `"uz": "aboʻ"`, `"uz-Arab": "ابۇ"`} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("no %s in\n%s", want, all.String())
		}
	}
	for not, why := range map[string]string{`"GB"`: "a region whose week begins on Monday", `"ru-UA"`: "a tag whose letters are those of a shorter one", `"ja"`: "a writing that is no alphabet", `"Zxxx"`: "what is not written"} {
		if strings.Contains(all.String(), not) {
			t.Errorf("%s is listed", why)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	out := t.TempDir()
	mixed := packages(t, "")
	if err := os.Rename(filepath.Join(mixed, "cldr-core-48.2.0.tgz"), filepath.Join(mixed, "cldr-core-47.0.0.tgz")); err != nil {
		t.Fatal(err)
	}
	for what, dir := range map[string]string{"an empty folder": t.TempDir(), "a missing month": packages(t, "7"), "two versions": mixed} {
		if err := run(dir, out, languages); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
	if left, err := os.ReadDir(out); err != nil || len(left) > 0 {
		t.Error("a file was written all the same")
	}
}
