package media

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"dateline/internal/fault"
)

// maxMeta is the largest description of a picture that we read whole.
const maxMeta = 1 << 20

// stripAVIF copies an AVIF and blanks its EXIF and XMP where they stand; the
// turning of a picture is no part of EXIF here (ISO/IEC 23008-12 §6.5.10).
// Sizes and places stay, so everything else keeps its address in the file.
func stripAVIF(w io.Writer, r *bufio.Reader, h *heard) (shape, error) {
	a := avif{w: w, r: r, heard: h}
	for {
		err := a.box()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return shape{}, err
		}
	}
	switch {
	case a.size.width == 0 || a.size.height == 0:
		return shape{}, fault.Field("file", "a broken AVIF: it does not say its size")
	case a.late:
		return shape{}, fault.Field("file", "an AVIF that describes itself only after its data: save it again")
	case a.turned:
		a.size.width, a.size.height = a.size.height, a.size.width
	}
	return a.size, nil
}

type avif struct {
	w      io.Writer
	r      *bufio.Reader
	at     int64 // in the file
	blanks []extent
	size   shape
	turned bool
	late   bool // data to blank had gone by
	heard  *heard
}

// extent is a piece of the file.
type extent struct{ from, to int64 }

// box copies one box of the file (ISO/IEC 14496-12 §4.2).
func (a *avif) box() error {
	var head [16]byte
	if _, err := io.ReadFull(a.r, head[:8]); err != nil {
		return err
	}
	n, size := 8, int64(binary.BigEndian.Uint32(head[:]))
	switch {
	case size == 1:
		if _, err := io.ReadFull(a.r, head[8:]); err != nil {
			return err
		}
		n, size = 16, int64(binary.BigEndian.Uint64(head[8:]))
	case size == 0: // up to the end of the file
		size = 1<<62 - 1
	}
	if size < int64(n) {
		return fault.Field("file", "a broken AVIF: a box of %d bytes", size)
	}
	if _, err := a.w.Write(head[:n]); err != nil {
		return err
	}
	a.at += int64(n)
	left := size - int64(n)
	if string(head[4:8]) == "meta" {
		if left > maxMeta {
			return fault.Field("file", "an AVIF with a description of %d bytes", left)
		}
		meta := make([]byte, left)
		if _, err := io.ReadFull(a.r, meta); err != nil {
			return err
		}
		a.meta(meta)
		_, err := a.w.Write(meta)
		a.at += left
		return err
	}
	return a.copy(left)
}

// copy copies n bytes, zeros where something is to be blanked.
func (a *avif) copy(n int64) error {
	var block [32 << 10]byte
	for n > 0 {
		part := block[:min(n, int64(len(block)))]
		got, err := a.r.Read(part)
		part = part[:got]
		for _, b := range a.blanks {
			from, to := max(b.from, a.at), min(b.to, a.at+int64(got))
			if from < to {
				a.heard.keep(&a.heard.xmp, part[from-a.at:to-a.at])
				clear(part[from-a.at : to-a.at])
			}
		}
		if _, werr := a.w.Write(part); werr != nil {
			return werr
		}
		a.at += int64(got)
		n -= int64(got)
		if err != nil {
			return err
		}
	}
	return nil
}

// boxes visits the boxes within b; f gets the content and its place in b.
func boxes(b []byte, f func(kind string, content []byte, at int)) {
	for at := 0; at+8 <= len(b); {
		n := int(binary.BigEndian.Uint32(b[at:]))
		if n < 8 || n > len(b)-at {
			return
		}
		f(string(b[at+4:at+8]), b[at+8:at+n], at+8)
		at += n
	}
}

// meta reads sizes, and which pieces of the file hold EXIF and XMP; pieces in
// meta itself it blanks at once.
func (a *avif) meta(meta []byte) {
	if len(meta) < 4 {
		return
	}
	private := map[uint32]bool{}
	var iloc []byte
	idat := -1
	boxes(meta[4:], func(kind string, content []byte, at int) {
		switch kind {
		case "iinf":
			private = privateItems(content)
		case "iloc":
			iloc = content
		case "idat":
			idat = 4 + at
		case "iprp":
			boxes(content, func(kind string, content []byte, _ int) {
				if kind == "ipco" {
					boxes(content, a.property)
				}
			})
		}
	})
	for _, e := range locations(iloc, private) {
		if e.inMeta {
			if from, to := int64(idat)+e.from, int64(idat)+e.to; idat >= 0 && from >= 0 && from < to && to <= int64(len(meta)) {
				a.heard.keep(&a.heard.xmp, meta[from:to])
				clear(meta[from:to])
			}
			continue
		}
		if e.from < a.at+int64(len(meta)) {
			a.late = true
		}
		a.blanks = append(a.blanks, e.extent)
	}
}

// property reads a picture's size (the largest: others are tiles, previews and
// layers of transparency) and its turning.
func (a *avif) property(kind string, b []byte, _ int) {
	switch {
	case kind == "ispe" && len(b) >= 12:
		w, h := int64(binary.BigEndian.Uint32(b[4:])), int64(binary.BigEndian.Uint32(b[8:]))
		if w > 1<<20 || h > 1<<20 {
			w, h = 1<<20, 1<<20 // refused as too large
		}
		if w*h > int64(a.size.width)*int64(a.size.height) {
			a.size = shape{int(w), int(h)}
		}
	case kind == "irot" && len(b) >= 1:
		a.turned = b[0]&1 == 1
	}
}

// privateItems lists the items that are EXIF or XMP.
func privateItems(iinf []byte) map[uint32]bool {
	out := map[uint32]bool{}
	skip := 6 // version, flags and a count of 16 bits
	if len(iinf) > 0 && iinf[0] > 0 {
		skip = 8
	}
	if len(iinf) < skip {
		return out
	}
	boxes(iinf[skip:], func(kind string, b []byte, _ int) {
		if kind != "infe" || len(b) < 4 {
			return
		}
		id, rest := uint32(0), b[4:]
		switch {
		case b[0] == 2 && len(rest) >= 8:
			id, rest = uint32(binary.BigEndian.Uint16(rest)), rest[4:]
		case b[0] == 3 && len(rest) >= 10:
			id, rest = binary.BigEndian.Uint32(rest), rest[6:]
		default:
			return
		}
		if t := string(rest[:4]); t == "Exif" || t == "mime" {
			out[id] = true
		}
	})
	return out
}

type located struct {
	extent
	inMeta bool
}

// locations reads where items are (ISO/IEC 14496-12 §8.11.3).
func locations(b []byte, wanted map[uint32]bool) []located {
	c := cursor{b: b}
	version := c.uint(1)
	c.uint(3)
	sizes := c.uint(2)
	offset, length, base, index := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		index = 0
	}
	wide := 2
	if version == 2 {
		wide = 4
	}
	var out []located
	for n := c.uint(wide); n > 0 && !c.over; n-- {
		id := uint32(c.uint(wide))
		method := uint64(0)
		if version > 0 {
			method = c.uint(2) & 15
		}
		c.uint(2) // which file: this one
		start := int64(c.uint(base))
		for k := c.uint(2); k > 0 && !c.over; k-- {
			c.uint(index)
			from := start + int64(c.uint(offset))
			to := from + int64(c.uint(length))
			if to == from { // up to the end
				to = 1<<62 - 1
			}
			if wanted[id] && !c.over && method <= 1 && from >= 0 && to > from {
				out = append(out, located{extent{from, to}, method == 1})
			}
		}
	}
	return out
}

// cursor reads numbers; beyond the end they are 0 and over is set.
type cursor struct {
	b    []byte
	over bool
}

func (c *cursor) uint(n int) uint64 {
	if n > len(c.b) || n > 8 {
		c.b, c.over = nil, true
		return 0
	}
	var v uint64
	for _, x := range c.b[:n] {
		v = v<<8 | uint64(x)
	}
	c.b = c.b[n:]
	return v
}
