package richtext

import "strings"

// eachSpans calls f with every run of spans, in reading order.
func eachSpans(blocks []Block, f func([]Span)) {
	for i := range blocks {
		k := &blocks[i]
		if k.Kind != Table {
			f(k.Inline)
			eachSpans(k.Children, f)
			f(k.By)
			f(k.Caption)
			continue
		}
		f(k.Caption)
		for r := range k.Rows {
			for c := range k.Rows[r].Cells {
				f(k.Rows[r].Cells[c].Inline)
			}
		}
	}
}

// Text returns the body as plain text: blocks are separated by "\n\n", items
// and rows by "\n", cells by a tab; footnotes stand where their blocks stand.
func (d Doc) Text() string {
	return string(appendText(make([]byte, 0, d.sizeHint()), d.Blocks, "\n\n"))
}

// Prose is the beginning of Text, of some min bytes at least if there are so
// many, without what stands beside the story: headings, captions, tables, code,
// cards, pull quotes, notes. A body of nothing else has that for its prose.
func (d Doc) Prose(min int) string {
	b := make([]byte, 0, 2*min)
	for i := range d.Blocks {
		switch k := &d.Blocks[i]; k.Kind {
		case Paragraph, Quote, List:
			if s := k.Inline; len(s) == 1 && strings.HasPrefix(s[0].Href, "ref:old/") && isAddress(s[0].Text, s[0].Href) {
				continue // an embed: its address says nothing
			}
			if len(b) > 0 {
				b = append(b, "\n\n"...)
			}
			b = appendBlockText(b, k, "\n\n")
		}
		if len(b) >= min {
			break
		}
	}
	if len(b) == 0 {
		return d.Text()
	}
	return string(b)
}

func appendText(b []byte, blocks []Block, sep string) []byte {
	said := false
	for i := range blocks {
		start := len(b)
		if said {
			b = append(b, sep...)
		}
		mark := len(b)
		b = appendBlockText(b, &blocks[i], sep)
		if len(b) == mark {
			b = b[:start]
			continue
		}
		said = true
	}
	return b
}

func appendBlockText(b []byte, k *Block, sep string) []byte {
	mark := len(b)
	line := func() {
		if len(b) > mark {
			b = append(b, '\n')
		}
	}
	switch k.Kind {
	case Code, Card:
		return append(b, k.Text...)
	case List, Item:
		b = writeSpans(b, k.Inline)
		if len(k.Children) > 0 {
			line()
			b = appendText(b, k.Children, "\n")
		}
		return b
	case Table:
		b = writeSpans(b, k.Caption)
		for r := range k.Rows {
			line()
			for c := range k.Rows[r].Cells {
				if c > 0 {
					b = append(b, '\t')
				}
				b = writeSpans(b, k.Rows[r].Cells[c].Inline)
			}
		}
		return b
	case Figure, Gallery:
		b = appendText(b, k.Children, "\n")
		if len(k.Caption) > 0 {
			line()
			b = writeSpans(b, k.Caption)
		}
		return b
	}
	b = writeSpans(b, k.Inline)
	b = appendText(b, k.Children, sep)
	if len(k.By) > 0 {
		line()
		b = append(b, "— "...)
		b = writeSpans(b, k.By)
	}
	return b
}

func writeSpans(b []byte, spans []Span) []byte {
	for i := range spans {
		switch spans[i].Kind {
		case Text:
			b = append(b, spans[i].Text...)
		case Break:
			b = append(b, '\n')
		}
	}
	return b
}

func spansText(spans []Span) string {
	if len(spans) == 1 && spans[0].Kind == Text {
		return spans[0].Text
	}
	return string(writeSpans(nil, spans))
}

// Words returns the number of words of Text.
func (d Doc) Words() int { return countWords(d.Text()) }

// Refs returns every "ref:…" link and every medium that the body shows or
// links to, in order, each once; media that are shown come before those that
// are linked to.
func (d Doc) Refs() (links []string, media []int64) {
	seen, had := map[string]bool{}, map[int64]bool{}
	use := func(id int64) {
		if !had[id] {
			had[id] = true
			media = append(media, id)
		}
	}
	var walk func([]Block)
	walk = func(blocks []Block) {
		for i := range blocks {
			if k := &blocks[i]; k.Kind == Figure {
				use(k.Media)
			}
			walk(blocks[i].Children)
		}
	}
	walk(d.Blocks)
	eachSpans(d.Blocks, func(spans []Span) {
		for i := range spans {
			h := spans[i].Href
			if !strings.HasPrefix(h, "ref:") || seen[h] {
				continue
			}
			seen[h] = true
			links = append(links, h)
			if id, ok := mediaRef(h); ok {
				use(id)
			}
		}
	})
	return links, media
}
