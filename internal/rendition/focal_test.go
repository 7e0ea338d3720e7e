package rendition

import "testing"

func TestFocal(t *testing.T) {
	for _, c := range [][2]int{{0, 0}, {1000, 0}, {0, 1000}, {1000, 1000}, {333, 999}} {
		f := FocalAt(c[0], c[1])
		if x, y := f.At(1, 2); x != c[0] || y != c[1] || f == 0 || !f.Known() {
			t.Errorf("%v is kept as %d and comes back as %d, %d", c, f, x, y)
		}
	}
	if FocalAt(-3, 2000) != FocalAt(0, 1000) {
		t.Error("what is beyond the picture is not on its edge")
	}
	for _, f := range []Focal{0, -1, each*each + 1} {
		if x, y := f.At(1, 2); x != 1 || y != 2 || f.Known() != (f == 0) {
			t.Errorf("%d is a point: %d, %d", f, x, y)
		}
	}
}
