package media

import (
	"fmt"
	"image"
)

// dominant is the colour that a picture has most of, "#rrggbb": of its pixels
// sorted into cubes of 32 steps a side, the mean of the fullest. A mean of the
// whole would be grey for most photographs. "" for a picture with transparent
// parts, through which it would be seen for ever.
func dominant(img *image.RGBA) string {
	if !img.Opaque() {
		return ""
	}
	const side = 32
	small := scale(img, img.Rect, min(side, img.Rect.Dx()), min(side, img.Rect.Dy()))
	var cubes [512]struct{ n, r, g, b int }
	best := 0
	for i := 0; i < len(small.Pix); i += 4 {
		r, g, b := small.Pix[i], small.Pix[i+1], small.Pix[i+2]
		k := int(r>>5)<<6 | int(g>>5)<<3 | int(b>>5)
		c := &cubes[k]
		c.n, c.r, c.g, c.b = c.n+1, c.r+int(r), c.g+int(g), c.b+int(b)
		if c.n > cubes[best].n {
			best = k
		}
	}
	c := cubes[best]
	return fmt.Sprintf("#%02x%02x%02x", c.r/c.n, c.g/c.n, c.b/c.n)
}
