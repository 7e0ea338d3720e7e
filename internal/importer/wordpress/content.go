package wordpress

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"dateline/internal/richtext"
)

// maxBody is the longest source that is converted, in bytes: a tree of it
// must fit into the memory that an import may take. It is a thick book.
const maxBody = 2 << 20

// HasBody reports whether there is any text to convert.
func (it *Item) HasBody() bool { return strings.TrimSpace(it.content) != "" }

// Body converts the item's text. opt.Link and opt.Image say what addresses
// mean here; Foreign and BlankLines are set by this function. It is safe for
// concurrent use on different Items.
func (it *Item) Body(opt richtext.Options) (richtext.Doc, []richtext.Note) {
	c := conv{it: it}
	src := c.prepare(it.content)
	opt.Foreign, opt.BlankLines = true, !c.blocks
	doc, notes := richtext.FromHTML(src, opt)
	return doc, append(c.notes, notes...)
}

// conv turns what WordPress stores into plain HTML: blocks' comments and
// shortcodes become elements, bare addresses become cards.
type conv struct {
	it         *Item
	blocks     bool // of the block editor, so line ends mean nothing
	plain      bool // an excerpt: words only
	notes      []richtext.Note
	within     []int64 // blocks that posts share, in which it is
	sharedSize int
	footnotes  []string // their HTML; the n-th has the id noteID(n)
}

func (c *conv) note(kind, detail string) {
	if len(detail) > 200 {
		detail = strings.ToValidUTF8(detail[:200], "")
	}
	for i := range c.notes {
		if c.notes[i].Kind == kind && c.notes[i].Detail == detail {
			c.notes[i].Count++
			return
		}
	}
	if len(c.notes) < 50 {
		c.notes = append(c.notes, richtext.Note{Kind: kind, Detail: detail, Count: 1})
	}
}

func (c *conv) prepare(src string) string {
	src = c.absolute(src)
	src = c.ownPlaces(src)
	if strings.Contains(src, "wp-att-") || strings.Contains(src, "attachment_id=") {
		src = pictureLink.ReplaceAllStringFunc(src, func(s string) string {
			if m := pictureLink.FindStringSubmatch(s); strings.Contains(m[1], "wp-att-") || strings.Contains(m[1], "attachment_id=") {
				return m[2]
			}
			return s
		})
	}
	for _, e := range c.it.Enclosures {
		if !strings.Contains(src, e.URL) && !strings.Contains(src, html.EscapeString(e.URL)) {
			kind := "audio"
			if strings.HasPrefix(e.Mime, "video/") {
				kind = "video"
			}
			src += fmt.Sprintf("\n\n<%s src=\"%s\"></%s>\n\n", kind, html.EscapeString(e.URL), kind)
		}
	}
	if strings.Contains(src, "data:") {
		src = c.dropData(src)
	}
	if len(src) > maxBody {
		c.note("too-long", fmt.Sprintf("the text is longer than 2 MiB; the last %d bytes were left", len(src)-maxBody))
		src = src[:maxBody]
		if i := strings.LastIndexAny(src, "<\n"); i > maxBody/2 {
			src = src[:i]
		}
		src = strings.ToValidUTF8(src, "")
	}
	if strings.Contains(src, "<![CDATA[") { // somebody wrote about XML; HTML would take it for a comment
		src = strings.ReplaceAll(src, "<![CDATA[", "&lt;![CDATA[")
	}
	c.blocks = strings.Contains(src, "<!-- wp:")
	if strings.Contains(src, "<!--") {
		src = c.comments(src, 0)
	}
	if strings.Contains(src, "data-fn=") {
		src = c.blockFootnotes(src)
	}
	if strings.IndexByte(src, '[') >= 0 {
		src = c.shortcodes(src, 0)
	}
	src = c.widgets(src)
	if strings.Contains(src, "http") {
		src = c.bareAddresses(src)
	}
	if len(c.footnotes) > 0 {
		var b strings.Builder
		b.WriteString(src)
		for i, text := range c.footnotes {
			fmt.Fprintf(&b, "\n\n<aside id=\"%s\" class=\"note\">%s</aside>", noteID(i), text)
		}
		src = b.String()
	}
	return src
}

// pictureLink is a picture in a link. One to the picture's own page shows nothing
// else; the others say more than the picture, and stay.
var pictureLink = regexp.MustCompile(`(?is)<a\s([^>]*)>\s*(<img\s[^>]*>)\s*</a>`)

// local finds pictures and sounds whose address has no host.
var local = regexp.MustCompile(`(?i)(\ssrc\s*=\s*["'])((?:\.\./)*/?(?:wp-content/)|/)([^/"'][^"']*)`)

// absolute gives pictures written without a host the old site's.
func (c *conv) absolute(src string) string {
	if !strings.Contains(src, "src=\"/") && !strings.Contains(src, "src='/") && !strings.Contains(src, "wp-content/") {
		return src
	}
	base := strings.TrimRight(c.it.Site, "/")
	if webURL(base) == "" {
		return src
	}
	return local.ReplaceAllStringFunc(src, func(s string) string {
		m := local.FindStringSubmatch(s)
		if strings.Contains(m[2], "wp-content/") {
			return m[1] + base + "/wp-content/" + m[3]
		}
		_, rest, _ := strings.Cut(base, "//")
		host, _, _ := strings.Cut(rest, "/")
		return m[1] + base[:len(base)-len(rest)] + host + "/" + m[3]
	})
}

// ownPlaces makes links to places within the page of those that name the
// page's own address, too.
func (c *conv) ownPlaces(src string) string {
	_, own, ok := strings.Cut(strings.TrimRight(c.it.Link, "/"), "://")
	if !ok || own == "" || !strings.Contains(src, own+"#") && !strings.Contains(src, own+"/#") {
		return src
	}
	var pairs []string
	for _, before := range []string{`href="https://`, `href="http://`, `href='https://`, `href='http://`} {
		for _, after := range []string{"#", "/#"} {
			pairs = append(pairs, before+own+after, before[:len(`href="`)]+"#")
		}
	}
	return strings.NewReplacer(pairs...).Replace(src)
}

// noteID is an id in the vocabulary's form that no counter gives out.
func noteID(i int) string { return fmt.Sprintf("b0fn%d", i+1) }

var dataURL = regexp.MustCompile(`(?i)(src|href|srcset|poster)\s*=\s*("data:[^"]*"|'data:[^']*')`)

// dropData drops pictures that are written into the text itself: one is as
// long as a book.
func (c *conv) dropData(src string) string {
	return dataURL.ReplaceAllStringFunc(src, func(string) string {
		c.note("data-url", "a file written into the text itself was left")
		return ""
	})
}

// card is a link in place of something foreign. It loads nothing.
func card(address, title string) string {
	if address = webURL(strings.TrimSpace(html.UnescapeString(address))); address == "" {
		return ""
	}
	if title = oneLine(title); title == "" {
		title = address
	}
	return "\n\n<figure class=\"card\"><a href=\"" + html.EscapeString(address) + "\">" + html.EscapeString(title) + "</a></figure>\n\n"
}

// bareLine is an address alone on its line or in its paragraph: WordPress
// shows what it leads to, if it knows the host.
var bareLine = regexp.MustCompile(`^[ \t]*(?:<p>)?[ \t]*(https?://[^\s<>"'\[\]]+)[ \t]*(?:</p>)?[ \t\r]*$`)

// embedHosts are hosts whose addresses WordPress (or its usual plugins)
// shows as what they lead to.
var embedHosts = []string{
	"youtube.com", "youtu.be", "vimeo.com", "dailymotion.com", "dai.ly", "twitter.com", "x.com", "instagram.com",
	"facebook.com", "fb.watch", "tiktok.com", "soundcloud.com", "spotify.com", "mixcloud.com", "flickr.com", "flic.kr",
	"ted.com", "wordpress.tv", "videopress.com", "slideshare.net", "scribd.com", "issuu.com", "reddit.com", "imgur.com",
	"kickstarter.com", "meetup.com", "animoto.com", "polldaddy.com", "poll.fm", "crowdsignal.com", "screencast.com",
	"reverbnation.com", "speakerdeck.com", "cloudup.com", "smugmug.com", "tumblr.com", "pinterest.com", "t.me",
	"vk.com", "vkvideo.ru", "rutube.ru", "ok.ru", "coub.com", "giphy.com", "bsky.app", "threads.net", "gist.github.com",
	"pca.st", "podcasts.apple.com", "wolframcloud.com", "amazon.com", "someecards.com", "hulu.com", "blip.tv", "funnyordie.com",
}

func embedHost(address string) bool {
	_, rest, _ := strings.Cut(address, "//")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	for _, h := range embedHosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

var preElement = regexp.MustCompile(`(?is)<(pre|code|script|style|textarea)[\s>].*?</(?:pre|code|script|style|textarea)\s*>`)

func (c *conv) bareAddresses(src string) string {
	if !strings.Contains(src, "<pre") && !strings.Contains(src, "<code") {
		return bareCards(src)
	}
	var b strings.Builder
	from := 0
	for _, m := range preElement.FindAllStringIndex(src, -1) {
		b.WriteString(bareCards(src[from:m[0]]))
		b.WriteString(src[m[0]:m[1]])
		from = m[1]
	}
	b.WriteString(bareCards(src[from:]))
	return b.String()
}

// bareCards looks at the lines that begin with an address; the expression
// alone would look at every letter of every article.
func bareCards(s string) string {
	var b strings.Builder
	from := 0
	for at := 0; at < len(s); {
		end := strings.IndexByte(s[at:], '\n')
		if end < 0 {
			end = len(s) - at
		}
		line := s[at : at+end]
		begin := strings.TrimLeft(line, " \t")
		begin = strings.TrimLeft(strings.TrimPrefix(begin, "<p>"), " \t")
		if strings.HasPrefix(begin, "http") {
			if m := bareLine.FindStringSubmatch(line); m != nil {
				if address := html.UnescapeString(m[1]); embedHost(address) {
					b.WriteString(s[from:at])
					b.WriteString(card(address, ""))
					from = at + end
				}
			}
		}
		at += end + 1
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}
