package lang

import (
	"archive/zip"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The vectors are the transitions that have bitten newsrooms: Kazakhstan's
// single zone, a midnight that did not happen in Santiago, Ramadan in
// Casablanca, half an hour on Lord Howe, a day that Apia skipped.
func TestResolveWall(t *testing.T) {
	for _, c := range []struct{ zone, wall, at, other, kind string }{
		{"Asia/Almaty", "2024-02-29 23:30:00", "2024-02-29T17:30:00Z", "2024-02-29T18:30:00Z", "ambiguous"},
		{"Asia/Qostanay", "2024-02-29 23:30:00", "2024-02-29T17:30:00Z", "2024-02-29T18:30:00Z", "ambiguous"},
		{"Asia/Almaty", "2024-03-01 00:00:00", "2024-02-29T19:00:00Z", "", ""},
		{"Asia/Almaty", "2024-02-29 22:59:59", "2024-02-29T16:59:59Z", "", ""},
		{"Asia/Aqtau", "2024-02-29 23:30:00", "2024-02-29T18:30:00Z", "", ""},
		{"Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:00:00Z", "", "gap"},
		{"Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z", "", ""},
		{"Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "ambiguous"},
		{"Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00Z", "", ""},
		{"America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:00:00Z", "", "gap"},
		{"America/New_York", "2026-11-01 01:30:00", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "ambiguous"},
		{"America/Santiago", "2026-09-06 00:00:00", "2026-09-06T04:00:00Z", "", "gap"},
		{"Africa/Casablanca", "2026-03-22 02:30:00", "2026-03-22T02:00:00Z", "", "gap"},
		{"Australia/Lord_Howe", "2026-10-04 02:15:00", "2026-10-03T15:30:00Z", "", "gap"},
		{"Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "ambiguous"},
		{"Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30T10:00:00Z", "", "gap"},
		{"Pacific/Apia", "2011-12-31 00:00:00", "2011-12-30T10:00:00Z", "", ""},
		{"Asia/Kathmandu", "2026-01-01 00:00:00", "2025-12-31T18:15:00Z", "", ""},
		{"Europe/Moscow", "2022-02-14 09:49:00", "2022-02-14T06:49:00Z", "", ""},
		{"Europe/Moscow", "2099-07-01 00:00:00", "2099-06-30T21:00:00Z", "", ""},
		{"Europe/London", "2099-07-01 00:00:00", "2099-06-30T23:00:00Z", "", ""},
		{"+05:30", "2022-01-01 00:00:00", "2021-12-31T18:30:00Z", "", ""},
		{"UTC", "0001-01-01 00:00:00", "0001-01-01T00:00:00Z", "", ""},
	} {
		loc, err := Zone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		r, err := ResolveWall(c.wall, loc)
		if err != nil {
			t.Errorf("%s %s: %v", c.zone, c.wall, err)
			continue
		}
		if got := r.At.UTC().Format(time.RFC3339); got != c.at {
			t.Errorf("%s %s: at %s, want %s", c.zone, c.wall, got, c.at)
		}
		if r.Gap != (c.kind == "gap") || r.Ambiguous != (c.kind == "ambiguous") {
			t.Errorf("%s %s: gap %v, ambiguous %v, want %q", c.zone, c.wall, r.Gap, r.Ambiguous, c.kind)
		}
		if other := r.Other.UTC().Format(time.RFC3339); c.other != "" && other != c.other {
			t.Errorf("%s %s: other %s, want %s", c.zone, c.wall, other, c.other)
		}
	}
}

func TestResolveWallRefuses(t *testing.T) {
	for _, wall := range []string{
		"0000-00-00 00:00:00", "", "2022-02-30 00:00:00", "2022-02-14", "2022-02-14T09:49:00", "2022-13-01 00:00:00", "0000-01-01 00:00:00",
		"2022-02-14 24:00:00", "2022-02-14 09:49:00 ", "20220-02-14 09:49:00", "2022-02-14 9:49:00", "2022-02-14 09:49:00.5",
	} {
		if r, err := ResolveWall(wall, time.UTC); err == nil {
			t.Errorf("%q: %s", wall, r.At)
		}
	}
}

func TestZone(t *testing.T) {
	for _, name := range []string{"", "Local", "../etc/passwd", "/etc/localtime", "Europe", "Europe/", "Europe/Nowhere", "Europe/Moscow/", "UTC+25", "+05:99", "a\x00b"} {
		if loc, err := Zone(name); err == nil || !errors.Is(err, errNoZone) {
			t.Errorf("Zone(%q) = %v, %v", name, loc, err)
		}
	}
	for name, want := range map[string]string{"UTC+5": "UTC+05:00", "+5.5": "UTC+05:30", "UTC-0330": "UTC−03:30", "UTC+5:45": "UTC+05:45", "+00:00": "UTC"} {
		loc, err := Zone(name)
		if err != nil || loc.String() != want {
			t.Errorf("Zone(%q) = %v, %v, want %s", name, loc, err, want)
		}
	}
}

func TestLoadZones(t *testing.T) {
	defer replaced.Store(nil)
	if ZonesVersion() != zoneinfoVersion {
		t.Errorf("version %q before anything was loaded", ZonesVersion())
	}
	if err := LoadZones(filepath.Join(t.TempDir(), "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if err := LoadZones(t.TempDir()); err == nil {
		t.Error("an empty folder was taken")
	}
	// A government moves Almaty to Kathmandu's clock; the file is ours.
	dir := t.TempDir()
	for to, from := range map[string]string{"Asia/Almaty": "Asia/Kathmandu", "Europe/London": "Europe/London", "America/New_York": "America/New_York"} {
		raw, err := fs.ReadFile(embedded().files, from)
		if err != nil {
			t.Fatal(err)
		}
		os.MkdirAll(filepath.Dir(filepath.Join(dir, to)), 0o755)
		if err := os.WriteFile(filepath.Join(dir, to), raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	os.WriteFile(filepath.Join(dir, "tzdata.zi"), []byte("# version 2031a\nrest"), 0o644)
	before, _ := Zone("Asia/Almaty")
	if err := LoadZones(dir); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	after, err := Zone("Asia/Almaty")
	if err != nil || at.In(after).Format("-07:00") != "+05:45" || at.In(before).Format("-07:00") != "+05:00" {
		t.Errorf("before %s, after %s, %v", at.In(before), at.In(after), err)
	}
	if ZonesVersion() != "2031a" {
		t.Errorf("version %q", ZonesVersion())
	}
	if _, err := Zone("Europe/Moscow"); err != nil {
		t.Errorf("what the folder lacks must come from our own copy: %v", err)
	}
	if err := LoadZones(zipped(t, dir)); err != nil {
		t.Error(err)
	}
	broken := t.TempDir() + "/x.zip"
	os.WriteFile(broken, []byte("no zip"), 0o644)
	if err := LoadZones(broken); err == nil || !strings.Contains(err.Error(), broken) {
		t.Errorf("broken zip: %v", err)
	}
	if ZonesVersion() != "2031a" {
		t.Error("a refused file changed the zones")
	}
}

func zipped(t *testing.T, dir string) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "zones.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	if err := w.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

func FuzzResolveWall(f *testing.F) {
	f.Add("2024-02-29 23:30:00", "Asia/Almaty")
	f.Add("2026-09-06 00:00:00", "America/Santiago")
	f.Add("0000-00-00 00:00:00", "UTC")
	f.Add("1883-11-18 12:03:57", "America/New_York")
	f.Add("9999-12-31 23:59:59", "Pacific/Kiritimati")
	f.Fuzz(func(t *testing.T, wall, zone string) {
		loc, err := Zone(zone)
		if err != nil {
			loc, _ = Zone("Europe/Berlin")
		}
		r, err := ResolveWall(wall, loc)
		if err != nil {
			return
		}
		shown := r.At.Format(time.DateTime)
		switch {
		case r.Gap && shown <= wall:
			t.Fatalf("%s in %s: %s is not after the gap", wall, loc, shown)
		case !r.Gap && shown != wall:
			t.Fatalf("%s in %s: the clock showed %s", wall, loc, shown)
		case r.Ambiguous && (r.Other.Format(time.DateTime) != shown || !r.Other.After(r.At)):
			t.Fatalf("%s in %s: %s and %s", wall, loc, r.At, r.Other)
		}
	})
}
