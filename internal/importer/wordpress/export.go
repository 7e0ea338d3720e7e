package wordpress

// Options say how to read an export.
type Options struct {
	KeepEmails bool // of commenters
	// MaxText is the most that one element may hold, in bytes; what is more
	// is dropped and noted. 0: 16 MiB.
	MaxText int
}

// Export is an opened export: its head is read, its items wait. It keeps no
// file open between calls and is safe for concurrent reading, except Items.
type Export struct {
	head Head
}

// Open reads heads and tables of all files. It fails only when a file cannot
// be read at all; one that breaks off later is told by Head().Files and by
// Items.
func Open(paths []string, opt Options) (*Export, error) { return nil, nil }

// Head is what stands before the items.
func (x *Export) Head() *Head { return &x.head }

// Items yields the items in the order of the files. An error of yield ends
// the reading and is returned. Each broken file yields what stands before
// the break; the others are still read; then the first break is returned.
func (x *Export) Items(yield func(Item) error) error { return nil }

// Place tells where a post, page or attachment stands.
func (x *Export) Place(id int64) (Place, bool) { return Place{}, false }

// File tells about an attachment by its id.
func (x *Export) File(id int64) (FileInfo, bool) { return FileInfo{}, false }

// FileByURL finds an attachment by the address of its file or of one of its
// smaller renditions ("a-300x200.jpg"), whatever the scheme and host.
func (x *Export) FileByURL(url string) (id int64, ok bool) { return 0, false }

// Attached lists the attachments of a post, in their order.
func (x *Export) Attached(post int64) []int64 { return nil }
