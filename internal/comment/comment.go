package comment

import (
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
	At            time.Time
	Depth         int // only from Of: 0 for a comment on the article itself
}

// thread puts comments in the order of reading: by time, answers under what
// they answer. parents holds the parent of every comment of the article, also
// of hidden ones: an answer to a hidden comment moves up to the nearest shown
// one. A circle of parents, which old systems do contain, begins anew at its
// oldest member.
func thread(shown []Comment, parents map[int64]int64) []Comment {
	slices.SortStableFunc(shown, func(a, b Comment) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return int(min(max(a.ID-b.ID, -1), 1))
	})
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
