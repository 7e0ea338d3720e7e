package media

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/xml"
	"io"
	"strings"

	"dateline/internal/fault"
)

// maxHeard is how many bytes of each kind of description are listened to: agencies
// send 20 KB, editors of pictures that keep their whole history send more, and what
// is behind that is not what we look for.
const maxHeard = 256 << 10

// heard is what a file says of itself, as it stands there, put aside on its way out.
type heard struct {
	exif []byte // a TIFF block
	xmp  []byte
	irbs []byte // Photoshop's image resources, with IPTC's datasets among them

	script bool   // there was a script in a drawing
	tail   []byte // the beginning of what stands behind the end
}

// keep puts a copy of a piece aside, as far as there is room. A nil heard keeps nothing.
func (h *heard) keep(into *[]byte, piece []byte) {
	if h == nil {
		return
	}
	*into = append(*into, piece[:min(len(piece), maxHeard-len(*into))]...)
}

// segment hears an application's segment of a JPEG.
func (h *heard) segment(marker byte, data []byte) {
	if h == nil {
		return
	}
	if rest, ok := bytes.CutPrefix(data, []byte("Exif\x00\x00")); ok && marker == 0xe1 && h.exif == nil {
		h.keep(&h.exif, rest)
	} else if rest, ok := bytes.CutPrefix(data, []byte("http://ns.adobe.com/xap/1.0/\x00")); ok && marker == 0xe1 {
		h.keep(&h.xmp, rest)
	} else if rest, ok := bytes.CutPrefix(data, []byte("Photoshop 3.0\x00")); ok && marker == 0xed {
		h.keep(&h.irbs, rest) // long ones go on in the next segment
	}
}

// chunk reads a chunk of a PNG that is left out, n bytes with its checksum.
func (h *heard) chunk(kind string, r io.Reader, n int64) error {
	if h == nil || kind != "iTXt" && kind != "eXIf" || n < 4 || n > maxHeard {
		_, err := io.CopyN(io.Discard, r, n)
		return err
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(r, data); err != nil {
		return err
	}
	data = data[:n-4]
	if kind == "eXIf" {
		h.keep(&h.exif, data)
		return nil
	}
	// Keyword, 0, whether it is compressed, how, a language and the keyword in it
	// (PNG 3rd ed. §11.3.3.4).
	rest, ok := bytes.CutPrefix(data, []byte("XML:com.adobe.xmp\x00"))
	if !ok || len(rest) < 2 {
		return nil
	}
	packed := rest[0] == 1
	_, rest, _ = bytes.Cut(rest[2:], []byte{0})
	_, rest, _ = bytes.Cut(rest, []byte{0})
	if packed {
		z, err := zlib.NewReader(bytes.NewReader(rest))
		if err != nil {
			return nil // what it says cannot be read; that is no reason to refuse the picture
		}
		rest, _ = io.ReadAll(io.LimitReader(z, maxHeard))
	}
	h.keep(&h.xmp, rest)
	return nil
}

// xmpChunk hears the XMP of a WebP, and copies white space in its place.
func (h *heard) xmpChunk(w io.Writer, r *bufio.Reader, n int64) error {
	read := int64(0)
	if h != nil {
		data := make([]byte, min(n, maxHeard))
		got, err := io.ReadFull(r, data)
		if err != nil {
			return err
		}
		h.keep(&h.xmp, data)
		if _, err := w.Write(bytes.Repeat([]byte{' '}, got)); err != nil {
			return err
		}
		read = int64(got)
	}
	return blank(w, r, n-read, ' ')
}

// element notes scripts in a drawing: elements, handlers of events, addresses that run.
func (h *heard) element(t xml.StartElement) {
	if h == nil {
		return
	}
	h.script = h.script || strings.EqualFold(t.Name.Local, "script")
	for _, a := range t.Attr {
		name, value := strings.ToLower(a.Name.Local), strings.ToLower(strings.TrimSpace(a.Value))
		h.script = h.script || strings.HasPrefix(name, "on") || name == "href" && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:text/html"))
	}
}

// behind looks at what follows a picture's end, and is not kept.
func (h *heard) behind(r *bufio.Reader) {
	if h != nil {
		h.tail, _ = r.Peek(512)
		h.tail = bytes.Clone(h.tail)
	}
}

// hidden are the beginnings of other files that have been put behind pictures, to be
// taken for one thing here and for another elsewhere. Telephones put further pictures
// and short films there, which is no reason to refuse anything.
var hidden = []string{"PK\x03\x04", "Rar!", "7z\xbc\xaf", "MZ", "\x7fELF", "%PDF-", "<?php", "<!doctype", "<html", "<script", "<svg"}

// check refuses what is a picture and something else at once, and drawings that run.
func (h *heard) check() error {
	if h.script {
		return refused("script", "a drawing with a script in it")
	}
	start := strings.ToLower(string(bytes.TrimLeft(h.tail, " \t\r\n\x00")))
	for _, s := range hidden {
		if strings.HasPrefix(start, strings.ToLower(s)) {
			return refused("polyglot", "a picture with another file behind it")
		}
	}
	return nil
}

// refused is an Invalid with words for whoever sent the file.
func refused(word, why string) *fault.Error {
	e := fault.Field("file", "%s", why)
	e.Word = "pictures.wrong." + word
	return e
}

func tooManyPixels(width, height int) *fault.Error {
	e := fault.New(fault.TooLarge, "a picture of %d × %d pixels", width, height)
	e.Word, e.Args = "pictures.wrong.pixels", map[string]any{"width": width, "height": height}
	return e
}
