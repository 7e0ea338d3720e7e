package media

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"dateline/internal/fault"
)

// budget is the memory in bytes that a decoded picture may take. A photograph
// of 50 megapixels fits, as it comes from a camera; what does not is shown as
// it is.
const budget = 208 << 20

// head is what must be known of a picture before it is decoded.
type head struct {
	width, height int // pixels as stored
	bytes         int64
	orientation   int    // 1…8; 0 not said
	profile       []byte // ICC, "" none
}

// errStays says that a picture is shown as it is.
var errStays = errors.New("shown as it is")

// decode reads a picture. Faults: TooLarge where its memory is beyond the
// budget, Invalid where it is broken, with errStays where no renditions are
// made of its kind.
func decode(r io.ReadSeeker, mime string) (image.Image, head, error) {
	h, err := readHead(r, mime)
	if err != nil {
		return nil, h, err
	}
	if h.width <= 0 || h.height <= 0 {
		return nil, h, fault.Field("file", "a picture of %d × %d pixels", h.width, h.height)
	}
	if int64(h.width)*int64(h.height) > MaxPixels || h.bytes > budget {
		e := tooManyPixels(h.width, h.height)
		e.What += fmt.Sprintf(" takes %d MB", h.bytes>>20)
		return nil, h, e
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, h, err
	}
	var img image.Image
	switch br := bufio.NewReaderSize(r, 64<<10); mime {
	case "image/jpeg":
		img, err = jpeg.Decode(br)
	case "image/png":
		img, err = png.Decode(br)
	case "image/webp":
		img, err = webp.Decode(br)
	}
	if err != nil {
		return nil, h, fault.Field("file", "a broken picture: %w", err)
	}
	if b := img.Bounds(); b.Dx() != h.width || b.Dy() != h.height {
		return nil, h, fault.Field("file", "a picture that says %d × %d pixels and has %d × %d", h.width, h.height, b.Dx(), b.Dy())
	}
	return img, h, nil
}

// readHead reads as far as the pixels.
func readHead(r io.ReadSeeker, mime string) (head, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return head{}, err
	}
	br := bufio.NewReaderSize(r, 64<<10)
	switch mime {
	case "image/jpeg":
		return jpegHead(br)
	case "image/png":
		return pngHead(br)
	case "image/webp":
		c, err := webp.DecodeConfig(br)
		if err != nil {
			return head{}, fault.Field("file", "a broken WebP: %w", err)
		}
		o, err := webpOrientation(r)
		// VP8L holds four bytes a pixel twice; VP8 with transparency less.
		return head{width: c.Width, height: c.Height, bytes: int64(c.Width) * int64(c.Height) * 8, orientation: o}, err
	}
	return head{}, fault.Field("file", "%s: %w", mime, errStays)
}

// jpegHead reads the segments before the first scan (ITU-T T.81 annex B).
func jpegHead(r *bufio.Reader) (head, error) {
	var h head
	j := jpegCopy{w: io.Discard, r: r}
	if _, err := r.Discard(2); err != nil {
		return h, brokenJPEG("no beginning")
	}
	var profile [][]byte
	for {
		marker, err := j.next()
		if err != nil {
			return h, fault.Field("file", "a broken JPEG: %w", err)
		}
		if marker == 0xda || marker == 0xd9 {
			break
		}
		if marker <= 0x01 || marker >= 0xd0 && marker <= 0xd8 {
			continue
		}
		data, err := j.read()
		if err != nil {
			return h, fault.Field("file", "a broken JPEG: %w", err)
		}
		switch {
		case marker == 0xe1 && bytes.HasPrefix(data, []byte("Exif\x00\x00")) && h.orientation == 0:
			h.orientation = orientation(data[6:])
		case marker == 0xe2 && bytes.HasPrefix(data, []byte("ICC_PROFILE\x00")) && len(data) > 14:
			profile = append(profile, bytes.Clone(data[14:]))
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc && h.width == 0:
			if h.width, h.height, h.bytes, err = frameMemory(marker, data); err != nil {
				return h, err
			}
		}
	}
	h.profile = bytes.Join(profile, nil)
	return h, nil
}

// frameMemory reads a frame header (T.81 §B.2.2) and tells what image/jpeg
// will hold of it: a byte a sample, of a progressive picture its coefficients
// of four bytes too, and of CMYK the converted pixels.
func frameMemory(marker byte, data []byte) (width, height int, memory int64, err error) {
	if len(data) < 6 || len(data) < 6+3*int(data[5]) || data[5] == 0 {
		return 0, 0, 0, brokenJPEG("a short frame header")
	}
	height, width = int(binary.BigEndian.Uint16(data[1:])), int(binary.BigEndian.Uint16(data[3:]))
	pixels := int64(width) * int64(height)
	most, samples := int64(1), int64(0)
	for i := range int(data[5]) {
		f := data[6+3*i+1]
		n := int64(f>>4) * int64(f&15)
		most, samples = max(most, n), samples+n
	}
	memory = pixels * samples / most
	if marker == 0xc2 {
		memory *= 5
	}
	if data[5] == 4 {
		memory += pixels * 4
	}
	return width, height, memory, nil
}

// pngHead reads IHDR and the colour profile before the pixels (PNG 3rd ed.
// §11.2.1, §11.3.2.3).
func pngHead(r *bufio.Reader) (head, error) {
	var b [33]byte
	if _, err := io.ReadFull(r, b[:]); err != nil || string(b[12:16]) != "IHDR" {
		return head{}, fault.Field("file", "a broken PNG: it does not say its size")
	}
	width, height := binary.BigEndian.Uint32(b[16:]), binary.BigEndian.Uint32(b[20:])
	if width > 1<<24 || height > 1<<24 {
		return head{}, fault.New(fault.TooLarge, "a picture of %d × %d pixels", width, height)
	}
	h := head{width: int(width), height: int(height)}
	each := int64(1)
	switch depth, kind := b[24], b[25]; {
	case kind == 3, kind == 0 && depth <= 8:
	case kind == 0:
		each = 2
	case depth == 16:
		each = 8
	default:
		each = 4
	}
	h.bytes = int64(width) * int64(height) * each
	if b[28] != 0 { // interlaced: passes are held beside the whole
		h.bytes += h.bytes / 2
	}
	for {
		var chunk [8]byte
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			return h, fault.Field("file", "a broken PNG: %w", err)
		}
		n := int64(binary.BigEndian.Uint32(chunk[:]))
		switch kind := string(chunk[4:]); {
		case kind == "IDAT" || kind == "IEND":
			return h, nil
		case kind == "iCCP" && n < 1<<20:
			data := make([]byte, n+4)
			if _, err := io.ReadFull(r, data); err != nil {
				return h, fault.Field("file", "a broken PNG: %w", err)
			}
			h.profile = inflate(data[:n])
		default:
			if _, err := io.CopyN(io.Discard, r, n+4); err != nil {
				return h, fault.Field("file", "a broken PNG: %w", err)
			}
		}
	}
}

// inflate reads the profile in an iCCP chunk: a name, 0, 0, and zlib. What
// cannot be read is none.
func inflate(b []byte) []byte {
	_, rest, ok := bytes.Cut(b, []byte{0})
	if !ok || len(rest) < 1 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(rest[1:]))
	if err != nil {
		return nil
	}
	defer z.Close()
	out, err := io.ReadAll(io.LimitReader(z, 1<<20))
	if err != nil {
		return nil
	}
	return out
}

// webpOrientation finds the orientation in a WebP's EXIF (RFC 9649 §2.7).
func webpOrientation(r io.ReadSeeker) (int, error) {
	if _, err := r.Seek(12, io.SeekStart); err != nil {
		return 0, err
	}
	for {
		var chunk [8]byte
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			return 0, nil // the end; what broke is found when it is decoded
		}
		n := int64(binary.LittleEndian.Uint32(chunk[4:]))
		if string(chunk[:4]) == "EXIF" {
			tiff := make([]byte, min(n, 64<<10))
			got, err := io.ReadFull(r, tiff)
			if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
				return 0, nil
			}
			return orientation(tiff[:got]), nil
		}
		if _, err := r.Seek(n+n&1, io.SeekCurrent); err != nil {
			return 0, fmt.Errorf("a broken WebP: %w", err)
		}
	}
}
