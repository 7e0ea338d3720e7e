package card

import (
	"embed"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"sync"
	"unicode"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// Size of a card in pixels.
const (
	Width  = 1200
	Height = 630
)

// Version changes when cards are drawn in another way; part of their addresses.
const Version = 1

// The fonts are made by assets/fonts/card.py of the pages' own.
//
//go:embed fonts/serif.ttf fonts/sans.ttf
var files embed.FS

// Card is what stands on one.
type Card struct {
	Headline string
	Kicker   string // a word or two; may be empty
	Brand    string // the newsroom's name in the article's language
	// Accent is the newsroom's colour, dark enough to be read on white.
	Accent color.RGBA
	// Photo gives a picture of exactly w × h pixels for the upper part; nil: there
	// is none, and the words get the whole card.
	Photo func(w, h int) (image.Image, error)
	// Mark is the newsroom's sign, of any size; nil: the first letter of its name.
	Mark image.Image
}

var (
	paper = color.RGBA{255, 255, 255, 255}
	ink   = color.RGBA{0x14, 0x20, 0x1c, 255}
	grey  = color.RGBA{0x43, 0x50, 0x4a, 255}
)

const (
	margin = 64
	bar    = 12 // of the accent, above a card without a picture
	sign   = 44 // side of the mark
)

// faces are the fonts, read once.
var faces = sync.OnceValues(func() (map[string]*opentype.Font, error) {
	out := map[string]*opentype.Font{}
	for _, name := range []string{"serif", "sans"} {
		b, err := files.ReadFile("fonts/" + name + ".ttf")
		if err != nil {
			return nil, err
		}
		if out[name], err = opentype.Parse(b); err != nil {
			return nil, err
		}
	}
	return out, nil
})

// Drawable reports whether the fonts have every letter of a text. Signs that
// they lack (emoji) are left out when it is drawn; letters cannot be.
func Drawable(text string) bool {
	f, err := faces()
	if err != nil {
		return false
	}
	for _, r := range norm.NFC.String(text) {
		if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !has(f["serif"], r) {
			return false
		}
	}
	return true
}

func has(f *opentype.Font, r rune) bool {
	i, err := f.GlyphIndex(nil, r)
	return err == nil && i != 0
}

// clean gives a text as it can be drawn: composed, on one line, without what
// the font lacks. No-break spaces and soft hyphens stay.
func clean(f *opentype.Font, text string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		switch {
		case r == '\u00a0', r == '\u202f':
			b.WriteRune('\u00a0')
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r == '\u2011': // a hyphen at which no line ends: where lines end is ours to say
			b.WriteByte('-')
		case r == '\u00ad', has(f, r):
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == ' ' }), " ")
}

// at gives a font at a size in pixels.
func at(f *opentype.Font, size float64) (font.Face, error) {
	return opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
}

// Draw draws a card. It fails when nothing is left of the headline to draw.
func Draw(c Card) (*image.RGBA, error) {
	f, err := faces()
	if err != nil {
		return nil, err
	}
	headline, kicker, brand := clean(f["serif"], c.Headline), clean(f["sans"], c.Kicker), clean(f["sans"], c.Brand)
	kicker, brand = strings.ReplaceAll(kicker, shy, ""), strings.ReplaceAll(brand, shy, "")
	if headline == "" {
		return nil, errors.New("a card without a headline")
	}
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	draw.Draw(img, img.Rect, image.NewUniform(paper), image.Point{}, draw.Src)

	// From below: the name stands fast, the headline gets what is left.
	foot := Height - margin + 8
	bottom := foot - sign
	kick := 0
	if kicker != "" {
		kick = 44
	}
	sizes, room := []float64{104, 96, 88, 80, 72, 66, 60, 54, 48, 43, 38}, bottom-40-kick-margin-bar
	lines := 5
	if c.Photo != nil {
		sizes, room, lines = []float64{60, 55, 50, 46, 42, 38}, 240-kick, 4
	}
	set, err := fit(f["serif"], headline, sizes, Width-2*margin, room, lines)
	if err != nil {
		return nil, err
	}
	defer set.face.Close()
	top := bar + margin
	if c.Photo != nil {
		top = bottom - 32 - set.height() - kick
		high := top - 36
		photo, err := c.Photo(Width, high)
		if err != nil {
			return nil, err
		}
		draw.Draw(img, image.Rect(0, 0, Width, high), photo, photo.Bounds().Min, draw.Src)
	} else {
		draw.Draw(img, image.Rect(0, 0, Width, bar), image.NewUniform(c.Accent), image.Point{}, draw.Src)
	}
	if kicker != "" {
		if err := line(img, f["sans"], 28, c.Accent, margin, top+24, Width-2*margin, kicker); err != nil {
			return nil, err
		}
		top += kick
	}
	set.draw(img, ink, margin, top)
	return img, c.foot(img, f, brand, foot)
}

// foot draws the mark and the name.
func (c Card) foot(img *image.RGBA, f map[string]*opentype.Font, brand string, foot int) error {
	box := image.Rect(margin, foot-sign, margin+sign, foot)
	if c.Mark != nil && !c.Mark.Bounds().Empty() {
		b := c.Mark.Bounds()
		w := min(max(sign*b.Dx()/b.Dy(), 1), 4*sign) // a sign may be broader than high
		box.Max.X = box.Min.X + w
		xdraw.CatmullRom.Scale(img, box, c.Mark, b, xdraw.Over, nil)
	} else {
		if err := letter(img, box, f, brand, c.Accent); err != nil {
			return err
		}
	}
	x := box.Max.X + 18
	return line(img, f["sans"], 28, grey, x, foot-13, Width-margin-x, brand)
}

// letter draws what stands for a newsroom without a sign: the first letter of
// its name, on its colour.
func letter(img *image.RGBA, box image.Rectangle, f map[string]*opentype.Font, name string, accent color.RGBA) error {
	draw.Draw(img, box, image.NewUniform(accent), image.Point{}, draw.Src)
	first := ""
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			first = string(unicode.ToUpper(r))
			break
		}
	}
	face, err := at(f["serif"], float64(box.Dy()*32)/sign)
	if err != nil {
		return err
	}
	defer face.Close()
	w := font.MeasureString(face, first).Round()
	write(img, face, paper, fixed.P(box.Min.X+(box.Dx()-w)/2, box.Max.Y-box.Dy()*11/sign), first)
	return nil
}

// Icon draws the icon of a newsroom that has none, size × size pixels.
func Icon(name string, accent color.RGBA, size int) (*image.RGBA, error) {
	f, err := faces()
	if err != nil {
		return nil, err
	}
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	return img, letter(img, img.Rect, f, clean(f["serif"], name), accent)
}

// line draws one line, smaller where it would be too long.
func line(img *image.RGBA, f *opentype.Font, size float64, c color.RGBA, x, base, width int, text string) error {
	for ; ; size-- {
		face, err := at(f, size)
		if err != nil {
			return err
		}
		if size <= 16 {
			text = cutTo(face, text, width)
		}
		if font.MeasureString(face, text).Ceil() <= width {
			write(img, face, c, fixed.P(x, base), text)
			return face.Close()
		}
		face.Close()
	}
}

func write(img *image.RGBA, face font.Face, c color.RGBA, dot fixed.Point26_6, text string) {
	d := font.Drawer{Dst: img, Src: image.NewUniform(c), Face: face, Dot: dot}
	d.DrawString(text)
}
