package importer

import (
	"fmt"
	"strings"

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
	case "teaser-mark", "page-break", "brackets":
		return n.Detail, true
	case "embed":
		return "something shown from another host is a link now: " + n.Detail, false
	case "removed-element":
		return "an element that no article may have was left out of the text: " + n.Detail, false
	case "removed-script":
		return "something that would run in the reader's browser was left out: " + n.Detail, false
	case "bad-url":
		return "a link or picture with an unusable address was taken away, its words were kept: " + n.Detail, false
	case "lost-place":
		return "a link to a place in the text that is not there was taken away, its words were kept: #" + n.Detail, false
	case "place-elsewhere":
		return "links to a place within another article lead to its beginning", true
	case "too-long":
		if n.Detail == "" {
			return "the text is longer than an article may be; the rest was left out", false
		}
	}
	return n.Detail, false
}

// joined puts notes that differ in one name only into one: an article with
// twenty unknown shortcodes is one line to read.
func joined(list []richtext.Note) []richtext.Note {
	var out []richtext.Note
	at := map[string]int{}
	for _, n := range list {
		why, what, ok := strings.Cut(n.Detail, ": ")
		if n.Kind != "block" && n.Kind != "shortcode" && n.Kind != "gallery" && n.Kind != "widget" || !ok {
			if n.Kind != "removed-element" && n.Kind != "removed-script" && n.Kind != "embed" && n.Kind != "lost-place" {
				out = append(out, n)
				continue
			}
			why, what = "", n.Detail
		}
		key := n.Kind + why
		i, seen := at[key]
		if !seen {
			at[key] = len(out)
			out = append(out, n)
			continue
		}
		if len(out[i].Detail) < 400 {
			out[i].Detail += ", " + what
		} else if !strings.HasSuffix(out[i].Detail, "…") {
			out[i].Detail += ", …"
		}
		out[i].Count += n.Count
	}
	return out
}
