package site

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

// shelfPaths are the lists of all shelves of a kind: where they stand in an
// edition and what they are called.
var shelfPaths = map[topic.Kind]struct{ path, word string }{
	topic.Column: {"columns", "nav.columns"},
	topic.Series: {"series", "nav.series"},
}

// shelfKind is the kind that the list at a path lists.
func shelfKind(path string) (topic.Kind, bool) {
	for kind, p := range shelfPaths {
		if p.path == path {
			return kind, true
		}
	}
	return "", false
}

// shelfList is the list of an edition's columns or of its series, those first in
// which something was published last. Empty ones are not in it, and where all
// are there is no such page.
func (s *Site) shelfList(q *request, kind topic.Kind, number int) (*cache.Page, error) {
	l, at := q.locale(), shelfPaths[kind]
	list, err := s.filled(q, kind)
	if err != nil {
		return nil, err
	}
	from := min((number-1)*perPage, len(list))
	shown := list[from:min(from+perPage, len(list))]
	if len(shown) == 0 {
		return nil, fault.New(fault.NotFound, "no %s has articles on page %d of the list", kind, number)
	}
	elsewhere := map[int64]string{}
	for _, e := range q.site.Editions {
		if number > 1 || e.ID == q.ed.ID {
			continue
		}
		if ok, err := s.hasShelves(q, e, kind); err != nil {
			return nil, err
		} else if ok {
			elsewhere[e.ID] = at.path
		}
	}
	title := l.T(at.word)
	f, err := s.frame(q, pagePath(at.path, number), title, elsewhere)
	if err != nil {
		return nil, err
	}
	p := &theme.ShelvesPage{Frame: f, List: string(kind), Heading: title, Pager: s.pager(q, at.path, number, from+perPage < len(list))}
	p.Pager.Ranked = true
	for _, t := range shown {
		x, err := s.entry(q, t)
		if err != nil {
			return nil, err
		}
		p.Shelves = append(p.Shelves, x)
	}
	var items []theme.Card
	for _, x := range p.Shelves {
		items = append(items, theme.Card{Headline: x.Name, URL: x.URL})
	}
	p.JSONLD = s.listLD(q, &p.Frame, title, nil, items)
	p.Social = s.social(q)
	return s.render(q, p, http.StatusOK)
}

// filled are the shelves of a kind on which articles of the edition stand.
func (s *Site) filled(q *request, kind topic.Kind) ([]topic.Topic, error) {
	q.made.on("list", q.ed.ID) // whatever is published may be the first, or the newest, of one
	q.made.of("topics")
	if err := s.tillNext(q, article.ListEdition, 0); err != nil {
		return nil, err
	}
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return nil, err
	}
	all := tree.OfKind(kind)
	ids := make([]int64, len(all))
	for i, t := range all {
		ids[i] = t.ID
	}
	newest, err := s.Articles.Newest(q.ctx, q.ed.ID, article.ListTopic, ids, q.now)
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(slices.Clone(all), func(t topic.Topic) bool { return newest[t.ID].IsZero() })
	slices.SortStableFunc(list, func(a, b topic.Topic) int {
		return cmp.Or(newest[b.ID].Compare(newest[a.ID]), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// entry is a series with its first part and its newest one, or a column with its
// newest piece.
func (s *Site) entry(q *request, t topic.Topic) (theme.Shelf, error) {
	l, _ := q.topicLink(t)
	x := theme.Shelf{Name: l.Name, URL: l.URL, Lang: l.Lang, Description: t.Name(q.ed.Lang, q.site.Default().Lang).Description}
	list := article.ListQuery{Edition: q.ed.ID, Kind: article.ListTopic, Ref: t.ID, Now: q.now, Limit: 1}
	found, _, err := s.Articles.List(q.ctx, list)
	if err != nil {
		return x, err
	}
	if x.Count, err = s.Articles.Count(q.ctx, list, mostParts); err != nil {
		return x, err
	}
	if t.Kind == topic.Series {
		list.Oldest = true
		first, _, err := s.Articles.List(q.ctx, list)
		if err != nil {
			return x, err
		}
		found = append(first, found...)
	}
	cards, err := s.cards(q, found)
	if err != nil {
		return x, err
	}
	for i := range cards {
		switch {
		case t.Kind == topic.Series && i == 0:
			cards[i].Part = 1
			x.First, x.Picture = &cards[i], cards[i].Picture
		case t.Kind == topic.Series && found[i].ID == found[0].ID: // it has one part so far
		default:
			if t.Kind == topic.Series {
				cards[i].Part = x.Count
			}
			x.Newest = &cards[i]
		}
	}
	x.Author, err = s.owner(q, t)
	if x.Author == nil && x.Newest != nil && t.Kind == topic.Column && len(x.Newest.Bylines) > 0 {
		x.Author = &x.Newest.Bylines[0]
	}
	return x, err
}

// hasShelves tells whether an edition has anything on a shelf of a kind. Every
// page asks, for its foot; so it asks for one shelf after another, the first of
// which mostly has something, and what it answers is as good as that shelf's
// oldest article: what is published later changes nothing.
func (s *Site) hasShelves(q *request, e edition.Edition, kind topic.Kind) (bool, error) {
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return false, err
	}
	for _, t := range tree.OfKind(kind) {
		list := article.ListQuery{Edition: e.ID, Kind: article.ListTopic, Ref: t.ID, Now: q.now}
		oldest, err := s.Articles.Oldest(q.ctx, list)
		if err != nil {
			return false, err
		}
		if !oldest.IsZero() {
			q.made.within("topic-list", t.ID, time.Time{}, oldest)
			return true, nil
		}
		q.made.on("topic-list", t.ID)
		next, err := s.Articles.NextChange(q.ctx, e.ID, article.ListTopic, t.ID, q.now)
		if err != nil {
			return false, err
		}
		q.made.till(next)
	}
	return false, nil
}

// shelfURL is the address of the list of all shelves of a kind, "" where there
// is nothing to list.
func (s *Site) shelfURL(q *request, kind topic.Kind) (string, error) {
	ok, err := s.hasShelves(q, q.ed, kind)
	if err != nil || !ok {
		return "", err
	}
	return q.url(shelfPaths[kind].path), nil
}
