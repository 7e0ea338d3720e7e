package importer

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"dateline/internal/edition"
)

// inLang is the edition of what is in a language; "" is the export's own.
func (r *run) inLang(tag string) (edition.Edition, bool) {
	if tag == "" {
		return r.def, true
	}
	return r.site.ByLang(primary(tag))
}

// ours are names in several languages by those of our editions.
func (r *run) ours(names map[string]string) map[string]string {
	out := map[string]string{}
	for l, n := range names {
		if e, ok := r.site.ByLang(primary(l)); ok && n != "" {
			out[e.Lang] = n
		}
	}
	return out
}

// most is the edition that has most of what is counted by language; the default
// one when nothing is. False: only languages without an edition have any.
func (r *run) most(uses map[string]int) (edition.Edition, bool) {
	if len(uses) == 0 {
		return r.def, true
	}
	in := map[int64]int{}
	missing := ""
	for _, l := range slices.Sorted(maps.Keys(uses)) {
		if ed, ok := r.inLang(l); ok {
			in[ed.ID] += uses[l]
		} else {
			missing = cmp.Or(missing, primary(l))
		}
	}
	best, n := edition.Edition{Lang: missing}, 0
	for _, ed := range r.editions() {
		if in[ed.ID] > n {
			best, n = ed, in[ed.ID]
		}
	}
	return best, n > 0
}

// editions are those of the site, the one of this import first.
func (r *run) editions() []edition.Edition {
	out := []edition.Edition{r.def}
	for _, e := range r.site.Editions {
		if e.ID != r.def.ID {
			out = append(out, e)
		}
	}
	return out
}

// plain is the edition to which addresses without a language lead: the default
// one, as on the old site, where that has anything to show.
func (r *run) plain(uses map[string]int, otherwise edition.Edition) edition.Edition {
	for l := range uses {
		if ed, ok := r.inLang(l); ok && ed.ID == r.def.ID {
			return ed
		}
	}
	return otherwise
}

// prefixes are the editions that a thing is used in, by what the old site's
// plugin for languages put before its address: "/ru".
func (r *run) prefixes(uses map[string]int) map[string]edition.Edition {
	out := map[string]edition.Edition{}
	for l := range uses {
		if ed, ok := r.inLang(l); ok && l != "" {
			for _, code := range append([]string{l}, r.head.Codes[l]...) {
				out["/"+strings.ToLower(code)] = ed
			}
		}
	}
	return out
}
