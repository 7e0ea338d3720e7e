package rendition

import (
	"image"
	"slices"
	"strconv"
	"strings"
)

// A Shape is a ratio that a picture is cut to.
type Shape string

// The shapes: of the pages' places, and those that search engines ask for
// (1:1, 4:3 and 16:9, Google's guidelines for Article). Whole is not cut.
const (
	Whole  Shape = ""
	Square Shape = "1x1"
	Four3  Shape = "4x3"
	Three2 Shape = "3x2"
	Wide   Shape = "16x9"
)

var ratios = map[Shape][2]int{Square: {1, 1}, Four3: {4, 3}, Three2: {3, 2}, Wide: {16, 9}}

// A Format is how a rendition is coded; the value is the ending of its name.
type Format string

// The formats. Every picture has either JPEG or PNG; the others are made where
// the operator's machine has a program for them.
const (
	JPEG Format = "jpg"
	PNG  Format = "png"
	WebP Format = "webp"
	AVIF Format = "avif"
)

// Mime is the media type.
func (f Format) Mime() string {
	if f == JPEG {
		return "image/jpeg"
	}
	return "image/" + string(f)
}

// Max is the widest rendition in pixels: the widest place that a page has
// (63rem) on a screen of nearly two pixels a point.
const Max = 1920

var widths = []int{160, 320, 480, 640, 960, 1280, 1600, Max}

// Set says at which addresses a picture is had in other sizes. The zero value
// is a picture that is had in none: a drawing, a moving picture.
type Set struct {
	Base          string // address of the picture's folder: "/media/TOKEN/"
	Name          string // file name without its ending
	Version       string // changes when the picture or its focal point does
	Default       Format // the format that is always there: JPEG or PNG
	Other         []Format
	Width, Height int // of the whole picture as shown, in pixels
	FocalX        int // point of interest, permille from the left
	FocalY        int // and from the top
}

// Some reports whether there are renditions at all.
func (s Set) Some() bool { return s.Default != "" && s.Width > 0 && s.Height > 0 }

// Cut is the part of the picture that a shape keeps.
func (s Set) Cut(shape Shape) image.Rectangle {
	r, ok := ratios[shape]
	if !ok {
		return image.Rect(0, 0, s.Width, s.Height)
	}
	return s.CutTo(r[0], r[1])
}

// CutTo is the part that is left at a ratio of width to height: as large as
// the picture allows, with the focal point as near to the middle as the edges
// let it be.
func (s Set) CutTo(across, down int) image.Rectangle {
	w, h := s.Width, s.Height
	cw, ch := w, (w*down+across/2)/across
	if ch > h {
		cw, ch = (h*across+down/2)/down, h
	}
	cw, ch = min(max(cw, 1), w), min(max(ch, 1), h)
	x := min(max(w*s.FocalX/1000-cw/2, 0), w-cw)
	y := min(max(h*s.FocalY/1000-ch/2, 0), h-ch)
	return image.Rect(x, y, x+cw, y+ch)
}

// Widths are the widths in pixels in which a shape is had, smallest first,
// between two bounds; nothing is wider than the picture itself, so the last
// may be the picture's own width. With a hi below all of them it is the smallest.
func (s Set) Widths(shape Shape, lo, hi int) []int {
	if !s.Some() {
		return nil
	}
	own := s.Cut(shape).Dx()
	var all []int
	for _, w := range widths {
		if w < own {
			all = append(all, w)
		}
	}
	if own <= Max {
		all = append(all, own)
	} else {
		all = append(all, Max)
	}
	all = slices.Compact(all)
	from, to := 0, len(all)
	for from < to-1 && all[from] < lo {
		from++
	}
	for to > from+1 && all[to-1] > hi {
		to--
	}
	return all[from:to]
}

// HeightOf is the height of a rendition of a width, in pixels.
func (s Set) HeightOf(shape Shape, width int) int {
	if r, ok := ratios[shape]; ok {
		return max((width*r[1]+r[0]/2)/r[0], 1)
	}
	return max((width*s.Height+s.Width/2)/max(s.Width, 1), 1)
}

// URL is the address of a rendition, "/media/TOKEN/3x2-640-4f9a0c1e/NAME.jpg".
func (s Set) URL(shape Shape, width int, f Format) string {
	b := make([]byte, 0, len(s.Base)+len(s.Name)+32)
	b = append(b, s.Base...)
	if shape != Whole {
		b = append(append(b, shape...), '-')
	}
	b = strconv.AppendInt(b, int64(width), 10)
	b = append(append(b, '-'), s.Version...)
	b = append(append(b, '/'), s.Name...)
	b = append(append(b, '.'), f...)
	return string(b)
}

// Srcset lists the renditions of a shape between two widths as the attribute
// srcset wants them (HTML §4.8.4.2.1: an address holds no white space and
// neither begins nor ends with a comma).
func (s Set) Srcset(shape Shape, lo, hi int, f Format) string {
	var b strings.Builder
	for i, w := range s.Widths(shape, lo, hi) {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(candidate.Replace(s.URL(shape, w, f)))
		b.WriteByte(' ')
		b.WriteString(strconv.Itoa(w))
		b.WriteByte('w')
	}
	return b.String()
}

var candidate = strings.NewReplacer(",", "%2C", " ", "%20", "\t", "%09", "\n", "%0A", "\f", "%0C", "\r", "%0D")

// FocalIn is where the focal point lies in a shape, in permille from the left
// and from the top.
func (s Set) FocalIn(shape Shape) (x, y int) {
	r := s.Cut(shape)
	x = (s.FocalX*s.Width - 1000*r.Min.X) / max(r.Dx(), 1)
	y = (s.FocalY*s.Height - 1000*r.Min.Y) / max(r.Dy(), 1)
	return min(max(x, 0), 1000), min(max(y, 0), 1000)
}

// Find reads what stands behind the picture's folder, "3x2-640-4f9a0c1e/NAME.jpg".
// ok says that a rendition has this address now, or had it with another
// version (then current is false).
func (s Set) Find(rest string) (shape Shape, width int, f Format, current, ok bool) {
	spec, file, _ := strings.Cut(rest, "/")
	parts := strings.Split(spec, "-")
	if len(parts) == 3 {
		shape = Shape(parts[0])
		if _, known := ratios[shape]; !known {
			return shape, 0, f, false, false
		}
		parts = parts[1:]
	}
	if len(parts) != 2 || !s.Some() {
		return shape, 0, f, false, false
	}
	width, err := strconv.Atoi(parts[0])
	name, ending, _ := cutLast(file, '.')
	f = Format(ending)
	switch {
	case err != nil || parts[0] != strconv.Itoa(width) || name != s.Name || !version(parts[1]):
	case f != s.Default && f != WebP && f != AVIF:
	case !slices.Contains(s.Widths(shape, 0, Max), width):
	default:
		return shape, width, f, parts[1] == s.Version, true
	}
	return shape, 0, f, false, false
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// version reports whether s has the form of one: eight hexadecimal digits.
func version(s string) bool {
	return len(s) == 8 && strings.Trim(s, "0123456789abcdef") == ""
}
