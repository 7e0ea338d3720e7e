package richtext

import "strconv"

// Store returns the canonical stored form (docs/contracts/body.md): one line
// per top-level block, attributes in a fixed order, no choice in escaping, so
// that equal bodies are equal bytes and can be hashed.
func (d Doc) Store() string {
	return string(d.appendStored(make([]byte, 0, d.sizeHint())))
}

func (d Doc) appendStored(b []byte) []byte {
	for i := range d.Blocks {
		b = appendBlock(b, &d.Blocks[i])
		b = append(b, '\n')
	}
	return b
}

// sizeHint estimates the bytes of the stored form, to allocate once.
func (d Doc) sizeHint() int {
	n := 64
	for i := range d.Blocks {
		n += 96 + len(d.Blocks[i].Text)
		for j := range d.Blocks[i].Inline {
			s := &d.Blocks[i].Inline[j]
			n += 32 + len(s.Text) + len(s.Text)/32 + len(s.Href)
		}
	}
	return n
}

func appendOpen(b []byte, tag, id, class string) []byte {
	b = append(b, '<')
	b = append(b, tag...)
	if id != "" {
		b = appendAttr(b, "id", id)
	}
	if class != "" {
		b = appendAttr(b, "class", class)
	}
	return b
}

func appendAttr(b []byte, name, value string) []byte {
	b = append(b, ' ')
	b = append(b, name...)
	b = append(b, '=', '"')
	b = appendEscaped(b, value, true)
	return append(b, '"')
}

// appendEscaped writes &, <, > and, in attributes, " as references; nothing
// else needs one in a page that is UTF-8.
func appendEscaped(b []byte, s string, attr bool) []byte {
	start := 0
	for i := 0; i < len(s); i++ {
		esc := ""
		switch s[i] {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '"':
			if !attr {
				continue
			}
			esc = "&quot;"
		default:
			continue
		}
		b = append(b, s[start:i]...)
		b = append(b, esc...)
		start = i + 1
	}
	return append(b, s[start:]...)
}

func headingTag(level int) string {
	switch level {
	case 3:
		return "h3"
	case 4:
		return "h4"
	}
	return "h2"
}

// openPara begins a paragraph or a pull quote.
func openPara(b []byte, k *Block) []byte {
	class := ""
	if k.Kind == Pull {
		class = "pull"
	}
	return append(appendOpen(b, "p", k.ID, class), '>')
}

// openList begins a list of either kind, and tells its tag.
func openList(b []byte, k *Block) (begun []byte, tag string) {
	tag = "ul"
	if k.Ordered {
		tag = "ol"
	}
	b = appendOpen(b, tag, k.ID, "")
	if k.Ordered && k.Level != 1 {
		b = appendAttr(b, "start", strconv.Itoa(k.Level))
	}
	return append(b, '>'), tag
}

func appendBlock(b []byte, k *Block) []byte {
	switch k.Kind {
	case Paragraph, Pull:
		b = appendSpans(openPara(b, k), k.Inline)
		return append(b, "</p>"...)
	case Heading:
		tag := headingTag(k.Level)
		b = append(appendOpen(b, tag, k.ID, ""), '>')
		b = appendSpans(b, k.Inline)
		return appendClose(b, tag)
	case Quote:
		b = append(appendOpen(b, "blockquote", k.ID, "q"), '>')
		b = appendBlocks(b, k.Children)
		if len(k.By) > 0 {
			b = append(b, "<footer>"...)
			b = appendSpans(b, k.By)
			b = append(b, "</footer>"...)
		}
		return append(b, "</blockquote>"...)
	case Aside:
		b = append(appendOpen(b, "aside", k.ID, ""), '>')
		b = appendBlocks(b, k.Children)
		return append(b, "</aside>"...)
	case Footnote:
		b = append(appendOpen(b, "aside", k.ID, "note"), '>')
		b = appendSpans(b, k.Inline)
		return append(b, "</aside>"...)
	case List:
		b, tag := openList(b, k)
		for i := range k.Children {
			b = append(b, "<li>"...)
			b = appendSpans(b, k.Children[i].Inline)
			b = appendBlocks(b, k.Children[i].Children)
			b = append(b, "</li>"...)
		}
		return appendClose(b, tag)
	case Figure:
		b = append(appendOpen(b, "figure", k.ID, ""), "><img src=\"ref:media/"...)
		b = strconv.AppendInt(b, k.Media, 10)
		b = append(b, '"')
		if k.Text != "" {
			b = appendAttr(b, "alt", k.Text)
		}
		b = append(b, '>')
		b = appendCaption(b, k.Caption, k.Credit)
		return append(b, "</figure>"...)
	case Gallery:
		b = append(appendOpen(b, "figure", k.ID, "gallery"), '>')
		b = appendBlocks(b, k.Children)
		b = appendCaption(b, k.Caption, "")
		return append(b, "</figure>"...)
	case Card:
		b = append(appendOpen(b, "figure", k.ID, "card"), "><a"...)
		b = append(appendAttr(b, "href", k.Href), '>')
		text := k.Text
		if text == "" {
			text = k.Href
		}
		b = appendEscaped(b, text, false)
		return append(b, "</a></figure>"...)
	case Table:
		b = append(appendOpen(b, "table", k.ID, ""), '>')
		if len(k.Caption) > 0 {
			b = append(b, "<caption>"...)
			b = appendSpans(b, k.Caption)
			b = append(b, "</caption>"...)
		}
		b = appendRows(b, k.Rows, false, appendSpans)
		return append(b, "</table>"...)
	case Rule:
		return append(appendOpen(b, "hr", k.ID, ""), '>')
	case Code:
		b = append(appendOpen(b, "pre", k.ID, ""), "><code>"...)
		b = appendEscaped(b, k.Text, false)
		return append(b, "</code></pre>"...)
	}
	return b
}

func appendClose(b []byte, tag string) []byte {
	b = append(b, '<', '/')
	b = append(b, tag...)
	return append(b, '>')
}

func appendBlocks(b []byte, blocks []Block) []byte {
	for i := range blocks {
		b = appendBlock(b, &blocks[i])
	}
	return b
}

func appendCaption(b []byte, caption []Span, credit string) []byte {
	if len(caption) == 0 && credit == "" {
		return b
	}
	b = append(b, "<figcaption>"...)
	b = appendSpans(b, caption)
	b = appendCredit(b, len(caption) > 0, credit)
	return append(b, "</figcaption>"...)
}

func appendCredit(b []byte, after bool, credit string) []byte {
	if credit == "" {
		return b
	}
	if after {
		b = append(b, ' ')
	}
	b = append(b, `<span class="credit">`...)
	b = appendEscaped(b, credit, false)
	return append(b, "</span>"...)
}

// appendRows writes thead and tbody; spans prints a cell's words. scope adds
// what screen readers want (WCAG technique H63) and storage does not need.
func appendRows(b []byte, rows []Row, scope bool, spans func([]byte, []Span) []byte) []byte {
	part := ""
	for i := range rows {
		want := "tbody"
		if rows[i].Head {
			want = "thead"
		}
		if part != want {
			if part != "" {
				b = appendClose(b, part)
			}
			b = append(appendOpen(b, want, "", ""), '>')
			part = want
		}
		b = append(b, "<tr>"...)
		for j := range rows[i].Cells {
			c := &rows[i].Cells[j]
			tag, class := "td", ""
			if c.Head {
				tag = "th"
			}
			if c.Number {
				class = "r"
			}
			b = appendOpen(b, tag, "", class)
			if scope && c.Head {
				if rows[i].Head {
					b = append(b, ` scope="col"`...)
				} else {
					b = append(b, ` scope="row"`...)
				}
			}
			if c.ColSpan > 1 {
				b = appendAttr(b, "colspan", strconv.Itoa(c.ColSpan))
			}
			if c.RowSpan > 1 {
				b = appendAttr(b, "rowspan", strconv.Itoa(c.RowSpan))
			}
			b = append(b, '>')
			b = spans(b, c.Inline)
			b = appendClose(b, tag)
		}
		b = append(b, "</tr>"...)
	}
	if part != "" {
		b = appendClose(b, part)
	}
	return b
}

// markTags are the element names of the marks, in the order of the bits.
var markTags = [...]string{"q", "bdi", "span", "a", "abbr", "strong", "em", "s", "sub", "sup", "code"}

// appendSpans writes spans as nested elements: an element stays open as long
// as the following spans share it.
func appendSpans(b []byte, spans []Span) []byte {
	var none Span
	prev := &none
	for i := range spans {
		s := &spans[i]
		from := fork(prev, s)
		b = closeMarks(b, prev.Marks, from)
		bit := 0
		for m := Mark(1); m < markEnd; m, bit = m<<1, bit+1 {
			if m < from || s.Marks&m == 0 {
				continue
			}
			b = append(b, '<')
			b = append(b, markTags[bit]...)
			switch m {
			case Language:
				b = appendAttr(b, "lang", s.Lang)
			case Link:
				b = appendAttr(b, "href", s.Href)
			case Abbr:
				if s.Title != "" {
					b = appendAttr(b, "title", s.Title)
				}
			}
			b = append(b, '>')
		}
		switch s.Kind {
		case Text:
			b = appendEscaped(b, s.Text, false)
		case Break:
			b = append(b, "<br>"...)
		case NoteRef:
			b = append(b, `<a class="fn" href="#`...)
			b = append(b, s.Text...)
			b = append(b, `"></a>`...)
		}
		prev = s
	}
	return closeMarks(b, prev.Marks, 1)
}

// closeMarks ends the open elements from the mark `from` inwards.
func closeMarks(b []byte, open, from Mark) []byte {
	if open < from {
		return b
	}
	bit := len(markTags) - 1
	for m := markEnd >> 1; m >= from && m > 0; m, bit = m>>1, bit-1 {
		if open&m != 0 {
			b = appendClose(b, markTags[bit])
		}
	}
	return b
}
