package article

import "time"

// Before is how somebody looks at a text that readers do not have yet.
type Before struct {
	// Media stands before the addresses of its pictures: by those that readers will
	// have they are not to be had yet.
	Media string
	Until time.Time // of a link; the page says so. Zero: at the desk
	Frame bool      // a page of ours shows it in a frame
	// Ahead shows all that stands around it as it will be at its minute. Whoever sees
	// that sees others that readers do not have yet.
	Ahead bool
}

// Elsewhere is an article as others show it: networks, search engines, readers of
// feeds.
type Elsewhere struct {
	Site, Lang string
	Host       string
	Crumbs     []string // the address, as search engines write it
	Title      string   // of the page
	About      string   // its description
	Hidden     bool     // search engines are asked to leave it out

	SocialTitle, SocialAbout string
	Card                     bool   // a picture is drawn for it
	Picture                  string // else the address of one; "": there is none

	Published  time.Time
	Entry      string // title in a feed
	Summary    string
	Authors    []string
	Categories []string
	Source     string // the entry as programs get it (RSS)
}
