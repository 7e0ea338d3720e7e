package media

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"

	"dateline/internal/fault"
	"dateline/internal/rendition"
)

// quality of JPEG renditions: at 80 nobody tells them from the original beside
// text; 90 is half as large again.
const quality = 80

// band is how many rows or columns are scaled at once.
const band = 64

// scale gives the part of a picture at w × h pixels, by Catmull and Rom's
// kernel. It goes in bands, first across and then down: x/image/draw keeps 32
// bytes for each pixel between its two passes, which for 12 megapixels would
// be 154 MB; the pass that does not scale takes its pixels as they are.
func scale(src image.Image, part image.Rectangle, w, h int) *image.RGBA {
	ph := part.Dy()
	mid := image.NewRGBA(image.Rect(0, 0, w, ph))
	across := draw.CatmullRom.NewScaler(w, band, part.Dx(), band)
	for y := 0; y < ph; y += band {
		n := min(band, ph-y)
		to, from := image.Rect(0, y, w, y+n), image.Rect(part.Min.X, part.Min.Y+y, part.Max.X, part.Min.Y+y+n)
		if n < band {
			draw.CatmullRom.Scale(mid, to, src, from, draw.Src, nil)
		} else {
			across.Scale(mid, to, src, from, draw.Src, nil)
		}
	}
	if h == ph {
		return mid
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	down := draw.CatmullRom.NewScaler(band, h, band, ph)
	for x := 0; x < w; x += band {
		n := min(band, w-x)
		to, from := image.Rect(x, 0, x+n, h), image.Rect(x, 0, x+n, ph)
		if n < band {
			draw.CatmullRom.Scale(out, to, mid, from, draw.Src, nil)
		} else {
			down.Scale(out, to, mid, from, draw.Src, nil)
		}
	}
	return out
}

// turning is an EXIF orientation (EXIF 2.32 §4.6.4, tag 0x0112): rows and
// columns changed places, then left and right, then top and bottom.
type turning struct{ swap, flipX, flipY bool }

func turningOf(orientation int) turning {
	switch orientation {
	case 2:
		return turning{flipX: true}
	case 3:
		return turning{flipX: true, flipY: true}
	case 4:
		return turning{flipY: true}
	case 5:
		return turning{swap: true}
	case 6:
		return turning{swap: true, flipX: true}
	case 7:
		return turning{swap: true, flipX: true, flipY: true}
	case 8:
		return turning{swap: true, flipY: true}
	}
	return turning{}
}

// shown is the size of a stored picture once it is turned.
func (t turning) shown(w, h int) (int, int) {
	if t.swap {
		return h, w
	}
	return w, h
}

// stored is where a part of the turned picture, which is w × h, lies in the
// picture as it is stored.
func (t turning) stored(r image.Rectangle, w, h int) image.Rectangle {
	if t.flipX {
		r.Min.X, r.Max.X = w-r.Max.X, w-r.Min.X
	}
	if t.flipY {
		r.Min.Y, r.Max.Y = h-r.Max.Y, h-r.Min.Y
	}
	if t.swap {
		r = image.Rect(r.Min.Y, r.Min.X, r.Max.Y, r.Max.X)
	}
	return r
}

// turn gives a stored picture as it is to be shown.
func (t turning) turn(in *image.RGBA) *image.RGBA {
	if t == (turning{}) {
		return in
	}
	w, h := t.shown(in.Rect.Dx(), in.Rect.Dy())
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range in.Rect.Dy() {
		for x := range in.Rect.Dx() {
			tx, ty := x, y
			if t.swap {
				tx, ty = y, x
			}
			if t.flipX {
				tx = w - 1 - tx
			}
			if t.flipY {
				ty = h - 1 - ty
			}
			i, o := in.PixOffset(in.Rect.Min.X+x, in.Rect.Min.Y+y), out.PixOffset(tx, ty)
			copy(out.Pix[o:o+4], in.Pix[i:i+4])
		}
	}
	return out
}

// cut draws a part of a decoded picture. part is of the picture as shown,
// which is w × h pixels.
func cut(img image.Image, t turning, part image.Rectangle, w, h int) *image.RGBA {
	b := img.Bounds()
	sw, sh := t.shown(b.Dx(), b.Dy())
	r := t.stored(part, sw, sh).Add(b.Min)
	tw, th := w, h
	if t.swap {
		tw, th = h, w
	}
	return t.turn(scale(img, r, tw, th))
}

// encode codes a drawn picture with its colour profile: JPEG and PNG here,
// what else there is by a program.
func (d *Drawer) encode(ctx context.Context, img *image.RGBA, f rendition.Format, profile []byte) ([]byte, error) {
	var b bytes.Buffer
	switch f {
	case rendition.JPEG:
		if !img.Opaque() {
			return nil, fault.Field("file", "a picture with transparent parts has no JPEG: %w", errStays)
		}
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		return withProfile(b.Bytes(), profile), nil
	case rendition.PNG:
		err := png.Encode(&b, img)
		return pngProfile(b.Bytes(), profile), err
	}
	fast := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := fast.Encode(&b, img); err != nil {
		return nil, err
	}
	return d.programs.Encode(ctx, f, pngProfile(b.Bytes(), profile))
}

// pngProfile puts an ICC profile behind a PNG's header (PNG 3rd ed. §11.3.2.3).
func pngProfile(file, profile []byte) []byte {
	if !rgbProfile(profile) || len(file) < 33 {
		return file
	}
	var data bytes.Buffer
	data.WriteString("iCCPprofile\x00\x00")
	z := zlib.NewWriter(&data)
	z.Write(profile) // a bytes.Buffer takes everything
	z.Close()
	out := append(make([]byte, 0, len(file)+data.Len()+12), file[:33]...)
	out = binary.BigEndian.AppendUint32(out, uint32(data.Len()-4))
	out = append(out, data.Bytes()...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(data.Bytes()))
	return append(out, file[33:]...)
}

// withProfile puts an ICC profile into a JPEG, right behind its beginning (ICC.1
// annex B.4). Cameras and phones take pictures in wider colours than a screen
// supposes; without their profile those turn grey. sRGB is what is supposed.
func withProfile(jpg, profile []byte) []byte {
	if !rgbProfile(profile) {
		return jpg
	}
	const most = 65535 - 2 - 14
	n := (len(profile) + most - 1) / most
	out := append(make([]byte, 0, len(jpg)+len(profile)+n*18), jpg[:2]...)
	for i := range n {
		part := profile[i*most : min((i+1)*most, len(profile))]
		size := len(part) + 2 + 14
		out = append(out, 0xff, 0xe2, byte(size>>8), byte(size))
		out = append(out, "ICC_PROFILE\x00"...)
		out = append(append(out, byte(i+1), byte(n)), part...)
	}
	return append(out, jpg[2:]...)
}

// rgbProfile reports whether a profile says something of an RGB picture that
// browsers do not suppose anyway (ICC.1 §7.2: the colour space stands at 16).
func rgbProfile(p []byte) bool {
	const utf16 = "s\x00R\x00G\x00B"
	return len(p) > 128 && len(p) < 1<<20 && string(p[16:20]) == "RGB " &&
		!bytes.Contains(p, []byte("sRGB")) && !bytes.Contains(p, []byte(utf16))
}
