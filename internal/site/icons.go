package site

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"net/http"

	"dateline/internal/cache"
	"dateline/internal/card"
	"dateline/internal/fault"
)

// iconPath is the newsroom's icon for machines, which is always of pixels.
const iconPath = "/icon-512.png"

// icons are the addresses at which browsers and feed readers look for an icon
// without being told of one, and how many pixels wide they expect it.
var icons = map[string]int{"/favicon.ico": 48, "/apple-touch-icon.png": 180, "/apple-touch-icon-precomposed.png": 180, iconPath: 512}

// icon is the newsroom's own icon as a PNG, or one drawn of its name. A drawing
// (SVG) we cannot make pixels of: where browsers look, the address leads to it;
// machines get the one drawn of the name.
func (s *Site) icon(q *request, size int) (*cache.Page, error) {
	id := q.set.ID("icon", q.ed.Lang)
	pics, err := s.pictures(q, appendID(nil, id))
	if err != nil {
		return nil, err
	}
	var img image.Image
	m, own := pics[id]
	if own {
		err = fault.New(fault.Invalid, "a drawing")
		if q.draw.Sizes(m).Some() {
			img, err = q.draw.Picture(q.ctx, m, size, size)
		}
		if unreadable(err) && q.full != iconPath {
			return q.redirect(http.StatusFound, m.Path()), nil
		}
	}
	if !own || unreadable(err) {
		img, err = card.Icon(q.ed.Name, q.accent(), size)
	}
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, err
	}
	if q.full == "/favicon.ico" {
		return q.made.page("image/x-icon", ico(b.Bytes(), size)), nil
	}
	return q.made.page("image/png", b.Bytes()), nil
}

// ico puts a PNG into the container that the name promises: a directory of one
// picture, 32 bits a pixel.
func ico(png []byte, size int) []byte {
	out := []byte{0, 0, 1, 0, 1, 0, byte(size), byte(size), 0, 0, 1, 0, 32, 0}
	out = binary.LittleEndian.AppendUint32(out, uint32(len(png)))
	out = binary.LittleEndian.AppendUint32(out, 22)
	return append(out, png...)
}
