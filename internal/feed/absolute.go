package feed

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// What a text in a feed may consist of. Of every other element the words stay
// and the tags go; scripts, styles and frames go whole.
var elements = set("a abbr aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em " +
	"figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p picture pre q s samp section small source " +
	"span strong sub summary sup table tbody td tfoot th thead time tr track u ul var video wbr")

// Attributes. Not among them: loading, decoding and data-src, which leave
// holes in programs that run no scripts; id, which repeats in a list of
// articles; style and class, which mean something else there.
var attributes = set("alt aria-label cite colspan controls datetime dir height href hreflang kind label lang media open poster preload reversed " +
	"rowspan scope sizes src srclang srcset start title type value width")

// whole are the elements whose content is no text.
var whole = set("iframe math noembed noframes noscript object plaintext script select style svg template textarea title xmp")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

type attr struct{ name, value string }

// Absolute makes the addresses in a rendered body absolute, resolved against
// base (the absolute address of the page it is the body of), and leaves out
// what programs that read feeds choke on. An address that is neither http nor
// https (or, of a link, mailto or tel) goes. Absolute of what Absolute gave
// is the same.
func Absolute(body, base string) string {
	home, err := url.Parse(base)
	if err != nil || !home.IsAbs() {
		home = nil
	}
	var b strings.Builder
	b.Grow(len(body) + len(body)/8)
	z := html.NewTokenizer(strings.NewReader(body))
	skip, depth := "", 0
	notes, note := false, false
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String() // the end; a strings.Reader has no other error
		}
		t := z.Token()
		if skip != "" {
			switch {
			case kind == html.StartTagToken && t.Data == skip:
				depth++
			case kind == html.EndTagToken && t.Data == skip:
				if depth--; depth == 0 {
					skip = ""
				}
			}
			continue
		}
		switch kind {
		case html.TextToken:
			b.WriteString(escape(clean(t.Data))) // now, because "&#8;" has become a character
		case html.StartTagToken, html.SelfClosingTagToken:
			if whole[t.Data] && kind == html.StartTagToken {
				skip, depth = t.Data, 1
			}
			// Footnotes print their numbers themselves, because our pages' styles
			// take the list's away. A program shows the list's.
			notes = notes || t.Data == "ol" && hasClass(t, "notes")
			if note && t.Data == "span" && kind == html.StartTagToken {
				skip, depth, note = "span", 1, false
				continue
			}
			note = notes && t.Data == "li"
			if elements[t.Data] {
				element(&b, t, home)
			}
		case html.EndTagToken:
			notes = notes && t.Data != "ol"
			if elements[t.Data] {
				b.WriteString("</" + t.Data + ">")
			}
		}
	}
}

func hasClass(t html.Token, name string) bool {
	for _, a := range t.Attr {
		if a.Key == "class" && a.Val == name {
			return true
		}
	}
	return false
}

// element prints a start tag with the attributes that may stay.
func element(b *strings.Builder, t html.Token, home *url.URL) {
	var keep []attr
	seen := map[string]bool{}
	for _, a := range t.Attr {
		if a.Namespace != "" || !attributes[a.Key] || seen[a.Key] {
			continue
		}
		seen[a.Key] = true
		v, ok := clean(a.Val), true
		switch a.Key {
		case "href":
			v, ok = resolve(home, v, true)
		case "src", "poster", "cite":
			v, ok = resolve(home, v, false)
		case "srcset":
			v = srcset(home, v)
			ok = v != ""
		}
		if ok {
			keep = append(keep, attr{a.Key, v})
		}
	}
	if t.Data == "img" && !has(keep, "src") {
		return
	}
	printTag(b, t.Data, keep)
}

func has(list []attr, name string) bool {
	for _, a := range list {
		if a.name == name {
			return true
		}
	}
	return false
}

// printTag prints a start tag. Attributes without a value are left out, but
// alt, whose emptiness says something, and the switches.
func printTag(b *strings.Builder, name string, attrs []attr) {
	b.WriteString("<" + name)
	for _, a := range attrs {
		switch a.name {
		case "alt", "controls", "open", "reversed", "value":
		default:
			if a.value == "" {
				continue
			}
		}
		b.WriteString(" " + a.name + `="` + quote(a.value) + `"`)
	}
	b.WriteByte('>')
}

// resolve makes an address absolute.
func resolve(home *url.URL, raw string, link bool) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return "", false
	}
	if !u.IsAbs() {
		if home == nil {
			return "", false
		}
		u = home.ResolveReference(u)
	}
	switch u.Scheme {
	case "http", "https":
		s := tight(u.String())
		return s, absolute(s)
	case "mailto", "tel":
		return tight(u.String()), link
	}
	return "", false
}

// tight escapes what url.URL leaves and no address may hold (RFC 3986 §2).
func tight(s string) string { return notInAddresses.Replace(s) }

var notInAddresses = strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", `\`, "%5C", "^", "%5E", "`", "%60",
	"{", "%7B", "|", "%7C", "}", "%7D", "\t", "%09", "\n", "%0A")

// srcset makes the addresses of a list of candidates absolute. Candidates are
// parted by commas, which an address may contain too: it ends at white space,
// and a comma right at its end is no part of it (HTML, "parse a srcset
// attribute").
func srcset(home *url.URL, raw string) string {
	var out []string
	for rest := strings.TrimLeft(raw, ", \t\n\f\r"); rest != ""; rest = strings.TrimLeft(rest, ", \t\n\f\r") {
		end := strings.IndexAny(rest, " \t\n\f\r")
		if end < 0 {
			end = len(rest)
		}
		address, after, descriptor := rest[:end], rest[end:], ""
		if trimmed := strings.TrimRight(address, ","); trimmed == address {
			descriptor, after, _ = strings.Cut(after, ",")
		} else {
			address = trimmed
		}
		rest = after
		u, ok := resolve(home, address, false)
		d := strings.TrimSpace(descriptor)
		if !ok || !density(d) {
			continue
		}
		// A comma at either end would be read as a border.
		u = strings.ReplaceAll(u, ",", "%2C")
		out = append(out, strings.TrimSpace(u+" "+d))
	}
	return strings.Join(out, ", ")
}

// density reports whether s is a descriptor as "640w" and "2x" are, or none.
func density(s string) bool {
	if s == "" {
		return true
	}
	n, unit := s[:len(s)-1], s[len(s)-1]
	v, err := strconv.ParseFloat(n, 64)
	return err == nil && v > 0 && v < 1e6 && (unit == 'w' || unit == 'x') && strings.Trim(n, "0123456789.") == ""
}

// number is n in digits, empty for what is not known.
func number(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// escape prints a text between tags.
func escape(s string) string { return betweenTags.Replace(s) }

// quote prints a value between quotation marks.
func quote(s string) string { return inQuotes.Replace(s) }

var (
	betweenTags = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	inQuotes    = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
)
