package richtext

// Doc is the body of an article.
type Doc struct {
	Blocks []Block
}

// Kind is the kind of a block.
type Kind uint8

// The kinds of blocks. Item lives in a List only; every other kind may stand
// at the top of a body.
const (
	Paragraph Kind = iota + 1
	Heading        // Level 2–4
	Quote          // Children: the words; By: the speaker
	Pull           // a sentence of the article, repeated large
	Aside          // a box beside the text; Children
	List           // Children: items; Ordered, Level = first number
	Item           // Inline, then Children: nested lists
	Figure         // Media, Text = alternative text, Caption, Credit
	Gallery        // Children: two figures or more; Caption
	Table          // Rows, Caption
	Rule           // a break between scenes
	Code           // Text
	Footnote       // Inline; referred to by a NoteRef span
	Card           // Href, Text = title: a link in place of an embed
)

// Block is one block of a body. Which fields a kind uses is told at the kinds;
// the others are zero.
type Block struct {
	Kind     Kind
	Ordered  bool   // List: numbered
	Level    int    // Heading: 2–4; ordered List: the first number
	ID       string // top-level blocks only: unique in the body, never reused
	Inline   []Span
	By       []Span // Quote: the speaker
	Caption  []Span // Figure, Gallery, Table
	Children []Block
	Rows     []Row
	Text     string // Code: the code; Figure: alternative text; Card: title
	Credit   string // Figure: overrides the medium's credit
	Href     string // Card: http or https address
	Media    int64  // Figure: id of the medium
}

// Row is a row of a table. Head rows come first.
type Row struct {
	Head  bool
	Cells []Cell
}

// Cell is a cell of a table. Spans are 0 (meaning 1) or 2–100.
type Cell struct {
	Head    bool // th
	Number  bool // set flush right
	ColSpan int
	RowSpan int
	Inline  []Span
}

// SpanKind is the kind of a span.
type SpanKind uint8

// The kinds of spans.
const (
	Text    SpanKind = iota
	Break            // a line break
	NoteRef          // a reference to the Footnote whose ID is Text
)

// Mark is a set of inline marks. The order of the bits is the order of
// nesting in the stored form, outermost first: q must not be split by the
// others, because each q prints its own quotation marks.
type Mark uint16

// The inline marks. Language, Link carry a value in the span.
const (
	QuoteMark Mark = 1 << iota // q
	Isolate                    // bdi
	Language                   // span lang
	Link                       // a href
	Abbr                       // abbr title
	Strong
	Em
	Strike
	Sub
	Sup
	CodeMark
	markEnd
)

// Span is a stretch of text with one set of marks.
type Span struct {
	Kind  SpanKind
	Marks Mark
	Text  string
	Href  string // Link: http, https, mailto, tel, "ref:…", or "#" and the ID of a block of this body
	Lang  string // Language: BCP 47 tag
	Title string // Abbr: what it is short for, may be empty
}

// same reports whether two spans carry the same marks with the same values.
func same(a, b *Span) bool {
	return a.Marks == b.Marks && a.Href == b.Href && a.Lang == b.Lang && a.Title == b.Title
}

// fork returns the first mark in nesting order that a and b do not share;
// markEnd if they agree in all.
func fork(a, b *Span) Mark {
	m := markEnd
	if x := a.Marks ^ b.Marks; x != 0 {
		m = x & -x
	}
	shared := a.Marks & b.Marks
	if shared&Language != 0 && a.Lang != b.Lang {
		m = min(m, Language)
	}
	if shared&Link != 0 && a.Href != b.Href {
		m = min(m, Link)
	}
	if shared&Abbr != 0 && a.Title != b.Title {
		m = min(m, Abbr)
	}
	return m
}

// Note tells of something the sanitiser changed or left out.
type Note struct {
	Kind   string // removed-element, removed-script, embed, bad-url, too-long …
	Detail string // the element's name, the address …; at most 120 bytes or so
	Count  int    // how many times
}

// Options are the importer's or the editor's part in reading HTML.
type Options struct {
	// Lang is the article's language; passages in it need no mark.
	Lang string
	// Link maps a raw href to a "ref:…" reference, or to the whole address that
	// a relative one means; nil maps nothing.
	Link func(raw string) (ref string, ok bool)
	// Image maps a picture (or a video, sound or file in a media element) to
	// a medium's id. If it is nil or says no, the picture becomes a link card.
	Image func(src string, attrs map[string]string) (mediaID int64, ok bool)
	// NextID gives fresh ids of blocks: "b", a digit, then digits and small
	// letters. nil numbers them b1, b2, …. Valid ids of the input are kept.
	NextID func() string
	// Foreign refuses "ref:…" addresses found in the input itself: for HTML
	// that was not written on this site.
	Foreign bool
	// BlankLines takes blank lines as ends of paragraphs and single ends of
	// line as breaks, everywhere but in preformatted text, as WordPress shows
	// what its classic editor stored.
	BlankLines bool
}
