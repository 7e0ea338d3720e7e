package wordpress

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// fileTable is what texts need of attachments, wherever they stand in the
// export: where the file is, and what is said of it.
type fileTable struct {
	at       pairs // attachment → its place in texts
	byPath   pairs // hash of its path → attachment
	attached pairs // post → attachment
	texts    arena
	roots    []string // what stands before the paths in addresses
}

// addFile notes an attachment. Its words are kept while half of the tables is
// free: a file that is taken brings them along, and only the link in place of
// one that is not would miss them.
func (t *tables) addFile(it *rawItem, id int64) {
	info := it.upload("")
	if t.budget < maxTables/2 {
		info.Alt, info.Caption, info.Alts, info.Captions = "", "", nil, nil
	}
	root, url := 0, info.URL
	if before, ok := strings.CutSuffix(url, info.Path); ok && info.Path != "" {
		if root = slices.Index(t.files.roots, before) + 1; root == 0 && len(t.files.roots) < 200 {
			t.files.roots = append(t.files.roots, before)
			root = len(t.files.roots)
		}
		if root > 0 {
			url = ""
		}
	}
	list := []string{strconv.Itoa(root), url, info.Path, info.Alt, info.Caption, strconv.Itoa(len(info.Alts)), strconv.Itoa(len(info.Captions))}
	for _, words := range []map[string]string{info.Alts, info.Captions} {
		for l, text := range words {
			list = append(list, l, text)
		}
	}
	var keys []string
	for _, p := range []string{fileKey(info.Path), pathKey(info.URL)} {
		if p != "" && !slices.Contains(keys, p) {
			keys = append(keys, p)
		}
	}
	parent := number(it.f[eParent])
	size := pairSize * (1 + len(keys) + int(min(parent, 1)))
	for _, s := range list {
		size += len(s) + 1
	}
	if !t.spend(size) {
		return
	}
	t.files.at.add(uint64(id), t.files.texts.put(list...))
	for _, p := range keys {
		t.files.byPath.add(t.hash(p), id)
	}
	if parent > 0 {
		t.files.attached.add(uint64(parent), id)
	}
}

func (f *fileTable) settle() {
	f.at.settle()
	f.byPath.settle()
	f.attached.settle()
}

// file tells about an attachment. Of two with one id the first counts.
func (t *tables) file(id int64) (info FileInfo, ok bool) {
	found := t.files.at.of(uint64(id))
	if len(found) == 0 {
		return info, false
	}
	at := found[0].value
	head := t.files.texts.get(at, 7)
	info = FileInfo{URL: head[1], Path: head[2], Alt: head[3], Caption: head[4]}
	if root := number(head[0]); root > 0 {
		info.URL = t.files.roots[root-1] + info.Path
	}
	alts, captions := int(number(head[5])), int(number(head[6]))
	if alts+captions > 0 {
		words := t.files.texts.get(at, 7+2*(alts+captions))[7:]
		info.Alts, info.Captions = byLang(words[:2*alts]), byLang(words[2*alts:])
	}
	return info, true
}

func byLang(list []string) map[string]string {
	if len(list) == 0 {
		return nil
	}
	out := map[string]string{}
	for i := 0; i < len(list); i += 2 {
		out[list[i]] = list[i+1]
	}
	return out
}

// attached are the attachments of a post, in their order.
func (t *tables) attached(post int64) []int64 {
	var out []int64
	for _, p := range t.files.attached.of(uint64(post)) {
		if !slices.Contains(out, p.value) {
			out = append(out, p.value)
		}
	}
	return out
}

// fileKey is a path as it is looked for: a Mac writes its letters apart.
func fileKey(path string) string { return norm.NFC.String(path) }

// pathKey is what stays the same of a file's address when the site moves or
// changes its scheme: the path below the uploads, else the path.
func pathKey(url string) string {
	if p := pathOfURL(url); p != "" {
		return fileKey(p)
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
func (t *tables) find(url string) (id int64, ok bool) {
	p := pathKey(url)
	if p == "" {
		return 0, false
	}
	at := func(path string) bool {
		found := t.files.byPath.of(t.hash(path))
		if ok = len(found) > 0; ok {
			id = found[0].value
		}
		return ok
	}
	if at(p) {
		return id, true
	}
	ext := path.Ext(p)
	name := strings.TrimSuffix(p, ext)
	for range 3 {
		if at(name + "-scaled" + ext) {
			return id, true
		}
		short := rendition.ReplaceAllString(name, "")
		if short == name {
			break
		}
		name = short
		if at(name + ext) {
			return id, true
		}
	}
	return 0, false
}
