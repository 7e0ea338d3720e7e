package media

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"iter"

	"dateline/internal/fault"
)

// stripJPEG copies a JPEG without what tells of people and places: EXIF, XMP,
// IPTC, comments, makers' notes, embedded previews, and all that follows the
// end of the picture (second pictures carry positions of their own). Kept are
// the colour profile and the orientation, in an EXIF block of our own that says
// nothing else (ITU-T T.81 annex B; EXIF 2.32 §4.6.4).
//
// A picture that breaks off in the middle is closed and kept: old archives have
// such, and browsers show what is there.
func stripJPEG(w io.Writer, r *bufio.Reader, h *heard) (shape, error) {
	j := jpegCopy{w: w, r: r, heard: h}
	err := j.run()
	if err != nil {
		return shape{}, err
	}
	if j.size.width == 0 || j.size.height == 0 {
		return shape{}, brokenJPEG("it does not say its size")
	}
	if j.orientation >= 5 {
		j.size.width, j.size.height = j.size.height, j.size.width
	}
	return j.size, nil
}

func brokenJPEG(why string) error { return fault.Field("file", "a broken JPEG: %s", why) }

type jpegCopy struct {
	w           io.Writer
	r           *bufio.Reader
	size        shape
	orientation int // 1…8; 0 not said
	scans       int
	heard       *heard // nil: nobody listens
	buf         [65536]byte
}

func (j *jpegCopy) run() error {
	var soi [2]byte
	if _, err := io.ReadFull(j.r, soi[:]); err != nil || soi != [2]byte{0xff, 0xd8} {
		return brokenJPEG("no beginning")
	}
	if _, err := j.w.Write(soi[:]); err != nil {
		return err
	}
	marker, err := j.next()
	for err == nil {
		switch {
		case marker == 0xd9: // end of image
			return j.end()
		case marker == 0xda: // start of scan
			if marker, err = j.scan(); err == nil {
				continue
			}
		case marker <= 0x01 || marker >= 0xd0 && marker <= 0xd8: // stand alone; nothing to keep
			marker, err = j.next()
			continue
		default:
			err = j.segment(marker)
		}
		if err == nil {
			marker, err = j.next()
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		if j.scans == 0 {
			return brokenJPEG("it ends before the picture")
		}
		return j.end()
	}
	return err
}

func (j *jpegCopy) end() error {
	if j.scans == 0 {
		return brokenJPEG("no picture in it")
	}
	_, err := j.w.Write([]byte{0xff, 0xd9})
	return err
}

// next finds the next marker; some cameras pad between segments.
func (j *jpegCopy) next() (byte, error) {
	for skipped := 0; skipped < 1<<16; skipped++ {
		b, err := j.r.ReadByte()
		if err != nil {
			return 0, err
		}
		if b != 0xff {
			continue
		}
		for b == 0xff {
			if b, err = j.r.ReadByte(); err != nil {
				return 0, err
			}
		}
		if b != 0 {
			return b, nil
		}
	}
	return 0, brokenJPEG("rubbish between its parts")
}

// read gives a segment's content, which holds until the next call.
func (j *jpegCopy) read() ([]byte, error) {
	var length [2]byte
	if _, err := io.ReadFull(j.r, length[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(length[:]))
	if n < 2 {
		return nil, brokenJPEG("a part of no length")
	}
	data := j.buf[:n-2]
	_, err := io.ReadFull(j.r, data)
	return data, err
}

func (j *jpegCopy) write(marker byte, data []byte) error {
	n := len(data) + 2
	if _, err := j.w.Write([]byte{0xff, marker, byte(n >> 8), byte(n)}); err != nil {
		return err
	}
	_, err := j.w.Write(data)
	return err
}

// segment copies a segment, or does not.
func (j *jpegCopy) segment(marker byte) error {
	data, err := j.read()
	if err != nil {
		return err
	}
	j.heard.segment(marker, data)
	switch {
	case marker == 0xe1 && bytes.HasPrefix(data, []byte("Exif\x00\x00")):
		if o := orientation(data[6:]); o > 1 && j.orientation == 0 {
			j.orientation = o
			return j.write(marker, append([]byte("Exif\x00\x00"), orientationOnly(o)...))
		}
		return nil
	case marker == 0xe0 && bytes.HasPrefix(data, []byte("JFIF\x00")) && len(data) >= 14:
		// The last two bytes count the pixels of a preview; ours has none.
		return j.write(marker, append(bytes.Clone(data[:12]), 0, 0))
	case marker == 0xe2 && bytes.HasPrefix(data, []byte("ICC_PROFILE\x00")):
	case marker == 0xee && bytes.HasPrefix(data, []byte("Adobe")): // says how colours are coded
	case marker >= 0xe0 && marker <= 0xef, marker == 0xfe, marker >= 0xf0 && marker <= 0xfd:
		return nil
	case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc: // frame header
		if len(data) < 6 {
			return brokenJPEG("a short frame header")
		}
		if j.size.width == 0 {
			j.size = shape{int(binary.BigEndian.Uint16(data[3:])), int(binary.BigEndian.Uint16(data[1:]))}
		}
	}
	return j.write(marker, data)
}

// scan copies a scan's header and its entropy-coded data, in which a 0xff that
// is no marker is followed by 0 (T.81 §B.1.1.5), up to the next marker.
func (j *jpegCopy) scan() (byte, error) {
	data, err := j.read()
	if err != nil {
		return 0, err
	}
	if j.size.width == 0 {
		return 0, brokenJPEG("a picture before its size")
	}
	if err := j.write(0xda, data); err != nil {
		return 0, err
	}
	j.scans++
	for {
		chunk, err := j.r.ReadSlice(0xff)
		if err == nil {
			chunk = chunk[:len(chunk)-1]
		}
		if _, werr := j.w.Write(chunk); werr != nil {
			return 0, werr
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return 0, err
		}
		b := byte(0xff)
		for b == 0xff {
			if b, err = j.r.ReadByte(); err != nil {
				return 0, err
			}
		}
		if b != 0 && (b < 0xd0 || b > 0xd7) {
			return b, nil
		}
		if _, err := j.w.Write([]byte{0xff, b}); err != nil {
			return 0, err
		}
	}
}

// directory gives the entries of the first directory of a TIFF block, 12 bytes each
// (TIFF 6.0 §2), with the order of its bytes; of one that is cut off those that are there.
func directory(tiff []byte) iter.Seq2[binary.ByteOrder, []byte] {
	return func(yield func(binary.ByteOrder, []byte) bool) {
		if len(tiff) < 8 {
			return
		}
		var order binary.ByteOrder = binary.BigEndian
		switch string(tiff[:4]) {
		case "MM\x00*":
		case "II*\x00":
			order = binary.LittleEndian
		default:
			return
		}
		at := int64(order.Uint32(tiff[4:]))
		if at+2 > int64(len(tiff)) {
			return
		}
		for i := range int64(order.Uint16(tiff[at:])) {
			e := at + 2 + 12*i
			if e+12 > int64(len(tiff)) || !yield(order, tiff[e:e+12]) {
				return
			}
		}
	}
}

// orientation reads tag 0x0112 of the first directory of a TIFF block; 0 when
// it is not there.
func orientation(tiff []byte) int {
	for order, e := range directory(tiff) {
		if order.Uint16(e) == 0x0112 && order.Uint16(e[2:]) == 3 {
			if o := int(order.Uint16(e[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
	}
	return 0
}

// orientationOnly is a TIFF block that says nothing but the orientation.
func orientationOnly(o int) []byte {
	return []byte{'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(o), 0, 0, 0, 0, 0, 0}
}
