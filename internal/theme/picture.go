package theme

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"dateline/internal/lang"
	"dateline/internal/rendition"
)

// place says what part of a picture stands there, how wide, and how it is loaded.
type place struct {
	class string
	shape rendition.Shape
	// sizes is how wide the picture will stand (HTML §4.8.4.2.2); lo and hi are
	// the renditions' widths in pixels that can be of use there.
	sizes  string
	lo, hi int
	eager  bool
	// broad is another shape for windows as wide as tablets and wider.
	broad rendition.Shape
}

// tablet is the width from which the broad shape stands.
const tablet = "(min-width: 48rem)"

var places = map[string]place{
	"lead":     {shape: rendition.Three2, sizes: "(min-width: 75rem) 41rem, 100vw", lo: 480, hi: 1600, eager: true},
	"second":   {shape: rendition.Three2, sizes: "(min-width: 75rem) 19rem, (min-width: 48rem) 50vw, 100vw", lo: 320, hi: 960, eager: true},
	"hero":     {class: "u-photo", shape: rendition.Three2, broad: rendition.Wide, sizes: "(min-width: 75rem) 63rem, (min-width: 48rem) 42rem, 100vw", lo: 480, hi: 1920, eager: true},
	"card":     {shape: rendition.Three2, sizes: "(min-width: 75rem) 25rem, (min-width: 48rem) 50vw, 100vw", lo: 320, hi: 960},
	"thumb":    {shape: rendition.Three2, sizes: "(min-width: 48rem) 14rem, 9rem", lo: 160, hi: 480},
	"feature":  {shape: rendition.Three2, sizes: "(min-width: 48rem) 55vw, 100vw", lo: 480, hi: 1600},
	"portrait": {class: "u-photo face", shape: rendition.Square, sizes: "6rem", lo: 160, hi: 320},
	"author":   {class: "u-photo face", shape: rendition.Square, sizes: "13rem", lo: 160, hi: 480, eager: true},
	"logo":     {sizes: "5rem", lo: 160, hi: 320, eager: true},
	"figure":   {sizes: "(min-width: 48rem) 42rem, 100vw", lo: 320, hi: 1600},
	"gallery":  {sizes: "(min-width: 48rem) 21rem, 100vw", lo: 320, hi: 960},
}

// usual is the width of the rendition that programs get which read no srcset.
const usual = 960

// Source is one way to have a picture, for a browser to choose from.
type Source struct {
	// Type is a media type, Media a media query; empty: whatever the browser has.
	Type, Media string
	// Srcset and Sizes are the attributes of these names.
	Srcset, Sizes string
}

// Sources are the ways to have a picture in a place, the best first; the last
// is for the img itself. None for a picture that is had in one size alone.
func Sources(p *Picture, where string) []Source {
	at, ok := places[where]
	if !ok || p == nil || !p.Sizes.Some() || address(p.Sizes.Base) == "" {
		return nil
	}
	var out []Source
	add := func(shape rendition.Shape, media string) {
		lo := at.lo
		if media != "" { // wide windows have no use for what phones show
			lo = min(max(lo, 640), at.hi)
		}
		for _, f := range append(p.Sizes.Other[:len(p.Sizes.Other):len(p.Sizes.Other)], p.Sizes.Default) {
			s := Source{Type: f.Mime(), Media: media, Srcset: p.Sizes.Srcset(shape, lo, at.hi, f), Sizes: at.sizes}
			if f == p.Sizes.Default {
				s.Type = ""
			}
			out = append(out, s)
		}
	}
	if at.broad != rendition.Whole {
		add(at.broad, tablet)
	}
	add(at.shape, "")
	return out
}

// pictureElement is a picture in one of the places above; nil or an address
// that is none gives nothing. The focal point and the colour are classes, in
// steps of a tenth and of a sixteenth, because the content security policy
// allows no style attribute.
func pictureElement(page *lang.Locale, p *Picture, where string) (template.HTML, error) {
	at, ok := places[where]
	if !ok {
		return "", fmt.Errorf("picture: no place is called %q", where)
	}
	if p == nil || address(p.URL) == "" {
		return "", nil
	}
	var b element
	sources := Sources(p, where)
	src, width, height := address(p.URL), p.Width, p.Height
	fx, fy := p.FocalX, p.FocalY
	if len(sources) > 0 {
		all := p.Sizes.Widths(at.shape, at.lo, min(at.hi, usual))
		width = all[len(all)-1]
		height = p.Sizes.HeightOf(at.shape, width)
		src = p.Sizes.URL(at.shape, width, p.Sizes.Default)
		fx, fy = p.Sizes.FocalIn(at.shape)
	}
	if len(sources) > 1 {
		b.WriteString("<picture>")
		for _, s := range sources[:len(sources)-1] {
			b.open("source")
			b.attr("media", s.Media)
			b.attr("type", s.Type)
			b.must("srcset", s.Srcset)
			b.must("sizes", s.Sizes)
			b.WriteString(">")
		}
	}
	b.open("img")
	b.must("src", src)
	if len(sources) > 0 {
		b.must("srcset", sources[len(sources)-1].Srcset)
		b.must("sizes", at.sizes)
	}
	b.must("alt", p.Alt)
	if p.Alt != "" {
		b.attr("lang", p.Lang)
		b.attr("dir", page.Turn(p.Lang))
	}
	b.number("width", width)
	b.number("height", height)
	b.attr("class", strings.Join(strings.Fields(at.class+" "+focal(fx, fy)+" "+Tint(p.Colour)), " "))
	switch {
	case where == "lead" || where == "hero":
		b.must("fetchpriority", "high")
	case !at.eager:
		b.must("loading", "lazy")
	}
	b.must("decoding", "async")
	b.WriteString(">")
	if len(sources) > 1 {
		b.WriteString("</picture>")
	}
	return template.HTML(b.String()), nil
}

func focal(x, y int) string {
	if x <= 0 && y <= 0 {
		return ""
	}
	tenth := func(n int) string { return strconv.Itoa((min(max(n, 0), 1000) + 50) / 100) }
	return "fx" + tenth(x) + " fy" + tenth(y)
}

// Tint gives the classes of a colour "#rrggbb", "tint tr3 tga tb0": the
// nearest of sixteen steps of red, green and blue; nothing for what is none.
func Tint(colour string) string {
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil || len(colour) != 7 || colour[0] != '#' {
		return ""
	}
	step := func(v uint64) string { return strconv.FormatUint((v&255+8)/17, 16) }
	return "tint tr" + step(n>>16) + " tg" + step(n>>8) + " tb" + step(n)
}
