package richtext

import (
	"strings"
	"unicode/utf8"
)

// picture takes an img, video or audio element: a medium of ours, or a card
// that leads to it. Nothing is loaded from other hosts.
func (b *builder) picture(at *imgAttrs, player bool) {
	src := trimURL(at.src)
	if at.lazy != "" && (src == "" || strings.HasPrefix(src, "data:") || strings.HasSuffix(src, ".gif")) {
		src = trimURL(at.lazy)
	}
	if src == "" { // it may be known by another mark than its address
		if b.opt.Image != nil && !player {
			if id, ok := b.opt.Image("", at.all); ok && id > 0 {
				b.emit(Block{Kind: Figure, Media: id, Text: line(at.alt), Href: b.around(src, id)})
				return
			}
		}
		if at.class != "" {
			b.note("removed-element", "a picture without an address, "+at.class)
		}
		return
	}
	if !player {
		// WordPress prints emoji as pictures
		if has(at.class, "emoji", "wp-smiley") && at.alt != "" && len(at.alt) < 40 {
			b.words([]byte(at.alt))
			return
		}
		if at.width == "1" && at.height == "1" {
			b.note("removed-element", "tracking pixel")
			return
		}
	}
	if id, ok := mediaRef(src); ok && !b.opt.Foreign {
		b.emit(Block{Kind: Figure, Media: id, Text: line(at.alt), Href: b.around(src, id)})
		return
	}
	if b.opt.Image != nil {
		if id, ok := b.opt.Image(src, at.all); ok && id > 0 {
			b.emit(Block{Kind: Figure, Media: id, Text: line(at.alt), Href: b.around(src, id)})
			return
		}
	}
	title := at.alt
	if title == "" {
		title = at.title
	}
	b.cardIn(src, title, b.around(src, 0))
}

// card puts a link in place of something we do not embed.
func (b *builder) card(src, title string) { b.cardIn(src, title, "") }

// cardIn is card for a picture that stands in a link.
func (b *builder) cardIn(src, title, around string) {
	if src == "" {
		return
	}
	u, ok := cleanURL(src)
	if !ok || !isWeb(u) {
		b.note("bad-url", src)
		return
	}
	u = watchPage(u)
	b.note("embed", hostOf(u))
	k := newCard(u, title)
	k.Credit = around
	b.emit(k)
}

func newCard(u, title string) Block {
	title = fold(title)
	if t, ok := cleanURL(title); title == u || ok && t == u {
		title = ""
	}
	return Block{Kind: Card, Href: u, Text: line(title)}
}

// watchPage turns a player's address into the page that people open.
func watchPage(u string) string {
	_, from, _ := strings.Cut(u, "://") // what is old has no s
	for _, p := range []struct{ player, page string }{
		{"www.youtube.com/embed/", "https://www.youtube.com/watch?v="},
		{"www.youtube.com/v/", "https://www.youtube.com/watch?v="},
		{"www.youtube-nocookie.com/embed/", "https://www.youtube.com/watch?v="},
		{"player.vimeo.com/video/", "https://vimeo.com/"},
	} {
		if id, ok := strings.CutPrefix(from, p.player); ok {
			if i := strings.IndexAny(id, "?#&/"); i >= 0 {
				id = id[:i]
			}
			if id != "" && id != "videoseries" {
				return p.page + id
			}
		}
	}
	return u
}

// preText takes text within pre, where white space counts.
func (b *builder) preText(t []byte) {
	b.text = append(b.text, t...)
	if b.cost+len(b.text) > maxCost {
		b.full = true
	}
}

func codeText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = nfc(strip(strings.ReplaceAll(s, "\r", "\n")))
	return strings.TrimRight(strings.TrimLeft(s, "\n"), "\n\t ")
}

func (b *builder) closedQuote(f *frame) {
	f.citedAtEnd()
	up := b.innermost()
	pull := has(f.class, "wp-block-pullquote", "pull", "pullquote") ||
		up.kind == fFigure && has(up.class, "wp-block-pullquote")
	switch {
	case pull && len(f.blk.Children) > 0:
		k := Block{Kind: Pull, ID: f.blk.ID}
		eachSpans(f.blk.Children, func(spans []Span) { k.Inline = appendLine(k.Inline, spans) })
		k.Inline = appendLine(k.Inline, f.blk.By)
		b.emit(k)
	case len(f.blk.Children) > 0:
		b.emit(f.blk)
	case len(f.blk.By) > 0:
		b.emit(Block{Kind: Paragraph, ID: f.blk.ID, Inline: f.blk.By})
	}
}

// citedAtEnd takes the <cite> at the end of a quotation for its speaker: on a
// line of its own, or behind the end of a sentence or a dash. Elsewhere it is
// the name of a work.
func (f *frame) citedAtEnd() {
	n := len(f.blk.Children)
	if len(f.blk.By) > 0 || n == 0 || f.blk.Children[n-1].Kind != Paragraph {
		return
	}
	spans := f.blk.Children[n-1].Inline
	end := len(spans)
	for end > 0 && spans[end-1].Kind == Text && strings.Trim(spans[end-1].Text, " \u00a0") == "" {
		end--
	}
	from := end
	for from > 0 && spans[from-1].Marks&citeMark != 0 && spans[from-1].Kind == Text {
		from--
	}
	if from == end {
		return
	}
	words := spans[:from:from]
	if from > 0 && words[from-1].Kind == Text {
		s := &words[from-1]
		text := strings.TrimRight(s.Text, " \u00a0")
		bare := strings.TrimRight(text, "-–— \u00a0")
		last, _ := utf8.DecodeLastRuneInString(bare)
		switch alone := from == 1 || words[from-2].Kind == Break; {
		case bare == "" && alone: // a line of its own, with or without a dash
			words = words[:from-1]
		case bare == "" || bare == text && !strings.ContainsRune(".!?…»”\"“)", last):
			return
		default:
			s.Text = bare
		}
	}
	if !hasWords(words) && n == 1 {
		return // of nothing else
	}
	for _, s := range spans[from:end] {
		s.Marks &^= Em | citeMark
		f.blk.By = append(f.blk.By, s)
	}
	trimDash(f.blk.By)
	if f.blk.Children[n-1].Inline = words; !hasWords(words) {
		f.blk.Children = f.blk.Children[:n-1]
	}
}

// trimDash takes the dash away that stands before a name: the design says that
// who follows said it.
func trimDash(spans []Span) {
	if len(spans) > 0 && spans[0].Kind == Text {
		if s := strings.TrimLeft(spans[0].Text, " \u00a0"); strings.HasPrefix(s, "—") || strings.HasPrefix(s, "–") || strings.HasPrefix(s, "- ") {
			spans[0].Text = strings.TrimLeft(s, "-–— \u00a0")
		}
	}
}

func appendLine(to, spans []Span) []Span {
	if len(spans) == 0 {
		return to
	}
	if len(to) > 0 {
		to = append(to, Span{Kind: Break})
	}
	return append(to, spans...)
}

func (b *builder) closedCaption(f *frame) {
	i := b.find(fFigure, fTable)
	if i < 0 {
		return
	}
	up := &b.frames[i]
	var credit []byte
	words := f.spans[:0]
	for _, s := range f.spans {
		if s.Marks&creditMark == 0 || up.kind == fTable {
			words = append(words, s)
		} else if s.Kind == Text {
			credit = append(credit, s.Text...)
		}
	}
	up.blk.Caption = appendLine(up.blk.Caption, words)
	if c := line(string(credit)); c != "" && up.blk.Credit == "" {
		up.blk.Credit = c
	}
}

// closedFigure decides what a figure is from what was found in it.
func (b *builder) closedFigure(f *frame) {
	var kids []Block
	for _, k := range f.blk.Children {
		if k.Kind == Gallery { // a gallery within a gallery
			kids = append(kids, k.Children...)
			f.blk.Caption = appendLine(f.blk.Caption, k.Caption)
			continue
		}
		kids = append(kids, k)
	}
	caption, credit := f.blk.Caption, f.blk.Credit
	rest := func() {
		if credit != "" {
			caption = appendLine(caption, []Span{{Text: credit}})
		}
		if hasWords(caption) {
			b.emit(Block{Kind: Paragraph, Inline: caption})
		}
	}
	embed := has(f.class, "card", "wp-block-embed")
	if embed && len(kids) == 1 && kids[0].Kind == Paragraph {
		kids[0].Inline = normal(kids[0].Inline)
		if card, ok := cardOf(kids[0].Inline); ok && !b.own(kids[0].Inline) {
			if !strings.HasPrefix(f.class, "card") {
				b.note("embed", hostOf(card.Href))
			}
			kids[0] = card
		}
	}
	figures := 0
	for i := range kids {
		if kids[i].Kind == Figure {
			figures++
		}
	}
	if len(kids) > 0 && kids[0].ID == "" {
		kids[0].ID = f.blk.ID
	}
	switch {
	case len(kids) == 0:
	case len(kids) == 1 && figures == 1 && (len(kids[0].Caption) == 0 && kids[0].Credit == ""):
		kids[0].Caption, kids[0].Credit = caption, credit
		b.emit(kids[0])
		return
	case figures > 1 && (figures == len(kids) || has(f.class, "gallery", "wp-block-gallery") && onlyPictures(kids)):
		var pictures, lost []Block // a picture that is not here stands behind the others, as a card
		for _, k := range kids {
			if k.ID = ""; k.Kind == Figure {
				pictures = append(pictures, k)
			} else {
				lost = append(lost, k)
			}
		}
		if credit != "" {
			caption = appendLine(caption, []Span{{Text: credit}})
		}
		b.emit(Block{Kind: Gallery, ID: f.blk.ID, Children: pictures, Caption: caption})
		for _, k := range lost {
			b.emit(k)
		}
		return
	case len(kids) == 1 && kids[0].Kind == Table && len(kids[0].Caption) == 0:
		if credit != "" {
			caption = appendLine(caption, []Span{{Text: credit}})
		}
		kids[0].Caption = caption
		b.emit(kids[0])
		return
	case len(kids) == 1 && kids[0].Kind == Card && kids[0].Text == "" && credit == "":
		c := newCard(kids[0].Href, spansText(normal(caption)))
		c.ID, c.Credit = kids[0].ID, kids[0].Credit
		b.emit(c)
		return
	}
	for i := range kids {
		b.emit(kids[i])
	}
	rest()
}

func onlyPictures(list []Block) bool {
	for i := range list {
		if list[i].Kind != Figure && list[i].Kind != Card {
			return false
		}
	}
	return true
}

// own links a line (in normal form) that is one bare address of ours to what
// stands there: its page shows what that is called now. False: it is not ours.
func (b *builder) own(spans []Span) bool {
	if len(spans) != 1 || spans[0].Href != "" || b.opt.Link == nil {
		return false
	}
	ref, ok := b.opt.Link(spans[0].Text)
	if !ok {
		return false
	}
	if ref, ok = cleanRef(ref); !ok {
		return false
	}
	spans[0].Href = ref
	spans[0].Marks |= Link
	return true
}

// cardOf makes a card of a line (in normal form) that is one link or one bare address.
func cardOf(spans []Span) (Block, bool) {
	if len(spans) == 0 {
		return Block{}, false
	}
	href := spans[0].Href
	for i := range spans {
		if spans[i].Kind != Text || spans[i].Href != href {
			return Block{}, false
		}
	}
	text := spansText(spans)
	if href == "" {
		href = text
	}
	u, ok := cleanURL(href)
	if !ok || !isWeb(u) || spans[0].Href == "" && strings.ContainsAny(text, " \u00a0") {
		return Block{}, false
	}
	return newCard(u, text), true
}
