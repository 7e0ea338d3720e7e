package media

import (
	"maps"
	"net/url"
	"slices"
	"time"

	"dateline/internal/rendition"
)

// The kinds of media.
const (
	Image = "image"
	Audio = "audio"
	Video = "video"
	File  = "file"
)

// Media is a picture or another file.
type Media struct {
	ID             int64
	Token          string // random part of the address; Put makes it
	Kind           string // image, audio, video, file
	Mime           string // as its bytes say
	FileName       string // in the address: a slug with the type's own ending
	Blob           string // key in the file store
	Bytes          int64
	SHA256         string    // hexadecimal, of the file as stored
	Width, Height  int       // pixels as shown, orientation applied; 0: not a picture, or not known
	Colour         string    // "#rrggbb" to show until the picture comes; "" none
	FocalX, FocalY int       // point of interest, permille from the upper left; Put takes 0,0 as the middle
	Rights         string    // whose it is, as given: "© 2024 …"
	Licence        string    // under which it may be shown
	Expires        time.Time // when the right to show it ends; zero: never
	Decorative     bool      // it says nothing that a text beside it does not: no alternative text is wanted
	Said           Said      // what its file said, until somebody has looked at that
	SourceURL      string    // where an import found it
	Always         bool      // public without an article
	Texts          map[string]Text
	// Under stands before its address, where it is shown before readers may have it;
	// it is not kept.
	Under string
}

// Text is what is said of a medium in a language; plain text.
type Text struct{ Title, Caption, Alt, Credit string }

// At is the medium with the focal point of a use of it.
func (m Media) At(f rendition.Focal) Media {
	m.FocalX, m.FocalY = f.At(m.FocalX, m.FocalY)
	return m
}

// Path is the address, escaped.
func (m Media) Path() string { return m.Under + "/media/" + m.Token + "/" + url.PathEscape(m.FileName) }

// Text is what is said in a language, else in the first of the fallbacks that
// has something, else in the first language by its tag. A credit is never dropped:
// where that language has none, another's stands.
func (m Media) Text(lang string, fallbacks ...string) (t Text) {
	found := false
	for _, l := range slices.Concat([]string{lang}, fallbacks, slices.Sorted(maps.Keys(m.Texts))) {
		x, ok := m.Texts[l]
		if ok && !found {
			t, found = x, true
		}
		if t.Credit == "" {
			t.Credit = x.Credit
		}
	}
	return t
}
