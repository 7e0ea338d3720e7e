package wordpress

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	htmlx "golang.org/x/net/html"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"dateline/internal/richtext"
)

type field struct{ key, value string }

// fields are the attributes of a tag, decoded; at most 100.
func fields(b []byte) []field {
	var list []field
	for len(list) < 100 {
		b = bytes.TrimLeft(b, " \t\n\r")
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			break
		}
		key := bytes.TrimSpace(b[:eq])
		b = bytes.TrimLeft(b[eq+1:], " \t\n\r")
		if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
			break
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			break
		}
		list = append(list, field{string(key), html.UnescapeString(string(b[1 : 1+end]))})
		b = b[end+2:]
	}
	return list
}

func cutPrefix(s, prefix string) (string, bool) {
	if strings.HasPrefix(s, prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// namespace names a namespace by its usual prefix; "" for one we do not read.
func namespace(uri string) string {
	switch {
	case strings.HasPrefix(uri, "http://wordpress.org/export/") || strings.HasPrefix(uri, "https://wordpress.org/export/"):
		if strings.Contains(uri, "excerpt") {
			return "excerpt"
		}
		return "wp"
	case strings.Contains(uri, "purl.org/rss/1.0/modules/content"):
		return "content"
	case strings.Contains(uri, "purl.org/dc/elements"):
		return "dc"
	}
	return ""
}

// number reads an id or a counter; 0 for anything else and for what is below.
func number(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// decodeSlug undoes the percent-encoding of a post_name. WordPress cuts names
// at 200 bytes, also inside an escape or a letter; half a letter is dropped.
func decodeSlug(s string) string {
	s = strings.TrimSpace(s)
	if strings.IndexByte(s, '%') >= 0 {
		b := make([]byte, 0, len(s))
		for i := 0; i < len(s); i++ {
			if s[i] == '%' {
				if i+2 >= len(s) {
					break
				}
				if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
					b = append(b, byte(n))
					i += 2
					continue
				}
			}
			b = append(b, s[i])
		}
		for len(b) > 0 {
			if r, n := utf8.DecodeLastRune(b); r != utf8.RuneError || n > 1 {
				break
			}
			b = b[:len(b)-1]
		}
		s = cleanString(strings.ToValidUTF8(string(b), ""))
	}
	return norm.NFC.String(s)
}

// cleanString drops what filter would: for text that was hidden from it by an
// escape.
func cleanString(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || nonchar(r) || r == bom {
			return -1
		}
		return r
	}, s)
}

// misnamed are country codes that sites take for languages. None of them is
// a language of ISO 639-1.
var misnamed = map[string]string{
	"kz": "kk", "ua": "uk", "cn": "zh", "jp": "ja", "cz": "cs", "gr": "el", "by": "be", "dk": "da",
}

// langTag makes a BCP 47 tag from a plugin's code ("ru", "ru_RU", "kz"); ""
// when it is none.
func langTag(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if s == "" || len(s) > 20 {
		return ""
	}
	if l, ok := misnamed[strings.ToLower(s)]; ok {
		return l
	}
	t, err := language.Parse(s)
	if b, c := t.Base(); err != nil || c == language.No || b.String() == "und" {
		return ""
	}
	return t.String()
}

// baseLang is the primary subtag.
func baseLang(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(base)
}

// parseDate reads MySQL's "2006-01-02 15:04:05" as if it were UTC. bad is
// true for what is neither a date nor one of the ways to write none.
func parseDate(s string) (t time.Time, bad bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasPrefix(s, "0000-00-00") || strings.HasPrefix(s, "-0001-11-30") || strings.HasPrefix(s, "1970-01-01 00:00:00") {
		return time.Time{}, false
	}
	t, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(s, "Z"))
	}
	if err != nil {
		t, err = time.Parse("2006-01-02 15:04", s)
	}
	if err != nil {
		t, err = time.Parse("2006-01-02", s)
	}
	if err != nil || t.Year() < 1000 || t.Year() > 9000 {
		return time.Time{}, true
	}
	return t, false
}

// parsePubDate reads RSS's date, which old exports have where they lack the
// others. Drafts have "Wed, 30 Nov -0001 00:00:00 +0000".
func parsePubDate(s string) time.Time {
	t, err := time.Parse(time.RFC1123Z, strings.TrimSpace(s))
	if err != nil || t.Year() < 1000 {
		return time.Time{}
	}
	return t.UTC()
}

// oneLine is strangers' HTML as plain text on one line.
func oneLine(s string) string {
	if s == "" {
		return ""
	}
	return richtext.InlineText(s)
}

// paragraphs is a comment's HTML as plain text: paragraphs are divided by an
// empty line, lines by a line feed. Links keep their text, and their address
// too when the text hides it.
func paragraphs(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return tidyLines(richtext.Plain(s))
	}
	z := htmlx.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	hidden, href, at, broke := "", "", 0, false
	for {
		switch z.Next() {
		case htmlx.ErrorToken:
			return tidyLines(richtext.Plain(b.String()))
		case htmlx.TextToken:
			if hidden == "" {
				text := html.UnescapeString(string(z.Raw()))
				if broke { // "<br>\n" is one break
					text = strings.TrimPrefix(text, "\n")
				}
				b.WriteString(text)
			}
			broke = false
		case htmlx.StartTagToken, htmlx.SelfClosingTagToken:
			t := z.Token()
			switch t.Data {
			case "script", "style", "iframe", "noscript", "textarea", "title", "xmp", "noembed", "noframes":
				if t.Type == htmlx.StartTagToken {
					hidden = t.Data
				}
			case "br":
				b.WriteByte('\n')
				broke = true
			case "p", "div", "blockquote", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "table":
				b.WriteString("\n\n")
			case "li", "tr":
				b.WriteByte('\n')
			case "a":
				href, at = "", b.Len()
				for _, a := range t.Attr {
					if a.Key == "href" {
						href = webURL(a.Val)
					}
				}
			}
		case htmlx.EndTagToken:
			switch name := z.Token().Data; name {
			case hidden:
				hidden = ""
			case "a":
				if text := b.String()[min(at, b.Len()):]; href != "" && !strings.Contains(href, strings.TrimSuffix(strings.TrimSpace(text), "…")) {
					b.WriteString(" (" + href + ")")
				}
				href = ""
			case "p", "div", "blockquote", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "table":
				b.WriteString("\n\n")
			}
		}
	}
}

// tidyLines trims lines and leaves at most one empty one between two.
func tidyLines(s string) string {
	lines := strings.Split(s, "\n")
	out := lines[:0]
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line != "" || len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, line)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}
