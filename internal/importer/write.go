package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/comment"
	"dateline/internal/db"
	"dateline/internal/fault"
)

// storable tells an item that cannot be stored from a database that is away.
func storable(err error) bool {
	return !fault.Is(err, fault.Unavailable)
}

// write stores items whole: article, revision, addresses old and new,
// comments, views, and where they came from.
func (r *run) write(ctx context.Context, tx *db.Tx, list []*job) error {
	edits := make([]article.Edit, len(list))
	for i, j := range list {
		edits[i] = j.edit
	}
	saved, err := r.Articles.Put(ctx, tx, edits)
	if err != nil {
		return err
	}
	var items, stories []known
	var redirects []address.Redirect
	base := map[int64]int64{}
	for i, j := range list {
		j.saved, j.edit = saved[i], edits[i]
		items = append(items, known{key: j.key, ref: saved[i].ID, hash: j.hash + " " + string(edits[i].State), revision: saved[i].Revision})
		if g := j.item.Group; g != "" {
			stories = append(stories, known{key: g, ref: saved[i].StoryID})
		}
		if j.item.Views > 0 {
			base[saved[i].ID] = j.item.Views
		}
		redirects = append(redirects, r.redirects(j)...)
	}
	if err := r.Addresses.AddRedirects(ctx, tx, redirects); err != nil {
		return err
	}
	if err := r.writeComments(ctx, tx, list); err != nil {
		return err
	}
	if len(base) > 0 {
		if err := r.Views.SetBase(ctx, tx, base); err != nil {
			return err
		}
	}
	if err := remember(ctx, tx, r.source, "story", stories); err != nil {
		return err
	}
	if err := remember(ctx, tx, r.source, "item", items); err != nil {
		return err
	}
	return nil
}

// addMissing stores those addresses that are not here yet, of things that are: a
// later version of this program may read more of them from the same export.
func (r *run) addMissing(ctx context.Context, list []address.Redirect) error {
	missing, err := r.Addresses.Missing(ctx, list)
	if err != nil || len(missing) == 0 {
		return err
	}
	return r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error { return r.Addresses.AddRedirects(ctx, tx, missing) })
}

// writeComments stores the comments that are new.
func (r *run) writeComments(ctx context.Context, tx *db.Tx, list []*job) error {
	for _, j := range list {
		var keys []string
		for i := range j.item.Comments {
			keys = append(keys, commentKey(j, i))
		}
		have := map[string]known{}
		if j.stored {
			var err error
			if have, err = knownBelow(ctx, tx, r.source, "comment", j.key); err != nil {
				return err
			}
			j.gone = len(have)
			for _, key := range keys {
				if _, ok := have[key]; ok {
					j.gone--
				}
			}
		}
		if len(keys) == 0 {
			continue
		}
		// Numbers first: an answer may stand before what it answers.
		place := map[int64]int{} // old id → index in fresh, from 1
		at := map[int64]int64{}  // old id → id here
		n := 0
		for i, c := range j.item.Comments {
			if k, ok := have[keys[i]]; ok {
				at[c.ID] = k.ref
			} else if isComment(c) {
				if n++; c.ID != 0 {
					place[c.ID] = n
				}
			}
		}
		var fresh []comment.Comment
		var freshKeys []string
		for i, c := range j.item.Comments {
			if k, ok := have[keys[i]]; ok { // judged anew at the source, perhaps
				if err := r.Comments.Update(ctx, tx, comment.Comment{ID: k.ref, Name: c.Name, Body: c.Body, State: c.State, Old: c.ID}); err != nil {
					return err
				}
				continue
			}
			if !isComment(c) {
				continue
			}
			fresh = append(fresh, comment.Comment{ArticleID: j.saved.ID, ParentID: at[c.Parent], ParentIndex: place[c.Parent],
				AuthorKind: "imported", Name: c.Name, Email: c.Email, Body: c.Body, State: c.State, Old: c.ID, At: c.At})
			freshKeys = append(freshKeys, keys[i])
		}
		if len(fresh) == 0 {
			continue
		}
		for i := range fresh {
			if fresh[i].At.IsZero() {
				fresh[i].At = j.item.Published
			}
			if fresh[i].At.IsZero() {
				fresh[i].At = r.now
			}
		}
		ids, err := r.Comments.PutMany(ctx, tx, fresh)
		if err != nil {
			return err
		}
		var items []known
		for i, id := range ids {
			items = append(items, known{key: freshKeys[i], ref: id})
		}
		if err := remember(ctx, tx, r.source, "comment", items); err != nil {
			return err
		}
	}
	return nil
}

// isComment leaves out what other sites sent by themselves.
func isComment(c Comment) bool {
	return c.Type != "pingback" && c.Type != "trackback"
}

func commentKey(j *job, i int) string {
	c := j.item.Comments[i]
	if c.ID != 0 {
		return fmt.Sprintf("%s/%d", j.key, c.ID)
	}
	sum := sha256.Sum256([]byte(fmt.Sprint(i, c.Name, c.At.UnixMilli(), c.Body)))
	return j.key + "/" + hex.EncodeToString(sum[:8])
}

// count adds an item that the archive now has to the report.
func (r *run) count(j *job) {
	state := j.edit.State
	if j.skip {
		state, _ = stateOf(&j.item) // the first run noted what there was to note
	} else if state == "" {
		return // it could not be stored
	}
	by := &r.report.Taken.Articles
	if j.item.Kind == Page {
		by = &r.report.Taken.Pages
	}
	switch {
	case state == article.InReview:
		by.InReview++
	case state != article.Approved:
		by.Draft++
	case j.item.Published.After(r.now):
		by.Scheduled++
	default:
		by.Published++
	}
	if j.saved.Renamed {
		r.about(&j.item, LevelChanged, "its address was taken by another; it is at /%s now", j.saved.Path)
	}
	if j.gone > 0 {
		r.about(&j.item, LevelLeft, "%d comments that an earlier import brought are not at the source any more; they stay here", j.gone)
	}
	r.countComments(j)
	r.report.Taken.Views += j.item.Views
	r.report.Taken.Redirects += len(r.redirects(j))
	if j.item.Kind == Page && j.item.ID != 0 {
		r.parents[j.item.ID] = j.saved.ID
		if j.item.Parent != 0 {
			r.children = append(r.children, [2]int64{j.saved.ID, j.item.Parent})
		}
	}
}

// countLeft tells how many comments and views an item had that is left.
func (r *run) countLeft(it *Item) {
	n := 0
	for _, c := range it.Comments {
		if isComment(c) {
			n++
		}
	}
	what := "what is not taken, by type: " + it.Type
	if it.Kind == Attachment {
		what = "pages of pictures and files, which are none here"
	}
	if n > 0 {
		r.notes.sum(Remark{Level: string(LevelLeft), Kind: "comment", Why: "comments on " + what}, n)
	}
	if it.Views > 0 {
		r.notes.sum(Remark{Level: string(LevelLeft), Kind: "views", Why: "views of " + what}, int(it.Views))
	}
}

func (r *run) countComments(j *job) {
	pings := 0
	c := &r.report.Taken.Comments
	for _, x := range j.item.Comments {
		switch {
		case !isComment(x):
			pings++
		case x.State == "approved":
			c.Approved++
		case x.State == "pending":
			c.Pending++
		case x.State == "spam":
			c.Spam++
		default:
			c.Trash++
		}
	}
	if pings > 0 {
		r.notes.sum(Remark{Level: string(LevelLeft), Kind: "comment", Why: "pingbacks and trackbacks are not comments"}, pings)
	}
}

// tieParents sets the pages above pages, once all of them are here.
func (r *run) tieParents(ctx context.Context) error {
	ties := map[int64]int64{}
	for _, c := range r.children {
		parent := r.parents[c[1]]
		if parent == 0 || circle(ties, c[0], parent) {
			continue
		}
		ties[c[0]] = parent
	}
	for len(ties) > 0 {
		part := map[int64]int64{}
		for child, parent := range ties {
			if part[child] = parent; len(part) == 200 {
				break
			}
		}
		err := r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error { return r.Articles.SetParents(ctx, tx, part) })
		if err != nil {
			return err
		}
		for child := range part {
			delete(ties, child)
		}
	}
	return nil
}

// circle reports whether a page would stand below itself.
func circle(ties map[int64]int64, child, parent int64) bool {
	for range len(ties) + 1 {
		if parent == child {
			return true
		}
		if parent = ties[parent]; parent == 0 {
			return false
		}
	}
	return true
}
