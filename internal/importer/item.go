package importer

import (
	"time"

	"dateline/internal/richtext"
)

// Source is an export of another system, opened. A closet reads it.
type Source interface {
	// Head is what stands before the items.
	Head() *Head
	// Each yields the items in the order of the files, as often as it is
	// called. An error of yield ends the reading and is returned. Of a broken
	// file comes what stands before the break; the others are still read; then
	// the first break is returned, with file and line.
	Each(yield func(Item) error) error
	// Page gives the slug of a page and the id of the page above it, 0 if there
	// is none.
	Page(id int64) (slug string, parent int64, ok bool)
	// Original is the address of a file of which a service shows copies, where
	// url is of such a service; else url.
	Original(url string) string
	// Revised tells whether the export has earlier texts of a post or page.
	Revised(id int64) bool
	// FileByURL finds an attachment by the address of its file or of one of
	// its smaller renditions, whatever the scheme and host.
	FileByURL(url string) (id int64, ok bool)
	// TermUses counts the articles that carry a term by their language, "" being
	// the export's own; AuthorUses those that somebody wrote.
	TermUses(taxonomy, slug string) map[string]int
	AuthorUses(AuthorRef) map[string]int
	// Upload is the path below the old site's uploads directory that an
	// address leads to; empty: to none.
	Upload(url string) string
}

// Kind is what an item of an export is to us.
type Kind string

// The kinds. Left is what we do not take: menus, styles, unknown types;
// Item.Why says why.
const (
	Post       Kind = "post"
	Page       Kind = "page"
	Attachment Kind = "attachment"
	Revision   Kind = "revision"
	Left       Kind = "left"
)

// Level is what a note tells an editor.
type Level string

// The levels: something is lost or wrong; something was taken but differently;
// something was not taken, on purpose.
const (
	LevelError   Level = "error"
	LevelChanged Level = "changed"
	LevelLeft    Level = "left"
)

// Note is one line for the report.
type Note struct {
	Level Level
	Kind  string // post, page, attachment, revision, comment, term, file, or the type of what is left
	Item  string // the source's id; empty when the note is about a file
	File  string
	Line  int // 1-based; 0 unknown
	Why   string
	Often bool // harmless and common: counted over all items and told once
}

// Item is one thing of an export, or one language of it: qTranslate keeps
// several languages in one post, which becomes several Items with one Group.
// All strings are clean plain text in NFC, unless said otherwise.
type Item struct {
	File string
	Line int    // where its <item> begins
	Site string // address of the site it comes from; empty: the file does not say
	Kind Kind
	Type string // post_type as the source writes it, on one line; "post" when it is silent
	Why  string // of a Left: why it is left, in English, for the report

	// ID is the source's post id; 0 when the file has none. Key identifies
	// the item within its site, over all runs: "post/123", "page/7",
	// "attachment/9", or "post/guid:…" and "post/slug:…" without an id. The
	// same id written twice in an export is told apart by type and slug:
	// "post/123/slug". Languages of one item have the same Key; (Key, Lang)
	// is unique in an export.
	ID  int64
	Key string

	// Lang is a BCP 47 tag, or empty: the export's own language. Group is
	// the same for all items that are one story in several languages; empty:
	// a story of its own. Original is false for what is known to be a
	// translation.
	Lang     string
	Group    string
	Original bool

	GUID     string
	Link     string // address on the old site, as written
	Title    string
	Slug     string   // post_name, percent-decoded; may be empty
	OldSlugs []string // percent-decoded
	OldDates []string `json:",omitempty"` // "2006-01-02": days that its address named before

	Status    string // publish, future, draft, pending, private, trash, inherit … as the source writes it
	Protected bool   // it had a password, which is not kept
	Sticky    bool
	Open      bool // for comments
	Parent    int64
	Order     int

	// Published and Modified are zero when the source has no usable date.
	// GMT decides; where the source has only the local date, Published is the
	// wall clock written as if it were UTC, and PublishedLocal is true.
	// ZoneKnown says that both were there; OffsetMinutes is then local minus
	// GMT.
	Published      time.Time
	Modified       time.Time
	PublishedLocal bool
	ModifiedLocal  bool
	ZoneKnown      bool
	OffsetMinutes  int

	// Authors in the order of the by-line: co-authors where the source has
	// them, else the one creator.
	Authors []AuthorRef

	// Terms are the categories, tags and terms of other taxonomies, in the
	// source's order. Technical ones (language, author, post_translations)
	// are not among them. PrimaryTerm is the id of the category that Yoast
	// or Rank Math calls primary; 0 unknown (see Head.Terms for ids).
	Terms       []TermRef
	PrimaryTerm int64
	Format      string // post format: aside, gallery, link, quote, video …; empty: standard

	Kicker     string
	Subtitle   string
	Standfirst string // the excerpt as plain text; never cut from the body

	Thumbnail  int64 // attachment id of the lead picture
	Views      int64 // the largest of the known counters
	SEO        SEO
	Enclosures []Enclosure
	Shows      []string  `json:",omitempty"` // addresses that a menu leads to
	Upload     *FileInfo // of an Attachment
	Comments   []Comment // in the file's order; pingbacks and trackbacks among them, told by Type

	Notes []Note // about this item so far; Body adds its own

	// Body makes the item's text ours; nil: it has none. It may be called from
	// any goroutine, once.
	Body func(richtext.Options) (richtext.Doc, []richtext.Note) `json:"-"`
}

// Called is what the report calls an item: what is left is known by its type.
func (it *Item) Called() string {
	if it.Kind == Left && it.Type != "" {
		return it.Type
	}
	return string(it.Kind)
}

// AuthorRef names an author. Login refers to Head.Authors where one has it;
// co-authors without an account have only Name and Slug.
type AuthorRef struct {
	Login string // of dc:creator
	Slug  string // of a co-author's term, without "cap-"
	Name  string // empty: look it up in Head.Authors
}

// TermRef is a term that an item carries.
type TermRef struct {
	Taxonomy string // category, post_tag, series, …
	Slug     string // nicename, percent-decoded
	Name     string // in the item's language
}

// SEO is what search-engine plugins wrote. Templates ("%%title%%") are filled;
// a field whose template nobody but the source can fill is empty.
type SEO struct {
	Title, Description     string
	OGTitle, OGDescription string
	Hidden                 bool // search engines are to leave the page out
}

// Enclosure is a podcast's sound or another file that belongs to a post.
type Enclosure struct {
	URL      string
	Bytes    int64
	Mime     string
	Duration string // as written: "00:29:24"
}

// FileInfo is what an attachment knows about its file.
type FileInfo struct {
	URL     string // where it was
	Path    string // below the uploads directory: "2014/05/a.jpg"; "" unknown. Slashes, never "..", never absolute
	Mime    string // as the source claims; never trusted
	Width   int
	Height  int
	Alt     string
	Caption string // plain text
	Credit  string
	Rights  string // copyright or licence, as written
	Lang    string // of alternative text and caption: the attachment's, else that of the post it belongs to; "" the export's own
	// By language where the source has several; else nil.
	Alts, Captions map[string]string
}

// Comment is a reader's remark. Addresses (IP, URL) are never read; Email
// only with Options.KeepEmails.
type Comment struct {
	Line   int
	ID     int64  // 0 unknown
	Parent int64  // a Comment.ID of the same item; 0 none, also when the parent is missing or would close a circle
	Type   string // comment, pingback, trackback, or another plugin's type
	State  string // approved, pending, spam, trash
	Name   string
	Email  string
	User   int64     // an account's id: staff, if Head.Authors has it
	At     time.Time // zero unknown
	Local  bool      // At is a wall clock written as if it were UTC
	Body   string    // plain text, paragraphs divided by \n\n
}

// Head is what stands before the items, of all files together.
type Head struct {
	Title, Description string
	// Titles and Descriptions are by language where the source has several; else nil.
	Titles, Descriptions map[string]string
	Link                 string // the site's address
	BaseSite, BaseBlog   string // addresses of the network and of the site
	Language             string // as written: "ru-RU"
	Generator            string
	Version              string // of WXR, as written; "" unknown
	Files                []File
	Authors              []Author
	Terms                Terms // categories, tags and others, parents before children
	// Languages are the tags that items and terms carry, most frequent
	// first. Empty: the export knows only Language.
	Languages []string
	// Codes are what the old site's addresses call languages, where that is not
	// the tag: "kk" → "kz".
	Codes map[string][]string
	// Offsets counts posts by local minus GMT, in minutes.
	Offsets map[int]int
	// Revisions counts the items that are earlier texts of others.
	Revisions int
	Items     int // of all files
	Notes     []Note
}

// Terms are many: they are made when they are asked for.
type Terms interface {
	Len() int
	At(i int) Term
}

// File is one file of the export.
type File struct {
	Path     string
	Encoding string // utf-8, windows-1251 …
	Gzip     bool
	Items    int
	Err      error // it breaks off; Items yields what stands before the break
}

// Author is an account that wrote. Addresses and logins' secrets are not
// taken.
type Author struct {
	ID          int64
	Login, Name string
	First, Last string
	Names       map[string]string // by language where the source has several; else nil
	Bio         string            // plain text, paragraphs by \n\n
	URL         string            // the author's own site
	Portrait    int64             // attachment
}

// Term is a category, tag or term of another taxonomy.
type Term struct {
	ID          int64
	Taxonomy    string // category, post_tag, …
	Slug        string // percent-decoded
	Parent      string // slug of the parent; empty: none
	Name        string
	Description string
	Names       map[string]string // by language where the source has several; else nil
	Lang        string            // where a plugin says so
	Group       string            // terms with the same are one in several languages
	File        string
	Line        int
}
