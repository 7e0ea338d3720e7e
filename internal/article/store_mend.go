package article

import (
	"context"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Mend has readers see an edit of what they see, and the same change made in what
// somebody is working on: that stays theirs, and stays where it stands (handed in, found
// ready, due at a time). was is what readers see until now, and edit was made of mended.
func (s *Store) Mend(ctx context.Context, tx *db.Tx, edit Edit, was, mended Manuscript) (Saved, error) {
	a, c, err := s.take(ctx, tx, edit.ID)
	if err != nil {
		return Saved{}, err
	}
	if a.HeadRevision != a.LiveRevision {
		return Saved{}, &fault.Error{Kind: fault.Conflict, What: "article " + itoa(a.ID) + " has a revision that readers do not have", Word: "write.wrong.newer"}
	}
	saved, err := s.Put(ctx, tx, []Edit{edit})
	if err != nil {
		return Saved{}, err
	}
	if !c.Stored() {
		return saved[0], nil
	}
	text, _, err := mergeManuscripts(was, mended, c.Text)
	if err != nil {
		return saved[0], err
	}
	if !text.Equal(c.Text) {
		if err := s.keepVersion(ctx, tx, c); err != nil {
			return saved[0], err
		}
		c.Text, c.Version, c.At = text, c.Version+1, s.d.Now()
	}
	c.Base = saved[0].RevisionID
	return saved[0], s.store(ctx, tx, c)
}
