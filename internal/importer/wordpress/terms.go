package wordpress

import (
	"fmt"
	"slices"
)

// termTable keeps the terms of the head in some tens of bytes besides their
// words: a large site has a hundred thousand tags. What few of them have stands
// apart.
type termTable struct {
	list  []termRow
	more  []termMore // those of list.more, from 1
	texts arena      // slug, name
	names []string   // taxonomies and files, shared
	at    map[string]int32
}

type termRow struct {
	id             int64
	at             int64 // in texts
	line, more     int32
	taxonomy, file int32 // in names
}

type termMore struct {
	parent, description, lang, group string
	names                            map[string]string
}

// termSize is what a term costs besides its words, its place in the index
// among it; moreSize what costs the rest that few have.
const (
	termSize = 64
	moreSize = 120
)

func (t *termTable) shared(s string) int32 {
	i, ok := t.at[s]
	if !ok {
		if t.at == nil {
			t.at = map[string]int32{}
		}
		i, t.names = int32(len(t.names)), append(t.names, s)
		t.at[s] = i
	}
	return i
}

func (t *termTable) add(x Term) {
	row := termRow{id: x.ID, at: t.texts.put(x.Slug, x.Name), line: int32(min(x.Line, 1<<31-1)), taxonomy: t.shared(x.Taxonomy), file: t.shared(x.File)}
	t.list = append(t.list, row)
	if x.Parent != "" || x.Description != "" || x.Lang != "" || x.Group != "" || x.Names != nil {
		*t.rest(len(t.list) - 1) = termMore{x.Parent, x.Description, x.Lang, x.Group, x.Names}
	}
}

// rest is what few terms have, to be written to.
func (t *termTable) rest(i int) *termMore {
	row := &t.list[i]
	if row.more == 0 {
		t.more = append(t.more, termMore{})
		row.more = int32(len(t.more))
	}
	return &t.more[row.more-1]
}

func (t *termTable) parent(i int) string {
	if m := t.list[i].more; m > 0 {
		return t.more[m-1].parent
	}
	return ""
}

func (t *termTable) taxonomy(i int) string { return t.names[t.list[i].taxonomy] }

func (t *termTable) slug(i int) string { return t.texts.get(t.list[i].at, 1)[0] }

// Len is how many terms there are.
func (t *termTable) Len() int { return len(t.list) }

// At is a term.
func (t *termTable) At(i int) Term {
	row := t.list[i]
	words := t.texts.get(row.at, 2)
	out := Term{ID: row.id, Taxonomy: t.names[row.taxonomy], Slug: words[0], Name: words[1], File: t.names[row.file], Line: int(row.line)}
	if row.more > 0 {
		m := t.more[row.more-1]
		out.Parent, out.Description, out.Lang, out.Group, out.Names = m.parent, m.description, m.lang, m.group, m.names
	}
	return out
}

// sorted puts parents before children and cuts what cannot be a tree.
func (h *headReader) sorted() {
	t := &h.terms
	up := func(i int) int { return h.index[h.key(t.taxonomy(i), t.parent(i))] }
	var byName map[uint64]int // WXR 1.0 names parents
	hangs := false
	for i := range t.list {
		parent := t.parent(i)
		if parent == "" {
			continue
		}
		hangs = true
		if _, ok := h.index[h.key(t.taxonomy(i), parent)]; ok {
			continue
		}
		if byName == nil {
			byName = map[uint64]int{}
			for i := range t.list {
				byName[h.key(t.taxonomy(i), t.At(i).Name)] = i
			}
		}
		if at, ok := byName[h.key(t.taxonomy(i), parent)]; ok {
			t.rest(i).parent = t.slug(at)
			continue
		}
		h.cut(i, fmt.Sprintf("its parent %q is not in the export; it stands at the top now", parent))
	}
	if !hangs {
		return
	}
	for i := range t.list {
		if t.parent(i) == "" {
			continue
		}
		seen := map[int]bool{i: true}
		for at := i; t.parent(at) != ""; {
			above := up(at)
			if seen[above] || len(seen) > 1000 {
				h.cut(at, fmt.Sprintf("its parents close a circle at %q; it stands at the top now", t.parent(at)))
				break
			}
			seen[above] = true
			at = above
		}
	}
	type placed struct {
		row   termRow
		depth int
	}
	order := make([]placed, len(t.list)) // circles are cut now
	for i := range t.list {
		order[i].row = t.list[i]
		for at := i; t.parent(at) != ""; order[i].depth++ {
			at = up(at)
		}
	}
	slices.SortStableFunc(order, func(a, b placed) int { return a.depth - b.depth })
	for i := range order {
		t.list[i] = order[i].row
	}
}

func (h *headReader) cut(i int, why string) {
	t := h.terms.At(i)
	h.terms.rest(i).parent = ""
	h.note(Note{Level: LevelChanged, Kind: "term", Item: t.Taxonomy + "/" + t.Slug, File: t.File, Line: t.Line, Why: why})
}

// key is what a term is found by.
func (h *headReader) key(taxonomy, slug string) uint64 {
	return h.x.tables.hash(taxonomy + "/" + slug)
}
