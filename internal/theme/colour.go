package theme

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Colour is an sRGB colour.
type Colour struct{ R, G, B uint8 }

var errColour = errors.New("a colour is written #rrggbb")

// ParseColour reads "#0e5a45", "#0E5A45", "0e5a45" and "#fff" (CSS Color 4 §5.2,
// without transparency).
func ParseColour(s string) (Colour, error) {
	s = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "#"))
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	n, err := strconv.ParseUint(s, 16, 32)
	if len(s) != 6 || err != nil {
		return Colour{}, errColour
	}
	return Colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, nil
}

// String is "#rrggbb" in lower case.
func (c Colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// luminance is WCAG 2.2's relative luminance, 0 black to 1 white.
func (c Colour) luminance() float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

// Contrast is WCAG 2.2's contrast ratio, 1 to 21.
func Contrast(a, b Colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// mix is color-mix(in srgb, c, other share): share 0 gives c, 1 gives other.
func (c Colour) mix(other Colour, share float64) Colour {
	part := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*share)) }
	return Colour{part(c.R, other.R), part(c.G, other.G), part(c.B, other.B)}
}

// MinContrast is what text needs on its ground (WCAG 2.2, 1.4.3).
const MinContrast = 4.5

var white, black = Colour{255, 255, 255}, Colour{}

// readable moves c towards white or black, whichever leads away from the
// ground, until it has the contrast on it.
func (c Colour) readable(ground Colour, contrast float64) Colour {
	to := white
	if ground.luminance() > 0.18 { // about where white and black contrast alike
		to = black
	}
	for share := 0.0; share < 1; share += 0.02 {
		if m := c.mix(to, share); Contrast(m, ground) >= contrast {
			return m
		}
	}
	return to
}

// wash is a ground of the paper with as much of the accent in it, up to an
// eighth, as leaves the accent readable there.
func wash(accent, paper Colour) Colour {
	for share := 0.12; share > 0; share -= 0.01 {
		if w := paper.mix(accent, share); Contrast(accent, w) >= MinContrast {
			return w
		}
	}
	return paper
}

// on is the colour of letters on a ground: the paper or white, else almost
// black. One of them always has the contrast.
func on(ground, paper Colour) Colour {
	best := Colour{7, 14, 11}
	for _, c := range []Colour{white, paper} {
		if Contrast(c, ground) >= MinContrast {
			return c
		}
	}
	if Contrast(best, ground) < MinContrast {
		return black
	}
	return best
}
