package importer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dateline/internal/address"
	"dateline/internal/edition"
	"dateline/internal/topic"
)

func termKey(taxonomy, slug string) string { return taxonomy + "/" + slug }

func (t Term) key() string { return termKey(t.Taxonomy, t.Slug) }

// maxMet bounds what is remembered of terms that have no shelf here.
const maxMet = 200_000

// wantedTerms are those, not met yet in this run, that become shelves here; the
// rest is counted for the report.
func (r *run) wantedTerms(list []Term) []Term {
	var out []Term
	for _, t := range list {
		key, hash := t.key(), r.hash(t.Taxonomy, t.Slug)
		if r.came[hash] || t.Slug == "" {
			continue
		}
		kind := r.kindOf(t.Taxonomy, t.Slug)
		if kind == "" && len(r.came) >= maxMet {
			continue
		}
		r.came[hash] = true
		for _, name := range []string{key, t.Taxonomy} {
			if _, ok := r.opt.Mapping[name]; ok {
				r.mapped[name] = true
			}
		}
		_, decided := r.kinds[hash]
		if !decided {
			_, decided = r.opt.Mapping.kind(t.Taxonomy, t.Slug)
		}
		k, stored := r.knownTerms[key]
		ed, ok := r.termEdition(t)
		switch {
		case kind == "" && decided:
			r.left[t.Taxonomy+"\x00terms left, as the mapping file says"]++
			if k.hash != unshelved && (stored || usual(t.Taxonomy) != "") {
				r.unshelve = append(r.unshelve, known{key: key, ref: k.ref, hash: unshelved})
			}
		case kind == "":
			r.left[t.Taxonomy+"\x00terms of a kind that has no shelf here; a mapping file can give them one"]++
		case !ok && !stored:
			r.left[ed.Lang+"\x00terms in a language without an edition"]++
		default:
			out = append(out, t)
		}
	}
	return out
}

// leftTerms notes how many terms were left and why.
func (r *run) leftTerms() {
	for _, key := range slices.Sorted(maps.Keys(r.left)) {
		item, why, _ := strings.Cut(key, "\x00")
		r.notes.add(Remark{Level: string(LevelLeft), Kind: "term", Item: item, Why: fmt.Sprintf("%s: %d", why, r.left[key])})
	}
}

// termEdition is the edition in whose language a term is: what the source says,
// else where an earlier run put it, else where most of its articles are. False:
// there is no such edition, only its language.
func (r *run) termEdition(t Term) (edition.Edition, bool) {
	if names := r.ours(t.Names); len(names) > 0 {
		for _, ed := range r.editions() {
			if _, ok := names[ed.Lang]; ok {
				return ed, true
			}
		}
	}
	if t.Lang != "" {
		ed, ok := r.site.ByLang(primary(t.Lang))
		if !ok {
			ed.Lang = primary(t.Lang)
		}
		return ed, ok
	}
	if _, langs, _ := strings.Cut(r.knownTerms[t.key()].hash, " "); langs != "" {
		if ed, ok := r.site.ByLang(langs); ok {
			return ed, true
		}
	}
	return r.most(r.export.TermUses(t.Taxonomy, t.Slug))
}

// called is what a term is called at the source, by the languages of our
// editions.
func (r *run) called(t Term) map[string]topic.Name {
	out := map[string]topic.Name{}
	for l, n := range r.ours(t.Names) {
		out[l] = topic.Name{Name: n, Description: t.Description}
	}
	if len(out) == 0 {
		if ed, ok := r.termEdition(t); ok {
			out[ed.Lang] = topic.Name{Name: cmp.Or(t.Name, t.Slug), Description: t.Description}
		}
	}
	return out
}

// termRedirects are WordPress's default addresses of a category or a tag. Its
// own permalink settings are not in an export; leadLists finds others.
func (r *run) termRedirects(t Term, id int64) []address.Redirect {
	ed, ok := r.termEdition(t)
	if !ok {
		return nil
	}
	uses := r.export.TermUses(t.Taxonomy, t.Slug)
	if t.Lang != "" {
		uses = map[string]int{t.Lang: 1}
	} else if len(t.Names) == 0 {
		ed = r.plain(uses, ed)
	}
	var out []address.Redirect
	to := func(ed edition.Edition, path string) { out = append(out, r.ways(path, ed.ID, "topic", id)...) }
	paths := []string{"/" + t.Taxonomy + "/" + t.Slug}
	switch t.Taxonomy {
	case "category":
		path := t.Slug
		parent := t.Parent
		for range 16 {
			if parent == "" {
				break
			}
			path = parent + "/" + path
			parent = r.parentOf[parent]
		}
		if path != t.Slug {
			paths = append(paths, "/category/"+path)
		}
		if t.ID != 0 {
			to(ed, fmt.Sprintf("/?cat=%d", t.ID))
		}
	case "post_tag":
		paths[0] = "/tag/" + t.Slug
		to(ed, "/?tag="+t.Slug)
	}
	for l := range t.Names {
		uses[l]++
	}
	for _, path := range paths {
		to(ed, path)
		for prefix, ed := range r.prefixes(uses) {
			to(ed, prefix+path)
		}
	}
	return out
}
