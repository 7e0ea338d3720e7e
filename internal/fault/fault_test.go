package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestKindSurvivesWrapping(t *testing.T) {
	base := errors.New("disk full")
	err := fmt.Errorf("saving: %w", New(Unavailable, "writing: %w", base))
	if KindOf(err) != Unavailable || !Is(err, Unavailable) {
		t.Errorf("kind = %v, want %v", KindOf(err), Unavailable)
	}
	if !errors.Is(err, base) {
		t.Error("the cause is lost")
	}
	if got, want := err.Error(), "saving: writing: disk full"; got != want {
		t.Errorf("text = %q, want %q", got, want)
	}
	if KindOf(base) != Internal || Is(nil, Internal) {
		t.Error("a plain error is Internal; no error is of no kind")
	}
	if got := Field("slug", "has a space").Error(); got != "slug: has a space" {
		t.Errorf("text = %q", got)
	}
}
