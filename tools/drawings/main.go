// Command drawings draws the demo's pictures that are made of pixels:
//
//	go run ./tools/drawings demo/pictures
//
// They are JPEGs of a camera's size for a newspaper (1440 × 960, one of them
// upright), so that the demo shows what is done with photographs; drawn, so
// that they belong to nobody else. The same numbers give the same pictures.
package main

import (
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: drawings FOLDER")
	}
	for name, paint := range map[string]func() *image.RGBA{"ice-dawn": ice, "wind-evening": wind, "town-night": night, "ferry-fog": ferry} {
		f, err := os.Create(filepath.Join(os.Args[1], name+".jpg"))
		if err != nil {
			log.Fatal(err)
		}
		large := paint()
		b := image.Rect(0, 0, large.Rect.Dx()*3/4, large.Rect.Dy()*3/4)
		small := image.NewRGBA(b)
		xdraw.CatmullRom.Scale(small, b, large, large.Rect, draw.Src, nil)
		if err := jpeg.Encode(f, small, &jpeg.Options{Quality: 58}); err != nil {
			log.Fatal(err)
		}
		if err := f.Close(); err != nil {
			log.Fatal(err)
		}
	}
}

type point struct{ x, y float64 }

// sheet is a picture that is drawn on.
type sheet struct {
	*image.RGBA
	rnd *rand.Rand
}

func newSheet(w, h int, seed uint64) sheet {
	return sheet{image.NewRGBA(image.Rect(0, 0, w, h)), rand.New(rand.NewPCG(seed, 1))}
}

func hex(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255} }

func mix(a, b color.RGBA, t float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

// sky fills rows from y0 to y1 with colours one after the other.
func (s sheet) sky(y0, y1 int, stops ...uint32) {
	for y := y0; y < y1; y++ {
		t := float64(y-y0) / float64(y1-y0) * float64(len(stops)-1)
		i := min(int(t), len(stops)-2)
		c := mix(hex(stops[i]), hex(stops[i+1]), t-float64(i))
		for x := range s.Rect.Dx() {
			s.SetRGBA(x, y, c)
		}
	}
}

// fill draws a polygon.
func (s sheet) fill(c color.RGBA, alpha float64, p ...point) {
	box := image.Rectangle{Min: image.Pt(1<<30, 1<<30)}
	for _, q := range p {
		box.Min.X, box.Min.Y = min(box.Min.X, int(q.x)-1), min(box.Min.Y, int(q.y)-1)
		box.Max.X, box.Max.Y = max(box.Max.X, int(q.x)+2), max(box.Max.Y, int(q.y)+2)
	}
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	at := func(q point) (float32, float32) {
		return float32(q.x) - float32(box.Min.X), float32(q.y) - float32(box.Min.Y)
	}
	z.MoveTo(at(p[0]))
	for _, q := range p[1:] {
		z.LineTo(at(q))
	}
	z.ClosePath()
	mask := image.NewAlpha(image.Rect(0, 0, box.Dx(), box.Dy()))
	z.Draw(mask, mask.Rect, image.NewUniform(color.Alpha{uint8(alpha * 255)}), image.Point{})
	draw.DrawMask(s, box, image.NewUniform(c), image.Point{}, mask, image.Point{}, draw.Over)
}

func (s sheet) disc(c color.RGBA, alpha, x, y, r float64) {
	var p []point
	for i := range 72 {
		a := float64(i) * math.Pi / 36
		p = append(p, point{x + r*math.Cos(a), y + r*math.Sin(a)})
	}
	s.fill(c, alpha, p...)
}

// glow lightens what lies around a point.
func (s sheet) glow(c color.RGBA, x, y, r, strength float64) {
	for py := max(0, int(y-r)); py < min(s.Rect.Dy(), int(y+r)); py++ {
		for px := max(0, int(x-r)); px < min(s.Rect.Dx(), int(x+r)); px++ {
			if d := math.Hypot(float64(px)-x, float64(py)-y) / r; d < 1 {
				s.SetRGBA(px, py, mix(s.RGBAAt(px, py), c, strength*(1-d)*(1-d)))
			}
		}
	}
}

// ridge draws hills whose crest lies about y and rises by about high.
func (s sheet) ridge(c color.RGBA, y, high float64) {
	w, h := float64(s.Rect.Dx()), float64(s.Rect.Dy())
	var waves [5][3]float64
	for i := range waves {
		waves[i] = [3]float64{high / float64(i+1), (0.6 + s.rnd.Float64()) * float64(i+1) * math.Pi / w, s.rnd.Float64() * 7}
	}
	p := []point{{0, h}}
	for x := 0.0; x <= w; x += 6 {
		at := y
		for _, v := range waves {
			at -= v[0] * math.Sin(v[1]*x+v[2])
		}
		p = append(p, point{x, at})
	}
	s.fill(c, 1, append(p, point{w, h})...)
}

// bar is a thin quadrilateral from a to b.
func (s sheet) bar(c color.RGBA, alpha float64, a, b point, wa, wb float64) {
	d := math.Hypot(b.x-a.x, b.y-a.y)
	nx, ny := -(b.y-a.y)/d/2, (b.x-a.x)/d/2
	s.fill(c, alpha, point{a.x + nx*wa, a.y + ny*wa}, point{b.x + nx*wb, b.y + ny*wb}, point{b.x - nx*wb, b.y - ny*wb}, point{a.x - nx*wa, a.y - ny*wa})
}

// ice: the Stone River on the first morning of ice.
func ice() *image.RGBA {
	s := newSheet(1920, 1280, 7)
	s.sky(0, 620, 0x6f93b4, 0xb9c9d3, 0xf3d9c0, 0xf7c9a0)
	s.glow(hex(0xfff2d8), 1320, 560, 620, 0.8)
	s.disc(hex(0xfff6e2), 1, 1320, 548, 52)
	for i, c := range []uint32{0xbcc3cb, 0x98a7b4, 0x728799} {
		s.ridge(hex(c), 610+float64(i)*14, 46-float64(i)*10)
	}
	s.sky(640, 1280, 0xe7d6c8, 0xb4c4d0, 0x7f9bb2, 0x5c7d97)
	for range 190 { // floes, larger towards us
		t := s.rnd.Float64()
		y := 650 + 620*t*t
		size := 10 + 170*t*t
		x := s.rnd.Float64()*2100 - 90
		var p []point
		for k := range 7 {
			a := float64(k)*math.Pi*2/7 + s.rnd.Float64()*0.6
			p = append(p, point{x + size*math.Cos(a)*(0.8+s.rnd.Float64()*0.5), y + size*0.26*math.Sin(a)*(0.8+s.rnd.Float64()*0.5)})
		}
		s.fill(mix(hex(0xf4ede6), hex(0xc9d9e4), s.rnd.Float64()), 0.85, p...)
	}
	s.glow(hex(0xffe9c8), 1320, 760, 380, 0.45)
	for range 60 { // reeds on our bank
		x, high := s.rnd.Float64()*560-30, 150+s.rnd.Float64()*260
		lean := s.rnd.Float64()*60 - 10
		s.bar(hex(0x2b3a38), 1, point{x, 1290}, point{x + lean, 1290 - high}, 7, 2)
		s.bar(hex(0x4a3a2b), 1, point{x + lean*0.86, 1290 - high*0.86}, point{x + lean, 1290 - high}, 13, 6)
	}
	return s.RGBA
}

// wind: turbines over the steppe in the evening.
func wind() *image.RGBA {
	s := newSheet(1920, 1280, 11)
	s.sky(0, 900, 0x2c3f63, 0x7a6a8c, 0xd98f7a, 0xf5c27d, 0xfbe2a8)
	s.glow(hex(0xfff0c0), 480, 820, 560, 0.85)
	s.disc(hex(0xfff3cf), 1, 480, 812, 74)
	s.ridge(hex(0xb98572), 880, 40)
	turbine := func(x, y, high, turn float64, c color.RGBA) {
		s.bar(c, 1, point{x, y}, point{x, y - high}, high*0.035, high*0.014)
		for k := range 3 {
			a := turn + float64(k)*math.Pi*2/3
			s.bar(c, 1, point{x, y - high}, point{x + math.Cos(a)*high*0.55, y - high + math.Sin(a)*high*0.55}, high*0.024, high*0.006)
		}
		s.disc(c, 1, x, y-high, high*0.018)
	}
	for i := range 5 {
		turbine(760+float64(i)*230, 915, 190+s.rnd.Float64()*30, s.rnd.Float64()*2, hex(0x8a6268))
	}
	s.ridge(hex(0x8d6257), 960, 34)
	turbine(1180, 1010, 520, 0.5, hex(0x4d3f4e))
	turbine(1600, 1050, 640, 1.3, hex(0x3b3344))
	s.ridge(hex(0x5d4642), 1060, 30)
	s.ridge(hex(0x382f30), 1180, 26)
	s.fill(hex(0xe8ddd0), 1, point{300, 1130}, point{316, 1060}, point{380, 1020}, point{444, 1060}, point{460, 1130}) // a yurt
	s.fill(hex(0x8a3b2c), 1, point{364, 1130}, point{364, 1078}, point{398, 1078}, point{398, 1130})
	s.ridge(hex(0x2a2426), 1240, 16)
	return s.RGBA
}

// night: windows of the Mill quarter, with snow.
func night() *image.RGBA {
	s := newSheet(1920, 1280, 5)
	s.sky(0, 1280, 0x0e1830, 0x1a2a4a, 0x33466b, 0x5b6b8c)
	s.glow(hex(0xdfe6f5), 1540, 210, 330, 0.5)
	s.disc(hex(0xf4f1e2), 1, 1540, 210, 62)
	block := func(x, w, top float64, c color.RGBA, lit float64) {
		s.fill(c, 1, point{x, 1180}, point{x, top}, point{x + w, top}, point{x + w, 1180})
		s.fill(hex(0xe3e9f2), 0.9, point{x - 4, top}, point{x - 4, top - 14}, point{x + w + 4, top - 14}, point{x + w + 4, top})
		for y := top + 34; y < 1120; y += 74 {
			for wx := x + 24; wx < x+w-40; wx += 62 {
				p := []point{{wx, y}, {wx + 34, y}, {wx + 34, y + 44}, {wx, y + 44}}
				if s.rnd.Float64() < lit {
					s.fill(mix(hex(0xffd98a), hex(0xf6b25a), s.rnd.Float64()), 1, p...)
				} else {
					s.fill(mix(c, hex(0x0a1226), 0.5), 1, p...)
				}
			}
		}
	}
	block(60, 300, 560, hex(0x2a3654), 0.3)
	block(1480, 330, 500, hex(0x273350), 0.35)
	block(330, 420, 640, hex(0x202b47), 0.5)
	block(1060, 460, 610, hex(0x1e2843), 0.45)
	block(700, 400, 720, hex(0x182138), 0.62)
	s.bar(hex(0x141c30), 1, point{905, 720}, point{905, 330}, 74, 50) // the boiler house
	s.fill(hex(0xb23a2e), 1, point{876, 392}, point{934, 392}, point{935, 430}, point{875, 430})
	for i := range 7 {
		s.disc(hex(0xaeb8cb), 0.16, 930+float64(i)*46, 300-float64(i)*30, 40+float64(i)*17)
	}
	s.ridge(hex(0xd7dfeb), 1190, 16)
	s.ridge(hex(0xb9c5d8), 1246, 12)
	for range 170 {
		s.disc(hex(0xffffff), 0.75, s.rnd.Float64()*1920, s.rnd.Float64()*1280, 2+s.rnd.Float64()*3.4)
	}
	return s.RGBA
}

// ferry: the ferry in fog, upright; what matters is far below the middle.
func ferry() *image.RGBA {
	s := newSheet(1280, 1920, 3)
	s.sky(0, 1240, 0xcfd9d8, 0xdde4e0, 0xe9ebe4, 0xdfe3dc)
	s.glow(hex(0xfffdf0), 420, 560, 460, 0.7)
	s.disc(hex(0xfffef6), 0.9, 420, 560, 70)
	s.ridge(hex(0xc3cfcc), 1180, 40)
	s.ridge(hex(0xa9bab6), 1216, 24)
	s.sky(1240, 1920, 0xc9d5d1, 0x9fb5b0, 0x6c8c88)
	dark := hex(0x23413d)
	s.fill(dark, 1, point{520, 1420}, point{1090, 1420}, point{1040, 1490}, point{570, 1490})
	s.fill(hex(0xf0ebdc), 1, point{640, 1420}, point{640, 1330}, point{880, 1330}, point{880, 1420})
	s.fill(hex(0xb5452f), 1, point{616, 1330}, point{648, 1296}, point{872, 1296}, point{904, 1330})
	for i := range 4 {
		x := 662 + float64(i)*54
		s.fill(hex(0x3c5c63), 1, point{x, 1352}, point{x + 32, 1352}, point{x + 32, 1386}, point{x, 1386})
	}
	s.bar(dark, 1, point{980, 1420}, point{980, 1150}, 12, 7)
	s.fill(hex(0xf2c24e), 1, point{984, 1160}, point{1060, 1184}, point{984, 1208})
	for i := range 26 { // what the water gives back
		y := 1500 + float64(i)*15
		w := 250 - float64(i)*8
		s.bar(dark, 0.22-float64(i)*0.007, point{800 - w + s.rnd.Float64()*40, y}, point{800 + w - s.rnd.Float64()*40, y}, 6, 6)
	}
	for i := range 9 { // a rope across the river
		x := float64(i) * 160
		s.bar(hex(0x4a5f5c), 1, point{x, 1400 - 40*math.Sin(x/1280*math.Pi)}, point{x + 160, 1400 - 40*math.Sin((x+160)/1280*math.Pi)}, 3, 3)
	}
	return s.RGBA
}
