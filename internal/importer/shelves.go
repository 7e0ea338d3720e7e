package importer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/slug"
	"dateline/internal/topic"
)

// namedAs is what articles print of a topic, and whose lists show them too.
type namedAs struct {
	kind  topic.Kind
	names []inLang
	above []int64
}

type inLang struct{ lang, name string }

func (n namedAs) in(lang string) string {
	for _, x := range n.names {
		if x.lang == lang {
			return x.name
		}
	}
	return ""
}

// maxNames bounds what is remembered of how topics are called: more than a
// newsroom uses in some months.
const maxNames = 20_000

// shelving is what is known of terms and authors. Of each term there is a hash
// or two: a site may have more tags than articles.
type shelving struct {
	seed                     maphash.Seed
	knownTerms, knownAuthors map[string]known      // what earlier runs stored: of the terms that are being taken, of all authors
	kinds                    map[uint64]topic.Kind // what earlier runs made of terms, where it is not the usual; not written to while items are read
	came                     map[uint64]bool       // terms and authors, in this run
	counted                  map[int64]bool        // shelves in the report
	mapped                   map[string]bool       // keys of the mapping that name something
	left                     map[string]int        // taxonomy or language, and why → how many terms
	unshelve                 []known               // what the mapping leaves, on the way out
}

func newShelving() shelving {
	return shelving{seed: maphash.MakeSeed(), kinds: map[uint64]topic.Kind{}, came: map[uint64]bool{}, counted: map[int64]bool{}, mapped: map[string]bool{}, left: map[string]int{}}
}

// hash is what a term or an author is found by.
func (s *shelving) hash(taxonomy, slug string) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	h.WriteString(taxonomy)
	h.WriteByte('/')
	h.WriteString(slug)
	return h.Sum64()
}

// shelf is a term on its way in, or those that are one in several languages.
type shelf struct {
	terms []Term // in the order of the editions; the first says where it hangs
	kind  topic.Kind
	sure  int   // who says of which kind: 2 the mapping, 1 an earlier run, 0 the taxonomy
	id    int64 // of the topic; 0: a new one
}

// above is the hash of what it hangs below; false: of nothing.
func (r *run) above(s shelf) (uint64, bool) {
	p := s.terms[0].Parent
	return r.hash(s.terms[0].Taxonomy, p), p != ""
}

// takeTerms stores the shelves of the export's head.
func (r *run) takeTerms(ctx context.Context) error {
	if err := r.recallTerms(ctx); err != nil {
		return err
	}
	return eachPart(r.head.Terms, func(part []Term) error {
		_, err := r.takeShelves(ctx, part)
		clear(r.names) // there may be many, and what stands above the others may be another now
		return err
	})
}

// recallTerms reads which topics earlier runs made of terms.
func (r *run) recallTerms(ctx context.Context) error {
	return eachKnown(ctx, r.DB, r.source, "term", func(page []known) error {
		var ids []int64
		for _, k := range page {
			if k.ref != 0 {
				ids = append(ids, k.ref)
			}
		}
		found, err := r.Topics.ByIDs(ctx, ids)
		if err != nil {
			return err
		}
		for _, k := range page {
			taxonomy, slug, _ := strings.Cut(k.key, "/")
			kind := found[k.ref].Kind
			if k.hash == unshelved {
				kind = ""
			} else {
				r.terms[r.hash(taxonomy, slug)] = k.ref
			}
			if kind != usual(taxonomy) {
				r.kinds[r.hash(taxonomy, slug)] = kind
			}
		}
		return nil
	})
}

// takeMissing makes the terms and authors that only items name: exports of a
// part of a site leave them out.
func (r *run) takeMissing(ctx context.Context, list []*job) error {
	if len(r.names) > maxNames {
		clear(r.names)
	}
	var terms []Term
	for _, j := range list {
		for _, t := range j.item.Terms {
			if x := (Term{Taxonomy: t.Taxonomy, Slug: t.Slug, Name: cmp.Or(t.Name, t.Slug), File: j.item.File, Line: j.item.Line}); !r.came[r.hash(t.Taxonomy, t.Slug)] {
				terms = append(terms, x)
			}
		}
	}
	if len(terms) > 0 {
		touched, err := r.takeShelves(ctx, terms)
		if err != nil {
			return err
		}
		for _, id := range touched {
			delete(r.names, id)
		}
	}
	var used []int64
	for _, j := range list {
		for _, t := range j.item.Terms {
			if id := r.terms[r.hash(t.Taxonomy, t.Slug)]; id != 0 {
				used = append(used, id)
			}
		}
	}
	if err := r.nameTerms(ctx, used); err != nil {
		return err
	}
	return r.takeCredited(ctx, list)
}

// takeShelves stores what is wanted of terms, parents first, and gives the ids
// of what is new or changed.
func (r *run) takeShelves(ctx context.Context, terms []Term) ([]int64, error) {
	var keys []string
	for _, t := range terms {
		keys = append(keys, t.key())
	}
	var err error
	if r.knownTerms, err = knownItems(ctx, r.DB, r.source, "term", keys); err != nil {
		return nil, err
	}
	waiting := r.shelves(r.wantedTerms(terms))
	if err := r.nameTerms(ctx, r.standing(waiting)); err != nil {
		return nil, err
	}
	if err := r.unshelveTerms(ctx); err != nil {
		return nil, err
	}
	var old []address.Redirect
	waiting = slices.DeleteFunc(waiting, func(s shelf) bool {
		if r.news(s) {
			return false
		}
		r.countShelf(s)
		for _, x := range s.terms {
			old = append(old, r.termRedirects(x, s.id)...)
		}
		return true
	})
	if err := r.addMissing(ctx, old); err != nil {
		return nil, err
	}
	// Parents stand before children; a step deeper at each turn keeps a batch
	// free of references into itself.
	var touched []int64
	for len(waiting) > 0 {
		there := map[uint64]bool{}
		for _, s := range waiting {
			for _, t := range s.terms {
				there[r.hash(t.Taxonomy, t.Slug)] = true
			}
		}
		var batch, rest []shelf
		for _, s := range waiting {
			if up, ok := r.above(s); ok && r.terms[up] == 0 && there[up] {
				rest = append(rest, s)
			} else {
				batch = append(batch, s)
			}
		}
		if len(batch) == 0 {
			batch, rest = rest, nil // a circle that the reader did not cut
		}
		for part := range slices.Chunk(batch, 200) {
			if err := r.putShelves(ctx, part); err != nil {
				return nil, err
			}
			for _, s := range part {
				touched = append(touched, s.id)
				r.countShelf(s)
			}
		}
		waiting = rest
	}
	return touched, nil
}

// unshelveTerms remembers what the newsroom left. A shelf that an earlier run
// made of it becomes a tag: its articles lose it one by one, and a tag without
// articles stands nowhere.
func (r *run) unshelveTerms(ctx context.Context) error {
	list := r.unshelve
	r.unshelve = nil
	if len(list) == 0 {
		return nil
	}
	var ids []int64
	for _, k := range list {
		taxonomy, slug, _ := strings.Cut(k.key, "/")
		delete(r.terms, r.hash(taxonomy, slug))
		if k.ref != 0 {
			ids = append(ids, k.ref)
		}
	}
	if err := r.nameTerms(ctx, ids); err != nil {
		return err
	}
	kept := map[int64]bool{}
	for _, id := range r.terms {
		kept[id] = true
	}
	for part := range slices.Chunk(list, 200) {
		err := r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
			for _, k := range part {
				if k.ref == 0 || kept[k.ref] || r.names[k.ref].kind == topic.Tag {
					continue
				}
				if err := r.Topics.Recast(ctx, tx, k.ref, topic.Tag); err != nil {
					return err
				}
			}
			return remember(ctx, tx, r.source, "term", part)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// countShelf counts a shelf once.
func (r *run) countShelf(s shelf) {
	if r.counted[s.id] {
		return
	}
	r.counted[s.id] = true
	switch s.kind {
	case topic.Section:
		r.report.Taken.Sections++
	case topic.Tag:
		r.report.Taken.Tags++
	}
}

// shelves puts terms together that are one in several languages, as Polylang
// and WPML say. They stay apart where two are of one language, or where earlier
// runs made a shelf of each: articles stand on both by now.
func (r *run) shelves(terms []Term) []shelf {
	var out []shelf
	at := map[string]int{}
	for _, t := range terms {
		s := shelf{terms: []Term{t}, kind: r.kindOf(t.Taxonomy, t.Slug), id: r.knownTerms[t.key()].ref}
		if _, ok := r.opt.Mapping.kind(t.Taxonomy, t.Slug); ok {
			s.sure = 2
		} else if s.id != 0 {
			s.sure = 1
		}
		group := t.Taxonomy + "\x00" + t.Group
		i, ok := at[group]
		if t.Group == "" || !ok || !r.join(&out[i], s) {
			if !ok {
				at[group] = len(out)
			}
			out = append(out, s)
		}
	}
	place := func(t Term) int {
		return slices.IndexFunc(r.editions(), func(e edition.Edition) bool { return strings.EqualFold(e.Lang, primary(t.Lang)) })
	}
	for _, s := range out {
		slices.SortStableFunc(s.terms, func(a, b Term) int { return cmp.Compare(place(a), place(b)) })
	}
	return out
}

func (r *run) join(into *shelf, s shelf) bool {
	t := s.terms[0]
	if slices.ContainsFunc(into.terms, func(o Term) bool { return primary(o.Lang) == primary(t.Lang) }) {
		return false
	}
	if into.id != 0 && s.id != 0 && into.id != s.id {
		r.note(Note{Level: LevelChanged, Kind: "term", Item: t.key(), File: t.File, Line: t.Line,
			Why: fmt.Sprintf("the old site calls it a translation of %s; here they are two, as an earlier import made them", into.terms[0].key())})
		return false
	}
	if s.sure > into.sure { // what is decided of one holds for its translations
		into.kind, into.sure = s.kind, s.sure
	}
	into.id = cmp.Or(into.id, s.id)
	into.terms = append(into.terms, t)
	return true
}

// news reports whether a shelf is new, or says something else than in the run
// before.
func (r *run) news(s shelf) bool {
	return s.id == 0 || r.names[s.id].kind != s.kind ||
		slices.ContainsFunc(s.terms, func(t Term) bool { return r.knownTerms[t.key()].hash != said(r.called(t)) })
}

// putShelves stores shelves that are new, and what is new of others. It sets
// their ids.
func (r *run) putShelves(ctx context.Context, list []shelf) error {
	var ids []int64
	for _, s := range list {
		if s.id != 0 {
			ids = append(ids, s.id)
		}
	}
	return r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
		for _, s := range list {
			if s.id != 0 && r.names[s.id].kind != s.kind {
				if err := r.Topics.Recast(ctx, tx, s.id, s.kind); err != nil {
					return err
				}
			}
		}
		found, err := r.Topics.Read(ctx, tx, ids)
		if err != nil {
			return err
		}
		var topics []topic.Topic
		var items []known
		at, seen := make([]int, len(list)), map[int64]int{} // several were merged at the desk
		for i, s := range list {
			t, stands := found[s.id]
			if n, again := seen[s.id]; again && s.id != 0 {
				t = topics[n]
			}
			if !stands {
				t = topic.Topic{Kind: s.kind, Position: i, Names: map[string]topic.Name{}}
				if s.kind == topic.Section {
					t.Position += topic.Unplaced
				}
			}
			if moved := s.id != 0 && r.names[s.id].kind != s.kind; s.kind == topic.Section && (!stands || moved) {
				if key, ok := r.above(s); ok && r.names[r.terms[key]].kind == topic.Section {
					t.ParentID = r.terms[key]
				}
			}
			for _, x := range s.terms {
				if k, ok := r.rename(x, &t); ok {
					items = append(items, k)
				}
			}
			if n, again := seen[s.id]; again && s.id != 0 {
				at[i], topics[n] = n, t
				continue
			}
			at[i], seen[s.id] = len(topics), len(topics)
			topics = append(topics, t)
		}
		if ids, err = r.Topics.Put(ctx, tx, r.site.Publication.ID, topics); err != nil {
			return err
		}
		var redirects []address.Redirect
		for i, s := range list {
			for _, x := range s.terms {
				r.terms[r.hash(x.Taxonomy, x.Slug)] = ids[at[i]]
				redirects = append(redirects, r.termRedirects(x, ids[at[i]])...)
			}
			r.names[ids[at[i]]] = namedAs{kind: s.kind}
			list[i].id = ids[at[i]]
		}
		for i := range items {
			taxonomy, slug, _ := strings.Cut(items[i].key, "/")
			items[i].ref = r.terms[r.hash(taxonomy, slug)]
		}
		if err := r.Addresses.AddRedirects(ctx, tx, redirects); err != nil {
			return err
		}
		return remember(ctx, tx, r.source, "term", items)
	})
}

// said is what is remembered of names: a hash, by which the next run sees a
// change, and of which languages.
func said(names map[string]topic.Name) string {
	h := sha256.New()
	langs := slices.Sorted(maps.Keys(names))
	for _, l := range langs {
		fmt.Fprintf(h, "%s\x00%s\x00%s\x00", l, names[l].Name, names[l].Description)
	}
	return hex.EncodeToString(h.Sum(nil)[:12]) + " " + strings.Join(langs, ",")
}

// rename gives a topic the names of a term, unless they were changed here. It
// tells what to remember; false: nothing new.
func (r *run) rename(x Term, t *topic.Topic) (known, bool) {
	names := r.called(x)
	say := said(names)
	old, stored := r.knownTerms[x.key()]
	if stored && old.hash == say || len(names) == 0 {
		return known{}, false
	}
	if old.hash != "" && old.hash != unshelved {
		stand := map[string]topic.Name{}
		_, langs, _ := strings.Cut(old.hash, " ")
		for _, l := range strings.Split(langs, ",") {
			stand[l] = t.Names[l]
		}
		if said(stand) != old.hash {
			r.note(Note{Level: LevelLeft, Kind: "term", Item: x.key(), File: x.File, Line: x.Line,
				Why: "its name changed at the source, but was edited here since the last import; ours stays"})
			return known{}, false
		}
	}
	for l, n := range names {
		have, named := t.Names[l]
		if named && !stored {
			continue // it joins a shelf that has a name in its language
		}
		n.Slug = cmp.Or(have.Slug, slug.Imported(x.Slug))
		t.Names[l] = n
	}
	return known{key: x.key(), hash: say}, true
}

// placeTerms puts new sections in the menu by what is used: an export tells
// them by the alphabet.
func (r *run) placeTerms(ctx context.Context) error {
	return r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
		used, err := r.Articles.Counts(ctx, tx, r.site.Publication.ID, r.now)
		if err != nil {
			return err
		}
		return r.Topics.Place(ctx, tx, r.site.Publication.ID, used)
	})
}

// standing are the topics that shelves are, or hang below.
func (r *run) standing(list []shelf) []int64 {
	var ids []int64
	for _, s := range list {
		if s.id != 0 {
			ids = append(ids, s.id)
		}
		if up, ok := r.above(s); ok && r.terms[up] != 0 {
			ids = append(ids, r.terms[up])
		}
	}
	return ids
}

// nameTerms reads what those of the topics are called, as articles print it,
// that are not remembered.
func (r *run) nameTerms(ctx context.Context, ids []int64) error {
	var fresh []int64
	for _, id := range ids {
		if _, ok := r.names[id]; !ok {
			fresh = append(fresh, id)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	slices.Sort(fresh)
	fresh = slices.Compact(fresh)
	tree, err := r.Topics.Tree(ctx, r.site.Publication.ID)
	if err != nil {
		return err
	}
	found, err := r.Topics.ByIDs(ctx, fresh)
	if err != nil {
		return err
	}
	for id, t := range found {
		n := namedAs{kind: t.Kind, above: tree.Ancestors(id)}
		for _, l := range slices.Sorted(maps.Keys(t.Names)) {
			n.names = append(n.names, inLang{l, t.Names[l].Name})
		}
		r.names[id] = n
	}
	return nil
}

// topicsOf are the shelves of an item, the primary section first. Terms that
// the head does not name are made.
func (r *run) topicsOf(it *Item, lang string) []article.TopicRef {
	var out []article.TopicRef
	primarySlug := r.slugOf[it.PrimaryTerm]
	for _, t := range it.Terms {
		id := r.terms[r.hash(t.Taxonomy, t.Slug)]
		if id == 0 || slices.ContainsFunc(out, func(o article.TopicRef) bool { return o.ID == id }) {
			continue // two terms may be one shelf, in two languages
		}
		n := r.names[id]
		ref := article.TopicRef{ID: id, Kind: string(n.kind), Name: cmp.Or(n.in(lang), t.Name), Above: n.above}
		if t.Taxonomy == "category" && t.Slug == primarySlug && primarySlug != "" {
			out = append([]article.TopicRef{ref}, out...)
			continue
		}
		out = append(out, ref)
	}
	return out
}
