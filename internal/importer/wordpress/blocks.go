package wordpress

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
)

// maxNesting bounds blocks in blocks and shortcodes in shortcodes.
const maxNesting = 12

// whole are blocks whose inside is made anew. All others are the HTML between
// their comments, which is already what we need.
var whole = map[string]bool{
	"embed": true, "pullquote": true, "verse": true, "gallery": true, "quote": true, "cover": true, "file": true, "code": true,
	"preformatted": true, "shortcode": true,
}

// dynamic blocks have nothing inside; WordPress makes them when it shows the
// page. These are the ones whose absence loses nothing of the article.
var silent = map[string]bool{"spacer": true, "separator": true, "more": true, "nextpage": true, "footnotes": true}

// comments goes through a text and treats its comments: the block editor's
// delimiters, <!--more-->, <!--nextpage-->.
func (c *conv) comments(s string, depth int) string {
	var b strings.Builder
	b.Grow(len(s))
	lastClose := map[string]int{}
	for {
		i := strings.Index(s, "<!--")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		if n := emptyComment(s); n > 0 {
			s = s[n:]
			continue
		}
		end := strings.Index(s, "-->")
		if end < 0 {
			b.WriteString("&lt;")
			b.WriteString(s[1:])
			return b.String()
		}
		text := strings.TrimSpace(s[4:end])
		s = s[end+3:]
		name, attrs, selfClosed, ok := delimiter(text)
		if !ok {
			c.plainComment(text)
			continue
		}
		ownPages := strings.Contains(attrs, `"linkDestination":"attachment"`) || strings.Contains(attrs, `"linkTo":"attachment"`) || strings.Contains(attrs, `"linkTo":"post"`)
		if selfClosed {
			b.WriteString(c.dynamic(name, attrs, depth))
			continue
		}
		if !whole[name] && !(ownPages && name == "image") || depth >= maxNesting {
			if name == "nextpage" {
				c.note("page-break", "a page break in the article was left out")
			}
			continue
		}
		written := strings.Fields(text)[0] // "wp:core-embed/youtube" closes by its own name
		shut := "<!-- /" + written
		last, known := lastClose[shut]
		if !known && len(lastClose) < 40 {
			if last = -1; strings.Contains(s, shut) {
				last = len(s) - strings.LastIndex(s, shut) // from the end, which stays where it is
			}
			lastClose[shut] = last
		}
		if last <= 0 || last > len(s) {
			continue
		}
		at := strings.Index(s, shut)
		if at < 0 {
			continue
		}
		inner := s[:at]
		s = s[at:]
		if e := strings.Index(s, "-->"); e >= 0 {
			s = s[e+3:]
		}
		if ownPages {
			inner = pictureLink.ReplaceAllString(inner, "$2")
		}
		b.WriteString(c.block(name, attrs, inner, depth+1))
	}
}

// emptyComment is the length of "<!-->" and "<!--->", which are whole comments
// (HTML §13.2.5.45).
func emptyComment(s string) int {
	switch {
	case strings.HasPrefix(s, "<!-->"):
		return 5
	case strings.HasPrefix(s, "<!--->"):
		return 6
	}
	return 0
}

// delimiter reads "wp:name {…} /". Closing ones are no block: ok is true and
// the name is empty.
func delimiter(text string) (name, attrs string, selfClosed, ok bool) {
	if strings.HasPrefix(text, "/wp:") {
		return "", "", false, true
	}
	text, ok = cutPrefix(text, "wp:")
	if !ok {
		return "", "", false, false
	}
	if t, cut := strings.CutSuffix(text, "/"); cut {
		text, selfClosed = strings.TrimSpace(t), true
	}
	name, attrs, _ = strings.Cut(text, " ")
	name = strings.TrimPrefix(name, "core/")
	if strings.HasPrefix(name, "core-embed/") {
		name = "embed"
	}
	return name, strings.TrimSpace(attrs), selfClosed, true
}

func (c *conv) plainComment(text string) {
	switch {
	case text == "more" || strings.HasPrefix(text, "more "):
		c.note("teaser-mark", "the mark that ended the teaser was left out; no text was cut")
	case text == "nextpage":
		c.note("page-break", "a page break in the article was left out")
	}
}

// blockAttrs are the attributes that we need, of any block.
type blockAttrs struct {
	URL      string          `json:"url"`
	Href     string          `json:"href"`
	ID       int64           `json:"id"`
	Ref      int64           `json:"ref"`
	Content  json.RawMessage `json:"content"`
	IDs      []int64         `json:"ids"`
	Caption  string          `json:"caption"`
	FileName string          `json:"fileName"`
}

func readAttrs(s string) (a blockAttrs) {
	if s != "" {
		_ = json.Unmarshal([]byte(s), &a) // what cannot be read is absent
	}
	return a
}

func (c *conv) dynamic(name, attrs string, depth int) string {
	a := readAttrs(attrs)
	switch {
	case name == "embed" && a.URL != "":
		return card(a.URL, a.Caption)
	case name == "block":
		return c.shared(a, depth)
	case name == "gallery" && len(a.IDs) > 0:
		return c.gallery(a.IDs)
	case !silent[name]:
		c.note("block", "a block that the old site filled itself was left out: "+name)
	}
	return ""
}

// shared is the text of a block that posts share, as WordPress puts it in when
// it shows a page: a published one, and none within itself.
func (c *conv) shared(a blockAttrs, depth int) string {
	text, ok := "", false
	if c.it.export != nil {
		text, ok = c.it.export.tables.blocks[a.Ref]
	}
	c.sharedSize += len(text) + 20
	if !ok || depth >= maxNesting || slices.Contains(c.within, a.Ref) || c.sharedSize > maxBody {
		c.note("shared-block", fmt.Sprintf("a block that posts share was left out, its text is not in the export: %d", a.Ref))
		return ""
	}
	if len(a.Content) > 2 && string(a.Content) != "null" { // {"Heading":{"content":"…"}}
		c.note("shared-block", fmt.Sprintf("of a block that posts share the common text was taken, not this post's own: %d, %s", a.Ref, a.Content))
	}
	c.within = append(c.within, a.Ref)
	defer func() { c.within = c.within[:len(c.within)-1] }()
	return "\n\n" + c.comments(c.absolute(text), depth+1) + "\n\n"
}

var (
	figcaption  = regexp.MustCompile(`(?is)<figcaption[^>]*>(.*?)</figcaption>`)
	quoted      = regexp.MustCompile(`(?is)<blockquote[^>]*>(.*)</blockquote>`)
	cite        = regexp.MustCompile(`(?is)<cite[^>]*>(.*?)</cite>`)
	anyTag      = regexp.MustCompile(`(?s)<[^>]*>`)
	anyAddress  = regexp.MustCompile(`https?://[^\s<>"']+`)
	preInside   = regexp.MustCompile(`(?is)<pre[^>]*>(.*?)</pre>`)
	paragraphEl = regexp.MustCompile(`(?is)</p>\s*<p[^>]*>`)
	fileButton  = regexp.MustCompile(`(?is)<a[^>]*class="[^"]*wp-block-file__button[^"]*"[^>]*>.*?</a>`)
	galleryList = regexp.MustCompile(`(?i)</?(?:ul|li)(?:\s[^>]*)?>`)
	footnoteRef = regexp.MustCompile(`(?is)<sup[^>]*data-fn="([^"]+)"[^>]*>.*?</sup>`)
)

// block makes a block's inside anew.
func (c *conv) block(name, attrs, inner string, depth int) string {
	a := readAttrs(attrs)
	switch name {
	case "embed":
		title := ""
		if m := figcaption.FindStringSubmatch(inner); m != nil {
			title = m[1]
			inner = strings.Replace(inner, m[0], "", 1)
		}
		address := a.URL
		if address == "" {
			address = anyAddress.FindString(inner)
		}
		if made := card(address, title); made != "" {
			return made
		}
		return c.comments(inner, depth)
	case "pullquote":
		if m := quoted.FindStringSubmatch(inner); m != nil {
			return pull(c.comments(m[1], depth))
		}
	case "verse":
		if m := preInside.FindStringSubmatch(inner); m != nil {
			return "<p>" + strings.ReplaceAll(strings.TrimSpace(m[1]), "\n", "<br>") + "</p>"
		}
	case "code", "preformatted":
		return inner // its comments are its text
	case "gallery":
		inner = c.comments(inner, depth)
		if strings.Contains(inner, "<ul") { // before WordPress 5.9: a list of figures
			inner = galleryList.ReplaceAllString(inner, "")
		}
		return strings.Replace(inner, `<figure class="`, `<figure class="gallery `, 1)
	case "quote":
		return cite.ReplaceAllString(c.comments(inner, depth), "<footer>$1</footer>")
	case "cover":
		inner = c.comments(inner, depth)
		if a.URL != "" && !strings.Contains(inner, "<img") && !strings.Contains(inner, "<video") {
			inner = fmt.Sprintf(`<figure><img class="wp-image-%d" src="%s" alt=""></figure>`, a.ID, html.EscapeString(a.URL)) + inner
		}
		return inner
	case "file":
		return "<p>" + fileButton.ReplaceAllString(anyBlockTag.ReplaceAllString(inner, ""), "") + "</p>"
	case "shortcode":
		return "\n\n" + strings.TrimSpace(inner) + "\n\n"
	}
	return c.comments(inner, depth)
}

var anyBlockTag = regexp.MustCompile(`(?i)</?(?:div|figure|object)(?:\s[^>]*)?>`)

// pull makes a pull quote, which has one paragraph and no quotation of its
// own: who said it stands behind a dash.
func pull(inner string) string {
	by := ""
	if m := cite.FindStringSubmatch(inner); m != nil {
		by = strings.TrimSpace(m[1])
		inner = strings.Replace(inner, m[0], "", 1)
	}
	inner = paragraphEl.ReplaceAllString(inner, "<br>")
	inner = strings.NewReplacer("<p>", "", "</p>", "").Replace(strings.TrimSpace(inner))
	if by != "" {
		inner += "<br>— " + by
	}
	return `<p class="pull">` + inner + "</p>"
}

// blockFootnotes puts references to notes in place of the block editor's,
// whose texts stand in a meta field.
func (c *conv) blockFootnotes(s string) string {
	notes := map[string]string{}
	for _, n := range parseFootnotes(c.it.footnotes) {
		notes[n.ID] = n.Content
	}
	return footnoteRef.ReplaceAllStringFunc(s, func(ref string) string {
		id := footnoteRef.FindStringSubmatch(ref)[1]
		text, ok := notes[id]
		if !ok {
			c.note("footnote", "a reference to a footnote that is not there was left out")
			return ""
		}
		return c.footnote(text)
	})
}

// footnote keeps a note and gives the reference to it.
func (c *conv) footnote(text string) string {
	if len(c.footnotes) >= 1000 {
		return " (" + text + ")"
	}
	c.footnotes = append(c.footnotes, text)
	return fmt.Sprintf(`<a class="fn" href="#%s"></a>`, noteID(len(c.footnotes)-1))
}
