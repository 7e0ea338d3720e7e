package wordpress

import (
	"cmp"
	"fmt"
	"strings"

	"dateline/internal/slug"
)

// headReader gathers what stands before the items, of all files.
type headReader struct {
	x     *Export
	file  string
	own   map[elem]string // of the present file
	terms termTable
	index map[uint64]int // key → terms
	twins map[int64]twin // terms by their id that share taxonomy and slug with another
	raw   map[string]php // Polylang's term_translations and post_translations by slug
	size  int
	full  bool

	title, description string // as written: the language that they are in comes later
}

// twin is a term that has the taxonomy and the slug of another: Polylang lets
// those of several languages share one.
type twin struct {
	of   int // terms
	name string
}

// maxHead bounds what all heads may hold.
const maxHead = 32 << 20

func newHeadReader(x *Export) *headReader {
	return &headReader{x: x, index: map[uint64]int{}, twins: map[int64]twin{}, raw: map[string]php{}}
}

func (h *headReader) note(n Note) {
	if len(h.x.head.Notes) < 1000 {
		h.x.head.Notes = append(h.x.head.Notes, n)
	}
}

func (h *headReader) begin(path string) { h.file, h.own = path, map[elem]string{} }

// base is the present file's site.
func (h *headReader) base() string {
	for _, e := range []elem{eBaseBlog, eLink, eBaseSite} {
		if s := webURL(h.own[e]); s != "" {
			return s
		}
	}
	return ""
}

// leaf takes a value of the channel; the first of a file wins, and the first
// file that has it.
func (h *headReader) leaf(e elem, text string) {
	if h.own[e] != "" || text == "" {
		return
	}
	h.own[e] = text
	d := &h.x.head
	set := func(to *string, s string) {
		if *to == "" {
			*to = s
		}
	}
	switch e {
	case eTitle:
		set(&h.title, text)
	case eDescription:
		set(&h.description, text)
	case eLink:
		set(&d.Link, webURL(text))
	case eBaseSite:
		set(&d.BaseSite, webURL(text))
	case eBaseBlog:
		set(&d.BaseBlog, webURL(text))
	case eLanguage:
		if text = oneLine(text); misnamed[strings.ToLower(text)] != "" {
			text = langTag(text) // "kz"
		}
		set(&d.Language, text)
	case eGenerator:
		set(&d.Generator, oneLine(text))
	case eVersion:
		set(&d.Version, oneLine(text))
	}
}

func (h *headReader) group(kind elem, line int, f *[elems]string) {
	h.size += termSize + len(f[eTermSlug]) + len(f[eTermName])
	for _, s := range []string{f[eTermTaxonomy], f[eTermParent], f[eTermDescription], f[eTermLang], f[eTermGroup], f[eAuthorLogin], f[eAuthorName], f[eAuthorFirst], f[eAuthorLast]} {
		if s != "" {
			h.size += moreSize/2 + len(s) // most have none of these
		}
	}
	if h.size > maxHead {
		if !h.full {
			h.full = true
			h.note(Note{Level: LevelError, Kind: "file", File: h.file, Line: line, Why: "authors and terms take more than 32 MiB; the rest was dropped"})
		}
		return
	}
	if kind == eAuthor {
		name, names := namesIn(f[eAuthorName], "")
		h.author(Author{
			ID: number(f[eAuthorID]), Login: oneLine(f[eAuthorLogin]), Name: name, Names: names,
			First: oneLine(f[eAuthorFirst]), Last: oneLine(f[eAuthorLast]),
		})
		return
	}
	t := Term{ID: number(f[eTermID]), Slug: decodeSlug(f[eTermSlug]), Parent: decodeSlug(f[eTermParent]), File: h.file, Line: line}
	t.Taxonomy = map[elem]string{eCategory: "category", eTag: "post_tag", eTerm: oneLine(f[eTermTaxonomy])}[kind]
	switch t.Taxonomy {
	case "post_translations", "term_translations":
		if v, ok := parsePHP(f[eTermDescription]); ok {
			h.raw[t.Taxonomy+"/"+t.Slug] = v
		}
		return
	case "language", "term_language":
		return
	}
	t.Name, t.Names = namesIn(f[eTermName], baseLang(h.x.head.Language))
	t.Lang = langTag(f[eTermLang])
	h.x.tables.callLang(t.Lang, f[eTermLang])
	h.x.tables.shelved[t.Lang] = true
	for l := range t.Names {
		h.x.tables.shelved[l] = true
	}
	if g := oneLine(f[eTermGroup]); g != "" && t.Lang != "" {
		t.Group = "wpml:" + clip(g)
	}
	desc := f[eTermDescription]
	t.Description = oneLine(splitLangs(desc).in(baseLang(h.x.head.Language), desc))
	if t.Slug == "" {
		if t.Slug = slugOfName(t.Name); t.Slug == "" {
			return
		}
		h.note(Note{Level: LevelChanged, Kind: "term", Item: t.Taxonomy + "/" + t.Slug, File: h.file, Line: line, Why: "it has no nicename; one was made of its name"})
	}
	key := h.key(t.Taxonomy, t.Slug)
	if i, ok := h.index[key]; ok { // WordPress writes a category twice: as itself and as a term
		if old := &h.terms.list[i]; old.id == 0 {
			old.id = t.ID
		} else if t.ID != 0 && t.ID != old.id {
			h.twins[t.ID] = twin{i, t.Name}
		}
		if t.Parent != "" && h.terms.parent(i) == "" {
			h.terms.rest(i).parent = t.Parent
		}
		return
	}
	h.index[key] = h.terms.Len()
	h.terms.add(t)
}

// slugOfName is the nicename that WordPress would have given a term.
func slugOfName(name string) string { return slug.Imported(strings.ToLower(name)) }

func (h *headReader) author(a Author) {
	if a.Login == "" && a.Name == "" || h.x.tables.logins[a.Login] {
		return
	}
	h.x.tables.logins[a.Login] = true
	h.x.head.Authors = append(h.x.head.Authors, a)
}

// item takes what items tell about the head: the guest authors of Co-Authors
// Plus are posts of a type of their own.
func (h *headReader) item(it *rawItem) {
	if it.f[eType] != "guest-author" || h.size > maxHead {
		return
	}
	login := oneLine(it.metaValue("cap-user_login"))
	if login == "" {
		login = strings.TrimPrefix(decodeSlug(it.f[ePostName]), "cap-")
	}
	name, names := namesIn(cmp.Or(it.metaValue("cap-display_name"), it.f[eTitle]), "")
	a := Author{Login: login, Name: name, Names: names, Bio: paragraphs(it.metaValue("cap-description")), URL: webURL(it.metaValue("cap-website")),
		Portrait: number(it.metaValue("_thumbnail_id"))}
	h.size += 200 + len(login) + len(name) + len(a.Bio) + len(a.URL)
	h.author(a)
}

// finish makes the head of what all files said.
func (h *headReader) finish() {
	d, t := &h.x.head, h.x.tables
	d.Title, d.Titles = namesIn(h.title, baseLang(d.Language))
	d.Description, d.Descriptions = namesIn(h.description, baseLang(d.Language))
	h.translations()
	h.sorted()
	d.Terms = &h.terms
	if t.nameless {
		h.x.slugs = map[TermRef]string{}
		for i := range h.terms.Len() {
			x := h.terms.At(i)
			h.x.slugs[TermRef{Taxonomy: x.Taxonomy, Name: x.Name}] = x.Slug
		}
	}
	d.Languages, d.Codes = t.languages(), t.codes
	d.Offsets = t.offsets
	if t.doubles > 0 {
		h.x.head.Items -= t.doubles
		h.note(Note{Level: LevelChanged, Kind: "file", Why: fmt.Sprintf("items that stand in one file more than once were taken once: %d", t.doubles)})
	}
	if t.full {
		h.note(Note{Level: LevelChanged, Kind: "file", Why: "the export has more items than the tables hold; among the last ones, repeated ids are not told apart, and files are found by their numbers only"})
	}
}

// translations reads Polylang's groups: each is a term whose description
// holds a serialized array of ids by language.
func (h *headReader) translations() {
	byID := map[int64]int{}
	if len(h.raw) > 0 {
		for i := range h.terms.list {
			byID[h.terms.list[i].id] = i
		}
	}
	for key, v := range h.raw {
		taxonomy, slug, _ := strings.Cut(key, "/")
		langs := map[string]int64{}
		for i, lang := range v.keys {
			tag, id := langTag(lang), number(v.elems[i].text)
			if tag == "" || id == 0 {
				continue
			}
			langs[tag] = id
			h.x.tables.callLang(tag, lang)
			if i, ok := byID[id]; ok && taxonomy == "term_translations" {
				m := h.terms.rest(i)
				m.lang, m.group = tag, slug
			}
		}
		if taxonomy == "term_translations" {
			h.nameTwins(langs)
		}
		if taxonomy == "post_translations" && h.x.tables.spend(200) {
			h.x.tables.groups[slug] = langs
		}
	}
}

// nameTwins gives a term the names of those that share its slug in other
// languages.
func (h *headReader) nameTwins(langs map[string]int64) {
	for lang, id := range langs {
		twin, ok := h.twins[id]
		if !ok {
			continue
		}
		t := h.terms.At(twin.of)
		if t.Lang == "" || t.Lang == lang {
			continue
		}
		if t.Names == nil {
			t.Names = map[string]string{t.Lang: t.Name}
		}
		t.Names[lang] = twin.name
		h.terms.rest(twin.of).names = t.Names
	}
}
