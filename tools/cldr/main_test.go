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

// packages writes three small packages of one version; without is a month
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
	dates, nums := map[string]string{}, map[string]string{}
	for _, l := range languages {
		dates["main/"+l+"/ca-gregorian.json"] = `{"main":{"` + l + `":{"dates":{"calendars":{"gregorian":{"months":` + row(monthKeys, without) + `,"days":` + row(dayKeys, "") + `}}}}}}`
		nums["main/"+l+"/numbers.json"] = `{"main":{"` + l + `":{"numbers":{"minimumGroupingDigits":"1","symbols-numberSystem-latn":{"group":",","decimal":"."}}}}}`
	}
	pack(t, filepath.Join(dir, "cldr-dates-full-48.2.0.tgz"), dates)
	pack(t, filepath.Join(dir, "cldr-numbers-full-48.2.0.tgz"), nums)
	pack(t, filepath.Join(dir, "cldr-core-48.2.0.tgz"), map[string]string{
		"supplemental/plurals.json":  `{"supplemental":{"plurals-type-cardinal":{"ru":{"pluralRule-count-one":"","pluralRule-count-few":"","pluralRule-count-other":""}}}}`,
		"supplemental/weekData.json": `{"supplemental":{"weekData":{"firstDay":{"001":"mon","US":"sun","GB":"mon","IR":"sat"}}}}`,
	})
	return dir
}

func TestRun(t *testing.T) {
	out := filepath.Join(t.TempDir(), "table.go")
	if err := run(packages(t, ""), out); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`cldrVersion = "48.2.0"`, `plurals: []string{"one", "few", "other"}`, `"n1", "n2"`, `"US": 0`, `"IR": 6`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("no %s in\n%s", want, raw)
		}
	}
	if strings.Contains(string(raw), `"GB"`) {
		t.Error("a region whose week begins on Monday is listed")
	}
}

func TestRunRefuses(t *testing.T) {
	out := filepath.Join(t.TempDir(), "table.go")
	mixed := packages(t, "")
	if err := os.Rename(filepath.Join(mixed, "cldr-core-48.2.0.tgz"), filepath.Join(mixed, "cldr-core-47.0.0.tgz")); err != nil {
		t.Fatal(err)
	}
	for what, dir := range map[string]string{"an empty folder": t.TempDir(), "a missing month": packages(t, "7"), "two versions": mixed} {
		if err := run(dir, out); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a table was written all the same")
	}
}
