package richtext

// Bounds of a body. A request may carry 2 MiB of article; these keep a hostile
// one from growing on the way in or out.
const (
	maxBlocks    = 20_000  // top-level blocks
	maxCost      = 4 << 20 // bytes of text and addresses, 24 per span
	maxFrames    = 100     // open block elements
	maxInline    = 64      // open inline elements
	maxListDepth = 6
	maxSpan      = 100 // colspan, rowspan
	maxStart     = 1_000_000
	maxTitle     = 300 // bytes of titles, credits, alternative texts … are ×4
	maxNotes     = 50
	maxPlaces    = 5000 // that links may lead to
)
