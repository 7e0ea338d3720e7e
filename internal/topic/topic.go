package topic

import (
	"cmp"
	"maps"
	"slices"

	"dateline/internal/fault"
)

// Kind is what kind of shelf it is. It is also the first part of its address.
type Kind string

// The kinds.
const (
	Section Kind = "section"
	Tag     Kind = "tag"
	Genre   Kind = "genre"
	Column  Kind = "column"
	Series  Kind = "series"
)

// Valid reports whether there is such a kind.
func (k Kind) Valid() bool {
	return slices.Contains([]Kind{Section, Tag, Genre, Column, Series}, k)
}

// Topic is a shelf.
type Topic struct {
	ID          int64
	ParentID    int64 // 0: none
	ParentIndex int   // only for Put: place of the parent in the same batch from 1, instead of ParentID
	OwnerID     int64 // entity whose column it is; 0 none
	Kind        Kind
	Position    int             // order among siblings
	SchemaType  string          // of a genre: what schema.org calls such articles ("OpinionNewsArticle")
	Names       map[string]Name // by language tag
}

// Name is what a topic is called in a language.
type Name struct {
	Name        string
	Slug        string // unescaped; Put makes one where it is empty
	Description string // plain text
}

// Name is the topic's name in a language, else in the first of the fallbacks
// that has one, else in the first language that has one, by its tag.
func (t Topic) Name(lang string, fallbacks ...string) Name {
	return t.Names[t.NameLang(lang, fallbacks...)]
}

// NameLang is the language of which Name gives the name.
func (t Topic) NameLang(lang string, fallbacks ...string) string {
	for _, l := range append([]string{lang}, fallbacks...) {
		if _, ok := t.Names[l]; ok {
			return l
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t.Names)) {
		return l
	}
	return ""
}

// Tree is every topic but the tags. It does not change; it is shared.
type Tree struct {
	byID     map[int64]Topic
	children map[int64][]Topic
	kinds    map[Kind][]Topic
}

func newTree(list []Topic) *Tree {
	t := &Tree{byID: make(map[int64]Topic, len(list)), children: map[int64][]Topic{}, kinds: map[Kind][]Topic{}}
	slices.SortFunc(list, func(a, b Topic) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	for _, x := range list {
		t.byID[x.ID] = x
		t.kinds[x.Kind] = append(t.kinds[x.Kind], x)
	}
	for _, x := range list {
		parent := x.ParentID
		if _, ok := t.byID[parent]; !ok {
			parent = 0
		}
		t.children[parent] = append(t.children[parent], x)
	}
	return t
}

// Get finds a topic.
func (t *Tree) Get(id int64) (Topic, bool) {
	x, ok := t.byID[id]
	return x, ok
}

// Children are the topics right below one, in order.
func (t *Tree) Children(id int64) []Topic { return t.children[id] }

// Ancestors are the ids above a topic, the nearest first. A circle ends where
// it closes.
func (t *Tree) Ancestors(id int64) []int64 {
	var out []int64
	for x := t.byID[id]; x.ParentID != 0 && x.ParentID != id && !slices.Contains(out, x.ParentID); x = t.byID[x.ParentID] {
		out = append(out, x.ParentID)
	}
	return out
}

// Sections are the sections without a parent, in order.
func (t *Tree) Sections() []Topic {
	var out []Topic
	for _, x := range t.children[0] {
		if x.Kind == Section {
			out = append(out, x)
		}
	}
	return out
}

// OfKind are all topics of a kind, by position.
func (t *Tree) OfKind(k Kind) []Topic {
	return t.kinds[k]
}

// circle finds a topic that would be its own ancestor. parents are all of the
// publication, the wanted ones included; only the changed need a look.
func circle(parents map[int64]int64, changed []int64) error {
	for _, id := range changed {
		steps := 0
		for p := parents[id]; p != 0; p = parents[p] {
			if steps++; p == id || steps > len(parents) {
				return fault.Field("parent", "topic %d would stand below itself", id)
			}
		}
	}
	return nil
}
