package wordpress

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"dateline/internal/fault"
)

// source is a file of an export on its way to UTF-8: unpacked and transcoded,
// but not yet cleaned (filter does that).
type source struct {
	io.Reader
	file     io.Closer
	encoding string // as named by the WHATWG: "utf-8", "windows-1251"
	declared string // differs from encoding when the file lies
	gzip     bool
}

func (s *source) Close() error { return s.file.Close() }

// sniff is how much of a file is looked at to find its encoding. A declaration
// stands in the first line; whether it lies shows in the text after it.
const sniff = 64 << 10

// openFile is os.Open; tests generate files that no disk should hold.
func openFile(path string) (io.ReadCloser, error) { return os.Open(path) }

// open unpacks and transcodes a file.
func open(opener func(string) (io.ReadCloser, error), path string) (*source, error) {
	f, err := opener(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "opening an export: %w", err)
	}
	s := &source{file: f}
	if err := s.unpack(path, f); err != nil {
		f.Close()
		return nil, err
	}
	return s, nil
}

func (s *source) unpack(path string, f io.Reader) error {
	r := bufio.NewReaderSize(f, sniff)
	head, err := r.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "%s: reading: %w", path, err)
	}
	switch {
	case len(head) == 0:
		return fault.New(fault.Invalid, "%s: the file is empty", path)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return fault.New(fault.Invalid, "%s: a ZIP archive; unpack it and import the .xml files in it", path)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}): // RFC 1952 §2.3.1, whatever the name ends in
		z, err := gzip.NewReader(r)
		if err != nil {
			return fault.New(fault.Invalid, "%s: reading gzip: %w", path, err)
		}
		s.gzip = true
		r = bufio.NewReaderSize(z, sniff)
	}
	head, err = r.Peek(sniff)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return fault.New(fault.Invalid, "%s:1: %s", path, readCause(err))
	}
	enc, bom := s.guess(head)
	if line := foreignLetters(head); enc == nil && line > 0 {
		return fault.New(fault.Invalid, "%s:%d: the letters are not in UTF-8, which the file says or means; name the true encoding in its first line (<?xml version=\"1.0\" encoding=\"windows-1251\"?>), or convert the file", path, line)
	}
	if bom > 0 {
		_, _ = r.Discard(bom) // was peeked
	}
	s.Reader = r
	if enc != nil {
		s.Reader = transform.NewReader(r, enc.NewDecoder())
	}
	return nil
}

var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// guess finds the encoding by byte order mark, shape and declaration (XML 1.0
// appendix F), and the length of the mark. A nil encoding is UTF-8.
func (s *source) guess(head []byte) (enc encoding.Encoding, bom int) {
	s.encoding = "utf-8"
	utf16 := func(name string, e unicode.Endianness, bom int) (encoding.Encoding, int) {
		s.encoding = name
		return unicode.UTF16(e, unicode.IgnoreBOM), bom
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return nil, 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return utf16("utf-16le", unicode.LittleEndian, 2)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return utf16("utf-16be", unicode.BigEndian, 2)
	case bytes.HasPrefix(head, []byte("<\x00")):
		return utf16("utf-16le", unicode.LittleEndian, 0)
	case bytes.HasPrefix(head, []byte("\x00<")):
		return utf16("utf-16be", unicode.BigEndian, 0)
	}
	m := declaration.FindSubmatch(head)
	if m == nil {
		return nil, 0
	}
	s.declared = strings.ToLower(string(m[1]))
	e, err := htmlindex.Get(s.declared)
	if err != nil {
		return nil, 0
	}
	name, err := htmlindex.Name(e)
	if err != nil || name == "utf-8" || strings.HasPrefix(name, "utf-16") {
		return nil, 0 // somebody declared UTF-16 and wrote bytes
	}
	if reallyUTF8(head) {
		return nil, 0
	}
	s.encoding = name
	return e, 0
}

// reallyUTF8 reports that a text holds letters beyond ASCII and all of them
// are good UTF-8. WordPress always writes UTF-8, but takes the name from the
// blog's settings; a text in another encoding practically never passes.
func reallyUTF8(b []byte) bool {
	for i := 0; i < utf8.UTFMax && len(b) > 0; i++ { // the peek may cut a letter
		if r, n := utf8.DecodeLastRune(b); r != utf8.RuneError || n > 1 {
			break
		}
		b = b[:len(b)-1]
	}
	if !utf8.Valid(b) {
		return false
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// foreignLetters is the line where a text begins to have letters that are not
// UTF-8, if hardly any are; else 0. Some such bytes in a good text are damage,
// which costs those letters; here it would cost them all.
func foreignLetters(b []byte) int {
	good, bad, first := 0, 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r != utf8.RuneError || n > 1:
			good++
		case bad == 0:
			bad, first = 1, i
		default:
			bad++
		}
		i += n
	}
	if bad < 10 || bad < 4*good {
		return 0
	}
	return 1 + bytes.Count(b[:first], []byte{'\n'})
}

// readCause says in a reader's words why reading stopped.
func readCause(err error) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the gzip data ends early: the file is truncated"
	case errors.Is(err, gzip.ErrChecksum):
		return "the gzip data is damaged (checksum)"
	case errors.Is(err, gzip.ErrHeader):
		return "what follows the gzip data is no gzip"
	}
	return "reading: " + err.Error()
}
