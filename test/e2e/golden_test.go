//go:build e2e

package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Pictures of every state are kept in testdata/golden, small, so that a change of
// looks is seen by whoever makes it. DATELINE_GOLDEN=renew writes them anew;
// DATELINE_GOLDEN=DIR writes those that differ into DIR, beside nothing else.

const (
	// apart is how far a channel of a pixel may be from the picture's before the
	// pixel counts as changed: another version of the browser smooths letters a
	// little differently, a moved line differs by more.
	apart = 44
	// Two pictures are the same while no tile of tileWide × tileHigh of their pixels has
	// more than so many changed ones. A by-line is a thousandth of a page, but a large
	// part of a tile: without the smallest one 7 pixels change there, drawn again none.
	tileWide, tileHigh, tolerated = 64, 32, 5
	// tall is how much of a page is kept, in CSS pixels.
	tall = 2600
)

// A look is how a state is shown. shrink is by how much its picture is made smaller.
type look struct {
	lang, scheme  string
	width, shrink int
}

// looksOf gives three looks of the n-th state: each language and each width once,
// and over the states every language meets every width in both schemes.
func looksOf(n int) []look {
	shrink := map[int]int{360: 2, 768: 3, 1440: 4}
	var out []look
	for i, width := range []int{360, 768, 1440} {
		scheme := "light"
		if (n+i)%2 == 1 {
			scheme = "dark"
		}
		out = append(out, look{editions[(n+i+n/3)%3].lang, scheme, width, shrink[width]})
	}
	return out
}

// kept is one picture that is kept.
type kept struct {
	file, address string
	look
	media string // "print"; empty: the screen
}

// pictures are all that are kept: every state in the first theme; of the others what
// they lay out themselves; an article as paper gets it.
func pictures(t *testing.T) []kept {
	paths := stills(t)
	var out []kept
	for n, name := range stateNames() {
		for _, l := range looksOf(n) {
			out = append(out, kept{fmt.Sprintf("%s-%s-%d-%s.png", name, l.lang, l.width, l.scheme), frozen(t) + paths[l.lang+"/"+name], l, ""})
		}
	}
	for _, theme := range themes[1:] {
		for n, name := range []string{"front", "report", "search", "month", "410"} {
			for i, e := range editions {
				for j, l := range []look{{e.lang, "light", 360, 2}, {e.lang, "dark", 1440, 4}} {
					if n > 2 && (n+i)%2 != j {
						continue // each language once
					}
					if i == 1 {
						l.scheme = map[string]string{"light": "dark", "dark": "light"}[l.scheme]
					}
					file := fmt.Sprintf("%s-%s-%s-%d-%s.png", theme, name, l.lang, l.width, l.scheme)
					out = append(out, kept{file, inTheme(t, theme) + paths[l.lang+"/"+name], l, ""})
				}
			}
		}
	}
	for i, e := range editions {
		// A sheet of A4 has 180 mm for text; what the screen is set to changes nothing.
		scheme := []string{"light", "dark"}[i%2]
		out = append(out, kept{"print-report-" + e.lang + ".png", frozen(t) + paths[e.lang+"/report"], look{e.lang, scheme, 680, 2}, "print"})
	}
	return out
}

func TestGolden(t *testing.T) {
	t.Parallel()
	where, mode := filepath.Join("testdata", "golden"), os.Getenv("DATELINE_GOLDEN")
	wanted := map[string]bool{}
	for n, k := range pictures(t) {
		wanted[k.file] = true
		if (n+n/3)%3 == 1 && mode == "" && !thorough {
			continue // of a state two of three widths
		}
		t.Run(k.file, func(t *testing.T) {
			t.Parallel()
			shown := startBrowser(t).open(t, "about:blank", true, 1440, 900)
			defer shown.close()
			compare(t, filepath.Join(where, k.file), small(shown.picture(t, k), k.shrink), mode)
			if (n+n/3)%3 == 0 || thorough { // of each kind in one width, each width in turn
				shown.details(t, filepath.Join(where, k.file), k.shrink)
			}
		})
	}
	t.Cleanup(func() { keptPictures(t, where, mode, wanted) }) // when all have been looked at
}

// keptPictures holds that nothing is kept beside them, and not too much.
func keptPictures(t *testing.T, where, mode string, wanted map[string]bool) {
	t.Helper()
	kept, err := filepath.Glob(filepath.Join(where, "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	size := int64(0)
	for _, file := range kept {
		if !wanted[filepath.Base(file)] {
			if mode == "renew" {
				os.Remove(file)
				continue
			}
			t.Errorf("%s is a picture of nothing that is looked at", file)
		}
		if info, err := os.Stat(file); err == nil {
			size += info.Size()
		}
	}
	if size > 6<<20 {
		t.Errorf("the pictures have %d bytes: at most 6 MiB", size)
	}
}

// details hides, one after another, what is smallest on a page: the picture that is kept
// must tell that it is missing.
func (p *tab) details(t *testing.T, file string, shrink int) {
	t.Helper()
	old, err := load(file)
	if err != nil {
		return // compare has said so
	}
	for _, what := range []string{".credit", ".kick", ".by"} {
		all := fmt.Sprintf("[...document.querySelectorAll(%q)]", what)
		// Those that are whole in the picture; what only is read out has no width.
		if eval[int](t, p, fmt.Sprintf(`%s.filter(e => { const r = e.getBoundingClientRect();
			return e.checkVisibility() && r.width > 8 && r.bottom < %d }).length`, all, tall)) == 0 {
			continue
		}
		eval[int](t, p, all+`.map(e => e.style.visibility = "hidden").length`)
		if n, _ := changed(old, small(p.still(t), shrink)); n <= tolerated {
			t.Errorf("nobody would see that every %s is missing: %d pixels of a tile change", what, n)
		}
		eval[int](t, p, all+`.map(e => e.style.visibility = "").length`)
	}
}

// picture shows a page as a reader's device would and takes its picture.
func (p *tab) picture(t *testing.T, k kept) *image.RGBA {
	t.Helper()
	p.resize(t, int64(k.width), tall)
	if err := chromedp.Do(p.ctx, chromedp.Navigate(k.address)); err != nil {
		t.Fatalf("%s: %v", k.address, err)
	}
	p.media(t, k.media, calm(k.scheme)...)
	p.again(t)
	return p.still(t)
}

// still is the picture of what a tab shows, from the top of the page on.
func (p *tab) still(t *testing.T) *image.RGBA {
	t.Helper()
	height := eval[int](t, p, "Math.ceil(document.body.getBoundingClientRect().height)")
	shown, err := chromedp.Call(p.ctx, cdppage.CaptureScreenshot, cdppage.CaptureScreenshotParams{})
	if err != nil {
		t.Fatalf("%s: %v", p.self, err)
	}
	img, err := png.Decode(bytes.NewReader(shown.Data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), min(height, tall)))
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
	return out
}

// small makes a picture smaller by averaging squares of n pixels.
func small(img *image.RGBA, n int) *image.RGBA {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx()/n, b.Dy()/n))
	for y := range b.Dy() / n {
		for x := range b.Dx() / n {
			var sum [3]uint32
			for dy := range n {
				for dx := range n {
					c := img.RGBAAt(b.Min.X+x*n+dx, b.Min.Y+y*n+dy)
					sum[0], sum[1], sum[2] = sum[0]+uint32(c.R), sum[1]+uint32(c.G), sum[2]+uint32(c.B)
				}
			}
			of := uint32(n * n)
			out.SetRGBA(x, y, color.RGBA{uint8(sum[0] / of), uint8(sum[1] / of), uint8(sum[2] / of), 255})
		}
	}
	return out
}

func compare(t *testing.T, file string, now *image.RGBA, mode string) {
	t.Helper()
	if mode == "renew" {
		if old, err := load(file); err == nil {
			if n, _ := changed(old, now); n <= tolerated/2 {
				return // as good as it was: the repository need not grow
			}
		}
		store(t, file, now)
		old, err := load(file)
		if err != nil {
			t.Fatal(err)
		}
		if n, at := changed(old, now); n > tolerated/4 {
			t.Errorf("the colours kept are too few for this picture: %d pixels at %v", n, at)
		}
		return
	}
	old, err := load(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("there is no such picture yet: DATELINE_GOLDEN=renew makes it")
	}
	if err != nil {
		t.Fatal(err)
	}
	n, at := changed(old, now)
	if n <= tolerated {
		return
	}
	t.Errorf("changed, most of all %d pixels at %v; look at it and, if it is meant so, renew it with DATELINE_GOLDEN=renew", n, at)
	if mode != "" {
		store(t, filepath.Join(mode, filepath.Base(file)), now)
	}
}

// changed is how many pixels differ in the tile where most do, and where that is;
// pictures of different size differ in all that only one of them has.
func changed(a, b image.Image) (most int, at image.Rectangle) {
	ar, br := a.Bounds(), b.Bounds()
	wide, high := max(ar.Dx(), br.Dx()), max(ar.Dy(), br.Dy())
	both := image.Rect(0, 0, min(ar.Dx(), br.Dx()), min(ar.Dy(), br.Dy()))
	for top := 0; top < high; top += tileHigh {
		for left := 0; left < wide; left += tileWide {
			tile := image.Rect(left, top, min(left+tileWide, wide), min(top+tileHigh, high))
			n := 0
			for y := tile.Min.Y; y < tile.Max.Y; y++ {
				for x := tile.Min.X; x < tile.Max.X; x++ {
					if !(image.Point{x, y}).In(both) || distant(a.At(ar.Min.X+x, ar.Min.Y+y), b.At(br.Min.X+x, br.Min.Y+y), apart) {
						n++
					}
				}
			}
			if n > most {
				most, at = n, tile
			}
		}
	}
	return most, at
}

// distant tells whether two colours differ by more than by in a channel.
func distant(a, b color.Color, by int) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	for _, d := range []int{int(r1>>8) - int(r2>>8), int(g1>>8) - int(g2>>8), int(b1>>8) - int(b2>>8)} {
		if d > by || d < -by {
			return true
		}
	}
	return false
}

func load(file string) (image.Image, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

// colours is how many a kept picture has, but for those that are far from all of them.
const colours = 48

func store(t *testing.T, file string, img *image.RGBA) {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, fewer(img)); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// fewer paints a picture with the colours that it has most of, the others by the
// nearest of them.
func fewer(img *image.RGBA) *image.Paletted {
	count := map[color.RGBA]int{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			count[coarse(img.RGBAAt(x, y))]++
		}
	}
	all := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return int(a.R)<<16 + int(a.G)<<8 + int(a.B) - (int(b.R)<<16 + int(b.G)<<8 + int(b.B))
	})
	var palette color.Palette
	for _, c := range all {
		if len(palette) == colours {
			break
		}
		palette = append(palette, c)
	}
	// What is far from all of these has its place too; it may draw others away from what
	// was near enough, so they are looked at again.
	for n := 0; n != len(palette); {
		n = len(palette)
		for _, c := range all {
			if len(palette) < 256 && distant(palette[palette.Index(c)], c, apart-8) { // coarse has taken 4
				palette = append(palette, c)
			}
		}
	}
	out := image.NewPaletted(img.Bounds(), palette)
	known := map[color.RGBA]uint8{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			c := coarse(img.RGBAAt(x, y))
			i, ok := known[c]
			if !ok {
				i = uint8(palette.Index(c))
				known[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	return out
}

func coarse(c color.RGBA) color.RGBA {
	round := func(v uint8) uint8 { return uint8(min(255, (int(v)+4)/8*8)) }
	return color.RGBA{round(c.R), round(c.G), round(c.B), 255}
}

// The comparison itself: what is the same, what has moved, what has another colour,
// and what is small on a large page.
func TestComparison(t *testing.T) {
	ink := color.RGBA{20, 32, 28, 255}
	// paint draws a line and, elsewhere, so much of a word.
	paint := func(line int, ink color.RGBA, word int) *image.RGBA {
		img := image.NewRGBA(image.Rect(0, 0, 400, 1200))
		draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
		draw.Draw(img, image.Rect(0, line, 400, line+1), image.NewUniform(ink), image.Point{}, draw.Src)
		draw.Draw(img, image.Rect(70, 1000, 70+word, 1001), image.NewUniform(ink), image.Point{}, draw.Src)
		return img
	}
	page := paint(40, ink, 12)
	for name, c := range map[string]struct {
		other image.Image
		same  bool
	}{
		"itself":                {page, true},
		"kept with few colours": {fewer(page), true},
		"smoothed differently":  {paint(40, color.RGBA{40, 50, 40, 255}, 12), true},
		"some specks":           {paint(40, ink, 12+tolerated), true},
		"without a word":        {paint(40, ink, 0), false},
		"moved by a pixel":      {paint(41, ink, 12), false},
		"another colour":        {paint(40, color.RGBA{14, 90, 69, 255}, 12), false},
		"a line higher":         {page.SubImage(image.Rect(0, 0, 400, 1199)), false},
		"narrower":              {page.SubImage(image.Rect(0, 0, 399, 1200)), false},
	} {
		if n, at := changed(page, c.other); n <= tolerated != c.same {
			t.Errorf("%s: %d changed at %v", name, n, at)
		}
	}
	if n, at := changed(page, paint(40, ink, 0)); n != 12 || at != image.Rect(64, 992, 128, 1024) {
		t.Errorf("a word is missing: %d changed at %v", n, at)
	}
	if got := small(page, 10); got.Bounds().Dx() != 40 || got.RGBAAt(0, 4) != (color.RGBA{231, 232, 232, 255}) {
		t.Errorf("made smaller: %v %v", got.Bounds(), got.RGBAAt(0, 4))
	}
}
