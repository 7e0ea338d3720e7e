package site

import (
	"net/http"
	"slices"
	"time"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/theme"
)

const (
	frontSeconds = 3
	frontLatest  = 9
	frontBlocks  = 6
	frontBlock   = 4
	frontColumns = 4
	frontNew     = time.Hour // for which a headline counts as new
)

// front is an edition's front page: what the editors hold at the top, then
// the newest, then the sections with their own newest. What stands above is
// not shown again below.
func (s *Site) front(q *request) (*cache.Page, error) {
	f, err := s.frame(q, "/", "", same(q.site, "/"))
	if err != nil {
		return nil, err
	}
	f.Description = q.ed.Tagline
	if f.JSONLD, err = s.newsroomLD(q, &f); err != nil {
		return nil, err
	}
	f.Social = s.social(q)
	p := &theme.FrontPage{Frame: f}
	q.made.on("front", q.ed.ID)
	newest, more, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: article.ListEdition, Now: q.now, Limit: 24})
	if err != nil {
		return nil, err
	}
	held, _, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: article.ListSticky, Now: q.now, Limit: frontSeconds + 2})
	if err != nil {
		return nil, err
	}
	if err := s.tillNext(q, article.ListEdition, 0); err != nil {
		return nil, err
	}
	top, feature := topOf(held, newest)
	shown := map[int64]bool{}
	for _, a := range top {
		shown[a.ID] = true
	}
	cards, err := s.cards(q, top)
	if err != nil {
		return nil, err
	}
	if len(cards) > 0 {
		p.Lead, p.Seconds = &cards[0], cards[1:]
	}
	for _, a := range newest[:min(len(newest), frontLatest)] {
		q.made.on("article", a.ID)
		line := theme.Line{Time: q.shortDay(a), Headline: a.Headline, URL: q.url(a.Path)}
		if old := a.VisibleFrom.Add(frontNew); q.now.Before(old) {
			line.New = true
			q.made.till(old)
		}
		p.Latest = append(p.Latest, line)
	}
	if len(newest) > 0 && (more || len(newest) > frontLatest) && sameDay(newest[0].VisibleFrom.In(q.zone()), q.now.In(q.zone())) {
		p.LatestURL = q.url(dayPath(newest[0].Day))
	}
	if err := s.frontFeature(q, p, append(feature, newest...), shown); err != nil {
		return nil, err
	}
	if err := s.frontColumns(q, p, shown); err != nil {
		return nil, err
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

// topOf chooses the lead and those beside it: what the editors hold, the newest
// of it in front, then the newest of all, led by one with a picture if there is one
// among them. Of what is held behind the lead a long read is given apart: its
// place is the dark band, not a narrow column.
func topOf(held, newest []article.Article) (top, feature []article.Article) {
	for _, a := range held {
		if len(top) > 0 && len(feature) == 0 && isLongRead(a) {
			feature = append(feature, a)
		} else if len(top) <= frontSeconds {
			top = append(top, a)
		}
	}
	if len(top) == 0 {
		for i, a := range newest[:min(len(newest), frontSeconds+1)] {
			if a.LeadID != 0 {
				top = append(top, newest[i])
				break
			}
		}
	}
	there := func(list []article.Article, id int64) bool {
		return slices.ContainsFunc(list, func(a article.Article) bool { return a.ID == id })
	}
	for _, a := range newest {
		if len(top) > frontSeconds {
			break
		}
		if !there(top, a.ID) && !there(feature, a.ID) {
			top = append(top, a)
		}
	}
	return top, feature
}

// longRead is how many words make an article the long read of the front: what
// takes 1,200 words in English takes 1,000 in Russian or Kazakh.
const longRead = 1000

func isLongRead(a article.Article) bool { return a.Words >= longRead && a.LeadID != 0 }

// frontFeature is the first long read with a picture that is not shown above.
func (s *Site) frontFeature(q *request, p *theme.FrontPage, list []article.Article, shown map[int64]bool) error {
	for _, a := range list {
		if !isLongRead(a) || shown[a.ID] {
			continue
		}
		cards, err := s.cards(q, []article.Article{a})
		if err != nil {
			return err
		}
		shown[a.ID] = true
		p.Feature = &cards[0]
		return nil
	}
	return nil
}

// frontColumns is the strip of columnists: the newest piece of each column,
// those that were written last.
func (s *Site) frontColumns(q *request, p *theme.FrontPage, shown map[int64]bool) error {
	all, ids, err := s.columns(q)
	if err != nil || len(all) == 0 {
		return err
	}
	p.Columns = all[:min(len(all), frontColumns)]
	for i := range p.Columns {
		shown[ids[i]] = true
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
