package richtext

import (
	"fmt"
	"strconv"
	"strings"
)

// Parse reads the canonical stored form and nothing else: whatever Store would
// write differently is an error that names the byte. It does not copy text, so
// the Doc holds on to the string.
func Parse(stored string) (Doc, error) {
	p := parser{s: stored}
	var d Doc
	if n := strings.Count(stored, "\n"); n > 0 && n <= maxBlocks {
		d.Blocks = make([]Block, 0, n)
	}
	for p.pos < len(p.s) {
		var k Block
		if !p.block(&k, true, 0) || !p.eat("\n") {
			return Doc{}, fmt.Errorf("richtext: not the stored form of a body at byte %d", p.pos)
		}
		d.Blocks = append(d.Blocks, k)
	}
	if err := checkIDs(d); err != nil {
		return Doc{}, err
	}
	// The parser is lenient about order and nesting; this comparison is not.
	if again := d.appendStored(make([]byte, 0, len(stored)+8)); string(again) != stored {
		at := 0
		for at < len(again) && at < len(stored) && again[at] == stored[at] {
			at++
		}
		return Doc{}, fmt.Errorf("richtext: not the canonical form of a body at byte %d", at)
	}
	return d, nil
}

func checkIDs(d Doc) error {
	seen := make(map[string]Kind, len(d.Blocks))
	refs := false
	for i := range d.Blocks {
		id := d.Blocks[i].ID
		if !validID(id) || seen[id] != 0 {
			return fmt.Errorf("richtext: block %d has no id of its own: %q", i+1, id)
		}
		seen[id] = d.Blocks[i].Kind
	}
	bad := ""
	eachSpans(d.Blocks, func(spans []Span) {
		for i := range spans {
			if spans[i].Kind == NoteRef && seen[spans[i].Text] != Footnote {
				refs, bad = true, spans[i].Text
			}
			if h := spans[i].Href; strings.HasPrefix(h, "#") && (seen[h[1:]] == 0 || seen[h[1:]] == Footnote) {
				refs, bad = true, h
			}
		}
	})
	if refs {
		return fmt.Errorf("richtext: reference to a footnote or block that is not there: %q", bad)
	}
	return nil
}

type parser struct {
	s   string
	pos int
}

func (p *parser) eat(lit string) bool {
	if !strings.HasPrefix(p.s[p.pos:], lit) {
		return false
	}
	p.pos += len(lit)
	return true
}

// attr reads ` name="value"`; value is unescaped and checked.
func (p *parser) attr(name string) (string, bool) {
	rest := p.s[p.pos:]
	if len(rest) < len(name)+4 || rest[0] != ' ' || !strings.HasPrefix(rest[1:], name) ||
		rest[1+len(name)] != '=' || rest[2+len(name)] != '"' {
		return "", false
	}
	start := len(name) + 3
	end := strings.IndexByte(rest[start:], '"')
	if end < 0 {
		return "", false
	}
	v, ok := unescape(rest[start : start+end])
	if !ok {
		return "", false
	}
	p.pos += start + end + 1
	return v, true
}

// text reads up to the next tag.
func (p *parser) text() (string, bool) {
	i := strings.IndexByte(p.s[p.pos:], '<')
	if i < 0 {
		return "", false
	}
	raw := p.s[p.pos : p.pos+i]
	p.pos += i
	return unescape(raw)
}

func unescape(s string) (string, bool) {
	if !plainClean(s) {
		return "", false
	}
	if strings.IndexByte(s, '&') < 0 {
		return s, true
	}
	return entities.Replace(s), true
}

var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`)

// block reads one block at the cursor; false leaves the cursor near the fault.
func (p *parser) block(k *Block, top bool, depth int) bool {
	if depth > maxListDepth+4 || !p.eat("<") {
		return false
	}
	i := 0
	for rest := p.s[p.pos:]; i < len(rest) && i < 12 && (rest[i] >= 'a' && rest[i] <= 'z' || rest[i] >= '0' && rest[i] <= '9'); {
		i++
	}
	tag := p.s[p.pos : p.pos+i]
	p.pos += i
	if id, ok := p.attr("id"); ok != top {
		return false
	} else if top {
		k.ID = id
	}
	class, _ := p.attr("class")
	switch tag {
	case "p":
		k.Kind = Paragraph
		if class == "pull" {
			k.Kind = Pull
		}
		return p.eat(">") && p.words(&k.Inline) && p.eat("</p>")
	case "h2", "h3", "h4":
		k.Kind, k.Level = Heading, int(tag[1]-'0')
		return p.eat(">") && p.words(&k.Inline) && p.eat("</") && p.eat(tag) && p.eat(">")
	case "blockquote":
		k.Kind = Quote
		if !p.eat(">") || !p.children(&k.Children, depth, "</blockquote>", "<footer>") {
			return false
		}
		if p.eat("<footer>") && !(p.words(&k.By) && p.eat("</footer>")) {
			return false
		}
		return allow(k.Children, Paragraph, List) && p.eat("</blockquote>")
	case "aside":
		if class == "note" {
			k.Kind = Footnote
			return top && p.eat(">") && p.words(&k.Inline) && p.eat("</aside>")
		}
		k.Kind = Aside
		return p.eat(">") && p.children(&k.Children, depth, "</aside>") && p.eat("</aside>") &&
			allow(k.Children, Paragraph, Heading, List, Quote, Figure, Card)
	case "ul", "ol":
		return p.list(k, tag, depth)
	case "figure":
		return p.figure(k, class, depth)
	case "table":
		return p.table(k)
	case "hr":
		k.Kind = Rule
		return p.eat(">")
	case "pre":
		k.Kind = Code
		var ok bool
		if !p.eat("><code>") {
			return false
		}
		k.Text, ok = p.text()
		return ok && p.eat("</code></pre>")
	}
	return false
}

func allow(blocks []Block, kinds ...Kind) bool {
next:
	for i := range blocks {
		for _, kind := range kinds {
			if blocks[i].Kind == kind {
				continue next
			}
		}
		return false
	}
	return true
}

func (p *parser) children(out *[]Block, depth int, ends ...string) bool {
	for {
		for _, end := range ends {
			if strings.HasPrefix(p.s[p.pos:], end) {
				return true
			}
		}
		var k Block
		if !p.block(&k, false, depth+1) {
			return false
		}
		*out = append(*out, k)
	}
}

func (p *parser) list(k *Block, tag string, depth int) bool {
	k.Kind = List
	if tag == "ol" {
		k.Ordered, k.Level = true, 1
		if v, ok := p.attr("start"); ok {
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 || n > maxStart {
				return false
			}
			k.Level = n
		}
	}
	if !p.eat(">") {
		return false
	}
	for p.eat("<li>") {
		item := Block{Kind: Item}
		if !p.words(&item.Inline) || !p.children(&item.Children, depth, "</li>") || !allow(item.Children, List) {
			return false
		}
		k.Children = append(k.Children, item)
		if !p.eat("</li>") {
			return false
		}
	}
	return len(k.Children) > 0 && p.eat("</") && p.eat(tag) && p.eat(">")
}

func (p *parser) figure(k *Block, class string, depth int) bool {
	if !p.eat(">") {
		return false
	}
	switch class {
	case "card":
		k.Kind = Card
		if !p.eat("<a") {
			return false
		}
		var ok bool
		if k.Href, ok = p.attr("href"); !ok || !p.eat(">") {
			return false
		}
		if u, ok := cleanURL(k.Href); !ok || u != k.Href || !isWeb(u) {
			return false
		}
		if k.Text, ok = p.text(); !ok {
			return false
		}
		if k.Text == k.Href {
			k.Text = ""
		}
		return p.eat("</a></figure>")
	case "gallery":
		k.Kind = Gallery
		if !p.children(&k.Children, depth, "</figure>", "<figcaption>") || len(k.Children) < 2 || !allow(k.Children, Figure) {
			return false
		}
		return p.caption(&k.Caption, nil) && p.eat("</figure>")
	case "":
		k.Kind = Figure
		if !p.eat("<img") {
			return false
		}
		src, _ := p.attr("src")
		var ok bool
		if k.Media, ok = mediaRef(src); !ok {
			return false
		}
		k.Text, _ = p.attr("alt")
		return p.eat(">") && p.caption(&k.Caption, &k.Credit) && p.eat("</figure>")
	}
	return false
}

func (p *parser) caption(out *[]Span, credit *string) bool {
	if !p.eat("<figcaption>") {
		return true
	}
	if !p.words(out) {
		return false
	}
	if credit != nil && p.eat(creditOpen) {
		var ok bool
		if *credit, ok = p.text(); !ok || !p.eat("</span>") {
			return false
		}
		// the space before the credit is the writer's, not the caption's
		if n := len(*out); n > 0 {
			last := &(*out)[n-1]
			if last.Kind != Text || !strings.HasSuffix(last.Text, " ") {
				return false
			}
			if last.Text = last.Text[:len(last.Text)-1]; last.Text == "" {
				*out = (*out)[:n-1]
			}
		}
	}
	return p.eat("</figcaption>")
}

const creditOpen = `<span class="credit">`

func (p *parser) table(k *Block) bool {
	k.Kind = Table
	if !p.eat(">") {
		return false
	}
	if p.eat("<caption>") && !(p.words(&k.Caption) && p.eat("</caption>")) {
		return false
	}
	head := false
	for {
		if p.eat("<thead>") {
			head = true
		} else if !p.eat("<tbody>") {
			break
		}
		for p.eat("<tr>") {
			row := Row{Head: head}
			for p.eat("<t") {
				var c Cell
				c.Head = p.eat("h")
				if !c.Head && !p.eat("d") {
					return false
				}
				if class, ok := p.attr("class"); ok {
					c.Number = class == "r"
				}
				c.ColSpan = p.number("colspan")
				c.RowSpan = p.number("rowspan")
				if !p.eat(">") || !p.words(&c.Inline) || !p.eat("</t") || !(p.eat("h>") || p.eat("d>")) {
					return false
				}
				row.Cells = append(row.Cells, c)
			}
			if len(row.Cells) == 0 || !p.eat("</tr>") {
				return false
			}
			k.Rows = append(k.Rows, row)
		}
		if !p.eat("</thead>") && !p.eat("</tbody>") {
			return false
		}
		head = false
	}
	return len(k.Rows) > 0 && p.eat("</table>")
}

func (p *parser) number(name string) int {
	v, _ := p.attr(name)
	n, err := strconv.Atoi(v)
	if err != nil || n < 2 || n > maxSpan {
		return 0
	}
	return n
}

// mediaRef reads "ref:media/45".
func mediaRef(src string) (int64, bool) {
	num, ok := strings.CutPrefix(src, "ref:media/")
	if !ok || num == "" || num[0] < '1' || num[0] > '9' {
		return 0, false
	}
	id, err := strconv.ParseInt(num, 10, 64)
	return id, err == nil
}

// words reads spans up to a tag that belongs to somebody else.
func (p *parser) words(out *[]Span) bool {
	var stack [16]Mark
	n := 0
	var cur Span
	spans := *out
	for {
		text, ok := p.text()
		if !ok {
			return false
		}
		if text != "" {
			cur.Kind, cur.Text = Text, text
			spans = append(spans, cur)
		}
		rest := p.s[p.pos:]
		switch {
		case strings.HasPrefix(rest, "</"):
			if n == 0 {
				*out = spans
				return true
			}
			m := stack[n-1]
			p.pos += 2
			if !p.eat(tagOf(m)) || !p.eat(">") {
				return false
			}
			n--
			cur.Marks &^= m
			switch m {
			case Language:
				cur.Lang = ""
			case Link:
				cur.Href = ""
			case Abbr:
				cur.Title = ""
			}
		case strings.HasPrefix(rest, "<br>"):
			p.pos += 4
			cur.Kind, cur.Text = Break, ""
			spans = append(spans, cur)
		case strings.HasPrefix(rest, `<a class="fn" href="#`):
			rest = rest[len(`<a class="fn" href="#`):]
			end := strings.IndexByte(rest, '"')
			if end < 0 || !strings.HasPrefix(rest[end:], `"></a>`) || !validID(rest[:end]) {
				return false
			}
			p.pos += len(`<a class="fn" href="#`) + end + len(`"></a>`)
			cur.Kind, cur.Text = NoteRef, rest[:end]
			spans = append(spans, cur)
		default:
			if n == 0 && strings.HasPrefix(rest, creditOpen) {
				*out = spans
				return true
			}
			m, foreign, ok := p.openMark(&cur)
			if foreign && n == 0 {
				*out = spans
				return true
			}
			if !ok || n > 0 && m <= stack[n-1] {
				return false
			}
			stack[n] = m
			n++
			cur.Marks |= m
		}
	}
}

func tagOf(m Mark) string {
	for bit := range markTags {
		if m == 1<<bit {
			return markTags[bit]
		}
	}
	return ""
}

// openMark reads the start tag of a mark. foreign: it is not one.
func (p *parser) openMark(cur *Span) (m Mark, foreign, ok bool) {
	start := p.pos
	rest := p.s[p.pos:]
	end := 1
	for end < len(rest) && rest[end] >= 'a' && rest[end] <= 'z' {
		end++
	}
	name := rest[1:end]
	p.pos += end
	for bit, tag := range markTags {
		if tag == name {
			m = 1 << bit
		}
	}
	switch m {
	case 0:
		p.pos = start
		return 0, true, false
	case Language:
		if cur.Lang, ok = p.attr("lang"); !ok || cur.Lang == "" || cleanLang(cur.Lang) != cur.Lang {
			return 0, false, false
		}
	case Link:
		if cur.Href, ok = p.attr("href"); !ok {
			return 0, false, false
		}
		if u, ok := cleanHref(cur.Href); !ok || u != cur.Href {
			return 0, false, false
		}
	case Abbr:
		cur.Title, _ = p.attr("title")
	}
	return m, false, p.eat(">")
}
