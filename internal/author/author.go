package author

import (
	"maps"
	"slices"

	"dateline/internal/entity"
)

// Contributor is a person or an organisation that is credited.
type Contributor struct {
	EntityID   int64
	Kind       string            // of a new one: entity.Person ("" too) or entity.Organisation
	Slug       string            // unescaped; Put makes one where it is empty
	URL        string            // the contributor's own site; "" none
	PortraitID int64             // media; 0 none
	Names      map[string]string // by language tag; kept by room entity
	Texts      map[string]Text   // by language tag
}

// Text is what is said of a contributor in a language.
type Text struct {
	Role string // "war correspondent"
	Bio  string // plain text, paragraphs by \n\n
}

// Name is the name in a language, else in the first of the fallbacks that has
// one, else in any.
func (c Contributor) Name(lang string, fallbacks ...string) string {
	return entity.Choose(c.Names, lang, fallbacks...)
}

// Text is what is said in a language, else in the first of the fallbacks that
// has something, else in any.
func (c Contributor) Text(lang string, fallbacks ...string) Text {
	return entity.Choose(c.Texts, lang, fallbacks...)
}

func same(a, b Contributor) bool {
	return a.Slug == b.Slug && a.URL == b.URL && a.PortraitID == b.PortraitID && maps.Equal(a.Names, b.Names) && maps.Equal(a.Texts, b.Texts)
}

// nameForSlug is the name of which a slug is made.
func nameForSlug(names map[string]string, langs []string) (lang, name string) {
	for _, l := range append(slices.Clone(langs), slices.Sorted(maps.Keys(names))...) {
		if n := names[l]; n != "" {
			return l, n
		}
	}
	return "", ""
}
