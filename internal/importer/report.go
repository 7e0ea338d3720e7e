package importer

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Report says what became of an export. Its JSON form is part of the
// contract (CONTRACT.md, Commands).
type Report struct {
	Files     []string `json:"files"`
	Taken     Taken    `json:"taken"`
	Unchanged int      `json:"unchanged"`
	Notes     []Remark `json:"notes"`
}

// ByState counts articles or pages.
type ByState struct {
	Published int `json:"published"`
	Scheduled int `json:"scheduled"`
	Draft     int `json:"draft"`
	InReview  int `json:"in_review"`
}

// Comments counts comments.
type Comments struct {
	Approved int `json:"approved"`
	Pending  int `json:"pending"`
	Spam     int `json:"spam"`
	Trash    int `json:"trash"`
}

// Taken counts what the archive holds after the import of what the export
// has, also what an earlier run had brought.
type Taken struct {
	Articles  ByState  `json:"articles"`
	Pages     ByState  `json:"pages"`
	Media     int      `json:"media"`
	Comments  Comments `json:"comments"`
	Authors   int      `json:"authors"`
	Sections  int      `json:"sections"`
	Tags      int      `json:"tags"`
	Redirects int      `json:"redirects"`
	Views     int64    `json:"views"`
}

// Remark is one thing an editor may want to know.
type Remark struct {
	Level string `json:"level"` // error, changed, left
	Kind  string `json:"kind"`
	Item  string `json:"item"`
	File  string `json:"file,omitempty"`
	Line  int    `json:"line"`
	Why   string `json:"why"`

	title string // headline of the item, put before the reason
	often bool   // told once, with a count
}

// maxNotes of the same reason are told one by one; the others are counted, so
// that a million drafts do not fill the memory.
const maxNotes = 200

// maxAlike is the same for things left because of their type or for want of a
// flag: three examples and a count say all.
const maxAlike = 3

// notes collects notes, bounded.
type notes struct {
	list  []Remark
	more  map[string]int // level, kind and reason without digits → how many more
	order []string
	often map[Remark]int
	// details counts, by reason, what is in often.
	details map[Remark]int
}

func (n *notes) add(note Remark) {
	if note.often {
		n.sum(Remark{Level: note.Level, Kind: note.Kind, Why: note.Why}, 1)
		return
	}
	if n.more == nil {
		n.more = map[string]int{}
	}
	key := note.Level + "\x00" + note.Kind + "\x00" + shape(note.Why)
	count, seen := n.more[key]
	if !seen && len(n.more) > 2000 {
		key = note.Level + "\x00" + note.Kind + "\x00…"
		count = n.more[key]
	}
	if !slices.Contains(n.order, key) && !seen {
		n.order = append(n.order, key)
	}
	n.more[key] = count + 1
	if count < n.most(key) {
		if note.title != "" {
			note.Why = "“" + note.title + "”: " + note.Why
		}
		n.list = append(n.list, note)
	}
}

// maxDetails of one reason are counted each for itself: of words in brackets,
// say. Others of the same reason are counted together.
const maxDetails = 100

// sum counts what is told once.
func (n *notes) sum(note Remark, times int) {
	if n.often == nil {
		n.often, n.details = map[Remark]int{}, map[Remark]int{}
	}
	if _, ok := n.often[note]; !ok {
		reason := note
		reason.Why = shape(note.Why)
		if n.details[reason]++; n.details[reason] > maxDetails {
			note.Why = reason.Why + ", of others"
		}
	}
	n.often[note] += times
}

// most is how many notes of a key are told one by one.
func (n *notes) most(key string) int {
	p := strings.SplitN(key, "\x00", 3)
	if p[0] != string(LevelLeft) {
		return maxNotes
	}
	switch p[1] {
	case string(Post), string(Page), "comment", "term", "author", "file":
		return maxNotes
	}
	return maxAlike
}

// shape is a reason without what differs from item to item.
func shape(why string) string {
	if i := strings.IndexAny(why, ":\"“«"); i > 0 {
		why = why[:i]
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, why)
}

// all gives the notes, with a line for those only counted.
func (n *notes) all() []Remark {
	out := slices.Clone(n.list)
	for _, key := range n.order {
		if c, most := n.more[key], n.most(key); c > most {
			p := strings.SplitN(key, "\x00", 3)
			out = append(out, Remark{Level: p[0], Kind: p[1], Why: fmt.Sprintf("and %d more like this: %s", c-most, p[2])})
		}
	}
	var sums []Remark
	for note, times := range n.often {
		note.Why = fmt.Sprintf("%s: %d", note.Why, times)
		sums = append(sums, note)
	}
	slices.SortFunc(sums, func(a, b Remark) int { return strings.Compare(a.Level+a.Kind+a.Why, b.Level+b.Kind+b.Why) })
	out = append(out, sums...)
	return out
}

// WriteJSON writes the report as CONTRACT.md has it.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// WriteText writes the report for people, in their words.
func (r *Report) WriteText(w io.Writer, words *Words) {
	t := r.Taken
	states := func(b ByState) string {
		return words.Say(fmt.Sprintf("%d (published %d, scheduled %d, drafts %d, in review %d)",
			b.Published+b.Scheduled+b.Draft+b.InReview, b.Published, b.Scheduled, b.Draft, b.InReview))
	}
	fmt.Fprintln(w, words.Say("Taken"))
	rows := [][2]string{
		{"articles", states(t.Articles)}, {"pages", states(t.Pages)}, {"pictures and files", fmt.Sprint(t.Media)},
		{"comments", words.Say(fmt.Sprintf("%d (shown %d, pending %d, spam %d, trash %d)",
			t.Comments.Approved+t.Comments.Pending+t.Comments.Spam+t.Comments.Trash,
			t.Comments.Approved, t.Comments.Pending, t.Comments.Spam, t.Comments.Trash))},
		{"authors", fmt.Sprint(t.Authors)}, {"sections", fmt.Sprint(t.Sections)}, {"tags", fmt.Sprint(t.Tags)},
		{"old addresses", fmt.Sprint(t.Redirects)}, {"views", fmt.Sprint(t.Views)}, {"of these unchanged", fmt.Sprint(r.Unchanged)},
	}
	for _, row := range rows {
		fmt.Fprintf(w, "  %-24s %s\n", words.Say(row[0]), row[1])
	}
	for _, level := range []struct{ level, title string }{
		{"error", "Wrong or lost"}, {"changed", "Taken, but not as it was"}, {"left", "Not taken"}} {
		r.writeNotes(w, level.level, level.title, words)
	}
}

func (r *Report) writeNotes(w io.Writer, level, title string, words *Words) {
	first := true
	for _, n := range r.Notes {
		if n.Level != level {
			continue
		}
		if first {
			fmt.Fprintf(w, "\n%s\n", words.Say(title))
			first = false
		}
		where := strings.TrimSpace(words.Say(n.Kind) + " " + n.Item)
		if n.Line > 0 {
			where = words.Say(fmt.Sprintf("%s (%s line %d)", where, n.File, n.Line))
		}
		fmt.Fprintf(w, "  %s: %s\n", where, words.Say(n.Why))
	}
}
