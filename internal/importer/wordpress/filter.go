package wordpress

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// filter stands between a file and the scanner and lets only clean text
// through: good UTF-8, lines ending in \n, no control characters, no
// non-characters (the house uses U+FDD0 and U+FDD1 as marks of its own, so
// content must never hold one). It never holds more than one buffer.
//
// WordPress writes control characters raw, even into CDATA, and its own
// importer takes such files; XML 1.0 §2.2 forbids them, and encoding/xml
// refuses the whole file at the first.
type filter struct {
	src    io.Reader
	buf    []byte
	r, w   int
	err    error // of src, not yet told
	line   int   // of buf[r], 1-based
	skipLF bool  // the last byte was \r
	marks  []mark
	total  [markKinds]int
}

// mark is what the filter changed in one line.
type mark struct {
	line  int
	kind  markKind
	count int
}

type markKind int

const (
	markControl markKind = iota
	markEncoding
	markNonchar
	markKinds
)

var markWhy = [markKinds]string{
	markControl:  "control characters dropped",
	markEncoding: "bytes that are not UTF-8 replaced by U+FFFD",
	markNonchar:  "Unicode non-characters dropped",
}

// maxMarks bounds the marks that wait for their item; more lines than that
// between two items are counted but not listed.
const maxMarks = 1000

func newFilter(src io.Reader) *filter {
	return &filter{src: src, buf: make([]byte, 64<<10), line: 1}
}

// Read fills p, which must have room for a letter (4 bytes).
func (f *filter) Read(p []byte) (int, error) {
	n := 0
	for n < len(p)-utf8.UTFMax {
		if n > 0 && f.w == f.r {
			break // give what we have before waiting for more
		}
		for f.w-f.r < utf8.UTFMax && f.err == nil {
			f.fill()
		}
		if f.r == f.w {
			break
		}
		chunk := f.buf[f.r:f.w]
		if room := len(p) - utf8.UTFMax - n; len(chunk) > room {
			chunk = chunk[:room]
		}
		good := clean(chunk)
		if good > 0 {
			f.r += good
			chunk = chunk[:good]
			if f.skipLF && chunk[0] == '\n' {
				chunk = chunk[1:]
			}
			f.skipLF = false
			n += copy(p[n:], chunk)
			f.line += bytes.Count(chunk, []byte{'\n'})
			continue
		}
		n += f.one(p[n:])
	}
	if n == 0 && f.err != nil {
		return 0, f.err
	}
	return n, nil
}

func (f *filter) fill() {
	copy(f.buf, f.buf[f.r:f.w])
	f.w -= f.r
	f.r = 0
	for range 100 {
		n, err := f.src.Read(f.buf[f.w:])
		f.w += n
		f.err = err
		if n > 0 || err != nil {
			return
		}
	}
	f.err = io.ErrNoProgress
}

// clean is the length of the prefix that may pass as it is.
func clean(b []byte) int {
	i := 0
	for i < len(b) {
		c := b[i]
		switch {
		case c < utf8.RuneSelf:
			if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
				return i
			}
			i++
		case c >= 0xc3 && c <= 0xdf && i+1 < len(b) && b[i+1]&0xc0 == 0x80: // most of what is written in two bytes
			i += 2
		default:
			r, n := utf8.DecodeRune(b[i:])
			if n == 1 || r < 0xa0 || r == bom || nonchar(r) {
				return i
			}
			i += n
		}
	}
	return i
}

// bom is the byte order mark; inside a text it is the scar of two files
// glued together.
const bom = '\uFEFF'

func nonchar(r rune) bool { return r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe }

// one treats the letter at buf[r], which clean refused or could not see whole.
func (f *filter) one(p []byte) int {
	r, n := utf8.DecodeRune(f.buf[f.r:f.w])
	f.r += n
	lf := f.skipLF
	f.skipLF = false
	switch {
	case r == utf8.RuneError && n == 1:
		f.mark(markEncoding)
	case r == '\r': // XML 1.0 §2.11
		f.skipLF = true
		f.line++
		p[0] = '\n'
		return 1
	case r == '\n' && lf:
		return 0
	case r == '\n':
		f.line++
	case r == bom:
		return 0
	case r >= 0x80 && r < 0xa0:
		// Not a control character but a letter of windows-1252 that was
		// taken for one: curly quotes and dashes, usually.
		f.mark(markControl)
		if r = cp1252[r-0x80]; r == 0 {
			return 0
		}
	case r < ' ' && r != '\t', r == 0x7f:
		f.mark(markControl)
		return 0
	case nonchar(r):
		f.mark(markNonchar)
		return 0
	}
	return utf8.EncodeRune(p, r)
}

// cp1252 is what bytes 0x80–0x9f mean in windows-1252 (HTML §13.2.5.80 has
// the same table for numeric references).
var cp1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

func (f *filter) mark(k markKind) {
	f.total[k]++
	for i := len(f.marks) - 1; i >= 0 && f.marks[i].line == f.line; i-- {
		if f.marks[i].kind == k {
			f.marks[i].count++
			return
		}
	}
	if len(f.marks) < maxMarks {
		f.marks = append(f.marks, mark{f.line, k, 1})
	}
}

// take gives and forgets the marks up to a line.
func (f *filter) take(line int) []mark {
	i := 0
	for i < len(f.marks) && f.marks[i].line <= line {
		i++
	}
	if i == 0 {
		return nil
	}
	taken := append([]mark(nil), f.marks[:i]...)
	f.marks = append(f.marks[:0], f.marks[i:]...)
	return taken
}
