package importer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/db"
	"dateline/internal/slug"
)

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
	if local, _, ok := strings.Cut(name, "@"); ok && local != "" && !strings.ContainsAny(name, " \t") {
		return local
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
	ref      AuthorRef // as items name it
	names    map[string]string
	bio, url string
	portrait int64  // media
	slug     string // empty: made of the name
	id       int64  // of the old system
	login    string
}

// told is what is remembered of what the source said of an author: two hashes,
// by which the next run sees a change, and the languages of the names.
type told struct{ names, langs, rest string }

func (t told) String() string { return t.names + " " + t.langs + " " + t.rest }

func toldOf(remembered string) told {
	f := append(strings.Fields(remembered), "", "", "")
	return told{f[0], f[1], f[2]}
}

func (p person) told() told {
	langs := slices.Sorted(maps.Keys(p.names))
	names, rest := sha256.New(), sha256.New()
	for _, l := range langs {
		fmt.Fprintf(names, "%s\x00%s\x00", l, p.names[l])
	}
	fmt.Fprintf(rest, "%s\x00%s\x00%d", p.bio, p.url, p.portrait)
	return told{hex.EncodeToString(names.Sum(nil)[:12]), strings.Join(langs, ","), hex.EncodeToString(rest.Sum(nil)[:12])}
}

// bioLang is the language that a person's biography is in.
func (p person) bioLang() string { return slices.Sorted(maps.Keys(p.names))[0] }

// takeAuthors stores the authors of the export's head. Files come before:
// portraits are among them.
func (r *run) takeAuthors(ctx context.Context) error {
	var err error
	if r.knownAuthors, err = allKnown(ctx, r.DB, r.source, "author"); err != nil {
		return err
	}
	ids := make([]int64, 0, len(r.knownAuthors))
	for _, k := range r.knownAuthors {
		ids = append(ids, k.ref)
	}
	found, err := r.Authors.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	for key, k := range r.knownAuthors {
		r.authors[key] = found[k.ref]
	}
	var people []person
	for _, a := range r.head.Authors {
		p := person{ref: AuthorRef{Login: a.Login}, names: r.ours(a.Names), bio: a.Bio, url: a.URL, id: a.ID, login: a.Login}
		if a.Login == "" || !r.comes(p.ref) {
			continue
		}
		for l, n := range p.names {
			p.names[l] = plainName(n)
		}
		if len(p.names) == 0 {
			// A login is half of a password: the address is made of the name.
			p.names[r.authorLang(p.ref)] = plainName(cmp.Or(a.Name, strings.TrimSpace(a.First+" "+a.Last), a.Login))
		}
		p.portrait, _ = r.files.byAttachment(a.Portrait)
		if a.Portrait != 0 && p.portrait == 0 {
			r.notes.add(Remark{Level: string(LevelLeft), Kind: "author", Item: p.names[p.bioLang()], Why: "the author's portrait is not among the pictures that were taken"})
		}
		people = append(people, p)
	}
	return r.takePeople(ctx, people)
}

// comes counts an author once; false: not for the first time in this run.
func (r *run) comes(a AuthorRef) bool {
	key := authorKey(a)
	if key == "" || r.came[r.hash("author", key)] {
		return false
	}
	r.came[r.hash("author", key)] = true
	r.report.Taken.Authors++
	return true
}

// authorLang is the language of an author's name where the source does not say:
// that of most of what they wrote, or where an earlier run put it.
func (r *run) authorLang(a AuthorRef) string {
	if ed, ok := r.site.ByLang(toldOf(r.knownAuthors[authorKey(a)].hash).langs); ok {
		return ed.Lang
	}
	if ed, ok := r.most(r.export.AuthorUses(a)); ok {
		return ed.Lang
	}
	return r.def.Lang
}

// takeCredited stores the authors that only items name.
func (r *run) takeCredited(ctx context.Context, list []*job) error {
	var people []person
	for _, j := range list {
		for _, a := range j.item.Authors {
			if !r.comes(a) {
				continue
			}
			if _, ok := r.authors[authorKey(a)]; ok && a.Name == "" {
				continue // an export without its head says less than we know
			}
			people = append(people, person{ref: a, names: map[string]string{r.authorLang(a): plainName(cmp.Or(a.Name, a.Login, a.Slug))},
				slug: slug.Imported(cmp.Or(a.Slug, strings.TrimSuffix(withoutHost(a.Login), "@"))), login: cmp.Or(a.Slug, a.Login)})
		}
	}
	return r.takePeople(ctx, people)
}

// takePeople stores authors that are new, and what changed of the others at the
// source and was not changed here.
func (r *run) takePeople(ctx context.Context, people []person) error {
	var old []address.Redirect
	people = slices.DeleteFunc(people, func(p person) bool {
		k, stored := r.knownAuthors[authorKey(p.ref)]
		if !stored || k.hash != p.told().String() {
			return false
		}
		old = append(old, r.authorRedirects(p, k.ref)...)
		return true
	})
	if err := r.addMissing(ctx, old); err != nil {
		return err
	}
	for part := range slices.Chunk(people, 200) {
		if err := r.putAuthors(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) putAuthors(ctx context.Context, list []person) error {
	return r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
		var put []author.Contributor
		var whose []person
		var portraits []int64
		var items []known
		var at []int // in put, of each of them
		seen := map[int64]int{}
		for _, p := range list {
			key := authorKey(p.ref)
			c, stored := r.authors[key]
			was, says := toldOf(r.knownAuthors[key].hash), p.told()
			here := asHere(c, was)
			c.Names, c.Texts = cloned(c.Names), cloned(c.Texts)
			if !stored {
				c.Slug = p.slug
			}
			switch {
			case was.names == says.names:
			case stored && was.names != "" && here.names != was.names:
				r.oursStays(c, "the name")
				says.names, says.langs = was.names, was.langs
			default:
				maps.Copy(c.Names, p.names)
			}
			switch l := p.bioLang(); {
			case was.rest == says.rest:
			case stored && was.rest != "" && here.rest != was.rest:
				r.oursStays(c, "the biography, the address or the portrait")
				says.rest = was.rest
			default:
				if p.bio != c.Texts[l].Bio {
					c.Texts[l] = author.Text{Role: c.Texts[l].Role, Bio: p.bio}
				}
				c.URL, c.PortraitID = p.url, p.portrait
				if p.portrait != 0 {
					portraits = append(portraits, p.portrait)
				}
			}
			items = append(items, known{key: key, hash: says.String()})
			whose = append(whose, p)
			if n, again := seen[c.EntityID]; again && c.EntityID != 0 { // they were merged at the desk
				at = append(at, n)
				continue
			}
			at, seen[c.EntityID] = append(at, len(put)), len(put)
			put = append(put, c)
		}
		if err := r.Media.Show(ctx, tx, portraits); err != nil {
			return err
		}
		ids, err := r.Authors.Put(ctx, tx, r.site.Publication.ID, put)
		if err != nil {
			return err
		}
		var redirects []address.Redirect
		for i, p := range whose {
			c := &put[at[i]]
			c.EntityID = ids[at[i]]
			r.authors[items[i].key], items[i].ref = *c, c.EntityID
			redirects = append(redirects, r.authorRedirects(p, c.EntityID)...)
		}
		if err := r.Addresses.AddRedirects(ctx, tx, redirects); err != nil {
			return err
		}
		return remember(ctx, tx, r.source, "author", items)
	})
}

func (r *run) oursStays(c author.Contributor, what string) {
	r.notes.add(Remark{Level: string(LevelLeft), Kind: "author", Item: c.Name(r.def.Lang),
		Why: what + " of this author changed at the source, but was edited here since the last import; ours stays"})
}

// cloned is a map of its own to write to.
func cloned[K comparable, V any](m map[K]V) map[K]V {
	out := make(map[K]V, len(m))
	maps.Copy(out, m)
	return out
}

// asHere is a contributor as it stands here, in the languages of what was
// remembered.
func asHere(c author.Contributor, was told) told {
	now := person{names: map[string]string{}, url: c.URL, portrait: c.PortraitID}
	for _, l := range strings.Split(was.langs, ",") {
		now.names[l] = c.Names[l]
	}
	now.bio = c.Texts[now.bioLang()].Bio
	return now.told()
}

// authorRedirects are WordPress's addresses of an author. They lead to an
// edition for which the author wrote; those below the prefix of a language to
// that one's.
func (r *run) authorRedirects(p person, id int64) []address.Redirect {
	uses := r.export.AuthorUses(p.ref)
	main, ok := r.most(uses)
	if !ok {
		main = r.def
	}
	main = r.plain(uses, main)
	var out []address.Redirect
	add := func(edition int64, path string) { out = append(out, r.ways(path, edition, "author", id)...) }
	if p.id != 0 {
		add(main.ID, fmt.Sprintf("/?author=%d", p.id))
	}
	names := []string{strings.ToLower(p.login), slug.Make("en", p.login)}
	if strings.Contains(p.login, "@") { // in addresses WordPress writes what is left of one
		names = []string{slug.Make("en", strings.NewReplacer("@", "", ".", "-").Replace(p.login))}
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		add(main.ID, "/author/"+name)
		for prefix, ed := range r.prefixes(uses) {
			add(ed.ID, prefix+"/author/"+name)
		}
	}
	return out
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
