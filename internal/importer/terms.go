package importer

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/slug"
	"dateline/internal/topic"
)

// namedAs is what articles print of a topic, and whose lists show them too.
type namedAs struct {
	kind  topic.Kind
	names map[string]topic.Name
	above []int64
}

// kindOf is what a taxonomy is to us; "" for those that we have no shelf for.
func (r *run) kindOf(taxonomy, slug string) topic.Kind {
	if to, ok := r.opt.Mapping.kind(taxonomy, slug); ok {
		return to
	}
	switch {
	case taxonomy == "category":
		return topic.Section
	case taxonomy == "post_tag":
		return topic.Tag
	case strings.Contains(taxonomy, "series"):
		return topic.Series
	}
	return ""
}

func termKey(taxonomy, slug string) string { return taxonomy + "/" + slug }

// takeTerms stores the shelves of the export's head, parents first.
func (r *run) takeTerms(ctx context.Context) error {
	have, err := allKnown(ctx, r.DB, r.source, "term")
	if err != nil {
		return err
	}
	for key, k := range have {
		r.terms[key] = k.ref
	}
	// Parents stand before children; a step deeper at each turn keeps a batch
	// free of references into itself.
	waiting := r.wantedTerms()
	for len(waiting) > 0 {
		there := make(map[string]bool, len(waiting))
		for _, t := range waiting {
			there[termKey(t.Taxonomy, t.Slug)] = true
		}
		var batch, rest []Term
		inBatch := map[string]bool{}
		for _, t := range waiting {
			if p := termKey(t.Taxonomy, t.Parent); t.Parent != "" && r.terms[p] == 0 && (inBatch[p] || there[p]) {
				rest = append(rest, t)
				continue
			}
			batch = append(batch, t)
			inBatch[termKey(t.Taxonomy, t.Slug)] = true
		}
		if len(batch) == 0 {
			batch, rest = rest, nil // a circle that the reader did not cut
		}
		for len(batch) > 0 {
			n := min(len(batch), 200)
			if err := r.putTerms(ctx, batch[:n]); err != nil {
				return err
			}
			batch = batch[n:]
		}
		waiting = rest
	}
	return r.nameTerms(ctx)
}

// wantedTerms are those that become shelves here; counts and notes the rest.
func (r *run) wantedTerms() []Term {
	var out []Term
	skipped := map[string]int{}
	for _, t := range r.head.Terms {
		switch kind := r.kindOf(t.Taxonomy, t.Slug); kind {
		case "":
			skipped[t.Taxonomy]++
		default:
			r.countTerm(t.Taxonomy, t.Slug, kind)
			if r.terms[termKey(t.Taxonomy, t.Slug)] == 0 {
				out = append(out, t)
			}
		}
	}
	for taxonomy, n := range skipped {
		r.notes.add(Remark{Level: "left", Kind: "term", Item: taxonomy, Why: fmt.Sprintf("%d terms of a kind that has no shelf here", n)})
	}
	return out
}

// countTerm counts a shelf once.
func (r *run) countTerm(taxonomy, slug string, kind topic.Kind) {
	key := "term/" + termKey(taxonomy, slug)
	if r.counted[key] {
		return
	}
	r.counted[key] = true
	switch kind {
	case topic.Section:
		r.report.Taken.Sections++
	case topic.Tag:
		r.report.Taken.Tags++
	}
}

// countNamed counts the shelves and authors that only items name.
func (r *run) countNamed(list []*job) {
	for _, j := range list {
		for _, t := range j.item.Terms {
			if kind := r.kindOf(t.Taxonomy, t.Slug); kind != "" && t.Slug != "" {
				r.countTerm(t.Taxonomy, t.Slug, kind)
			}
		}
		for _, a := range j.item.Authors {
			r.countAuthor(authorKey(a))
		}
	}
}

func (r *run) countAuthor(key string) {
	if key != "" && !r.counted[key] {
		r.counted[key] = true
		r.report.Taken.Authors++
	}
}

func (r *run) putTerms(ctx context.Context, list []Term) error {
	return r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
		topics := make([]topic.Topic, len(list))
		for i, t := range list {
			topics[i] = topic.Topic{Kind: r.kindOf(t.Taxonomy, t.Slug), Position: i, Names: r.termNames(t)}
			if topics[i].Kind == topic.Section {
				topics[i].Position += topic.Unplaced
				topics[i].ParentID = r.terms[termKey(t.Taxonomy, t.Parent)]
			}
		}
		ids, err := r.Topics.Put(ctx, tx, r.site.Publication.ID, topics)
		if err != nil {
			return err
		}
		var items []known
		var redirects []address.Redirect
		for i, t := range list {
			key := termKey(t.Taxonomy, t.Slug)
			r.terms[key] = ids[i]
			items = append(items, known{key: key, ref: ids[i]})
			redirects = append(redirects, r.termRedirects(t, ids[i])...)
		}
		if err := r.Addresses.AddRedirects(ctx, tx, redirects); err != nil {
			return err
		}
		return remember(ctx, tx, r.source, "term", items)
	})
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

func (r *run) termNames(t Term) map[string]topic.Name {
	out := map[string]topic.Name{}
	for l, n := range t.Names {
		if e, ok := r.site.ByLang(primary(l)); ok && n != "" {
			out[e.Lang] = topic.Name{Name: n, Slug: slug.Imported(t.Slug), Description: t.Description}
		}
	}
	if len(out) == 0 {
		e := r.def
		if x, ok := r.site.ByLang(primary(t.Lang)); ok && t.Lang != "" {
			e = x
		}
		out[e.Lang] = topic.Name{Name: cmp.Or(t.Name, t.Slug), Slug: slug.Imported(t.Slug), Description: t.Description}
	}
	return out
}

// termRedirects are WordPress's default addresses of a category or a tag. Its
// own permalink settings are not in an export; the items' links show articles
// only.
func (r *run) termRedirects(t Term, id int64) []address.Redirect {
	to := func(path string) address.Redirect {
		return address.Redirect{Publication: r.site.Publication.ID, Host: r.host, Path: path, Seq: r.seq, Edition: r.def.ID,
			Target: address.Target{Kind: "topic", ID: id}}
	}
	var out []address.Redirect
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
		out = append(out, to("/category/"+path), to("/category/"+t.Slug))
		if t.ID != 0 {
			out = append(out, to(fmt.Sprintf("/?cat=%d", t.ID)))
		}
	case "post_tag":
		out = append(out, to("/tag/"+t.Slug), to("/?tag="+t.Slug))
	default:
		out = append(out, to("/"+t.Taxonomy+"/"+t.Slug))
	}
	return out
}

// nameTerms reads what the shelves are called, as articles print it.
func (r *run) nameTerms(ctx context.Context) error {
	ids := make([]int64, 0, len(r.terms))
	for _, id := range r.terms {
		ids = append(ids, id)
	}
	tree, err := r.Topics.Tree(ctx, r.site.Publication.ID)
	if err != nil {
		return err
	}
	for len(ids) > 0 {
		n := min(len(ids), 500)
		found, err := r.Topics.ByIDs(ctx, ids[:n])
		if err != nil {
			return err
		}
		for id, t := range found {
			r.names[id] = namedAs{kind: t.Kind, names: t.Names, above: tree.Ancestors(id)}
		}
		ids = ids[n:]
	}
	return nil
}

// topicsOf are the shelves of an item, the primary section first. Terms that
// the head does not name are made.
func (r *run) topicsOf(it *Item, lang string) []article.TopicRef {
	var out []article.TopicRef
	primarySlug := r.slugOf[it.PrimaryTerm]
	for _, t := range it.Terms {
		id := r.terms[termKey(t.Taxonomy, t.Slug)]
		if id == 0 {
			continue
		}
		n := r.names[id]
		ref := article.TopicRef{ID: id, Kind: string(n.kind), Name: cmp.Or(n.names[lang].Name, t.Name), Above: n.above}
		if t.Taxonomy == "category" && t.Slug == primarySlug && primarySlug != "" {
			out = append([]article.TopicRef{ref}, out...)
			continue
		}
		out = append(out, ref)
	}
	return out
}

// missingTerms are terms that items carry and the head does not name: exports
// of a part of a site leave them out.
func (r *run) missingTerms(list []*job) []Term {
	var out []Term
	seen := map[string]bool{}
	for _, j := range list {
		for _, t := range j.item.Terms {
			key := termKey(t.Taxonomy, t.Slug)
			if r.terms[key] != 0 || seen[key] || t.Slug == "" || r.kindOf(t.Taxonomy, t.Slug) == "" {
				continue
			}
			seen[key] = true
			out = append(out, Term{Taxonomy: t.Taxonomy, Slug: t.Slug, Name: cmp.Or(t.Name, t.Slug), Lang: j.item.Lang})
		}
	}
	return out
}

// takeMissing makes the terms and authors that only items name.
func (r *run) takeMissing(ctx context.Context, list []*job) error {
	r.countNamed(list)
	if terms := r.missingTerms(list); len(terms) > 0 {
		if err := r.putTerms(ctx, terms); err != nil {
			return err
		}
		if err := r.nameTerms(ctx); err != nil {
			return err
		}
	}
	var missing []AuthorRef
	seen := map[string]bool{}
	for _, j := range list {
		for _, a := range j.item.Authors {
			if k := authorKey(a); k != "" && !seen[k] {
				if _, ok := r.authors[k]; !ok {
					seen[k] = true
					missing = append(missing, a)
				}
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	var people []person
	for _, a := range missing {
		name := plainName(cmp.Or(a.Name, a.Login, a.Slug))
		people = append(people, person{key: authorKey(a), c: author.Contributor{Names: map[string]string{r.def.Lang: name},
			Slug: slug.Imported(cmp.Or(a.Slug, strings.TrimSuffix(withoutHost(a.Login), "@")))}, login: cmp.Or(a.Slug, a.Login)})
	}
	return r.putAuthors(ctx, people)
}

// withoutHost cuts a login that is an e-mail address: addresses never enter.
func withoutHost(login string) string {
	if local, _, ok := strings.Cut(login, "@"); ok {
		return local + "@"
	}
	return login
}

// plainName is a name that is no e-mail address, for which some sites' by-lines
// stand.
func plainName(name string) string {
	if strings.Contains(name, "@") && !strings.ContainsAny(name, " \t") {
		return strings.TrimSuffix(withoutHost(name), "@")
	}
	return name
}

// authorKey tells authors apart: by login, co-authors without one by slug.
func authorKey(a AuthorRef) string {
	switch {
	case a.Login != "":
		return "login/" + withoutHost(a.Login)
	case a.Slug != "":
		return "slug/" + a.Slug
	case a.Name != "":
		return "name/" + a.Name
	}
	return ""
}

// person is an author on the way in.
type person struct {
	key   string
	c     author.Contributor
	id    int64 // of the old system
	login string
}

// takeAuthors stores the authors of the export's head.
func (r *run) takeAuthors(ctx context.Context) error {
	have, err := allKnown(ctx, r.DB, r.source, "author")
	if err != nil {
		return err
	}
	ids := make([]int64, 0, len(have))
	for _, k := range have {
		ids = append(ids, k.ref)
	}
	found, err := r.Authors.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	for key, k := range have {
		r.authors[key] = found[k.ref]
	}
	var people []person
	seen := map[string]bool{}
	for _, a := range r.head.Authors {
		key := authorKey(AuthorRef{Login: a.Login})
		if a.Login == "" || seen[key] {
			continue
		}
		seen[key] = true
		r.countAuthor(key)
		if _, ok := r.authors[key]; ok {
			continue
		}
		names := map[string]string{}
		for l, n := range a.Names {
			if e, ok := r.site.ByLang(primary(l)); ok && n != "" {
				names[e.Lang] = n
			}
		}
		if len(names) == 0 {
			names[r.def.Lang] = plainName(cmp.Or(a.Name, strings.TrimSpace(a.First+" "+a.Last), a.Login))
		}
		// A login is half of a password: the address is made of the name.
		people = append(people, person{key: key, id: a.ID, login: a.Login, c: author.Contributor{Names: names}})
	}
	for len(people) > 0 {
		n := min(len(people), 200)
		if err := r.putAuthors(ctx, people[:n]); err != nil {
			return err
		}
		people = people[n:]
	}
	return nil
}

func (r *run) putAuthors(ctx context.Context, list []person) error {
	return r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
		people := make([]author.Contributor, len(list))
		for i, p := range list {
			people[i] = p.c
		}
		ids, err := r.Authors.Put(ctx, tx, r.site.Publication.ID, people)
		if err != nil {
			return err
		}
		var items []known
		var redirects []address.Redirect
		for i, p := range list {
			p.c.EntityID = ids[i]
			r.authors[p.key] = p.c
			items = append(items, known{key: p.key, ref: ids[i]})
			to := address.Redirect{Publication: r.site.Publication.ID, Host: r.host, Seq: r.seq, Edition: r.def.ID,
				Target: address.Target{Kind: "author", ID: ids[i]}}
			for _, path := range []string{"/author/" + strings.ToLower(p.login), "/author/" + slug.Make("en", p.login), fmt.Sprintf("/?author=%d", p.id)} {
				if path != "/author/" && path != "/?author=0" && !(strings.Contains(p.login, "@") && strings.HasPrefix(path, "/author/")) {
					to.Path = path
					redirects = append(redirects, to)
				}
			}
		}
		if err := r.Addresses.AddRedirects(ctx, tx, redirects); err != nil {
			return err
		}
		return remember(ctx, tx, r.source, "author", items)
	})
}

// creditsOf is the by-line of an item.
func (r *run) creditsOf(it *Item, lang string) []article.Credit {
	var out []article.Credit
	for _, a := range it.Authors {
		c, ok := r.authors[authorKey(a)]
		if !ok {
			continue
		}
		out = append(out, article.Credit{Entity: c.EntityID, Name: c.Name(lang, r.def.Lang), Role: "author"})
	}
	return out
}

// Mapping says what becomes of an old site's terms, decided by the newsroom:
// a JSON file {"category/news-feed": "tag", "category/telegram": "channel",
// "category/ads": "leave"}.
type Mapping map[string]string

// kind is what the newsroom decided about a term. A channel is no shelf: the
// term only routed articles there, and channels come with their own room.
func (m Mapping) kind(taxonomy, slug string) (topic.Kind, bool) {
	to, ok := m[termKey(taxonomy, slug)]
	if !ok {
		return "", false
	}
	if to == "channel" || to == "leave" {
		return "", true
	}
	return topic.Kind(to), true
}

// Check reports a mapping that names what we do not have.
func (m Mapping) Check() error {
	for key, to := range m {
		if to != "channel" && to != "leave" && !topic.Kind(to).Valid() {
			return fault.Field("map", "%s: there is no kind %q; section, tag, genre, column, series, channel or leave", key, to)
		}
	}
	return nil
}
