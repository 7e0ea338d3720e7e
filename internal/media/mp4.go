package media

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"dateline/internal/fault"
)

// stripMP4 copies a film or a sound of the ISO family (ISO/IEC 14496-12, and
// Apple's QuickTime File Format before it) without what tells about its making.
// Cameras write where they stood into "udta" (©xyz, loci) and "meta"
// (com.apple.quicktime.location.ISO6709), others into boxes of their own; so of
// the head only what playing needs is kept, and everything else becomes a
// "free" box of the same length filled with zeros (§8.1.2), which leaves every
// address in the file true.
//
// A track of positions recorded along with the picture has its samples among
// the picture's; such a film is refused (fault Invalid), because they cannot be
// found where the head stands behind them. Pictures and sound are not looked at.
func stripMP4(w io.Writer, r *bufio.Reader, _ *heard) (shape, error) {
	f := isoFile{w: w, r: r}
	for {
		err := f.box("", 1<<62)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break // a film that breaks off is kept as far as it goes
		}
		if err != nil {
			return shape{}, err
		}
	}
	if !f.head {
		return shape{}, fault.Field("file", "a broken film: nothing says what is in it")
	}
	return shape{}, nil
}

type isoFile struct {
	w    io.Writer
	r    *bufio.Reader
	head bool // there was a moov
}

// What playing needs, by the box that holds it; "" is the file. Boxes that hold
// others are the keys themselves.
var isoKept = map[string]map[string]bool{
	"":     set("ftyp styp moov mdat moof mfra sidx ssix prft pdin imda wide"),
	"moov": set("mvhd trak mvex iods clip ctab prfl pssh"),
	"trak": set("tkhd tref edts mdia trgr tapt clip matt load imap"),
	"mdia": set("mdhd hdlr minf elng"),
	"minf": set("vmhd smhd hmhd nmhd sthd gmhd hdlr dinf stbl"),
	"stbl": set("stsd stts ctts cslg stsc stsz stz2 stco co64 stss stsh padb stdp sdtp sbgp sgpd subs saiz saio stps csgp"),
	"moof": set("mfhd traf pssh"),
	"traf": set("tfhd trun tfdt sbgp sgpd subs saiz saio senc sdtp csgp"),
}

// isoPlaces are kinds of samples that hold positions: GoPro's, Google's camera
// motion, Sony's.
var isoPlaces = set("gpmd camm rtmd")

// box copies one box that lies in another; left is how much of that one there
// is still.
func (f *isoFile) box(in string, left int64) error {
	var head [16]byte
	if _, err := io.ReadFull(f.r, head[:8]); err != nil {
		return err
	}
	n, size, kind := int64(8), int64(binary.BigEndian.Uint32(head[:])), string(head[4:8])
	switch size {
	case 1:
		if _, err := io.ReadFull(f.r, head[8:]); err != nil {
			return err
		}
		n, size = 16, int64(binary.BigEndian.Uint64(head[8:]))
	case 0: // up to the end of the file
		if in != "" {
			return fault.Field("file", "a broken film: a part %q of %q without a length", kind, in)
		}
		size = 1 << 62
	}
	if size < n || size > left {
		return fault.Field("file", "a broken film: a part %q of %d bytes", kind, size)
	}
	body := size - n
	if kind == "cmov" {
		return fault.Field("file", "a film whose head is compressed: save it again")
	}
	if !isoKept[in][kind] {
		copy(head[4:], "free")
		if _, err := f.w.Write(head[:n]); err != nil {
			return err
		}
		return blank(f.w, f.r, body, 0)
	}
	f.head = f.head || kind == "moov"
	if _, err := f.w.Write(head[:n]); err != nil {
		return err
	}
	if _, inner := isoKept[kind]; inner {
		return f.inside(kind, body)
	}
	if kind == "stsd" {
		return f.samples(body)
	}
	_, err := io.CopyN(f.w, f.r, body)
	return err
}

// inside copies the boxes of a box. QuickTime may end a list with four zeros.
func (f *isoFile) inside(kind string, left int64) error {
	for left >= 8 {
		head, err := f.r.Peek(8)
		if err != nil {
			return err
		}
		size := int64(binary.BigEndian.Uint32(head))
		if size == 1 {
			if head, err = f.r.Peek(16); err != nil {
				return err
			}
			size = int64(binary.BigEndian.Uint64(head[8:]))
		}
		if err := f.box(kind, left); err != nil {
			return err
		}
		left -= size
	}
	return blank(f.w, f.r, left, 0)
}

// samples copies the descriptions of a track's samples (§8.5.2), which are
// small, and refuses those of positions.
func (f *isoFile) samples(size int64) error {
	if size > maxMeta {
		return fault.Field("file", "a broken film: %d bytes describe a track", size)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(f.r, body); err != nil {
		return err
	}
	for at := 8; at+8 <= len(body); {
		n := int(binary.BigEndian.Uint32(body[at:]))
		kind := string(body[at+4 : at+8])
		if n < 8 || n > len(body)-at {
			return fault.Field("file", "a broken film: a description %q of %d bytes", kind, n)
		}
		// Apple's "mebx" names what its samples hold.
		if isoPlaces[kind] || kind == "mebx" && strings.Contains(string(body[at:at+n]), "location") {
			return fault.Field("file", "the film carries a track of where it was taken (%s): export it without", kind)
		}
		at += n
	}
	_, err := f.w.Write(body)
	return err
}
