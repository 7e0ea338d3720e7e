package comment

import (
	"cmp"
	"slices"
	"time"
)

// Comment is one comment.
type Comment struct {
	ID, ArticleID int64
	ParentID      int64  // the comment it answers; 0 none
	ParentIndex   int    // only for PutMany: place of the parent in the same batch from 1, instead of ParentID
	AuthorKind    string // guest, reader, staff, imported, remote
	Name          string
	Email         string // never shown; mostly ""
	Body          string // plain text, paragraphs by \n\n
	State         string // approved, pending, spam, trash
	Old           int64  // its number in the system that it was imported from; 0 none
	At            time.Time

	AuthorID     int64  // of a reader's account or a member of staff
	Writer       string // by what they are known again; "" not at all
	Role         string // author, staff; "": a reader
	Quote        string // a passage of the article, as the writer has it
	Version      int64  // of what it says and what is decided about it
	RulesVersion int    // of the house rules that were in force
	Edited       time.Time
	Held         string // why it waits
	Risk         int
	Signs        []Sign
	Gone         *Gone // it was removed, and this stands in its place

	request, token, print string

	// Only from Of:
	Number int64  // by which addresses call it within its article: "#comment-NUMBER"
	Depth  int    // 0 for a comment on the article itself
	Cut    bool   // what it answers stands on an earlier page
	To     string // where it is cut: the name of whom it answers

	size int // of Body, in characters, where Body is not read
}

// Gone is what is told of a comment that was removed.
type Gone struct {
	Decision int64
	At       time.Time
	Rule     int
	Title    string // of the rule
	Law      string // where it is not the rules that forbid it
}

// Part is a page of an article's comments.
type Part struct {
	Comments []Comment // in the order of reading: by time, answers under what they answer
	Total    int       // on all pages, without removed ones
	Page     int       // from 1
	Pages    int       // 0: nobody has said anything
	Later    int       // comments on later pages
}

// A page holds whole threads as long as they fit: so many comments, and so many
// characters of text, because fifty short answers weigh what one essay weighs.
// What an article's page weighs has thereby an end.
const (
	perPage     = 50
	longestPage = 16_000
)

// parts tells with which comment of the list each page begins. A thread that
// does not fit into what is left of a page begins the next; one that is longer
// than a page is cut where the page is full.
func parts(list []Comment) []int {
	var starts []int
	n, size := perPage, longestPage // the first comment begins a page
	full := func(more, characters int) bool { return n > 0 && (n+more > perPage || size+characters > longestPage) }
	for i, c := range list {
		whole, characters := 1, c.size
		if c.Depth == 0 {
			for j := i + 1; j < len(list) && list[j].Depth > 0; j++ {
				whole, characters = whole+1, characters+list[j].size
			}
		}
		if full(whole, characters) {
			starts, n, size = append(starts, i), 0, 0
		}
		n, size = n+1, size+c.size
	}
	return starts
}

// number gives every comment of an article the number by which addresses call
// it: that which it had in the older system, so that old links lead to it
// still, else its id. Where an id is another's old number it is moved out of
// the way, always to the same place.
func number(list []Comment) {
	taken := make(map[int64]bool, len(list))
	for i := range list {
		if c := &list[i]; c.Old > 0 && !taken[c.Old] {
			c.Number, taken[c.Old] = c.Old, true
		}
	}
	const aside = 1_000_000_000_000
	for i := range list {
		c := &list[i]
		if c.Number != 0 {
			continue
		}
		for c.Number = c.ID; taken[c.Number]; c.Number += aside {
		}
		taken[c.Number] = true
	}
}

// inTime puts comments in the order in which they were written.
func inTime(list []Comment) {
	before := func(a, b Comment) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) }
	if !slices.IsSortedFunc(list, before) {
		slices.SortStableFunc(list, before)
	}
}

// thread puts comments in the order of reading: by time, answers under what
// they answer. parents holds the parent of every comment of the article, also
// of hidden ones: an answer to a hidden comment moves up to the nearest shown
// one. A circle of parents, which old systems do contain, begins anew at its
// oldest member.
func thread(shown []Comment, parents map[int64]int64) []Comment {
	inTime(shown)
	visible := make(map[int64]bool, len(shown))
	for _, c := range shown {
		visible[c.ID] = true
	}
	children := map[int64][]int{}
	for i := range shown {
		c := &shown[i]
		p := parents[c.ID]
		for steps := 0; p != 0 && !visible[p]; steps++ {
			if steps > len(parents) {
				p = 0
				break
			}
			p = parents[p]
		}
		c.ParentID = p
		children[p] = append(children[p], i)
	}
	out := make([]Comment, 0, len(shown))
	placed := make([]bool, len(shown))
	type step struct{ i, depth int }
	var walk []step
	push := func(list []int, depth int) {
		for _, i := range slices.Backward(list) {
			walk = append(walk, step{i, depth})
		}
	}
	drain := func() {
		for len(walk) > 0 {
			s := walk[len(walk)-1]
			walk = walk[:len(walk)-1]
			if placed[s.i] {
				continue
			}
			placed[s.i] = true
			c := shown[s.i]
			c.Depth = s.depth
			if s.depth == 0 {
				c.ParentID = 0
			}
			out = append(out, c)
			push(children[c.ID], s.depth+1)
		}
	}
	push(children[0], 0)
	drain()
	for i := range shown { // what hangs on a circle
		if !placed[i] {
			push([]int{i}, 0)
			drain()
		}
	}
	return out
}
