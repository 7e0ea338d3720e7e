package media

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"dateline/internal/rendition"
)

// camera is a photograph of 12 megapixels, as a telephone takes it: 4:2:0,
// with noise in it.
func camera(tb testing.TB) []byte {
	tb.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	n := uint32(1)
	for i := range m.Y {
		n = n*1664525 + 1013904223
		m.Y[i] = uint8(60+i%4000/32) + uint8(n>>28)
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = uint8(100+i%2000/50), uint8(150-i/2000/40)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 88}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// BenchmarkRendition is what making renditions of such a photograph costs:
// decoding, the first one, and another while it is kept.
func BenchmarkRendition(b *testing.B) {
	in := camera(b)
	img, _, err := decode(bytes.NewReader(in), "image/jpeg")
	if err != nil {
		b.Fatal(err)
	}
	d := NewDrawer(&Store{}, nil, nil)
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := decode(bytes.NewReader(in), "image/jpeg"); err != nil {
				b.Fatal(err)
			}
		}
	})
	whole := img.Bounds()
	var master *image.RGBA
	b.Run("to 1920", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			master = cut(img, turning{}, whole, 1920, 1440)
		}
	})
	for _, w := range []int{320, 960} {
		b.Run("from 1920 to "+map[int]string{320: "320", 960: "960"}[w], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.encode(b.Context(), cut(master, turning{}, master.Rect, w, w*3/4), rendition.JPEG, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("colour", func(b *testing.B) {
		for b.Loop() {
			if dominant(master) == "" {
				b.Fatal("no colour")
			}
		}
	})
}
