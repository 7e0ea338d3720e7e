//go:build acceptance

package media

import (
	"errors"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/internal/dbtest"
	"dateline/internal/fault"
	"dateline/internal/rendition"
)

// material is the folder of real files; it is no part of the repository.
func material(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("DATELINE_MATERIAL")
	if dir == "" {
		t.Fatal("DATELINE_MATERIAL names no folder")
	}
	return filepath.Join(dir, name)
}

// Every picture that a fuzzer has made to break decoders is refused with a
// reason, or taken and then drawn or sent as it is.
func TestFuzzedPictures(t *testing.T) {
	d := dbtest.New(t)
	rows(t, d)
	taken, drawnOf := 0, 0
	err := filepath.WalkDir(material(t, "07-security/afl-images"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s := open(t, d)
		m, err := s.Take(t.Context(), filepath.Base(path), strings.NewReader(string(b)), 0)
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) {
				t.Errorf("%s: %v", path, err)
			}
			return nil
		}
		taken++
		x := draws(t, d, filepath.Base(path), string(b))
		set := x.d.Sizes(x.m)
		if !set.Some() {
			return nil
		}
		for _, shape := range []rendition.Shape{rendition.Whole, rendition.Square} {
			all := set.Widths(shape, 0, rendition.Max)
			r, body := x.get(set.URL(shape, all[0], set.Default))
			if r.StatusCode != 200 || len(body) == 0 {
				t.Errorf("%s: %d, %d bytes", path, r.StatusCode, len(body))
			}
			if _, err := x.d.rendition(t.Context(), x.m, shape, all[0], set.Default); err == nil {
				drawnOf++
			} else if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !errors.Is(err, errStays) {
				t.Errorf("%s: %v", path, err)
			}
		}
		if strings.Contains(x.logs.String(), "panicked") {
			t.Errorf("%s: %s", path, x.logs.String())
		}
		_ = m
		return nil
	})
	if err != nil || taken == 0 {
		t.Fatal(taken, err)
	}
	t.Logf("%d taken, %d drawn", taken, drawnOf)
}

// The orientations of a landscape, and of a portrait, show one picture.
func TestRealOrientations(t *testing.T) {
	d := dbtest.New(t)
	rows(t, d)
	for _, kind := range []string{"Landscape", "Portrait"} {
		var first image.Image
		for _, o := range "1234" { // TestOrientation has the other four
			b, err := os.ReadFile(material(t, "07-security/exif-orientation/"+kind+"_"+string(o)+".jpg"))
			if err != nil {
				t.Fatal(err)
			}
			x := draws(t, d, kind+".jpg", string(b))
			img := x.picture(rendition.Whole, 160)
			if first == nil {
				first = img
				continue
			}
			if img.Bounds() != first.Bounds() {
				t.Errorf("%s %c: %v, not %v", kind, o, img.Bounds(), first.Bounds())
				continue
			}
			far := 0
			for y := range img.Bounds().Dy() {
				for px := range img.Bounds().Dx() {
					if !near(img.At(px, y), first.At(px, y)) {
						far++
					}
				}
			}
			if total := img.Bounds().Dx() * img.Bounds().Dy(); far > total/10 {
				t.Errorf("%s %c: %d of %d pixels differ", kind, o, far, total)
			}
		}
	}
}
