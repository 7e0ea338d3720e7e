package wordpress

import (
	"dateline/internal/importer"
)

// The neutral things that an export is turned into; the importer tells what
// they are.
type (
	Kind      = importer.Kind
	Level     = importer.Level
	Note      = importer.Note
	AuthorRef = importer.AuthorRef
	TermRef   = importer.TermRef
	SEO       = importer.SEO
	Enclosure = importer.Enclosure
	FileInfo  = importer.FileInfo
	Comment   = importer.Comment
	Head      = importer.Head
	File      = importer.File
	Author    = importer.Author
	Term      = importer.Term
)

// Kinds and levels.
const (
	Post         = importer.Post
	Page         = importer.Page
	Attachment   = importer.Attachment
	Revision     = importer.Revision
	Left         = importer.Left
	LevelError   = importer.LevelError
	LevelChanged = importer.LevelChanged
	LevelLeft    = importer.LevelLeft
)

// Item is a neutral item with what its body is made of.
type Item struct {
	importer.Item
	content   string // content:encoded, cleaned, one language
	footnotes string // meta "footnotes": JSON of the block editor
	export    *Export
}

// Each yields the items as the importer wants them.
func (x *Export) Each(yield func(importer.Item) error) error {
	return x.Items(func(it Item) error {
		out := it.Item
		out.Body = it.Body
		return yield(out)
	})
}
