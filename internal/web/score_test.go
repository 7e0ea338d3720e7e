package web

import (
	"net/http"
	"testing"

	"dateline/internal/webtest"
)

func score(t *testing.T, h http.Header) int {
	t.Helper()
	points, faults := webtest.Score(h, "")
	for _, f := range faults {
		t.Error(f)
	}
	return points
}

// The checker scores pages. Feeds, pictures and files lose 10 points because other
// sites, readers of feeds and messengers may show them, on purpose, and a
// drawing 10 more for its styles; a page adds 5 by integrity attributes, which
// is a matter of themes.
var leastScore = [kinds]int{Page: 150, Data: 150, Asset: 150, Feed: 140, Media: 140, Drawing: 130, Desk: 150}

func TestScoreOfEveryKind(t *testing.T) {
	for k := range kinds {
		h := http.Header{}
		secure(h, transport)
		as(h, k)
		if got := score(t, h); got < leastScore[k] {
			t.Errorf("kind %d: %d points, want %d: %v", k, got, leastScore[k], h)
		}
	}
	// The score itself must be able to fail.
	if got := score(t, http.Header{}); got != 30 {
		t.Errorf("nothing at all: %d points, want 30", got)
	}
}
