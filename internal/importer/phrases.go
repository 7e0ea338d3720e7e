package importer

import (
	"fmt"

	"dateline/internal/richtext"
)

// aboutText tells an editor what became of something in a text. What is lost
// to nobody is only counted.
func (r *run) aboutText(it *Item, n richtext.Note) {
	why, often := phrase(n)
	if n.Count > 1 && !often {
		why += fmt.Sprintf(" (%d times)", n.Count)
	}
	if often {
		r.notes.sum(Remark{Level: string(LevelChanged), Kind: string(it.Kind), Why: why}, max(n.Count, 1))
		return
	}
	r.about(it, LevelChanged, "%s", why)
}

// phrase is a note about a text as a sentence.
func phrase(n richtext.Note) (why string, often bool) {
	switch n.Kind {
	case "teaser-mark", "page-break":
		return n.Detail, true
	case "embed":
		return "something shown from another host is a link now: " + n.Detail, false
	case "removed-element":
		return "an element that no article may have was left out of the text: " + n.Detail, false
	case "removed-script":
		return "something that would run in the reader's browser was left out: " + n.Detail, false
	case "bad-url":
		return "a link or picture with an unusable address was taken away, its words were kept: " + n.Detail, false
	case "too-long":
		if n.Detail == "" {
			return "the text is longer than an article may be; the rest was left out", false
		}
	}
	return n.Detail, false
}
