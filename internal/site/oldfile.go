package site

import (
	"net/http"
	"regexp"

	"dateline/internal/address"
	"dateline/internal/cache"
)

// oldCopy is what WordPress puts at the end of the names of a picture's
// smaller, turned and edited copies (wp_get_attachment_image_src and the
// editor of pictures): "x-300x200.jpg", "x-scaled.jpg", "x-e1589000000000.jpg".
var oldCopy = regexp.MustCompile(`(?i)^(/.+?)(-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{10,14})(\.(?:jpe?g|png|gif|webp|avif|bmp))$`)

var oldPicture = regexp.MustCompile(`(?i)^(/.+)(\.(?:jpe?g|png|gif|webp|avif|bmp))$`)

// oldFile answers the old address of a picture's copy with the picture, which
// is kept under one address; nil when there is none. A name can have three
// such endings; each is asked for at most twice.
func (s *Site) oldFile(q *request, key string) *cache.Page {
	find := func(name string) *cache.Page {
		if r, err := s.oldRow(q, name); err == nil && r.Kind == "media" {
			return s.oldMedium(q, r)
		}
		return nil
	}
	// Of a picture too large WordPress shows a smaller one, and that is what
	// the export names.
	scaled := func(key string) *cache.Page {
		m := oldPicture.FindStringSubmatch(key)
		if m == nil {
			return nil
		}
		return find(m[1] + "-scaled" + m[2])
	}
	if p := scaled(key); p != nil {
		return p
	}
	for range 3 {
		m := oldCopy.FindStringSubmatch(key)
		if m == nil {
			return nil
		}
		key = m[1] + m[3]
		if p := find(key); p != nil {
			return p
		}
		if p := scaled(key); p != nil {
			return p
		}
	}
	return nil
}

// oldMedium leads to a medium's present address, but never to one that is not
// public: the address alone would tell its secret.
func (s *Site) oldMedium(q *request, r address.Redirect) *cache.Page {
	q.made.on("media", r.ID)
	m, err := s.Media.PublicByID(q.ctx, r.ID, q.now)
	if err != nil {
		return nil
	}
	p := q.redirect(http.StatusMovedPermanently, m.Path())
	p.Header.Set("Location", m.Path())                           // files are the same on every host
	p.Header.Set("Cross-Origin-Resource-Policy", "cross-origin") // other sites show the picture, and ask here first (Fetch §4.4)
	return p
}
