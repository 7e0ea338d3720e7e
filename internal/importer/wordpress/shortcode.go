package wordpress

import (
	"fmt"
	"html"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// shortcode is one as written: [name key="value" word]inside[/name].
type shortcode struct {
	name  string // lower case
	raw   string // as written
	attrs map[string]string
	words []string // values without a key
	inner string
	pair  bool
	bare  bool // neither attributes nor an end
	plain bool // has key=value first, or a value in quotes, and holds no mark-up
	size  int  // of the opening tag
}

// shortcodes goes through a text outside of tags and code, and puts HTML in
// place of its shortcodes. Ordinary brackets ("[sic]", "[1]", "[…]") stay.
func (c *conv) shortcodes(s string, depth int) string {
	if strings.IndexByte(s, '[') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 64)
	ends, codes := closings(s), codeEnds(s)
	at := 0
	for at < len(s) {
		i := strings.IndexAny(s[at:], "[<")
		if i < 0 {
			break
		}
		b.WriteString(s[at : at+i])
		at += i
		if s[at] == '<' {
			n := markup(s, at, codes)
			b.WriteString(s[at : at+n])
			at += n
			continue
		}
		if text, n := escaped(s[at:]); n > 0 {
			b.WriteString(text)
			at += n
			continue
		}
		sc, ok := parseShortcode(s[at:])
		if !ok {
			if n := orphan(s[at:]); n > 0 && c.registered(s[at+2:at+n-1]) {
				at += n // "[/caption]" without a beginning
				continue
			}
			b.WriteByte('[')
			at++
			continue
		}
		after := at + sc.size
		if last, has := ends[sc.name]; has && last >= after && (len(sc.name) > 1 || bulletin[sc.raw] != "") {
			if inner, n, found := untilClose(s[after:], sc.name); found {
				sc.inner, sc.pair, sc.bare = inner, true, false
				after += n
			}
		}
		if !c.real(&sc, s, at) {
			b.WriteByte('[')
			at++
			continue
		}
		if c.plain {
			b.WriteString(c.withoutMedia(sc, depth))
		} else {
			b.WriteString(c.expand(sc, depth))
		}
		at = after
	}
	b.WriteString(s[at:])
	return b.String()
}

var closing = regexp.MustCompile(`\[/([A-Za-z][A-Za-z0-9_-]*)\]`)

// closings finds where each name is closed for the last time, so that the
// search for an end never runs in vain.
func closings(s string) map[string]int {
	ends := map[string]int{}
	if !strings.Contains(s, "[/") {
		return ends
	}
	for _, m := range closing.FindAllStringSubmatchIndex(s, -1) {
		ends[strings.ToLower(s[m[2]:m[3]])] = m[0]
	}
	return ends
}

var codeEnd = regexp.MustCompile(`(?i)</(?:pre|code|script|style|textarea)[\s>]`)

// codeEnds finds the end tags of code, in order.
func codeEnds(s string) [][]int {
	if !strings.Contains(s, "</") {
		return nil
	}
	return codeEnd.FindAllStringIndex(s, -1)
}

// markup is the length of the tag or comment at s[at:], and of the whole
// element if it holds code.
func markup(s string, at int, codes [][]int) int {
	rest := s[at:]
	if strings.HasPrefix(rest, "<!--") {
		if i := strings.Index(rest, "-->"); i >= 0 {
			return i + 3
		}
		return 1
	}
	if len(rest) < 2 || !nameStart(rest[1]) && rest[1] != '/' {
		return 1
	}
	end := strings.IndexByte(rest, '>')
	if end < 0 {
		return len(rest)
	}
	name := strings.ToLower(string(tagName([]byte(rest[1:min(end+1, 12)]))))
	switch name {
	case "pre", "code", "script", "style", "textarea":
		from := sort.Search(len(codes), func(i int) bool { return codes[i][0] > at })
		for _, c := range codes[from:min(from+100, len(codes))] {
			if hasPrefixFold(s[c[0]+2:], name) {
				return c[0] - at
			}
		}
	}
	return end + 1
}

// escaped reads "[[name]]", which WordPress shows as "[name]".
func escaped(s string) (text string, n int) {
	if !strings.HasPrefix(s, "[[") {
		return "", 0
	}
	end := strings.Index(s[:min(len(s), 2000)], "]]")
	if end < 0 {
		return "", 0
	}
	if _, ok := parseShortcode(s[1:]); !ok {
		return "", 0
	}
	return html.EscapeString(html.UnescapeString(s[1 : end+1])), end + 2
}

func orphan(s string) int {
	if !strings.HasPrefix(s, "[/") {
		return 0
	}
	end := strings.IndexByte(s[:min(len(s), 60)], ']')
	return end + 1
}

// untilClose finds the end of the shortcode that was just opened; the same
// name may stand inside.
func untilClose(s, name string) (inner string, size int, ok bool) {
	open, shut, depth, at := "["+name, "[/"+name+"]", 1, 0
	for at < len(s) {
		i := strings.IndexByte(s[at:], '[')
		if i < 0 {
			break
		}
		at += i
		switch {
		case hasPrefixFold(s[at:], shut):
			if depth--; depth == 0 {
				return s[:at], at + len(shut), true
			}
			at += len(shut)
			continue
		case hasPrefixFold(s[at:], open) && len(s) > at+len(open) && (s[at+len(open)] == ']' || s[at+len(open)] == ' '):
			if end := strings.IndexByte(s[at:], ']'); end > 0 && s[at+end-1] != '/' {
				depth++
			}
		}
		at++
	}
	if i := strings.Index(strings.ToLower(s), shut); depth > 1 && i >= 0 { // unbalanced: the first end
		return s[:i], i + len(shut), true
	}
	return "", 0, false
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

var (
	attrs = regexp.MustCompile(`([A-Za-z_][\w:-]*)\s*=\s*"([^"]*)"|([A-Za-z_][\w:-]*)\s*=\s*'([^']*)'|` +
		`([A-Za-z_][\w:-]*)\s*=\s*([^\s'"\]]+)|"([^"]*)"|'([^']*)'|(\S+)`)
	curly = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "″", `"`, "&#8221;", `"`, "&#8220;", `"`, "&quot;", `"`, "&#8243;", `"`, "\u00a0", " ")
)

// parseShortcode reads the opening tag at the beginning of s. Shortcodes are
// short; a bracket that closes 4 KiB later is none.
func parseShortcode(s string) (sc shortcode, ok bool) {
	name, end := openTag(s[:min(len(s), 4096)])
	if end == 0 {
		return sc, false
	}
	sc.raw, sc.size = s[1:name], end+1
	sc.name = strings.ToLower(sc.raw)
	rest := strings.TrimSpace(s[name:end])
	if r, cut := strings.CutSuffix(rest, "/"); cut && (r == "" || !strings.Contains(r, "://") || strings.HasSuffix(r, " ")) {
		rest, sc.pair = strings.TrimSpace(r), false
		sc.attrs = map[string]string{}
	}
	sc.bare = rest == "" && sc.attrs == nil
	sc.attrs = map[string]string{}
	if r, cut := cutPrefix(rest, "="); cut { // [youtube=https://…]
		sc.words = append(sc.words, html.UnescapeString(strings.Trim(strings.TrimSpace(r), `"'`)))
		return sc, true
	}
	if !strings.Contains(rest, `="`) && !strings.Contains(rest, "='") { // the editor made them pretty
		rest = curly.Replace(rest)
	}
	for i, a := range attrs.FindAllStringSubmatch(rest, 50) {
		sc.plain = sc.plain || (i == 0 && a[5] != "" || a[1]+a[3] != "") && !strings.Contains(rest, "<")
		switch {
		case a[1] != "":
			sc.attrs[strings.ToLower(a[1])] = html.UnescapeString(a[2])
		case a[3] != "":
			sc.attrs[strings.ToLower(a[3])] = html.UnescapeString(a[4])
		case a[5] != "":
			sc.attrs[strings.ToLower(a[5])] = html.UnescapeString(a[6])
		default:
			sc.words = append(sc.words, html.UnescapeString(a[7]+a[8]+a[9]))
		}
	}
	return sc, true
}

// openTag finds where the name and the whole of an opening tag end. Quotes
// hide brackets; a bracket that opens outside of them ends the attempt.
func openTag(s string) (name, end int) {
	if len(s) < 3 || s[1] >= 0x80 || s[1] == ':' || s[1] == '_' || !nameStart(s[1]) {
		return 0, 0
	}
	i := 1
	for i < len(s) && i < 62 && (s[i] < 0x80 && s[i] != ':' && nameStart(s[i]) || s[i] >= '0' && s[i] <= '9' || s[i] == '-') {
		i++
	}
	if i == len(s) || s[i] != ']' && s[i] != '=' && s[i] != '/' && !space(s[i]) {
		return 0, 0
	}
	quote := byte(0)
	for j := i; j < len(s); j++ {
		switch c := s[j]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' && j > 0 && (s[j-1] == '=' || space(s[j-1])):
			quote = c
		case c == '\'' && s[j-1] == '=':
			quote = c
		case c == '[':
			return 0, 0
		case c == ']':
			return i, j
		}
	}
	return 0, 0
}

// codeNames are shortcodes whose inside is code.
var codeNames = map[string]bool{
	"code": true, "sourcecode": true, "source": true, "php": true, "html": true, "css": true, "js": true, "javascript": true,
	"python": true, "bash": true, "shell": true, "java": true, "c": true, "cpp": true, "csharp": true, "sql": true, "xml": true,
	"ruby": true, "perl": true, "crayon": true, "highlight": true, "latex": true,
}

// providers are shortcodes that show what stands elsewhere, and what an id
// has to be put behind.
var providers = map[string]string{
	"youtube": "https://www.youtube.com/watch?v=", "youtube_sc": "https://www.youtube.com/watch?v=",
	"vimeo": "https://vimeo.com/", "tweet": "https://twitter.com/i/web/status/", "twitter": "https://twitter.com/i/web/status/",
	"instagram": "https://www.instagram.com/p/", "facebook": "", "soundcloud": "", "spotify": "", "dailymotion": "https://www.dailymotion.com/video/",
	"ted": "https://www.ted.com/talks/view/id/", "slideshare": "", "googlemaps": "", "gist": "https://gist.github.com/",
	"wpvideo": "https://videopress.com/v/", "videopress": "https://videopress.com/v/", "flickr": "", "pinterest": "", "tiktok": "",
	"telegram": "", "vk": "", "rutube": "https://rutube.ru/video/", "scribd": "https://www.scribd.com/doc/", "mixcloud": "",
	"bandcamp": "", "giphy": "", "reddit": "", "issuu": "", "embedyt": "", "fvplayer": "",
}

func handled(name string) bool {
	switch name {
	case "caption", "wp_caption", "gallery", "slideshow", "playlist", "embed", "audio", "video", "quote", "blockquote",
		"pullquote", "pull_quote", "pull-quote", "footnote", "ref", "fn", "efn_note", "button":
		return true
	}
	_, provider := providers[name]
	return provider || codeNames[name]
}

// expand is the HTML in place of a shortcode.
func (c *conv) expand(sc shortcode, depth int) string {
	inside := func() string {
		if depth >= maxNesting {
			return sc.inner
		}
		return c.shortcodes(sc.inner, depth+1)
	}
	if codeNames[sc.name] && sc.pair {
		return "\n\n<pre><code>" + html.EscapeString(html.UnescapeString(strings.Trim(sc.inner, "\r\n"))) + "</code></pre>\n\n"
	}
	if prefix, ok := providers[sc.name]; ok {
		if made := provided(sc, prefix); made != "" {
			return made
		}
		return c.without(sc)
	}
	if wraps(sc.name) && !sc.pair {
		return c.unknown(sc, inside)
	}
	switch sc.name {
	case "caption", "wp_caption":
		return captioned(sc, inside())
	case "gallery", "slideshow":
		return c.galleryOf(sc)
	case "playlist":
		return c.playlist(sc)
	case "embed":
		if made := card(anyTag.ReplaceAllString(sc.inner, ""), ""); made != "" {
			return made
		}
		if made := card(firstOf(append(sc.words, sc.attrs["src"], sc.attrs["url"])...), ""); made != "" {
			return made
		}
		return c.without(sc)
	case "audio", "video":
		if made := sounding(sc); made != "" {
			return made
		}
		return c.without(sc)
	case "quote", "blockquote":
		by := firstOf(sc.attrs["author"], sc.attrs["cite"], sc.attrs["name"], sc.attrs["by"])
		if by != "" {
			by = "<footer>" + html.EscapeString(by) + "</footer>"
		}
		return "\n\n<blockquote>" + inside() + by + "</blockquote>\n\n"
	case "pullquote", "pull_quote", "pull-quote":
		return "\n\n" + pull(inside()) + "\n\n"
	case "footnote", "ref", "fn", "efn_note":
		if sc.pair {
			return c.footnote(inside())
		}
	case "button":
		if to := webURL(firstOf(sc.attrs["url"], sc.attrs["link"], sc.attrs["href"])); to != "" && sc.pair {
			return `<a href="` + html.EscapeString(to) + `">` + inside() + "</a>"
		}
	}
	return c.unknown(sc, inside)
}

// unknown is what stays of a shortcode that nobody here can read: its text.
func (c *conv) unknown(sc shortcode, inside func() string) string {
	if sc.pair {
		c.note("shortcode", "a shortcode that we do not know was taken away, its text was kept: "+sc.name)
		if mark, ok := bulletin[sc.raw]; ok {
			return "<" + mark + ">" + inside() + "</" + mark + ">"
		}
		return inside()
	}
	c.note("shortcode", "a shortcode that we do not know was left out: "+sc.name)
	return ""
}

// wraps are shortcodes that are nothing without what they stand around.
func wraps(name string) bool {
	switch name {
	case "caption", "wp_caption", "quote", "blockquote", "pullquote", "pull_quote", "pull-quote":
		return true
	}
	return false
}

// bulletin is what readers' forums write, and people who come from there.
var bulletin = map[string]string{"b": "strong", "i": "em", "s": "s", "u": "u"}

// withoutMedia is what stays of a shortcode where there are words only: in an
// excerpt.
func (c *conv) withoutMedia(sc shortcode, depth int) string {
	inside := func() string {
		if depth >= maxNesting {
			return sc.inner
		}
		return c.shortcodes(sc.inner, depth+1)
	}
	switch {
	case sc.pair && (wraps(sc.name) || sc.name == "button" || codeNames[sc.name]):
		return inside()
	case handled(sc.name):
		c.note("shortcode", "a shortcode that shows no words was left out: "+sc.name)
		return ""
	}
	return c.unknown(sc, inside)
}

func (c *conv) without(sc shortcode) string {
	c.note("shortcode", "a shortcode without an address was left out: "+sc.name)
	return ""
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

var mediaID = regexp.MustCompile(`^[A-Za-z0-9_-]{2,64}$`)

// provided is the card of a provider's shortcode: it names an address or an
// id, as an attribute, a word or its inside.
func provided(sc shortcode, prefix string) string {
	inner := strings.TrimSpace(anyTag.ReplaceAllString(sc.inner, ""))
	list := append([]string{sc.attrs["url"], sc.attrs["src"], sc.attrs["id"], sc.attrs["video"], sc.attrs["link"], sc.attrs["tweet"]}, sc.words...)
	for _, s := range append(list, inner) {
		s = html.UnescapeString(strings.TrimSpace(s))
		if strings.HasPrefix(s, "//") {
			s = "https:" + s
		}
		if made := card(s, ""); made != "" {
			return made
		}
		if prefix != "" && mediaID.MatchString(s) {
			return card(prefix+s, "")
		}
	}
	return ""
}

var pictured = regexp.MustCompile(`(?is)^\s*((?:<p[^>]*>\s*)?(?:<a\s[^>]*>\s*)?<img\s[^>]*>(?:\s*</a>)?(?:\s*</p>)?)(.*)$`)

// captioned makes a figure of [caption]: the text is an attribute, or stands
// behind the picture since WordPress 3.4.
func captioned(sc shortcode, inner string) string {
	m := pictured.FindStringSubmatch(inner)
	if m == nil {
		return inner
	}
	picture, text := m[1], strings.TrimSpace(m[2])
	if text == "" {
		text = sc.attrs["caption"]
	}
	if id, ok := cutPrefix(sc.attrs["id"], "attachment_"); ok && number(id) > 0 && !strings.Contains(picture, "wp-image-") {
		picture = strings.Replace(picture, "<img", `<img class="wp-image-`+strconv.FormatInt(number(id), 10)+`"`, 1)
	}
	if text == "" {
		return "\n\n<figure>" + picture + "</figure>\n\n"
	}
	return "\n\n<figure>" + picture + "<figcaption>" + text + "</figcaption></figure>\n\n"
}

func (c *conv) galleryOf(sc shortcode) string {
	ids := idList(firstOf(sc.attrs["ids"], sc.attrs["include"]))
	if len(ids) == 0 && c.it.export != nil {
		without := idList(sc.attrs["exclude"])
	next:
		for _, id := range c.attachedTo(sc) {
			for _, no := range without {
				if id == no {
					continue next
				}
			}
			ids = append(ids, id)
		}
	}
	return c.gallery(ids)
}

func (c *conv) attachedTo(sc shortcode) []int64 {
	if id := number(sc.attrs["id"]); id > 0 {
		return c.it.export.Attached(id)
	}
	return c.it.Attached()
}

func idList(s string) []int64 {
	var ids []int64
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		if n := number(f); n > 0 && len(ids) < 500 {
			ids = append(ids, n)
		}
	}
	return ids
}

// gallery is made of attachments; what is no picture, or not in the export,
// is left out. One that the tables had no room for is known by its number alone:
// whoever took its file finds it by that, and its words with it.
func (c *conv) gallery(ids []int64) string {
	var figures []string
	for _, id := range ids {
		f, ok := FileInfo{}, false
		if c.it.export != nil {
			f, ok = c.it.FileInfo(id)
		}
		switch {
		case !ok && c.it.export != nil && c.it.export.tables.full:
			figures = append(figures, fmt.Sprintf(`<figure><img class="wp-image-%d"></figure>`, id))
			continue
		case !ok:
			c.note("gallery", fmt.Sprintf("a picture of a gallery is not in the export: %d", id))
			continue
		case !picture(f.URL) && !picture(f.Path):
			continue
		}
		fig := fmt.Sprintf(`<figure><img class="wp-image-%d" src="%s" alt="%s">`, id, html.EscapeString(f.URL), html.EscapeString(f.Alt))
		if f.Caption != "" {
			fig += "<figcaption>" + html.EscapeString(f.Caption) + "</figcaption>"
		}
		figures = append(figures, fig+"</figure>")
	}
	if len(figures) == 0 {
		c.note("gallery", "a gallery without pictures was left out")
		return ""
	}
	all := strings.Join(figures, "")
	if len(figures) > 1 {
		all = `<figure class="gallery">` + all + "</figure>"
	}
	return "\n\n" + all + "\n\n"
}

func picture(address string) bool {
	switch strings.ToLower(path.Ext(address)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp":
		return true
	}
	return false
}

func (c *conv) playlist(sc shortcode) string {
	var b strings.Builder
	for _, id := range idList(sc.attrs["ids"]) {
		if f, ok := c.it.FileInfo(id); ok && f.URL != "" {
			fmt.Fprintf(&b, "\n\n<audio src=\"%s\"></audio>\n\n", html.EscapeString(f.URL))
		}
	}
	if b.Len() == 0 {
		return c.without(sc)
	}
	return b.String()
}

// sounding makes an element of [audio] and [video], whose file stands under
// its format's name.
func sounding(sc shortcode) string {
	list := []string{sc.attrs["src"]}
	for _, key := range []string{"mp3", "m4a", "ogg", "wav", "wma", "mp4", "m4v", "webm", "ogv", "flv", "mov", "url"} {
		list = append(list, sc.attrs[key])
	}
	inner := strings.TrimSpace(anyTag.ReplaceAllString(sc.inner, ""))
	for _, s := range append(append(list, sc.words...), inner) {
		s, _, _ = strings.Cut(s, "|") // [audio address|titles=…]
		if to := webURL(s); to != "" {
			return fmt.Sprintf("\n\n<%s src=\"%s\"></%s>\n\n", sc.name, html.EscapeString(to), sc.name)
		}
	}
	return ""
}
