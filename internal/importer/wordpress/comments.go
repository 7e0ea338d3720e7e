package wordpress

import (
	"fmt"
	"regexp"
	"strings"
)

// mailAddress is an e-mail address in a name.
var mailAddress = regexp.MustCompile(`(?i)(?:mailto:)?([^\s@<>()\[\],;:"]+)@[^\s@<>()\[\],;:"]+\.[^\s@<>()\[\],;:".]+`)

// spoken is a reader's name without e-mail addresses: names are printed, and
// an address that its owner put where the name belongs is one still. Of a name
// that is nothing else what stands before the "@" is left.
func spoken(name string) (plain string, had bool) {
	if strings.IndexByte(name, '@') < 0 || !mailAddress.MatchString(name) {
		return name, false
	}
	plain = strings.Trim(oneLine(mailAddress.ReplaceAllString(name, " ")), " ()<>[],;:\"'-–—")
	if plain == "" {
		plain = mailAddress.FindStringSubmatch(name)[1]
	}
	return plain, true
}

// comments are the remarks of an item. A parent that is not there, or that
// closes a circle, is cut: the remark stands at the top of its thread then.
func (b *builder) comments(it *Item, raw *rawItem) []Comment {
	if len(raw.comments) == 0 {
		return nil
	}
	list := make([]Comment, 0, len(raw.comments))
	index := make(map[int64]int, len(raw.comments))
	for i := range raw.comments {
		c := b.comment(it, &raw.comments[i])
		if c.ID > 0 {
			if _, taken := index[c.ID]; taken {
				b.noteAt(it, LevelChanged, c.Line, fmt.Sprintf("the comment id %d is there more than once", c.ID))
				c.ID = 0
			} else {
				index[c.ID] = len(list)
			}
		}
		list = append(list, c)
	}
	// done marks remarks whose way to the top is known to end.
	done := make([]bool, len(list))
	for i := range list {
		if list[i].Parent == 0 {
			continue
		}
		var way []int
		on := map[int]bool{}
		for at := i; !done[at]; {
			way, on[at] = append(way, at), true
			c := &list[at]
			if c.Parent == 0 {
				break
			}
			up, ok := index[c.Parent]
			if !ok || on[up] {
				b.noteAt(it, LevelChanged, c.Line, fmt.Sprintf("comment %d answers one that is not there (%d)", c.ID, c.Parent))
				c.Parent = 0
				break
			}
			at = up
		}
		for _, at := range way {
			done[at] = true
		}
	}
	return list
}

func (b *builder) comment(it *Item, raw *rawComment) Comment {
	c := Comment{
		Line: raw.line, ID: number(raw.f[eCommentID]), Parent: number(raw.f[eCommentParent]), User: number(raw.f[eCommentUser]),
		Type: raw.f[eCommentType], Body: paragraphs(raw.f[eCommentContent]),
	}
	had := false
	if c.Name, had = spoken(oneLine(raw.f[eCommentAuthor])); had {
		b.often(it, "comments whose author gave an e-mail address for a name: the address was left")
	}
	if c.Type == "" {
		c.Type = "comment"
	}
	if b.x.opt.KeepEmails {
		c.Email = oneLine(raw.f[eCommentEmail])
	}
	switch s := raw.f[eCommentApproved]; s {
	case "1", "approve", "approved":
		c.State = "approved"
	case "spam":
		c.State = "spam"
	case "trash", "post-trashed":
		c.State = "trash"
	default:
		c.State = "pending"
	}
	c.At, c.Local = instant(raw.f[eCommentDateGMT], raw.f[eCommentDate], dates{zoneKnown: it.ZoneKnown, offset: it.OffsetMinutes})
	return c
}
