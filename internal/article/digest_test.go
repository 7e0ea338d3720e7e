package article

import (
	"testing"

	"dateline/internal/richtext"
)

// TestTeaser: lists show how an article begins, not what its picture shows.
func TestTeaser(t *testing.T) {
	body, _ := richtext.FromHTML(`<figure><img src="ref:media/4"><figcaption>A bridge</figcaption></figure><p>The bridge is open.</p>`, richtext.Options{})
	if d := DigestOf(body); d.teaser != "The bridge is open." || d.words != 6 {
		t.Errorf("%q, %d words", d.teaser, d.words)
	}
}
