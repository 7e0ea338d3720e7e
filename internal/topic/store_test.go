package topic

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/address"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/edition"
	"dateline/internal/fault"
)

type house struct {
	*testing.T
	d         *db.DB
	s         *Store
	addresses *address.Store
	editions  *edition.Store
	site      edition.Site
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{T: t, d: d, addresses: address.New(d), editions: edition.New(d)}
	h.s = New(d, h.addresses)
	h.write(func(tx *db.Tx) (err error) {
		h.site, err = h.editions.Setup(t.Context(), tx, edition.PublicationInput{Key: "main", Zone: "UTC",
			Editions: []edition.EditionInput{{Lang: "ru", Name: "Фонарь"}, {Lang: "kk", Name: "Шам"}}})
		return err
	})
	return h
}

func (h *house) pub() int64 { return h.site.Publication.ID }

func (h *house) write(f func(*db.Tx) error) {
	h.Helper()
	if err := h.d.Tx(h.Context(), db.Desk, f); err != nil {
		h.Fatal(err)
	}
}

func (h *house) put(list ...Topic) []int64 {
	h.Helper()
	var ids []int64
	h.write(func(tx *db.Tx) (err error) { ids, err = h.s.Put(h.Context(), tx, h.pub(), list); return err })
	return ids
}

func (h *house) get(id int64) Topic {
	h.Helper()
	m, err := h.s.ByIDs(h.Context(), []int64{id})
	if err != nil {
		h.Fatal(err)
	}
	return m[id]
}

// paths are the addresses of a topic by language of the edition.
func (h *house) paths(id int64) map[string]string {
	h.Helper()
	out := map[string]string{}
	for _, e := range h.site.Editions {
		m, err := h.addresses.Paths(h.Context(), "topic", e.ID, []int64{id})
		if err != nil {
			h.Fatal(err)
		}
		if p, ok := m[id]; ok {
			out[e.Lang] = p
		}
	}
	return out
}

func named(kind Kind, lang, name, slug string) Topic {
	return Topic{Kind: kind, Names: map[string]Name{lang: {Name: name, Slug: slug}}}
}

// section is one at a position below another of the same batch, 0 none.
func section(name string, position, parent int) Topic {
	x := named(Section, "ru", name, name)
	x.Position, x.ParentIndex = position, parent
	return x
}

func TestPutAndAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		town := named(Section, "ru", "Город", "gorod")
		town.Names["kk"] = Name{Name: "Қала", Description: "Қала өмірі"}
		ids := h.put(town, named(Section, "ru", "Город!", "gorod"), named(Tag, "ru", "Город", "gorod"), named(Tag, "ru", "???", ""))
		for i, want := range []map[string]string{
			{"ru": "section/gorod", "kk": "section/qala"},
			{"ru": "section/gorod-2", "kk": "section/gorod-2"}, // no Kazakh name: the address of the Russian one
			{"ru": "tag/gorod", "kk": "tag/gorod"},
			{"ru": "tag/tag-" + strconv.FormatInt(ids[3], 10), "kk": "tag/tag-" + strconv.FormatInt(ids[3], 10)},
		} {
			if diff := cmp.Diff(want, h.paths(ids[i])); diff != "" {
				t.Errorf("topic %d: %s", i, diff)
			}
		}
		got := h.get(ids[0])
		want := Topic{ID: ids[0], Kind: Section, Names: map[string]Name{
			"ru": {Name: "Город", Slug: "gorod"}, "kk": {Name: "Қала", Slug: "qala", Description: "Қала өмірі"}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		found, ok, err := h.s.BySlug(t.Context(), d, h.pub(), Section, "ru", "gorod-2")
		if err != nil || !ok || found.ID != ids[1] {
			t.Errorf("by slug: %+v %v %v", found, ok, err)
		}
		if _, ok, err := h.s.BySlug(t.Context(), d, h.pub(), Genre, "ru", "gorod"); ok || err != nil {
			t.Errorf("a genre: %v %v", ok, err)
		}
	})
}

func TestRename(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ids := h.put(named(Section, "ru", "А", "a"), named(Section, "ru", "Б", "b"))
		var changed []string
		d.OnChange(func(tags []string) { changed = tags })
		// The same again changes nothing.
		a := h.get(ids[0])
		h.put(a)
		if changed != nil {
			t.Errorf("nothing changed, told %v", changed)
		}
		a.Names = map[string]Name{"ru": {Name: "А", Slug: "novoe"}, "kk": {Name: "Жаңа", Slug: "zhana"}}
		h.put(a)
		if diff := cmp.Diff([]string{tag(a.ID), "topics"}, changed); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[string]string{"ru": "section/novoe", "kk": "section/zhana"}, h.paths(a.ID)); diff != "" {
			t.Error(diff)
		}
		target, current, err := h.addresses.Lookup(t.Context(), h.site.Editions[0].ID, "section/a")
		if err != nil || current || target.ID != a.ID {
			t.Errorf("the old address: %+v %v %v", target, current, err)
		}
		// Slugs swapped in one batch.
		x, y := h.get(ids[0]), h.get(ids[1])
		x.Names["ru"], y.Names["ru"] = Name{Name: "А", Slug: "b"}, Name{Name: "Б", Slug: "novoe"}
		h.put(x, y)
		x, y = h.get(ids[0]), h.get(ids[1])
		if p := h.paths(x.ID)["ru"]; p != "section/"+x.Names["ru"].Slug {
			t.Errorf("slug %q at %q", x.Names["ru"].Slug, p)
		}
		if p := h.paths(y.ID)["ru"]; p != "section/"+y.Names["ru"].Slug || x.Names["ru"].Slug == y.Names["ru"].Slug {
			t.Errorf("slug %q at %q", y.Names["ru"].Slug, p)
		}
	})
}

func TestTree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ids := h.put(section("deep", 0, 2), section("child", 1, 3), section("root", 5, 0), section("first", 1, 0), named(Tag, "ru", "t", "t"), named(Genre, "ru", "g", "g"))
		tree, err := h.s.Tree(t.Context(), h.pub())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]int64{ids[1], ids[2]}, tree.Ancestors(ids[0])); diff != "" {
			t.Error(diff)
		}
		if r := tree.Sections(); len(r) != 2 || r[0].ID != ids[3] || r[1].ID != ids[2] {
			t.Errorf("roots: %+v", r)
		}
		if c := tree.Children(ids[2]); len(c) != 1 || c[0].ID != ids[1] {
			t.Errorf("children: %+v", c)
		}
		if _, ok := tree.Get(ids[4]); ok {
			t.Error("a tag in the tree")
		}
		if g := tree.OfKind(Genre); len(g) != 1 || g[0].ID != ids[5] {
			t.Errorf("genres: %+v", g)
		}
		h.write(func(tx *db.Tx) error { return h.s.SetParent(t.Context(), tx, ids[0], ids[3]) })
		tree, err = h.s.Tree(t.Context(), h.pub())
		if err != nil || !slices.Equal(tree.Ancestors(ids[0]), []int64{ids[3]}) {
			t.Errorf("moved: %v %v", tree.Ancestors(ids[0]), err)
		}
		for name, f := range map[string]func(*db.Tx) error{
			"itself":    func(tx *db.Tx) error { return h.s.SetParent(t.Context(), tx, ids[1], ids[1]) },
			"its child": func(tx *db.Tx) error { return h.s.SetParent(t.Context(), tx, ids[2], ids[1]) },
			"nothing":   func(tx *db.Tx) error { return h.s.SetParent(t.Context(), tx, ids[2], 9999) },
			"in a batch": func(tx *db.Tx) error {
				_, err := h.s.Put(t.Context(), tx, h.pub(), []Topic{section("x", 0, 2), section("y", 0, 1)})
				return err
			},
		} {
			if err := d.Tx(t.Context(), db.Desk, f); !fault.Is(err, fault.Invalid) {
				t.Errorf("below %s: %v", name, err)
			}
		}
	})
}

func TestReaddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		town := named(Section, "ru", "Город", "gorod")
		town.Names["en"] = Name{Name: "Town", Slug: "town"}
		ids := h.put(town, named(Section, "ru", "Мир", "mir"))
		h.write(func(tx *db.Tx) error {
			if _, err := h.editions.AddEdition(t.Context(), tx, h.pub(), edition.EditionInput{Lang: "en"}); err != nil {
				return err
			}
			return h.s.Readdress(t.Context(), tx, h.pub())
		})
		var err error
		if h.site, err = h.editions.Site(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := []map[string]string{
			{"ru": "section/gorod", "kk": "section/gorod", "en": "section/town"},
			{"ru": "section/mir", "kk": "section/mir", "en": "section/mir"},
		}
		for i := range want {
			got := h.paths(ids[i])
			if diff := cmp.Diff(want[i], got); diff != "" {
				t.Errorf("topic %d: %s", i, diff)
			}
		}
	})
}

func TestCircle(t *testing.T) {
	tree := newTree([]Topic{{ID: 1, ParentID: 2}, {ID: 2, ParentID: 3}, {ID: 3, ParentID: 1}, {ID: 4, ParentID: 4}})
	if got := tree.Ancestors(1); len(got) > 3 {
		t.Errorf("%v", got)
	}
	if got := tree.Ancestors(4); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// TestPlace: what an import brought is put in order by use, behind what
// somebody has placed, and stays there.
func TestPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ids := h.put(section("placed", 3, 0), section("a", Unplaced, 0), section("b", Unplaced+1, 0), section("c", Unplaced+2, 0), section("below", Unplaced+3, 1), section("most", Unplaced+4, 1))
		used := map[int64]int64{ids[0]: 1, ids[2]: 50, ids[5]: 9}
		var changed []string
		d.OnChange(func(tags []string) { changed = tags })
		place := func() {
			h.write(func(tx *db.Tx) error { return h.s.Place(t.Context(), tx, h.pub(), used) })
		}
		place()
		if !slices.Contains(changed, "topics") {
			t.Errorf("told %v", changed)
		}
		order := func() (out []int64) {
			tree, err := h.s.Tree(t.Context(), h.pub())
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range append(tree.Sections(), tree.Children(ids[0])...) {
				out = append(out, s.ID)
			}
			return out
		}
		want := []int64{ids[0], ids[2], ids[1], ids[3], ids[5], ids[4]}
		if got := order(); !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
		changed, used = nil, map[int64]int64{ids[3]: 1000}
		place()
		if got := order(); !slices.Equal(got, want) || changed != nil {
			t.Errorf("again: order %v, told %v", got, changed)
		}
		more := h.put(section("later", Unplaced, 0))
		place()
		if got := order(); got[4] != more[0] {
			t.Errorf("a later one: %v", got)
		}
	})
}

// TestRecast: a shelf of another kind keeps its articles and leads on from its
// old address; the sections below it move up, and back it goes to where it was.
func TestRecast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		en := func(name string) map[string]Name { return map[string]Name{"en": {Name: name}} }
		ids := h.put(Topic{Kind: Section, Names: en("World")}, Topic{Kind: Section, ParentIndex: 1, Names: en("Asia")},
			Topic{Kind: Section, ParentIndex: 2, Names: en("Japan")}, Topic{Kind: Tag, Names: en("Asia")})
		recast := func(kind Kind) Topic {
			t.Helper()
			h.write(func(tx *db.Tx) error { return h.s.Recast(t.Context(), tx, ids[1], kind) })
			found, err := h.s.ByIDs(t.Context(), ids)
			if err != nil {
				t.Fatal(err)
			}
			if up := found[ids[2]].ParentID; up != ids[0] {
				t.Errorf("what stood below it hangs below %d, want %d", up, ids[0])
			}
			return found[ids[1]]
		}
		if got := recast(Tag); got.Kind != Tag || got.ParentID != 0 || got.Names["en"].Slug != "asia-2" {
			t.Errorf("as a tag: %+v", got)
		}
		for path, current := range map[string]bool{"section/asia": false, "tag/asia-2": true} {
			target, now, err := h.addresses.Lookup(t.Context(), h.site.Default().ID, path)
			if err != nil || target.ID != ids[1] || now != current {
				t.Errorf("%s: topic %d, current %v, %v", path, target.ID, now, err)
			}
		}
		if got := recast(Section); got.Kind != Section || got.Position != Unplaced {
			t.Errorf("as a section again: %+v", got)
		}
		if err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { return h.s.Recast(t.Context(), tx, ids[1], "shelf") }); !fault.Is(err, fault.Invalid) {
			t.Errorf("of no kind: %v", err)
		}
	})
}

// TestNamed: a name is found by the beginnings of its words, in any case, with the
// letters that a Russian keyboard has; what a version before stored, too.
func TestNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ids := h.put(named(Tag, "kk", "Қазақ әдебиеті", ""), named(Tag, "ru", "Ёлка", ""), named(Tag, "ru", "Новая ёлка", ""), named(Genre, "ru", "Ёлка", ""))
		find := func(text string, want ...int64) {
			t.Helper()
			list, err := h.s.Named(t.Context(), h.pub(), Tag, text, 9)
			if err != nil {
				t.Fatal(err)
			}
			var got []int64
			for _, x := range list {
				got = append(got, x.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %v, want %v", text, got, want)
			}
		}
		find("казак", ids[0])
		find("ӘДЕБ қаз", ids[0])
		find("ЕЛ", ids[1], ids[2]) // what begins so first
		find("сосна")
		h.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE topic_name SET sought = NULL")
			return err
		})
		find("казак")
		if err := h.s.Seek(t.Context()); err != nil {
			t.Fatal(err)
		}
		find("казак", ids[0])
	})
}
