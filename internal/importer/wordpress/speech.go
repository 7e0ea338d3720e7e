package wordpress

import (
	"cmp"
	"slices"
	"strings"
)

// speech is which language things are in that do not say so themselves.
type speech struct {
	uses    map[uint64]uint32 // see use
	belongs map[int64]uint16  // places in tags of the languages of posts that have attachments, from 1
	tags    []string          // languages, as sightings number them
	// nameless: items name terms without a nicename.
	nameless bool
}

// useSize is what a use costs.
const useSize = 32

func newSpeech() speech {
	return speech{uses: map[uint64]uint32{}, belongs: map[int64]uint16{}}
}

// use is a term ("category/news") or an author ("author/anna") in the articles
// of one language.
func (t *tables) use(of, lang string) uint64 { return t.hash(of + "\x00" + lang) }

// belongsTo is the language of a post that has attachments; "" is not known.
func (t *tables) belongsTo(post int64) string {
	if n := t.belongs[post]; n > 0 {
		return t.tags[n-1]
	}
	return ""
}

// count notes in which language an item's terms and authors are used.
func (t *tables) count(it *rawItem, lang string) {
	switch it.f[eStatus] {
	case "trash", "inherit":
		return
	}
	add := func(taxonomy, slug string) {
		u := t.use(taxonomy+"/"+slug, lang)
		if _, ok := t.uses[u]; ok || t.spend(useSize) {
			t.uses[u]++
		}
	}
	signed := false
	for _, x := range it.terms {
		switch {
		case x.domain == "author":
			signed = true
			slug, name := strings.TrimPrefix(decodeSlug(x.nicename), "cap-"), oneLine(x.text)
			add("author", slug)
			if name != slug { // which may be the login
				add("author", name)
			}
		case x.domain == "":
		case !technical[x.domain]:
			add(taxonomyOf(x.domain), cmp.Or(decodeSlug(x.nicename), slugOfName(x.text)))
		}
	}
	if login := oneLine(it.f[eCreator]); !signed && login != "" {
		add("author", login)
	}
}

// usesOf gives how many articles there are of each language.
func (t *tables) usesOf(of ...string) map[string]int {
	out := map[string]int{}
	count := func(said, is string) {
		for _, o := range of {
			if n := t.uses[t.use(o, said)]; n > 0 {
				out[is] += int(n)
			}
		}
	}
	for _, lang := range append(t.languages(), "") {
		count(lang, lang)
	}
	for lang := range t.unsaid {
		count(lang, "") // the export's own after all
	}
	return out
}

// tagged numbers the language of an item; 0 is none, or several.
func (t *tables) tagged(in []string) uint16 {
	if len(in) != 1 || in[0] == "" {
		return 0
	}
	i := slices.Index(t.tags, in[0])
	if i < 0 && len(t.tags) < 1000 {
		i, t.tags = len(t.tags), append(t.tags, in[0])
	}
	return uint16(i + 1)
}

// TermUses counts the articles that carry a term, by language.
func (x *Export) TermUses(taxonomy, slug string) map[string]int {
	return x.tables.usesOf(taxonomy + "/" + slug)
}

// AuthorUses counts the articles that somebody wrote, by language.
func (x *Export) AuthorUses(a AuthorRef) map[string]int {
	var of []string
	for _, name := range []string{a.Login, a.Slug, a.Name} {
		if o := "author/" + name; name != "" && !slices.Contains(of, o) {
			of = append(of, o)
		}
	}
	return x.tables.usesOf(of...)
}
