package media

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"
)

// sniffed is how many bytes tell what a file is.
const sniffed = 4096

// format is what a file is.
type format struct {
	mime, kind, ext string
}

// magic are the first bytes of what we take.
var magic = []struct {
	at    int
	bytes string
	format
}{
	{0, "\xff\xd8\xff", format{"image/jpeg", Image, "jpg"}},
	{0, "\x89PNG\r\n\x1a\n", format{"image/png", Image, "png"}},
	{0, "GIF87a", format{"image/gif", Image, "gif"}},
	{0, "GIF89a", format{"image/gif", Image, "gif"}},
	{8, "WEBP", format{"image/webp", Image, "webp"}},
	{8, "WAVE", format{"audio/wav", Audio, "wav"}},
	{0, "fLaC", format{"audio/flac", Audio, "flac"}},
	{0, "ID3", format{"audio/mpeg", Audio, "mp3"}},
	{0, "\xff\xfb", format{"audio/mpeg", Audio, "mp3"}},
	{0, "\xff\xf3", format{"audio/mpeg", Audio, "mp3"}},
	{0, "\xff\xf2", format{"audio/mpeg", Audio, "mp3"}},
	{0, "\xff\xf1", format{"audio/aac", Audio, "aac"}},
	{0, "\xff\xf9", format{"audio/aac", Audio, "aac"}},
	{0, "%PDF-", format{"application/pdf", File, "pdf"}},
	{0, "{\\rtf", format{"application/rtf", File, "rtf"}},
	{0, "\x1f\x8b\x08", format{"application/gzip", File, "gz"}},
	{0, "7z\xbc\xaf\x27\x1c", format{"application/x-7z-compressed", File, "7z"}},
	{0, "Rar!\x1a\x07", format{"application/vnd.rar", File, "rar"}},
	{0, "WEBVTT", format{"text/vtt; charset=utf-8", File, "vtt"}},
}

// unwanted are files that we know and do not take, with the reason.
var unwanted = []struct {
	bytes, word, why string
}{
	{"II*\x00", "tiff", "TIFF pictures keep where they were taken and browsers do not show them: save it as JPEG or PNG"},
	{"MM\x00*", "tiff", "TIFF pictures keep where they were taken and browsers do not show them: save it as JPEG or PNG"},
	{"MZ", "program", "programs are not taken"},
	{"\x7fELF", "program", "programs are not taken"},
	{"FWS", "flash", "Flash is not shown by browsers any more"},
	{"CWS", "flash", "Flash is not shown by browsers any more"},
}

// sniff tells what a file is by its first bytes. The name decides only between
// formats that look the same inside (an old .doc and an old .xls).
func sniff(head []byte, name string) (format, error) {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	for _, m := range magic {
		if len(head) >= m.at+len(m.bytes) && string(head[m.at:m.at+len(m.bytes)]) == m.bytes {
			if m.at == 8 && !bytes.HasPrefix(head, []byte("RIFF")) {
				continue
			}
			return m.format, nil
		}
	}
	for _, r := range unwanted {
		if bytes.HasPrefix(head, []byte(r.bytes)) {
			return format{}, refused(r.word, r.why)
		}
	}
	switch {
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return sniffISO(head)
	case bytes.HasPrefix(head, []byte("\x1a\x45\xdf\xa3")):
		if bytes.Contains(head[:min(len(head), 64)], []byte("webm")) {
			return format{"video/webm", Video, "webm"}, nil
		}
		return format{"video/x-matroska", File, "mkv"}, nil
	case bytes.HasPrefix(head, []byte("OggS")):
		if bytes.Contains(head[:min(len(head), 64)], []byte("theora")) {
			return format{"video/ogg", Video, "ogv"}, nil
		}
		return format{"audio/ogg", Audio, "ogg"}, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffZip(head, ext), nil
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return sniffOLE(ext), nil
	case isSVG(head):
		return format{"image/svg+xml", Image, "svg"}, nil
	case isText(head):
		if ext != "csv" && ext != "srt" && ext != "md" {
			ext = "txt"
		}
		return format{"text/plain; charset=utf-8", File, ext}, nil
	}
	return format{}, refused("unknown", "it is of no kind that we know")
}

// sniffISO reads the brands of the ISO media family (ISO/IEC 14496-12 §4.3).
func sniffISO(head []byte) (format, error) {
	size := int(head[0])<<24 | int(head[1])<<16 | int(head[2])<<8 | int(head[3])
	brands := string(head[8:min(max(size, 12), len(head))])
	switch {
	case strings.Contains(brands, "avif") || strings.Contains(brands, "avis"):
		return format{"image/avif", Image, "avif"}, nil
	case strings.Contains(brands, "heic") || strings.Contains(brands, "heix") || strings.Contains(brands, "mif1") || strings.Contains(brands, "hevc"):
		return format{}, refused("heic", "browsers do not show HEIC: save it as JPEG")
	case strings.HasPrefix(brands, "M4A ") || strings.HasPrefix(brands, "M4B "):
		return format{"audio/mp4", Audio, "m4a"}, nil
	case strings.HasPrefix(brands, "qt  "):
		return format{"video/quicktime", Video, "mov"}, nil
	}
	return format{"video/mp4", Video, "mp4"}, nil
}

// sniffZip tells the office formats, which are archives, from archives.
func sniffZip(head []byte, ext string) format {
	const odf = "mimetypeapplication/vnd.oasis.opendocument."
	switch {
	case bytes.Contains(head, []byte("mimetypeapplication/epub+zip")):
		return format{"application/epub+zip", File, "epub"}
	case bytes.Contains(head, []byte(odf+"text")):
		return format{"application/vnd.oasis.opendocument.text", File, "odt"}
	case bytes.Contains(head, []byte(odf+"spreadsheet")):
		return format{"application/vnd.oasis.opendocument.spreadsheet", File, "ods"}
	case bytes.Contains(head, []byte(odf+"presentation")):
		return format{"application/vnd.oasis.opendocument.presentation", File, "odp"}
	case bytes.Contains(head, []byte("[Content_Types].xml")) || bytes.Contains(head, []byte("_rels/")):
		const office = "application/vnd.openxmlformats-officedocument."
		switch {
		case ext == "docx" || bytes.Contains(head, []byte("word/")):
			return format{office + "wordprocessingml.document", File, "docx"}
		case ext == "xlsx" || bytes.Contains(head, []byte("xl/")):
			return format{office + "spreadsheetml.sheet", File, "xlsx"}
		case ext == "pptx" || bytes.Contains(head, []byte("ppt/")):
			return format{office + "presentationml.presentation", File, "pptx"}
		}
	}
	return format{"application/zip", File, "zip"}
}

// sniffOLE: Word, Excel and PowerPoint up to 2003 look the same.
func sniffOLE(ext string) format {
	switch ext {
	case "xls":
		return format{"application/vnd.ms-excel", File, "xls"}
	case "ppt":
		return format{"application/vnd.ms-powerpoint", File, "ppt"}
	}
	return format{"application/msword", File, "doc"}
}

// isSVG looks past byte order mark, declaration, comments and document type
// for the root element.
func isSVG(head []byte) bool {
	s := strings.TrimPrefix(string(head), "\ufeff")
	for {
		s = strings.TrimLeft(s, " \t\r\n")
		var end string
		switch {
		case strings.HasPrefix(s, "<?"):
			end = "?>"
		case strings.HasPrefix(s, "<!--"):
			end = "-->"
		case strings.HasPrefix(s, "<!DOCTYPE"):
			end = ">"
			if open := strings.IndexByte(s, '['); open >= 0 && open < strings.IndexByte(s, '>') {
				end = "]>"
			}
		default:
			rest, ok := strings.CutPrefix(s, "<svg")
			return ok && rest != "" && strings.ContainsRune(" \t\r\n/>:", rune(rest[0]))
		}
		_, rest, ok := strings.Cut(s, end)
		if !ok {
			return false
		}
		s = rest
	}
}

// isText: UTF-8 without control characters and without what a browser could
// take for HTML or XML.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		switch {
		case r == utf8.RuneError && n == 1:
			return len(head) < utf8.UTFMax && !utf8.FullRune(head) // cut by the window
		case r == '<', r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f', r == 0x7f:
			return false
		}
		head = head[n:]
	}
	return true
}
