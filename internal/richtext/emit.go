package richtext

import "strconv"

// emitWords ends a paragraph, pull quote or heading; two breaks in a row end a
// paragraph too.
func (b *builder) emitWords(f *frame) {
	spans := f.spans
	f.spans = nil
	kind := Paragraph
	switch f.kind {
	case fHeading:
		kind = Heading
	case fPull:
		kind = Pull
	}
	one := func(part []Span) {
		if !hasWords(part) || b.opt.Foreign && onlySpace(part) {
			return
		}
		b.emit(Block{Kind: kind, ID: f.blk.ID, Level: f.blk.Level, Inline: part})
		f.blk.ID = ""
	}
	if kind == Paragraph {
		for i := 0; i+1 < len(spans); i++ {
			if spans[i].Kind == Break && spans[i+1].Kind == Break {
				one(spans[:i:i])
				for i < len(spans) && spans[i].Kind == Break {
					i++
				}
				spans = spans[i:]
				i = -1
			}
		}
	}
	one(spans)
}

// emit puts a block where it may stand: into the innermost container that
// takes its kind, ending the paragraph it interrupts; else behind the
// top-level block it was found in.
func (b *builder) emit(k Block) {
	if b.blocks++; b.blocks > maxBlocks {
		b.full = true
		return
	}
	b.spend(len(k.Text) + len(k.Href) + len(k.Credit) + 64)
	for i := len(b.frames) - 1; i >= 0; i-- {
		f := &b.frames[i]
		switch f.kind {
		case fPlain:
			continue
		case fPara, fPull, fHeading:
			if i == len(b.frames)-1 {
				b.flush()
			}
			part := *f
			f.spans, f.space, f.brk = nil, true, false
			if hasWords(part.spans) {
				f.blk.ID = ""
				held := b.frames
				b.frames = b.frames[:i]
				b.emitWords(&part)
				b.frames = held
			}
			continue
		case fRoot, fFigure:
			if f.kind == fRoot {
				b.settle(&k)
			}
			f.blk.Children = append(f.blk.Children, k)
			if f.kind == fRoot {
				b.hoist()
			}
			return
		case fAside:
			switch k.Kind {
			case Paragraph, Heading, List, Quote, Figure, Card:
				k.ID = ""
				f.blk.Children = append(f.blk.Children, k)
				return
			}
		case fQuote:
			if k.Kind == Heading {
				k = Block{Kind: Paragraph, Inline: k.Inline}
			}
			if k.Kind == Paragraph || k.Kind == List {
				k.ID = ""
				f.blk.Children = append(f.blk.Children, k)
				return
			}
		case fItem:
			if k.Kind == List {
				k.ID = ""
				f.blk.Children = append(f.blk.Children, k)
				return
			}
		}
		b.after = append(b.after, k)
		return
	}
}

// settle makes a complete top-level block the goal of links to the places in it.
func (b *builder) settle(k *Block) {
	if len(b.here) == 0 {
		return
	}
	if b.places == nil {
		b.places = map[string]string{}
	}
	if k.ID == "" {
		k.ID = "\x00" + strconv.Itoa(len(b.places)) // until giveIDs
	}
	for _, name := range b.here {
		if _, taken := b.places[name]; !taken {
			b.places[name] = k.ID
		}
	}
	b.here = b.here[:0]
}

// hoist puts the blocks that had to leave their place behind the top-level
// block that is now complete.
func (b *builder) hoist() {
	if len(b.after) == 0 {
		return
	}
	root := &b.frames[0]
	root.blk.Children = append(root.blk.Children, b.after...)
	b.after = b.after[:0]
}
