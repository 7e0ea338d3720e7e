package site

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/lang"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

// fewAuthors are shown with portraits and what they wrote last; more stand
// under the first letters of their names.
const fewAuthors = 24

// mostColumns is how many columns are looked at for their newest pieces.
const mostColumns = 60

// authors is the page of everybody who wrote in an edition, and of its columns.
func (s *Site) authors(q *request) (*cache.Page, error) {
	l := q.locale()
	f, err := s.frame(q, "/authors", l.T("authors.title"), same(q.site, "/authors"))
	if err != nil {
		return nil, err
	}
	f.JSONLD = s.listLD(q, &f, l.T("authors.title"), nil, nil)
	f.Social = s.social(q)
	p := &theme.AuthorsPage{Frame: f, Heading: l.T("authors.title")}
	q.made.on("list", q.ed.ID) // whoever publishes something may be new here
	if err := s.tillNext(q, article.ListEdition, 0); err != nil {
		return nil, err
	}
	columns, _, err := s.columns(q)
	if err != nil {
		return nil, err
	}
	for i := range columns { // they stand among the authors below, with their links
		columns[i].Author.URL = ""
	}
	p.Columns = columns
	ids, err := s.Articles.Shelves(q.ctx, q.ed.ID, article.ListAuthor, q.now)
	if err != nil {
		return nil, err
	}
	people, err := s.people(q, ids)
	if err != nil {
		return nil, err
	}
	type named struct {
		id        int64
		name, key string
	}
	var list []named
	for id, who := range people {
		if name := nameIn(who.Names, q); name != "" {
			list = append(list, named{id, name, l.SortKey(name)})
		}
	}
	slices.SortFunc(list, func(a, b named) int {
		return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.id, b.id))
	})
	d := dressed{people: people}
	if len(list) > fewAuthors {
		for _, x := range list {
			letter := firstLetter(l, x.name)
			if n := len(p.Letters); n == 0 || p.Letters[n-1].Letter != letter {
				p.Letters = append(p.Letters, theme.LetterGroup{Letter: letter})
			}
			g := &p.Letters[len(p.Letters)-1]
			g.Authors = append(g.Authors, d.person(q, article.Credit{Entity: x.id, Name: x.name}))
		}
		return s.render(q, p, http.StatusOK)
	}
	var pics []int64
	for _, x := range list {
		pics = appendID(pics, people[x.id].PortraitID)
	}
	if d.media, err = s.pictures(q, pics); err != nil {
		return nil, err
	}
	for _, x := range list {
		newest, _, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: article.ListAuthor, Ref: x.id, Now: q.now, Limit: 1})
		if err != nil {
			return nil, err
		}
		c := theme.ColumnCard{Author: d.person(q, article.Credit{Entity: x.id, Name: x.name})}
		for _, a := range newest {
			q.made.on("article", a.ID)
			c.Headline, c.URL, c.Time = a.Headline, q.url(a.Path), q.day(a)
		}
		p.Authors = append(p.Authors, c)
	}
	return s.render(q, p, http.StatusOK)
}

// firstLetter is the letter under which a name stands: Ё with Е, as the names
// are ordered.
func firstLetter(l *lang.Locale, name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	first := l.Title(string(r))
	if first == "Ё" {
		return "Е"
	}
	return first
}

// columns are an edition's columns with the newest piece of each, the last to
// be written first, and the ids of these pieces.
func (s *Site) columns(q *request) ([]theme.ColumnCard, []int64, error) {
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return nil, nil, err
	}
	var list []article.Article
	of := map[int64]topic.Topic{}
	for i, t := range tree.OfKind(topic.Column) {
		if i == mostColumns {
			break
		}
		q.made.on("topic-list", t.ID)
		q.made.on("topic", t.ID)
		one, _, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: article.ListTopic, Ref: t.ID, Now: q.now, Limit: 1})
		if err != nil {
			return nil, nil, err
		}
		for _, a := range one {
			of[a.ID] = t
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b article.Article) int { return b.VisibleFrom.Compare(a.VisibleFrom) })
	if list, err = q.asThen(list); err != nil {
		return nil, nil, err
	}
	d, err := s.dress(q, list)
	if err != nil {
		return nil, nil, err
	}
	var out []theme.ColumnCard
	var ids []int64
	for _, a := range list {
		c := theme.ColumnCard{Headline: a.Headline, URL: q.url(a.Path), Teaser: a.Teaser, Time: q.day(a)}
		c.Column, _ = q.topicLink(of[a.ID])
		if by := d.bylines(q, a); len(by) > 0 {
			c.Author = by[0]
		} else {
			c.Author = theme.Person{Name: c.Column.Name, URL: c.Column.URL}
			c.Column = theme.Link{}
		}
		out, ids = append(out, c), append(ids, a.ID)
	}
	return out, ids, nil
}
