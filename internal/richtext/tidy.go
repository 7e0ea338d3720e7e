package richtext

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// finish brings the blocks into normal form: footnotes found, spans joined,
// empty things gone, ids given.
func (b *builder) finish(blocks []Block) []Block {
	t := tidier{opt: b.opt, places: b.places}
	if b.hashes {
		blocks = t.footnotes(blocks)
	} else {
		blocks = dropItemIDs(blocks)
	}
	// notes first: references to an empty one must go
	for i := range blocks {
		if k := &blocks[i]; k.Kind == Footnote {
			k.Inline = normal(t.noteText(k.Inline))
			if len(k.Inline) > 0 && k.ID != "" && t.notes[k.ID] == 0 {
				if t.notes == nil {
					t.notes = map[string]int{}
				}
				t.notes[k.ID] = len(t.notes) + 1
			}
		}
	}
	out := make([]Block, 0, len(blocks))
	for i := range blocks {
		if t.block(&blocks[i], false) {
			out = append(out, blocks[i])
		}
	}
	out = placeLinks(out)
	if len(out) > maxBlocks {
		out = out[:maxBlocks]
	}
	names, ids := b.giveIDs(out, len(t.notes) > 0)
	if len(t.notes) > 0 {
		renameNotes(out, names)
	}
	if b.hashes {
		t.ids = ids
		t.land(out, false)
		for _, lost := range t.lost {
			b.note("lost-place", lost)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func dropItemIDs(blocks []Block) []Block {
	for i := range blocks {
		if blocks[i].Kind == Item {
			blocks[i].ID = ""
		}
		if len(blocks[i].Children) > 0 {
			dropItemIDs(blocks[i].Children)
		}
	}
	return blocks
}

type tidier struct {
	opt    Options
	notes  map[string]int    // ids of footnotes as the input names them
	places map[string]string // names of places → ID of their block, as the input has it
	ids    map[string]string // these IDs → those of the body
	lost   []string          // places that links lead to and that are not there
}

// footnotes turns a numbered list whose items are the targets of links in the
// text into footnotes: WordPress's own block and most plugins write such lists.
func (t *tidier) footnotes(blocks []Block) []Block {
	targets := map[string]bool{}
	eachSpans(blocks, func(spans []Span) {
		for i := range spans {
			if h := spans[i].Href; strings.HasPrefix(h, "#") {
				targets[h[1:]] = true
			}
		}
	})
	out := blocks[:0:0]
	for _, k := range blocks {
		if k.Kind != List || !k.Ordered || !isNotes(k.Children, targets) {
			out = append(out, k)
			continue
		}
		for _, item := range k.Children {
			out = append(out, Block{Kind: Footnote, ID: item.ID, Inline: item.Inline})
			out = append(out, item.Children...)
		}
	}
	return dropItemIDs(out)
}

func isNotes(items []Block, targets map[string]bool) bool {
	hit := false
	for i := range items {
		if items[i].ID == "" {
			return false
		}
		hit = hit || targets[items[i].ID]
	}
	return hit
}

// noteText takes links within the text out of a footnote: the arrow that leads
// back is ours to print.
func (t *tidier) noteText(spans []Span) []Span {
	out := spans[:0]
	for _, s := range spans {
		if s.Kind == NoteRef {
			continue
		}
		if strings.HasPrefix(s.Href, "#") {
			if strings.IndexFunc(s.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0 {
				continue
			}
			s.Href = ""
			s.Marks &^= Link
		}
		out = append(out, s)
	}
	return out
}

// noteMarks are the marks that a reference to a note may keep without being
// split from its surroundings.
const noteMarks = QuoteMark | Isolate | Language | Strong | Em | Strike

// refs turns links to notes into references. Other links within the text wait
// for land.
func (t *tidier) refs(spans []Span) []Span {
	found := false
	for i := range spans {
		if strings.HasPrefix(spans[i].Href, "#") || spans[i].Kind == NoteRef {
			found = true
			break
		}
	}
	if !found {
		return spans
	}
	out := spans[:0]
	last := ""
	for _, s := range spans {
		if !strings.HasPrefix(s.Href, "#") {
			last = ""
			out = append(out, s)
			continue
		}
		target := s.Href[1:]
		switch {
		case t.notes[target] != 0:
			if last != target {
				s.Href = ""
				s.Marks &^= Link
				s.Kind, s.Text, s.Title = NoteRef, target, ""
				if s.Marks &= noteMarks; s.Marks&Language == 0 {
					s.Lang = ""
				}
				out = append(out, s)
			}
			last = target
		case s.Kind != NoteRef:
			last = ""
			out = append(out, s)
		}
	}
	return out
}

func (t *tidier) spans(spans []Span) []Span { return normal(t.refs(spans)) }

// block brings one block into normal form; false: nothing is left of it.
// In a quotation an address alone on its line stays a line.
func (t *tidier) block(k *Block, quoted bool) bool {
	switch k.Kind {
	case Paragraph:
		k.Inline = t.spans(k.Inline)
		if !quoted {
			t.bare(k)
		}
		return k.Kind == Card || len(k.Inline) > 0
	case Heading, Pull:
		k.Inline = t.spans(k.Inline)
		return len(k.Inline) > 0
	case Footnote:
		return len(k.Inline) > 0
	case Quote:
		k.Children = t.blocks(k.Children, true)
		k.By = t.spans(k.By)
		if len(k.Children) == 0 {
			*k = Block{Kind: Paragraph, ID: k.ID, Inline: k.By}
			return len(k.Inline) > 0
		}
	case Aside, List:
		k.Children = t.blocks(k.Children, false)
		return len(k.Children) > 0
	case Item:
		k.Inline = t.spans(k.Inline)
		k.Children = t.blocks(k.Children, false)
		return len(k.Inline)+len(k.Children) > 0
	case Figure:
		k.Caption = t.spans(k.Caption)
	case Gallery:
		k.Children = t.blocks(k.Children, false)
		k.Caption = t.spans(k.Caption)
	case Table:
		return t.table(k)
	case Code:
		return k.Text != ""
	}
	return true
}

func (t *tidier) blocks(blocks []Block, quoted bool) []Block {
	out := blocks[:0]
	for i := range blocks {
		if t.block(&blocks[i], quoted) {
			out = append(out, blocks[i])
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// bare turns a paragraph that is nothing but an address into a card: that is
// how WordPress stores embeds.
func (t *tidier) bare(k *Block) {
	if len(k.Inline) != 1 {
		return
	}
	s := &k.Inline[0]
	if s.Kind != Text || s.Marks&^(Link|Language) != 0 || !looksWeb(s.Text) || strings.ContainsAny(s.Text, " \u00a0") {
		return
	}
	u, ok := cleanURL(s.Text)
	if !ok {
		return
	}
	if s.Href == "" {
		if t.opt.Link != nil {
			if ref, ok := t.opt.Link(s.Text); ok {
				if ref, ok = cleanRef(ref); ok {
					s.Href, s.Marks = ref, s.Marks|Link
					return
				}
			}
		}
	} else if s.Href != u {
		return
	}
	*k = Block{Kind: Card, ID: k.ID, Href: u}
}

func looksWeb(s string) bool {
	return len(s) > 8 && (strings.EqualFold(s[:7], "http://") || strings.EqualFold(s[:8], "https://"))
}

func (t *tidier) table(k *Block) bool {
	k.Caption = t.spans(k.Caption)
	rows := k.Rows[:0]
	said, heads := false, true
	for _, r := range k.Rows {
		if len(r.Cells) == 0 {
			continue
		}
		for i := range r.Cells {
			r.Cells[i].Inline = t.spans(r.Cells[i].Inline)
			said = said || len(r.Cells[i].Inline) > 0
		}
		heads = heads && r.Head
		r.Head = heads
		rows = append(rows, r)
	}
	k.Rows = rows
	if !said {
		*k = Block{Kind: Paragraph, ID: k.ID, Inline: k.Caption}
		t.bare(k)
		return k.Kind == Card || len(k.Inline) > 0
	}
	if len(rows) > 1 && !rows[0].Head {
		rows[0].Head = true
		for i := range rows[0].Cells {
			rows[0].Head = rows[0].Head && rows[0].Cells[i].Head
		}
	}
	return true
}

// normal brings spans into normal form, in place: neighbours with the same
// marks are one, white space is single and never at an end or beside a break,
// breaks are single and inside, text is in normal form C.
func normal(spans []Span) []Span {
	out := spans[:0]
	space := true
	var joined []byte // text of the last span while others join it: linear work
	settle := func() {
		if joined != nil {
			out[len(out)-1].Text = string(joined)
			joined = nil
		}
	}
	for _, s := range spans {
		s.Marks &= markEnd - 1
		switch s.Kind {
		case Text:
			if space {
				s.Text = strings.TrimLeft(s.Text, " ")
			}
			if s.Text == "" {
				continue
			}
			space = s.Text[len(s.Text)-1] == ' '
			if n := len(out); n > 0 && out[n-1].Kind == Text && same(&out[n-1], &s) {
				if joined == nil {
					joined = []byte(out[n-1].Text)
				}
				joined = append(joined, s.Text...)
				continue
			}
			settle()
		case Break:
			settle()
			out = trimSpace(out)
			if n := len(out); n == 0 || out[n-1].Kind == Break {
				continue
			}
			space = true
		case NoteRef:
			settle()
			if n := len(out); n > 0 && out[n-1].Kind == NoteRef && out[n-1].Text == s.Text {
				continue
			}
			space = false
		}
		out = append(out, s)
	}
	settle()
	for {
		n := len(out)
		out = trimSpace(out)
		if len(out) > 0 && out[len(out)-1].Kind == Break {
			out = out[:len(out)-1]
		}
		if len(out) == n {
			break
		}
	}
	for i := range out {
		if out[i].Kind == Text {
			out[i].Text = nfc(out[i].Text)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// trimSpace takes the space at the end away.
func trimSpace(spans []Span) []Span {
	for n := len(spans); n > 0 && spans[n-1].Kind == Text; n-- {
		s := &spans[n-1]
		if s.Text = strings.TrimRight(s.Text, " "); s.Text != "" {
			return spans
		}
		spans = spans[:n-1]
	}
	return spans
}

// land leads links within the text to the blocks that hold their places. Where
// there is none, their words are left. No block is empty afterwards.
func (t *tidier) land(blocks []Block, quoted bool) {
	for i := range blocks {
		k := &blocks[i]
		changed := t.landed(&k.Inline)
		t.landed(&k.By)
		t.landed(&k.Caption)
		t.land(k.Children, quoted || k.Kind == Quote)
		for r := range k.Rows {
			for c := range k.Rows[r].Cells {
				t.landed(&k.Rows[r].Cells[c].Inline)
			}
		}
		if changed && k.Kind == Paragraph && !quoted {
			t.bare(k)
		}
	}
}

func (t *tidier) landed(spans *[]Span) (changed bool) {
	for i := range *spans {
		s := &(*spans)[i]
		if !strings.HasPrefix(s.Href, "#") {
			continue
		}
		changed = true
		if id, ok := t.goal(s.Href[1:]); ok {
			s.Href = "#" + id
			continue
		}
		if t.lost == nil || t.lost[len(t.lost)-1] != s.Href[1:] {
			t.lost = append(t.lost, s.Href[1:])
		}
		s.Href = ""
		s.Marks &^= Link
	}
	if changed {
		*spans = normal(*spans)
	}
	return changed
}

// goal is the ID of the block in which a place is; its name may be written
// percent-encoded.
func (t *tidier) goal(name string) (string, bool) {
	raw, ok := t.places[name]
	if !ok {
		plain, err := url.PathUnescape(name)
		if raw, ok = t.places[plain]; err != nil || !ok {
			return "", false
		}
	}
	id, ok := t.ids[raw]
	return id, ok
}

// giveIDs keeps the valid ids of the input and gives the others fresh ones. It
// returns the new names of footnotes, and of the other blocks, if places are
// known.
func (b *builder) giveIDs(blocks []Block, notes bool) (names, ids map[string]string) {
	used := make(map[string]bool, len(blocks))
	if b.hashes && len(b.places) > 0 {
		ids = make(map[string]string, len(b.places))
	}
	if notes {
		names = map[string]string{}
	}
	fresh := make([]bool, len(blocks))
	for i := range blocks {
		id := blocks[i].ID
		if !validID(id) || used[id] {
			fresh[i] = true
			continue
		}
		used[id] = true
	}
	n := 0
	for i := range blocks {
		k := &blocks[i]
		raw := k.ID
		if fresh[i] {
			k.ID = ""
			if b.opt.NextID != nil {
				for try := 0; try < 4 && k.ID == ""; try++ {
					if id := b.opt.NextID(); validID(id) && !used[id] {
						k.ID = id
					}
				}
			}
			for k.ID == "" {
				n++
				if id := "b" + strconv.Itoa(n); !used[id] {
					k.ID = id
				}
			}
			used[k.ID] = true
		}
		if notes && k.Kind == Footnote && raw != "" && names[raw] == "" {
			names[raw] = k.ID
		}
		if ids != nil && k.Kind != Footnote && raw != "" && ids[raw] == "" {
			ids[raw] = k.ID
		}
	}
	return names, ids
}

func renameNotes(blocks []Block, names map[string]string) {
	eachSpans(blocks, func(spans []Span) {
		for i := range spans {
			if spans[i].Kind == NoteRef {
				spans[i].Text = names[spans[i].Text]
			}
		}
	})
}
