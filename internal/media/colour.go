package media

import (
	"context"
	"fmt"
	"image"
	"strings"
)

// Colour is the colour that a taken picture has most of, "#rrggbb"; "" for
// what is no picture of pixels or cannot be decoded. It decodes the picture,
// which takes a second for one from a camera: for those who take one. A medium
// without a colour gets it with its first rendition, so an import need not wait.
func (s *Store) Colour(ctx context.Context, m Media) (string, error) {
	if !strings.HasPrefix(m.Mime, "image/") || m.Width == 0 {
		return "", nil
	}
	f, err := s.blobs.Get(ctx, m.Blob)
	if err != nil {
		return "", err
	}
	defer f.Close()
	img, _, err := decode(f, m.Mime)
	if err != nil {
		if lasting(err) {
			return "", nil
		}
		return "", err
	}
	b := img.Bounds()
	return dominant(scale(img, b, min(b.Dx(), 64), min(b.Dy(), 64))), nil
}

// dominant is the colour that a picture has most of, "#rrggbb": of some of
// its pixels, sorted into cubes of 32 steps a side, the mean of the fullest. A mean of the
// whole would be grey for most photographs. "" for a picture with transparent
// parts, through which it would be seen for ever.
func dominant(img *image.RGBA) string {
	if !img.Opaque() {
		return ""
	}
	const side = 64 // as many rows and columns are looked at
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var cubes [512]struct{ n, r, g, b int }
	best := 0
	for y := range min(side, h) {
		for x := range min(side, w) {
			p := img.RGBAAt(img.Rect.Min.X+x*w/min(side, w), img.Rect.Min.Y+y*h/min(side, h))
			k := int(p.R>>5)<<6 | int(p.G>>5)<<3 | int(p.B>>5)
			c := &cubes[k]
			c.n, c.r, c.g, c.b = c.n+1, c.r+int(p.R), c.g+int(p.G), c.b+int(p.B)
			if c.n > cubes[best].n {
				best = k
			}
		}
	}
	c := cubes[best]
	return fmt.Sprintf("#%02x%02x%02x", c.r/c.n, c.g/c.n, c.b/c.n)
}
