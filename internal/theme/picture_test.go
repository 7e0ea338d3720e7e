package theme

import (
	"strings"
	"testing"

	"dateline/internal/lang"
	"dateline/internal/rendition"
)

func sized(other ...rendition.Format) *Picture {
	return &Picture{URL: "/media/abc/bridge.jpg", Alt: "a", Width: 2400, Height: 1800, FocalX: 300, FocalY: 100, Colour: "#336699",
		Sizes: rendition.Set{Base: "/media/abc/", Name: "bridge", Version: "4f9a0c1e", Default: rendition.JPEG, Other: other,
			Width: 2400, Height: 1800, FocalX: 300, FocalY: 100}}
}

func TestPictureSizes(t *testing.T) {
	const v = "/media/abc/3x2-"
	img := `<img src="` + v + `480-4f9a0c1e/bridge.jpg" srcset="` + v + `160-4f9a0c1e/bridge.jpg 160w, ` + v + `320-4f9a0c1e/bridge.jpg 320w, ` + v +
		`480-4f9a0c1e/bridge.jpg 480w" sizes="(min-width: 48rem) 14rem, 9rem" alt="a" width="480" height="320" class="fx3 fy1 tint tr3 tg6 tb9" loading="lazy" decoding="async">`
	if got, err := pictureElement(lang.Of("en"), sized(), "thumb"); err != nil || string(got) != img {
		t.Errorf("got  %s\nwant %s (%v)", got, img, err)
	}
	// With an encoder there the same, and before it what is smaller.
	got, err := pictureElement(lang.Of("en"), sized(rendition.AVIF), "thumb")
	want := `<picture><source type="image/avif" srcset="` + v + `160-4f9a0c1e/bridge.avif 160w, `
	if err != nil || !strings.HasPrefix(string(got), want) || !strings.HasSuffix(string(got), img+"</picture>") {
		t.Errorf("got  %s\nwant %s (%v)", got, want, err)
	}
	// Every place: what is printed is had, and nothing is wider than the picture.
	for where := range places {
		for _, p := range []*Picture{sized(), sized(rendition.AVIF, rendition.WebP)} {
			p.Sizes.Width, p.Sizes.Height = 700, 900
			got, err := pictureElement(lang.Of("en"), p, where)
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, word := range strings.FieldsFunc(string(got), func(r rune) bool { return r == '"' || r == ' ' }) {
				if rest, ok := strings.CutPrefix(word, p.Sizes.Base); ok {
					found++
					if _, w, _, current, ok := p.Sizes.Find(rest); !ok || !current || w > 700 {
						t.Errorf("%s: %s is not had", where, word)
					}
				}
			}
			if found < 2 || !strings.Contains(string(got), ` width="`) || strings.Contains(string(got), `height="0"`) {
				t.Errorf("%s: %s", where, got)
			}
		}
	}
	if s := Sources(&Picture{URL: "/a.svg"}, "hero"); s != nil {
		t.Errorf("a drawing has sources: %v", s)
	}
	hostile := sized()
	hostile.Sizes.Base = "javascript:alert(1)/"
	if got, _ := pictureElement(lang.Of("en"), hostile, "hero"); strings.Contains(string(got), "javascript") {
		t.Error(got)
	}
}

func TestTint(t *testing.T) {
	for in, want := range map[string]string{"#000000": "tint tr0 tg0 tb0", "#ffffff": "tint trf tgf tbf", "#336699": "tint tr3 tg6 tb9",
		"#3a5f9e": "tint tr3 tg6 tb9", "": "", "red": "", "#12345": "", "#12345g": "", "1234567": "", "#+12345": ""} {
		if got := Tint(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
