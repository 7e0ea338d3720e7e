package media

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/internal/dbtest"
	"dateline/internal/encoder"
	"dateline/internal/rendition"
)

// With an encoder on the machine there is a format more; where it fails, or
// is gone, its addresses give JPEG.
func TestPrograms(t *testing.T) {
	d := dbtest.New(t)
	rows(t, d)
	bin := t.TempDir()
	t.Setenv("PATH", bin+":/usr/bin:/bin")
	program := func(script string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(bin, "cwebp"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	program(`test -s in.png && printf 'RIFF....WEBPof %s' "$(head -c 8 in.png | tail -c 7 | head -c 3)" > out`)
	x := draws(t, d, "flag.jpg", asJPEG(t, flag(400, 300), 0))
	x.d.programs = encoder.Find(t.TempDir())
	set := x.d.Sizes(x.m)
	if len(set.Other) == 0 || set.Other[len(set.Other)-1] != rendition.WebP {
		t.Fatalf("formats %v", set.Other)
	}
	webp := set.URL(rendition.Whole, 160, rendition.WebP)
	if r, b := x.get(webp); r.Header.Get("Content-Type") != "image/webp" || string(b) != "RIFF....WEBPof PNG" || r.Header.Get("Cache-Control") != freshness {
		t.Errorf("%v %q", r.Header, b)
	}
	program(`echo no >&2; exit 1`)
	failing := set.URL(rendition.Whole, 320, rendition.WebP)
	for range 2 {
		if r, b := x.get(failing); r.Header.Get("Content-Type") != "image/jpeg" || r.Header.Get("Cache-Control") != freshness || !bytes.HasPrefix(b, []byte("\xff\xd8")) {
			t.Errorf("a failing program: %v", r.Header)
		}
	}
	if n := strings.Count(x.logs.String(), "WARN"); n != 1 {
		t.Errorf("%d warnings: %s", n, x.logs.String())
	}
	// A day later it is tried once more.
	run(t, d, "UPDATE rendition SET made_at = made_at - $1", (25 * time.Hour).Milliseconds())
	program(`printf 'RIFF....WEBPagain' > out`)
	if r, _ := x.get(failing); r.Header.Get("Content-Type") != "image/webp" {
		t.Errorf("a day later: %v", r.Header)
	}
	x.d.programs = nil
	if r, _ := x.get(webp); r.Header.Get("Content-Type") != "image/jpeg" || r.StatusCode != 200 {
		t.Errorf("the program is gone: %v", r.Header)
	}
}

func TestPNGProfile(t *testing.T) {
	profile := strings.Repeat("\x00", 16) + "RGB " + strings.Repeat("\x00", 120) + "Display P3"
	in := pngProfile([]byte(asPNG(t, flag(400, 300))), []byte(profile))
	h, err := readHead(bytes.NewReader(in), "image/png")
	if err != nil || string(h.profile) != profile {
		t.Fatalf("%q, %v", h.profile, err)
	}
	d := dbtest.New(t)
	rows(t, d)
	x := draws(t, d, "p3.png", string(in))
	set := x.d.Sizes(x.m)
	_, b := x.get(set.URL(rendition.Whole, 160, set.Default))
	if h, err := readHead(bytes.NewReader(b), "image/png"); err != nil || string(h.profile) != profile {
		t.Errorf("the rendition has %q, %v", h.profile, err)
	}
}
