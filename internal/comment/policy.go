package comment

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"dateline/internal/article"
)

// Policy is what is decided for a discussion.
type Policy struct {
	Moderation string        // newcomers, after, before
	Closes     time.Time     // zero: never
	Shut       bool          // by the newsroom
	Slow       time.Duration // between two comments of one writer
	Edits      time.Duration // for so long a comment may be changed
}

// Closed tells whether comments are taken.
func (p Policy) Closed(now time.Time) bool {
	return p.Shut || !p.Closes.IsZero() && !now.Before(p.Closes)
}

// PolicyOf puts together what publication, sections and the article say.
func (f *Forum) PolicyOf(ctx context.Context, a article.Article, tag string) (Policy, error) {
	set, err := f.Editions.Settings(ctx)
	if err != nil {
		return Policy{}, err
	}
	num := func(key string) time.Duration {
		n, _ := strconv.ParseInt(set.Get(key, tag), 10, 64)
		return time.Duration(min(n, 1_000_000))
	}
	p := Policy{Moderation: set.Get("comments_moderation", tag), Shut: set.Get("comments", tag) == "closed" || a.Comments != "open",
		Slow: num("comments_slow") * time.Second, Edits: num("comments_edit") * time.Minute}
	days := num("comments_days")
	topics, err := f.Articles.TopicIDs(ctx, []int64{a.ID})
	if err != nil {
		return p, err
	}
	own, err := f.Store.settingsOf(ctx, a.ID, topics[a.ID])
	if err != nil {
		return p, err
	}
	for _, s := range own { // sections first, the article last
		p.Moderation = cmp.Or(s.Moderation, p.Moderation)
		if s.Days != nil {
			days = time.Duration(*s.Days)
		}
		if s.Slow != nil {
			p.Slow = time.Duration(*s.Slow) * time.Second
		}
	}
	if days > 0 {
		p.Closes = a.VisibleFrom.Add(days * 24 * time.Hour)
	}
	if f.Open {
		p.Moderation, p.Closes, p.Slow, p.Shut = "after", time.Time{}, 0, a.Comments == "hidden"
	}
	return p, nil
}
