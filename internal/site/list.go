package site

import (
	"cmp"
	"net/http"
	"strconv"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/author"
	"dateline/internal/cache"
	"dateline/internal/fault"
	"dateline/internal/theme"
	"dateline/internal/topic"
)

// Lists have pages of this many articles, and this many pages; after that the
// archive leads on.
const (
	perPage  = 20
	maxPages = 50
)

func pagePath(path string, number int) string {
	if number < 2 {
		return path
	}
	return path + "/page/" + strconv.Itoa(number)
}

// list is a section, tag, genre, column or series.
func (s *Site) list(q *request, id int64, path string, number int) (*cache.Page, error) {
	t, err := s.shelf(q, id)
	if err != nil {
		return nil, err
	}
	n := t.Name(q.ed.Lang, q.site.Default().Lang)
	items, more, err := s.items(q, article.ListTopic, id, number, t.Kind == topic.Series)
	if err != nil {
		return nil, err
	}
	q.made.on("topic-list", id)
	if len(items) == 0 {
		if err := s.secret(q, t); err != nil {
			return nil, err
		}
	}
	f, err := s.frame(q, pagePath(path, number), n.Name, s.topicElsewhere(q, t))
	if err != nil {
		return nil, err
	}
	f.Description = n.Description
	q.further(&f, number)
	if q.foreign(t) != "" {
		f.Alternates = nil // the others do not name a shelf without a name here
	}
	for i := range f.Sections {
		f.Sections[i].Current = f.Sections[i].URL == q.url(path)
	}
	f.Feeds = append(q.feeds(path, n.Name), f.Feeds...)
	p := &theme.ListPage{Frame: f, FeedURL: q.url(path + "/feed.xml"), List: string(t.Kind), Heading: n.Name, HeadingLang: q.foreign(t), Description: n.Description, Items: items,
		Pager: s.pager(q, path, number, more)}
	if t.Kind == topic.Series { // read from its first part on
		p.Pager.Oldest = true
		for i := range p.Items {
			p.Items[i].Part = (number-1)*perPage + i + 1
		}
	}
	if err := s.aroundTopic(q, p, t); err != nil {
		return nil, err
	}
	if p.MostRead, err = s.mostReadOf(q, 0); err != nil {
		return nil, err
	}
	p.JSONLD = s.listLD(q, &p.Frame, f.Title, p.Crumbs, p.Items)
	p.Social = s.social(q)
	return s.render(q, p, http.StatusOK)
}

// stands is NotFound where a list has no such page in this edition: what thing
// would say, without making the page.
func (s *Site) stands(q *request, t address.Target, number int) error {
	var kind int
	var err error
	switch t.Kind {
	case "topic":
		kind = article.ListTopic
		var shelf topic.Topic
		if shelf, err = s.shelf(q, t.ID); err == nil {
			err = s.secret(q, shelf)
		}
	case "author":
		kind = article.ListAuthor
		if _, err = s.contributor(q, t.ID); err == nil {
			_, err = s.authorIn(q, t.ID)
		}
	default:
		err = fault.New(fault.NotFound, "%q is no list", q.path)
	}
	if err == nil && number > 1 {
		_, _, err = s.part(q, kind, t.ID, number, 1, false)
	}
	return err
}

// shelf is a topic that has a name.
func (s *Site) shelf(q *request, id int64) (topic.Topic, error) {
	topics, err := s.topicsByID(q, []int64{id})
	t := topics[id]
	if err == nil && t.Name(q.ed.Lang, q.site.Default().Lang).Name == "" {
		err = fault.New(fault.NotFound, "topic %d has no name", id)
	}
	return t, err
}

// contributor is one that there is, as a list of one.
func (s *Site) contributor(q *request, id int64) (map[int64]author.Contributor, error) {
	people, err := s.people(q, []int64{id})
	if _, ok := people[id]; err == nil && !ok {
		err = fault.New(fault.NotFound, "no contributor %d", id)
	}
	return people, err
}

// secret is NotFound for a tag that no public article carries, in whatever
// edition: its name may tell what a draft is about, so it has no page and no
// feed. A shelf without a name in this edition is there, by its name elsewhere,
// only where articles stand on it. Other shelves may stand empty.
func (s *Site) secret(q *request, t topic.Topic) error {
	_, named := t.Names[q.ed.Lang]
	if named && t.Kind != topic.Tag {
		return nil
	}
	for _, e := range q.site.Editions {
		if !named && e.ID != q.ed.ID {
			continue
		}
		list, _, err := s.Articles.List(q.ctx, article.ListQuery{Edition: e.ID, Kind: article.ListTopic, Ref: t.ID, Now: q.now, Limit: 1})
		if err != nil || len(list) > 0 {
			return err
		}
	}
	return fault.New(fault.NotFound, "no public article stands on shelf %d", t.ID)
}

// part is the beginning of a page of a list. A page beyond the end is not there.
func (s *Site) part(q *request, kind int, ref int64, number, limit int, oldest bool) ([]article.Article, bool, error) {
	list, more, err := s.Articles.List(q.ctx, article.ListQuery{Edition: q.ed.ID, Kind: kind, Ref: ref, Now: q.now,
		Skip: (number - 1) * perPage, Limit: limit, Oldest: oldest})
	if err == nil && len(list) == 0 && number > 1 {
		err = fault.New(fault.NotFound, "the list has no page %d", number)
	}
	return list, more, err
}

// items is a page of a list with all that its cards need.
func (s *Site) items(q *request, kind int, ref int64, number int, oldest bool) ([]theme.Card, bool, error) {
	list, more, err := s.part(q, kind, ref, number, perPage, oldest)
	if err != nil {
		return nil, false, err
	}
	if err := s.tillNext(q, kind, ref); err != nil {
		return nil, false, err
	}
	cards, err := s.cards(q, list)
	return cards, more, err
}

// tillNext notes when the clock alone puts something new into a list.
func (s *Site) tillNext(q *request, kind int, ref int64) error {
	next, err := s.Articles.NextChange(q.ctx, q.ed.ID, kind, ref, q.now)
	q.made.till(next)
	return err
}

func (s *Site) pager(q *request, path string, number int, more bool) theme.Pager {
	p := theme.Pager{Page: number}
	if number > 1 {
		p.Newer = q.url(pagePath(path, number-1))
	}
	switch {
	case more && number < maxPages:
		p.Older = q.url(pagePath(path, number+1))
	case more:
		p.ArchiveURL = q.url("/archive")
	}
	return p
}

// further says of a list's later page, a page of the archive too, which one it
// is. Readers who change the language are led to the list's first page there;
// search engines are told of no versions, since pages of a number hold different
// articles in each edition.
func (q *request) further(f *theme.Frame, number int) {
	if number < 2 {
		return
	}
	l := q.locale()
	f.Title = l.T("list.page", "title", f.Title, "page", number)
	if f.Description != "" {
		f.Description = l.T("pager.page", "page", number) + ". " + f.Description
	}
	f.Alternates = nil
}

// topicElsewhere tells the same shelf's addresses in other editions.
func (s *Site) topicElsewhere(q *request, t topic.Topic) map[int64]string {
	out := map[int64]string{}
	for _, e := range q.site.Editions {
		if n, ok := t.Names[e.Lang]; ok {
			out[e.ID] = topicPath(t.Kind, n.Slug)
		}
	}
	return out
}

// aroundTopic fills what is above and below a shelf, and whose column it is.
func (s *Site) aroundTopic(q *request, p *theme.ListPage, t topic.Topic) error {
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return err
	}
	for _, up := range tree.Ancestors(t.ID) {
		if above, ok := tree.Get(up); ok {
			if l, ok := q.topicLink(above); ok {
				p.Crumbs = append([]theme.Link{l}, p.Crumbs...)
			}
		}
	}
	for _, below := range tree.Children(t.ID) {
		if l, ok := q.topicLink(below); ok && below.Names[q.ed.Lang].Name != "" {
			p.Children = append(p.Children, l)
		}
	}
	if all, ok := shelfPaths[t.Kind]; ok && len(p.Items) > 0 {
		p.Crumbs = append([]theme.Link{{Name: theme.Words(q.locale(), all.word), URL: q.url(all.path)}}, p.Crumbs...)
	}
	p.Author, err = s.owner(q, t)
	return err
}

// owner is whose column a shelf is; nil: nobody's.
func (s *Site) owner(q *request, t topic.Topic) (*theme.Person, error) {
	if t.OwnerID == 0 {
		return nil, nil
	}
	people, err := s.people(q, []int64{t.OwnerID})
	if err != nil {
		return nil, err
	}
	who, ok := people[t.OwnerID]
	if !ok {
		return nil, nil
	}
	pics, err := s.pictures(q, appendID(nil, who.PortraitID))
	if err != nil {
		return nil, err
	}
	d := dressed{people: people, media: pics}
	person := d.person(q, article.Credit{Entity: t.OwnerID, Name: nameIn(who.Names, q)})
	return &person, nil
}

// nameIn is a name in the edition's language, else in the default's, else any.
func nameIn(names map[string]string, q *request) string {
	if n := names[q.ed.Lang]; n != "" {
		return n
	}
	if n := names[q.site.Default().Lang]; n != "" {
		return n
	}
	for _, e := range q.site.Editions {
		if n := names[e.Lang]; n != "" {
			return n
		}
	}
	return ""
}

// author is an author's column: everything they wrote here.
func (s *Site) author(q *request, id int64, path string, number int) (*cache.Page, error) {
	people, err := s.contributor(q, id)
	if err != nil {
		return nil, err
	}
	who := people[id]
	items, more, err := s.items(q, article.ListAuthor, id, number, false)
	if err != nil {
		return nil, err
	}
	q.made.on("author-list", id)
	in, err := s.authorIn(q, id)
	if err != nil {
		return nil, err
	}
	name := nameIn(who.Names, q)
	elsewhere := map[int64]string{}
	for e := range in {
		elsewhere[e] = path
	}
	f, err := s.frame(q, pagePath(path, number), name, elsewhere)
	if err != nil {
		return nil, err
	}
	pics, err := s.pictures(q, appendID(nil, who.PortraitID))
	if err != nil {
		return nil, err
	}
	text := who.Texts[q.ed.Lang]
	f.Description = cmp.Or(text.Bio, text.Role)
	q.further(&f, number)
	d := dressed{people: people, media: pics}
	f.Feeds = append(q.feeds(path, name), f.Feeds...)
	p := &theme.AuthorPage{Frame: f, FeedURL: q.url(path + "/feed.xml"), Person: d.person(q, article.Credit{Entity: id, Name: name}), Bio: text.Bio, Items: items,
		Pager: s.pager(q, path, number, more)}
	p.Person.URL = who.URL
	if p.MostRead, err = s.mostReadOf(q, 0); err != nil {
		return nil, err
	}
	for i := range p.Items {
		if len(p.Items[i].Bylines) == 1 { // whose page it is; several stand as on the article itself
			p.Items[i].Bylines = nil
		}
	}
	tree, err := s.Topics.Tree(q.ctx, q.site.Publication.ID)
	if err != nil {
		return nil, err
	}
	for _, t := range tree.OfKind(topic.Column) {
		if l, ok := q.topicLink(t); ok && t.OwnerID == id {
			p.Columns = append(p.Columns, l)
		}
	}
	p.JSONLD = s.authorLD(q, p, who.URL)
	p.Social = &theme.Social{Type: "profile", Image: s.portraitPicture(q, p.Person)}
	return s.render(q, p, http.StatusOK)
}

// authorIn are the editions that have something by an author, this one among
// them, else NotFound; all of them where none has: a page about a person may
// stand empty.
func (s *Site) authorIn(q *request, id int64) (map[int64]bool, error) {
	in := map[int64]bool{}
	for _, e := range q.site.Editions {
		list, _, err := s.Articles.List(q.ctx, article.ListQuery{Edition: e.ID, Kind: article.ListAuthor, Ref: id, Now: q.now, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			in[e.ID] = true
		}
		next, err := s.Articles.NextChange(q.ctx, e.ID, article.ListAuthor, id, q.now)
		if err != nil {
			return nil, err
		}
		q.made.till(next)
	}
	if len(in) == 0 {
		for _, e := range q.site.Editions {
			in[e.ID] = true
		}
	}
	if !in[q.ed.ID] {
		return nil, fault.New(fault.NotFound, "contributor %d wrote in other editions only", id)
	}
	return in, nil
}
