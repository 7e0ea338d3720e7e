package entity

import (
	"maps"
	"slices"
)

// The kinds of entities.
const (
	Person       = "person"
	Organisation = "organisation"
	Place        = "place"
)

// Entity is a person, an organisation or a place.
type Entity struct {
	ID    int64
	Kind  string            // person, organisation, place
	Names map[string]string // by language tag
}

// Name is the entity's name in a language, else in the first of the fallbacks
// that has one, else in the first language that has one, by its tag.
func (e Entity) Name(lang string, fallbacks ...string) string {
	return Choose(e.Names, lang, fallbacks...)
}

// Choose picks from texts by language: lang, then the fallbacks, then the
// first tag in the order of letters; the zero value when there is none.
func Choose[T any](byLang map[string]T, lang string, fallbacks ...string) T {
	if v, ok := byLang[lang]; ok {
		return v
	}
	for _, l := range fallbacks {
		if v, ok := byLang[l]; ok {
			return v
		}
	}
	var none T
	for _, l := range slices.Sorted(maps.Keys(byLang)) {
		return byLang[l]
	}
	return none
}
