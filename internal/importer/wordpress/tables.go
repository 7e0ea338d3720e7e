package wordpress

import (
	"path"
	"regexp"
	"sort"
	"strings"
	"time"
)

// placeKey finds where something stands: ids are a site's own, and a damaged
// export may use one for a post and for an attachment.
type placeKey struct {
	id   int64
	site uint16
	kind byte // see kindByte
}

// place is a Place, kept small: an export may hold a million posts.
type place struct {
	text      string // slug, tab, link (not of posts)
	parent    int64
	published int64 // seconds
	typ       string
	file      int32
}

// tables are what content refers to, wherever it stands in the export.
type tables struct {
	places   map[placeKey]place
	repeated map[placeKey]bool // ids that more than one thing of a kind has
	files    map[placeKey]FileInfo
	byPath   map[string]placeKey // attachments by the path of their file
	attached map[placeKey][]int64
	groups   map[string]map[string]int64 // Polylang: group, language → post id
	groupOf  map[placeKey]string
	copied   map[placeKey]bool // originals of WPML's duplicates
	logins   map[string]bool
	langs    map[string]int
	offsets  map[int]int
	budget   int // bytes that the tables may still take
	full     bool
}

// maxTables bounds the tables; some 200,000 posts fit. The collector may let
// twice as much stand, and the import has other uses for its 150 MB.
const maxTables = 40 << 20

func newTables() *tables {
	return &tables{
		places: map[placeKey]place{}, repeated: map[placeKey]bool{}, files: map[placeKey]FileInfo{},
		byPath: map[string]placeKey{}, attached: map[placeKey][]int64{}, groups: map[string]map[string]int64{},
		groupOf: map[placeKey]string{}, copied: map[placeKey]bool{}, logins: map[string]bool{}, langs: map[string]int{}, offsets: map[int]int{},
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
func (t *tables) add(it *rawItem, site uint16, file int) {
	kind := kindOf(it.f[eType], it.f[eStatus])
	for _, s := range []string{it.f[eTitle], it.f[eExcerpt]} {
		if l := splitLangs(s); l != nil {
			for _, lang := range l.langs {
				t.langs[lang]++
			}
			break
		}
	}
	if lang := itemLang(it); lang != "" {
		t.langs[lang]++
	}
	when := datesOf(it)
	if when.zoneKnown && (kind == Post || kind == Page) && len(t.offsets) < 200 {
		t.offsets[when.offset]++
	}
	id := number(it.f[ePostID])
	if id == 0 {
		return
	}
	key := placeKey{id, site, kindByte(kind)}
	slug := decodeSlug(it.f[ePostName])
	if old, ok := t.places[key]; ok {
		if oldSlug, _, _ := strings.Cut(old.text, "\t"); int(old.file) == file || oldSlug != slug {
			t.repeated[key] = true // in another file with the same slug it is the same item
		}
		return
	}
	if of := number(it.metaValue(dupKeys...)); of > 0 && t.spend(40) {
		t.copied[placeKey{of, site, kindByte(kind)}] = true
	}
	link := it.f[eLink]
	if len(link) > 512 || kind == Post { // content links to posts by their old addresses
		link = ""
	}
	if !t.spend(150 + len(slug) + len(link)) {
		return
	}
	t.places[key] = place{
		text: slug + "\t" + link, parent: number(it.f[eParent]), published: when.published.Unix(), typ: it.f[eType], file: int32(file),
	}
	if kind == Attachment {
		t.addFile(it, key)
	}
	if group := groupTerm(it); group != "" && t.spend(64+len(group)) {
		t.groupOf[key] = group
	}
}

func (t *tables) addFile(it *rawItem, key placeKey) {
	info := it.upload()
	if !t.spend(300 + 2*len(info.URL) + 2*len(info.Path) + len(info.Caption) + len(info.Alt)) {
		return
	}
	t.files[key] = info
	for _, p := range []string{info.Path, pathKey(info.URL)} {
		if p != "" {
			if _, taken := t.byPath[p]; !taken {
				t.byPath[p] = key
			}
		}
	}
	if parent := number(it.f[eParent]); parent > 0 {
		up := placeKey{parent, key.site, 0}
		t.attached[up] = append(t.attached[up], key.id)
	}
}

// pathKey is what stays the same of a file's address when the site moves or
// changes its scheme: the path below the uploads, else the path.
func pathKey(url string) string {
	if p := pathOfURL(url); p != "" {
		return p
	}
	_, rest, ok := strings.Cut(url, "//")
	if !ok {
		rest = url
	}
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		rest = rest[i+1:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	rest, _, _ = strings.Cut(rest, "#")
	return decodeSlug(rest)
}

// rendition is what WordPress adds to the names of smaller or edited copies.
var rendition = regexp.MustCompile(`(-\d{1,5}x\d{1,5})$|(-scaled)$|(-rotated)$|(-e\d{10,14})$`)

// find is the attachment whose file, or a copy of it, stands at url.
func (t *tables) find(url string) (placeKey, bool) {
	p := pathKey(url)
	if p == "" {
		return placeKey{}, false
	}
	if k, ok := t.byPath[p]; ok {
		return k, true
	}
	ext := path.Ext(p)
	name := strings.TrimSuffix(p, ext)
	for range 3 {
		if k, ok := t.byPath[name+"-scaled"+ext]; ok {
			return k, true
		}
		short := rendition.ReplaceAllString(name, "")
		if short == name {
			break
		}
		name = short
		if k, ok := t.byPath[name+ext]; ok {
			return k, true
		}
	}
	return placeKey{}, false
}

func (t *tables) place(site uint16, id int64) (Place, bool) {
	for _, kind := range []Kind{Post, Page, Attachment, Left} {
		if p, ok := t.places[placeKey{id, site, kindByte(kind)}]; ok {
			slug, link, _ := strings.Cut(p.text, "\t")
			out := Place{ID: id, Type: p.typ, Slug: slug, Parent: p.parent, Link: link}
			if p.published != (time.Time{}).Unix() {
				out.Published = time.Unix(p.published, 0).UTC()
			}
			return out, true
		}
	}
	return Place{}, false
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
