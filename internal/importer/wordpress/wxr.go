package wordpress

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// rawItem is an <item> as the file has it, decoded but not understood.
type rawItem struct {
	line, end   int
	f           [elems]string // the leaves
	password    bool
	terms       []rawTerm
	meta        []rawMeta
	comments    []rawComment
	notes       []Note
	size        int      // bytes held
	over        bool     // more than an item may hold
	content     *inLangs // in the first pass, if its text holds several languages
	overComment int
}

type rawTerm struct{ domain, nicename, text string }

type rawMeta struct{ key, value string }

type rawComment struct {
	line int
	f    [elems]string
}

// Limits of what one item may hold, so that memory stays bounded whatever
// stands in a file. The largest real posts stay below a tenth of each.
const (
	maxItem     = 40 << 20
	maxComments = 50_000
	maxTerms    = 2000
	maxMetas    = 500
	maxNotes    = 100
	shortText   = 64 << 10  // titles, slugs, addresses
	metaText    = 256 << 10 // metadata of pictures, meta of SEO plugins
	longText    = 1 << 20   // excerpts, comments, descriptions of terms
	maxTextSize = 16 << 20  // content; Options.MaxText
	maxShared   = 256 << 10 // a block that posts share
)

func limitOf(e elem, maxText int) int {
	switch e {
	case eContent:
		return maxText
	case eExcerpt, eCommentContent, eTermDescription:
		return min(longText, maxText)
	case eMetaValue:
		return min(metaText, maxText)
	}
	return min(shortText, maxText)
}

// reader reads one file.
type reader struct {
	*scanner
	names   *names
	filter  *filter
	intern  map[string]string
	maxText int
	tables  bool // the first pass: skip what only the second needs
	emails  bool

	group   func(kind elem, line int, f *[elems]string) // an author or a term
	head    func(e elem, text string)
	item    func(*rawItem) error
	sight   func(text []byte) // of an item, in the first pass
	passing []byte            // the last such text, if it may be a block that posts share
	begun   bool              // something of an export was seen
	ended   bool              // </rss> was seen
	channel bool              // <channel> was seen
	stray   []Note
}

func newReader(src io.Reader, maxText int) *reader {
	f := newFilter(src)
	return &reader{
		scanner: newScanner(f, maxText), filter: f, names: newNames(), maxText: maxText, intern: map[string]string{},
	}
}

// read reads the file to its end or to where it breaks.
func (r *reader) read() error {
	depth := 0
	for {
		t, err := r.next()
		if err == io.EOF {
			r.strayMarks(r.line)
			if !r.begun {
				return r.broken(1, "this is no WordPress export: no <rss>, no <item>")
			}
			if depth > 0 && !r.ended {
				return r.broken(r.line, "the file ends early: </rss> is missing")
			}
			return nil
		}
		if err != nil {
			if r.ended {
				return nil // what follows the end is not ours: padding, a footer of the server
			}
			return err
		}
		e := r.names.of(t.name)
		if t.end {
			depth = max(depth-1, 0)
			if e == eChannel && !r.channel && r.tables {
				r.channel = true // told once
				r.stray = append(r.stray, Note{Level: LevelChanged, Kind: "file", Line: t.line,
					Why: "the file is damaged: </channel> ends what no <channel> began; what could be read was taken"})
			}
			r.ended = r.ended || e == eRSS
			continue
		}
		switch e {
		case eItem:
			r.begun = true
			if err := r.readItem(t); err != nil {
				return err
			}
		case eAuthor, eCategory, eTag, eTerm:
			r.begun = true
			var f [elems]string
			line := t.line
			if err := r.readGroup(t, e, &f); err != nil {
				return err
			}
			r.group(e, line, &f)
		case eTitle, eLink, eDescription, eLanguage, eGenerator, eVersion, eBaseSite, eBaseBlog:
			text, err := r.leafText(t, e)
			if err != nil {
				return err
			}
			r.head(e, text)
		case eRSS, eChannel:
			r.begun = true
			r.channel = r.channel || e == eChannel
			r.names.declare(t)
			depth++
		case eImage, eDropped, ePubDate:
			if err := r.skipElement(t, r.names.isOuter); err != nil {
				return err
			}
		default:
			if t.empty {
				break
			}
			if depth++; depth > maxDepth {
				return r.broken(t.line, "elements nested deeper than %d (<%s>)", maxDepth, t.name)
			}
		}
	}
}

// leafText is the text of a leaf, trimmed. The limit is the element's own.
func (r *reader) leafText(t tag, e elem) (string, error) {
	if _, err := r.readLeaf(t, e); err != nil {
		return "", err
	}
	return strings.TrimSpace(string(r.text)), nil
}

func (r *reader) readLeaf(t tag, e elem) (closed bool, err error) {
	r.limit = limitOf(e, r.maxText)
	return r.leaf(t, false, r.names.isOuter)
}

// readGroup reads the leaves of a container that has nothing else.
func (r *reader) readGroup(t tag, kind elem, f *[elems]string) error {
	if t.empty {
		return nil
	}
	for {
		u, err := r.next()
		if err != nil {
			return r.inside(err, t.line, kind)
		}
		e := r.names.of(u.name)
		if u.end {
			if e == kind {
				return nil
			}
			if e == eItem || e == eChannel || e == eRSS {
				r.unread(u)
				return nil
			}
			continue
		}
		switch {
		case e == eItem || e == eAuthor || e == eCategory || e == eTag || e == eTerm || e == ePostmeta || e == eComment:
			r.unread(u) // the group was not closed
			return nil
		case e == eNone || e == eDropped || e == eCommentEmail && !r.emails:
			if _, err := r.leaf(u, true, r.names.isOuter); err != nil {
				return err
			}
		case e == eMetaKey && kind.isTerm(): // it has many; the last counts for the value after it
			if _, err := r.readLeaf(u, e); err != nil {
				return err
			}
			f[e] = r.string(e)
		case e == eMetaValue && kind.isTerm():
			if _, err := r.readLeaf(u, e); err != nil {
				return err
			}
			if to := termMeta(f[eMetaKey]); to != eNone && f[to] == "" {
				f[to] = r.string(e)
			}
		case e == eMetaValue && f[eMetaKey] != "" && !knownMeta(f[eMetaKey]):
			if _, err := r.leaf(u, true, r.names.isOuter); err != nil {
				return err
			}
		default:
			if _, err := r.readLeaf(u, e); err != nil {
				return err
			}
			if f[e] == "" {
				f[e] = r.string(e)
			}
		}
	}
}

func (e elem) isTerm() bool { return e == eCategory || e == eTag || e == eTerm }

// termMeta is what a key of a term's metadata says of it; eNone: nothing that
// we read.
func termMeta(key string) elem {
	switch {
	case slices.Contains(langKeys, key):
		return eTermLang
	case slices.Contains(groupKeys, key):
		return eTermGroup
	}
	return eNone
}

func (r *reader) inside(err error, line int, kind elem) error {
	if err == io.EOF {
		return r.broken(line, "the file ends inside %s that begins here: it is truncated", containers[kind])
	}
	return err
}

// containers are what an editor calls the elements that hold others.
var containers = map[elem]string{
	eItem: "an item", eComment: "a comment", ePostmeta: "a field (<wp:postmeta>)", eAuthor: "an author", eCategory: "a category", eTag: "a tag", eTerm: "a term",
}

// string makes a string of the leaf just read. What repeats from item to item
// is made once.
func (r *reader) string(e elem) string {
	b := r.text
	for len(b) > 0 && space(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && space(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	switch e {
	case eContent, eExcerpt, eCommentContent, eTitle, eLink, eGUID, ePostName, eMetaValue, ePostID:
		return string(b)
	}
	if len(b) > 64 {
		return string(b)
	}
	if s, ok := r.intern[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(r.intern) < 10_000 {
		r.intern[s] = s
	}
	return s
}

// forTables are the leaves of an item that the first pass reads.
var forTables = [elems]bool{
	eTitle: true, eLink: true, ePostID: true, ePostDate: true, ePostDateGMT: true, ePostName: true, eParent: true,
	eType: true, eStatus: true, eAttachmentURL: true, eExcerpt: true, eCreator: true,
}

func (r *reader) readItem(t tag) error {
	it := &rawItem{line: t.line}
	r.passing = r.passing[:0]
	r.strayMarks(t.line - 1)
	if t.empty {
		it.end = t.line
		return r.item(it)
	}
	for {
		u, err := r.next()
		if err != nil {
			return it.broken(r.inside(err, it.line, eItem))
		}
		e := r.names.of(u.name)
		if u.end {
			if e == eItem {
				break
			}
			if e == eChannel || e == eRSS {
				it.note(LevelError, u.line, "the item was not closed: </item> is missing")
				r.unread(u)
				break
			}
			continue // an end without a beginning
		}
		if e == eItem {
			it.note(LevelError, u.line, "the item was not closed: </item> is missing")
			r.unread(u)
			break
		}
		if err := r.itemPart(it, u, e); err != nil {
			return it.broken(err)
		}
	}
	it.end = r.line
	if r.tables && it.f[eType] == sharedBlock {
		it.f[eContent] = string(bytes.TrimSpace(r.passing))
	}
	r.collectMarks(it)
	return r.item(it)
}

// broken names the item in which a file breaks off, by its headline: that an
// editor finds.
func (it *rawItem) broken(err error) error {
	p, ok := errors.AsType[*problem](err)
	title := clip(oneLine(it.f[eTitle]))
	if !ok || title == "" {
		return err
	}
	return &problem{line: p.line, why: p.why + ", in the item “" + title + "”", err: p.err}
}

func (r *reader) itemPart(it *rawItem, u tag, e elem) error {
	switch e {
	case eNone, eDropped, eImage, eLanguage, eGenerator, eVersion:
		return r.skipElement(u, r.names.isOuter)
	case eItemTerm:
		term := rawTerm{domain: r.shared(u.attr("domain")), nicename: r.shared(u.attr("nicename"))}
		if _, err := r.readLeaf(u, e); err != nil {
			return err
		}
		term.text = r.string(e)
		if len(it.terms) < maxTerms {
			it.terms = append(it.terms, term)
		}
	case ePostmeta:
		var f [elems]string
		line := u.line
		if err := r.readGroup(u, e, &f); err != nil {
			return err
		}
		if knownMeta(f[eMetaKey]) && len(it.meta) < maxMetas && f[eMetaValue] != "" {
			it.size += len(f[eMetaValue])
			it.meta = append(it.meta, rawMeta{f[eMetaKey], f[eMetaValue]})
		}
		r.noteCut(it, line, "the value of meta "+f[eMetaKey])
	case eComment:
		return r.readComment(it, u)
	case ePassword:
		if _, err := r.readLeaf(u, e); err != nil {
			return err
		}
		it.password = strings.TrimSpace(string(r.text)) != "" // that there is one; never which
	default:
		return r.itemLeaf(it, u, e)
	}
	return nil
}

func (r *reader) itemLeaf(it *rawItem, u tag, e elem) error {
	if r.tables && e == eContent && len(r.passing) == 0 {
		_, err := r.readLeaf(u, e)
		r.sight(r.text)
		if maybeLangsIn(r.text) {
			it.content = splitLangs(string(r.text))
		}
		if len(r.text) <= maxShared {
			r.passing = append(r.passing, r.text...)
		}
		r.cut, r.badRefs = 0, 0 // told in the second pass
		return err
	}
	if it.f[e] != "" || r.tables && !forTables[e] {
		_, err := r.leaf(u, true, r.names.isOuter)
		return err
	}
	line, name := u.line, string(u.name)
	if it.size > maxItem {
		it.over = true
		_, err := r.leaf(u, true, r.names.isOuter)
		return err
	}
	closed, err := r.readLeaf(u, e)
	if err != nil {
		return err
	}
	it.f[e] = r.string(e)
	it.size += len(it.f[e])
	if !closed {
		it.note(LevelError, line, fmt.Sprintf("<%s> was not closed; taken up to the next element", name))
	}
	r.noteCut(it, line, "<"+name+">")
	return nil
}

func (r *reader) readComment(it *rawItem, u tag) error {
	c := rawComment{line: u.line}
	if r.tables || len(it.comments) >= maxComments || it.size > maxItem {
		if !r.tables {
			it.overComment++
		}
		return r.skipElement(u, r.names.isOuter2)
	}
	if err := r.readGroup(u, eComment, &c.f); err != nil {
		return err
	}
	r.noteCut(it, c.line, "the comment")
	it.size += len(c.f[eCommentContent]) + 200
	it.comments = append(it.comments, c)
	return nil
}

// isOuter2 is for skipping a comment, which holds elements of WXR itself.
func (n *names) isOuter2(name []byte) bool {
	e := n.of(name)
	return e == eItem || e == eChannel || e == eRSS
}

func (r *reader) shared(s string) string {
	if t, ok := r.intern[s]; ok {
		return t
	}
	if len(r.intern) < 10_000 {
		r.intern[s] = s
	}
	return s
}

func (r *reader) noteCut(it *rawItem, line int, what string) {
	if r.cut > 0 {
		it.note(LevelError, line, fmt.Sprintf("%s is longer than %d KiB; the rest, %d bytes, was dropped", what, r.limit>>10, r.cut))
		r.cut = 0
	}
	if r.badRefs > 0 {
		it.note(LevelChanged, line, fmt.Sprintf("%d references to characters that may not be were dropped", r.badRefs))
		r.badRefs = 0
	}
}

// strayMarks makes notes of what the filter changed between items.
func (r *reader) strayMarks(line int) {
	for _, m := range r.filter.take(line) {
		if r.tables && len(r.stray) < maxNotes {
			r.stray = append(r.stray, Note{Level: LevelChanged, Kind: "file", Line: m.line, Why: fmt.Sprintf("%d %s", m.count, markWhy[m.kind])})
		}
	}
}

// collectMarks makes notes of what the filter changed within the item.
func (r *reader) collectMarks(it *rawItem) {
	type sum struct{ line, lines, count int }
	var sums [markKinds]sum
	for _, m := range r.filter.take(it.end) {
		s := &sums[m.kind]
		if s.count == 0 {
			s.line = m.line
		}
		s.lines++
		s.count += m.count
	}
	for k, s := range sums {
		if s.count > 0 {
			it.note(LevelChanged, s.line, fmt.Sprintf("%d %s", s.count, markWhy[k]))
		}
	}
	if it.over {
		it.note(LevelError, it.line, "the item holds more than 40 MiB; the rest was dropped")
	}
	if it.overComment > 0 {
		it.note(LevelError, it.line, fmt.Sprintf("the item holds too many comments; %d were dropped", it.overComment))
	}
}

func (it *rawItem) note(level Level, line int, why string) {
	if len(it.notes) < maxNotes {
		it.notes = append(it.notes, Note{Level: level, Line: line, Why: why})
	}
}

func (it *rawItem) metaValue(keys ...string) string {
	for _, key := range keys {
		for i := range it.meta {
			if it.meta[i].key == key {
				return it.meta[i].value
			}
		}
	}
	return ""
}
