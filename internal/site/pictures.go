package site

import (
	"slices"

	"dateline/internal/feed"
	"dateline/internal/media"
	"dateline/internal/rendition"
)

// cutting is a picture as programs get it: the address of one of its files.
type cutting struct {
	url           string // within the site
	mime          string
	width, height int
}

// The picture that feeds give: good on any screen, and light on its way. An
// original that is that already goes as it is.
const (
	feedWidth    = 1600
	feedOriginal = 1920
	feedBytes    = 500_000
)

// delivered is a medium's file for feeds. How many bytes a rendition has is known
// once somebody has asked for it; 0 until then.
func (s *Site) delivered(q *request, m media.Media) (feed.Image, error) {
	out := feed.Image{URL: s.BaseURL + m.Path(), Mime: m.Mime, Bytes: m.Bytes, Width: m.Width, Height: m.Height}
	set := q.draw.Sizes(m)
	if !set.Some() || m.Width <= feedOriginal && m.Bytes <= feedBytes && set.Default.Mime() == m.Mime {
		return out, nil
	}
	all := set.Widths(rendition.Whole, 0, feedWidth)
	w := all[len(all)-1]
	x, err := q.draw.Drawn(q.ctx, m, rendition.Whole, w)
	q.made.of(x.Tags...)
	if err != nil || x.Refused {
		return out, err
	}
	return feed.Image{URL: s.BaseURL + set.URL(rendition.Whole, w, set.Default), Mime: set.Default.Mime(), Bytes: x.Bytes,
		Width: w, Height: set.HeightOf(rendition.Whole, w)}, nil
}

// pixels are the kinds of picture that every program shows: no drawings.
var pixels = []string{"image/jpeg", "image/png", "image/gif", "image/webp"}

// thumbnail is the largest of a picture's files, uncut, that is no wider and no
// higher than asked; false where none is.
func (q *request) thumbnail(m media.Media, width, height int) (cutting, bool) {
	set := q.draw.Sizes(m)
	for _, w := range slices.Backward(set.Widths(rendition.Whole, 0, width)) {
		if h := set.HeightOf(rendition.Whole, w); w <= width && h <= height {
			return cutting{set.URL(rendition.Whole, w, set.Default), set.Default.Mime(), w, h}, true
		}
	}
	if !set.Some() && slices.Contains(pixels, m.Mime) && m.Width > 0 && m.Height > 0 && m.Width <= width && m.Height <= height {
		return cutting{m.Path(), m.Mime, m.Width, m.Height}, true
	}
	return cutting{}, false
}
