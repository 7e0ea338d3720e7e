package theme

// SearchPage is what was found for a reader's words, or the question itself.
type SearchPage struct {
	Frame
	// Action is where the form leads: this edition's search.
	Action string
	// Query is what was asked, as typed; empty: nothing yet.
	Query string
	// Summary is one sentence about how much was found, or nothing, or why not.
	Summary string
	// Notes are further sentences: that the query was too long, that a date
	// could not be read.
	Notes []string
	// Meant is what the reader may have meant, the likeliest first: two at most, as
	// links to searching for them.
	Meant []Link
	// Active are the filters that are on, by what they say ("Section: Railway"), each
	// with the way to the same search without it.
	Active []Link
	// Wider leads from a part to searching everything. Nil: no filter is on.
	Wider *Link
	// Instead is something else to read where nothing was found.
	Instead *Block
	// Hits are the articles found.
	Hits []Hit
	// Orders are the two orders, the current one marked.
	Orders []Link
	// Hidden keeps the order and the filters when other words are asked for.
	Hidden []Field
	// When, Sections, Authors, InEditions narrow the search: groups of choices.
	// Without When there is nothing to narrow.
	When, Sections, Authors, InEditions []Choice
	// From and Until are days, as an input of type date has them; empty: none.
	// Earliest and Latest are those between which articles may be.
	From, Until, Earliest, Latest string
	// DaysHint says since when there are articles; may be empty.
	DaysHint string
	// Elsewhere leads, where nothing was found here, to the same words in those
	// editions that have something, with how much in Note.
	Elsewhere []EditionLink
	// Pager leads on.
	Pager Pager
	// Help is shown where nothing was asked or found.
	Help bool
}

// Kind is "search".
func (*SearchPage) Kind() string { return "search" }

// Hit is an article found.
type Hit struct {
	Card
	// Title is the headline and Passage a passage of the text, with the words
	// that were looked for marked. Without Passage the card's teaser stands.
	Title, Passage []Piece
	// Found is what else of the article has words that were looked for, which
	// neither headline nor text have: captions, tags, names.
	Found []Found
}

// Found is a field of an article that was found.
type Found struct {
	// Label says what it is: "Tag"; empty: it speaks for itself.
	Label string
	Text  []Piece
}

// Piece is a piece of a text; Marked are the words that were looked for.
type Piece struct {
	Text   string
	Marked bool
}

// Field is a hidden field of a form.
type Field struct{ Name, Value string }

// Choice is one of a group's.
type Choice struct {
	Name, Value string
	// Lang is the BCP 47 tag of the name where it is not the page's.
	Lang string
	// Count is how many of the found articles it would leave; 0: not said.
	Count   int
	Current bool
}
