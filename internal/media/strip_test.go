package media

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/image/webp"

	"dateline/internal/fault"
)

const secret = "43.238N 76.945E"

// picture is a drawing of stripes.
func picture(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(x * 5), uint8(y * 7), 90, 255})
		}
	}
	return m
}

func segment(marker byte, data string) string {
	n := len(data) + 2
	return string([]byte{0xff, marker, byte(n >> 8), byte(n)}) + data
}

// exif is a block with an orientation and a position.
func exif(o int) string {
	le := binary.LittleEndian
	b := []byte("II*\x00\x08\x00\x00\x00\x02\x00")
	b = le.AppendUint16(b, 0x0112)
	b = le.AppendUint16(b, 3)
	b = le.AppendUint32(b, 1)
	b = le.AppendUint32(b, uint32(o))
	b = append(b, "\x25\x88\x04\x00\x01\x00\x00\x00\x26\x00\x00\x00\x00\x00\x00\x00"...)
	return string(b) + secret
}

// photo is a JPEG as cameras write it, with the parts in front.
func photo(t testing.TB, w, h int, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(w, h), nil); err != nil {
		t.Fatal(err)
	}
	return []byte("\xff\xd8" + strings.Join(parts, "") + b.String()[2:])
}

func strip(clean cleaner, in []byte) ([]byte, shape, error) {
	return stripHeard(clean, in, &heard{})
}

func stripHeard(clean cleaner, in []byte, h *heard) ([]byte, shape, error) {
	var out bytes.Buffer
	size, err := clean(&out, bufio.NewReader(bytes.NewReader(in)), h)
	return out.Bytes(), size, err
}

func TestStripJPEG(t *testing.T) {
	private := []string{
		segment(0xe1, "Exif\x00\x00"+exif(6)), segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret), segment(0xed, "Photoshop 3.0\x00"+secret),
		segment(0xfe, secret), "\xff\xff\xff", segment(0xe2, "MPF\x00"+secret), segment(0xe5, secret), segment(0xf7, secret),
	}
	icc := segment(0xe2, "ICC_PROFILE\x00\x01\x01colours")
	in := append(photo(t, 40, 30, append(private, icc)...), photo(t, 8, 8, private...)...) // a second picture behind
	out, size, err := strip(stripJPEG, in)
	if err != nil {
		t.Fatal(err)
	}
	if size != (shape{30, 40}) {
		t.Errorf("turned by a quarter it measures %v", size)
	}
	if bytes.Contains(out, []byte("43.238")) || !bytes.Contains(out, []byte(icc)) {
		t.Error("what must go stayed, or what must stay went")
	}
	if i := bytes.Index(out, []byte("Exif\x00\x00")); i < 0 || orientation(out[i+6:]) != 6 || bytes.Count(out, []byte("Exif")) != 1 {
		t.Error("the orientation is lost")
	}
	a, err := jpeg.Decode(bytes.NewReader(photo(t, 40, 30)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := jpeg.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	for y := range 30 {
		for x := range 40 {
			if a.At(x, y) != b.At(x, y) {
				t.Fatalf("pixel %d,%d changed", x, y)
			}
		}
	}
	if again, _, err := strip(stripJPEG, out); err != nil || !bytes.Equal(again, out) {
		t.Errorf("stripping twice: %v", err)
	}
}

func TestOddJPEGs(t *testing.T) {
	whole := photo(t, 60, 60)
	scan := bytes.Index(whole, []byte{0xff, 0xda})
	if out, size, err := strip(stripJPEG, whole[:scan+40]); err != nil || size != (shape{60, 60}) || !bytes.HasSuffix(out, []byte{0xff, 0xd9}) {
		t.Errorf("one that breaks off: %v %v", size, err)
	}
	for name, in := range map[string][]byte{
		"nothing": nil, "no picture": []byte("\xff\xd8\xff\xd9"), "head only": whole[:scan], "short length": []byte("\xff\xd8\xff\xe1\x00\x01"),
		"no size": append([]byte("\xff\xd8"), whole[scan:]...), "rubbish": append([]byte("\xff\xd8"), make([]byte, 1<<17)...),
	} {
		if _, _, err := strip(stripJPEG, in); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func chunk(kind, data string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, kind+data...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

func TestStripPNG(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, picture(20, 10)); err != nil {
		t.Fatal(err)
	}
	plain := b.String()
	in := plain[:33] + chunk("eXIf", exif(1)) + chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+secret) + chunk("gAMA", "\x00\x00\xb1\x8f") + plain[33:] + secret
	out, size, err := strip(stripPNG, []byte(in))
	if err != nil || size != (shape{20, 10}) {
		t.Fatal(size, err)
	}
	if want := plain[:33] + chunk("gAMA", "\x00\x00\xb1\x8f") + plain[33:]; string(out) != want {
		t.Errorf("%d bytes, want %d", len(out), len(want))
	}
	if out, _, err := strip(stripPNG, []byte(plain[:len(plain)-20])); err != nil || len(out) == 0 {
		t.Errorf("one that breaks off: %v", err)
	}
	for name, in := range map[string]string{
		"head only": plain[:33], "no head": plain[:20], "long part": plain[:33] + "\xff\xff\xff\xffIDAT", "no name": plain[:33] + "\x00\x00\x00\x01\x00\x00\x00\x00xxxxx",
		"no picture": plain[:33] + chunk("IEND", ""),
	} {
		if _, _, err := strip(stripPNG, []byte(in)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// webpPicture is a WebP of one pixel on a canvas of 3 × 2, with EXIF and XMP.
func webpPicture(t testing.TB, o int) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	part := func(kind, data string) string {
		if len(data)%2 == 1 {
			return kind + string(binary.LittleEndian.AppendUint32(nil, uint32(len(data)))) + data + "\x00"
		}
		return kind + string(binary.LittleEndian.AppendUint32(nil, uint32(len(data)))) + data
	}
	body := "WEBP" + part("VP8X", "\x0c\x00\x00\x00\x02\x00\x00\x01\x00\x00") + string(raw[12:]) + part("EXIF", exif(o)) + part("XMP ", "<x>"+secret+"</x>")
	return []byte(part("RIFF", body))
}

func TestStripWebP(t *testing.T) {
	for _, o := range []int{1, 6} {
		in := webpPicture(t, o)
		out, size, err := strip(stripWebP, in)
		if err != nil || len(out) != len(in) || bytes.Contains(out, []byte("43.238")) {
			t.Fatalf("%d bytes of %d, %v", len(out), len(in), err)
		}
		if i := bytes.Index(out, []byte("EXIF")); orientation(out[i+8:]) != o {
			t.Error("the orientation is lost")
		}
		if c, err := webp.DecodeConfig(bytes.NewReader(out)); err != nil || c.Width != 3 || c.Height != 2 {
			t.Errorf("%+v %v", c, err)
		}
		want := shape{3, 2}
		if o == 6 {
			want = shape{2, 3}
		}
		if err := measure("image/webp", bytes.NewReader(out), &size); err != nil || size != want {
			t.Errorf("%v %v, want %v", size, err, want)
		}
	}
}

func box(kind string, parts ...string) string {
	data := strings.Join(parts, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(data)+8))) + kind + data
}

// avifPicture is the skeleton of an AVIF of 640 × 480: enough for whoever reads
// boxes, not for a decoder. The EXIF stands in the data, the XMP in meta itself.
func avifPicture(turned bool, late bool) []byte {
	be32 := func(n int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(n))) }
	infe := func(id, kind string) string { return box("infe", "\x02\x00\x00\x00\x00", id, "\x00\x00", kind, "\x00") }
	ftyp := box("ftyp", "avif", "\x00\x00\x00\x00", "mif1avif")
	turn := ""
	if turned {
		turn = box("irot", "\x01")
	}
	meta := func(exifAt int) string {
		item := func(id, method string, at, n int) string {
			return "\x00" + id + "\x00" + method + "\x00\x00" + "\x00\x01" + be32(at) + be32(n)
		}
		return box("meta", "\x00\x00\x00\x00",
			box("iinf", "\x00\x00\x00\x00\x00\x03", infe("\x01", "av01"), infe("\x02", "Exif"), infe("\x03", "mime")),
			box("iloc", "\x01\x00\x00\x00\x44\x00\x00\x03", item("\x01", "\x00", exifAt+40, 8), item("\x02", "\x00", exifAt, len(secret)), item("\x03", "\x01", 4, len(secret))),
			box("idat", "head", secret, "tail"),
			box("iprp", box("ipco", box("ispe", "\x00\x00\x00\x00", be32(640), be32(480)), box("ispe", "\x00\x00\x00\x00", be32(64), be32(64)), turn)))
	}
	mdat := box("mdat", "....", secret, "rest of the data, the picture itself")
	if late {
		return []byte(ftyp + mdat + meta(len(ftyp)+12))
	}
	return []byte(ftyp + meta(len(ftyp)+len(meta(0))+12) + mdat)
}

func TestStripAVIF(t *testing.T) {
	for _, turned := range []bool{false, true} {
		in := avifPicture(turned, false)
		out, size, err := strip(stripAVIF, in)
		want := shape{640, 480}
		if turned {
			want = shape{480, 640}
		}
		if err != nil || size != want {
			t.Fatalf("%v %v, want %v", size, err, want)
		}
		blanked := strings.ReplaceAll(string(in), secret, strings.Repeat("\x00", len(secret)))
		if string(out) != blanked {
			t.Errorf("%q", out)
		}
	}
	for name, in := range map[string][]byte{"late": avifPicture(false, true), "no size": avifPicture(false, false)[:40], "huge": []byte(box("ftyp", "avif") + "\x7f\xff\xff\xffmeta")} {
		if _, _, err := strip(stripAVIF, in); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzJPEGStrip(f *testing.F) {
	whole := photo(f, 9, 7, segment(0xe1, "Exif\x00\x00"+exif(8)))
	f.Add(whole)
	f.Add(whole[:len(whole)-30])
	f.Add(photo(f, 3, 3, segment(0xfe, secret), "\xff\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		out, size, err := strip(stripJPEG, in)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		if len(out) > len(in)+64 || !bytes.HasPrefix(out, []byte{0xff, 0xd8}) || !bytes.HasSuffix(out, []byte{0xff, 0xd9}) {
			t.Fatalf("%d bytes became %d", len(in), len(out))
		}
		again, size2, err := strip(stripJPEG, out)
		if err != nil || size != size2 || !bytes.Equal(again, out) {
			t.Fatalf("stripped twice: %v %v %v", size, size2, err)
		}
	})
}

// Whatever comes, the other strippers end, and with an error of ours.
func FuzzStrip(f *testing.F) {
	f.Add(webpPicture(f, 3))
	f.Add(avifPicture(true, false))
	var b bytes.Buffer
	if err := png.Encode(&b, picture(4, 4)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, in []byte) {
		for name, clean := range map[string]cleaner{"png": stripPNG, "webp": stripWebP, "avif": stripAVIF, "gif": stripGIF} {
			out, _, err := strip(clean, in)
			if err != nil && !fault.Is(err, fault.Invalid) || len(out) > len(in) {
				t.Fatalf("%s: %d bytes of %d, %v", name, len(out), len(in), err)
			}
		}
	})
}
