package importer

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/address"
	"dateline/internal/fault"
)

// The old site may have called its lists otherwise than WordPress does
// ("/rubrika/news/"), or nothing at all ("/news/"). Its settings are not in an
// export. So whoever imports may say it, and links within the export show it:
// what leads to the slug of a category, in its place in the tree, and to no item.

// usualBases are the words that WordPress puts before the slugs of terms.
var usualBases = map[string]string{"category": "category", "post_tag": "tag"}

// noBase is how an editor says that there was no word: a flag without a value
// is none.
const noBase = "/"

// Bounds of what is remembered of links.
const (
	maxShown      = 100 // bases
	maxShownKeys  = 64  // addresses of each
	maxShownLinks = 200 // links of an item
)

// based is a taxonomy and what stood before its slugs: "rubrika", "" for nothing.
type based struct{ taxonomy, base string }

// shown is an address of a list that a link leads to.
type shown struct {
	slug   string
	strong bool // no accident: from a menu, or with the slugs of the sections above
}

// cleanBase is a base as an editor may write it.
func cleanBase(flag, s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	if plain, err := url.PathUnescape(s); err == nil && utf8.ValidString(plain) {
		s = plain // as in a browser's field of addresses
	}
	if strings.ContainsAny(s, "?#%: ") {
		return "", fault.Field(flag, "%q is no part of an address; it is written as in --%s rubrika, or --%s / where there was none", s, flag, flag)
	}
	if s = strings.Trim(s, "/"); s == "." { // as newsrooms wrote into WordPress's settings to have none
		s = ""
	}
	if s == "" {
		return noBase, nil
	}
	return norm.NFC.String(s), nil
}

// bases are what was said of the old site's lists, now or at an earlier import,
// by taxonomy.
func (r *run) bases(before map[string]string) error {
	r.said = map[string]string{}
	for taxonomy, flag := range map[string]string{"category": r.opt.CategoryBase, "post_tag": r.opt.TagBase} {
		key := usualBases[taxonomy] + "-base"
		base, err := cleanBase(key, flag)
		if err != nil {
			return err
		}
		if base == "" {
			base = before[key]
		}
		if base != "" {
			r.said[taxonomy] = base
		}
	}
	return nil
}

// shows notes the addresses of the old site that an item's text, or a menu,
// leads to.
func (r *run) shows(keys []string, menu bool) {
	for _, key := range keys {
		prefix, path, ok := r.inside(key)
		if !ok {
			continue
		}
		of, slug, chain := r.listAt(path)
		if of.taxonomy == "" || of.base == usualBases[of.taxonomy] || of.taxonomy == "post_tag" && of.base == "" {
			continue // a word alone is the slug of some tag or other
		}
		r.shown(of, prefix+path, shown{slug: slug, strong: menu || chain > 1})
	}
}

// showsMenu does so for what an entry of a menu leads to.
func (r *run) showsMenu(it *Item) {
	for _, raw := range it.Shows {
		u, err := url.Parse(strings.TrimSpace(raw))
		if err != nil || u.Opaque != "" || u.Host == "" && !strings.HasPrefix(u.Path, "/") || u.Host != "" && address.Host(u.Host) != r.host {
			continue
		}
		r.shows([]string{address.Key(u)}, true)
	}
}

// showsFolder notes that articles stood below their sections ("/news/town/slug/"):
// readers cut such addresses.
func (r *run) showsFolder(it *Item) {
	u, err := url.Parse(strings.TrimSpace(it.Link))
	if err != nil || u.RawQuery != "" || u.Host != "" && address.Host(u.Host) != r.host {
		return
	}
	prefix, path, ok := r.inside(address.Key(u))
	i := strings.LastIndexByte(path, '/')
	if !ok || i <= 0 {
		return
	}
	of, slug, _ := r.listAt(path[:i])
	if of.taxonomy == "category" && of.base == "" && slices.ContainsFunc(it.Terms, func(t TermRef) bool { return t.Taxonomy == "category" && t.Slug == slug }) {
		r.shown(of, prefix+path[:i], shown{slug: slug, strong: true})
	}
}

func (r *run) shown(of based, path string, s shown) {
	keys := r.shownAt[of]
	if keys == nil {
		if len(r.shownAt) >= maxShown {
			return
		}
		keys = map[string]shown{}
		r.shownAt[of] = keys
	}
	if old, ok := keys[path]; ok {
		s.strong = s.strong || old.strong
	} else if len(keys) >= maxShownKeys {
		return
	}
	keys[path] = s
}

// inside divides an address below the old site's front page into the prefix of
// a language and the rest; false: it stands elsewhere.
func (r *run) inside(key string) (prefix, path string, ok bool) {
	path, ok = strings.CutPrefix(key, strings.TrimSuffix(r.base.Path, "/")+"/")
	if !ok || path == "" || strings.Contains(path, "?") {
		return "", "", false
	}
	first, rest, more := strings.Cut(path, "/")
	if prefixed := "/" + strings.ToLower(first); more && r.langPrefix(prefixed) {
		return prefixed, "/" + rest, true
	}
	return "", "/" + path, true
}

// langPrefix reports whether the old site's plugin for languages put this
// before addresses.
func (r *run) langPrefix(prefix string) bool {
	return slices.Contains(r.langPrefixes(), prefix)
}

func (r *run) langPrefixes() []string {
	if r.allPrefixes == nil {
		uses := map[string]int{}
		for _, l := range r.head.Languages {
			uses[l] = 1
		}
		r.allPrefixes = append([]string{""}, slices.Sorted(maps.Keys(r.prefixes(uses)))...)
	}
	return r.allPrefixes
}

// listAt tells which list may have stood at a path: the last part is a slug,
// those before it may be of the sections above. chain is how many slugs there
// are. What stands before them is no list of ours, and no day.
func (r *run) listAt(path string) (of based, slug string, chain int) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	slug = parts[len(parts)-1]
	for _, taxonomy := range []string{"category", "post_tag"} {
		if r.terms[r.hash(taxonomy, slug)] == 0 {
			continue
		}
		n := len(parts) - 1
		for at := slug; taxonomy == "category" && n > 0 && parts[n-1] == r.parentOf[at]; n-- {
			at = parts[n-1]
		}
		for _, p := range parts[:n] {
			if p == "" || strings.Trim(p, "0123456789") == "" || r.terms[r.hash("category", p)] != 0 {
				return based{}, "", 0
			}
		}
		return based{taxonomy, strings.Join(parts[:n], "/")}, slug, len(parts) - n
	}
	return based{}, "", 0
}

// leadLists leads the addresses of lists that had another name on. It comes
// after the items, which say their addresses themselves.
func (r *run) leadLists(ctx context.Context) error {
	if r.host == "" {
		return nil
	}
	bases := map[based]bool{}
	for taxonomy, base := range r.said {
		if base = strings.TrimPrefix(base, noBase); base != usualBases[taxonomy] {
			bases[based{taxonomy, base}] = true
		}
	}
	single := 0
	for of, paths := range r.shownAt {
		if bases[of] {
			continue
		}
		all, n, err := r.believed(ctx, of, paths)
		if err != nil {
			return err
		}
		if all {
			bases[of] = true
			r.noteBase(of)
		} else {
			single += n
		}
	}
	if single > 0 {
		r.notes.sum(Remark{Level: string(LevelChanged), Kind: "term",
			Why: "addresses of categories and tags that a link alone shows lead to them, too"}, single)
	}
	for of := range bases {
		if err := r.rebase(ctx, of); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) noteBase(of based) {
	where := "below /" + of.base + "/"
	if of.base == "" {
		where = "without a word before their slugs"
	}
	flag := usualBases[of.taxonomy] + "-base"
	r.note(Note{Level: LevelChanged, Kind: "term", Item: of.taxonomy, Why: fmt.Sprintf(
		"links in the export show that lists of the old site stood %s: such addresses lead to the lists here, unless something else stands there (--%s says it, too)", where, flag)})
}

// believed stores the addresses that links show, unless an item has them, and
// tells whether all lists stood where these do, else how many were stored. One
// address could be an accident: a page that the export does not have.
func (r *run) believed(ctx context.Context, of based, paths map[string]shown) (all bool, n int, err error) {
	var keys []string
	usual := map[string]string{} // address → the usual one
	for path, s := range paths {
		prefix, _, _ := r.inside(r.at(path))
		usual[r.at(path)] = r.at(prefix + "/" + usualBases[of.taxonomy] + "/" + s.slug)
		keys = append(keys, r.at(path), usual[r.at(path)])
	}
	found, err := r.Addresses.OldMany(ctx, r.site.Publication.ID, r.host, keys)
	if err != nil {
		return false, 0, err
	}
	slugs := map[string]bool{}
	strong := false
	var out []address.Redirect
	for path, s := range paths {
		key := r.at(path)
		to, ok := found[usual[key]]
		if old, taken := found[key]; !ok || to.Kind != "topic" || taken && old.Kind != "topic" {
			continue
		}
		slugs[s.slug], strong = true, strong || s.strong
		out = append(out, r.ways(path, to.Edition, to.Kind, to.ID)...)
		n++
	}
	if n == 0 {
		return false, 0, nil
	}
	if err := r.addMissing(ctx, out); err != nil {
		return false, 0, err
	}
	if strong || len(slugs) > 1 {
		return true, n, nil
	}
	if of.base == "" || strings.Contains(strings.TrimSuffix(of.base, "/"+usualBases[of.taxonomy]), "/") {
		return false, n, nil
	}
	below, err := r.Addresses.OldBelow(ctx, r.site.Publication.ID, r.host, r.at("/"+of.base), r.at("/"+of.base)+"/", maxShownKeys)
	return !slices.ContainsFunc(below, func(o address.Redirect) bool { return o.Kind == "article" }), n, err
}

// rebase leads from every address that a list of a taxonomy would have had with
// another base. The usual ones are here, with the edition that each leads to.
func (r *run) rebase(ctx context.Context, of based) error {
	base := ""
	if of.base != "" {
		base = "/" + of.base
	}
	for _, prefix := range r.langPrefixes() {
		from := r.at(prefix + "/" + usualBases[of.taxonomy])
		for after := from + "/"; ; {
			part, err := r.Addresses.OldBelow(ctx, r.site.Publication.ID, r.host, from, after, maxBatch)
			if err != nil {
				return err
			}
			var out []address.Redirect
			for _, o := range part {
				rest := strings.TrimPrefix(o.Path, from)
				if after = o.Path; o.Kind != "topic" || base == "" && address.Reserved(rest[1:], r.site.Langs()) {
					continue
				}
				out = append(out, r.ways(prefix+base+rest, o.Edition, o.Kind, o.ID)...)
			}
			if err := r.addMissing(ctx, out); err != nil {
				return err
			}
			if len(part) < maxBatch {
				break
			}
		}
	}
	return nil
}
