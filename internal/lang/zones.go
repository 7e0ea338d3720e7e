package lang

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The zone data is a copy of lib/time/zoneinfo.zip of Go 1.26.8, made from
// tzdata 2025c. It is embedded and loaded explicitly because the system's own
// copy may be years old: Almaty went from +06 to +05 on 1 March 2024, with six
// weeks' notice, and old files print wrong datelines. To renew it for a
// release: cp "$(go env GOROOT)/lib/time/zoneinfo.zip" internal/lang/ with the
// version from update.bash beside it.
//
//go:embed zoneinfo.zip
var zoneinfo []byte

const zoneinfoVersion = "2025c"

// zoneData is one set of zone files with the locations made from it so far.
type zoneData struct {
	version string
	files   fs.FS
	made    sync.Map // name → *time.Location; only names that exist, so bounded
}

var embedded = sync.OnceValue(func() *zoneData {
	z, err := zip.NewReader(bytes.NewReader(zoneinfo), int64(len(zoneinfo)))
	if err != nil {
		panic("lang: embedded zoneinfo.zip: " + err.Error())
	}
	return &zoneData{version: zoneinfoVersion, files: z}
})

// replaced is the data that LoadZones brought; nil until then. It is the one
// thing here that changes while the program runs, because a government can
// change a zone faster than a newsroom can upgrade.
var replaced atomic.Pointer[zoneData]

var (
	errNoZone = errors.New("no such time zone")
	zoneName  = regexp.MustCompile(`^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}$`)
	fixedZone = regexp.MustCompile(`^(?:UTC|GMT)?([+-−])(\d{1,2})(?:(?::?|\.)(\d{1,2}))?$`)
)

// Zone gives the location of an IANA name ("Asia/Almaty"), of "UTC", or of a
// fixed offset as WordPress and people write it ("+05:00", "UTC+5",
// "UTC+5.5"). A replaced file that lacks a zone leaves it to our own copy.
func Zone(name string) (*time.Location, error) {
	switch name {
	case "UTC", "Z", "GMT", "Etc/UTC", "UTC+0", "+00:00":
		return time.UTC, nil
	}
	if loc, ok := fixed(name); ok {
		return loc, nil
	}
	if !zoneName.MatchString(name) || name == "Local" || len(name) > 64 {
		return nil, fmt.Errorf("%w: %q", errNoZone, name)
	}
	for _, d := range []*zoneData{replaced.Load(), embedded()} {
		if d == nil {
			continue
		}
		loc, err := d.zone(name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return loc, err
		}
	}
	return nil, fmt.Errorf("%w: %q", errNoZone, name)
}

func (d *zoneData) zone(name string) (*time.Location, error) {
	if loc, ok := d.made.Load(name); ok {
		return loc.(*time.Location), nil
	}
	if info, err := fs.Stat(d.files, name); err != nil || info.IsDir() {
		return nil, fmt.Errorf("zone %s: %w", name, fs.ErrNotExist)
	}
	raw, err := fs.ReadFile(d.files, name)
	if err != nil {
		return nil, fmt.Errorf("read zone %s: %w", name, err)
	}
	loc, err := time.LoadLocationFromTZData(name, raw)
	if err != nil {
		return nil, fmt.Errorf("read zone %s: %w", name, err)
	}
	d.made.Store(name, loc)
	return loc, nil
}

// fixed reads an offset of at most 18 hours; ".5" is half an hour.
func fixed(name string) (*time.Location, bool) {
	m := fixedZone.FindStringSubmatch(name)
	if m == nil {
		return nil, false
	}
	h, _ := strconv.Atoi(m[2])
	mins, _ := strconv.Atoi(m[3])
	if strings.Contains(name, ".") {
		if len(m[3]) == 1 {
			mins *= 10
		}
		mins = mins * 60 / 100
	}
	if h > 18 || mins > 59 {
		return nil, false
	}
	secs := h*3600 + mins*60
	if m[1] != "+" {
		secs = -secs
	}
	return time.FixedZone(offsetName(secs), secs), true
}

// offsetName writes an offset in seconds as "UTC+05:00".
func offsetName(secs int) string {
	if secs == 0 {
		return "UTC"
	}
	sign := '+'
	if secs < 0 {
		sign, secs = '−', -secs
	}
	return fmt.Sprintf("UTC%c%02d:%02d", sign, secs/3600, secs/60%60)
}

// LoadZones replaces the zone data while the program runs: from a zip like
// Go's zoneinfo.zip or from a folder like /usr/share/zoneinfo. It is refused,
// and nothing changes, unless some well-known zones in it can be read.
// Locations handed out before keep the old rules; ask Zone again.
func LoadZones(zipOrDir string) error {
	info, err := os.Stat(zipOrDir)
	if err != nil {
		return fmt.Errorf("load zones: %w", err)
	}
	d := &zoneData{}
	if info.IsDir() {
		d.files = os.DirFS(zipOrDir)
	} else {
		raw, err := os.ReadFile(zipOrDir)
		if err != nil {
			return fmt.Errorf("load zones: %w", err)
		}
		if d.files, err = zip.NewReader(bytes.NewReader(raw), int64(len(raw))); err != nil {
			return fmt.Errorf("load zones %s: %w", zipOrDir, err)
		}
	}
	for _, must := range []string{"Europe/London", "Asia/Almaty", "America/New_York"} {
		if _, err := d.zone(must); err != nil {
			return fmt.Errorf("load zones %s: %w", zipOrDir, err)
		}
	}
	d.version = d.readVersion()
	replaced.Store(d)
	return nil
}

// readVersion finds the tzdata version where the tools leave it, else names
// the data by its content.
func (d *zoneData) readVersion() string {
	for _, name := range []string{"+VERSION", "VERSION", "version", "tzdata.zi"} {
		f, err := d.files.Open(name)
		if err != nil {
			continue
		}
		head, _ := io.ReadAll(io.LimitReader(f, 64))
		f.Close()
		line, _, _ := strings.Cut(string(head), "\n")
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "# version "))
		if line != "" && len(line) <= 16 {
			return line
		}
	}
	h := sha256.New()
	for _, name := range []string{"Europe/Moscow", "Asia/Almaty", "Europe/London", "America/New_York"} {
		raw, _ := fs.ReadFile(d.files, name)
		h.Write(raw)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))[:12]
}

// ZonesVersion is the tzdata version in use ("2025c"), for doctor and for
// what is kept beside a resolved wall clock.
func ZonesVersion() string {
	if d := replaced.Load(); d != nil {
		return d.version
	}
	return embedded().version
}

// Resolved is what a wall clock meant.
type Resolved struct {
	At        time.Time // in the zone asked for
	Gap       bool      // the clock never showed it: At is the first instant after the gap
	Ambiguous bool      // the clock showed it twice: At is the first, Other the second
	Other     time.Time
}

// ResolveWall tells which instant a clock on the wall of loc meant by
// "2006-01-02 15:04:05". time.Date resolves gaps inconsistently (Berlin
// forwards, Santiago backwards, to the previous day), so the instants are
// looked for among the zone's own transitions. A date that is none, such as
// WordPress's "0000-00-00 00:00:00", is an error.
func ResolveWall(wall string, loc *time.Location) (Resolved, error) {
	u, err := time.Parse(time.DateTime, wall)
	if err != nil || u.Format(time.DateTime) != wall { // Parse also takes "9:49" and fractions
		return Resolved{}, fmt.Errorf("not a date and time: %q", wall)
	}
	if u.Year() < 1 {
		return Resolved{}, fmt.Errorf("a date without a year: %q", wall)
	}
	// No clock is further than 26 hours from UTC (Apia, skipping a day).
	from, to := u.Add(-26*time.Hour), u.Add(26*time.Hour)
	var found []time.Time
	after := time.Time{} // the end of the gap that u falls into
	prev, first := 0, true
	for t := from; !t.After(to); {
		local := t.In(loc)
		_, offset := local.Zone()
		start, end := local.ZoneBounds()
		if !first {
			lost, back := start.Add(time.Duration(prev)*time.Second), start.Add(time.Duration(offset)*time.Second)
			if wallBetween(u, lost, back) {
				after = start
			}
		}
		at := u.Add(-time.Duration(offset) * time.Second)
		if (start.IsZero() || !at.Before(start)) && (end.IsZero() || at.Before(end)) {
			found = append(found, at)
		}
		if end.IsZero() {
			break
		}
		t, prev, first = end, offset, false
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Before(found[j]) })
	switch {
	case len(found) == 0 && after.IsZero():
		return Resolved{}, fmt.Errorf("%q does not exist in %s", wall, loc)
	case len(found) == 0:
		return Resolved{At: after.In(loc), Gap: true}, nil
	case len(found) == 1:
		return Resolved{At: found[0].In(loc)}, nil
	}
	return Resolved{At: found[0].In(loc), Ambiguous: true, Other: found[1].In(loc)}, nil
}

// wallBetween compares clock faces, both written as if they were UTC.
func wallBetween(u, lost, back time.Time) bool {
	return !u.Before(lost) && u.Before(back)
}
