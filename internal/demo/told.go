package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/correction"
	"dateline/internal/db"
)

// toldOf is what readers were told of an article after it was published.
func (f *filler) toldOf(t text) (c correction.Correction, ok bool, err error) {
	for _, k := range correction.Kinds() {
		when, what, ok := strings.Cut(t.head[string(k)], " | ")
		if !ok {
			continue
		}
		at, err := f.cal.at(when)
		return correction.Correction{Kind: k, Text: what, At: at, Shows: t.head["was"] != ""}, true, err
	}
	return c, false, nil
}

// first is the edit of a text as it was first printed.
func (f *filler) first(t text, e article.Edit) article.Edit {
	now, before, ok := strings.Cut(t.head["was"], " | ")
	if !ok {
		return e
	}
	t.body = strings.Replace(t.body, now, before, 1)
	e.Body, e.At, e.UpdatedAt, e.Why = f.body(t), e.VisibleFrom, time.Time{}, ""
	return e
}

// tell prints texts that were corrected once more, and tells readers of it.
func (f *filler) tell(ctx context.Context, tx *db.Tx, edits []article.Edit) error {
	for i, t := range f.texts {
		c, ok, err := f.toldOf(t)
		if err == nil && ok {
			err = f.tellOf(ctx, tx, t, edits[i], c)
		}
		if err != nil {
			return fmt.Errorf("%s.%s: %w", t.key, t.lang, err)
		}
	}
	return nil
}

func (f *filler) tellOf(ctx context.Context, tx *db.Tx, t text, e article.Edit, c correction.Correction) error {
	c.Article, c.Edition, c.Before, c.After = e.ID, e.Edition, 1, 1
	if t.head["was"] != "" {
		e.Fresh = false
		saved, err := f.Articles.Put(ctx, tx, []article.Edit{e})
		if err != nil {
			return err
		}
		c.After = saved[0].Revision
	}
	_, err := f.Corrections.Add(ctx, tx, c)
	return err
}
