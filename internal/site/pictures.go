package site

import (
	"slices"

	"dateline/internal/media"
	"dateline/internal/rendition"
)

// cutting is a picture as programs get it: the address of one of its files.
type cutting struct {
	url           string // within the site
	mime          string
	width, height int
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
