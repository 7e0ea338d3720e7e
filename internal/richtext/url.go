package richtext

import "strings"

const maxURL = 2048

// cleanURL returns the address in the form we store: one of the schemes http,
// https, mailto, tel, in ASCII but for the host (RFC 3987 §3.1), without
// credentials. It is idempotent.
func cleanURL(raw string) (string, bool) {
	if len(raw) > 3*maxURL {
		return "", false
	}
	raw = trimURL(raw)
	if strings.HasPrefix(raw, "//") {
		raw = "https:" + raw
	}
	colon := strings.IndexByte(raw, ':')
	if colon < 0 || colon > 6 {
		return "", false
	}
	rest := raw[colon+1:]
	scheme := ""
	switch {
	case strings.EqualFold(raw[:colon], "https"):
		scheme = "https"
	case strings.EqualFold(raw[:colon], "http"):
		scheme = "http"
	case strings.EqualFold(raw[:colon], "mailto"):
		scheme = "mailto"
	case strings.EqualFold(raw[:colon], "tel"):
		scheme = "tel"
	default:
		return "", false
	}
	host := ""
	if scheme[0] == 'h' {
		if !strings.HasPrefix(rest, "//") {
			return "", false
		}
		rest = rest[2:]
		end := strings.IndexAny(rest, "/?#\\")
		if end < 0 {
			end = len(rest)
		}
		host, rest = rest[:end], rest[end:]
		if !validHost(host) || strings.HasPrefix(rest, "\\") { // browsers read \ as /
			return "", false
		}
	} else if rest == "" || strings.HasPrefix(rest, "//") {
		return "", false
	}
	// The usual case: nothing to change.
	if raw[:colon] == scheme && !needsEscape(rest) {
		return raw, len(raw) <= maxURL
	}
	var sb strings.Builder
	sb.Grow(len(raw) + 16)
	sb.WriteString(scheme)
	sb.WriteByte(':')
	if scheme[0] == 'h' {
		sb.WriteString("//")
		sb.WriteString(host)
	}
	escapeURL(&sb, rest)
	return sb.String(), sb.Len() <= maxURL
}

// cleanRef checks a "ref:…" reference and returns its stored form.
func cleanRef(ref string) (string, bool) {
	if !strings.HasPrefix(ref, "ref:") || len(ref) < 5 || len(ref) > 3*maxURL {
		return "", false
	}
	if !needsEscape(ref) {
		return ref, len(ref) <= maxURL
	}
	var sb strings.Builder
	escapeURL(&sb, ref)
	return sb.String(), sb.Len() <= maxURL
}

// cleanHref checks what a stored link may hold: a reference, a block of the
// same body, or an address.
func cleanHref(s string) (string, bool) {
	if strings.HasPrefix(s, "ref:") {
		return cleanRef(s)
	}
	if strings.HasPrefix(s, "#") { // checkIDs looks whether there is such a block
		return s, validID(s[1:])
	}
	return cleanURL(s)
}

var lineEnds = strings.NewReplacer("\t", "", "\n", "", "\r", "", "\x00", "")

// trimURL does what browsers do before they look at a scheme (WHATWG URL,
// basic parser): outer controls and spaces and inner tabs and line ends go.
func trimURL(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' || r == 0xA0 || r == 0xFEFF })
	if !strings.ContainsAny(s, "\t\n\r\x00") {
		return s
	}
	return lineEnds.Replace(s)
}

func validHost(h string) bool {
	if h == "" || len(h) > 260 {
		return false
	}
	for i := 0; i < len(h); i++ {
		c := h[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '.', c == '-', c == '_', c == ':', c == '[', c == ']':
		case c >= 0x80:
			// a host in its own script: letters only, in normal form
			return plainClean(h) && Plain(h) == h && !strings.ContainsAny(h, "\"'<>&%@\\`^{|} \t\n") &&
				strings.IndexFunc(h, func(r rune) bool { return r > 0x7f && !isWordRune(r) }) < 0
		default:
			return false
		}
	}
	return true
}

func plainByte(c byte) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '^' &&
		c != '`' && c != '{' && c != '|' && c != '}' && c != '\''
}

func needsEscape(s string) bool {
	for i := 0; i < len(s); i++ {
		if !plainByte(s[i]) {
			return true
		}
	}
	return false
}

func escapeURL(sb *strings.Builder, s string) {
	const hex = "0123456789ABCDEF"
	s = strings.ToValidUTF8(s, "\uFFFD")
	for i := 0; i < len(s); i++ {
		c := s[i]
		if plainByte(c) {
			sb.WriteByte(c)
			continue
		}
		if c < ' ' || c == 0x7f {
			continue
		}
		sb.WriteByte('%')
		sb.WriteByte(hex[c>>4])
		sb.WriteByte(hex[c&15])
	}
}

func isWeb(u string) bool {
	return strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://")
}

// hostOf returns the host of a cleaned http address, without port and "www.".
func hostOf(u string) string {
	_, rest, ok := strings.Cut(u, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.HasSuffix(rest, "]") {
		rest = rest[:i]
	}
	return strings.TrimPrefix(strings.ToLower(rest), "www.")
}

// cleanLang returns a language tag in its usual letters (RFC 5646 §2.1.1),
// or "" if it is none.
func cleanLang(s string) string {
	s = strings.TrimSpace(s)
	if len(s) < 2 || len(s) > 35 {
		return ""
	}
	buf := make([]byte, 0, len(s))
	start := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != '-' && s[i] != '_' {
			c := s[i] | 0x20
			if !(c >= 'a' && c <= 'z') && !(s[i] >= '0' && s[i] <= '9') {
				return ""
			}
			continue
		}
		part := s[start:i]
		if len(part) == 0 || len(part) > 8 {
			return ""
		}
		if start == 0 {
			if len(part) < 2 || len(part) > 3 || part[0] <= '9' || part[1] <= '9' || part[len(part)-1] <= '9' {
				return ""
			}
		} else {
			buf = append(buf, '-')
		}
		for j := 0; j < len(part); j++ {
			c := part[j]
			if c > '9' {
				c |= 0x20
				if start > 0 && (len(part) == 2 || len(part) == 4 && j == 0) {
					c &^= 0x20
				}
			}
			buf = append(buf, c)
		}
		start = i + 1
	}
	if string(buf) == s {
		return s
	}
	return string(buf)
}

// sameLang reports whether a passage in a within text in b needs no mark:
// the same language, and no script that b does not name.
func sameLang(a, b string) bool {
	if a == b {
		return true
	}
	pa, ra, _ := strings.Cut(a, "-")
	pb, _, _ := strings.Cut(b, "-")
	if pa != pb {
		return false
	}
	script, _, _ := strings.Cut(ra, "-")
	return len(script) != 4
}

// validID reports whether s is an id of a block: b, a digit, and up to 30
// digits or small letters. The digit keeps it apart from the page's own ids.
func validID(s string) bool {
	if len(s) < 2 || len(s) > 32 || s[0] != 'b' || s[1] < '0' || s[1] > '9' {
		return false
	}
	for i := 2; i < len(s); i++ {
		if c := s[i]; !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z') {
			return false
		}
	}
	return true
}
