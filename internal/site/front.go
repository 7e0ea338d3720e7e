package site

import (
	"context"
	"net/http"
	"slices"
	"time"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/front"
	"dateline/internal/theme"
)

const (
	frontLatest  = 9
	frontNewest  = 24 // are looked at to fill the page
	frontHeld    = 5
	frontBlocks  = 6
	frontBlock   = 4
	frontColumns = 4
	frontNew     = time.Hour // for which a headline counts as new
)

// front is an edition's front page: what the editors have placed and what their
// rules put beside it, then the newest, then the sections with their own newest.
// What stands above is not shown again below.
func (s *Site) front(q *request) (*cache.Page, error) {
	f, err := s.frame(q, "/", "", same(q.site, "/"))
	if err != nil {
		return nil, err
	}
	f.Description = q.ed.Tagline
	if q.rehearsal {
		f.Robots = "noindex"
	}
	if f.JSONLD, err = s.newsroomLD(q, &f); err != nil {
		return nil, err
	}
	f.Social = s.social(q)
	p := &theme.FrontPage{Frame: f}
	q.made.on("front", q.ed.ID)
	newest, more, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: article.ListEdition, Now: q.now, Limit: frontNewest})
	if err != nil {
		return nil, err
	}
	if newest, err = q.asThen(newest); err != nil {
		return nil, err
	}
	if err := s.tillNext(q, article.ListEdition, 0); err != nil {
		return nil, err
	}
	placed, arranged, err := s.placed(q, newest)
	if err != nil {
		return nil, err
	}
	shown := map[int64]bool{}
	if err := s.frontPlaces(q, p, placed, shown); err != nil {
		return nil, err
	}
	if err := s.frontColumns(q, p, shown, arranged); err != nil {
		return nil, err
	}
	latest := newest
	if arranged { // nothing stands twice; a page that nobody has arranged has its newest in the list, too
		latest = slices.DeleteFunc(slices.Clone(newest), func(a article.Article) bool { return shown[a.ID] })
	}
	for _, a := range latest[:min(len(latest), frontLatest)] {
		q.made.on("article", a.ID)
		line := theme.Line{Time: q.shortDay(a), Headline: a.Headline, URL: q.url(a.Path)}
		if old := a.VisibleFrom.Add(frontNew); q.now.Before(old) {
			line.New = true
			q.made.till(old)
		}
		p.Latest = append(p.Latest, line)
		shown[a.ID] = shown[a.ID] || arranged
	}
	if len(newest) > 0 && (more || len(newest) > frontLatest) && sameDay(newest[0].VisibleFrom.In(q.zone()), q.now.In(q.zone())) {
		p.LatestURL = q.url(dayPath(newest[0].Day))
	}
	if err := s.frontBlocks(q, p, shown); err != nil {
		return nil, err
	}
	if p.MostRead, err = s.mostReadOf(q, 0); err != nil {
		return nil, err
	}
	today := q.now.In(q.zone())
	y, m, d := today.Date()
	if p.Calendar, err = s.calendar(q, y, m, y*10000+int(m)*100+d); err != nil {
		return nil, err
	}
	return s.render(q, p, http.StatusOK)
}

// arrangement is how the edition's front page is arranged, read once for a page.
func (s *Site) arrangement(q *request) (front.Arrangement, error) {
	if q.arranged == nil {
		v, err := s.Front.Now(q.ctx, q.ed.ID)
		if err != nil {
			return front.Arrangement{}, err
		}
		q.arranged = &v.Arrangement
	}
	return *q.arranged, nil
}

// placed is what stands in the places of the front page, and whether editors have
// decided anything about them.
func (s *Site) placed(q *request, newest []article.Article) ([]front.Placed, bool, error) {
	q.made.of(front.SlotsTag(q.ed.ID))
	a, err := s.arrangement(q)
	if err != nil {
		return nil, false, err
	}
	ids, next := a.Pinned(q.now)
	q.made.till(next)
	c := front.Candidates{Newest: newest, Of: func(topic int64, free func(article.Article) bool) (article.Article, bool, error) {
		return s.newestOf(q, topic, free)
	}}
	if c.Pinned, err = s.publicOf(q, ids); err != nil {
		return nil, false, err
	}
	c.Held, _, err = s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: article.ListSticky, Now: q.now, Limit: frontHeld + len(c.Pinned)})
	if err != nil {
		return nil, false, err
	}
	if slices.ContainsFunc(a.Slots[:], func(x front.Slot) bool { return x.Rule == front.Read }) {
		r, err := s.ranked(q.ctx, q.ed.ID, q.now)
		if err != nil {
			return nil, false, err
		}
		q.made.on("most", q.ed.ID)
		if c.Read, err = s.publicOf(q, r.ids); err != nil {
			return nil, false, err
		}
	}
	list, err := a.Fill(q.now, c)
	return list, a.Arranged(), err
}

// publicOf are those of the articles that readers of this edition may see, noted
// with the instant at which the clock shows another one.
func (s *Site) publicOf(q *request, ids []int64) ([]article.Article, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	for _, id := range ids {
		q.made.on("article", id)
	}
	next, err := s.Articles.NextOf(q.ctx, ids, q.now)
	if err != nil {
		return nil, err
	}
	q.made.till(next)
	list, err := s.Articles.PublicByIDs(q.ctx, ids, q.now)
	return slices.DeleteFunc(list, func(a article.Article) bool { return a.Edition != q.ed.ID }), err
}

// newestOf is the newest article of a topic that is free to stand somewhere.
func (s *Site) newestOf(q *request, topic int64, free func(article.Article) bool) (article.Article, bool, error) {
	q.made.on("topic-list", topic)
	if err := s.tillNext(q, article.ListTopic, topic); err != nil {
		return article.Article{}, false, err
	}
	list, _, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: article.ListTopic, Ref: topic, Now: q.now, Limit: len(front.Places())})
	if err != nil {
		return article.Article{}, false, err
	}
	if at := slices.IndexFunc(list, free); at >= 0 {
		return list[at], true, nil
	}
	return article.Article{}, false, nil
}

// frontPlaces makes the cards of what stands in the places.
func (s *Site) frontPlaces(q *request, p *theme.FrontPage, placed []front.Placed, shown map[int64]bool) error {
	list := make([]article.Article, len(placed))
	for i, x := range placed {
		list[i] = x.Article
		shown[x.Article.ID] = true
	}
	cards, err := s.cards(q, list)
	if err != nil {
		return err
	}
	for i, x := range placed {
		switch x.Place {
		case front.Lead:
			p.Lead = &cards[i]
		case front.Feature:
			p.Feature = &cards[i]
		default:
			p.Seconds = append(p.Seconds, cards[i])
		}
	}
	return nil
}

// Placed is what stands in the places of an edition's front page at an instant, for
// the desk.
func (s *Site) Placed(ctx context.Context, edition int64, at time.Time) ([]front.Placed, error) {
	q, err := s.asksOf(ctx, edition, "/", "")
	if err != nil {
		return nil, err
	}
	q.now = at
	newest, _, err := s.Articles.List(ctx, article.ListQuery{Edition: edition, Kind: article.ListEdition, Now: at, Limit: frontNewest})
	if err != nil {
		return nil, err
	}
	list, _, err := s.placed(q, newest)
	return list, err
}

// strip is the breaking line that the editors have set, if it is due and readers may
// see what it is about.
func (s *Site) strip(q *request) (*theme.Strip, error) {
	q.made.of(front.StripTag(q.ed.ID))
	a, err := s.arrangement(q)
	if err != nil || a.Strip == nil {
		return nil, err
	}
	q.made.till(a.Strip.Next(q.now))
	if !a.Strip.At(q.now) {
		return nil, nil
	}
	at := time.UnixMilli(a.Strip.Begins).In(q.zone())
	out := &theme.Strip{Text: a.Strip.Text, Time: theme.Moment{ISO: at.Format(time.RFC3339), Text: q.locale().Time(at)}}
	if a.Strip.Article == 0 {
		return out, nil
	}
	list, err := s.publicOf(q, []int64{a.Strip.Article})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out.URL = q.url(list[0].Path)
	return out, nil
}

// frontColumns is the strip of columnists: the newest piece of each column,
// those that were written last; with once, without those that stand above.
func (s *Site) frontColumns(q *request, p *theme.FrontPage, shown map[int64]bool, once bool) error {
	all, ids, err := s.columns(q)
	if err != nil {
		return err
	}
	for i, c := range all {
		if len(p.Columns) < frontColumns && !(once && shown[ids[i]]) {
			p.Columns = append(p.Columns, c)
			shown[ids[i]] = true
		}
	}
	return nil
}

// frontBlocks are the sections of the menu with their newest.
func (s *Site) frontBlocks(q *request, p *theme.FrontPage, shown map[int64]bool) error {
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return err
	}
	for _, t := range q.blocks(tree) {
		l, ok := q.topicLink(t)
		if !ok || len(p.Blocks) == frontBlocks {
			continue
		}
		q.made.on("topic-list", t.ID)
		q.made.on("topic", t.ID)
		list, _, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: article.ListTopic, Ref: t.ID, Now: q.now,
			Limit: frontBlock + len(shown)})
		if err != nil {
			return err
		}
		var fresh []article.Article
		for _, a := range list {
			if !shown[a.ID] && len(fresh) < frontBlock {
				fresh = append(fresh, a)
				shown[a.ID] = true
			}
		}
		if len(fresh) == 0 {
			continue
		}
		cards, err := s.cards(q, fresh)
		if err != nil {
			return err
		}
		p.Blocks = append(p.Blocks, theme.Block{Title: l.Name, URL: l.URL, Lang: l.Lang, Cards: cards})
	}
	return nil
}
