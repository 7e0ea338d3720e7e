package article

import (
	"context"
	"time"

	"dateline/internal/db"
	"dateline/internal/richtext"
)

// Outcome is what a transaction made of an article, for those who keep
// something that is made of articles.
type Outcome struct {
	ID, Edition int64
	Kind        Kind
	// Public: it is approved, and everybody may see it from VisibleFrom on,
	// which may lie ahead. Nothing below is set where it is not.
	Public      bool
	VisibleFrom time.Time
	Content     *Content
	Body        richtext.Doc // what everybody may read: empty where access is not free
	Ready       any          // Edit.Ready
}

// Listen has f told of every article that is written or withdrawn, inside the
// transaction that does it; an error undoes it. Listeners are added before the
// store is used.
func (s *Store) Listen(f func(context.Context, *db.Tx, []Outcome) error) { s.told = append(s.told, f) }

func (s *Store) tellListeners(ctx context.Context, tx *db.Tx, list []Outcome) error {
	for _, f := range s.told {
		if err := f(ctx, tx, list); err != nil {
			return err
		}
	}
	return nil
}

// listeners tells of a batch.
func (b *batch) listeners(ctx context.Context) error {
	if len(b.s.told) == 0 {
		return nil
	}
	list := make([]Outcome, len(b.edits))
	for i := range b.edits {
		e := &b.edits[i]
		c := Outcome{ID: b.saved[i].ID, Edition: e.Edition, Kind: e.Content.Kind}
		if e.State == Approved && !e.VisibleFrom.IsZero() {
			c.Public, c.VisibleFrom, c.Content, c.Ready = true, e.VisibleFrom, &e.Content, e.Ready
			if Anyone.May(e.Access) {
				c.Body = e.Body
			}
		}
		list[i] = c
	}
	return b.s.tellListeners(ctx, b.tx, list)
}
