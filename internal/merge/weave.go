package merge

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/internal/compare"
	"dateline/internal/richtext"
)

// A thread is a token of the merged text and where it is from.
type thread struct {
	compare.Token
	mine, theirs int // which of their tokens it is, or -1
}

// both is a stretch of the merged text where two texts stand.
type both struct {
	kind         Kind
	mine, theirs [2]int // threads
}

// woven is a merged row of tokens.
type woven struct {
	mine, theirs []compare.Token
	out          []thread
	met          []both
	clashes      []Clash // filled by settle
}

// weave merges two rows of tokens that were made of base; diff says in what two rows
// differ.
func weave(base, mine, theirs []compare.Token, diff func(a, b []compare.Token) []compare.Hunk) *woven {
	w := &woven{mine: mine, theirs: theirs, out: make([]thread, 0, len(mine)+len(theirs)/8)}
	hm, ht := diff(base, mine), diff(base, theirs)
	b, mi, ti := 0, 0, 0 // what is merged
	for len(hm) > 0 || len(ht) > 0 {
		lo, hi, im, it := region(hm, ht)
		w.keep(base[b:lo], mi, ti)
		mi, ti = mi+lo-b, ti+lo-b
		toMine, toTheirs := through(hm[:im], lo, hi, mi), through(ht[:it], lo, hi, ti)
		switch {
		case it == 0:
			if lo < hi || !beside(mine[mi:toMine], theirs, ht, lo, ti, b == lo) {
				around := w.around(base, lo, hi, mi, toMine, ti, toTheirs, b < lo, len(ht) == 0 || hi < ht[0].A0)
				put := w.put(mi, toMine, true)
				around.lend(w.out[put[0]:put[1]])
			}
		case im == 0:
			if lo < hi || !beside(theirs[ti:toTheirs], mine, hm, lo, mi, b == lo) {
				around := w.around(base, lo, hi, mi, toMine, ti, toTheirs, b < lo, len(hm) == 0 || hi < hm[0].A0)
				put := w.put(ti, toTheirs, false)
				around.swapped().lend(w.out[put[0]:put[1]])
			}
		default:
			w.meet(base[lo:hi], mi, toMine, ti, toTheirs)
		}
		b, mi, ti = hi, toMine, toTheirs
		hm, ht = hm[im:], ht[it:]
	}
	w.keep(base[b:], mi, ti)
	return w
}

// surroundings are the tokens that both left on either side of a stretch that one
// changed: as they were, as that one has them, and as the other has. At an end of the
// text there is none.
type surroundings struct {
	base, own, other [2]*compare.Token
	whole            bool // both sides are known, or are an end
}

func (w *woven) around(base []compare.Token, lo, hi, m0, m1, t0, t1 int, before, behind bool) surroundings {
	var s surroundings
	behind = behind && hi < len(base)
	s.whole = (before || m0 == 0 && t0 == 0) && (behind || m1 == len(w.mine) && t1 == len(w.theirs))
	if before {
		s.base[0], s.own[0], s.other[0] = &base[lo-1], &w.mine[m0-1], &w.theirs[t0-1]
	}
	if behind {
		s.base[1], s.own[1], s.other[1] = &base[hi], &w.mine[m1], &w.theirs[t1]
	}
	return s
}

func (s surroundings) swapped() surroundings {
	s.own, s.other = s.other, s.own
	return s
}

// lend gives new words the marks that the other gave all that stands around them, and
// takes those that the other took: who set a paragraph in italics meant all of it. At
// an end of the text links and abbreviations are not lent: there they end.
func (s surroundings) lend(out []thread) {
	if !s.whole || s.own[0] == nil && s.own[1] == nil {
		return
	}
	added, taken := richtext.Mark(1<<16-1), richtext.Mark(1<<16-1)
	var like *compare.Token
	for i, own := range s.own {
		if own == nil {
			added &^= richtext.Link | richtext.Abbr
			continue
		}
		base, other := s.base[i].Marks, s.other[i]
		added &= other.Marks &^ base &^ own.Marks
		taken &= base & own.Marks &^ other.Marks
		if like != nil && (like.Href != other.Href || like.Lang != other.Lang || like.Title != other.Title) {
			added &^= richtext.Link | richtext.Language | richtext.Abbr
		}
		like = other
	}
	if added|taken == 0 {
		return
	}
	for i := range out {
		t := &out[i].Token
		plus := added &^ t.Marks
		if t.Kind == richtext.NoteRef {
			plus &^= richtext.Link | richtext.Abbr | richtext.Sub | richtext.Sup | richtext.CodeMark
		}
		t.Marks = t.Marks&^taken | plus
		if plus&richtext.Link != 0 {
			t.Href = like.Href
		}
		if plus&richtext.Language != 0 {
			t.Lang = like.Lang
		}
		if plus&richtext.Abbr != 0 {
			t.Title = like.Title
		}
		*t = bare(*t)
	}
}

// beside reports whether what one put in at a place stands in what the other wrote
// instead of the words right before or behind it: they have merged it already.
func beside(put, other []compare.Token, next []compare.Hunk, at, here int, after bool) bool {
	for len(put) > 0 && !compare.IsWord(put[0]) {
		put = put[1:]
	}
	for len(put) > 0 && !compare.IsWord(put[len(put)-1]) {
		put = put[:len(put)-1]
	}
	if len(next) > 0 && next[0].A0 == at && contains(other[here:here+next[0].B1-next[0].B0], put) {
		return true
	}
	return after && contains(other[max(0, here-2*len(put)):here], put)
}

// region finds the next stretch of base that was changed, and how many hunks of
// either side are in it.
func region(hm, ht []compare.Hunk) (lo, hi, im, it int) {
	first := func(a, b compare.Hunk) bool { // what is put in before a stretch comes before the stretch
		return a.A0 < b.A0 || a.A0 == b.A0 && a.A1 == a.A0 && b.A1 > b.A0
	}
	switch {
	case len(ht) == 0:
		return hm[0].A0, hm[0].A1, 1, 0
	case len(hm) == 0:
		return ht[0].A0, ht[0].A1, 0, 1
	case first(ht[0], hm[0]):
		lo, hi, it = ht[0].A0, ht[0].A1, 1
	default:
		lo, hi, im = hm[0].A0, hm[0].A1, 1
	}
	point := lo == hi
	meets := func(h compare.Hunk) bool {
		switch {
		case point:
			return h.A0 == lo && h.A1 == lo
		case h.A0 == h.A1:
			return lo < h.A0 && h.A0 < hi
		}
		return h.A0 < hi
	}
	for {
		switch {
		case im < len(hm) && meets(hm[im]):
			hi = max(hi, hm[im].A1)
			im++
		case it < len(ht) && meets(ht[it]):
			hi = max(hi, ht[it].A1)
			it++
		default:
			return lo, hi, im, it
		}
	}
}

// through is where base[lo:hi] ends on a side on which it begins at at.
func through(hunks []compare.Hunk, lo, hi, at int) int {
	at += hi - lo
	for _, h := range hunks {
		at += (h.B1 - h.B0) - (h.A1 - h.A0)
	}
	return at
}

// push adds a token. Two words that stood side by side in no text are kept apart.
func (w *woven) push(t thread) {
	if n := len(w.out); n > 0 {
		last := w.out[n-1]
		side := t.mine >= 0 && last.mine == t.mine-1 && last.mine >= 0 || t.theirs >= 0 && last.theirs == t.theirs-1 && last.theirs >= 0
		if !side && compare.Joined(last.Token, t.Token) {
			w.space(t.Token)
		}
	}
	w.out = append(w.out, t)
}

// space parts what stands there from next; it has the marks that both have.
func (w *woven) space(next compare.Token) {
	if len(w.out) == 0 {
		return
	}
	last := w.out[len(w.out)-1].Token
	if compare.IsSpace(last) || compare.IsSpace(next) {
		return
	}
	w.out = append(w.out, thread{between(last, next), -1, -1})
}

func between(a, b compare.Token) compare.Token {
	s := compare.Token{Text: " ", Marks: a.Marks & b.Marks, Href: a.Href, Lang: a.Lang, Title: a.Title}
	if a.Href != b.Href {
		s.Marks &^= richtext.Link
	}
	if a.Lang != b.Lang {
		s.Marks &^= richtext.Language
	}
	if a.Title != b.Title {
		s.Marks &^= richtext.Abbr
	}
	return bare(s)
}

// bare takes away the values of marks that are not there.
func bare(s compare.Token) compare.Token {
	if s.Marks&richtext.Link == 0 {
		s.Href = ""
	}
	if s.Marks&richtext.Language == 0 {
		s.Lang = ""
	}
	if s.Marks&richtext.Abbr == 0 {
		s.Title = ""
	}
	return s
}

// put takes a stretch of one side.
func (w *woven) put(from, to int, mine bool) (threads [2]int) {
	start := len(w.out)
	for i := from; i < to; i++ {
		if mine {
			w.push(thread{w.mine[i], i, -1})
		} else {
			w.push(thread{w.theirs[i], -1, i})
		}
		if i == from && len(w.out) > start+1 {
			start++ // a space was put before it
		}
	}
	return [2]int{start, len(w.out)}
}

// keep takes what both left, with the marks that either gave it.
func (w *woven) keep(base []compare.Token, mi, ti int) {
	for i := 0; i < len(base); i++ {
		t, ok := marks3(base[i], w.mine[mi+i], w.theirs[ti+i])
		if ok {
			w.push(thread{t, mi + i, ti + i})
			continue
		}
		// They led the same words to two addresses: a stretch of such, with what is between.
		j := i + 1
		for k := j; k < len(base); k++ {
			if _, ok := marks3(base[k], w.mine[mi+k], w.theirs[ti+k]); !ok {
				j = k + 1
			} else if compare.IsWord(base[k]) {
				break
			}
		}
		w.stand(Words, mi+i, mi+j, ti+i, ti+j)
		i = j - 1
	}
}

// stand puts two texts side by side.
func (w *woven) stand(kind Kind, m0, m1, t0, t1 int) {
	b := both{kind: kind}
	side := func(from, to int, mine bool) [2]int {
		if from < to {
			next := w.theirs
			if mine {
				next = w.mine
			}
			if m0 < m1 && t0 < t1 && len(w.out) > 0 && (mine == (kind == Place)) {
				w.space(next[from]) // the second of the two
			}
		}
		return w.put(from, to, mine)
	}
	if kind == Place {
		b.theirs = side(t0, t1, false)
		b.mine = side(m0, m1, true)
	} else {
		b.mine = side(m0, m1, true)
		b.theirs = side(t0, t1, false)
	}
	w.met = append(w.met, b)
}

func said(t []compare.Token) string {
	var b []byte
	for i := range t {
		switch t[i].Kind {
		case richtext.Text:
			b = append(b, t[i].Text...)
		case richtext.Break:
			b = append(b, '\n')
		}
	}
	return string(b)
}

// meet merges a stretch that both changed.
func (w *woven) meet(base []compare.Token, m0, m1, t0, t1 int) {
	empty := m0 == m1 || t0 == t1
	// What they have in common at either end stands once.
	head, tail := 0, 0
	one := func(m, t int) bool {
		if !compare.Like(w.mine[m], w.theirs[t]) {
			return false
		}
		_, ok := union(w.mine[m], w.theirs[t])
		return ok
	}
	for m0+head < m1 && t0+head < t1 && one(m0+head, t0+head) {
		head++
	}
	for m0+head < m1-tail && t0+head < t1-tail && one(m1-1-tail, t1-1-tail) {
		tail++
	}
	mine, theirs := w.mine[m0+head:m1-tail], w.theirs[t0+head:t1-tail]
	theirsHas := len(mine) == 0 && !empty || contains(theirs, mine)
	mineHas := len(theirs) == 0 && !empty || contains(mine, theirs)
	if !theirsHas && !mineHas {
		// Two sentences do not share their full stop.
		if !slices.ContainsFunc(w.mine[m0:m0+head], says) {
			head = 0
		}
		if !slices.ContainsFunc(w.mine[m1-tail:m1], says) {
			tail = 0
		}
	}
	shared := func(m, t, n int) {
		for i := range n {
			k, _ := union(w.mine[m+i], w.theirs[t+i])
			w.push(thread{k, m + i, t + i})
		}
	}
	shared(m0, t0, head)
	m0, t0, m1, t1 = m0+head, t0+head, m1-tail, t1-tail
	switch {
	case onlyParts(w.mine[m0:m1]) && onlyParts(w.theirs[t0:t1]): // both ended a paragraph here
		w.put(m0, m1, true)
	case theirsHas:
		w.put(t0, t1, false)
	case mineHas:
		w.put(m0, m1, true)
	case len(base) == 0:
		w.stand(Place, m0, m1, t0, t1)
	default:
		w.stand(Words, m0, m1, t0, t1)
	}
	shared(m1, t1, tail)
}

// onlyParts reports whether a stretch is the end of a paragraph and says nothing else.
func onlyParts(t []compare.Token) bool {
	return slices.ContainsFunc(t, parts) && !slices.ContainsFunc(t, func(t compare.Token) bool { return !compare.IsSpace(t) })
}

// says reports whether there are words in a token: a line of code is one.
func says(t compare.Token) bool {
	return t.Kind == richtext.Text && strings.ContainsFunc(t.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// enough is how many letters must be the same for two texts to be one.
const enough = 5

// contains reports whether the words of part stand in whole as they are, and are not
// such as stand anywhere.
func contains(whole, part []compare.Token) bool {
	letters := 0
	for i := range part {
		if says(part[i]) {
			letters += utf8.RuneCountInString(part[i].Text)
		}
	}
	if letters < enough || len(whole)*len(part) > 1<<20 {
		return false
	}
next:
	for i := 0; i+len(part) <= len(whole); i++ {
		for j := range part {
			if whole[i+j] != part[j] {
				continue next
			}
		}
		return true
	}
	return false
}

// marks3 merges the marks of a token that both left; false: both gave one mark two
// values.
func marks3(b, m, t compare.Token) (compare.Token, bool) {
	if m == t || b == t {
		return m, true
	}
	if b == m {
		return t, true
	}
	out := b
	mine := b.Marks ^ m.Marks // the marks that mine changed
	out.Marks = m.Marks&mine | t.Marks&^mine
	ok := true
	value := func(mark richtext.Mark, of func(*compare.Token) *string) {
		has := func(s *compare.Token) bool { return s.Marks&mark != 0 }
		vb, vm, vt := *of(&b), *of(&m), *of(&t)
		v := vm
		switch {
		case has(&m) && has(&t):
			var two bool
			v, two = pick(vb, vm, vt)
			ok = ok && !two
			out.Marks |= mark
		case has(&m) && !has(&t): // they took it away, or never had it
			if has(&b) && vm == vb {
				out.Marks &^= mark
			} else {
				out.Marks |= mark
			}
		case has(&t) && !has(&m):
			v = vt
			if has(&b) && vt == vb {
				out.Marks &^= mark
			} else {
				out.Marks |= mark
			}
		}
		*of(&out) = v
	}
	value(richtext.Link, func(s *compare.Token) *string { return &s.Href })
	value(richtext.Language, func(s *compare.Token) *string { return &s.Lang })
	value(richtext.Abbr, func(s *compare.Token) *string { return &s.Title })
	return bare(out), ok
}

// union gives a token that both wrote the marks of both.
func union(m, t compare.Token) (compare.Token, bool) {
	if m == t {
		return m, true
	}
	return marks3(bare(compare.Token{Kind: m.Kind, Text: m.Text}), m, t)
}

// settle brings white space into normal form, as richtext.Normal does, and says where
// the two texts of each clash stand in the text.
func (w *woven) settle() []compare.Token {
	n := len(w.out)
	gone := make([]bool, n)
	blank := func(i int) bool { return w.out[i].Kind == richtext.Text && w.out[i].Text == " " }
	last := -1 // the last that stays
	drop := func(i int) {
		gone[i] = true
		for last = i - 1; last >= 0 && gone[last]; {
			last--
		}
	}
	for i := range n {
		switch {
		case blank(i):
			if last < 0 || blank(last) || w.out[last].Kind == richtext.Break {
				gone[i] = true
				continue
			}
		case parts(w.out[i].Token):
			for last >= 0 && (blank(last) || w.out[last].Kind == richtext.Break && !parts(w.out[last].Token)) {
				drop(last)
			}
		case w.out[i].Kind == richtext.Break:
			if last >= 0 && blank(last) {
				drop(last)
			}
			if last < 0 || w.out[last].Kind == richtext.Break {
				gone[i] = true
				continue
			}
		case w.out[i].Kind == richtext.NoteRef && last >= 0 && w.out[last].Kind == richtext.NoteRef && w.out[last].Text == w.out[i].Text:
			gone[i] = true
			continue
		}
		last = i
	}
	for last >= 0 && (blank(last) || w.out[last].Kind == richtext.Break && !parts(w.out[last].Token)) {
		drop(last)
	}
	tokens := make([]compare.Token, 0, n)
	at := make([]int, n+1) // code points before each
	for i := range n {
		at[i+1] = at[i]
		if gone[i] {
			continue
		}
		t := w.out[i].Token
		tokens = append(tokens, t)
		switch t.Kind {
		case richtext.Text:
			at[i+1] += utf8.RuneCountInString(t.Text)
		case richtext.Break:
			at[i+1]++
		}
	}
	stand := func(of [2]int) (from, to int, s string) {
		for of[0] < of[1] && (gone[of[0]] || blank(of[0])) {
			of[0]++
		}
		for of[0] < of[1] && (gone[of[1]-1] || blank(of[1]-1)) {
			of[1]--
		}
		var b []compare.Token
		for i := of[0]; i < of[1]; i++ {
			if !gone[i] {
				b = append(b, w.out[i].Token)
			}
		}
		return at[of[0]], at[of[1]], said(b)
	}
	for _, b := range w.met {
		c := Clash{Kind: b.kind}
		c.MineFrom, c.MineTo, c.Mine = stand(b.mine)
		c.TheirsFrom, c.TheirsTo, c.Theirs = stand(b.theirs)
		w.clashes = append(w.clashes, c)
	}
	return tokens
}
