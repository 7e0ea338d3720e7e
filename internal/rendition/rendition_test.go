package rendition

import (
	"image"
	"slices"
	"testing"
)

func TestCut(t *testing.T) {
	for _, c := range []struct {
		w, h, fx, fy int
		shape        Shape
		want         image.Rectangle
	}{
		{3000, 2000, 500, 500, Whole, image.Rect(0, 0, 3000, 2000)},
		{3000, 2000, 500, 500, Three2, image.Rect(0, 0, 3000, 2000)},
		{3000, 2000, 500, 500, Square, image.Rect(500, 0, 2500, 2000)},
		{3000, 2000, 0, 0, Square, image.Rect(0, 0, 2000, 2000)},
		{3000, 2000, 1000, 0, Square, image.Rect(1000, 0, 3000, 2000)},
		{2000, 3000, 500, 250, Wide, image.Rect(0, 188, 2000, 1313)},
		{2000, 3000, 500, 950, Square, image.Rect(0, 1000, 2000, 3000)},
		{1, 5000, 500, 500, Wide, image.Rect(0, 2500, 1, 2501)},
		{5000, 1, 500, 500, Wide, image.Rect(2499, 0, 2501, 1)},
		{1, 1, 500, 500, Four3, image.Rect(0, 0, 1, 1)},
	} {
		s := Set{Width: c.w, Height: c.h, FocalX: c.fx, FocalY: c.fy}
		got := s.Cut(c.shape)
		if got != c.want {
			t.Errorf("%d×%d at %d,%d to %q: %v, want %v", c.w, c.h, c.fx, c.fy, c.shape, got, c.want)
		}
		if !got.In(image.Rect(0, 0, c.w, c.h)) || got.Empty() {
			t.Errorf("%v is not within %d×%d", got, c.w, c.h)
		}
	}
}

func TestWidths(t *testing.T) {
	for _, c := range []struct {
		w, h   int
		shape  Shape
		lo, hi int
		want   []int
	}{
		{4000, 3000, Whole, 0, Max, []int{160, 320, 480, 640, 960, 1280, 1600, 1920}},
		{1920, 1080, Whole, 0, Max, []int{160, 320, 480, 640, 960, 1280, 1600, 1920}},
		{1000, 800, Whole, 0, Max, []int{160, 320, 480, 640, 960, 1000}},
		{1000, 800, Square, 0, Max, []int{160, 320, 480, 640, 800}},
		{1000, 800, Whole, 320, 640, []int{320, 480, 640}},
		{100, 80, Whole, 320, 640, []int{100}},
		{4000, 3000, Whole, 0, 10, []int{160}},
		{4000, 3000, Whole, 9000, 9999, []int{1920}},
	} {
		s := Set{Width: c.w, Height: c.h, Default: JPEG}
		if got := s.Widths(c.shape, c.lo, c.hi); !slices.Equal(got, c.want) {
			t.Errorf("%d×%d %q %d–%d: %v, want %v", c.w, c.h, c.shape, c.lo, c.hi, got, c.want)
		}
	}
	if got := (Set{}).Widths(Whole, 0, Max); got != nil {
		t.Errorf("nothing gave %v", got)
	}
}

func TestAddresses(t *testing.T) {
	s := Set{Base: "/media/abc/", Name: "most.v2", Version: "4f9a0c1e", Default: JPEG, Width: 1000, Height: 750}
	if got := s.URL(Whole, 640, JPEG); got != "/media/abc/640-4f9a0c1e/most.v2.jpg" {
		t.Error(got)
	}
	if got := s.URL(Wide, 640, AVIF); got != "/media/abc/16x9-640-4f9a0c1e/most.v2.avif" {
		t.Error(got)
	}
	for _, shape := range []Shape{Whole, Square, Four3, Three2, Wide} {
		for _, w := range s.Widths(shape, 0, Max) {
			gs, gw, gf, current, ok := s.Find(s.URL(shape, w, WebP)[len(s.Base):])
			if gs != shape || gw != w || gf != WebP || !current || !ok {
				t.Errorf("%q %d came back as %q %d %q %v %v", shape, w, gs, gw, gf, current, ok)
			}
		}
	}
	if _, _, _, current, ok := s.Find("640-00000000/most.v2.jpg"); current || !ok {
		t.Error("an earlier version is not known as one")
	}
	for _, rest := range []string{"", "640", "640-4f9a0c1e", "640-4f9a0c1e/", "641-4f9a0c1e/most.v2.jpg", "0640-4f9a0c1e/most.v2.jpg",
		"+640-4f9a0c1e/most.v2.jpg", "1280-4f9a0c1e/most.v2.jpg", "2x1-640-4f9a0c1e/most.v2.jpg", "-640-4f9a0c1e/most.v2.jpg",
		"640-4f9a0c1/most.v2.jpg", "640-4F9A0C1E/most.v2.jpg", "640-4f9a0c1e/other.jpg", "640-4f9a0c1e/most.v2.png",
		"640-4f9a0c1e/most.v2.gif", "640-4f9a0c1e/most.v2.jpg/x", "1x1-1x1-640-4f9a0c1e/most.v2.jpg", "999999999999999999999-4f9a0c1e/most.v2.jpg"} {
		if _, _, _, _, ok := s.Find(rest); ok {
			t.Errorf("%q was found", rest)
		}
	}
	if _, _, _, _, ok := (Set{}).Find("640-4f9a0c1e/.jpg"); ok {
		t.Error("a picture without sizes has one")
	}
}

func TestHeight(t *testing.T) {
	s := Set{Width: 4000, Height: 3000}
	for _, c := range []struct {
		shape Shape
		w, h  int
	}{{Whole, 640, 480}, {Wide, 1920, 1080}, {Square, 320, 320}, {Three2, 480, 320}, {Four3, 320, 240}, {Wide, 1, 1}} {
		if got := s.HeightOf(c.shape, c.w); got != c.h {
			t.Errorf("%q %d: %d", c.shape, c.w, got)
		}
	}
}
