package article

import "dateline/internal/richtext"

// Digest is what Put needs of a body: its stored form, and what lists show of
// it. Whoever stores many articles makes digests beside the writer, which
// works on one article at a time.
type Digest struct {
	stored string
	words  int
	teaser string
}

// DigestOf makes the digest of a body.
func DigestOf(body richtext.Doc) *Digest {
	text := body.Text()
	return &Digest{stored: body.Store(), words: countWords(text), teaser: richtext.Excerpt(body.Prose(4*teaserLetters), teaserLetters)}
}

// Stored is the body's stored form (docs/contracts/body.md).
func (d *Digest) Stored() string { return d.stored }

// countWords counts what white space parts. Texts are folded, so a byte tells.
func countWords(text string) int {
	n, inside := 0, false
	for i := range len(text) {
		space := text[i] <= ' '
		if !space && !inside {
			n++
		}
		inside = !space
	}
	return n
}
