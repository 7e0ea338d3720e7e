package site

import (
	"time"

	"dateline/internal/article"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

// mostParts is how many parts of a series are counted; in a longer one only
// the neighbours are told.
const mostParts = 200

// around tells where an article stands: its part of a series with the parts
// beside it, else the articles before and after it in its column or section.
func (s *Site) around(q *request, p *theme.ArticlePage, a article.Article, all []topic.Topic) error {
	shelf := a.ColumnID
	if shelf == 0 {
		shelf = a.SectionID
	}
	for _, t := range all {
		if t.Kind == topic.Series {
			shelf = t.ID
			p.Part = &theme.Part{}
			break
		}
	}
	if shelf == 0 {
		return nil
	}
	list := article.ListQuery{Edition: q.ed.ID, Kind: article.ListTopic, Ref: shelf, Now: q.now}
	if err := s.tillNext(q, article.ListTopic, shelf); err != nil {
		return err
	}
	earlier, later, err := s.Articles.Beside(q.ctx, list, a)
	if err != nil {
		return err
	}
	ids := appendID(nil, earlier, later)
	for _, id := range ids {
		q.made.on("article", id)
	}
	found, err := s.Articles.PublicByIDs(q.ctx, ids, q.now)
	if err != nil {
		return err
	}
	var from, to time.Time
	for _, x := range found {
		if x.ID == earlier {
			from = x.VisibleFrom
		} else {
			to = x.VisibleFrom
		}
	}
	if p.Part != nil { // which counts the whole series
		from, to = time.Time{}, time.Time{}
	}
	q.made.within("topic-list", shelf, from, to)
	for _, x := range found {
		l := &theme.Link{Name: x.Headline, URL: q.url(x.Path)}
		switch {
		case p.Part != nil && x.ID == earlier:
			p.Part.Before = l
		case p.Part != nil:
			p.Part.After = l
		case x.ID == earlier:
			p.Earlier = l
		default:
			p.Later = l
		}
	}
	if p.Part != nil {
		p.Part.N, p.Part.Of, err = s.Articles.Part(q.ctx, list, a, mostParts)
	}
	return err
}

// insteadShown is how many articles are offered instead of what is not there.
const insteadShown = 3

// instead offers the newest of a section, or of the edition where there are
// none, to those who did not find what they came for.
func (s *Site) instead(q *request, section int64) (*theme.Block, error) {
	b := &theme.Block{Title: theme.Words(q.locale(), "front.latest"), URL: q.url("/")}
	list := article.ListQuery{Edition: q.ed.ID, Kind: article.ListEdition, Now: q.now, Limit: insteadShown}
	if section != 0 {
		topics, err := s.topicsByID(q, []int64{section})
		if err != nil {
			return nil, err
		}
		l, ok := q.topicLink(topics[section])
		if !ok {
			return s.instead(q, 0)
		}
		b.Title, b.URL, b.Lang = l.Name, l.URL, l.Lang
		list.Kind, list.Ref = article.ListTopic, section
		q.made.on("topic-list", section)
	} else {
		q.made.on("front", q.ed.ID)
	}
	if err := s.tillNext(q, list.Kind, list.Ref); err != nil {
		return nil, err
	}
	found, _, err := s.Articles.List(q.ctx, list)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 && section != 0 {
		return s.instead(q, 0)
	}
	b.Cards, err = s.cards(q, found)
	return b, err
}

// oldYears is how many whole years have passed since an article was published,
// and when the next will have.
func oldYears(at, now time.Time) (n int, next time.Time) {
	n = max(now.Year()-at.Year(), 0)
	if n > 0 && at.AddDate(n, 0, 0).After(now) {
		n--
	}
	return n, at.AddDate(n+1, 0, 0)
}
