package wordpress

import (
	"errors"
	"io"
	"regexp"
	"strings"

	"dateline/internal/fault"
)

// Options say how to read an export.
type Options struct {
	KeepEmails bool // of commenters
	// MaxText is the most that one element may hold, in bytes; what is more
	// is dropped and noted. 0: 16 MiB.
	MaxText int
	// Pause is called between pieces of some 64 KiB; it may take its time. Its
	// error ends the reading as a fault of the file would. nil: no pauses.
	Pause func() error
	// Types tells what becomes of types of posts that are none of WordPress's own:
	// Post, Page or Left. It is asked when the head is known. nil: they are left.
	Types func(*Head) (map[string]Kind, error)

	open func(path string) (io.ReadCloser, error) // for tests
}

// Export is an opened export: its head is read, its items wait. It keeps no
// file open between calls and is safe for concurrent reading, except Items.
type Export struct {
	opt    Options
	head   Head
	typed  bool // what becomes of types is known
	tables *tables
	site   string             // key of the site that it comes from, see siteKey; empty: no file says
	base   string             // its address
	slugs  map[TermRef]string // of the head's terms, by taxonomy and name
}

// Open reads heads and tables of all files. It fails only when a file cannot
// be read at all or none holds an export; one that breaks off later is told by
// Head().Files and by Items.
func Open(paths []string, opt Options) (*Export, error) {
	if opt.MaxText <= 0 {
		opt.MaxText = maxTextSize
	}
	if opt.open == nil {
		opt.open = openFile
	}
	if len(paths) == 0 {
		return nil, fault.New(fault.Invalid, "opening an export: no file was named")
	}
	x := &Export{opt: opt, tables: newTables()}
	h := newHeadReader(x)
	var strange error
	for i, p := range paths {
		base, err := x.openOne(h, i, p)
		if err != nil {
			return nil, err
		}
		key := siteKey(base)
		if x.site == "" { // a file that does not say where it comes from belongs to those that do
			x.site, x.base = key, base
		}
		if key != x.site && key != "" && strange == nil { // their ids and addresses would be taken for one site's
			strange = fault.New(fault.Invalid, "%s: this file comes from %s, but %s comes from %s; import each site by itself", p, key, paths[0], x.site)
		}
	}
	if strange != nil {
		return nil, strange
	}
	x.tables.settle()
	h.finish()
	return x, nil
}

// openOne reads a file's head and tables, and tells the address of the site it
// comes from: as it is said before the first item.
func (x *Export) openOne(h *headReader, i int, path string) (base string, err error) {
	src, err := x.open(path)
	if err != nil {
		return "", err
	}
	defer src.Close()
	file := File{Path: path, Encoding: src.encoding, Gzip: src.gzip}
	if src.declared != "" && src.declared != src.encoding && src.encoding == "utf-8" && src.declared != "utf8" {
		h.note(Note{Level: LevelChanged, Kind: "file", File: path, Line: 1, Why: "it says that it is written in " + src.declared + " but it is UTF-8"})
	}
	r := newReader(src, x.opt.MaxText)
	r.tables = true
	h.begin(path)
	r.head, r.group, r.sight = h.leaf, h.group, x.tables.sight
	r.item = func(it *rawItem) error {
		if file.Items == 0 {
			base = h.base()
			if err := x.decideTypes(base); err != nil {
				return stop{err}
			}
		}
		file.Items++
		x.tables.add(it, i)
		if x.tables.kindOf(it.f[eType], it.f[eStatus]) == Revision {
			x.head.Revisions++
		}
		h.item(it)
		return nil
	}
	if err := r.read(); err != nil {
		if s, ok := errors.AsType[stop](err); ok {
			return "", s.err
		}
		if !r.begun {
			return "", x.fault(path, err)
		}
		file.Err = x.fault(path, err)
	}
	if file.Items == 0 {
		base = h.base()
	}
	for _, n := range r.stray {
		n.File = path
		h.note(n)
	}
	x.head.Items += file.Items
	x.head.Files = append(x.head.Files, file)
	return base, nil
}

// decideTypes asks what becomes of types, for the first file that says where it
// comes from, and before that for the first one.
func (x *Export) decideTypes(base string) error {
	if x.opt.Types == nil || x.typed {
		return nil
	}
	types, err := x.opt.Types(&x.head)
	x.tables.types, x.typed = types, base != ""
	return err
}

// open opens a file, to be read at the caller's pace.
func (x *Export) open(path string) (*source, error) {
	src, err := open(x.opt.open, path)
	if err == nil && x.opt.Pause != nil {
		src.Reader = paused{src.Reader, x.opt.Pause}
	}
	return src, err
}

// paused is a reader that waits before each piece.
type paused struct {
	from io.Reader
	wait func() error
}

func (p paused) Read(b []byte) (int, error) {
	if err := p.wait(); err != nil {
		return 0, err
	}
	return p.from.Read(b[:min(len(b), sniff)])
}

// fault names file, line and cause.
func (x *Export) fault(path string, err error) error {
	var p *problem
	if errors.As(err, &p) {
		return fault.New(fault.Invalid, "%s:%d: %s", path, p.line, p.why)
	}
	return fault.New(fault.Invalid, "%s: %w", path, err)
}

// siteKey makes one of the ways to write a site's address.
func siteKey(base string) string {
	base = strings.ToLower(strings.TrimSpace(base))
	if i := strings.Index(base, "//"); i >= 0 {
		base = base[i+2:]
	}
	return strings.TrimRight(strings.TrimPrefix(base, "www."), "/")
}

// Head is what stands before the items.
func (x *Export) Head() *Head { return &x.head }

// stop carries an error of the caller's through the reader.
type stop struct{ err error }

func (s stop) Error() string { return s.err.Error() }

// Items yields the items in the order of the files. An error of yield ends
// the reading and is returned. Each broken file yields what stands before
// the break; the others are still read; then the first break is returned.
func (x *Export) Items(yield func(Item) error) error {
	var broken error
	for i := range x.head.Files {
		err := x.itemsOf(i, yield)
		var s stop
		if errors.As(err, &s) {
			return s.err
		}
		if err != nil && broken == nil {
			broken = err
		}
	}
	return broken
}

func (x *Export) itemsOf(i int, yield func(Item) error) error {
	path := x.head.Files[i].Path
	src, err := x.open(path)
	if err != nil {
		return err
	}
	defer src.Close()
	r := newReader(src, x.opt.MaxText)
	r.emails = x.opt.KeepEmails
	r.head = func(elem, string) {}
	r.group = func(elem, int, *[elems]string) {}
	b := builder{x: x, file: path, seen: map[string]int{}, once: map[uint64]bool{}}
	r.item = func(raw *rawItem) error {
		if b.again(raw) {
			return nil
		}
		for _, it := range b.items(raw) {
			if err := yield(it); err != nil {
				return stop{err}
			}
		}
		return nil
	}
	if err := r.read(); err != nil {
		var s stop
		if errors.As(err, &s) {
			return s
		}
		return x.fault(path, err)
	}
	return nil
}

// Page gives the slug of a page and the id of the one above it.
func (x *Export) Page(id int64) (slug string, parent int64, ok bool) { return x.tables.page(id) }

// Revised tells whether the export has earlier texts of a post or page.
func (x *Export) Revised(id int64) bool { return x.tables.revised[id] }

// File tells about an attachment by its id.
func (x *Export) File(id int64) (FileInfo, bool) { return x.tables.file(id) }

// photon is Jetpack's service, which shows pictures of other hosts in other
// sizes: "https://i0.wp.com/old.example/wp-content/uploads/x.jpg?resize=300".
var photon = regexp.MustCompile(`^(?i:(?:https?:)?//i\d\.wp\.com)/([^/?#]+\.[^/?#]+/[^?#]+)`)

// Original is the address of the file that Jetpack's service shows; any other
// address is its own.
func (x *Export) Original(url string) string {
	if m := photon.FindStringSubmatch(url); m != nil {
		return "https://" + m[1]
	}
	return url
}

// FileByURL finds an attachment by the address of its file or of one of its
// smaller renditions ("a-300x200.jpg"), whatever the scheme and host.
func (x *Export) FileByURL(url string) (id int64, ok bool) {
	return x.tables.find(url)
}

// Upload is the path below the uploads directory that an address of the
// export's site leads to; empty for addresses elsewhere.
func (x *Export) Upload(address string) string {
	if _, rest, ok := strings.Cut(address, "//"); ok {
		host, _, _ := strings.Cut(rest, "/")
		if own, _, _ := strings.Cut(x.site, "/"); own == "" || own != siteKey(host) {
			return ""
		}
	}
	return pathOfURL(address)
}

// Attached lists the attachments of a post, in their order.
func (x *Export) Attached(post int64) []int64 { return x.tables.attached(post) }

// FileInfo is Export.File with words in the item's language.
func (it *Item) FileInfo(id int64) (FileInfo, bool) {
	f, ok := it.export.File(id)
	if it.Lang != "" && f.Captions != nil {
		f.Caption = f.Captions[it.Lang]
	}
	if it.Lang != "" && f.Alts != nil {
		f.Alt = f.Alts[it.Lang]
	}
	return f, ok
}

// Attached is Export.Attached for the item itself.
func (it *Item) Attached() []int64 { return it.export.Attached(it.ID) }
