package wordpress

import (
	"cmp"
	"hash/fnv"
	"hash/maphash"
	"io"
	"slices"
	"sort"
	"strings"
)

// itemKey finds an item: a damaged export may use one id for a post and for an
// attachment.
type itemKey struct {
	id   int64
	kind byte // see kindByte
}

// page is what addresses of the pages below need.
type page struct {
	slug   string
	parent int64
}

// sighting is an item's id as it stood in the export. There is one for each of
// a million items while the tables are made, so it is small, and they are
// forgotten when the last one is there.
type sighting struct {
	id   int64
	slug uint32 // a hash of toldBy
	file int32
	lang uint16 // place in tags, from 1
	kind byte
}

const sightingSize = 24 // bytes

func (s sighting) key() itemKey { return itemKey{s.id, s.kind} }

// tables are what content refers to, wherever it stands in the export.
type tables struct {
	speech
	seed  maphash.Seed
	types map[string]Kind // what the newsroom made of types of posts

	seen     []sighting       // until settle
	repeated map[itemKey]bool // ids that several things have
	doubled  map[itemKey]bool // ids of what one file has several times
	doubles  int              // items that are there once too often
	pages    map[itemKey]page
	files    fileTable
	groups   map[string]map[string]int64 // Polylang: group, language → post id
	copied   map[itemKey]bool            // originals of WPML's duplicates
	revised  map[int64]bool              // what there are revisions of
	logins   map[string]bool
	blocks   map[int64]string // texts of blocks that posts share
	// shortcodes are names that the export's texts use as such (see sighted).
	shortcodes map[string]bool
	sightings  map[string]int // until settle
	langs      map[string]int
	codes      map[string][]string // languages by tag: what addresses call them
	loosely    map[string]int      // items by language of which a custom field alone says it
	shelved    map[string]bool     // languages that terms have
	unsaid     map[string]bool     // languages that are none of the site's
	offsets    map[int]int
	budget     int // bytes that the tables may still take
	full       bool
}

// maxTables bounds the tables; some 1.6 million posts fit, or 200,000 attachments
// and as many posts (TestTablesHold). The collector may let twice as much stand,
// and the import has other uses for its 150 MB.
const maxTables = 40 << 20

func newTables() *tables {
	return &tables{
		speech:   newSpeech(),
		seed:     maphash.MakeSeed(),
		repeated: map[itemKey]bool{}, doubled: map[itemKey]bool{}, pages: map[itemKey]page{}, groups: map[string]map[string]int64{},
		copied: map[itemKey]bool{}, revised: map[int64]bool{}, blocks: map[int64]string{}, shortcodes: map[string]bool{},
		sightings: map[string]int{}, logins: map[string]bool{}, langs: map[string]int{}, codes: map[string][]string{}, loosely: map[string]int{}, unsaid: map[string]bool{}, shelved: map[string]bool{}, offsets: map[int]int{},
		budget: maxTables,
	}
}

// spend takes from the budget; false when it is used up.
func (t *tables) spend(n int) bool {
	if t.budget < n {
		t.full = true
		return false
	}
	t.budget -= n
	return true
}

// add notes where an item stands. It is called once for each item of the
// export, in order.
func (t *tables) add(it *rawItem, file int) {
	kind := t.kindOf(it.f[eType], it.f[eStatus])
	lang, code := itemCode(it)
	in := []string{lang} // "" is the export's own
	t.callLang(lang, code)
	if lang != "" && loose(it) {
		t.loosely[lang]++
	}
	if l := cmp.Or(it.content, splitLangs(it.f[eTitle]), splitLangs(it.f[eExcerpt])); l != nil {
		for i, lang := range l.langs {
			t.callLang(lang, l.codes[i])
		}
		in = l.written() // what has a headline alone is no article
	}
	for _, lang := range in {
		if lang != "" {
			t.langs[lang]++
		}
		if kind == Post || kind == Page {
			t.count(it, lang)
		}
	}
	for i := range it.terms {
		t.nameless = t.nameless || it.terms[i].nicename == ""
	}
	when := datesOf(it)
	if when.zoneKnown && (kind == Post || kind == Page) && len(t.offsets) < 200 {
		t.offsets[when.offset]++
	}
	id := number(it.f[ePostID])
	if id == 0 {
		return
	}
	if of := number(it.metaValue(dupKeys...)); of > 0 && t.spend(40) {
		t.copied[itemKey{of, kindByte(kind)}] = true
	}
	if of := number(it.f[eParent]); kind == Revision && of > 0 && !t.revised[of] && t.spend(16) {
		t.revised[of] = true
	}
	if it.f[eType] == sharedBlock && it.f[eStatus] == "publish" && !it.password && t.spend(100+len(it.f[eContent])) {
		t.blocks[id] = it.f[eContent]
	}
	slug := decodeSlug(it.f[ePostName])
	key := itemKey{id, kindByte(kind)}
	if t.spend(sightingSize) {
		t.seen = append(t.seen, sighting{id: id, slug: hashed(toldBy(it)), file: int32(file), lang: t.tagged(in), kind: key.kind})
	}
	if _, ok := t.pages[key]; !ok && (kind == Page || it.f[eType] == "page") && t.spend(100+len(slug)) {
		t.pages[key] = page{strings.Clone(slug), number(it.f[eParent])}
	}
	if kind == Attachment {
		t.addFile(it, id)
	}
}

// several is how many items make a language of the site's of what custom fields
// say.
const several = 3

// settleLangs takes back languages that one or two items' custom fields name and
// nothing else: they would become editions of one article.
func (t *tables) settleLangs() {
	for lang, n := range t.loosely {
		if n == t.langs[lang] && n < several && !t.shelved[lang] {
			t.unsaid[lang] = true
			delete(t.langs, lang)
			for i := range t.tags {
				if t.tags[i] == lang {
					t.tags[i] = ""
				}
			}
		}
	}
}

// maxCodes bounds what one language may be called.
const maxCodes = 5

// callLang notes what a plugin calls a language, where that is not its tag.
func (t *tables) callLang(lang, code string) {
	if code = strings.ToLower(code); code == "" || code == strings.ToLower(lang) || strings.ContainsAny(code, "/?#% ") {
		return
	}
	if list := t.codes[lang]; len(list) < maxCodes && !slices.Contains(list, code) {
		t.codes[lang] = append(list, strings.Clone(code))
	}
}

// codeOf is what addresses call a language.
func (t *tables) codeOf(lang string) string {
	if list := t.codes[lang]; len(list) > 0 {
		return list[0]
	}
	return lang
}

// hash stands for a text that is only looked for: of a million, two that are
// alike are less likely than a fault of the disk.
func (t *tables) hash(s string) uint64 { return maphash.String(t.seed, s) }

func hashed(s string) uint32 {
	h := fnv.New32a()
	io.WriteString(h, s)
	return h.Sum32()
}

// toldBy tells things apart that have one id: by their types and slugs, drafts
// that have none yet by their titles.
func toldBy(it *rawItem) string {
	typ := cmp.Or(it.f[eType], "post")
	if s := decodeSlug(it.f[ePostName]); s != "" {
		return typ + "\x00" + s
	}
	return typ + "\x00\x00" + it.f[eTitle]
}

// settle finds the ids that more than one thing of a kind has: one that has the
// same type and slug is the same thing, in another file or once more in the same.
func (t *tables) settle() {
	t.settleLangs()
	t.files.settle()
	slices.SortStableFunc(t.seen, func(a, b sighting) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.kind, b.kind), cmp.Compare(a.slug, b.slug), cmp.Compare(a.file, b.file))
	})
	first := 0
	for i, s := range t.seen {
		if s.key() != t.seen[first].key() {
			first = i
		}
		if s.lang > 0 && len(t.files.attached.of(uint64(s.id))) > 0 && t.spend(30) {
			t.belongs[s.id] = s.lang
		}
		if i == first {
			continue
		}
		if s.slug != t.seen[first].slug && t.spend(40) {
			t.repeated[s.key()] = true
		}
		if old := t.seen[i-1]; s.slug == old.slug && s.file == old.file && t.spend(60) {
			t.doubled[s.key()] = true
			t.doubles++
		}
	}
	t.budget += len(t.seen) * sightingSize
	t.seen = nil
	for name, items := range t.sightings {
		if items >= sighted {
			t.shortcodes[name] = true
		}
	}
	t.sightings = nil
}

// page gives the slug of a page and the one above it.
func (t *tables) page(id int64) (slug string, parent int64, ok bool) {
	for _, kind := range []Kind{Page, Left} { // of an auto-draft other pages may be children, too
		if p, ok := t.pages[itemKey{id, kindByte(kind)}]; ok {
			return p.slug, p.parent, true
		}
	}
	return "", 0, false
}

// languages are the tags seen, most frequent first.
func (t *tables) languages() []string {
	var list []string
	for l := range t.langs {
		list = append(list, l)
	}
	sort.Slice(list, func(i, j int) bool {
		if a, b := t.langs[list[i]], t.langs[list[j]]; a != b {
			return a > b
		}
		return list[i] < list[j]
	})
	return list
}

func kindByte(k Kind) byte {
	if k == Page {
		return 'g'
	}
	return k[0]
}
