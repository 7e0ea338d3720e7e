package wordpress

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Which brackets are a shortcode? WordPress knows: what a plugin has registered.
// An export does not say what was, so something must be there that prose does
// not have. A doubt is decided for the text, and told.

// plugins are names that mean a shortcode wherever they stand.
var plugins = map[string]bool{
	"contact-form": true, "contact-form-7": true, "contact-field": true, "wpforms": true, "toc": true, "sitemap": true,
	"archives": true, "blog_subscription_form": true, "subscribe2": true, "mailpoet_form": true, "jetpack-related-posts": true,
	"nggallery": true, "recent-posts": true, "polldaddy": true, "portfolio": true, "products": true, "recent_products": true,
	"woocommerce_cart": true, "woocommerce_checkout": true, "sharethis": true, "addtoany": true, "adsense": true, "ad": true,
	"bbp-forum-index": true, "events_list": true, "tribe_events": true, "newsletter": true, "printfriendly": true,
	"instagram-feed": true, "custom-facebook-feed": true, "custom-twitter-feeds": true, "post-views": true, "adrotate": true,
	"adinserter": true, "smartslider3": true, "metaslider": true, "soliloquy": true, "envira-gallery": true, "foogallery": true,
	"modula": true, "tablepress": true, "gravityform": true, "formidable": true, "wpgmza": true, "mappress": true, "maxbutton": true,
	"wpdatatable": true, "ez-toc": true, "lwptoc": true, "display-posts": true, "catlist": true, "yarpp": true, "ssba": true,
	"shareaholic": true, "essb": true, "gtranslate": true, "kkstarratings": true, "wpstatistics": true, "theme-my-login": true,
	"slider": true, "carousel": true, "donation-form": true, "give-form": true, "wp-rss-aggregator": true, "eventon": true, "buddypress": true, "quads": true,
}

// families are beginnings of the names that page builders use.
var families = []string{"vc_", "et_pb_", "fusion_", "su_", "tdb_", "td_block", "av_", "wpv-", "ngg_", "mc4wp_", "elementor-", "cs_", "x_", "mk_", "wpdm_", "bbp-"}

// machineParts are words that, joined to another by a hyphen, name something of
// a website and nothing of a sentence.
var machineParts = map[string]bool{
	"form": true, "forms": true, "feed": true, "feeds": true, "gallery": true, "slider": true, "slideshow": true, "carousel": true,
	"widget": true, "shortcode": true, "button": true, "buttons": true, "banner": true, "ads": true, "menu": true, "sidebar": true,
	"player": true, "embed": true, "popup": true, "countdown": true, "toc": true, "wp": true, "posts": true, "views": true,
	"map": true, "sitemap": true, "subscribe": true, "newsletter": true, "poll": true, "rating": true, "ratings": true,
	"template": true, "grid": true, "tabs": true, "accordion": true, "related": true, "share": true, "social": true, "login": true,
}

// machineWords are found within names that plugins and themes make up
// ("mygallery"), and within no other word.
var machineWords = []string{"gallery", "slider", "carousel", "widget", "shortcode", "slideshow", "adsense"}

// machineMade tells names that no word of prose is like.
func machineMade(name string) bool {
	if strings.Contains(name, "_") || builtBy(name) {
		return true
	}
	for _, w := range machineWords {
		if len(name) > len(w) && strings.Contains(name, w) && name != "backslider" {
			return true
		}
	}
	for parts := name; strings.Contains(name, "-") && parts != ""; {
		var part string
		part, parts, _ = strings.Cut(parts, "-")
		if machineParts[part] {
			return true
		}
	}
	return false
}

func builtBy(name string) bool {
	for _, f := range families {
		if strings.HasPrefix(name, f) {
			return true
		}
	}
	return false
}

// needsMore are names that are also ordinary words: within a sentence they are
// prose when they are alone in their brackets.
var needsMore = map[string]bool{
	"code": true, "quote": true, "blockquote": true, "audio": true, "video": true, "embed": true, "caption": true, "html": true,
	"c": true, "java": true, "python": true, "ruby": true, "sql": true, "xml": true, "css": true, "bash": true, "php": true,
	"ref": true, "fn": true, "footnote": true, "tweet": true, "youtube": true, "vimeo": true, "instagram": true, "facebook": true,
	"button": true, "pullquote": true, "soundcloud": true, "spotify": true, "gist": true, "ted": true, "telegram": true, "ad": true,
	"portfolio": true, "products": true, "newsletter": true, "archives": true, "tiktok": true, "pinterest": true, "reddit": true,
	"source": true, "highlight": true, "latex": true, "perl": true, "js": true, "javascript": true, "shell": true, "cpp": true,
	"twitter": true, "scribd": true, "flickr": true, "giphy": true, "bandcamp": true, "playlist": true, "slideshow": true, "crayon": true,
	"vk": true, "slider": true, "carousel": true, "quads": true, "modula": true, "formidable": true,
}

// asides are what stands in brackets on a line of its own in texts that people
// wrote: transcripts, corrections, notes of editors.
var asides = map[string]bool{
	"applause": true, "laughter": true, "laughs": true, "laughing": true, "music": true, "noise": true, "pause": true, "silence": true,
	"crosstalk": true, "inaudible": true, "unintelligible": true, "indistinct": true, "cheers": true, "cheering": true, "chuckles": true,
	"sighs": true, "overlapping": true, "interruption": true, "intermission": true, "break": true, "sic": true, "ibid": true, "end": true,
	"ends": true, "top": true, "back": true, "edit": true, "edited": true, "update": true, "updated": true, "correction": true,
	"corrected": true, "continued": true, "cont": true, "more": true, "redacted": true, "deleted": true, "removed": true, "censored": true,
	"omitted": true, "photo": true, "picture": true, "image": true, "link": true, "translation": true, "experimental": true,
	"spoiler": true, "spoilers": true, "hide": true, "show": true, "ed": true, "see": true, "draft": true, "tk": true, "blank": true,
}

// registered tells names of shortcodes: known ones, and those that this export
// itself uses as such elsewhere.
func (c *conv) registered(name string) bool {
	name = strings.ToLower(name)
	return handled(name) || plugins[name] || machineMade(name) || c.it.export != nil && c.it.export.tables.shortcodes[name]
}

// real tells a shortcode, which begins at s[at:], from brackets in prose.
func (c *conv) real(sc *shortcode, s string, at int) bool {
	known := c.registered(sc.name)
	word := sc.raw[0] >= 'a' && sc.raw[0] <= 'z' // WordPress tells "[Gallery]" from "[gallery]"
	switch {
	case sc.pair:
		return known || len(sc.name) > 1 || bulletin[sc.raw] != ""
	case sc.bare && !word:
		return false
	case sc.bare:
		return c.bare(sc, s, at, known)
	case len(sc.attrs) > 0:
		return known || sc.plain
	case len(sc.words) > 0: // "[vimeo 123]", but not "[video of the event]"
		w := sc.words[0]
		return known && (webURL(w) != "" || len(sc.words) == 1 && strings.ContainsAny(w, "0123456789")) || strings.Contains(sc.name, "_")
	}
	return known || word && s[at+sc.size-2] == '/' && s[at+sc.size-3] == ' ' // "[name /]"
}

// bare tells whether a name alone in its brackets is a shortcode.
func (c *conv) bare(sc *shortcode, s string, at int, known bool) bool {
	end := at + sc.size
	if !handled(sc.name) && !plugins[sc.name] && !builtBy(sc.name) && (at > 0 && wordByte(s[at-1]) || end < len(s) && (s[end] == '(' || wordByte(s[end]))) {
		return false // an index of an array, a link of Markdown, "[W]hich"
	}
	if known && !needsMore[sc.name] {
		return true
	}
	if asides[sc.name] || len(sc.name) < 2 {
		return false
	}
	if alone(s, at, end) {
		return true
	}
	c.note("brackets", "a word in brackets within a sentence was kept, though it may be a shortcode: "+sc.name)
	return false
}

func wordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_'
}

// sighted is in how many items a name was used as shortcodes are: alone on its
// line, with key=value, with an end. Three are no accident: where it stands in
// a sentence, too, WordPress put something in its place.
const sighted = 3

// maxSightings bounds the names that are counted, and maxBrackets those looked
// at in one text: some are made to be slow.
const (
	maxSightings = 2000
	maxBrackets  = 5000
)

// sight counts the names that a text uses as shortcodes.
func (t *tables) sight(text []byte) {
	var had []string
	at := bytes.IndexByte(text, '[')
	for n := 0; at >= 0 && n < maxBrackets; n++ {
		if name := usedAs(text, at); name != "" && !slices.Contains(had, name) {
			if _, ok := t.sightings[name]; ok || len(t.sightings) < maxSightings {
				had = append(had, name)
				t.sightings[name]++
			}
		}
		next := bytes.IndexByte(text[at+1:], '[')
		if next < 0 || len(had) >= 50 {
			return
		}
		at += 1 + next
	}
}

// usedAs is the name in the brackets at text[at:], if it is none that is known
// anyway and is used as only shortcodes are.
func usedAs(text []byte, at int) string {
	b := text[at+1 : min(len(text), at+300)]
	shut := len(b) > 0 && b[0] == '/'
	if shut {
		b = b[1:]
	}
	n := 0
	for n < len(b) && n < 60 && (b[n] >= 'a' && b[n] <= 'z' || n > 0 && (b[n] >= '0' && b[n] <= '9' || b[n] == '-')) {
		n++
	}
	if n < 2 || n == len(b) || b[n] != ']' && b[n] != ' ' || at > 0 && wordByte(text[at-1]) {
		return ""
	}
	name := string(b[:n])
	if asides[name] || needsMore[name] || handled(name) || plugins[name] || machineMade(name) {
		return ""
	}
	if b[n] == ']' {
		from, to := max(0, at-300), at+1+n+1
		if shut || alone(string(text[from:min(len(text), to+300)]), at-from, to-from) {
			return name
		}
		return ""
	}
	end := bytes.IndexAny(b, "]<[")
	if end < 0 || b[end] != ']' {
		return ""
	}
	if eq := bytes.IndexByte(b[:end], '='); eq > n+1 && !bytes.ContainsAny(bytes.TrimRight(b[n+1:eq], " "), " ,.") {
		return name
	}
	return ""
}

// alone reports whether nothing else but shortcodes stands on the line of
// s[from:to]. It looks some hundred bytes far, so that a long line of brackets
// costs no more than it is long.
func alone(s string, from, to int) bool {
	return begins(s[max(0, from-300):from]) && endsAt(s[to:min(len(s), to+300)])
}

// begins reports whether a line may begin behind s.
func begins(s string) bool {
	for s = trimLine(s); s != ""; s = trimLine(s) {
		i := -1
		switch s[len(s)-1] {
		case '\n':
			// Somebody's editor wraps lines: a single end of line ends something
			// only where a sentence is at its end.
			s = strings.TrimRight(s[:len(s)-1], " \t\r")
			if i = strings.LastIndexByte(s, '['); strings.HasSuffix(s, "]") && nameByte(s[i+1]) {
				break
			}
			r, _ := utf8.DecodeLastRuneInString(s)
			return s == "" || strings.ContainsRune("\n>.!?…:»”\"’", r)
		case '>':
			if i = strings.LastIndexByte(s, '<'); i >= 0 && lineTag(s[i:]) {
				return true
			}
		case ']':
			i = strings.LastIndexByte(s, '[')
		}
		if i < 0 || !nameByte(s[i+1]) {
			return false
		}
		s = s[:i]
	}
	return true
}

func nameByte(b byte) bool { return b >= 'a' && b <= 'z' || b == '/' }

// endsAt reports whether a line may end before s.
func endsAt(s string) bool {
	for s = trimLine(s); s != ""; s = trimLine(s) {
		i := -1
		switch s[0] {
		case '\n':
			s = strings.TrimLeft(s[1:], " \t\r")
			r, _ := utf8.DecodeRuneInString(s)
			return !unicode.IsLower(r)
		case '<':
			if i = strings.IndexByte(s, '>'); i >= 0 && lineTag(s) {
				return true
			}
		case '[':
			if i = strings.IndexByte(s, ']'); i >= 0 && strings.HasPrefix(s[i+1:], "(") {
				return false
			}
		}
		if i < 0 {
			return false
		}
		s = s[i+1:]
	}
	return true
}

// trimLine takes the white space off that does not end a line.
func trimLine(s string) string {
	s = strings.Trim(s, " \t\r\u00a0")
	for strings.HasPrefix(s, "&nbsp;") || strings.HasSuffix(s, "&nbsp;") {
		s = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(s, "&nbsp;"), "&nbsp;"), " \t\r\u00a0")
	}
	return s
}

// lineTag reports whether a tag begins or ends a line.
func lineTag(tag string) bool {
	name := strings.TrimPrefix(tag[1:], "/")
	i := 0
	for i < len(name) && i < 12 && (name[i] >= 'a' && name[i] <= 'z' || name[i] >= 'A' && name[i] <= 'Z' || name[i] >= '0' && name[i] <= '9') {
		i++
	}
	switch strings.ToLower(name[:i]) {
	case "p", "div", "br", "center", "section", "figure", "blockquote", "aside", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table":
		return true
	}
	return false
}
