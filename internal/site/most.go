package site

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"dateline/internal/theme"
	"dateline/internal/views"
)

// mostShown is how many "most read" shows.
const mostShown = 5

// mostRead holds the ranking of each edition: the same for every page until
// it is looked at again, so that pages agree with each other and a page is
// made anew only when the ranking has changed.
type mostRead struct {
	mu   sync.Mutex
	held map[int64]ranking
}

type ranking struct {
	ids    []int64
	window views.Window
}

// ranked gives an edition's ranking.
func (s *Site) ranked(ctx context.Context, edition int64, now time.Time) (ranking, error) {
	s.most.mu.Lock()
	defer s.most.mu.Unlock()
	if r, ok := s.most.held[edition]; ok {
		return r, nil
	}
	ids, window, err := s.Views.MostRead(ctx, edition, now, mostShown)
	if err != nil {
		return ranking{}, err
	}
	if s.most.held == nil {
		s.most.held = map[int64]ranking{}
	}
	s.most.held[edition] = ranking{ids, window}
	return s.most.held[edition], nil
}

// Rank looks at the counters again and has pages made anew where the ranking
// changed. The application calls it every minute.
func (s *Site) Rank(ctx context.Context) error {
	site, err := s.Editions.Site(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	for _, e := range site.Editions {
		ids, window, err := s.Views.MostRead(ctx, e.ID, now, mostShown)
		if err != nil {
			return err
		}
		s.most.mu.Lock()
		old, had := s.most.held[e.ID]
		if s.most.held == nil {
			s.most.held = map[int64]ranking{}
		}
		s.most.held[e.ID] = ranking{ids, window}
		s.most.mu.Unlock()
		if had && (old.window != window || !slices.Equal(old.ids, ids)) {
			s.Cache.Purge("most:" + strconv.FormatInt(e.ID, 10))
		}
	}
	return nil
}

// mostReadOf is the ranking as a page shows it, without one article.
func (s *Site) mostReadOf(q *request, without int64) (*theme.MostRead, error) {
	r, err := s.ranked(q.ctx, q.ed.ID, q.now)
	if err != nil {
		return nil, err
	}
	q.made.on("most", q.ed.ID)
	for _, id := range r.ids { // also those not visible now: a change brings them back
		q.made.on("article", id)
	}
	list, err := s.Articles.PublicByIDs(q.ctx, r.ids, q.now)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if list, err = q.asThen(list); err != nil {
		return nil, err
	}
	out := &theme.MostRead{Window: theme.Words(q.locale(), "mostread."+string(r.window))}
	for _, a := range list {
		if a.ID != without {
			out.Items = append(out.Items, theme.Card{URL: q.url(a.Path), Headline: a.Headline, Views: q.views(a)})
		}
	}
	return out, nil
}
