package media

import (
	"bytes"
	"encoding/binary"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// readIRBs finds IPTC's datasets among Photoshop's image resources (Adobe Photoshop
// File Formats Specification, Image Resources Section) and reads them.
func readIRBs(b []byte) told {
	for len(b) >= 12 && string(b[:4]) == "8BIM" {
		id := binary.BigEndian.Uint16(b[4:])
		name := 1 + int(b[6])
		name += name & 1
		if len(b) < 6+name+4 {
			break
		}
		size := int(binary.BigEndian.Uint32(b[6+name:]))
		b = b[6+name+4:]
		if size < 0 || size > len(b) {
			size = len(b)
		}
		if id == 0x0404 {
			return readIPTC(b[:size])
		}
		b = b[min(size+size&1, len(b)):]
	}
	return told{}
}

// readIPTC reads the datasets of records 1 and 2 (IPTC-NAA Information Interchange
// Model 4.2).
func readIPTC(b []byte) (t told) {
	inUTF8 := false
	for len(b) >= 5 && b[0] == 0x1c {
		record, set := b[1], b[2]
		size := int(binary.BigEndian.Uint16(b[3:]))
		if b = b[5:]; size&0x8000 != 0 { // its length is written in as many bytes as that says
			n := size & 0x7fff
			if n == 0 || n > 4 || n > len(b) {
				return t
			}
			size = 0
			for _, x := range b[:n] {
				size = size<<8 | int(x)
			}
			b = b[n:]
		}
		if size < 0 || size > len(b) {
			return t
		}
		value := b[:size]
		b = b[size:]
		if record == 1 && set == 90 {
			inUTF8 = bytes.Equal(value, []byte("\x1b%G"))
		}
		if record != 2 {
			continue
		}
		into := func(field *string) {
			if *field == "" {
				*field = letters(value[:min(size, 4*mostSaid)], inUTF8)
			}
		}
		switch set {
		case 5:
			into(&t.title)
		case 37:
			if at, err := time.Parse("20060102", string(value)); err == nil {
				t.expires = at
			}
		case 80:
			if name := letters(value[:min(size, 200)], inUTF8); t.creator == "" {
				t.creator = name
			} else if len(t.creator) < mostSaid {
				t.creator += ", " + name
			}
		case 110:
			into(&t.credit)
		case 116:
			into(&t.rights)
		case 120:
			into(&t.caption)
		}
	}
	return t
}

// letters reads a text whose character set is said or not. What is no UTF-8 comes
// from programs that wrote their machine's own: where most letters are beyond ASCII it
// is Cyrillic, else Western.
func letters(b []byte, inUTF8 bool) string {
	if inUTF8 || utf8.Valid(b) {
		return string(b)
	}
	ascii, beyond := 0, 0
	for _, c := range b {
		switch {
		case c >= 0xc0:
			beyond++
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			ascii++
		}
	}
	table := charmap.Windows1252
	if beyond > ascii {
		table = charmap.Windows1251
	}
	out, err := table.NewDecoder().Bytes(b)
	if err != nil {
		return ""
	}
	return string(out)
}

// readEXIF reads the texts of the first directory of a TIFF block (EXIF 2.32 §4.6.4).
func readEXIF(tiff []byte) (t told) {
	looked := 0
	for order, e := range directory(tiff) {
		if looked++; looked > 500 {
			return t
		}
		var into *string
		switch order.Uint16(e) {
		case 0x010e:
			into = &t.caption
		case 0x013b:
			into = &t.creator
		case 0x8298:
			into = &t.rights
		}
		if into == nil || order.Uint16(e[2:]) != 2 {
			continue
		}
		n, value := int64(order.Uint32(e[4:])), e[8:]
		if n > 4 {
			from := int64(order.Uint32(e[8:]))
			if from > int64(len(tiff)) {
				continue
			}
			value = tiff[from:]
		}
		value, _, _ = bytes.Cut(value[:min(n, 4*mostSaid, int64(len(value)))], []byte{0})
		*into = letters(value, false)
	}
	return t
}
