package media

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"dateline/internal/fault"
)

// stripPNG copies a PNG without its texts, EXIF and time (PNG 3rd ed. §11.3):
// XMP with positions travels in iTXt. What follows the end is left. A picture
// that breaks off in its data is kept as far as it goes.
func stripPNG(w io.Writer, r *bufio.Reader, h *heard) (shape, error) {
	var head [33]byte // signature and IHDR
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[12:16]) != "IHDR" || binary.BigEndian.Uint32(head[8:]) != 13 {
		return shape{}, fault.Field("file", "a broken PNG: it does not say its size")
	}
	width, height := binary.BigEndian.Uint32(head[16:]), binary.BigEndian.Uint32(head[20:])
	if width == 0 || height == 0 || width > 1<<31-1 || height > 1<<31-1 {
		return shape{}, fault.Field("file", "a broken PNG: %d × %d pixels", width, height)
	}
	size := shape{int(width), int(height)}
	if _, err := w.Write(head[:]); err != nil {
		return shape{}, err
	}
	pixels := false
	for {
		var chunk [8]byte
		_, err := io.ReadFull(r, chunk[:])
		if err == nil {
			n := int64(binary.BigEndian.Uint32(chunk[:])) + 4 // and its checksum
			kind := string(chunk[4:])
			if n > 1<<31+3 || !chunkName(kind) {
				return shape{}, fault.Field("file", "a broken PNG: a part %q of %d bytes", kind, n-4)
			}
			if slices.Contains([]string{"tEXt", "zTXt", "iTXt", "eXIf", "tIME"}, kind) {
				err = h.chunk(kind, r, n)
			} else if _, err = w.Write(chunk[:]); err == nil {
				pixels = pixels || kind == "IDAT"
				_, err = io.CopyN(w, r, n)
			}
			if err == nil && kind == "IEND" {
				if !pixels {
					return shape{}, fault.Field("file", "a broken PNG: no picture in it")
				}
				return size, nil
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			if !pixels {
				return shape{}, fault.Field("file", "a broken PNG: it ends before the picture")
			}
			return size, nil
		}
		if err != nil {
			return shape{}, err
		}
	}
}

func chunkName(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// stripWebP copies a WebP and blanks its EXIF and XMP where they stand, so that
// sizes and flags stay true (RFC 9649 §2.7); of EXIF the orientation is kept.
// A negative height says that the picture is to be turned by a quarter; its
// measures are read afterwards.
func stripWebP(w io.Writer, r *bufio.Reader, h *heard) (shape, error) {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return shape{}, fault.Field("file", "a broken WebP: it is too short")
	}
	if _, err := w.Write(head[:]); err != nil {
		return shape{}, err
	}
	left := int64(binary.LittleEndian.Uint32(head[4:])) - 4
	var size shape
	for left >= 8 {
		var chunk [8]byte
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			break // measured afterwards, which tells whether enough is there
		}
		n := int64(binary.LittleEndian.Uint32(chunk[4:]))
		n += n & 1
		left -= 8 + n
		if _, err := w.Write(chunk[:]); err != nil {
			return shape{}, err
		}
		var err error
		switch string(chunk[:4]) {
		case "EXIF":
			err = blankEXIF(w, r, n, &size, h)
		case "XMP ":
			err = h.xmpChunk(w, r, n)
		case "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP":
			_, err = io.CopyN(w, r, n)
		default: // nothing that is shown: what a file of another kind may hide in
			err = blank(w, r, n, 0)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return shape{}, err
		}
	}
	return size, nil
}

// blankEXIF copies n bytes of EXIF with nothing in them but the orientation.
func blankEXIF(w io.Writer, r *bufio.Reader, n int64, size *shape, h *heard) error {
	head := make([]byte, min(n, 64<<10))
	got, err := io.ReadFull(r, head)
	if err != nil {
		return err
	}
	tiff := head[:got]
	if len(tiff) > 6 && string(tiff[:6]) == "Exif\x00\x00" { // some writers keep JPEG's prefix
		tiff = tiff[6:]
	}
	h.keep(&h.exif, tiff)
	o := orientation(tiff)
	if o >= 5 {
		size.height = -1
	}
	clear(head)
	if only := orientationOnly(max(o, 1)); len(head) >= len(only) {
		copy(head, only)
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	return blank(w, r, n-int64(len(head)), 0)
}

// blank reads n bytes and writes as many of with.
func blank(w io.Writer, r io.Reader, n int64, with byte) error {
	var block [4096]byte
	for i := range block {
		block[i] = with
	}
	for n > 0 {
		got, err := io.CopyN(io.Discard, r, min(n, int64(len(block))))
		if _, werr := w.Write(block[:got]); werr != nil {
			return werr
		}
		if err != nil {
			return err
		}
		n -= got
	}
	return nil
}
